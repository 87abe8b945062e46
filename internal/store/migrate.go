package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/pressly/goose/v3"

	"reprise/migrations"
)

// migrate brings the schema up to date and plants the head of the event chain.
// On SQLite the file lock of the store keeps a second process out; PostgreSQL
// makes a second one wait for an advisory lock.
func migrate(ctx context.Context, d dialect, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect to migrate: %w", available(err))
	}
	if !d.sqlite() {
		if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(727072697365)"); err != nil {
			return errors.Join(fmt.Errorf("wait for other migrations: %w", err), conn.Close())
		}
		defer func() {
			_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(727072697365)")
			_ = conn.Close()
		}()
	} else if err := conn.Close(); err != nil { // SQLite's one writer is needed below
		return err
	}
	provider, err := goose.NewProvider(d.goose, db, migrations.Schema)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	current, known, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the version of the schema: %w", err)
	}
	if current > known {
		return fmt.Errorf("the database has schema %d and this program knows %d at most: a newer Reprise used it, run that one", current, known)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	_, err = db.ExecContext(ctx, "INSERT INTO event_head (id, seq, hash) VALUES (1, 0, "+zeroHash[d.name]+") ON CONFLICT (id) DO NOTHING")
	if err != nil {
		return fmt.Errorf("plant the event chain: %w", err)
	}
	return nil
}

var zeroHash = map[string]string{
	"sqlite":   "zeroblob(32)",
	"postgres": "decode(repeat('00', 32), 'hex')",
}

// fileLock keeps two processes from serving one SQLite file.
type fileLock struct{ file *os.File }

func (d dialect) lock(database string) (*fileLock, error) {
	if !d.sqlite() {
		return nil, nil //nolint:nilnil // PostgreSQL needs no lock
	}
	if err := os.MkdirAll(filepath.Dir(database), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the database: %w", err)
	}
	f, err := os.OpenFile(database+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock of the database: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, errors.New("another Reprise already serves this database file: stop it first")
	}
	if err := makePrivate(database); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &fileLock{f}, nil
}

// makePrivate makes a new database file before SQLite does, which would let
// every account of the machine read it. Its -wal and -shm take over its mode.
func makePrivate(database string) error {
	f, err := os.OpenFile(database, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open the database file: %w", err)
	}
	return f.Close()
}

func (l *fileLock) release() error { return l.file.Close() }
