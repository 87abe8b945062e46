package store

import (
	"database/sql"
	"errors"

	"reprise/internal/takedown"
)

type replyRow struct {
	ID         string       `db:"id"`
	NoticeID   string       `db:"notice_id"`
	CaseID     string       `db:"case_id"`
	From       []byte       `db:"from_sealed"`
	Subject    []byte       `db:"subject_sealed"`
	Text       []byte       `db:"text_sealed"`
	Suggestion string       `db:"suggestion"`
	Reference  string       `db:"reference"`
	State      string       `db:"state"`
	ReceivedAt sql.NullTime `db:"received_at"`
}

const replyColumns = `id, notice_id, case_id, from_sealed, subject_sealed, text_sealed, suggestion, reference, state, received_at`

// AddReply keeps an answer. delivery tells one delivery of a message from
// another message; false means that it came before.
func (t *Tx) AddReply(r takedown.Reply, delivery string) (bool, error) {
	s := t.sealer("replies", r.ID)
	blank := func(column string, p takedown.Private) []byte { return s.always(column, []byte(p.Reveal())) }
	n, err := t.change(`INSERT INTO replies (id, delivery, notice_id, case_id, from_sealed, subject_sealed, text_sealed,
		suggestion, reference, state, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (delivery) DO NOTHING`,
		r.ID, delivery, r.NoticeID, r.CaseID, blank("from", r.From), blank("subject", r.Subject), blank("text", r.Text),
		string(r.Suggestion), r.Reference, string(r.State), when(r.ReceivedAt))
	return n == 1, err
}

// ReplyByID finds an answer.
func (t *Tx) ReplyByID(id string) (takedown.Reply, error) {
	found, err := t.replies(`SELECT `+replyColumns+` FROM replies WHERE id = ?`, id)
	if err == nil && len(found) == 0 {
		return takedown.Reply{}, takedown.ErrNotFound
	}
	if err != nil {
		return takedown.Reply{}, err
	}
	return found[0], nil
}

// RepliesOfCase lists the answers of a case, oldest first.
func (t *Tx) RepliesOfCase(caseID string) ([]takedown.Reply, error) {
	return t.replies(`SELECT `+replyColumns+` FROM replies WHERE case_id = ? ORDER BY received_at, id`, caseID)
}

// NewReplies lists the answers nobody has read, oldest first; those that could
// not be matched to a notice are among them.
func (t *Tx) NewReplies() ([]takedown.Reply, error) {
	return t.replies(`SELECT `+replyColumns+` FROM replies WHERE state = ? ORDER BY received_at, id`, string(takedown.ReplyNew))
}

func (t *Tx) replies(query string, args ...any) ([]takedown.Reply, error) {
	var rows []replyRow
	if err := t.list(&rows, query, args...); err != nil {
		return nil, err
	}
	out := make([]takedown.Reply, 0, len(rows))
	var errs error
	for _, r := range rows {
		s := t.sealer("replies", r.ID)
		out = append(out, takedown.Reply{
			ID: r.ID, NoticeID: r.NoticeID, CaseID: r.CaseID, From: s.opened("from", r.From), Subject: s.opened("subject", r.Subject),
			Text: s.opened("text", r.Text), Suggestion: takedown.RequestMove(r.Suggestion), Reference: r.Reference,
			State: takedown.ReplyState(r.State), ReceivedAt: at(r.ReceivedAt),
		})
		errs = errors.Join(errs, s.err)
	}
	return out, t.fail(errs)
}

// SaveReply keeps what a person did with an answer that was read in the state was.
func (t *Tx) SaveReply(r takedown.Reply, was takedown.ReplyState) error {
	return t.guarded(`UPDATE replies SET state = ? WHERE id = ? AND state = ?`, string(r.State), r.ID, string(was))
}
