package hashindex

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"reprise/internal/phash"
)

func TestSearchFindsEveryHashWithinTheRadiusNearestFirst(t *testing.T) {
	x, rng := New(), rand.New(rand.NewPCG(1, 2))
	query := randomHash(rng)
	for i := range 5000 {
		x.Add(uint64(i), randomHash(rng))
	}
	for _, bits := range []int{32, 31, 7, 0} {
		x.Add(uint64(10_000+bits), flip(query, bits))
	}
	want := []Hit{{10_000, 0}, {10_007, 7}, {10_031, 31}}
	if got := x.Search(query, 31); !slices.Equal(got, want) {
		t.Errorf("hits are %v, want %v", got, want)
	}
	first := x.Search(query, 31)
	if x.Search(phash.Hash256{}, 256); !slices.Equal(first, want) {
		t.Errorf("a later search changes the hits of an earlier one to %v", first)
	}
	if got := x.Search(query, -1); len(got) != 0 {
		t.Errorf("hits below 0 bits: %v", got)
	}
}

func TestSearchPutsEqualDistancesInOrderOfKey(t *testing.T) {
	x := New()
	for _, key := range []uint64{3, 1 << 63, 1} {
		x.Add(key, phash.Hash256{})
	}
	want := []Hit{{1, 0}, {3, 0}, {1 << 63, 0}}
	if got := x.Search(phash.Hash256{}, 0); !slices.Equal(got, want) {
		t.Errorf("hits are %v, want %v", got, want)
	}
}

// The sets differ in how alike their hashes are; each is searched at all radii, those that are looked up and those that
// are answered by comparing with every hash.
func TestSearchFindsWhatAScanFinds(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	photographs := append(readHashes(t, "haystack.txt"), readHashes(t, "needles.txt")...)
	for name, set := range map[string][]phash.Hash256{
		"none":        nil,
		"one":         {randomHash(rng)},
		"few":         randomHashes(rng, 100),
		"random":      randomHashes(rng, 30_000),
		"photographs": photographs,
		"edited":      edited(rng, photographs, 30_000, 100),
		"clustered":   edited(rng, randomHashes(rng, 10), 20_000, 80),
		"alike":       edited(rng, randomHashes(rng, 1), 5000, 12),
		"equal":       slices.Repeat(randomHashes(rng, 2), 1500),
	} {
		t.Run(name, func(t *testing.T) {
			x, keys := New(), numbered(len(set))
			x.Build(slices.Clone(keys), slices.Clone(set))
			for radius := range 80 {
				for range 3 {
					q := randomHash(rng)
					if len(set) > 0 {
						q = flipAny(rng, set[rng.IntN(len(set))], rng.IntN(radius+2))
					}
					if got, want := x.Search(q, radius), scan(keys, set, q, radius); !slices.Equal(got, want) {
						t.Fatalf("at radius %d %d hits, a scan gives %d", radius, len(got), len(want))
					}
				}
			}
		})
	}
}

// At the edge every band differs in as many bits as the bound of look-ups leaves it: none may be passed over, wherever
// the differing bits lie.
func TestSearchFindsNeighboursWhoseBitsAreSpreadAsEvenlyAsCanBe(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	set := randomHashes(rng, 20_000)
	x := New()
	x.Build(numbered(len(set)), slices.Clone(set))
	for radius := range probed + 1 {
		for range 50 {
			i := rng.IntN(len(set))
			q, first := set[i], rng.IntN(bands)
			for n, order := 0, rng.Perm(narrow); n < radius; n++ {
				b := (first + n) % bands
				bit := order[n/bands] + []int{2 * narrow, narrow, 0}[b%3]
				q[b/3] ^= 1 << bit
			}
			if !slices.Contains(x.Search(q, radius), Hit{uint64(i), radius}) {
				t.Fatalf("a neighbour at %d bits, spread from band %d on, is not found", radius, first)
			}
		}
	}
}

func TestCrowdedBucketsAreNotLookedIntoBeyondTheBudget(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	logo := randomHash(rng)
	set := make([]phash.Hash256, 50_000) // alike in nine bands of twelve
	for i := range set {
		set[i] = logo
		set[i][3] = rng.Uint64()
	}
	p := newPart(newTables(), pairs{numbered(len(set)), set})
	h := new(hunt)
	h.begin(logo, 31)
	if work := p.lookUp(h, 0, 0, &p.sieves[8][4][9], len(set)/4); work < len(set) || len(h.found) != 0 {
		t.Errorf("the work is %d and %d were found, want %d of work and none found", work, len(h.found), len(set))
	}
	want := scan(p.keys, set, logo, 31)
	if p.lookUp(h, 0, 0, &p.sieves[8][4][9], 2*len(set)); !slices.Equal(h.hits(), want) || len(want) != MaxHits {
		t.Errorf("within the budget %d hits, a scan gives %d", len(h.hits()), len(want))
	}
	x := New()
	x.Build(p.keys, p.hashes)
	if got := x.Search(logo, 31); !slices.Equal(got, want) {
		t.Errorf("%d hits, a scan gives %d", len(got), len(want))
	}
}

