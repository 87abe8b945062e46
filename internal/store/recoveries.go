package store

import (
	"database/sql"
	"time"

	"reprise/internal/secret"
	"reprise/internal/takedown"
)

type recoveryRow struct {
	ID       string       `db:"id"`
	CaseID   string       `db:"case_id"`
	State    string       `db:"state"`
	AskedAt  sql.NullTime `db:"asked_at"`
	FirstBy  string       `db:"first_by"`
	SecondBy string       `db:"second_by"`
	CodeAt   sql.NullTime `db:"code_at"`
	EndedAt  sql.NullTime `db:"ended_at"`
}

const recoveryColumns = `id, case_id, state, asked_at, first_by, second_by, code_at, ended_at`

// AddRecovery keeps that a person asks for another phrase.
func (t *Tx) AddRecovery(r takedown.Recovery) error {
	return t.exec(`INSERT INTO recoveries (id, case_id, state, asked_at) VALUES (?, ?, ?, ?)`, r.ID, r.CaseID, string(r.State), when(r.AskedAt))
}

// RecoveriesOfCase lists them, the latest first.
func (t *Tx) RecoveriesOfCase(caseID string) ([]takedown.Recovery, error) {
	return t.recoveries(`SELECT `+recoveryColumns+` FROM recoveries WHERE case_id = ? ORDER BY asked_at DESC, id`, caseID)
}

// RecoveryOfCase gives the latest, and the zero Recovery for none.
func (t *Tx) RecoveryOfCase(caseID string) (takedown.Recovery, error) {
	all, err := t.RecoveriesOfCase(caseID)
	if err != nil || len(all) == 0 {
		return takedown.Recovery{}, err
	}
	return all[0], nil
}

// RecoveriesIn lists those in a state, the oldest first.
func (t *Tx) RecoveriesIn(state takedown.RecoveryState) ([]takedown.Recovery, error) {
	return t.recoveries(`SELECT `+recoveryColumns+` FROM recoveries WHERE state = ? ORDER BY asked_at, id`, string(state))
}

func (t *Tx) recoveries(query string, args ...any) ([]takedown.Recovery, error) {
	var rows []recoveryRow
	if err := t.list(&rows, query, args...); err != nil {
		return nil, err
	}
	out := make([]takedown.Recovery, 0, len(rows))
	for _, r := range rows {
		out = append(out, takedown.Recovery{
			ID: r.ID, CaseID: r.CaseID, State: takedown.RecoveryState(r.State), AskedAt: at(r.AskedAt),
			FirstBy: r.FirstBy, SecondBy: r.SecondBy, CodeAt: at(r.CodeAt), EndedAt: at(r.EndedAt),
		})
	}
	return out, nil
}

// SaveRecovery keeps one that was read as was: nobody has moved it meanwhile.
func (t *Tx) SaveRecovery(r, was takedown.Recovery) error {
	return t.guarded(`UPDATE recoveries SET state = ?, first_by = ?, second_by = ?, code_at = ?, ended_at = ? WHERE id = ? AND state = ? AND first_by = ?`,
		string(r.State), r.FirstBy, r.SecondBy, when(r.CodeAt), when(r.EndedAt), r.ID, string(was.State), was.FirstBy)
}

// AnswersByNumber gives what her answers must fit in the case of a number. A case
// without answers has a lock that nothing fits.
func (t *Tx) AnswersByNumber(number string) (Access, error) {
	var r struct {
		ID     string `db:"id"`
		Salt   []byte `db:"answers_salt"`
		Check  []byte `db:"answers_check"`
		Recipe string `db:"answers_recipe"`
	}
	err := t.get(&r, `SELECT id, answers_salt, answers_check, answers_recipe FROM cases WHERE number_index = ?`, t.keys.Index("case-number", []byte(number)))
	return Access{r.ID, secret.PhraseLock{Recipe: r.Recipe, Salt: r.Salt, Check: r.Check}}, err
}

// SaveAnswers keeps the lock of a person's answers.
func (t *Tx) SaveAnswers(caseID string, lock secret.PhraseLock, at time.Time) error {
	return t.guarded(`UPDATE cases SET answers_salt = ?, answers_check = ?, answers_recipe = ?, answers_at = ? WHERE id = ?`,
		lock.Salt, lock.Check, lock.Recipe, when(at), caseID)
}

// ForgetAnswers takes the lock away: a lost phrase is then lost.
func (t *Tx) ForgetAnswers(caseID string) error {
	return t.guarded(`UPDATE cases SET answers_salt = NULL, answers_check = NULL, answers_recipe = '', answers_at = NULL WHERE id = ?`, caseID)
}

// ForgetNewPhrase forgets when another phrase was taken.
func (t *Tx) ForgetNewPhrase(caseID string) error {
	return t.guarded(`UPDATE cases SET phrase_new_at = NULL WHERE id = ?`, caseID)
}

// ReplacePhraseLock puts another phrase, which nobody has used yet, in the place of
// one that was known.
func (t *Tx) ReplacePhraseLock(caseID string, lock secret.PhraseLock, at time.Time) error {
	return t.guarded(`UPDATE cases SET phrase_salt = ?, phrase_check = ?, phrase_recipe = ?, phrase_new_at = ?, phrase_known = ? WHERE id = ?`,
		lock.Salt, lock.Check, lock.Recipe, when(at), false, caseID)
}
