package store

import (
	"context"
	"fmt"

	"reprise/internal/takedown"
)

// ofCase lists the tables that hold rows of a case, each with the condition that
// finds them, in the order in which they may be deleted. A test walks the schema
// and finds a table that is missing here.
var ofCase = []struct{ table, where string }{
	{"reminded", "notice_id IN (SELECT id FROM notices WHERE case_id = ?)"},
	{"replies", "case_id = ?"},
	{"requests", "case_id = ?"},
	{"notices", "case_id = ?"},
	{"matches", "case_id = ?"},
	{"messages", "case_id = ?"},
	{"questions", "case_id = ?"},
	{"visits", "case_id = ?"},
	{"floods", "reference_id IN (SELECT id FROM case_references WHERE case_id = ?)"},
	{"case_references", "case_id = ?"},
	{"observations", "case_id = ?"},
	{"items", "case_id = ?"},
	{"sessions", "owner = ?"},
	{"codes", "case_id = ?"},
	{"recoveries", "case_id = ?"},
	{"stops", "case_id = ?"},
	{"cases", "id = ?"},
}

// EraseCase deletes every row of a case but its events, which hold ids alone, and
// tells how many went from each table. Whoever keeps references in memory finds
// by Erasures that some are gone.
func (t *Tx) EraseCase(caseID string) (map[string]int, error) {
	gone := map[string]int{}
	for _, o := range ofCase {
		n, err := t.change(`DELETE FROM `+o.table+` WHERE `+o.where, caseID)
		if err != nil {
			return nil, err
		}
		gone[o.table] = int(n)
	}
	return gone, t.exec(`UPDATE counters SET value = value + 1 WHERE name = 'erased'`)
}

// AddTombstone keeps that there was a case.
func (t *Tx) AddTombstone(s takedown.Tombstone) error {
	return t.exec(`INSERT INTO tombstones (id, month, reason) VALUES (?, ?, ?)`, s.ID, s.Month, s.Reason)
}

// Erasures tells how many cases have been erased so far.
func (t *Tx) Erasures() (int64, error) {
	var n int64
	err := t.get(&n, `SELECT value FROM counters WHERE name = 'erased'`)
	return n, err
}

// Scrub takes what was deleted out of the files of the database: on SQLite the
// log of writes holds it until it is emptied. It waits for those who still read.
// PostgreSQL does this by itself, in its own time.
func (s *Store) Scrub(ctx context.Context) error {
	if !s.dialect.sqlite() {
		return nil
	}
	var r struct {
		Busy         int `db:"busy"`
		Log          int `db:"log"`
		Checkpointed int `db:"checkpointed"`
	}
	if err := s.writer.GetContext(ctx, &r, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return fmt.Errorf("empty the log of writes: %w", available(err))
	}
	if r.Busy != 0 {
		return fmt.Errorf("empty the log of writes: %w", ErrUnavailable)
	}
	return nil
}
