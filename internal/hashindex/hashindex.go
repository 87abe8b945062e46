// Package hashindex finds, among millions of 256-bit perceptual hashes, all those within a distance of one.
//
// An Index lives in memory and is a cache of what the database keeps: filled at the start (Build, or Load from a
// snapshot), told of every change (Add, Remove), and compared with the database by a Digest. Search is exact: it finds
// what comparing with each hash in turn would find. It does so by multi-index hashing: a hash is cut into twelve bands,
// and two hashes that differ in few bits differ in very few bits of some band, so that looking up the near values of
// each band meets every one of them (bands.go).
//
// The hashes lie in immutable parts, each sorted once by every band (part.go), and in a short tail that is compared in
// turn. A full tail becomes a part together with the parts that are not much larger. Readers take the present state by
// one atomic load and never wait. Memory: 40 bytes for a hash and its key, 48 for its entries in twelve bands, and 6
// to 12 for the buckets: at most 100 bytes a hash from ten thousand hashes on, 98 at ten million.
package hashindex

import (
	"slices"
	"sync"
	"sync/atomic"

	"reprise/internal/phash"
)

// tailMost is how many hashes are compared in turn before they become a part: at most ten microseconds of a search.
const tailMost = 4096

// Index holds pairs of a key and a hash. The keys mean something to the caller only; one key may have several hashes.
// It is safe for concurrent use: searches run beside each other and beside one writer, and see each change wholly or
// not at all.
type Index struct {
	tables   *tables
	tailMost int
	hunts    sync.Pool // of *hunt
	writing  sync.Mutex
	now      atomic.Pointer[state]
}

// state is what a reader sees. It does not change, but for the marks of the dead in its parts; and the arrays behind
// the tail may go on in later states.
type state struct {
	parts  []*part // the largest first
	tail   pairs
	digest Digest
}

// pairs are keys and their hashes, side by side.
type pairs struct {
	keys   []uint64
	hashes []phash.Hash256
}

// New makes an empty Index.
func New() *Index {
	x := &Index{tables: newTables(), tailMost: tailMost}
	x.hunts.New = func() any { return new(hunt) }
	x.now.Store(new(state))
	return x
}

// Build fills the index with the pairs keys[i], hashes[i], in place of what it held and of what is added meanwhile. No
// pair may be given twice. The two slices, of equal length, belong to the index afterwards.
func (x *Index) Build(keys []uint64, hashes []phash.Hash256) {
	var d Digest
	for i, k := range keys {
		d.Add(k, hashes[i])
	}
	x.fill(pairs{keys, hashes}, d)
}

func (x *Index) fill(all pairs, d Digest) {
	s := &state{digest: d}
	for from := 0; from < len(all.keys); from += partMost {
		to := min(from+partMost, len(all.keys))
		s.parts = append(s.parts, newPart(x.tables, pairs{all.keys[from:to], all.hashes[from:to]}))
	}
	x.writing.Lock()
	defer x.writing.Unlock()
	x.now.Store(s)
}

// Add keeps h under key, beside other hashes of that key. It reports false, changing nothing, when the pair is there
// already. Of some thousand calls one takes longer, because it makes a part of what has come; readers go on meanwhile.
func (x *Index) Add(key uint64, h phash.Hash256) bool {
	x.writing.Lock()
	defer x.writing.Unlock()
	old := x.now.Load()
	if old.tail.find(key, h) >= 0 || old.place(key, h) != nil {
		return false
	}
	s := &state{old.parts, pairs{append(old.tail.keys, key), append(old.tail.hashes, h)}, old.digest}
	s.digest.Add(key, h)
	if len(s.tail.keys) >= x.tailMost {
		s.parts, s.tail = x.merged(s.parts, s.tail), pairs{}
	}
	x.now.Store(s)
	return true
}

