package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"reprise/internal/secret"
	"reprise/internal/takedown"
)

// Access is what opens a case to its person: the lock her phrase must fit. The
// phrase itself is never kept.
type Access struct {
	CaseID string
	Lock   secret.PhraseLock
}

type caseRow struct {
	ID           string       `db:"id"`
	Number       []byte       `db:"number_sealed"`
	State        string       `db:"state"`
	Harm         string       `db:"harm"`
	Lang         string       `db:"lang"`
	OnBehalf     bool         `db:"on_behalf"`
	Capacity     string       `db:"capacity"`
	NotConsented bool         `db:"not_consented"`
	GoodFaith    bool         `db:"good_faith"`
	Mandate      bool         `db:"mandate"`
	Email        []byte       `db:"contact_email_sealed"`
	Frequency    string       `db:"contact_frequency"`
	Confirmed    bool         `db:"contact_confirmed"`
	Wishes       []byte       `db:"contact_wishes_sealed"`
	Token        []byte       `db:"contact_token_sealed"`
	StoppedAt    sql.NullTime `db:"contact_stopped_at"`
	Key          []byte       `db:"contact_key_sealed"`
	News         bool         `db:"contact_news"`
	MailedAt     sql.NullTime `db:"contact_mailed_at"`
	CreatedAt    sql.NullTime `db:"created_at"`
	ClosedAt     sql.NullTime `db:"closed_at"`
	WatchUntil   sql.NullTime `db:"watch_until"`
	MayUsePoints bool         `db:"may_use_points"`
	WatchAsked   bool         `db:"watch_asked"`
	PausedAt     sql.NullTime `db:"paused_at"`
	LeavingAt    sql.NullTime `db:"leaving_at"`
	AnswersAt    sql.NullTime `db:"answers_at"`
	PhraseNewAt  sql.NullTime `db:"phrase_new_at"`
}

const caseColumns = `id, number_sealed, state, harm, lang, on_behalf, capacity, not_consented, good_faith, mandate,
	contact_email_sealed, contact_frequency, contact_confirmed, contact_wishes_sealed, contact_token_sealed, contact_stopped_at, contact_key_sealed, contact_news, contact_mailed_at, created_at, closed_at, watch_until, may_use_points,
	watch_asked, paused_at, leaving_at, answers_at, phrase_new_at`

func (t *Tx) caseOf(r caseRow) (takedown.Case, error) {
	s := t.sealer("cases", r.ID)
	var wishes takedown.Wishes
	if kept := s.opened("contact_wishes", r.Wishes).Reveal(); kept != "" && s.err == nil {
		s.err = json.Unmarshal([]byte(kept), &wishes)
	}
	c := takedown.Case{
		ID: r.ID, Number: s.opened("number", r.Number), State: takedown.CaseState(r.State),
		Harm: takedown.Harm(r.Harm), Lang: takedown.Lang(r.Lang), OnBehalf: r.OnBehalf, Capacity: takedown.Capacity(r.Capacity),
		Statements: takedown.Statements{NotConsented: r.NotConsented, GoodFaith: r.GoodFaith, Mandate: r.Mandate},
		Contact: takedown.Contact{
			Email: s.opened("contact_email", r.Email), Frequency: takedown.Frequency(r.Frequency), Confirmed: r.Confirmed,
			News: r.News, MailedAt: at(r.MailedAt), Wishes: wishes,
			Token: s.opened("contact_token", r.Token), StoppedAt: at(r.StoppedAt), Key: s.opened("contact_key", r.Key),
		},
		CreatedAt: at(r.CreatedAt), ClosedAt: at(r.ClosedAt), WatchUntil: at(r.WatchUntil), MayUsePoints: r.MayUsePoints,
		WatchAsked: r.WatchAsked, PausedAt: at(r.PausedAt), LeavingAt: at(r.LeavingAt),
		AnswersAt: at(r.AnswersAt), PhraseNewAt: at(r.PhraseNewAt),
	}
	return c, t.fail(s.err)
}

