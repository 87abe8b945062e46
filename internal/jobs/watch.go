package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// deadListed is how many dead jobs are listed at most: more than a person reads.
const deadListed = 500

// ErrNotDead is wrapped by what Retry returns for a job that is not dead.
var ErrNotDead = errors.New("job is not dead")

// DeadJob is a job that will not be tried again unless a person says so.
type DeadJob struct {
	ID         int64 // of the job, for Retry
	Kind       string
	Ref        string // our row the work was about
	Attempts   int
	At         time.Time // when it died, UTC
	ErrorClass string    // of the last failure; "killed" if its process died with it
}

// DueWork is the waiting work of one kind whose time has come.
type DueWork struct {
	Kind  string
	Since time.Time // when the oldest of it could have run, UTC
}

// Dead lists dead jobs, the latest first, at most 500.
func (q *Queue) Dead(ctx context.Context) ([]DeadJob, error) {
	params := river.NewJobListParams().First(deadListed).
		States(rivertype.JobStateCancelled, rivertype.JobStateDiscarded).
		OrderBy(river.JobListOrderByFinalizedAt, river.SortOrderDesc)
	list, err := q.client.JobList(ctx, params)
	if err != nil {
		return nil, fmt.Errorf("jobs: list the dead: %w", err)
	}
	dead := make([]DeadJob, 0, len(list.Jobs))
	for _, row := range list.Jobs {
		dead = append(dead, deadJob(row))
	}
	return dead, nil
}

// Retry has a dead job tried again at once, as often as its bound still allows
// and at least once.
func (q *Queue) Retry(ctx context.Context, id int64) error {
	row, err := q.client.JobGet(ctx, id)
	if errors.Is(err, river.ErrNotFound) {
		return fmt.Errorf("jobs: retry %d: %w", id, ErrNotDead)
	}
	if err != nil {
		return fmt.Errorf("jobs: retry %d: %w", id, err)
	}
	if !isDead(row) {
		return fmt.Errorf("jobs: retry %d: %w", id, ErrNotDead)
	}
	if _, err := q.client.JobRetry(ctx, id); err != nil {
		return fmt.Errorf("jobs: retry %d: %w", id, err)
	}
	return nil
}

// Due tells, for each registered kind that has any, since when its oldest
// work waits although its time has come: the measure of forward progress.
func (q *Queue) Due(ctx context.Context) ([]DueWork, error) {
	var due []DueWork
	for name := range q.kinds {
		params := river.NewJobListParams().First(1).Queues(name).
			States(rivertype.JobStateAvailable, rivertype.JobStateRetryable, rivertype.JobStateScheduled).
			OrderBy(river.JobListOrderByScheduledAt, river.SortOrderAsc)
		list, err := q.client.JobList(ctx, params)
		if err != nil {
			return nil, fmt.Errorf("jobs: list due work: %w", err)
		}
		if len(list.Jobs) == 1 && !list.Jobs[0].ScheduledAt.After(time.Now()) {
			due = append(due, DueWork{Kind: name, Since: list.Jobs[0].ScheduledAt.UTC()})
		}
	}
	return due, nil
}

// soon is how far ahead Drain looks: River looks every 5 seconds for retries whose
// time has come.
const soon = 6 * time.Second

// Drain returns when no job is running and none would run within the next few
// seconds (retries further away than that are left alone), or when ctx ends. The
// queue must be started; it is for tests and the trial house.
func (q *Queue) Drain(ctx context.Context) error {
	const query = `SELECT count(*) FROM river_job WHERE state = 'running'
		OR state IN ('available', 'retryable', 'scheduled') AND scheduled_at < $1`
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		var busy int
		horizon := time.Now().UTC().Add(soon)
		if err := q.options.Writer.QueryRowContext(ctx, query, horizon).Scan(&busy); err != nil {
			return fmt.Errorf("jobs: drain: %w", err)
		}
		if busy == 0 {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("jobs: drain: %d jobs left: %w", busy, ctx.Err())
		}
	}
}

func (q *Queue) reportDead(events <-chan *river.Event) {
	for event := range events {
		if isDead(event.Job) {
			q.options.OnDead(deadJob(event.Job))
		}
	}
}

// isDead: River calls "discarded" what ran out of attempts, "cancelled" what
// failed permanently.
func isDead(row *rivertype.JobRow) bool {
	return row.State == rivertype.JobStateDiscarded || row.State == rivertype.JobStateCancelled
}

// riverCancelled is what River puts before the text of a permanent error.
const riverCancelled = "JobCancelError: "

func deadJob(row *rivertype.JobRow) DeadJob {
	job := DeadJob{ID: row.ID, Kind: row.Kind, Attempts: row.Attempt, ErrorClass: "killed"}
	var args payload
	if err := json.Unmarshal(row.EncodedArgs, &args); err == nil {
		job.Ref = args.Ref
	}
	if row.FinalizedAt != nil {
		job.At = row.FinalizedAt.UTC()
	}
	// A process killed in the last attempt leaves no error of that attempt.
	if last := len(row.Errors) - 1; last >= 0 && row.Errors[last].Attempt == row.Attempt {
		job.ErrorClass = strings.TrimPrefix(row.Errors[last].Error, riverCancelled)
	}
	return job
}
