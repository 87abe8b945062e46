package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"reprise/internal/pgtest"
	"reprise/internal/takedown"
)

func sqliteHouse(t *testing.T) *house {
	return newHouse(t, filepath.Join(t.TempDir(), "reprise.db"))
}

// lockedBy opens the file as another program would, and takes the writer's place.
func lockedBy(h *house) *sql.Conn {
	h.t.Helper()
	db, err := sql.Open("sqlite3", h.database)
	must(h.t, err)
	conn, err := db.Conn(h.ctx)
	must(h.t, err)
	h.t.Cleanup(func() { _ = conn.Close(); _ = db.Close() })
	_, err = conn.ExecContext(h.ctx, `BEGIN IMMEDIATE`)
	must(h.t, err)
	return conn
}

// SAFETY F7.
func TestSQLiteLockedForTooLongIsUnavailableAndShortlyIsNot(t *testing.T) {
	h := sqliteHouse(t)
	other := lockedBy(h)
	release := time.AfterFunc(300*time.Millisecond, func() { _, _ = other.ExecContext(context.WithoutCancel(h.ctx), `ROLLBACK`) })
	defer release.Stop()
	h.write(func(tx *Tx) error { return tx.SetMark("waited", "yes") })

	_, err := h.writer.ExecContext(h.ctx, `PRAGMA busy_timeout = 50`) // of its one connection
	must(t, err)
	_, err = other.ExecContext(h.ctx, `BEGIN IMMEDIATE`)
	must(t, err)
	err = h.tryWrite(func(*Tx) error {
		t.Error("it ran")
		return nil
	})
	if !errors.Is(err, ErrUnavailable) {
		t.Errorf("%v, want ErrUnavailable", err)
	}
	same(t, read(h, with((*Tx).Mark, "waited")), "yes") // readers go on
	_, err = other.ExecContext(h.ctx, `ROLLBACK`)
	must(t, err)
	h.write(func(tx *Tx) error { return tx.SetMark("after", "yes") })
}

// SAFETY decision 3. The queue of jobs begins transactions of its own there.
func TestSQLiteTransactionTakesTheWritersPlaceAtItsBegin(t *testing.T) {
	h := sqliteHouse(t)
	tx, err := h.SQL().BeginTx(h.ctx, nil)
	must(t, err)
	other, err := sql.Open("sqlite3", "file:"+h.database+"?_busy_timeout=1")
	must(t, err)
	defer other.Close()
	if _, err := other.ExecContext(h.ctx, `BEGIN IMMEDIATE`); err == nil {
		t.Error("another takes the writer's place as well")
	}
	must(t, tx.Rollback())
}

// The same with the waiting time as it is set.
func TestSQLiteIsWaitedForNotLongerThanAWriteMayTake(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	lockedBy(h)
	start := time.Now()
	err := h.tryWrite(func(*Tx) error { return nil })
	if took := time.Since(start); !errors.Is(err, ErrUnavailable) || took > WriteWithin {
		t.Errorf("%v after %v", err, took)
	}
}

// SAFETY F5, I30.
func TestSQLiteWithoutSpaceIsUnavailableAndLosesNothing(t *testing.T) {
	h := sqliteHouse(t)
	pages, err := strconv.Atoi(pragma(t, h.writer, "page_count"))
	must(t, err)
	pragma(t, h.writer, fmt.Sprintf("max_page_count = %d", pages+30))
	open := func(n int) error {
		id := strconv.Itoa(n)
		return h.tryWrite(func(tx *Tx) error {
			err := errors.Join(tx.AddCase(aCase(id), id, lock()), err2(tx.AddItem(anItem(id, id, 1), id)))
			_ = tx.AppendEvent(anEvent(id)) // whatever became of it
			return err
		})
	}
	kept := 0
	for ; err == nil; kept++ {
		err = open(kept)
	}
	kept--
	if !errors.Is(err, ErrUnavailable) || kept < 10 {
		t.Fatalf("after %d cases: %v, want ErrUnavailable", kept, err)
	}
	for n := range 20 {
		if err := open(kept + n); !errors.Is(err, ErrUnavailable) {
			t.Errorf("still full: %v", err)
		}
	}
	if count(h, "cases") != kept || count(h, "items") != kept || count(h, "events") != kept {
		t.Errorf("%d were acknowledged; %d, %d and %d are there", kept, count(h, "cases"), count(h, "items"), count(h, "events"))
	}
	pragma(t, h.writer, fmt.Sprintf("max_page_count = %d", pages+1000))
	must(t, open(kept))
	if n, err := h.Verify(h.ctx); n != int64(kept+1) || err != nil {
		t.Errorf("%d events, %v; want %d", n, err, kept+1)
	}
}

