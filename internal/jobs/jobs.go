// Package jobs runs background work that was asked for in a database
// transaction, on SQLite and PostgreSQL. It wraps River, which the rest of the
// program does not see.
//
// A job is a kind and the id of the row it is about, never personal data. It is
// kept at least until it has run once to its end: a worker that is killed leaves
// its job to be run again, so work must be idempotent. Enqueue says when two
// requests for the same work become one. Business time (next look, deadline)
// lives in our own rows; only retries are scheduled here.
package jobs

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
)

// The two values of Options.Database.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

const (
	fetchCooldown = 5 * time.Millisecond
	// A notification announces each new job; polling only finds those whose
	// notification was lost or came before their commit.
	fetchPoll = 200 * time.Millisecond
	// Finished jobs hold nothing anyone reads later. Dead ones stay (-1) until a
	// person has seen to them.
	keepFinished = time.Hour
	keepDead     = -1
)

// ErrUnknownKind is wrapped by what Enqueue returns for a kind that was not registered.
var ErrUnknownKind = errors.New("job kind is not registered")

// Job is one piece of work, as its handler sees it.
type Job struct {
	Kind    string
	ID      string // our row the work is about; empty if it is about none
	Attempt int    // 1 at the first try
}

// Handler does the work of one kind. It runs under the kind's timeout. An error
// or a panic is a failed attempt, to be tried again later; see Permanent and Snooze.
type Handler func(ctx context.Context, job Job) error

// KindOptions says how the jobs of one kind are run. Zero values mean the defaults.
type KindOptions struct {
	Timeout     time.Duration // of one attempt; 1 minute
	MaxAttempts int           // then the job is dead; 12
	Workers     int           // jobs of this kind at once in this process; 1
}

// Options says where jobs are kept and how failures are treated.
type Options struct {
	// Database is SQLite or Postgres.
	Database string
	// Writer is SQLite's single-connection writer pool, or a pgx/stdlib pool
	// whose default isolation is read committed.
	Writer *sql.DB
	// DSN (PostgreSQL only) opens one further connection to listen for new jobs.
	DSN    string
	Logger *slog.Logger
	// RetryUnit is the first step of the backoff; 1 minute.
	RetryUnit time.Duration
	// RescueAfter is how long a job may be running before, on PostgreSQL, its
	// process is taken for dead, if the kind's timeout has passed too; 1 minute.
	// It is looked at every 30 seconds. SQLite has one process, which takes all
	// running jobs back when it starts.
	RescueAfter time.Duration
	// OnDead, if set, is told of each job that died in this process, after the
	// fact is committed. It may miss one when the process is killed: Dead is the truth.
	OnDead func(DeadJob)
}

// Queue holds the kinds of work and, between Start and Stop, does it. Its
// methods may be called from several goroutines; Register only before Start.
type Queue struct {
	options Options
	driver  riverdriver.Driver[*sql.Tx]
	client  *river.Client[*sql.Tx] // enqueues and lists
	kinds   map[string]kind
	listen  *pgxpool.Pool // PostgreSQL only

	mu     sync.Mutex
	worker *river.Client[*sql.Tx] // nil unless started
}

// Open prepares a queue on a database that Migrate has been run on. It does not
// connect yet. Close ends it.
func Open(options Options) (*Queue, error) {
	options.RetryUnit = cmp.Or(options.RetryUnit, time.Minute)
	options.RescueAfter = cmp.Or(options.RescueAfter, time.Minute)
	if options.Writer == nil || options.Logger == nil {
		return nil, errors.New("jobs: open: Writer and Logger must be given")
	}
	q := &Queue{options: options, kinds: map[string]kind{}}
	if err := q.openDriver(); err != nil {
		return nil, fmt.Errorf("jobs: open: %w", err)
	}
	client, err := river.NewClient(q.driver, &river.Config{
		Logger:        riverLogger(options.Logger),
		FetchCooldown: fetchCooldown,
	})
	if err != nil {
		q.Close()
		return nil, fmt.Errorf("jobs: open: %w", err)
	}
	q.client = client
	return q, nil
}

func (q *Queue) openDriver() error {
	switch q.options.Database {
	case SQLite:
		q.driver = riversqlite.New(q.options.Writer)
		return nil
	case Postgres:
		config, err := pgxpool.ParseConfig(q.options.DSN)
		if err != nil {
			return errors.New("the PostgreSQL DSN is malformed") // the error would quote it, password included
		}
		config.MaxConns = 1
		if q.listen, err = pgxpool.NewWithConfig(context.Background(), config); err != nil {
			return err
		}
		q.driver = riverdatabasesql.NewWithPgxListener(q.options.Writer, q.listen)
		return nil
	}
	return fmt.Errorf("database %q is neither %q nor %q", q.options.Database, SQLite, Postgres)
}

