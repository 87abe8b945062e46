package store

import (
	"database/sql"

	"reprise/internal/takedown"
)

type observationRow struct {
	ID         string       `db:"id"`
	CaseID     string       `db:"case_id"`
	ItemID     string       `db:"item_id"`
	At         sql.NullTime `db:"seen_at"`
	Saw        string       `db:"saw"`
	Status     int          `db:"status"`
	Failure    string       `db:"failure"`
	Says       string       `db:"says"`
	MediaFound int          `db:"media_found"`
	MediaRead  int          `db:"media_read"`
	Distance   int          `db:"distance"`

	VideosFound  int    `db:"videos_found"`
	VideosRead   int    `db:"videos_read"`
	VideoTrouble string `db:"video_trouble"`
}

// AddObservation keeps what one look showed.
func (t *Tx) AddObservation(o takedown.Observation) error {
	return t.exec(`INSERT INTO observations (id, case_id, item_id, seen_at, saw, status, failure, says, media_found, media_read, distance,
			videos_found, videos_read, video_trouble)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		o.ID, o.CaseID, o.ItemID, when(o.At), string(o.Saw), o.Status, string(o.Failure), o.Says, o.MediaFound, o.MediaRead, o.Distance,
		o.VideosFound, o.VideosRead, string(o.VideoTrouble))
}

const observationColumns = `id, case_id, item_id, seen_at, saw, status, failure, says, media_found, media_read, distance,
	videos_found, videos_read, video_trouble`

func (r observationRow) observation() takedown.Observation {
	return takedown.Observation{
		ID: r.ID, CaseID: r.CaseID, ItemID: r.ItemID, At: at(r.At), Saw: takedown.Sighting(r.Saw),
		Status: r.Status, Failure: takedown.Failure(r.Failure), Says: r.Says,
		MediaFound: r.MediaFound, MediaRead: r.MediaRead, Distance: r.Distance,
		VideosFound: r.VideosFound, VideosRead: r.VideosRead, VideoTrouble: takedown.VideoTrouble(r.VideoTrouble),
	}
}

// ObservationsOfItem lists the looks at an item, oldest first.
func (t *Tx) ObservationsOfItem(itemID string) ([]takedown.Observation, error) {
	return t.observations(`SELECT `+observationColumns+` FROM observations WHERE item_id = ? ORDER BY seen_at, id`, itemID)
}

// ObservationsOfCase lists the looks at all items of a case, oldest first.
func (t *Tx) ObservationsOfCase(caseID string) ([]takedown.Observation, error) {
	return t.observations(`SELECT `+observationColumns+` FROM observations WHERE case_id = ? ORDER BY seen_at, id`, caseID)
}

func (t *Tx) observations(query string, args ...any) ([]takedown.Observation, error) {
	var rows []observationRow
	err := t.list(&rows, query, args...)
	return mapped(rows, observationRow.observation), err
}
