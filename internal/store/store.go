// Package store keeps what Reprise knows, in SQLite or PostgreSQL.
//
// It holds SQL and nothing else: one method per statement, named for what the
// caller wants, one file per noun. It knows the words of takedown and no rule
// of theirs. Personal columns are sealed before they reach SQL and opened after
// they leave it. Statements are written once with "?" and rebound; the few
// that the two databases force apart stand side by side in dialect.go.
//
// Only casework opens transactions (Write, Read). A write transaction takes the
// one writer's place of either database, runs under a deadline of its own that
// a person who leaves quickly cannot cut, and dies with its first error.
package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"reprise/internal/secret"
)

// WriteWithin bounds a write transaction.
const WriteWithin = 15 * time.Second

// ErrNested is returned for a transaction inside a transaction.
var ErrNested = errors.New("store: a transaction inside a transaction")

// ErrUnavailable is wrapped by every error that means the database is locked,
// full or gone: nothing was changed, and trying again later is right.
var ErrUnavailable = errors.New("store: the database is not available")

// Options say where and with which keys.
type Options struct {
	Database string // a file (SQLite) or postgres://...
	Keys     *secret.Keys
}

// Store is an open database.
type Store struct {
	writer  *sqlx.DB
	reader  *sqlx.DB
	dialect dialect
	keys    *secret.Keys
	lock    *fileLock
}

// Open opens the database, brings its schema up to date and reads back what
// safety depends on. It refuses to run otherwise.
func Open(ctx context.Context, o Options) (*Store, error) {
	d := dialectOf(o.Database)
	s := &Store{dialect: d, keys: o.Keys}
	if err := s.connect(ctx, o.Database); err != nil {
		_ = s.Close()
		return nil, err
	}
	if err := s.Write(ctx, checkKeys); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// ErrWrongKeys means that the key file is not the one this database was sealed
// with.
var ErrWrongKeys = errors.New("the server key does not open this database: set REPRISE_KEY_FILE to the one it was made with")

// checkKeys seals a value at the first start and opens it at every later one, so
// that a wrong key file is found before anything is sealed with it.
func checkKeys(_ context.Context, tx *Tx) error {
	const mark, plain = "keys", "reprise"
	field := secret.Field{Table: "marks", Column: "value", Row: mark}
	kept, err := tx.Mark(mark)
	if err != nil {
		return err
	}
	if kept == "" {
		return tx.SetMark(mark, base64.StdEncoding.EncodeToString(tx.keys.Seal(field, []byte(plain))))
	}
	sealed, err := base64.StdEncoding.DecodeString(kept)
	if err != nil {
		return fmt.Errorf("read the mark of the keys: %w", err)
	}
	if opened, err := tx.keys.Open(field, sealed); err != nil || string(opened) != plain {
		return ErrWrongKeys
	}
	return nil
}

func (s *Store) connect(ctx context.Context, database string) (err error) {
	if s.lock, err = s.dialect.lock(database); err != nil {
		return err
	}
	if s.writer, err = sqlx.Open(s.dialect.driver, s.dialect.writerDSN(database)); err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	s.dialect.poolWriter(s.writer)
	if err = s.dialect.check(ctx, s.writer); err != nil {
		return err
	}
	if err = migrate(ctx, s.dialect, s.writer.DB); err != nil {
		return err
	}
	if s.reader, err = sqlx.Open(s.dialect.driver, s.dialect.readerDSN(database)); err != nil {
		return fmt.Errorf("open the database for reading: %w", err)
	}
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	return nil
}

const readers = 8

// Close lets go of the database.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sqlx.DB{s.reader, s.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.lock != nil {
		errs = append(errs, s.lock.release())
	}
	return errors.Join(errs...)
}

// SQL gives the writer's pool, for the queue of jobs that shares its
// transactions.
func (s *Store) SQL() *sql.DB { return s.writer.DB }

// Database names the kind: "sqlite" or "postgres".
func (s *Store) Database() string { return s.dialect.name }

// Ping asks both pools for an answer.
func (s *Store) Ping(ctx context.Context) error {
	return errors.Join(available(s.writer.PingContext(ctx)), available(s.reader.PingContext(ctx)))
}

type inside struct{}

// Write runs do in one write transaction: all of it is committed, or nothing.
// do may be run again when the database asks for it, so it holds SQL alone.
func (s *Store) Write(ctx context.Context, do func(context.Context, *Tx) error) error {
	if ctx.Value(inside{}) != nil {
		return ErrNested
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	own, cancel := context.WithTimeout(context.WithoutCancel(ctx), WriteWithin)
	defer cancel()
	own = context.WithValue(own, inside{}, true)
	var err error
	for range 5 {
		if err = s.writeOnce(own, do); !again(err) {
			break
		}
	}
	return available(err)
}

func (s *Store) writeOnce(ctx context.Context, do func(context.Context, *Tx) error) error {
	raw, err := s.writer.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	tx := &Tx{raw: raw, keys: s.keys, ctx: ctx}
	defer func() { _ = raw.Rollback() }()
	if err := tx.exec(`UPDATE event_head SET seq = seq WHERE id = 1`); err != nil {
		return err
	}
	if err := do(ctx, tx); err != nil {
		return err
	}
	if err := tx.keepHead(); err != nil {
		return err
	}
	if err := raw.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// Read runs do in a transaction that cannot write and sees one moment.
func (s *Store) Read(ctx context.Context, do func(*Tx) error) error {
	if ctx.Value(inside{}) != nil {
		return ErrNested
	}
	raw, err := s.reader.BeginTxx(ctx, &sql.TxOptions{ReadOnly: s.dialect.readOnlyTx, Isolation: s.dialect.readIsolation})
	if err != nil {
		return available(fmt.Errorf("begin to read: %w", err))
	}
	defer func() { _ = raw.Rollback() }()
	return available(do(&Tx{raw: raw, keys: s.keys, ctx: ctx}))
}
