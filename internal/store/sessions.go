package store

import (
	"database/sql"
	"encoding/hex"
	"time"

	"reprise/internal/takedown"
)

// Session is one signed-in, or half-way filled-in, visit. The cookie holds a
// random token; the row is found by its SHA-256.
type Session struct {
	TokenHash []byte
	Door      string
	Owner     string // the account or the case, "" before either is known
	Data      []byte
	CreatedAt time.Time
	SeenAt    time.Time
}

type sessionRow struct {
	TokenHash []byte       `db:"token_hash"`
	Door      string       `db:"door"`
	Owner     string       `db:"owner"`
	Data      []byte       `db:"data_sealed"`
	CreatedAt sql.NullTime `db:"created_at"`
	SeenAt    sql.NullTime `db:"seen_at"`
}

// sessionSealer seals for the hash in hexadecimal, as a row's name may not hold
// every byte.
func (t *Tx) sessionSealer(hash []byte) *sealer {
	return t.sealer("sessions", hex.EncodeToString(hash))
}

// AddSession keeps a new session.
func (t *Tx) AddSession(s Session) error {
	row := t.sessionSealer(s.TokenHash)
	return t.exec(`INSERT INTO sessions (token_hash, door, owner, data_sealed, created_at, seen_at) VALUES (?, ?, ?, ?, ?, ?)`,
		s.TokenHash, s.Door, s.Owner, row.always("data", s.Data), when(s.CreatedAt), when(s.SeenAt))
}

// ChangeSession keeps the data of a session and when it was seen. One that has
// ended is ErrConflict, and stays ended.
func (t *Tx) ChangeSession(s Session) error {
	row := t.sessionSealer(s.TokenHash)
	return t.guarded(`UPDATE sessions SET data_sealed = ?, seen_at = ? WHERE token_hash = ?`, row.always("data", s.Data), when(s.SeenAt), s.TokenHash)
}

// TouchSession notes when a session was last seen.
func (t *Tx) TouchSession(hash []byte, at time.Time) error {
	return t.exec(`UPDATE sessions SET seen_at = ? WHERE token_hash = ?`, when(at), hash)
}

// SessionByHash finds a session of a door.
func (t *Tx) SessionByHash(hash []byte, door string) (Session, error) {
	var r sessionRow
	err := t.get(&r, `SELECT token_hash, door, owner, data_sealed, created_at, seen_at FROM sessions WHERE token_hash = ? AND door = ?`, hash, door)
	if err != nil {
		return Session{}, err
	}
	s := t.sessionSealer(r.TokenHash)
	out := Session{r.TokenHash, r.Door, r.Owner, s.open("data", r.Data), at(r.CreatedAt), at(r.SeenAt)}
	return out, t.fail(s.err)
}

// EndSession forgets a session. One that is gone already is no error.
func (t *Tx) EndSession(hash []byte) error {
	return t.exec(`DELETE FROM sessions WHERE token_hash = ?`, hash)
}

// EndSessionsOf forgets every session of an account or a case.
func (t *Tx) EndSessionsOf(owner string) error {
	return t.exec(`DELETE FROM sessions WHERE owner = ?`, owner)
}

// EndStaleSessions forgets the sessions of a door that have an owner, not seen since
// idle, or begun before limit.
func (t *Tx) EndStaleSessions(door string, idle, limit time.Time) error {
	return t.exec(`DELETE FROM sessions WHERE door = ? AND owner <> '' AND (seen_at < ? OR created_at < ?)`, door, when(idle), when(limit))
}

// EndStaleVisits is the same for those without an owner: forms that are filled in.
func (t *Tx) EndStaleVisits(door string, idle, limit time.Time) error {
	return t.exec(`DELETE FROM sessions WHERE door = ? AND owner = '' AND (seen_at < ? OR created_at < ?)`, door, when(idle), when(limit))
}

// Mark reads a small value the house remembers, "" when there is none.
func (t *Tx) Mark(name string) (string, error) {
	var v string
	err := t.get(&v, `SELECT value FROM marks WHERE name = ?`, name)
	if takedown.KindOf(err) == takedown.NotFound {
		return "", nil
	}
	return v, err
}

// SetMark remembers a small value.
func (t *Tx) SetMark(name, value string) error {
	return t.exec(`INSERT INTO marks (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
}
