package store

import (
	"database/sql"
	"errors"
	"time"

	"reprise/internal/takedown"
)

type matchRow struct {
	ID           string       `db:"id"`
	CaseID       string       `db:"case_id"`
	ItemID       string       `db:"item_id"`
	ReferenceID  string       `db:"reference_id"`
	Media        []byte       `db:"media_sealed"`
	Found        []byte       `db:"found_sealed"`
	Kind         string       `db:"kind"`
	Distance     int          `db:"distance"`
	Variant      string       `db:"variant"`
	Inverted     bool         `db:"inverted"`
	Points       int          `db:"points"`
	Angle        int          `db:"angle"`
	Share        int          `db:"share"`
	ReferenceBox string       `db:"reference_box"`
	FoundBox     string       `db:"found_box"`
	SpanFrom     int          `db:"span_from"`
	SpanTo       int          `db:"span_to"`
	Verdict      string       `db:"verdict"`
	State        string       `db:"state"`
	NegativeID   string       `db:"negative_id"`
	FloodID      string       `db:"flood_id"`
	DecidedBy    string       `db:"decided_by"`
	DecidedAt    sql.NullTime `db:"decided_at"`
	SeenAt       sql.NullTime `db:"seen_at"`
}

const matchColumns = `id, case_id, item_id, reference_id, media_sealed, found_sealed, kind, distance, variant, inverted, points, angle, share,
	reference_box, found_box, span_from, span_to, verdict, state, negative_id, flood_id, decided_by, decided_at, seen_at`

// AddMatch keeps a media file seen near a reference. One seen before keeps what
// a person decided about it.
func (t *Tx) AddMatch(m takedown.Match) error {
	s := t.sealer("matches", m.ID)
	return t.exec(`INSERT INTO matches (id, case_id, item_id, reference_id, media_index, media_sealed, found_index, found_sealed, kind,
		distance, variant, inverted, points, angle, share, reference_box, found_box, span_from, span_to, verdict, state, negative_id, flood_id, decided_by, seen_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (item_id, reference_id, media_index) DO NOTHING`,
		m.ID, m.CaseID, m.ItemID, m.ReferenceID, t.keys.Index("media:"+m.ItemID, []byte(m.Media.Reveal())), s.private("media", m.Media),
		t.foundIndex(m.Found), s.private("found", m.Found), string(m.Kind), m.Distance, m.Variant, m.Inverted, m.Points, m.Angle, m.Share,
		m.ReferenceBox.String(), m.FoundBox.String(), m.Span.From, m.Span.To, string(m.Verdict), string(m.State), m.NegativeID, m.FloodID,
		m.DecidedBy, when(m.SeenAt))
}

// foundIndex finds equal hashes of found files, in whichever case.
func (t *Tx) foundIndex(hash takedown.Private) []byte {
	if hash.Empty() {
		return nil
	}
	return t.keys.Index("found", []byte(hash.Reveal()))
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

// OpenMatches lists every match that nobody has decided about, those held as well.
func (t *Tx) OpenMatches() ([]takedown.Match, error) {
	return t.matches(`SELECT `+matchColumns+` FROM matches WHERE state IN (?, ?) ORDER BY case_id, distance`,
		string(takedown.MatchSuggested), string(takedown.MatchHeld))
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
			Found: s.opened("found", r.Found), Kind: takedown.MatchKind(r.Kind), Distance: r.Distance, Variant: r.Variant,
			Inverted: r.Inverted, Points: r.Points, Angle: r.Angle, Share: r.Share, ReferenceBox: takedown.ReadBox(r.ReferenceBox), FoundBox: takedown.ReadBox(r.FoundBox),
			Span: takedown.Span{From: r.SpanFrom, To: r.SpanTo}, Verdict: takedown.Verdict(r.Verdict), State: takedown.MatchState(r.State),
			NegativeID: r.NegativeID, FloodID: r.FloodID, DecidedBy: r.DecidedBy, DecidedAt: at(r.DecidedAt), SeenAt: at(r.SeenAt),
		})
		errs = errors.Join(errs, s.err)
	}
	return out, t.fail(errs)
}

// SaveMatch keeps a decision on a match that was read in the state was.
func (t *Tx) SaveMatch(m takedown.Match, was takedown.MatchState) error {
	return t.guarded(`UPDATE matches SET state = ?, negative_id = ?, flood_id = ?, decided_by = ?, decided_at = ? WHERE id = ? AND state = ?`,
		string(m.State), m.NegativeID, m.FloodID, m.DecidedBy, when(m.DecidedAt), m.ID, string(was))
}

// MatchesOfFlood lists the matches that a flood holds, or held, back.
func (t *Tx) MatchesOfFlood(id string) ([]takedown.Match, error) {
	return t.matches(`SELECT `+matchColumns+` FROM matches WHERE flood_id = ? ORDER BY seen_at, id`, id)
}

// SuggestedOfReference lists the matches of a reference that were seen after a
// time and wait for a person's word, oldest first. Those held are left out.
func (t *Tx) SuggestedOfReference(referenceID string, after time.Time) ([]takedown.Match, error) {
	return t.matches(`SELECT `+matchColumns+` FROM matches WHERE reference_id = ? AND state = ? AND seen_at > ? ORDER BY seen_at, id`,
		referenceID, string(takedown.MatchSuggested), when(after))
}

// MatchesOfFound lists the matches of found files of one hash, in all cases,
// oldest first.
func (t *Tx) MatchesOfFound(hash takedown.Private) ([]takedown.Match, error) {
	return t.matches(`SELECT `+matchColumns+` FROM matches WHERE found_index = ? ORDER BY seen_at, id`, t.foundIndex(hash))
}
