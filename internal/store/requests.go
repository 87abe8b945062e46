package store

import (
	"database/sql"
	"time"

	"reprise/internal/takedown"
)

type requestRow struct {
	ID          string       `db:"id"`
	CaseID      string       `db:"case_id"`
	ItemID      string       `db:"item_id"`
	NoticeID    string       `db:"notice_id"`
	RecipientID string       `db:"recipient_id"`
	GroundID    string       `db:"ground_id"`
	ParentID    string       `db:"parent_id"`
	State       string       `db:"state"`
	SentAt      sql.NullTime `db:"sent_at"`
	DueAt       sql.NullTime `db:"due_at"`
	CreatedAt   sql.NullTime `db:"created_at"`
}

const requestColumns = `id, case_id, item_id, notice_id, recipient_id, ground_id, parent_id, state, sent_at, due_at, created_at`

func (r requestRow) request() takedown.Request {
	return takedown.Request{
		ID: r.ID, CaseID: r.CaseID, ItemID: r.ItemID, NoticeID: r.NoticeID, RecipientID: r.RecipientID, GroundID: r.GroundID,
		ParentID: r.ParentID, State: takedown.RequestState(r.State), SentAt: at(r.SentAt), DueAt: at(r.DueAt), CreatedAt: at(r.CreatedAt),
	}
}

// AddRequest keeps a drafted request. false means that this recipient was asked
// for this item before.
func (t *Tx) AddRequest(r takedown.Request) (bool, error) {
	n, err := t.change(`INSERT INTO requests (id, case_id, item_id, notice_id, recipient_id, ground_id, parent_id, state, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (item_id, recipient_id) DO NOTHING`,
		r.ID, r.CaseID, r.ItemID, r.NoticeID, r.RecipientID, r.GroundID, r.ParentID, string(r.State), when(r.CreatedAt))
	return n == 1, err
}

// RequestByID finds a request.
func (t *Tx) RequestByID(id string) (takedown.Request, error) {
	var r requestRow
	err := t.get(&r, `SELECT `+requestColumns+` FROM requests WHERE id = ?`, id)
	return r.request(), err
}

// RequestsOfCase lists the requests of a case, oldest first.
func (t *Tx) RequestsOfCase(caseID string) ([]takedown.Request, error) {
	return t.requests(`SELECT `+requestColumns+` FROM requests WHERE case_id = ? ORDER BY created_at, id`, caseID)
}

// RequestsOfItem lists the requests of an item, oldest first.
func (t *Tx) RequestsOfItem(itemID string) ([]takedown.Request, error) {
	return t.requests(`SELECT `+requestColumns+` FROM requests WHERE item_id = ? ORDER BY created_at, id`, itemID)
}

// RequestsOfNotice lists the requests a notice carries; those of a reminder are
// the ones it reminds of.
func (t *Tx) RequestsOfNotice(noticeID string) ([]takedown.Request, error) {
	return t.requests(`SELECT `+requestColumns+` FROM requests WHERE notice_id = ?
		OR id IN (SELECT request_id FROM reminded WHERE notice_id = ?) ORDER BY created_at, id`, noticeID, noticeID)
}

// RequestsDue lists at most limit requests whose time is over without an end.
func (t *Tx) RequestsDue(now time.Time, limit int) ([]takedown.Request, error) {
	return t.requests(`SELECT `+requestColumns+` FROM requests
		WHERE due_at <= ? AND state IN ('sent', 'acknowledged', 'more_info') AND case_id NOT IN (SELECT id FROM cases WHERE paused_at IS NOT NULL OR leaving_at IS NOT NULL)
		ORDER BY due_at LIMIT ?`, when(now), limit)
}

// ForgetRequest deletes a withdrawn request that never left.
func (t *Tx) ForgetRequest(r takedown.Request) error {
	if err := t.exec(`DELETE FROM reminded WHERE request_id = ?`, r.ID); err != nil {
		return err
	}
	return t.guarded(`DELETE FROM requests WHERE id = ? AND state = 'withdrawn' AND sent_at IS NULL`, r.ID)
}

// RequestsOfOpenItems lists every request of the house's open items.
func (t *Tx) RequestsOfOpenItems() ([]takedown.Request, error) {
	return t.requests(`SELECT ` + requestColumns + ` FROM requests
		WHERE item_id IN (SELECT id FROM items WHERE closed = '') ORDER BY item_id, created_at`)
}

// LastSent gives when the newest notice about an item left, zero for never.
func (t *Tx) LastSent(itemID string) (time.Time, error) {
	rs, err := t.RequestsOfItem(itemID)
	var last time.Time
	for _, r := range rs {
		if r.SentAt.After(last) {
			last = r.SentAt
		}
	}
	return last, err
}

func (t *Tx) requests(query string, args ...any) ([]takedown.Request, error) {
	var rows []requestRow
	err := t.list(&rows, query, args...)
	return mapped(rows, requestRow.request), err
}

// SaveRequest keeps a request that was read in the state was.
func (t *Tx) SaveRequest(r takedown.Request, was takedown.RequestState) error {
	return t.guarded(`UPDATE requests SET state = ?, sent_at = ?, due_at = ? WHERE id = ? AND state = ?`,
		string(r.State), when(r.SentAt), when(r.DueAt), r.ID, string(was))
}

// AddReminded notes that a reminder is about a request.
func (t *Tx) AddReminded(noticeID, requestID string) error {
	return t.exec(`INSERT INTO reminded (notice_id, request_id) VALUES (?, ?)`, noticeID, requestID)
}
