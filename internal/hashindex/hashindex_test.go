package hashindex

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"reprise/internal/phash"
)

func TestSearchFindsEveryHashWithinTheRadiusNearestFirst(t *testing.T) {
	x, rng := New(), rand.New(rand.NewPCG(1, 2))
	query := randomHash(rng)
	for i := range 1000 {
		x.Add(fmt.Sprintf("other-%d", i), randomHash(rng))
	}
	for _, bits := range []int{32, 31, 7, 0} {
		x.Add(fmt.Sprintf("at-%d", bits), flip(query, bits))
	}
	want := []Hit{{"at-0", 0}, {"at-7", 7}, {"at-31", 31}}
	if got := x.Search(query, 31); !slices.Equal(got, want) {
		t.Errorf("hits are %v, want %v", got, want)
	}
}

func TestSearchPutsEqualDistancesInOrderOfID(t *testing.T) {
	x := New()
	for _, id := range []string{"c", "a", "b"} {
		x.Add(id, phash.Hash256{})
	}
	want := []Hit{{"a", 0}, {"b", 0}, {"c", 0}}
	if got := x.Search(phash.Hash256{}, 0); !slices.Equal(got, want) {
		t.Errorf("hits are %v, want %v", got, want)
	}
}

func TestAddReplacesTheHashOfAKnownID(t *testing.T) {
	x := New()
	x.Add("a", phash.Hash256{})
	x.Add("a", flip(phash.Hash256{}, 200))
	if x.Len() != 1 {
		t.Errorf("holds %d, want 1", x.Len())
	}
	if hits := x.Search(phash.Hash256{}, 100); len(hits) != 0 {
		t.Errorf("the old hash is still found: %v", hits)
	}
}

func TestRemovedHashesAreNotFoundAndTheOthersAre(t *testing.T) {
	x := New()
	ids := []string{"first", "middle", "last"}
	for n := range 1 << len(ids) {
		var kept []Hit
		for i, id := range ids {
			x.Add(id, flip(phash.Hash256{}, i))
		}
		for i, id := range ids {
			if n&(1<<i) != 0 {
				x.Remove(id)
			} else {
				kept = append(kept, Hit{id, i})
			}
		}
		if got := x.Search(phash.Hash256{}, 256); !slices.Equal(got, kept) || x.Len() != len(kept) {
			t.Errorf("after removal %b hits are %v and Len is %d, want %v", n, got, x.Len(), kept)
		}
	}
	x.Remove("never there")
}

func TestReadersAndWritersMayWorkAtOnce(t *testing.T) {
	x := New()
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for i := range 200 {
				x.Add(fmt.Sprintf("%d-%d", w, i), flip(phash.Hash256{}, i%256))
			}
			for i := range 100 {
				x.Remove(fmt.Sprintf("%d-%d", w, i))
			}
		})
		all.Go(func() {
			for range 100 {
				x.Search(phash.Hash256{}, 31)
			}
		})
	}
	all.Wait()
	if x.Len() != 400 {
		t.Errorf("holds %d, want 400", x.Len())
	}
}

func BenchmarkSearch100k(b *testing.B) {
	x, rng := New(), rand.New(rand.NewPCG(1, 2))
	for i := range 100_000 {
		x.Add(fmt.Sprint(i), randomHash(rng))
	}
	query := randomHash(rng)
	for b.Loop() {
		x.Search(query, 31)
	}
}

func randomHash(rng *rand.Rand) (h phash.Hash256) {
	for i := range h {
		h[i] = rng.Uint64()
	}
	return h
}

// flip changes the first n bits of h.
func flip(h phash.Hash256, n int) phash.Hash256 {
	for i := range n {
		h[i/64] ^= 1 << (i % 64)
	}
	return h
}
