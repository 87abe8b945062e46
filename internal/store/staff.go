package store

import (
	"database/sql"
	"errors"
	"strings"
	"time"

	"reprise/internal/takedown"
)

// Account is one of the staff: who signs in at the console.
type Account struct {
	ID           string
	Email        takedown.Private
	Name         takedown.Private
	Role         takedown.Role
	Lang         takedown.Lang
	Password     string           // Argon2id in PHC form, "" before the invitation is taken up
	TOTP         takedown.Private // the shared secret of RFC 6238
	TOTPStep     int64            // the last accepted time step
	InviteHash   []byte           // SHA-256 of the invitation's token, nil when taken up
	InvitedUntil time.Time
	Active       bool
	CreatedAt    time.Time
}

type accountRow struct {
	ID           string       `db:"id"`
	Email        []byte       `db:"email_sealed"`
	Name         []byte       `db:"name_sealed"`
	Role         string       `db:"role"`
	Lang         string       `db:"lang"`
	Password     string       `db:"password"`
	TOTP         []byte       `db:"totp_sealed"`
	TOTPStep     int64        `db:"totp_step"`
	InviteHash   []byte       `db:"invite_hash"`
	InvitedUntil sql.NullTime `db:"invited_until"`
	Active       bool         `db:"active"`
	CreatedAt    sql.NullTime `db:"created_at"`
}

const accountColumns = `id, email_sealed, name_sealed, role, lang, password, totp_sealed, totp_step, invite_hash, invited_until, active, created_at`

func (t *Tx) account(query string, arg any) (Account, error) {
	var r accountRow
	if err := t.get(&r, query, arg); err != nil {
		return Account{}, err
	}
	return t.accountOf(r)
}

func (t *Tx) accountOf(r accountRow) (Account, error) {
	s := t.sealer("staff", r.ID)
	a := Account{
		ID: r.ID, Email: s.opened("email", r.Email), Name: s.opened("name", r.Name), Role: takedown.Role(r.Role),
		Lang: takedown.Lang(r.Lang), Password: r.Password, TOTP: s.opened("totp", r.TOTP), TOTPStep: r.TOTPStep,
		InviteHash: r.InviteHash, InvitedUntil: at(r.InvitedUntil), Active: r.Active, CreatedAt: at(r.CreatedAt),
	}
	return a, t.fail(s.err)
}

func (t *Tx) emailIndex(email takedown.Private) []byte {
	return t.keys.Index("staff-email", []byte(strings.ToLower(email.Reveal())))
}

// AddAccount keeps a new account. ErrConflict means that the address has one.
func (t *Tx) AddAccount(a Account) error {
	s := t.sealer("staff", a.ID)
	return t.exec(`INSERT INTO staff (id, email_index, email_sealed, name_sealed, role, lang, password, totp_sealed, totp_step,
		invite_hash, invited_until, active, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID, t.emailIndex(a.Email), s.private("email", a.Email), s.always("name", []byte(a.Name.Reveal())), string(a.Role), string(a.Lang),
		a.Password, s.private("totp", a.TOTP), a.TOTPStep, a.InviteHash, when(a.InvitedUntil), a.Active, when(a.CreatedAt))
}

// AccountByEmail finds an account by its address, whatever its case.
func (t *Tx) AccountByEmail(email string) (Account, error) {
	return t.account(`SELECT `+accountColumns+` FROM staff WHERE email_index = ?`, t.emailIndex(takedown.NewPrivate(email)))
}

// AccountByID finds an account.
func (t *Tx) AccountByID(id string) (Account, error) {
	return t.account(`SELECT `+accountColumns+` FROM staff WHERE id = ?`, id)
}

// AccountByInvite finds the account an invitation is for.
func (t *Tx) AccountByInvite(hash []byte) (Account, error) {
	return t.account(`SELECT `+accountColumns+` FROM staff WHERE invite_hash = ?`, hash)
}

// Accounts lists the staff, oldest first.
func (t *Tx) Accounts() ([]Account, error) {
	var rows []accountRow
	if err := t.list(&rows, `SELECT `+accountColumns+` FROM staff ORDER BY created_at, id`); err != nil {
		return nil, err
	}
	out := make([]Account, 0, len(rows))
	var errs error
	for _, r := range rows {
		a, err := t.accountOf(r)
		errs = errors.Join(errs, err)
		out = append(out, a)
	}
	return out, errs
}

// SaveCredentials keeps the password and second factor of an account and ends
// its invitation.
func (t *Tx) SaveCredentials(a Account) error {
	s := t.sealer("staff", a.ID)
	return t.guarded(`UPDATE staff SET name_sealed = ?, password = ?, totp_sealed = ?, totp_step = ?, invite_hash = NULL,
		invited_until = NULL, active = ? WHERE id = ?`,
		s.always("name", []byte(a.Name.Reveal())), a.Password, s.private("totp", a.TOTP), a.TOTPStep, a.Active, a.ID)
}

// AcceptStep keeps the time step of an accepted code. ErrConflict means that a
// code of that step, or a later one, was accepted before.
func (t *Tx) AcceptStep(accountID string, step int64) error {
	return t.guarded(`UPDATE staff SET totp_step = ? WHERE id = ? AND totp_step < ?`, step, accountID, step)
}
