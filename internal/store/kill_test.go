package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"reprise/internal/secret"
)

// What this test program does when it is started once more, as another process.
const (
	childServes   = "STORE_TEST_SERVES"   // a file: open it, and tell by the exit code
	childSubmits  = "STORE_TEST_SUBMITS"  // a database: submit without end, tell each acknowledged id
	childKey      = "STORE_TEST_KEY"      // the file of its keys
	childNumbered = "STORE_TEST_NUMBERED" // the first id
)

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(childServes) != "":
		os.Exit(serve(os.Getenv(childServes)))
	case os.Getenv(childSubmits) != "":
		fmt.Println(submitWithoutEnd(os.Getenv(childSubmits)))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func serve(file string) int {
	keys, err := secret.LoadKeys(os.Getenv(childKey))
	if err != nil {
		fmt.Println(err)
		return 2
	}
	kept, err := Open(context.Background(), Options{Database: file, Keys: keys})
	if err != nil {
		fmt.Println(err)
		return 3
	}
	_ = kept.Close()
	return 0
}

func submitWithoutEnd(database string) error {
	keys, err := secret.LoadKeys(os.Getenv(childKey))
	if err != nil {
		return err
	}
	kept, err := Open(context.Background(), Options{Database: database, Keys: keys})
	if err != nil {
		return err
	}
	first, err := strconv.Atoi(os.Getenv(childNumbered))
	if err != nil {
		return err
	}
	for n := first; ; n++ {
		id := strconv.Itoa(n)
		err := kept.Write(context.Background(), func(_ context.Context, tx *Tx) error {
			return errors.Join(tx.AddCase(aCase(id), id, lock()), err2(tx.AddItem(anItem(id, id, 1), id)), tx.AppendEvent(anEvent(id)))
		})
		if err != nil {
			return err
		}
		fmt.Println(id)
	}
}

// SAFETY F1, I1: what was acknowledged is there after kill -9, whole; what was
// not is there whole or not at all.
func TestKilledProcessLosesNothingItAcknowledged(t *testing.T) {
	onEach(t, func(t *testing.T, database string) {
		key := filepath.Join(t.TempDir(), "key")
		must(t, secret.CreateKeys(key))
		keys, err := secret.LoadKeys(key)
		must(t, err)
		acknowledged := map[string]bool{}
		for round := range 10 {
			submitAndKill(t, database, key, round, acknowledged)
		}
		kept, err := Open(t.Context(), Options{Database: database, Keys: keys})
		must(t, err)
		h := &house{Store: kept, t: t, ctx: t.Context(), database: database}
		defer func() { must(t, kept.Close()) }()
		for id := range acknowledged {
			same(t, read(h, with((*Tx).CaseByID, id)), aCase(id))
			same(t, read(h, with((*Tx).ItemByID, id)), anItem(id, id, 1))
		}
		n := count(h, "cases")
		if n < len(acknowledged) || n > len(acknowledged)+10 || count(h, "items") != n {
			t.Errorf("%d acknowledged, %d cases, %d items", len(acknowledged), n, count(h, "items"))
		}
		if events, err := h.Verify(t.Context()); events != int64(n) || err != nil {
			t.Errorf("%d events for %d cases, %v", events, n, err)
		}
	})
}

// submitAndKill lets a process submit a few cases and kills it in the next one.
func submitAndKill(t *testing.T, database, key string, round int, acknowledged map[string]bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childSubmits+"="+database, childKey+"="+key, childNumbered+"="+strconv.Itoa(10000*(round+1)))
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		if _, err := strconv.Atoi(lines.Text()); err != nil {
			t.Fatalf("the process says %q", lines.Text())
		}
		acknowledged[strings.Clone(lines.Text())] = true
		if n == 3+round {
			must(t, cmd.Process.Kill())
		}
	}
	_ = cmd.Wait() // killed
	if len(acknowledged) < round {
		t.Fatalf("%d were acknowledged in round %d", len(acknowledged), round)
	}
}
