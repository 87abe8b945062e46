package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"reprise/internal/secret"
	"reprise/internal/takedown"
)

// Tx is an open transaction. After its first database error every further
// statement fails with that error, because on SQLite a statement after a failed
// one would be committed alone.
type Tx struct {
	raw  *sqlx.Tx
	keys *secret.Keys
	ctx  context.Context
	dead error
	head *eventHead // nil before the first event of the transaction
}

// SQL gives the transaction to the queue of jobs, so that work is enqueued with
// the change that asks for it.
func (t *Tx) SQL() *sql.Tx { return t.raw.Tx }

func (t *Tx) fail(err error) error {
	if err != nil && t.dead == nil && !errors.Is(err, sql.ErrNoRows) {
		t.dead = err
	}
	return err
}

func (t *Tx) exec(query string, args ...any) error {
	_, err := t.change(query, args...)
	return err
}

// change runs a statement and tells how many rows it changed.
func (t *Tx) change(query string, args ...any) (int64, error) {
	if t.dead != nil {
		return 0, t.dead
	}
	res, err := t.raw.ExecContext(t.ctx, t.raw.Rebind(query), args...)
	if err != nil {
		return 0, t.fail(understood(err))
	}
	n, err := res.RowsAffected()
	return n, t.fail(err)
}

// guarded runs an update that names the state it was read in. No row means that
// somebody else was faster.
func (t *Tx) guarded(query string, args ...any) error {
	n, err := t.change(query, args...)
	if err != nil {
		return err
	}
	if n == 0 {
		return takedown.ErrConflict
	}
	return nil
}

// get reads one row into dest, and takedown.ErrNotFound when there is none.
func (t *Tx) get(dest any, query string, args ...any) error {
	if t.dead != nil {
		return t.dead
	}
	err := t.raw.GetContext(t.ctx, dest, t.raw.Rebind(query), args...)
	if errors.Is(err, sql.ErrNoRows) {
		return takedown.ErrNotFound
	}
	return t.fail(understood(err))
}

// list reads all rows into dest.
func (t *Tx) list(dest any, query string, args ...any) error {
	if t.dead != nil {
		return t.dead
	}
	return t.fail(understood(t.raw.SelectContext(t.ctx, dest, t.raw.Rebind(query), args...)))
}

// when binds a time as both databases keep it, and the zero time as NULL.
func when(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return takedown.Moment(at)
}

// at reads a time back.
func at(t sql.NullTime) time.Time {
	if !t.Valid {
		return time.Time{}
	}
	return t.Time.UTC()
}

// sealer seals and opens the personal columns of one row.
type sealer struct {
	keys  *secret.Keys
	table string
	row   string
	err   error
}

func (t *Tx) sealer(table, row string) *sealer { return &sealer{keys: t.keys, table: table, row: row} }

func (s *sealer) field(column string) secret.Field {
	return secret.Field{Table: s.table, Column: column, Row: s.row}
}

// seal gives nil for no value.
func (s *sealer) seal(column string, plain []byte) []byte {
	if len(plain) == 0 {
		return nil
	}
	return s.always(column, plain)
}

// always seals no value as well, for a column that is never NULL.
func (s *sealer) always(column string, plain []byte) []byte {
	return s.keys.Seal(s.field(column), plain)
}

func (s *sealer) private(column string, p takedown.Private) []byte {
	return s.seal(column, []byte(p.Reveal()))
}

// open gives nil for NULL. A value of no bytes is none that seal gives: it was cut.
func (s *sealer) open(column string, sealed []byte) []byte {
	if sealed == nil || s.err != nil {
		return nil
	}
	plain, err := s.keys.Open(s.field(column), sealed)
	if err != nil {
		s.err = err
	}
	return plain
}

func (s *sealer) opened(column string, sealed []byte) takedown.Private {
	return takedown.NewPrivate(string(s.open(column, sealed)))
}
