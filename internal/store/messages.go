package store

import (
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"reprise/internal/takedown"
)

type messageRow struct {
	ID       string       `db:"id"`
	CaseID   string       `db:"case_id"`
	FromTeam bool         `db:"from_team"`
	Text     []byte       `db:"text_sealed"`
	SentAt   sql.NullTime `db:"sent_at"`
	ReadAt   sql.NullTime `db:"read_at"`
}

const messageColumns = `id, case_id, from_team, text_sealed, sent_at, read_at`

// AddMessage keeps a message. False means that the same form has sent it before.
// Another text under the key of a form is another message: a page that a browser
// restored may have sent its first one already, and no word may be lost. What the
// browser sent as a key is not kept as it is.
func (t *Tx) AddMessage(m takedown.Message) (bool, error) {
	s := t.sealer("messages", m.ID)
	key := hex.EncodeToString(t.keys.Index("message:"+m.CaseID, []byte(m.FormKey+"\x00"+m.Text.Reveal())))
	n, err := t.change(`INSERT INTO messages (`+messageColumns+`, form_key) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (case_id, form_key) DO NOTHING`,
		m.ID, m.CaseID, m.FromTeam, s.always("text", []byte(m.Text.Reveal())), when(m.SentAt), when(m.ReadAt), key)
	return n == 1, err
}

// MessagesOfCase lists what was said in a case, oldest first.
func (t *Tx) MessagesOfCase(caseID string) ([]takedown.Message, error) {
	return t.messages(`SELECT `+messageColumns+` FROM messages WHERE case_id = ? ORDER BY sent_at, id`, caseID)
}

// UnreadByTeam lists the messages of persons that nobody of the team has read,
// oldest first.
func (t *Tx) UnreadByTeam() ([]takedown.Message, error) {
	return t.messages(`SELECT ` + messageColumns + ` FROM messages WHERE read_at IS NULL AND NOT from_team ORDER BY sent_at, id`)
}

func (t *Tx) messages(query string, args ...any) ([]takedown.Message, error) {
	var rows []messageRow
	if err := t.list(&rows, query, args...); err != nil {
		return nil, err
	}
	out := make([]takedown.Message, 0, len(rows))
	var errs error
	for _, r := range rows {
		s := t.sealer("messages", r.ID)
		out = append(out, takedown.Message{
			ID: r.ID, CaseID: r.CaseID, FromTeam: r.FromTeam, Text: s.opened("text", r.Text),
			SentAt: at(r.SentAt), ReadAt: at(r.ReadAt),
		})
		errs = errors.Join(errs, s.err)
	}
	return out, t.fail(errs)
}

// CountMessagesSince tells how many messages the person of a case has sent since.
func (t *Tx) CountMessagesSince(caseID string, since time.Time) (int, error) {
	var n int
	err := t.get(&n, `SELECT COUNT(*) FROM messages WHERE case_id = ? AND NOT from_team AND sent_at > ?`, caseID, when(since))
	return n, err
}

// MarkMessagesRead notes that one side has read what the other said until a time.
func (t *Tx) MarkMessagesRead(caseID string, fromTeam bool, until, now time.Time) error {
	return t.exec(`UPDATE messages SET read_at = ? WHERE case_id = ? AND from_team = ? AND read_at IS NULL AND sent_at <= ?`,
		when(now), caseID, fromTeam, when(until))
}

type questionRow struct {
	ID         string       `db:"id"`
	CaseID     string       `db:"case_id"`
	ItemID     string       `db:"item_id"`
	Kind       string       `db:"kind"`
	AskedBy    string       `db:"asked_by"`
	AskedAt    sql.NullTime `db:"asked_at"`
	Answer     string       `db:"answer"`
	AnsweredAt sql.NullTime `db:"answered_at"`
	SeenAt     sql.NullTime `db:"seen_at"`
	Reference  string       `db:"reference_id"`
	Words      []byte       `db:"words_sealed"`
}

const questionColumns = `id, case_id, item_id, kind, asked_by, asked_at, answer, answered_at, seen_at, reference_id, words_sealed`

