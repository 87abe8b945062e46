package store

import (
	"database/sql"

	"reprise/internal/takedown"
)

type eventRow struct {
	Seq    int64        `db:"seq"`
	At     sql.NullTime `db:"at"`
	Role   string       `db:"role"`
	Actor  string       `db:"actor"`
	Verb   string       `db:"verb"`
	CaseID string       `db:"case_id"`
	ItemID string       `db:"item_id"`
	Detail string       `db:"detail"`
	Prev   []byte       `db:"prev"`
	Hash   []byte       `db:"hash"`
}

func (r eventRow) event() takedown.Event {
	return takedown.Event{
		Seq: r.Seq, At: at(r.At), Role: takedown.Role(r.Role), Actor: r.Actor, Verb: r.Verb,
		CaseID: r.CaseID, ItemID: r.ItemID, Detail: r.Detail, Prev: r.Prev, Hash: r.Hash,
	}
}

// AppendEvent links an event to the chain and writes it. Seq, Prev and Hash are
// filled in here.
func (t *Tx) AppendEvent(e takedown.Event) error {
	if t.head == nil {
		t.head = &eventHead{}
		if err := t.get(t.head, `SELECT seq, hash FROM event_head WHERE id = 1`); err != nil {
			return err
		}
	}
	e.Seq, e.Prev, e.At = t.head.Seq+1, t.head.Hash, takedown.Moment(e.At)
	e.Hash = t.sealLink(e.Link())
	t.head.Seq, t.head.Hash = e.Seq, e.Hash
	return t.exec(`INSERT INTO events (seq, at, role, actor, verb, case_id, item_id, detail, prev, hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.Seq, when(e.At), string(e.Role), e.Actor, e.Verb, e.CaseID, e.ItemID, e.Detail, e.Prev, e.Hash)
}

// sealLink makes the hash of an event: keyed, so that the chain cannot be written
// anew by one who holds the database alone.
func (t *Tx) sealLink(link []byte) []byte { return t.keys.Index("event", link) }

// eventHead is the end of the chain, as this transaction has it.
type eventHead struct {
	Seq  int64  `db:"seq"`
	Hash []byte `db:"hash"`
}

// keepHead writes the end of the chain before the commit.
func (t *Tx) keepHead() error {
	if t.dead != nil || t.head == nil {
		return t.dead
	}
	return t.exec(`UPDATE event_head SET seq = ?, hash = ? WHERE id = 1`, t.head.Seq, t.head.Hash)
}

// LastEvent gives the place and the hash of the last line of the audit.
func (t *Tx) LastEvent() (seq int64, hash []byte, err error) {
	var head eventHead
	err = t.get(&head, `SELECT seq, hash FROM event_head WHERE id = 1`)
	return head.Seq, head.Hash, err
}

// EventsAfter lists at most limit events that follow seq, oldest first.
func (t *Tx) EventsAfter(seq int64, limit int) ([]takedown.Event, error) {
	var rows []eventRow
	err := t.list(&rows, `SELECT seq, at, role, actor, verb, case_id, item_id, detail, prev, hash
		FROM events WHERE seq > ? ORDER BY seq LIMIT ?`, seq, limit)
	return mapped(rows, eventRow.event), err
}

// EventsOfCase lists the events of a case, oldest first.
func (t *Tx) EventsOfCase(caseID string) ([]takedown.Event, error) {
	var rows []eventRow
	err := t.list(&rows, `SELECT seq, at, role, actor, verb, case_id, item_id, detail, prev, hash
		FROM events WHERE case_id = ? ORDER BY seq`, caseID)
	return mapped(rows, eventRow.event), err
}

func mapped[A, B any](in []A, f func(A) B) []B {
	out := make([]B, 0, len(in))
	for _, a := range in {
		out = append(out, f(a))
	}
	return out
}
