package casework

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"reprise/internal/hashindex"
	"reprise/internal/likeness"
	"reprise/internal/phash"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// exchangedAtOnce is how many references are read at once.
const exchangedAtOnce = 10_000

// ErrIndexDiffered means that the references in memory were not those of the
// database. They have been read anew.
var ErrIndexDiffered = errors.New("the index of references differed from the database and was built anew")

// everybody is the exchange values of all references of the house, in memory. It
// is a cache of the database: whoever reads a transaction brings it up to date
// with that first. References are never changed, so what is new is what follows;
// only when a case was erased since, all of them are read anew.
type everybody struct {
	index *hashindex.Index
	mu    sync.Mutex // held by whoever brings it up to date
	last  int64      // the last reference that is in it

	erased int64 // how many cases had been erased when it was built
}

func newEverybody() *everybody { return &everybody{index: hashindex.New()} }

// follow takes in what came since the last time.
func (e *everybody) follow(tx *store.Tx) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	erased, err := tx.Erasures()
	if err != nil {
		return err
	}
	if e.last == 0 || erased > e.erased { // fewer: the transaction sees an earlier moment
		return e.build(tx)
	}
	return exchanged(tx, e.last, func(seq int64, h phash.Hash256) {
		e.index.Add(uint64(seq), h)
		e.last = seq
	})
}

// build reads all of them.
func (e *everybody) build(tx *store.Tx) error {
	erased, err := tx.Erasures()
	if err != nil {
		return err
	}
	var keys []uint64
	var hashes []phash.Hash256
	err = exchanged(tx, 0, func(seq int64, h phash.Hash256) {
		keys, hashes = append(keys, uint64(seq)), append(hashes, h)
	})
	if err != nil {
		return err
	}
	e.last, e.erased = 0, erased
	if len(keys) > 0 {
		e.last = int64(keys[len(keys)-1])
	}
	e.index.Build(keys, hashes)
	return nil
}

// verify holds what is in memory against the database, and builds it anew when
// they differ.
func (e *everybody) verify(tx *store.Tx) error {
	if err := e.follow(tx); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	var kept hashindex.Digest
	err := exchanged(tx, 0, func(seq int64, h phash.Hash256) {
		if seq <= e.last {
			kept.Add(uint64(seq), h)
		}
	})
	if err != nil || kept == e.index.Digest() {
		return err
	}
	return errors.Join(ErrIndexDiffered, e.build(tx))
}

// exchanged gives each exchange value after seq to take, in their order.
func exchanged(tx *store.Tx, seq int64, take func(int64, phash.Hash256)) error {
	for {
		rows, err := tx.ExchangedAfter(seq, exchangedAtOnce)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			h, err := phash.Hash256FromBytes(r.Hash)
			if err != nil {
				return fmt.Errorf("exchange value of reference %s: %w", r.ID, err)
			}
			take(r.Seq, h)
		}
		seq = rows[len(rows)-1].Seq
	}
}

// near finds the references of all cases whose exchange value is near a hash.
func (e *everybody) near(h phash.Hash256) []hashindex.Hit {
	return e.index.Search(h, takedown.GlobalWithin)
}

// FollowReferences brings the references in memory up to date with the database.
func (o *Office) FollowReferences(ctx context.Context) error {
	return o.Read(ctx, takedown.System(), takedown.MayRunJobs, o.everybody.follow)
}

// VerifyReferences holds the references in memory against the database.
// ErrIndexDiffered: they were not the same, and are now.
func (o *Office) VerifyReferences(ctx context.Context) error {
	return o.Read(ctx, takedown.System(), takedown.MayRunJobs, o.everybody.verify)
}

// OtherCase is a case in which an image of this one is known too.
type OtherCase struct {
	ID     string
	Number takedown.Private
	Images int // of this case that it has too
}

// othersOf finds the cases that have an image of a case too, by the exchange
// values alone.
func (o *Office) othersOf(tx *store.Tx, caseID string, images []takedown.Reference) ([]OtherCase, error) {
	if err := o.everybody.follow(tx); err != nil {
		return nil, err
	}
	nobody, err := tx.Negatives()
	if err != nil {
		return nil, err
	}
	var out []OtherCase
	at := map[string]int{}
	for _, image := range images {
		if likeness.Nobodys(image.Exchange, nobody) {
			continue
		}
		cases, err := o.casesOf(tx, image)
		if err != nil {
			return nil, err
		}
		for id := range cases {
			if id == caseID {
				continue
			}
			if _, known := at[id]; !known {
				file, err := tx.CaseByID(id)
				if err != nil {
					return nil, err
				}
				at[id] = len(out)
				out = append(out, OtherCase{ID: id, Number: file.Number})
			}
			out[at[id]].Images++
		}
	}
	return out, nil
}

// casesOf gives the cases that have an image, its own among them.
func (o *Office) casesOf(tx *store.Tx, image takedown.Reference) (map[string]bool, error) {
	cases := map[string]bool{}
	h, err := phash.Hash256FromBytes(image.Exchange)
	if err != nil { // a clip has none
		return cases, nil //nolint:nilerr // it is compared within its case alone
	}
	for _, hit := range o.everybody.near(h) {
		r, err := tx.ReferenceBySeq(int64(hit.Key))
		if takedown.KindOf(err) == takedown.NotFound {
			continue // of another moment
		}
		if err != nil {
			return nil, err
		}
		if likeness.Globally(hit.Distance, min(image.Quality, r.Quality)) != takedown.VerdictFar {
			cases[r.CaseID] = true
		}
	}
	return cases, nil
}
