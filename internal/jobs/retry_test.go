package jobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

// SAFETY 6.3: 1, 5, 15, 60 minutes, 4 hours, then 12 hours, 20 % more or less.
func TestSAFETY_6_3_BackoffSteps(t *testing.T) {
	steps := map[int]time.Duration{
		0: time.Minute, 1: time.Minute, 2: 5 * time.Minute, 3: 15 * time.Minute,
		4: time.Hour, 5: 4 * time.Hour, 6: 12 * time.Hour, 11: 12 * time.Hour,
	}
	b := backoff{unit: time.Minute}
	for attempt, step := range steps {
		for chance, share := range map[float64]float64{0: 0.8, 0.5: 1, 0.9999999: 1.2} {
			want := time.Duration(float64(step) * share)
			if got := b.delay(attempt, chance); (got - want).Abs() > time.Second {
				t.Errorf("after attempt %d at chance %v: %v, want %v", attempt, chance, got, want)
			}
		}
	}
}

func TestFailedJobIsTriedAgainUntilItSucceeds(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		attempts := make(chan int, 20)
		q := open(t, h.options())
		q.Register("send", KindOptions{}, func(_ context.Context, job Job) error {
			attempts <- job.Attempt
			if job.Attempt < 4 {
				return errors.New("mail server is down")
			}
			return nil
		})
		start(t, q)
		enqueue(t, q, "send", "a")
		drain(t, q)
		for want := 1; want <= 4; want++ {
			if got := await(t, attempts, "an attempt"); got != want {
				t.Errorf("attempt %d, want %d", got, want)
			}
		}
		if len(attempts) != 0 || len(dead(t, q)) != 0 {
			t.Errorf("%d more attempts, %d dead", len(attempts), len(dead(t, q)))
		}
	})
}

func TestFailedJobWaitsForItsBackoff(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		options := h.options()
		options.RetryUnit = 500 * time.Millisecond
		times := make(chan time.Time, 20)
		q := open(t, options)
		q.Register("send", KindOptions{}, func(_ context.Context, job Job) error {
			times <- time.Now()
			if job.Attempt < 2 {
				return errors.New("mail server is down")
			}
			return nil
		})
		start(t, q)
		enqueue(t, q, "send", "a")
		first, second := await(t, times, "the first"), await(t, times, "the second")
		if pause := second.Sub(first); pause < 400*time.Millisecond || pause > 3*time.Second {
			t.Errorf("came back after %v, want 400 ms or a little more", pause)
		}
	})
}

// classy is an error that names its class and carries what no one may store.
type classy struct{}

func (classy) Error() string { return "550 no such user jeanne@example.org" }
func (classy) Class() string { return "smtp 550" }

func TestSAFETY_6_3_JobIsDeadAfterItsBound(t *testing.T) {
	cases := map[string]struct {
		fail     func() error
		attempts int
		class    string
	}{
		"fails":     {func() error { return fmt.Errorf("send to jeanne@example.org: %w", classy{}) }, 12, "smtp 550"},
		"plain":     {func() error { return errors.New("jeanne@example.org") }, 12, "*errors.errorString"},
		"permanent": {func() error { return fmt.Errorf("send: %w", Permanent(classy{})) }, 1, "smtp 550"},
		"panics":    {func() error { panic("jeanne@example.org") }, 12, "panic: string"},
		"runtime":   {func() error { var m map[string]int; m["jeanne"] = 1; return nil }, 12, "panic: assignment to entry in nil map"}, //nolint:staticcheck // the panic is the point
	}
	onBoth(t, func(t *testing.T, h house) {
		var written syncBuffer
		options := h.options()
		options.RetryUnit = 10 * time.Microsecond
		options.Logger = slog.New(slog.NewTextHandler(&written, &slog.HandlerOptions{Level: slog.LevelDebug}))
		told := make(chan DeadJob, len(cases))
		options.OnDead = func(job DeadJob) { told <- job }
		q := open(t, options)
		for name, c := range cases {
			q.Register(name, KindOptions{}, func(context.Context, Job) error { return c.fail() })
		}
		start(t, q)
		before := time.Now().Add(-time.Second)
		for name := range cases {
			enqueue(t, q, name, "row-1")
		}
		drain(t, q)
		for _, job := range dead(t, q) {
			c := cases[job.Kind]
			if job.Attempts != c.attempts || job.ErrorClass != c.class || job.Ref != "row-1" || job.At.Before(before) {
				t.Errorf("%+v, want %d attempts, class %q", job, c.attempts, c.class)
			}
			if again := await(t, told, "the alarm"); cases[again.Kind].class != again.ErrorClass {
				t.Errorf("alarm of %+v", again)
			}
		}
		if n := len(dead(t, q)); n != len(cases) {
			t.Errorf("%d dead, want %d", n, len(cases))
		}
		for where, text := range map[string]string{"log": written.String(), "database": stored(t, h)} {
			if strings.Contains(text, "jeanne") {
				t.Errorf("personal data in the %s: %s", where, text)
			}
		}
		if !strings.Contains(written.String(), "job is dead and waits for a person") {
			t.Error("no word of the dead in the log")
		}
	})
}

