// Package hashindex finds, among many 256-bit perceptual hashes, those within a distance of one.
//
// An Index lives in memory and is a cache of what the database keeps: it is filled at the start and told of every
// change. Search is exact: it compares with each hash in turn.
package hashindex

import (
	"cmp"
	"slices"
	"sync"

	"reprise/internal/phash"
)

// Index holds one hash under each id. The ids mean something to the caller only. It is safe for concurrent use;
// searches run beside each other.
type Index struct {
	mu     sync.RWMutex
	places map[string]int // where in ids and hashes
	ids    []string
	hashes []phash.Hash256
}

// Hit is a hash within the radius: its id and its distance in bits.
type Hit struct {
	ID       string
	Distance int
}

// New makes an empty Index.
func New() *Index { return &Index{places: make(map[string]int)} }

// Add keeps h under id, in place of what was kept there.
func (x *Index) Add(id string, h phash.Hash256) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if place, known := x.places[id]; known {
		x.hashes[place] = h
		return
	}
	x.places[id] = len(x.ids)
	x.ids, x.hashes = append(x.ids, id), append(x.hashes, h)
}

// Remove forgets the hash under id, if there is one. The last hash takes its place.
func (x *Index) Remove(id string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	place, known := x.places[id]
	if !known {
		return
	}
	last := len(x.ids) - 1
	x.ids[place], x.hashes[place] = x.ids[last], x.hashes[last]
	x.places[x.ids[place]] = place
	delete(x.places, id)
	x.ids[last] = ""
	x.ids, x.hashes = x.ids[:last], x.hashes[:last]
}

// Len is the number of hashes.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.ids)
}

// Search gives all hashes that differ from h in at most radius bits, nearest first, then by id.
func (x *Index) Search(h phash.Hash256, radius int) []Hit {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var hits []Hit
	for i, other := range x.hashes {
		if d := h.Distance(other); d <= radius {
			hits = append(hits, Hit{x.ids[i], d})
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.ID, b.ID))
	})
	return hits
}
