package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"

	"reprise/internal/takedown"
)

// dialect is where the two databases differ.
type dialect struct {
	name, driver  string
	goose         goose.Dialect
	readOnlyTx    bool
	readIsolation sql.IsolationLevel
}

func dialectOf(database string) dialect {
	if strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://") {
		return dialect{"postgres", "pgx", goose.DialectPostgres, true, sql.LevelRepeatableRead}
	}
	return dialect{"sqlite", "sqlite3", goose.DialectSQLite3, false, sql.LevelDefault}
}

func (d dialect) sqlite() bool { return d.name == "sqlite" }

func (d dialect) writerDSN(database string) string {
	if !d.sqlite() {
		return database
	}
	return sqliteURL(database, "_journal_mode=WAL&_synchronous=FULL&_busy_timeout=10000&_foreign_keys=1&_txlock=immediate&_secure_delete=1")
}

func (d dialect) readerDSN(database string) string {
	if !d.sqlite() {
		return database
	}
	return sqliteURL(database, "mode=ro&_query_only=1&_busy_timeout=10000")
}

func sqliteURL(file, query string) string {
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath(), RawQuery: query}).String()
}

func (d dialect) poolWriter(db *sqlx.DB) {
	n := 16
	if d.sqlite() {
		n = 1
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
}

// sqlitePragmas are read back at start: the driver's own defaults would lose
// acknowledged submissions in a power cut.
var sqlitePragmas = []struct{ pragma, want string }{
	{"journal_mode", "wal"}, {"synchronous", "2"}, {"foreign_keys", "1"},
	{"secure_delete", "1"}, {"busy_timeout", "10000"},
}

func (d dialect) check(ctx context.Context, db *sqlx.DB) error {
	if !d.sqlite() {
		return d.checkSetting(ctx, db, "SHOW synchronous_commit", "on", "remote_apply")
	}
	for _, p := range sqlitePragmas {
		if err := d.checkSetting(ctx, db, "PRAGMA "+p.pragma, p.want); err != nil {
			return err
		}
	}
	return d.checkSetting(ctx, db, "PRAGMA quick_check", "ok")
}

func (d dialect) checkSetting(ctx context.Context, db *sqlx.DB, ask string, want ...string) error {
	var got string
	if err := db.GetContext(ctx, &got, ask); err != nil {
		return fmt.Errorf("ask the database for %q: %w", ask, available(err))
	}
	for _, w := range want {
		if got == w {
			return nil
		}
	}
	return fmt.Errorf("the database answers %q to %q where %q is needed: Reprise does not run on it", got, ask, want[0])
}

// again tells whether the whole transaction is to be run again.
func again(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// understood turns a driver's word for "there is one already" into a conflict.
func understood(err error) error {
	var lite sqlite3.Error
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &lite) && (lite.ExtendedCode == sqlite3.ErrConstraintUnique || lite.ExtendedCode == sqlite3.ErrConstraintPrimaryKey):
		return fmt.Errorf("%w: a row of that key stands already", takedown.ErrConflict)
	case errors.As(err, &pg) && pg.Code == "23505":
		return fmt.Errorf("%w: a row of that key stands already", takedown.ErrConflict)
	}
	return err
}

// available marks the errors that mean locked, full or gone.
func available(err error) error {
	if err == nil || takedown.KindOf(err) != 0 || errors.Is(err, context.Canceled) {
		return err
	}
	var lite sqlite3.Error
	var pg *pgconn.PgError
	var connect *pgconn.ConnectError
	switch {
	case errors.As(err, &lite):
		switch lite.Code {
		case sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrCantOpen, sqlite3.ErrReadonly:
			return fmt.Errorf("%w: code %d", ErrUnavailable, int(lite.Code))
		}
	case errors.As(err, &pg):
		switch pg.Code[:2] {
		case "08", "25", "40", "53", "57", "58":
			return fmt.Errorf("%w: code %s", ErrUnavailable, pg.Code)
		}
	case errors.As(err, &connect), errors.Is(err, context.DeadlineExceeded), cutOff(err):
		return fmt.Errorf("%w: no connection", ErrUnavailable)
	}
	return err
}

// cutOff tells whether the connection ended under a statement.
func cutOff(err error) bool {
	var network net.Error
	return errors.As(err, &network) || pgconn.SafeToRetry(err) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