// AddQuestion keeps a question of the team.
func (t *Tx) AddQuestion(q takedown.Question) error {
	s := t.sealer("questions", q.ID)
	return t.exec(`INSERT INTO questions (`+questionColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		q.ID, q.CaseID, q.ItemID, string(q.Kind), q.AskedBy, when(q.AskedAt), string(q.Answer), when(q.AnsweredAt), when(q.SeenAt), q.ReferenceID,
		s.private("words", q.Words))
}

// QuestionsOfCase lists the questions of a case, oldest first.
func (t *Tx) QuestionsOfCase(caseID string) ([]takedown.Question, error) {
	return t.questions(`SELECT `+questionColumns+` FROM questions WHERE case_id = ? ORDER BY asked_at, id`, caseID)
}

// AnsweredQuestions lists the answers that nobody of the team has read.
func (t *Tx) AnsweredQuestions() ([]takedown.Question, error) {
	return t.questions(`SELECT ` + questionColumns + ` FROM questions WHERE answer <> '' AND seen_at IS NULL ORDER BY answered_at, id`)
}

// QuestionsOfOpenItems lists the questions of one kind about the items that are
// worked on, oldest first.
func (t *Tx) QuestionsOfOpenItems(kind takedown.QuestionKind) ([]takedown.Question, error) {
	return t.questions(`SELECT `+questionColumns+` FROM questions WHERE kind = ? AND item_id IN (SELECT id FROM items WHERE closed = '')
		ORDER BY asked_at, id`, string(kind))
}

func (t *Tx) questions(query string, args ...any) ([]takedown.Question, error) {
	var rows []questionRow
	if err := t.list(&rows, query, args...); err != nil {
		return nil, err
	}
	out := make([]takedown.Question, 0, len(rows))
	var errs error
	for _, r := range rows {
		s := t.sealer("questions", r.ID)
		out = append(out, takedown.Question{
			ID: r.ID, CaseID: r.CaseID, ItemID: r.ItemID, Kind: takedown.QuestionKind(r.Kind), Words: s.opened("words", r.Words), AskedBy: r.AskedBy,
			AskedAt: at(r.AskedAt), AnswerGiven: takedown.AnswerGiven{Answer: takedown.Answer(r.Answer), ReferenceID: r.Reference}, AnsweredAt: at(r.AnsweredAt), SeenAt: at(r.SeenAt),
		})
		errs = errors.Join(errs, s.err)
	}
	return out, t.fail(errs)
}

// SaveAnswer keeps the answer to a question that the team has not read.
func (t *Tx) SaveAnswer(q takedown.Question) error {
	return t.guarded(`UPDATE questions SET answer = ?, reference_id = ?, answered_at = ? WHERE id = ? AND seen_at IS NULL`,
		string(q.Answer), q.ReferenceID, when(q.AnsweredAt), q.ID)
}

// MarkAnswersSeen notes that the team has read the answers of a case that came
// until a time.
func (t *Tx) MarkAnswersSeen(caseID string, until, now time.Time) error {
	return t.exec(`UPDATE questions SET seen_at = ? WHERE case_id = ? AND answer <> '' AND seen_at IS NULL AND answered_at <= ?`,
		when(now), caseID, when(until))
}

// CountVisit notes that the space of a case was opened on a day.
func (t *Tx) CountVisit(caseID string, day time.Time) error {
	return t.exec(`INSERT INTO visits (case_id, day, times) VALUES (?, ?, 1)
		ON CONFLICT (case_id, day) DO UPDATE SET times = visits.times + 1`, caseID, when(day))
}

// VisitsOfCase lists on which days the space was opened, the latest first.
func (t *Tx) VisitsOfCase(caseID string, limit int) ([]takedown.Visit, error) {
	var rows []struct {
		Day   sql.NullTime `db:"day"`
		Times int          `db:"times"`
	}
	if err := t.list(&rows, `SELECT day, times FROM visits WHERE case_id = ? ORDER BY day DESC LIMIT ?`, caseID, limit); err != nil {
		return nil, err
	}
	out := make([]takedown.Visit, 0, len(rows))
	for _, r := range rows {
		out = append(out, takedown.Visit{Day: at(r.Day), Times: r.Times})
	}
	return out, nil
}
