package pgtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// childEnv names, in the environment of this test program started once more,
// how that child ends after it has started a cluster.
const childEnv = "PGTEST_CHILD_ENDS_BY"

func TestMain(m *testing.M) {
	if how := os.Getenv(childEnv); how != "" {
		child(how)
	}
	os.Exit(m.Run())
}

func child(how string) {
	server, err := sharedCluster()
	if err != nil {
		panic(err)
	}
	fmt.Println(server.socket)
	switch how {
	case "panic":
		panic("the test broke")
	case "kill":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
	os.Exit(0)
}

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func TestStartGivesEachCallAnEmptyDatabaseOfItsOwn(t *testing.T) {
	first, second := connect(t, Start(t)), connect(t, Start(t))
	if _, err := first.Exec(t.Context(), "CREATE TABLE only_here (id text)"); err != nil {
		t.Fatal(err)
	}
	const count = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
	for name, want := range map[*pgx.Conn]int{first: 1, second: 0} {
		var got int
		if err := name.QueryRow(t.Context(), count).Scan(&got); err != nil || got != want {
			t.Errorf("tables: %d, %v; want %d", got, err, want)
		}
	}
}

func TestStartDropsTheDatabaseAtTheEndOfTheTest(t *testing.T) {
	var gone string
	t.Run("inner", func(t *testing.T) {
		gone = Start(t)
		connect(t, gone)
	})
	if conn, err := pgx.Connect(t.Context(), gone); err == nil {
		_ = conn.Close(t.Context())
		t.Error("the database is still there")
	}
}

func TestClusterListensOnNoNetworkAddress(t *testing.T) {
	conn := connect(t, Start(t))
	var addresses string
	if err := conn.QueryRow(t.Context(), "SHOW listen_addresses").Scan(&addresses); err != nil || addresses != "" {
		t.Errorf("listen_addresses = %q, %v", addresses, err)
	}
}

func TestClusterOutlivesGarbageCollection(t *testing.T) {
	conn := connect(t, Start(t))
	for range 3 {
		runtime.GC() // an unreferenced pipe is closed by its finalizer
	}
	// The server, if told to stop, cuts a waiting statement off within this second.
	if _, err := conn.Exec(t.Context(), "SELECT pg_sleep(1)"); err != nil {
		t.Error(err)
	}
}

func TestClusterLeavesNothingHoweverItsProcessEnds(t *testing.T) {
	for _, how := range []string{"exit", "panic", "kill"} {
		t.Run(how, func(t *testing.T) {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), childEnv+"="+how)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(out).ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // its exit status is the point of the case
			waitUntilGone(t, strings.TrimSpace(line))
		})
	}
}

// waitUntilGone waits for the folder to go: it is removed after the server
// has stopped, so its absence proves both.
func waitUntilGone(t *testing.T, dir string) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(20 * time.Second)
	for {
		if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
			return
		}
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("%s is still there", dir)
		}
	}
}