// raises makes PostgreSQL answer a code to the first times of a mark's write.
func raises(h *house, code string, times int) {
	h.t.Helper()
	_, err := h.writer.ExecContext(h.ctx, fmt.Sprintf(`
		CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF nextval('tries') <= %d THEN RAISE EXCEPTION 'refused' USING ERRCODE = '%s'; END IF;
			RETURN NEW;
		END $$;
		DROP SEQUENCE IF EXISTS tries; CREATE SEQUENCE tries;
		CREATE OR REPLACE TRIGGER refuse BEFORE INSERT ON marks FOR EACH ROW EXECUTE FUNCTION refuse()`, times, code))
	must(h.t, err)
}

// SAFETY F15: the whole function runs again.
func TestPostgreSQLAskingToTryAgainIsTriedAgain(t *testing.T) {
	h := newHouse(t, pgtest.Start(t))
	for _, code := range []string{"40001", "40P01"} {
		raises(h, code, 3)
		runs := 0
		h.write(func(tx *Tx) error {
			runs++
			return errors.Join(tx.AppendEvent(anEvent(code)), tx.SetMark(code, fmt.Sprint(runs)))
		})
		same(t, read(h, with((*Tx).Mark, code)), "4")
		raises(h, code, 100)
		if err := h.tryWrite(func(tx *Tx) error { return tx.SetMark("never", "x") }); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s without end: %v, want ErrUnavailable", code, err)
		}
	}
	if n, err := h.Verify(h.ctx); n != 2 || err != nil {
		t.Errorf("%d events, %v", n, err)
	}
}

func TestPostgreSQLFullOrFailingIsUnavailable(t *testing.T) {
	h := newHouse(t, pgtest.Start(t))
	for code, want := range map[string]bool{
		"53100": true, "53200": true, "53300": true, "57014": true, "57P03": true, "58030": true, "08006": true, "25006": true,
		"22003": false, "23502": false, "42601": false, "XX000": false,
	} {
		raises(h, code, 1)
		err := h.tryWrite(func(tx *Tx) error { return tx.SetMark(code, "x") })
		if err == nil || errors.Is(err, ErrUnavailable) != want {
			t.Errorf("%s: %v; unavailable is to be %v", code, err, want)
		}
		h.write(func(tx *Tx) error { return tx.SetMark(code, "x") })
	}
}

// writeAfterACut writes an event. An idle connection that was cut in the last
// second may be tried first; there are as many of them as places in the pool.
func (h *house) writeAfterACut(e takedown.Event) {
	h.t.Helper()
	for range 17 {
		err := h.tryWrite(func(tx *Tx) error { return tx.AppendEvent(e) })
		if err == nil {
			return
		}
		if !errors.Is(err, ErrUnavailable) {
			h.t.Errorf("after a cut: %v", err)
		}
	}
	h.t.Error("after a cut, no connection is made")
}