// Remove forgets the pair and reports whether it was there. The bits of a hash that lies in a part stay in memory,
// where nothing finds them, until that part is made anew.
func (x *Index) Remove(key uint64, h phash.Hash256) bool {
	x.writing.Lock()
	defer x.writing.Unlock()
	old := x.now.Load()
	s := &state{old.parts, old.tail, old.digest}
	if i := s.tail.find(key, h); i >= 0 { // a reader may be in the middle of the old tail
		s.tail.keys = slices.Delete(slices.Clone(s.tail.keys), i, i+1)
		s.tail.hashes = slices.Delete(slices.Clone(s.tail.hashes), i, i+1)
	} else if p := s.place(key, h); p != nil {
		p.bury(p.find(key, h))
		if p.living() < len(p.keys)/2 {
			s.parts = x.replaced(s.parts, p)
		}
	} else {
		return false
	}
	s.digest.Remove(key, h)
	x.now.Store(s)
	return true
}

// Len is the number of pairs.
func (x *Index) Len() int { return x.now.Load().digest.Len() }

// Digest is that of the pairs the index holds.
func (x *Index) Digest() Digest { return x.now.Load().digest }

// Bytes is the memory that the pairs and their lists take. While a part is made of others, it takes the new one's beside
// the old ones', and 8 bytes for each of its hashes.
func (x *Index) Bytes() int {
	s := x.now.Load()
	n := pairBytes * cap(s.tail.keys)
	for _, p := range s.parts {
		n += p.bytes()
	}
	return n
}

// Search gives the hashes that differ from h in at most radius bits, the nearest first, then by key; a key that has
// several at one distance comes once. When there are more than MaxHits, it gives the first MaxHits of them. Among ten
// millions, a radius of up to 31 takes some tenths of a millisecond, one up to 59 some milliseconds; beyond, and where
// very many hashes resemble h, every hash is compared.
func (x *Index) Search(h phash.Hash256, radius int) []Hit {
	if radius < 0 {
		return nil
	}
	t := x.hunts.Get().(*hunt)
	defer x.hunts.Put(t)
	t.begin(h, radius)
	s := x.now.Load()
	for _, p := range s.parts {
		p.search(t)
	}
	for i := range s.tail.hashes {
		t.compare(s.tail.keys[i], &s.tail.hashes[i])
	}
	return t.hits()
}

// place gives the part that holds the pair, or nil.
func (s *state) place(key uint64, h phash.Hash256) *part {
	for _, p := range s.parts {
		if p.find(key, h) >= 0 {
			return p
		}
	}
	return nil
}

// merged makes one part of the tail and the parts that are at most twice as large as what has gathered, so that there
// are never more parts than doublings, and a hash is sorted anew about as many times.
func (x *Index) merged(parts []*part, tail pairs) []*part {
	keep := len(parts)
	gathered := len(tail.keys)
	for keep > 0 && parts[keep-1].living() <= min(2*gathered, partMost-gathered) {
		keep--
		gathered += parts[keep].living()
	}
	all := pairs{make([]uint64, 0, gathered), make([]phash.Hash256, 0, gathered)}
	for _, p := range parts[keep:] {
		all = p.appendLiving(all)
	}
	all.keys, all.hashes = append(all.keys, tail.keys...), append(all.hashes, tail.hashes...)
	return append(slices.Clone(parts[:keep]), newPart(x.tables, all))
}

// replaced makes p anew without its dead, or leaves it out when all of them are.
func (x *Index) replaced(parts []*part, p *part) []*part {
	parts = slices.Clone(parts)
	i := slices.Index(parts, p)
	if p.living() == 0 {
		return slices.Delete(parts, i, i+1)
	}
	n := p.living()
	parts[i] = newPart(x.tables, p.appendLiving(pairs{make([]uint64, 0, n), make([]phash.Hash256, 0, n)}))
	slices.SortStableFunc(parts, func(a, b *part) int { return b.living() - a.living() })
	return parts
}

// find gives the place of a pair, or -1.
func (p pairs) find(key uint64, h phash.Hash256) int {
	for i, k := range p.keys {
		if k == key && p.hashes[i] == h {
			return i
		}
	}
	return -1
}
