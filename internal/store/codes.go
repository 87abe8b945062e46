package store

import (
	"database/sql"
	"errors"

	"reprise/internal/takedown"
)

type codeRow struct {
	ID      string       `db:"id"`
	CaseID  string       `db:"case_id"`
	Purpose string       `db:"purpose"`
	Digits  []byte       `db:"code_sealed"`
	MadeAt  sql.NullTime `db:"made_at"`
	SentAt  sql.NullTime `db:"sent_at"`
	Tries   int          `db:"tries"`
	Ended   bool         `db:"ended"`
}

const codeColumns = `id, case_id, purpose, code_sealed, made_at, sent_at, tries, ended`

// AddCode keeps a code that will be sent by mail.
func (t *Tx) AddCode(c takedown.Code) error {
	s := t.sealer("codes", c.ID)
	return t.exec(`INSERT INTO codes (id, case_id, purpose, code_sealed, made_at, tries, ended) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		c.ID, c.CaseID, string(c.Purpose), s.always("code", []byte(c.Digits.Reveal())), when(c.MadeAt), c.Tries, c.Ended)
}

// CodeByID finds a code.
func (t *Tx) CodeByID(id string) (takedown.Code, error) {
	found, err := t.codes(`SELECT `+codeColumns+` FROM codes WHERE id = ?`, id)
	if err == nil && len(found) == 0 {
		return takedown.Code{}, takedown.ErrNotFound
	}
	if err != nil {
		return takedown.Code{}, err
	}
	return found[0], nil
}

// CodesOfCase lists the codes of a case for a purpose: the one that has not ended, if
// there is one, then the newest first.
func (t *Tx) CodesOfCase(caseID string, purpose takedown.CodePurpose) ([]takedown.Code, error) {
	return t.codes(`SELECT `+codeColumns+` FROM codes WHERE case_id = ? AND purpose = ? ORDER BY ended, made_at DESC, id`, caseID, string(purpose))
}

func (t *Tx) codes(query string, args ...any) ([]takedown.Code, error) {
	var rows []codeRow
	if err := t.list(&rows, query, args...); err != nil {
		return nil, err
	}
	out := make([]takedown.Code, 0, len(rows))
	var errs error
	for _, r := range rows {
		s := t.sealer("codes", r.ID)
		out = append(out, takedown.Code{
			ID: r.ID, CaseID: r.CaseID, Purpose: takedown.CodePurpose(r.Purpose), Digits: s.opened("code", r.Digits),
			MadeAt: at(r.MadeAt), SentAt: at(r.SentAt), Tries: r.Tries, Ended: r.Ended,
		})
		errs = errors.Join(errs, s.err)
	}
	return out, t.fail(errs)
}

// SaveCode keeps the tries and the end of a code that was read with was tries.
func (t *Tx) SaveCode(c takedown.Code, was int) error {
	return t.guarded(`UPDATE codes SET tries = ?, ended = ? WHERE id = ? AND tries = ?`, c.Tries, c.Ended, c.ID, was)
}

// MarkCodeSent notes that a code left. One that left already is a conflict.
func (t *Tx) MarkCodeSent(c takedown.Code) error {
	return t.guarded(`UPDATE codes SET sent_at = ? WHERE id = ? AND sent_at IS NULL`, when(c.SentAt), c.ID)
}

// UnmarkCodeSent takes back that a code left.
func (t *Tx) UnmarkCodeSent(id string) error {
	return t.exec(`UPDATE codes SET sent_at = NULL WHERE id = ?`, id)
}

// EndCodes ends every code of a case: what they were sent for has passed.
func (t *Tx) EndCodes(caseID string) error {
	return t.exec(`UPDATE codes SET ended = ? WHERE case_id = ?`, true, caseID)
}
