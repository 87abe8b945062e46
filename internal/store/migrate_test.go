package store

import (
	"context"
	"errors"
	"testing"

	"github.com/pressly/goose/v3"

	"reprise/internal/takedown"
	"reprise/migrations"
)

// A database of the first schema keeps its references and matches, and numbers
// them for those who follow; the way back leaves what the first schema knew.
func TestSecondMigrationKeepsWhatWasThere(t *testing.T) {
	onEach(t, func(t *testing.T, database string) {
		kept := newHouse(t, database)
		kept.caseOfTwo()
		two := takedown.Reference{ID: "two", CaseID: "1", Kind: takedown.ReferenceImage, Signature: []byte("two"), Quality: 60}
		two.CreatedAt = keptAfter(1)
		kept.write(func(tx *Tx) error {
			return errors.Join(adds(t)(tx.AddReference(two)), tx.AddMatch(takedown.Match{
				ID: "m", CaseID: "1", ItemID: "a", ReferenceID: "two", Media: private("x"), Distance: 12, Variant: "flipy", State: takedown.MatchConfirmed, SeenAt: given,
			}))
		})
		kept.migrateTo(1)
		kept.migrateTo(8) // all that follow: the program reads the newest
		references := read(kept, with((*Tx).ReferencesOfCase, "1"))
		if len(references) != 2 || references[0].Kind != takedown.ReferenceImage || string(references[1].Signature) != "two" || references[1].Quality != 60 {
			t.Errorf("the references are %+v", references)
		}
		m := read(kept, with((*Tx).MatchByID, "m"))
		if m.Kind != takedown.MatchWhole || m.Distance != 12 || m.State != takedown.MatchConfirmed || m.ReferenceBox != (takedown.Box{}) {
			t.Errorf("the match is %+v", m)
		}
		next := takedown.Reference{ID: "next", CaseID: "1", Kind: takedown.ReferenceImage, Signature: []byte("next"), Exchange: []byte("next"), CreatedAt: keptAfter(2)}
		kept.write(func(tx *Tx) error { return adds(t)(tx.AddReference(next)) })
		all := read(kept, func(tx *Tx) ([]Exchanged, error) { return tx.ExchangedAfter(0, 9) })
		kept.migrateTo(9999)
		if read(kept, with((*Tx).CaseByID, "1")).MayUsePoints {
			t.Error("points may be kept without her word")
		}
		if len(all) != 1 || all[0].ID != "next" || all[0].Seq != 3 {
			t.Errorf("exchanged are %+v, want the third alone", all)
		}
	})
}

// migrateTo moves the schema to a version, down or up.
func (h *house) migrateTo(version int64) {
	h.t.Helper()
	provider, err := goose.NewProvider(h.dialect.goose, h.SQL(), migrations.Schema)
	must(h.t, err)
	current, err := provider.GetDBVersion(context.Background())
	must(h.t, err)
	if last := len(provider.ListSources()); version > provider.ListSources()[last-1].Version {
		version = provider.ListSources()[last-1].Version
	}
	if current > version {
		_, err = provider.DownTo(context.Background(), version)
	} else {
		_, err = provider.UpTo(context.Background(), version)
	}
	must(h.t, err)
}
