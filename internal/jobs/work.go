package jobs

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
)

// payload is all that is stored of a job besides its kind.
type payload struct {
	kind string
	Ref  string `json:"ref"`
}

func (p payload) Kind() string { return p.kind }

// kind is what Register was told, defaults filled in.
type kind struct {
	timeout     time.Duration
	maxAttempts int
	workers     int
	handler     Handler
}

// worker runs the jobs of one kind for River.
type worker struct {
	river.WorkerDefaults[payload]
	queue *Queue
	name  string
	kind  kind
}

// overlapPause is how long a job waits for the same work to end elsewhere.
const overlapPause = 200 * time.Millisecond

func (w *worker) Timeout(*river.Job[payload]) time.Duration { return w.kind.timeout }

// Work runs one attempt and translates how it ended.
func (w *worker) Work(ctx context.Context, row *river.Job[payload]) error {
	overlaps, err := w.queue.overlaps(ctx, row.ID)
	if err != nil {
		return w.failed(ctx, row, err)
	}
	if overlaps {
		return river.JobSnooze(overlapPause)
	}
	err = w.handle(ctx, Job{Kind: w.name, ID: row.Args.Ref, Attempt: row.Attempt})
	var snooze snoozeError
	switch {
	case err == nil:
		w.complete(ctx, row)
		return nil
	case errors.As(err, &snooze):
		return river.JobSnooze(snooze.after)
	}
	return w.failed(ctx, row, err)
}

// handle calls the handler and turns a panic into an error. The stack is logged
// without the panic's value and shows no arguments but numbers.
func (w *worker) handle(ctx context.Context, job Job) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = panicError{value}
			w.queue.options.Logger.ErrorContext(ctx, "job panicked", "kind", job.Kind,
				"ref", job.ID, "class", class(err), "stack", string(debug.Stack()))
		}
	}()
	return w.kind.handler(ctx, job)
}

// complete marks the job as done before the worker turns to the next one. River
// alone would do so up to 250 ms later, and a process killed in between would
// find the work of all that time to do again. If it fails, River still tries.
func (w *worker) complete(ctx context.Context, row *river.Job[payload]) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	if err := w.completeTx(ctx, row); err != nil {
		w.log(ctx, slog.LevelWarn, "job is done but could not be marked so yet", row, err)
	}
}

func (w *worker) completeTx(ctx context.Context, row *river.Job[payload]) error {
	tx, err := w.queue.options.Writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := river.JobCompleteTx[riverdriver.Driver[*sql.Tx]](ctx, tx, row); err != nil {
		return err
	}
	return tx.Commit()
}

// failed logs the failure and hands River no more than its class.
func (w *worker) failed(ctx context.Context, row *river.Job[payload], err error) error {
	permanent := errors.As(err, new(permanentError))
	switch {
	case errors.Is(ctx.Err(), context.Canceled) && errors.Is(err, context.Canceled):
		w.log(ctx, slog.LevelInfo, "job interrupted by the stop, will be run again", row, err)
	case permanent || row.Attempt >= row.MaxAttempts:
		w.log(ctx, slog.LevelError, "job is dead and waits for a person", row, err)
	default:
		w.log(ctx, slog.LevelWarn, "job failed, will be tried again", row, err)
	}
	if permanent {
		return river.JobCancel(classified{err})
	}
	return classified{err}
}

func (w *worker) log(ctx context.Context, level slog.Level, text string, row *river.Job[payload], err error) {
	w.queue.options.Logger.Log(ctx, level, text, "kind", w.name, "job", row.ID,
		"ref", row.Args.Ref, "attempt", row.Attempt, "class", class(err))
}
