package store

import (
	"database/sql"
	"errors"
	"time"

	"reprise/internal/takedown"
)

type noticeRow struct {
	ID          string       `db:"id"`
	CaseID      string       `db:"case_id"`
	RecipientID string       `db:"recipient_id"`
	GroundID    string       `db:"ground_id"`
	Kind        string       `db:"kind"`
	ParentID    string       `db:"parent_id"`
	Lang        string       `db:"lang"`
	Channel     string       `db:"channel"`
	State       string       `db:"state"`
	Subject     []byte       `db:"subject_sealed"`
	Body        []byte       `db:"body_sealed"`
	MessageID   string       `db:"message_id"`
	ReplyToken  string       `db:"reply_token"`
	Reference   string       `db:"reference"`
	ApprovedBy  string       `db:"approved_by"`
	ApprovedAt  sql.NullTime `db:"approved_at"`
	BegunAt     sql.NullTime `db:"begun_at"`
	HandedAt    sql.NullTime `db:"handed_at"`
	SentAt      sql.NullTime `db:"sent_at"`
	CreatedAt   sql.NullTime `db:"created_at"`
}

const noticeColumns = `id, case_id, recipient_id, ground_id, kind, parent_id, lang, channel, state, subject_sealed, body_sealed,
	message_id, reply_token, reference, approved_by, approved_at, begun_at, handed_at, sent_at, created_at`

func (t *Tx) noticeOf(r noticeRow) (takedown.Notice, error) {
	s := t.sealer("notices", r.ID)
	n := takedown.Notice{
		ID: r.ID, CaseID: r.CaseID, RecipientID: r.RecipientID, GroundID: r.GroundID,
		Kind: takedown.NoticeKind(r.Kind), ParentID: r.ParentID, Lang: takedown.Lang(r.Lang),
		Channel: takedown.Channel(r.Channel), State: takedown.NoticeState(r.State),
		Subject: s.opened("subject", r.Subject), Body: s.opened("body", r.Body),
		MessageID: r.MessageID, ReplyToken: r.ReplyToken, Reference: r.Reference,
		ApprovedBy: r.ApprovedBy, ApprovedAt: at(r.ApprovedAt), BegunAt: at(r.BegunAt), HandedAt: at(r.HandedAt), SentAt: at(r.SentAt), CreatedAt: at(r.CreatedAt),
	}
	return n, t.fail(s.err)
}

// AddNotice keeps a drafted notice with its exact text.
func (t *Tx) AddNotice(n takedown.Notice) error {
	s := t.sealer("notices", n.ID)
	return t.exec(`INSERT INTO notices (id, case_id, recipient_id, ground_id, kind, parent_id, lang, channel, state,
		subject_sealed, body_sealed, message_id, reply_token, reference, approved_by, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		n.ID, n.CaseID, n.RecipientID, n.GroundID, string(n.Kind), n.ParentID, string(n.Lang), string(n.Channel), string(n.State),
		s.private("subject", n.Subject), s.private("body", n.Body), n.MessageID, n.ReplyToken, n.Reference, n.ApprovedBy, when(n.CreatedAt))
}

// NoticeByID finds a notice.
func (t *Tx) NoticeByID(id string) (takedown.Notice, error) {
	return t.oneNotice(`SELECT `+noticeColumns+` FROM notices WHERE id = ?`, id)
}

// NoticeByReplyToken finds the notice an answer came back to.
func (t *Tx) NoticeByReplyToken(token string) (takedown.Notice, error) {
	return t.oneNotice(`SELECT `+noticeColumns+` FROM notices WHERE reply_token = ?`, token)
}

// NoticeByMessageID finds the notice an answer names in its headers.
func (t *Tx) NoticeByMessageID(id string) (takedown.Notice, error) {
	return t.oneNotice(`SELECT `+noticeColumns+` FROM notices WHERE message_id = ?`, id)
}

func (t *Tx) oneNotice(query string, arg any) (takedown.Notice, error) {
	var r noticeRow
	if err := t.get(&r, query, arg); err != nil {
		return takedown.Notice{}, err
	}
	return t.noticeOf(r)
}

// NoticesOfCase lists the notices of a case, oldest first.
func (t *Tx) NoticesOfCase(caseID string) ([]takedown.Notice, error) {
	return t.notices(`SELECT `+noticeColumns+` FROM notices WHERE case_id = ? ORDER BY created_at, id`, caseID)
}

// NoticesIn lists the notices of the house in a state, oldest first.
func (t *Tx) NoticesIn(state takedown.NoticeState) ([]takedown.Notice, error) {
	return t.notices(`SELECT `+noticeColumns+` FROM notices WHERE state = ? ORDER BY created_at, id`, string(state))
}

// NoticesBegunBefore lists the notices that have been "sending" since before a time.
func (t *Tx) NoticesBegunBefore(limit time.Time) ([]takedown.Notice, error) {
	return t.notices(`SELECT `+noticeColumns+` FROM notices WHERE state = ? AND begun_at < ? ORDER BY begun_at`,
		string(takedown.NoticeSending), when(limit))
}

// UnsentReminders lists the reminders of a request that have not left.
func (t *Tx) UnsentReminders(requestID string) ([]takedown.Notice, error) {
	return t.notices(`SELECT `+noticeColumns+` FROM notices WHERE state IN ('drafted', 'approved')
		AND id IN (SELECT notice_id FROM reminded WHERE request_id = ?) ORDER BY created_at, id`, requestID)
}

func (t *Tx) notices(query string, args ...any) ([]takedown.Notice, error) {
	var rows []noticeRow
	if err := t.list(&rows, query, args...); err != nil {
		return nil, err
	}
	out := make([]takedown.Notice, 0, len(rows))
	var errs error
	for _, r := range rows {
		n, err := t.noticeOf(r)
		errs = errors.Join(errs, err)
		out = append(out, n)
	}
	return out, errs
}

// SaveNotice keeps a notice that was read in the state was.
func (t *Tx) SaveNotice(n takedown.Notice, was takedown.NoticeState) error {
	return t.guarded(`UPDATE notices SET state = ?, reference = ?, approved_by = ?, approved_at = ?, begun_at = ?, handed_at = ?, sent_at = ?
		WHERE id = ? AND state = ?`,
		string(n.State), n.Reference, n.ApprovedBy, when(n.ApprovedAt), when(n.BegunAt), when(n.HandedAt), when(n.SentAt), n.ID, string(was))
}

// SaveNoticeText keeps a new text of a notice that is still drafted.
func (t *Tx) SaveNoticeText(n takedown.Notice) error {
	s := t.sealer("notices", n.ID)
	return t.guarded(`UPDATE notices SET subject_sealed = ?, body_sealed = ? WHERE id = ? AND state = ?`,
		s.private("subject", n.Subject), s.private("body", n.Body), n.ID, string(takedown.NoticeDrafted))
}
