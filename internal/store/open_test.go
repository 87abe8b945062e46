package store

import (
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"reprise/internal/pgtest"
)

func pragma(t *testing.T, db *sqlx.DB, name string) string {
	t.Helper()
	var got string
	must(t, db.GetContext(t.Context(), &got, "PRAGMA "+name))
	return got
}

// SAFETY decision 1.
func TestSQLiteRunsWithTheSettingsThatKeepWhatWasAcknowledged(t *testing.T) {
	h := newHouse(t, filepath.Join(t.TempDir(), "reprise.db"))
	for name, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1", "busy_timeout": "10000",
	} {
		if got := pragma(t, h.writer, name); got != want {
			t.Errorf("the writer has %s=%s, want %s", name, got, want)
		}
	}
	if got := pragma(t, h.reader, "query_only"); got != "1" {
		t.Errorf("the reader has query_only=%s", got)
	}
	if h.Database() != "sqlite" {
		t.Errorf("the database is called %q", h.Database())
	}
}

// SAFETY decision 1: the program refuses to run otherwise.
func TestSQLiteWithAnyOtherSettingIsRefused(t *testing.T) {
	d := dialectOf("reprise.db")
	dsn := d.writerDSN(filepath.Join(t.TempDir(), "reprise.db"))
	for _, c := range []struct{ instead, of, told string }{
		{"_journal_mode=DELETE", "_journal_mode=WAL", "journal_mode"},
		{"_synchronous=NORMAL", "_synchronous=FULL", "synchronous"},
		{"_synchronous=OFF", "_synchronous=FULL", "synchronous"},
		{"_foreign_keys=0", "_foreign_keys=1", "foreign_keys"},
		{"_secure_delete=0", "_secure_delete=1", "secure_delete"},
		{"_secure_delete=fast", "_secure_delete=1", "secure_delete"},
		{"_busy_timeout=9", "_busy_timeout=10000", "busy_timeout"},
	} {
		changed := strings.Replace(dsn, c.of, c.instead, 1)
		db, err := sqlx.Open("sqlite3", changed)
		must(t, err)
		d.poolWriter(db)
		if err := d.check(t.Context(), db); err == nil || changed == dsn || !strings.Contains(err.Error(), c.told) {
			t.Errorf("with %s: %v", c.instead, err)
		}
		must(t, db.Close())
	}
}

// SAFETY F21.
func TestDamagedFileIsRefusedAtStart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "reprise.db")
	opened, err := Open(t.Context(), Options{Database: file, Keys: fixedKeys(t)})
	must(t, err)
	must(t, opened.Close())
	raw, err := os.ReadFile(file)
	must(t, err)
	for i := 4096; i < len(raw); i++ {
		raw[i] ^= 0x5a
	}
	must(t, os.WriteFile(file, raw, 0o600))
	if again, err := Open(t.Context(), Options{Database: file, Keys: fixedKeys(t)}); err == nil {
		t.Error("a damaged file was opened")
		must(t, again.Close())
	}
}

// SAFETY F24.
func TestSecondStoreOnTheSameFileIsRefusedUntilTheFirstCloses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "deep", "er", "reprise.db")
	first, err := Open(t.Context(), Options{Database: file, Keys: fixedKeys(t)})
	must(t, err)
	if _, err := Open(t.Context(), Options{Database: file, Keys: fixedKeys(t)}); err == nil || !strings.Contains(err.Error(), "already serves") {
		t.Errorf("a second store: %v", err)
	}
	if code, said := serveElsewhere(t, file); code != 3 || !strings.Contains(said, "already serves") {
		t.Errorf("a second process ends with %d and says %q", code, said)
	}
	must(t, first.Close())
	if code, said := serveElsewhere(t, file); code != 0 {
		t.Errorf("after the first closed, a process ends with %d and says %q", code, said)
	}
}

func serveElsewhere(t *testing.T, file string) (int, string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childServes+"="+file, childKey+"="+fixedKeyFile(t))
	said, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(said)
}

func TestSQLiteFilesAreForTheirOwnerAlone(t *testing.T) {
	h := sqliteHouse(t)
	h.write(func(tx *Tx) error { return tx.SetMark("m", "x") })
	files, err := filepath.Glob(h.database + "*")
	must(t, err)
	if len(files) != 4 { // the database, -wal, -shm, .lock
		t.Errorf("the files are %v", files)
	}
	for _, file := range files {
		info, err := os.Stat(file)
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s is open to others: %v", filepath.Base(file), info.Mode())
		}
	}
}

func TestRefusedOpenLetsGoOfTheLock(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "reprise.db")
	must(t, os.WriteFile(file, []byte(strings.Repeat("no database ", 1000)), 0o600))
	if _, err := Open(t.Context(), Options{Database: file, Keys: fixedKeys(t)}); err == nil {
		t.Fatal("a text file was opened as a database")
	}
	must(t, os.Remove(file))
	newHouse(t, file)
}

