package jobs

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"
)

func ids(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("row-%d", i)
	}
	return list
}

// On PostgreSQL two queues with pools of their own stand for two processes; on
// SQLite there is one process by rule (SAFETY 6.2).
func TestNoJobRunsTwiceWithSeveralWorkersAndProcesses(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		seen := newTally()
		all := ids(1000)
		processes := []house{h}
		if h.database == Postgres {
			other := h
			other.db = h.connect(t)
			processes = append(processes, other)
		}
		var last *Queue
		for i, p := range processes {
			last = open(t, p.options())
			last.Register("look", KindOptions{Workers: 8}, seen.handler)
			if i == 0 {
				enqueue(t, last, "look", all...)
			}
			start(t, last)
		}
		drain(t, last)
		for _, id := range all {
			if n := seen.of(id); n != 1 {
				t.Errorf("%s ran %d times", id, n)
			}
		}
	})
}

func TestBlockedKindStarvesNoOther(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		release, looked := make(chan struct{}), make(chan struct{}, 1)
		q := open(t, h.options())
		q.Register("send", KindOptions{Workers: 3}, func(context.Context, Job) error {
			<-release
			return nil
		})
		q.Register("look", KindOptions{}, func(context.Context, Job) error {
			looked <- struct{}{}
			return nil
		})
		start(t, q)
		defer close(release)
		enqueue(t, q, "send", ids(50)...)
		waitForState(t, h, "running", 3)
		enqueue(t, q, "look", "a")
		await(t, looked, "the other kind")
	})
}

func TestStopWaitsForWhatIsRunningAndTakesNothingNew(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		running, release, stopped := make(chan struct{}, 9), make(chan struct{}), make(chan error, 1)
		seen, q := newTally(), open(t, h.options())
		q.Register("send", KindOptions{}, func(ctx context.Context, job Job) error {
			running <- struct{}{}
			<-release
			seen.add(job.ID)
			return ctx.Err()
		})
		start(t, q)
		enqueue(t, q, "send", "a", "b")
		await(t, running, "the first job")
		go func() { stopped <- q.Stop(context.Background()) }()
		select {
		case <-stopped:
			t.Fatal("stopped while a job was running")
		case <-time.After(200 * time.Millisecond):
		}
		close(release)
		if err := await(t, stopped, "stop"); err != nil {
			t.Fatal(err)
		}
		if seen.of("a") != 1 || seen.of("b") != 0 {
			t.Errorf("runs %v, want a alone", seen.runs)
		}
		waitForState(t, h, "completed", 1)
		waitForState(t, h, "available", 1)
	})
}

func TestStopOutOfPatienceInterruptsAndTheJobRunsAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		running, attempts := make(chan struct{}, 9), make(chan int, 9)
		q := open(t, h.options())
		q.Register("send", KindOptions{MaxAttempts: 1}, func(ctx context.Context, job Job) error {
			attempts <- job.Attempt
			if len(attempts) > 1 {
				return nil
			}
			running <- struct{}{}
			<-ctx.Done()
			return fmt.Errorf("send: %w", ctx.Err())
		})
		start(t, q)
		enqueue(t, q, "send", "a")
		await(t, running, "the job")
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := q.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		start(t, q)
		drain(t, q)
		if first, second := await(t, attempts, "first"), await(t, attempts, "second"); first != 1 || second != 1 {
			t.Errorf("attempts %d and %d: being stopped is no failure", first, second)
		}
	})
}

func TestStopSaysThatAJobWillNotEnd(t *testing.T) {
	h := newHouse(t, SQLite)
	running, release := make(chan struct{}, 9), make(chan struct{})
	q := open(t, h.options())
	q.Register("send", KindOptions{}, func(context.Context, Job) error {
		running <- struct{}{}
		<-release
		return nil
	})
	start(t, q)
	enqueue(t, q, "send", "a")
	await(t, running, "the job")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	began := time.Now()
	err := q.Stop(ctx)
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 2*stopGrace {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
	close(release)
}

func TestCommittedJobStartsAtOnceWhenIdle(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		started := make(chan time.Time, 1)
		q := open(t, h.options())
		for _, name := range []string{"look", "send", "tell", "plan"} {
			q.Register(name, KindOptions{}, func(context.Context, Job) error {
				started <- time.Now()
				return nil
			})
		}
		start(t, q)
		const rounds = 10
		var worst, sum time.Duration
		for i := range rounds {
			<-time.After(70 * time.Millisecond) // the house is idle
			enqueue(t, q, "look", fmt.Sprint(i))
			committed := time.Now()
			wait := await(t, started, "a job").Sub(committed)
			worst, sum = max(worst, wait), sum+wait
		}
		t.Logf("started after %v on average, %v at worst", sum/rounds, worst)
		// Without notifications it would be what is left of fetchPoll after the pause: 130 ms.
		if sum/rounds > 100*time.Millisecond {
			t.Errorf("started after %v on average, want 100 ms at most", sum/rounds)
		}
	})
}

func TestWorkersOnSQLiteAreEightAtMostAndEveryKindHasOne(t *testing.T) {
	cases := []struct {
		database string
		asked    map[string]int
		given    map[string]int
	}{
		{SQLite, map[string]int{"a": 3, "b": 5}, map[string]int{"a": 3, "b": 5}},
		{SQLite, map[string]int{"a": 2, "b": 20, "c": 0}, map[string]int{"a": 2, "b": 5, "c": 1}},
		{SQLite, map[string]int{"a": 9, "b": 9}, map[string]int{"a": 4, "b": 4}},
		{SQLite, map[string]int{"a": 2, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1, "g": 1, "h": 1, "i": 3},
			map[string]int{"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1, "g": 1, "h": 1, "i": 1}},
		{Postgres, map[string]int{"a": 9, "b": 9}, map[string]int{"a": 9, "b": 9}},
	}
	for _, c := range cases {
		q := &Queue{options: Options{Database: c.database}, kinds: map[string]kind{}}
		for name, workers := range c.asked {
			q.Register(name, KindOptions{Workers: workers}, nil)
		}
		if got := q.workerShare(); !maps.Equal(got, c.given) {
			t.Errorf("%s %v: given %v, want %v", c.database, c.asked, got, c.given)
		}
	}
}

func TestOpenRefusesWhatItCannotWorkWith(t *testing.T) {
	h := newHouse(t, SQLite)
	for name, spoil := range map[string]func(*Options){
		"no database": func(o *Options) { o.Database = "mysql" },
		"no pool":     func(o *Options) { o.Writer = nil },
		"no logger":   func(o *Options) { o.Logger = nil },
		"bad DSN":     func(o *Options) { o.Database, o.DSN = Postgres, "postgres://u:secret@[::1" },
	} {
		options := h.options()
		spoil(&options)
		if q, err := Open(options); err == nil {
			q.Close()
			t.Errorf("%s: opened", name)
		}
	}
}

func TestMigrateTwiceChangesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		if err := Migrate(t.Context(), h.database, h.db); err != nil {
			t.Error(err)
		}
	})
}