func TestAPairIsHeldOnceAndAKeyMayHaveSeveralHashes(t *testing.T) {
	for _, most := range []int{1, 2, 100} {
		x := New()
		x.tailMost = most
		a, b := phash.Hash256{}, flip(phash.Hash256{}, 3)
		if !x.Add(1, a) || x.Add(1, a) || !x.Add(1, b) || x.Add(1, b) {
			t.Errorf("Add does not tell a new pair from a known one")
		}
		if got, want := x.Search(a, 31), []Hit{{1, 0}, {1, 3}}; !slices.Equal(got, want) || x.Len() != 2 {
			t.Errorf("hits are %v of %d, want %v", got, x.Len(), want)
		}
		if !x.Remove(1, a) || x.Remove(1, a) || x.Remove(2, b) {
			t.Errorf("Remove does not tell a known pair from another")
		}
		if got, want := x.Search(a, 31), []Hit{{1, 3}}; !slices.Equal(got, want) || x.Len() != 1 {
			t.Errorf("hits are %v of %d, want %v", got, x.Len(), want)
		}
	}
}

// Whatever came and went, the index finds what a scan of what is left finds, and its digest is that of what is left.
func TestIndexIsWhatWasAddedLessWhatWasRemoved(t *testing.T) {
	shared := newTables()
	rapid.Check(t, func(t *rapid.T) {
		x := New()
		x.tables, x.tailMost = shared, rapid.IntRange(1, 20).Draw(t, "tailMost")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		centres := randomHashes(rng, 3)
		near := func() phash.Hash256 { return flipAny(rng, centres[rng.IntN(len(centres))], rng.IntN(3)) }
		left := pairs{}
		add := func(key uint64, h phash.Hash256) {
			if x.Add(key, h) == (left.find(key, h) >= 0) {
				t.Fatalf("Add of %d tells a new pair from a known one wrongly", key)
			} else if left.find(key, h) < 0 {
				left.keys, left.hashes = append(left.keys, key), append(left.hashes, h)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"add": func(*rapid.T) { add(rng.Uint64N(30), near()) },
			"add again": func(*rapid.T) {
				if n := len(left.keys); n > 0 {
					i := rng.IntN(n)
					add(left.keys[i], left.hashes[i])
				}
			},
			"remove": func(t *rapid.T) {
				if n := len(left.keys); n > 0 {
					i := rng.IntN(n)
					if !x.Remove(left.keys[i], left.hashes[i]) {
						t.Fatal("a pair that was added cannot be removed")
					}
					left.keys, left.hashes = slices.Delete(left.keys, i, i+1), slices.Delete(left.hashes, i, i+1)
				}
			},
			"build": func(*rapid.T) {
				if rng.IntN(10) == 0 {
					x.Build(slices.Clone(left.keys), slices.Clone(left.hashes))
				}
			},
			"": func(t *rapid.T) {
				var digest Digest
				for i, key := range left.keys {
					digest.Add(key, left.hashes[i])
				}
				if x.Digest() != digest || x.Len() != len(left.keys) {
					t.Fatalf("holds %d with digest %v, want %d with %v", x.Len(), x.Digest(), len(left.keys), digest)
				}
				q, radius := near(), rng.IntN(64)
				if got, want := x.Search(q, radius), scan(left.keys, left.hashes, q, radius); !slices.Equal(got, want) {
					t.Fatalf("hits are %v, want %v", got, want)
				}
			},
		})
	})
}

func TestThereAreNeverMorePartsThanDoublings(t *testing.T) {
	x, rng := New(), rand.New(rand.NewPCG(9, 10))
	x.tailMost = 4
	for i := range 4 * 1000 {
		x.Add(uint64(i), randomHash(rng))
		if n := len(x.now.Load().parts); n > 10 {
			t.Fatalf("%d parts after %d pairs", n, i+1)
		}
	}
}

func TestRemovedHashesGiveTheirMemoryBack(t *testing.T) {
	x, rng := New(), rand.New(rand.NewPCG(11, 12))
	set := randomHashes(rng, 20_000)
	x.Build(numbered(len(set)), slices.Clone(set))
	full := x.Bytes()
	for i, h := range set {
		x.Remove(uint64(i), h)
		if i == 15_000 && x.Bytes() > full/2 {
			t.Errorf("%d of %d bytes are held when a quarter is left", x.Bytes(), full)
		}
	}
	if x.Bytes() != 0 || x.Len() != 0 || x.Digest() != (Digest{}) {
		t.Errorf("when all are removed, %d bytes and %d pairs are left", x.Bytes(), x.Len())
	}
}

