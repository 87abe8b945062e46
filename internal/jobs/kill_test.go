package jobs

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// childEnv holds "database dsn" in the environment of this test program started
// once more to be killed.
const (
	childEnv    = "JOBS_TEST_CHILD"
	killWorkers = 4
)

func TestMain(m *testing.M) {
	if where := os.Getenv(childEnv); where != "" {
		if err := child(where); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// child asks for work and does it until it is killed.
func child(where string) error {
	database, dsn, _ := strings.Cut(where, " ")
	db, err := openDB(database, dsn)
	if err != nil {
		return err
	}
	h := house{database: database, dsn: dsn, db: db}
	q, err := killQueue(h)
	if err != nil {
		return err
	}
	if err := q.Start(context.Background()); err != nil {
		return err
	}
	fmt.Println("started")
	for i := 0; ; i++ {
		if err := h.ask(q, fmt.Sprintf("%d-%d", os.Getpid(), i)); err != nil {
			return err
		}
		time.Sleep(time.Duration(rand.IntN(4)) * time.Millisecond) // pace of the askers
	}
}

// killQueue does one kind of work: it writes down, in a transaction of its own,
// that it was done.
func killQueue(h house) (*Queue, error) {
	options := h.options()
	options.RescueAfter = 2 * time.Second
	options.Logger = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	q, err := Open(options)
	if err != nil {
		return nil, err
	}
	// A killed attempt counts as one: the bound is far above what one job meets.
	work := KindOptions{Workers: killWorkers, Timeout: time.Second, MaxAttempts: 1000}
	q.Register("work", work, func(ctx context.Context, job Job) error {
		_, err := h.db.ExecContext(context.WithoutCancel(ctx), "INSERT INTO done VALUES ($1, $2)", job.ID, os.Getpid())
		return err
	})
	return q, nil
}

// ask writes down a request and enqueues its work, in one transaction.
func (h house) ask(q *Queue, id string) error {
	tx, err := h.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.Exec("INSERT INTO asked VALUES ($1)", id); err != nil {
		return err
	}
	if err := q.Enqueue(context.Background(), tx, "work", id); err != nil {
		return err
	}
	return tx.Commit()
}

// killOnce runs a child and kills it a random time after it has started.
func killOnce(t *testing.T, h house) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+h.database+" "+h.dsn)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	if line != "started\n" {
		_ = cmd.Process.Kill()
		t.Fatalf("the child said %q", line)
	}
	<-time.After(time.Duration(10+rand.IntN(120)) * time.Millisecond)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
}

// kills is how many processes TestSAFETY_F1 kills; more are asked for by
// JOBS_TEST_KILLS in a longer campaign.
func kills() int {
	n := 20
	_, _ = fmt.Sscan(os.Getenv("JOBS_TEST_KILLS"), &n)
	return n
}

func TestSAFETY_F1_KilledProcessesLoseNoWork(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		if _, err := h.db.Exec("CREATE TABLE asked (ref TEXT NOT NULL)"); err != nil {
			t.Fatal(err)
		}
		for range kills() {
			killOnce(t, h)
		}
		left := count(t, h, "SELECT count(*) FROM river_job WHERE state = 'running'")
		q, err := killQueue(h)
		if err != nil {
			t.Fatal(err)
		}
		defer q.Close()
		began := time.Now()
		start(t, q)
		drain(t, q)
		asked := count(t, h, "SELECT count(*) FROM asked")
		lost := count(t, h, "SELECT count(*) FROM asked WHERE ref NOT IN (SELECT ref FROM done)")
		ghosts := count(t, h, "SELECT count(*) FROM done WHERE ref NOT IN (SELECT ref FROM asked)")
		again := count(t, h, "SELECT count(*) - count(DISTINCT ref) FROM done")
		twice := count(t, h, "SELECT count(*) FROM (SELECT 1 FROM done GROUP BY ref, pid HAVING count(*) > 1) AS d")
		t.Logf("%d kills: %d asked, %d lost, %d ghosts, %d done again (%d by the same process), %d left running, caught up in %v",
			kills(), asked, lost, ghosts, again, twice, left, time.Since(began).Round(time.Millisecond))
		if asked < kills() || lost != 0 || ghosts != 0 || twice != 0 || again > kills()*killWorkers {
			t.Error("want nothing lost, no ghosts, and nothing done again but what was running when its process was killed")
		}
		if list := dead(t, q); len(list) != 0 {
			t.Errorf("%d dead, first %+v", len(list), list[0])
		}
	})
}

// On SQLite the next process need not wait for RescueAfter.
func TestKilledProcessLeavesItsJobToTheNextAtOnceOnSQLite(t *testing.T) {
	h := newHouse(t, SQLite)
	seen, q := newTally(), open(t, h.options())
	q.Register("look", KindOptions{}, seen.handler)
	leaveRunning(t, h, q, "look", 1)
	start(t, q)
	drain(t, q)
	if seen.of("a") != 1 {
		t.Errorf("runs %v, want a once", seen.runs)
	}
}

// A job that kills its process each time must end as a dead one.
func TestJobThatKillsItsProcessDiesOnSQLite(t *testing.T) {
	h := newHouse(t, SQLite)
	seen, q := newTally(), open(t, h.options())
	q.Register("poison", KindOptions{}, seen.handler)
	leaveRunning(t, h, q, "poison", defaultMaxAttempts)
	start(t, q)
	drain(t, q)
	list := dead(t, q)
	if len(list) != 1 || list[0].ErrorClass != "killed" || time.Since(list[0].At) > time.Minute || seen.of("a") != 0 {
		t.Errorf("dead %+v, runs %v; want the one job, killed just now", list, seen.runs)
	}
}

// leaveRunning leaves a job as a process does that is killed in the given attempt.
func leaveRunning(t *testing.T, h house, q *Queue, kind string, attempt int) {
	t.Helper()
	enqueue(t, q, kind, "a")
	const running = "UPDATE river_job SET state = 'running', attempt = $1, attempted_at = datetime('now', 'subsec')"
	if _, err := h.db.Exec(running, attempt); err != nil {
		t.Fatal(err)
	}
}
