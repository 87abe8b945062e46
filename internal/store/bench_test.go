package store

import (
	"fmt"
	"path/filepath"
	"testing"

	"reprise/internal/pgtest"
)

// A submission of 400 addresses, each with its event, is to take less than
// 300 ms on two cores.
func BenchmarkSubmitFourHundredItems(b *testing.B) {
	for _, kind := range []string{"sqlite", "postgres"} {
		b.Run(kind, func(b *testing.B) {
			database := filepath.Join(b.TempDir(), "reprise.db")
			if kind == "postgres" {
				database = pgtest.Start(b)
			}
			h := newHouse(b, database)
			n := 0
			for b.Loop() {
				n++
				h.write(func(tx *Tx) error { return submit(tx, fmt.Sprint(n), 400) })
			}
		})
	}
}

func submit(tx *Tx, id string, items int) error {
	if err := tx.AddCase(aCase(id), id, lock()); err != nil {
		return err
	}
	for i := range items {
		item := anItem(id, fmt.Sprintf("%s-%d", id, i), i+1)
		if _, err := tx.AddItem(item, item.ID); err != nil {
			return err
		}
		if err := tx.AppendEvent(anEvent("report")); err != nil {
			return err
		}
	}
	return nil
}
