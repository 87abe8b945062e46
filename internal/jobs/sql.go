package jobs

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

// byRef finds the unfinished jobs of one kind and ref. River's own indexes would
// read through the whole backlog of the kind.
const byRef = `CREATE INDEX IF NOT EXISTS reprise_job_by_ref ON river_job (kind, (args->>'ref'))
	WHERE state IN ('available', 'retryable', 'scheduled', 'running')`

// Migrate brings River's tables, and our index on them, to the version this
// program needs; database is SQLite or Postgres. The caller sees to it that no
// other process migrates at the same time.
func Migrate(ctx context.Context, database string, db *sql.DB) error {
	var driver riverdriver.Driver[*sql.Tx] = riverdatabasesql.New(db)
	if database == SQLite {
		driver = riversqlite.New(db)
	}
	migrator, err := rivermigrate.New(driver, nil)
	if err != nil {
		return fmt.Errorf("jobs: migrate: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("jobs: migrate: %w", err)
	}
	if _, err := db.ExecContext(ctx, byRef); err != nil {
		return fmt.Errorf("jobs: migrate: index by ref: %w", err)
	}
	return nil
}

// Enqueue asks for work of a registered kind on the row id, in the caller's own
// transaction: if tx is rolled back, nothing was asked.
//
// If the same work (kind and id) already waits, for its first try or for a retry,
// nothing is added: the waiting job runs after tx is committed and sees what tx
// wrote. If the same work is running, a job is added, since the running one may
// have read before; it starts when that one has ended, never beside it. On
// PostgreSQL two transactions asking for the same work wait for each other, and
// the error may be a deadlock (40P01) or, in a serializable transaction, a
// conflict (40001): roll back and run the whole transaction again.
func (q *Queue) Enqueue(ctx context.Context, tx *sql.Tx, kind, id string) error {
	known, ok := q.kinds[kind]
	if !ok {
		return fmt.Errorf("jobs: enqueue %s: %w", kind, ErrUnknownKind)
	}
	waiting, err := q.waits(ctx, tx, kind, id)
	if err != nil {
		return fmt.Errorf("jobs: enqueue %s %s: %w", kind, id, err)
	}
	if waiting {
		return nil
	}
	options := &river.InsertOpts{Queue: kind, MaxAttempts: known.maxAttempts}
	if _, err := q.client.InsertTx(ctx, tx, payload{kind: kind, Ref: id}, options); err != nil {
		return fmt.Errorf("jobs: enqueue %s %s: %w", kind, id, err)
	}
	return nil
}

// waits says whether the same work waits already, and keeps it waiting until tx
// ends. SQLite needs nothing for that, as tx is its only writer. On PostgreSQL
// the first lock keeps others from adding the same work, the second keeps a
// worker from taking the row and reading before tx is committed.
func (q *Queue) waits(ctx context.Context, tx *sql.Tx, kind, id string) (bool, error) {
	query := `SELECT id FROM river_job WHERE kind = $1 AND args->>'ref' = $2
		AND state IN ('available', 'retryable', 'scheduled') LIMIT 1`
	if q.options.Database == Postgres {
		const lock = `SELECT pg_advisory_xact_lock(hashtextextended($1::text || ' ' || $2::text, 0))`
		if _, err := tx.ExecContext(ctx, lock, kind, id); err != nil {
			return false, err
		}
		query += ` FOR UPDATE`
	}
	rows, err := tx.QueryContext(ctx, query, kind, id)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}

// overlaps says whether the same work as the running job's was taken earlier and
// is running still.
func (q *Queue) overlaps(ctx context.Context, job int64) (bool, error) {
	const query = `SELECT EXISTS (SELECT 1 FROM river_job me JOIN river_job other
		ON other.kind = me.kind AND other.args->>'ref' = me.args->>'ref' AND other.state = 'running'
		WHERE me.id = $1 AND other.id <> me.id AND (other.attempted_at < me.attempted_at
		OR other.attempted_at = me.attempted_at AND other.id < me.id))`
	var found bool
	if err := q.options.Writer.QueryRowContext(ctx, query, job).Scan(&found); err != nil {
		return false, fmt.Errorf("look for the same work: %w", err)
	}
	return found, nil
}

// takeBack frees, on SQLite, the jobs a killed process left running: this is the
// only process, so all running jobs are such. One on its last attempt dies, lest
// a job that kills its process does so forever. On PostgreSQL other processes
// may be at work; River's rescuer frees jobs there after Options.RescueAfter.
func (q *Queue) takeBack(ctx context.Context) error {
	if q.options.Database != SQLite {
		return nil
	}
	const free = `UPDATE river_job SET
		state = CASE WHEN attempt < max_attempts THEN 'available' ELSE 'discarded' END,
		finalized_at = CASE WHEN attempt < max_attempts THEN NULL ELSE datetime('now', 'subsec') END
		WHERE state = 'running'`
	if _, err := q.options.Writer.ExecContext(ctx, free); err != nil {
		return fmt.Errorf("jobs: take back what a killed process left: %w", err)
	}
	return nil
}