func TestAHashTakesAtMostAHundredBytes(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	for _, n := range []int{10_000, 16_895, 16_896, 99_000, 270_000} {
		x := New()
		x.Build(numbered(n), randomHashes(rng, n))
		if each := float64(x.Bytes()) / float64(n); each > 100 {
			t.Errorf("of %d hashes each takes %.1f bytes", n, each)
		}
	}
}

func TestReadersAndWritersMayWorkAtOnce(t *testing.T) {
	x, rng := New(), rand.New(rand.NewPCG(15, 16))
	x.tailMost = 16
	stays := randomHashes(rng, 300)
	x.Build(numbered(len(stays)), slices.Clone(stays))
	var all sync.WaitGroup
	for w := range 3 {
		rng := rand.New(rand.NewPCG(17, uint64(w)))
		all.Go(func() {
			for i := range 400 {
				key, h := uint64(1000*(w+1)+i), randomHash(rng)
				x.Add(key, h)
				if !slices.Equal(x.Search(h, 10), []Hit{{key, 0}}) {
					t.Errorf("a hash is not found after it was added")
				}
				if i%2 == 0 && (!x.Remove(key, h) || len(x.Search(h, 10)) != 0) {
					t.Errorf("a hash is found after it was removed")
				}
			}
		})
		all.Go(func() {
			for n := range 400 {
				i := (n*7 + w) % len(stays)
				if !slices.Equal(x.Search(stays[i], 31), []Hit{{uint64(i), 0}}) {
					t.Errorf("a hash that stays is not found while others come and go")
				}
			}
		})
	}
	all.Wait()
	if want := len(stays) + 3*200; x.Len() != want {
		t.Errorf("holds %d, want %d", x.Len(), want)
	}
}

func scan(keys []uint64, hashes []phash.Hash256, q phash.Hash256, radius int) (hits []Hit) {
	for i, h := range hashes {
		if d := q.Distance(h); d <= radius {
			hits = append(hits, Hit{keys[i], d})
		}
	}
	slices.SortFunc(hits, compareHits)
	hits = slices.Compact(hits)
	return hits[:min(len(hits), MaxHits)]
}

func randomHash(rng *rand.Rand) (h phash.Hash256) {
	for i := range h {
		h[i] = rng.Uint64()
	}
	return h
}

func randomHashes(rng *rand.Rand, n int) []phash.Hash256 {
	hashes := make([]phash.Hash256, n)
	for i := range hashes {
		hashes[i] = randomHash(rng)
	}
	return hashes
}

// edited makes n hashes that are at most most bits from one of those given.
func edited(rng *rand.Rand, from []phash.Hash256, n, most int) []phash.Hash256 {
	hashes := make([]phash.Hash256, n)
	for i := range hashes {
		hashes[i] = flipAny(rng, from[rng.IntN(len(from))], rng.IntN(most+1))
	}
	return hashes
}

// flip changes the first n bits of h.
func flip(h phash.Hash256, n int) phash.Hash256 {
	for i := range n {
		h[i/64] ^= 1 << (i % 64)
	}
	return h
}

// flipAny changes n bits of h.
func flipAny(rng *rand.Rand, h phash.Hash256, n int) phash.Hash256 {
	for _, bit := range rng.Perm(256)[:n] {
		h[bit/64] ^= 1 << (bit % 64)
	}
	return h
}

func numbered(n int) []uint64 {
	keys := make([]uint64, n)
	for i := range keys {
		keys[i] = uint64(i)
	}
	return keys
}

func readHashes(t *testing.T, name string) (hashes []phash.Hash256) {
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		h, err := phash.ParseHash256(lines.Text())
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, h)
	}
	return hashes
}

func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		rng := rand.New(rand.NewPCG(1, 2))
		x, set := New(), randomHashes(rng, n)
		x.Build(numbered(n), slices.Clone(set))
		for _, radius := range []int{31, 47} {
			b.Run(fmt.Sprintf("%d/radius%d", n, radius), func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					x.Search(set[i*7919%n], radius)
				}
			})
		}
		b.Run(fmt.Sprintf("%d/scan", n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				scan(nil, set, flip(set[i*7919%n], 128), 31)
			}
		})
	}
}

// A logo: a fiftieth of all hashes are within a few bits of each other, and a query is one of them.
func BenchmarkSearchCrowded(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	set := randomHashes(rng, 1_000_000)
	copy(set, edited(rng, set[:1], 20_000, 6))
	x := New()
	x.Build(numbered(len(set)), slices.Clone(set))
	for i := 0; b.Loop(); i++ {
		x.Search(set[i%20_000], 31)
	}
}

func BenchmarkAdd(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	x := New()
	x.Build(numbered(1_000_000), randomHashes(rng, 1_000_000))
	for i := 0; b.Loop(); i++ {
		x.Add(uint64(1_000_000+i), randomHash(rng))
	}
}
