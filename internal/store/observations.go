package store

import (
	"database/sql"
	"errors"

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
}

// AddObservation keeps what one look showed.
func (t *Tx) AddObservation(o takedown.Observation) error {
	return t.exec(`INSERT INTO observations (id, case_id, item_id, seen_at, saw, status, failure, says, media_found, media_read, distance)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		o.ID, o.CaseID, o.ItemID, when(o.At), string(o.Saw), o.Status, string(o.Failure), o.Says, o.MediaFound, o.MediaRead, o.Distance)
}

// ObservationsOfItem lists the looks at an item, oldest first.
func (t *Tx) ObservationsOfItem(itemID string) ([]takedown.Observation, error) {
	var rows []observationRow
	err := t.list(&rows, `SELECT id, case_id, item_id, seen_at, saw, status, failure, says, media_found, media_read, distance
		FROM observations WHERE item_id = ? ORDER BY seen_at, id`, itemID)
	return mapped(rows, func(r observationRow) takedown.Observation {
		return takedown.Observation{
			ID: r.ID, CaseID: r.CaseID, ItemID: r.ItemID, At: at(r.At), Saw: takedown.Sighting(r.Saw),
			Status: r.Status, Failure: takedown.Failure(r.Failure), Says: r.Says,
			MediaFound: r.MediaFound, MediaRead: r.MediaRead, Distance: r.Distance,
		}
	}), err
}

type matchRow struct {
	ID          string       `db:"id"`
	CaseID      string       `db:"case_id"`
	ItemID      string       `db:"item_id"`
	ReferenceID string       `db:"reference_id"`
	Media       []byte       `db:"media_sealed"`
	Distance    int          `db:"distance"`
	Variant     string       `db:"variant"`
	Verdict     string       `db:"verdict"`
	State       string       `db:"state"`
	DecidedBy   string       `db:"decided_by"`
	DecidedAt   sql.NullTime `db:"decided_at"`
	SeenAt      sql.NullTime `db:"seen_at"`
}

const matchColumns = `id, case_id, item_id, reference_id, media_sealed, distance, variant, verdict, state, decided_by, decided_at, seen_at`

// AddMatch keeps a media file seen near a reference. One seen before keeps what
// a person decided about it.
func (t *Tx) AddMatch(m takedown.Match) error {
	s := t.sealer("matches", m.ID)
	return t.exec(`INSERT INTO matches (id, case_id, item_id, reference_id, media_index, media_sealed, distance, variant, verdict, state, decided_by, seen_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (item_id, reference_id, media_index) DO NOTHING`,
		m.ID, m.CaseID, m.ItemID, m.ReferenceID, t.keys.Index("media:"+m.ItemID, []byte(m.Media.Reveal())), s.private("media", m.Media),
		m.Distance, m.Variant, string(m.Verdict), string(m.State), m.DecidedBy, when(m.SeenAt))
}

// MatchByID finds a match.
func (t *Tx) MatchByID(id string) (takedown.Match, error) {
	found, err := t.matches(`SELECT `+matchColumns+` FROM matches WHERE id = ?`, id)
	if err == nil && len(found) == 0 {
		return takedown.Match{}, takedown.ErrNotFound
	}
	if err != nil {
		return takedown.Match{}, err
	}
	return found[0], nil
}

// MatchesOfCase lists the matches of a case, the nearest first.
func (t *Tx) MatchesOfCase(caseID string) ([]takedown.Match, error) {
	return t.matches(`SELECT `+matchColumns+` FROM matches WHERE case_id = ? ORDER BY distance, id`, caseID)
}

// MatchesOfItem lists the matches of an item, the nearest first.
func (t *Tx) MatchesOfItem(itemID string) ([]takedown.Match, error) {
	return t.matches(`SELECT `+matchColumns+` FROM matches WHERE item_id = ? ORDER BY distance, id`, itemID)
}

// OpenMatches lists every match that waits for a person's word.
func (t *Tx) OpenMatches() ([]takedown.Match, error) {
	return t.matches(`SELECT `+matchColumns+` FROM matches WHERE state = ? ORDER BY case_id, distance`, string(takedown.MatchSuggested))
}

func (t *Tx) matches(query string, args ...any) ([]takedown.Match, error) {
	var rows []matchRow
	if err := t.list(&rows, query, args...); err != nil {
		return nil, err
	}
	out := make([]takedown.Match, 0, len(rows))
	var errs error
	for _, r := range rows {
		s := t.sealer("matches", r.ID)
		out = append(out, takedown.Match{
			ID: r.ID, CaseID: r.CaseID, ItemID: r.ItemID, ReferenceID: r.ReferenceID, Media: s.opened("media", r.Media),
			Distance: r.Distance, Variant: r.Variant, Verdict: takedown.Verdict(r.Verdict), State: takedown.MatchState(r.State),
			DecidedBy: r.DecidedBy, DecidedAt: at(r.DecidedAt), SeenAt: at(r.SeenAt),
		})
		errs = errors.Join(errs, s.err)
	}
	return out, t.fail(errs)
}

// SaveMatch keeps a decision on a match that was read in the state was.
func (t *Tx) SaveMatch(m takedown.Match, was takedown.MatchState) error {
	return t.guarded(`UPDATE matches SET state = ?, decided_by = ?, decided_at = ? WHERE id = ? AND state = ?`,
		string(m.State), m.DecidedBy, when(m.DecidedAt), m.ID, string(was))
}