// Close frees what Open took. Call it after Stop.
func (q *Queue) Close() {
	if q.listen != nil {
		q.listen.Close()
	}
}

// Register names a kind of work and who does it. Each kind has a queue of its
// own, so that no kind can starve another. A name has two letters or more (digits,
// "_" and "-" are allowed too). It panics on a kind registered twice.
func (q *Queue) Register(name string, options KindOptions, handler Handler) {
	if _, twice := q.kinds[name]; twice {
		panic("jobs: kind registered twice: " + name)
	}
	q.kinds[name] = kind{
		timeout:     cmp.Or(options.Timeout, time.Minute),
		maxAttempts: cmp.Or(options.MaxAttempts, defaultMaxAttempts),
		workers:     cmp.Or(options.Workers, 1),
		handler:     handler,
	}
}

// Start begins to work. ctx bounds the start alone; Stop ends the work.
func (q *Queue) Start(ctx context.Context) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.worker != nil {
		return errors.New("jobs: start: already started")
	}
	if err := q.takeBack(ctx); err != nil {
		return err
	}
	worker, err := river.NewClient(q.driver, q.workerConfig())
	if err != nil {
		return fmt.Errorf("jobs: start: %w", err)
	}
	if q.options.OnDead != nil {
		events, _ := worker.Subscribe(river.EventKindJobFailed, river.EventKindJobCancelled)
		go q.reportDead(events) // ends when the worker stops
	}
	if err := worker.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("jobs: start: %w", err)
	}
	q.worker = worker
	return nil
}

func (q *Queue) workerConfig() *river.Config {
	workers := river.NewWorkers()
	queues := map[string]river.QueueConfig{}
	share := q.workerShare()
	for name, kind := range q.kinds {
		river.AddWorkerArgs(workers, payload{kind: name}, &worker{queue: q, name: name, kind: kind})
		queues[name] = river.QueueConfig{MaxWorkers: share[name]}
	}
	return &river.Config{
		Logger:                      riverLogger(q.options.Logger),
		Workers:                     workers,
		Queues:                      queues,
		FetchCooldown:               fetchCooldown,
		FetchPollInterval:           fetchPoll,
		RetryPolicy:                 backoff{unit: q.options.RetryUnit},
		JobTimeout:                  q.options.RescueAfter, // each kind has its own; River wants this one no longer than the next
		RescueStuckJobsAfter:        q.options.RescueAfter,
		CompletedJobRetentionPeriod: keepFinished,
		CancelledJobRetentionPeriod: keepDead,
		DiscardedJobRetentionPeriod: keepDead,
	}
}

// sqliteWorkers bounds the workers of all kinds together on SQLite, where they
// share one writing connection: with 100 of them a writer was seen to wait 1.3 s.
const sqliteWorkers = 8

// workerShare gives each kind its workers. On SQLite the kinds with most of them
// give some up until the bound is kept; every kind keeps one.
func (q *Queue) workerShare() map[string]int {
	share := map[string]int{}
	total := 0
	for name, kind := range q.kinds {
		share[name] = kind.workers
		total += kind.workers
	}
	if q.options.Database != SQLite {
		return share
	}
	for ; total > max(sqliteWorkers, len(share)); total-- {
		share[largest(share)]--
	}
	return share
}

func largest(share map[string]int) string {
	best := ""
	for name := range maps.Keys(share) {
		if best == "" || share[name] > share[best] || share[name] == share[best] && name < best {
			best = name
		}
	}
	return best
}

// Stop takes no new work and waits for what is running. When ctx ends first, the
// contexts of the running jobs are cancelled: they have stopGrace to return and
// are run again later. The error says that some did not even then.
func (q *Queue) Stop(ctx context.Context) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.worker == nil {
		return nil
	}
	err := q.worker.Stop(ctx)
	if err != nil {
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopGrace)
		defer cancel()
		err = q.worker.StopAndCancel(grace)
	}
	if err != nil {
		return fmt.Errorf("jobs: stop: some jobs did not end: %w", err)
	}
	q.worker = nil
	return nil
}

const stopGrace = 5 * time.Second
