package jobs

import (
	"context"
	"database/sql"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/mattn/go-sqlite3"

	"reprise/internal/pgtest"
)

// sqliteDSN is SAFETY's decision 1.
const sqliteDSN = "?_journal_mode=WAL&_synchronous=FULL&_busy_timeout=10000&_foreign_keys=1&_txlock=immediate&_secure_delete=1"

// house is one migrated database, to be opened by one or more queues.
type house struct {
	database string
	dsn      string
	db       *sql.DB
}

// onBoth runs the same promise on a fresh database of either kind.
func onBoth(t *testing.T, promise func(t *testing.T, h house)) {
	t.Helper()
	for _, database := range []string{SQLite, Postgres} {
		t.Run(database, func(t *testing.T) { promise(t, newHouse(t, database)) })
	}
}

func newHouse(tb testing.TB, database string) house {
	tb.Helper()
	h := house{database: database}
	if database == SQLite {
		h.dsn = "file:" + filepath.Join(tb.TempDir(), "jobs.db") + sqliteDSN
	} else {
		h.dsn = pgtest.Start(tb)
	}
	h.db = h.connect(tb)
	if err := Migrate(tb.Context(), database, h.db); err != nil {
		tb.Fatal(err)
	}
	if _, err := h.db.ExecContext(tb.Context(), "CREATE TABLE done (ref TEXT NOT NULL, pid INTEGER NOT NULL DEFAULT 0)"); err != nil {
		tb.Fatal(err)
	}
	return h
}

func (h house) connect(tb testing.TB) *sql.DB {
	tb.Helper()
	db, err := openDB(h.database, h.dsn)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

func openDB(database, dsn string) (*sql.DB, error) {
	if database == Postgres {
		return sql.Open("pgx", dsn)
	}
	db, err := sql.Open("sqlite3", dsn)
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

// options are those of the house with retries fast enough for a test.
func (h house) options() Options {
	return Options{
		Database:  h.database,
		Writer:    h.db,
		DSN:       h.dsn,
		Logger:    slog.New(slog.DiscardHandler),
		RetryUnit: 2 * time.Millisecond,
	}
}

func open(tb testing.TB, options Options) *Queue {
	tb.Helper()
	q, err := Open(options)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(q.Close)
	return q
}

// start starts q, and stops it at the end of the test if the test has not.
func start(tb testing.TB, q *Queue) {
	tb.Helper()
	if err := q.Start(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := q.Stop(context.Background()); err != nil {
			tb.Error(err)
		}
	})
}

// enqueue asks for each id in one committed transaction.
func enqueue(tb testing.TB, q *Queue, kind string, ids ...string) {
	tb.Helper()
	tx := begin(tb, q)
	for _, id := range ids {
		if err := q.Enqueue(tb.Context(), tx, kind, id); err != nil {
			tb.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		tb.Fatal(err)
	}
}

func begin(tb testing.TB, q *Queue) *sql.Tx {
	tb.Helper()
	tx, err := q.options.Writer.BeginTx(context.WithoutCancel(tb.Context()), nil)
	if err != nil {
		tb.Fatal(err)
	}
	return tx
}

func drain(tb testing.TB, q *Queue) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), 30*time.Second)
	defer cancel()
	if err := q.Drain(ctx); err != nil {
		tb.Fatal(err)
	}
}

// await receives one value or ends the test.
func await[T any](tb testing.TB, from <-chan T, what string) T {
	tb.Helper()
	select {
	case value := <-from:
		return value
	case <-time.After(30 * time.Second):
		tb.Fatalf("waited 30 s for: %s", what)
		panic("unreachable")
	}
}

// tally counts runs by id.
type tally struct {
	mu   sync.Mutex
	runs map[string]int
}

func newTally() *tally { return &tally{runs: map[string]int{}} }

func (c *tally) add(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.runs[id]++
}

func (c *tally) of(id string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.runs[id]
}

func (c *tally) handler(_ context.Context, job Job) error {
	c.add(job.ID)
	return nil
}