func TestFileMayHaveAnyName(t *testing.T) {
	for _, name := range []string{"a b.db", "a%20b.db", "a?b.db", "a#b.db", "a&mode=ro.db", "été.db", "a+b;c.db", "'\".db"} {
		dir := t.TempDir()
		h := newHouse(t, filepath.Join(dir, name))
		h.write(func(tx *Tx) error { return tx.SetMark("m", name) })
		if got := read(h, with((*Tx).Mark, "m")); got != name {
			t.Errorf("%s: the reader finds %q", name, got)
		}
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

func TestPlaceThatCannotHoldADatabaseIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	for _, database := range []string{filepath.Join(file, "reprise.db"), t.TempDir(), "postgres://nobody@/none?host=" + t.TempDir()} {
		if _, err := Open(t.Context(), Options{Database: database, Keys: fixedKeys(t)}); err == nil {
			t.Errorf("%s was opened", database)
		}
	}
}

func tables(h *house) []string {
	h.t.Helper()
	ask := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
	if h.Database() == "postgres" {
		ask = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name`
	}
	var names []string
	must(h.t, h.writer.SelectContext(h.ctx, &names, ask))
	return names
}

func TestMigrationsRunFromEmptyAndAgainChangeNothing(t *testing.T) {
	onEach(t, func(t *testing.T, database string) {
		keys := newKeys(t)
		var before []string
		for round := range 3 {
			kept, err := Open(t.Context(), Options{Database: database, Keys: keys})
			must(t, err)
			h := &house{Store: kept, t: t, ctx: t.Context()}
			if round == 0 {
				before = tables(h)
				h.write(func(tx *Tx) error {
					return errors.Join(tx.AddCase(aCase("1"), "key", lock()), tx.AppendEvent(anEvent("opened")))
				})
			}
			if now := tables(h); len(now) != 27 || strings.Join(now, " ") != strings.Join(before, " ") {
				t.Errorf("round %d: tables %v", round, now)
			}
			same(t, read(h, with((*Tx).CaseByID, "1")), aCase("1"))
			if n, err := h.Verify(t.Context()); n != 1 || err != nil {
				t.Errorf("round %d: %d events, %v", round, n, err)
			}
			must(t, h.Ping(t.Context()))
			must(t, kept.Close())
		}
	})
}

func TestFourProgramsMayStartOnPostgreSQLAtOnce(t *testing.T) {
	database, keys := pgtest.Start(t), fixedKeys(t)
	var all sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		all.Go(func() {
			kept, err := Open(t.Context(), Options{Database: database, Keys: keys})
			if err == nil {
				h := &house{Store: kept, t: t, ctx: t.Context()}
				err = errors.Join(h.tryWrite(func(tx *Tx) error { return tx.AppendEvent(anEvent("started")) }), kept.Close())
			}
			errs[i] = err
		})
	}
	all.Wait()
	must(t, errors.Join(errs...))
	if n, err := newHouse(t, database).Verify(t.Context()); n != 4 || err != nil {
		t.Errorf("%d events, %v", n, err)
	}
}

func TestProgramThatStartsWaitsForTheMigrationsOfAnother(t *testing.T) {
	database := pgtest.Start(t)
	db, err := sql.Open("pgx", database)
	must(t, err)
	defer db.Close()
	other, err := db.Conn(t.Context())
	must(t, err)
	_, err = other.ExecContext(t.Context(), `SELECT pg_advisory_lock(727072697365)`)
	must(t, err)
	opened := make(chan error, 1)
	go func() {
		kept, err := Open(t.Context(), Options{Database: database, Keys: fixedKeys(t)})
		if err == nil {
			err = kept.Close()
		}
		opened <- err
	}()
	for waiting := 0; waiting == 0; {
		must(t, other.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`).Scan(&waiting))
		if len(opened) > 0 {
			t.Fatal("it did not wait")
		}
	}
	_, err = other.ExecContext(t.Context(), `SELECT pg_advisory_unlock(727072697365)`)
	must(t, errors.Join(err, <-opened))
}

// SAFETY 6.2: refuse a newer schema.
func TestSchemaOfALaterProgramIsRefused(t *testing.T) {
	onEach(t, func(t *testing.T, database string) {
		kept, err := Open(t.Context(), Options{Database: database, Keys: fixedKeys(t)})
		must(t, err)
		_, err = kept.SQL().ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
		must(t, errors.Join(err, kept.Close()))
		if _, err := Open(t.Context(), Options{Database: database, Keys: fixedKeys(t)}); err == nil || !strings.Contains(err.Error(), "newer") {
			t.Errorf("a database of a later program: %v", err)
		}
	})
}

func TestClosedStoreAnswersNothing(t *testing.T) {
	onEach(t, func(t *testing.T, database string) {
		kept, err := Open(t.Context(), Options{Database: database, Keys: fixedKeys(t)})
		must(t, err)
		must(t, kept.Close())
		h := &house{Store: kept, t: t, ctx: t.Context()}
		_, readErr := tryRead(h, (*Tx).Cases)
		for _, err := range []error{h.tryWrite(func(*Tx) error { return nil }), readErr, h.Ping(h.ctx)} {
			if err == nil {
				t.Error("a closed store answers")
			}
		}
	})
}

func TestReferencesBetweenTablesAreHeld(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		if err := h.tryWrite(func(tx *Tx) error {
			_, err := tx.AddItem(anItem("none", "a", 1), "a")
			return err
		}); err == nil {
			t.Error("an item of no case was kept")
		}
		var none sql.NullInt64
		must(t, h.writer.GetContext(h.ctx, &none, `SELECT COUNT(*) FROM items`))
		if none.Int64 != 0 {
			t.Error("it is there")
		}
	})
}

func TestWrongKeyFileIsRefusedAtStart(t *testing.T) { // SAFETY F22
	onEach(t, func(t *testing.T, database string) {
		kept, err := Open(t.Context(), Options{Database: database, Keys: fixedKeys(t)})
		must(t, err)
		must(t, kept.Close())
		if _, err := Open(t.Context(), Options{Database: database, Keys: newKeys(t)}); !errors.Is(err, ErrWrongKeys) {
			t.Errorf("another key file: %v", err)
		}
		kept, err = Open(t.Context(), Options{Database: database, Keys: fixedKeys(t)})
		must(t, err)
		must(t, kept.Close())
	})
}
