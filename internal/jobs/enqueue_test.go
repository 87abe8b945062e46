package jobs

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestEnqueueRolledBackAsksForNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		seen, q := newTally(), open(t, h.options())
		q.Register("look", KindOptions{}, seen.handler)
		start(t, q)
		tx := begin(t, q)
		if err := q.Enqueue(t.Context(), tx, "look", "a"); err != nil {
			t.Fatal(err)
		}
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
		enqueue(t, q, "look", "b")
		drain(t, q)
		if seen.of("a") != 0 || seen.of("b") != 1 {
			t.Errorf("runs %v, want b once", seen.runs)
		}
	})
}

func TestEnqueueCommittedRunsOnceWithItsKindAndID(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		got := make(chan Job, 10)
		q := open(t, h.options())
		q.Register("look", KindOptions{}, func(_ context.Context, job Job) error {
			got <- job
			return nil
		})
		enqueue(t, q, "look", "item-7") // before Start: it waits
		start(t, q)
		drain(t, q)
		if want := (Job{Kind: "look", ID: "item-7", Attempt: 1}); len(got) != 1 || await(t, got, "job") != want {
			t.Errorf("%d runs, want one of %+v", len(got), want)
		}
	})
}

func TestEnqueueOfAKindNobodyDoesIsAnError(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		q := open(t, h.options())
		tx := begin(t, q)
		defer tx.Rollback()
		if err := q.Enqueue(t.Context(), tx, "lok", "a"); !errors.Is(err, ErrUnknownKind) {
			t.Errorf("got %v", err)
		}
	})
}

func TestSameWorkWaitsOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		seen, q := newTally(), open(t, h.options())
		q.Register("look", KindOptions{}, seen.handler)
		q.Register("send", KindOptions{}, seen.handler)
		enqueue(t, q, "look", "a", "a")
		enqueue(t, q, "look", "a", "b", "")
		enqueue(t, q, "look", "")
		enqueue(t, q, "send", "a")
		start(t, q)
		drain(t, q)
		if seen.of("a") != 2 || seen.of("b") != 1 || seen.of("") != 1 {
			t.Errorf("runs %v, want a twice (two kinds), b and the empty id once", seen.runs)
		}
		enqueue(t, q, "look", "a")
		drain(t, q)
		if seen.of("a") != 3 {
			t.Error("work that is done cannot be asked for again")
		}
	})
}

func TestSameWorkWaitsOnceWhileARetryIsFarAway(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		options := h.options()
		options.RetryUnit = time.Hour
		q := open(t, options)
		q.Register("look", KindOptions{}, func(context.Context, Job) error { return errors.New("host is down") })
		start(t, q)
		enqueue(t, q, "look", "a")
		drain(t, q)
		enqueue(t, q, "look", "a")
		if n := count(t, h, "SELECT count(*) FROM river_job"); n != 1 {
			t.Errorf("%d jobs, want the retry alone", n)
		}
	})
}

func TestTwoTransactionsAskingAtOnceAddOneJob(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		seen, q := newTally(), open(t, h.options())
		q.Register("look", KindOptions{}, seen.handler)
		const askers = 8
		failures := make(chan error, askers)
		for range askers {
			go func() { failures <- askOnce(q, "look", "a") }()
		}
		for range askers {
			if err := await(t, failures, "an asker"); err != nil {
				t.Error(err)
			}
		}
		if n := count(t, h, "SELECT count(*) FROM river_job"); n != 1 {
			t.Errorf("%d jobs, want 1", n)
		}
	})
}

func askOnce(q *Queue, kind, id string) error {
	tx, err := q.options.Writer.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := q.Enqueue(context.Background(), tx, kind, id); err != nil {
		return err
	}
	return tx.Commit()
}

// The worker must not take the waiting job, and read, before the transaction
// that counted on it is committed.
func TestWaitingJobSeesWhatALaterAskerWrote(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		saw := make(chan int, 10)
		q := open(t, h.options())
		q.Register("look", KindOptions{}, func(ctx context.Context, _ Job) error {
			var n int
			err := h.db.QueryRowContext(ctx, "SELECT count(*) FROM done").Scan(&n)
			saw <- n
			return err
		})
		enqueue(t, q, "look", "a")
		tx := begin(t, q)
		if err := q.Enqueue(t.Context(), tx, "look", "a"); err != nil {
			t.Fatal(err)
		}
		started := make(chan error, 1)
		go func() { started <- q.Start(context.Background()) }()
		if h.database == Postgres { // on SQLite the start itself waits for tx
			if err := await(t, started, "start"); err != nil {
				t.Fatal(err)
			}
			giveUpOn(t, saw, 500*time.Millisecond)
		}
		if _, err := tx.Exec("INSERT INTO done (ref) VALUES ('written late')"); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		if n := await(t, saw, "the job"); n != 1 {
			t.Errorf("the job saw %d rows, want 1", n)
		}
		if err := q.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

// giveUpOn gives the worker every chance to do what it must not do.
func giveUpOn(t *testing.T, saw <-chan int, after time.Duration) {
	t.Helper()
	select {
	case <-saw:
		t.Fatal("the job ran before the asker's commit")
	case <-time.After(after):
	}
}

func TestWorkAskedForWhileItRunsRunsAgainButNeverBesideItself(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		running, release := make(chan Job, 10), make(chan struct{})
		q := open(t, h.options())
		q.Register("look", KindOptions{Workers: 4}, func(context.Context, Job) error {
			running <- Job{}
			<-release
			return nil
		})
		start(t, q)
		enqueue(t, q, "look", "a")
		await(t, running, "the first run")
		enqueue(t, q, "look", "a")
		waitForState(t, h, "running", 1)
		select {
		case <-running:
			t.Error("the same work ran twice at once")
		case <-time.After(2 * overlapPause):
		}
		close(release)
		await(t, running, "the second run")
		drain(t, q)
		if len(running) != 0 {
			t.Error("a third run")
		}
	})
}

// waitForState waits until so many jobs are in a state of River's.
func waitForState(t *testing.T, h house, state string, want int) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for limit := time.Now().Add(20 * time.Second); ; <-tick.C {
		n := count(t, h, fmt.Sprintf("SELECT count(*) FROM river_job WHERE state = '%s'", state))
		if n == want {
			return
		}
		if time.Now().After(limit) {
			t.Fatalf("%d jobs %s, want %d", n, state, want)
		}
	}
}

func count(tb testing.TB, h house, query string) (n int) {
	tb.Helper()
	if err := h.db.QueryRowContext(tb.Context(), query).Scan(&n); err != nil {
		tb.Fatal(err)
	}
	return n
}