func dead(t *testing.T, q *Queue) []DeadJob {
	t.Helper()
	list, err := q.Dead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// stored is all that is kept of errors, as text.
func stored(t *testing.T, h house) string {
	t.Helper()
	query := "SELECT coalesce(string_agg(errors::text, ' '), '') FROM river_job"
	if h.database == SQLite {
		query = "SELECT coalesce(group_concat(json(errors), ' '), '') FROM river_job"
	}
	var text string
	if err := h.db.QueryRowContext(t.Context(), query).Scan(&text); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text, "smtp 550") {
		t.Fatalf("the query finds no errors: %q", text)
	}
	return text
}

// syncBuffer is written to by several goroutines.
type syncBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func TestSnoozeIsNoFailureAndNoAttempt(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		attempts := make(chan int, 20)
		q := open(t, h.options())
		q.Register("look", KindOptions{MaxAttempts: 1}, func(_ context.Context, job Job) error {
			attempts <- job.Attempt
			if len(attempts) < 3 {
				return fmt.Errorf("host is busy: %w", Snooze(time.Millisecond))
			}
			return nil
		})
		start(t, q)
		enqueue(t, q, "look", "a")
		drain(t, q)
		for range 3 {
			if got := await(t, attempts, "a run"); got != 1 {
				t.Errorf("attempt %d, want 1", got)
			}
		}
		if len(dead(t, q)) != 0 {
			t.Error("the job died of snoozing")
		}
	})
}

func TestJobOverItsTimeoutIsCutOffAndCounted(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		q := open(t, h.options())
		q.Register("look", KindOptions{Timeout: 20 * time.Millisecond, MaxAttempts: 2}, func(ctx context.Context, _ Job) error {
			<-ctx.Done()
			return ctx.Err()
		})
		start(t, q)
		enqueue(t, q, "look", "a")
		drain(t, q)
		list := dead(t, q)
		if len(list) != 1 || list[0].Attempts != 2 || list[0].ErrorClass != "timeout" {
			t.Errorf("dead %+v, want one after 2 timeouts", list)
		}
	})
}

func TestDeadJobCanBeRetriedByAPerson(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		for _, bound := range []int{1, 12} { // out of attempts, and permanent with attempts left
			q := open(t, h.options())
			cured := make(chan struct{})
			q.Register("send", KindOptions{MaxAttempts: bound}, func(context.Context, Job) error {
				select {
				case <-cured:
					return nil
				default:
					return Permanent(classy{})
				}
			})
			start(t, q)
			enqueue(t, q, "send", "a")
			drain(t, q)
			list := dead(t, q)
			if len(list) != 1 {
				t.Fatalf("%d dead, want 1", len(list))
			}
			close(cured)
			if err := q.Retry(t.Context(), list[0].ID); err != nil {
				t.Fatal(err)
			}
			drain(t, q)
			if n := len(dead(t, q)); n != 0 {
				t.Errorf("%d dead after the retry", n)
			}
			if err := q.Retry(t.Context(), list[0].ID); !errors.Is(err, ErrNotDead) {
				t.Errorf("retry of a job that is done: %v", err)
			}
			if err := q.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestDueTellsSinceWhenTheOldestWorkOfEachKindWaits(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		options := h.options()
		options.RetryUnit = time.Hour
		q := open(t, options)
		fail := func(context.Context, Job) error { return errors.New("not now") }
		q.Register("later", KindOptions{}, fail)
		start(t, q)
		enqueue(t, q, "later", "a")
		drain(t, q)
		if err := q.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		q.Register("now", KindOptions{}, fail)
		from := time.Now().Add(-time.Second)
		enqueue(t, q, "now", "a")
		until := time.Now().Add(time.Second)
		enqueue(t, q, "now", "b")
		due, err := q.Due(t.Context())
		if err != nil || len(due) != 1 || due[0].Kind != "now" {
			t.Fatalf("due %+v, %v; want kind now alone", due, err)
		}
		if since := due[0].Since; since.Before(from) || since.After(until) {
			t.Errorf("since %v, want between %v and %v", since, from, until)
		}
	})
}