// SAFETY F15.
func TestPostgreSQLConnectionEndedByTheServerIsUnavailable(t *testing.T) {
	h := newHouse(t, pgtest.Start(t))
	end := func() {
		db, err := sql.Open("pgx", h.database)
		must(t, err)
		defer db.Close()
		_, err = db.ExecContext(h.ctx, `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		must(t, err)
	}
	for range 10 {
		err := h.tryWrite(func(tx *Tx) error {
			must(t, tx.AppendEvent(anEvent("lost")))
			end()
			return tx.SetMark("lost", "x")
		})
		if !errors.Is(err, ErrUnavailable) {
			t.Errorf("a write cut by the server: %v, want ErrUnavailable", err)
		}
		err = h.Read(h.ctx, func(tx *Tx) error {
			must(t, err2(tx.Cases()))
			end()
			return err2(tx.Cases())
		})
		if !errors.Is(err, ErrUnavailable) {
			t.Errorf("a read cut by the server: %v, want ErrUnavailable", err)
		}
		h.writeAfterACut(anEvent("kept"))
	}
	back := newHouse(t, h.database)
	back.keys = h.keys
	if n, err := back.Verify(h.ctx); n != 10 || err != nil || read(back, with((*Tx).Mark, "lost")) != "" {
		t.Errorf("%d events, %v", n, err)
	}
}

// wire leads to a PostgreSQL server, until it is cut.
type wire struct {
	net.Listener
	mu    sync.Mutex
	open  []net.Conn
	mute  chan struct{} // closed: nothing passes any more
	muted sync.Once
}

// wireTo gives a wire and the DSN that goes through it.
func wireTo(t *testing.T, database string) (*wire, string) {
	t.Helper()
	u, err := url.Parse(database)
	must(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	w := &wire{Listener: l, mute: make(chan struct{})}
	t.Cleanup(func() { _ = l.Close(); w.cut() })
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("unix", filepath.Join(u.Query().Get("host"), ".s.PGSQL.5432"))
			if err != nil {
				_ = near.Close()
				continue
			}
			w.mu.Lock()
			w.open = append(w.open, near, far)
			w.mu.Unlock()
			go w.pass(near, far)
			go w.pass(far, near)
		}
	}()
	return w, "postgres://postgres@" + l.Addr().String() + u.Path + "?sslmode=disable"
}

func (w *wire) pass(to io.WriteCloser, from io.Reader) {
	defer to.Close()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		select {
		case <-w.mute:
			continue
		default:
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}

// cut ends the connections there are.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.open {
		_ = c.Close()
	}
	w.open = nil
}

func TestPostgreSQLCutOffIsUnavailableUntilItIsBack(t *testing.T) {
	database := pgtest.Start(t)
	w, dsn := wireTo(t, database)
	h := newHouse(t, dsn)
	lost := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: %v, want ErrUnavailable", what, err)
		}
	}
	h.write(func(tx *Tx) error { return tx.AppendEvent(anEvent("kept")) })
	lost("cut between two statements", h.tryWrite(func(tx *Tx) error {
		must(t, tx.AppendEvent(anEvent("lost")))
		w.cut()
		return tx.SetMark("lost", "x")
	}))
	lost("cut before the commit", h.tryWrite(func(tx *Tx) error {
		must(t, tx.SetMark("lost", "x"))
		w.cut()
		return nil
	}))
	lost("cut while reading", h.Read(h.ctx, func(tx *Tx) error {
		w.cut()
		return err2(tx.Cases())
	}))
	w.cut()
	h.writeAfterACut(anEvent("kept"))

	must(t, w.Close())
	w.cut()
	lost("no server, writing", h.tryWrite(func(*Tx) error { return nil }))
	lost("no server, reading", h.Read(h.ctx, func(*Tx) error { return nil }))
	lost("no server, asked for an answer", h.Ping(h.ctx))
	_, err := Open(h.ctx, Options{Database: dsn, Keys: fixedKeys(t)})
	lost("no server, opening", err)

	back := newHouse(t, database)
	back.keys = h.keys
	if n, err := back.Verify(h.ctx); n != 2 || err != nil || read(back, with((*Tx).Mark, "lost")) != "" {
		t.Errorf("%d events, %v", n, err)
	}
}

func TestPostgreSQLThatNoLongerAnswersIsUnavailableAtTheCallersDeadline(t *testing.T) {
	w, dsn := wireTo(t, pgtest.Start(t))
	h := newHouse(t, dsn)
	must(t, h.Ping(h.ctx))
	ctx, cancel := context.WithTimeout(h.ctx, 200*time.Millisecond)
	defer cancel()
	err := h.Read(ctx, func(tx *Tx) error {
		w.muted.Do(func() { close(w.mute) })
		return err2(tx.Cases())
	})
	if !errors.Is(err, ErrUnavailable) {
		t.Errorf("%v, want ErrUnavailable", err)
	}
}

func TestRefusalsAreNotUnavailability(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for _, err := range []error{takedown.ErrConflict, takedown.ErrNotFound, takedown.Refuse(takedown.TooMany, "error.x"), context.Canceled, errors.New("a bug")} {
			for _, got := range []error{h.tryWrite(func(*Tx) error { return err }), h.Read(h.ctx, func(*Tx) error { return err })} {
				if !errors.Is(got, err) || errors.Is(got, ErrUnavailable) {
					t.Errorf("%v became %v", err, got)
				}
			}
		}
	})
}