// AddCase keeps a new case. ErrConflict means that the opening key or the
// number is taken.
func (t *Tx) AddCase(c takedown.Case, openingKey string, lock secret.PhraseLock) error {
	s := t.sealer("cases", c.ID)
	return t.exec(`INSERT INTO cases (id, opening_key, number_index, number_sealed, phrase_salt, phrase_check, phrase_recipe,
		state, harm, lang, on_behalf, capacity, not_consented, good_faith, mandate,
		contact_email_sealed, contact_frequency, contact_news, created_at, may_use_points, phrase_known)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ID, openingKey, t.keys.Index("case-number", []byte(c.Number.Reveal())), s.private("number", c.Number),
		lock.Salt, lock.Check, lock.Recipe, string(c.State), string(c.Harm), string(c.Lang), c.OnBehalf, string(c.Capacity),
		c.Statements.NotConsented, c.Statements.GoodFaith, c.Statements.Mandate,
		s.private("contact_email", c.Contact.Email), string(c.Contact.Frequency), c.Contact.News, when(c.CreatedAt), c.MayUsePoints, false)
}

// SavePhraseLock puts another phrase in the place of one that nobody has used or
// checked yet.
func (t *Tx) SavePhraseLock(caseID string, lock secret.PhraseLock) error {
	return t.guarded(`UPDATE cases SET phrase_salt = ?, phrase_check = ?, phrase_recipe = ? WHERE id = ? AND NOT phrase_known`,
		lock.Salt, lock.Check, lock.Recipe, caseID)
}

// PhraseKnown tells whether the phrase of a case was used or checked.
func (t *Tx) PhraseKnown(caseID string) (known bool, err error) {
	return known, t.get(&known, `SELECT phrase_known FROM cases WHERE id = ?`, caseID)
}

// MarkPhraseKnown notes that the phrase was used or checked: it stands.
func (t *Tx) MarkPhraseKnown(caseID string) error {
	return t.exec(`UPDATE cases SET phrase_known = ? WHERE id = ?`, true, caseID)
}

// CaseByOpeningKey finds the case that a form already opened.
func (t *Tx) CaseByOpeningKey(key string) (takedown.Case, error) {
	return t.oneCase(`SELECT `+caseColumns+` FROM cases WHERE opening_key = ?`, key)
}

// CaseByID finds a case.
func (t *Tx) CaseByID(id string) (takedown.Case, error) {
	return t.oneCase(`SELECT `+caseColumns+` FROM cases WHERE id = ?`, id)
}

// CaseByNumber finds a case by the nine digits of its number.
func (t *Tx) CaseByNumber(number string) (takedown.Case, error) {
	return t.oneCase(`SELECT `+caseColumns+` FROM cases WHERE number_index = ?`, t.keys.Index("case-number", []byte(number)))
}

func (t *Tx) oneCase(query string, arg any) (takedown.Case, error) {
	var r caseRow
	if err := t.get(&r, query, arg); err != nil {
		return takedown.Case{}, err
	}
	return t.caseOf(r)
}

// AccessByNumber gives what opens the case of a number.
func (t *Tx) AccessByNumber(number string) (Access, error) {
	var r struct {
		ID     string `db:"id"`
		Salt   []byte `db:"phrase_salt"`
		Check  []byte `db:"phrase_check"`
		Recipe string `db:"phrase_recipe"`
	}
	err := t.get(&r, `SELECT id, phrase_salt, phrase_check, phrase_recipe FROM cases WHERE number_index = ?`,
		t.keys.Index("case-number", []byte(number)))
	return Access{r.ID, secret.PhraseLock{Recipe: r.Recipe, Salt: r.Salt, Check: r.Check}}, err
}

// Cases lists all cases, the newest first.
func (t *Tx) Cases() ([]takedown.Case, error) {
	return t.cases(`SELECT ` + caseColumns + ` FROM cases ORDER BY created_at DESC, id`)
}

// CasesWithNews lists the cases whose person has not been told of the latest
// change by mail and wants to be.
func (t *Tx) CasesWithNews() ([]takedown.Case, error) {
	return t.cases(`SELECT ` + caseColumns + ` FROM cases
		WHERE contact_news AND contact_confirmed AND contact_stopped_at IS NULL AND contact_email_sealed IS NOT NULL AND contact_frequency <> 'never' AND (paused_at IS NULL OR leaving_at IS NOT NULL) ORDER BY id`)
}

func (t *Tx) cases(query string, args ...any) ([]takedown.Case, error) {
	var rows []caseRow
	if err := t.list(&rows, query, args...); err != nil {
		return nil, err
	}
	out := make([]takedown.Case, 0, len(rows))
	var errs error
	for _, r := range rows {
		c, err := t.caseOf(r)
		errs = errors.Join(errs, err)
		out = append(out, c)
	}
	return out, errs
}

// SaveCaseState keeps the state of a case that was read in the state was.
func (t *Tx) SaveCaseState(c takedown.Case, was takedown.CaseState) error {
	return t.guarded(`UPDATE cases SET state = ?, closed_at = ?, watch_until = ?, watch_asked = ?, paused_at = ?, leaving_at = ? WHERE id = ? AND state = ?`,
		string(c.State), when(c.ClosedAt), when(c.WatchUntil), c.WatchAsked, when(c.PausedAt), when(c.LeavingAt), c.ID, string(was))
}

// CasesWatchedOut lists the closed cases whose watch is over by now.
func (t *Tx) CasesWatchedOut(now time.Time) ([]takedown.Case, error) {
	return t.cases(`SELECT `+caseColumns+` FROM cases WHERE state = 'closed' AND watch_until <= ? ORDER BY watch_until, id`, when(now))
}

// CasesLeaving lists the cases whose withdrawal takes effect by now.
func (t *Tx) CasesLeaving(now time.Time) ([]takedown.Case, error) {
	return t.cases(`SELECT `+caseColumns+` FROM cases WHERE leaving_at <= ? ORDER BY leaving_at, id`, when(now))
}

// CasesThatLeave lists the cases whose person asked for a withdrawal that has not
// taken effect.
func (t *Tx) CasesThatLeave() ([]takedown.Case, error) {
	return t.cases(`SELECT ` + caseColumns + ` FROM cases WHERE leaving_at IS NOT NULL ORDER BY leaving_at, id`)
}

// SaveContact keeps how the person may be reached.
func (t *Tx) SaveContact(caseID string, c takedown.Contact) error {
	s := t.sealer("cases", caseID)
	wishes, err := json.Marshal(c.Wishes)
	if err != nil {
		return t.fail(err)
	}
	return t.guarded(`UPDATE cases SET contact_email_sealed = ?, contact_frequency = ?, contact_confirmed = ?, contact_wishes_sealed = ?,
		contact_token_index = ?, contact_token_sealed = ?, contact_stopped_at = ?, contact_key_sealed = ? WHERE id = ?`,
		s.private("contact_email", c.Email), string(c.Frequency), c.Confirmed, s.always("contact_wishes", wishes),
		t.contactToken(c.Token), s.private("contact_token", c.Token), when(c.StoppedAt), s.private("contact_key", c.Key), caseID)
}

func (t *Tx) contactToken(token takedown.Private) []byte {
	if token.Empty() {
		return nil
	}
	return t.keys.Index("contact-token", []byte(token.Reveal()))
}

// CaseByContactToken finds the case by the token of the address that its person's
// answers go to.
func (t *Tx) CaseByContactToken(token takedown.Private) (takedown.Case, error) {
	return t.oneCase(`SELECT `+caseColumns+` FROM cases WHERE contact_token_index = ?`, t.contactToken(token))
}

// AddStop notes that a mail said STOP; false means that it came before.
func (t *Tx) AddStop(caseID, delivery string) (bool, error) {
	n, err := t.change(`INSERT INTO stops (delivery, case_id) VALUES (?, ?) ON CONFLICT (delivery) DO NOTHING`, delivery, caseID)
	return n == 1, err
}

// SaveMayUsePoints keeps the person's answer about local features.
func (t *Tx) SaveMayUsePoints(caseID string, may bool) error {
	return t.guarded(`UPDATE cases SET may_use_points = ? WHERE id = ?`, may, caseID)
}

// MarkNews notes that something happened the person has not been told by mail.
func (t *Tx) MarkNews(caseID string) error {
	return t.exec(`UPDATE cases SET contact_news = ? WHERE id = ?`, true, caseID)
}

// MarkMailed notes that a mail that says nothing left at the time.
func (t *Tx) MarkMailed(caseID string, c takedown.Contact) error {
	return t.guarded(`UPDATE cases SET contact_news = ?, contact_mailed_at = ? WHERE id = ? AND contact_news`,
		c.News, when(c.MailedAt), caseID)
}

// UnmarkMailed takes back that a mail left: there is news again, last mailed at
// the earlier time.
func (t *Tx) UnmarkMailed(caseID string, c takedown.Contact) error {
	return t.exec(`UPDATE cases SET contact_news = ?, contact_mailed_at = ? WHERE id = ?`, true, when(c.MailedAt), caseID)
}
