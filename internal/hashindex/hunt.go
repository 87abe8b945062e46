package hashindex

import (
	"cmp"
	"math"
	"slices"

	"reprise/internal/phash"
)

// MaxHits is how many hits a search gives at most.
const MaxHits = 1000

// Hit is a hash within the radius: its key and its distance in bits.
type Hit struct {
	Key      uint64
	Distance int
}

func compareHits(a, b Hit) int {
	return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Key, b.Key))
}

// hunt is one search under way and the room it works in, which is used again. Go has no way to ask for memory ahead of
// its use; but reads that wait for nothing overlap. So the work goes in rounds over many buckets: where they lie; a
// read of each; sifting what stands in them into places, without a branch that would wait for the memory; a read of
// each hash; comparing.
type hunt struct {
	hash   phash.Hash256
	worst  Hit // what is not before it is not wanted
	found  []Hit
	spans  []span
	places [4096]uint32
	read   uint64 // keeps the reads ahead from being taken for useless
}

// span is where the entries of a bucket lie.
type span struct{ from, to uint32 }

// stretch is how many entries are sifted before looking whether there is room for as many more.
const stretch = 512

func (t *hunt) begin(h phash.Hash256, radius int) {
	t.hash, t.worst, t.found = h, Hit{math.MaxUint64, radius}, t.found[:0]
}

// hits gives what was found in its order, in memory of its own.
func (t *hunt) hits() []Hit {
	t.settle()
	return slices.Clone(t.found)
}

// settle puts what was found in order, each once, and leaves out what is too much.
func (t *hunt) settle() {
	slices.SortFunc(t.found, compareHits)
	t.found = slices.Compact(t.found) // several bands find the same
	if len(t.found) >= MaxHits {
		t.found = t.found[:MaxHits]
		t.worst = t.found[MaxHits-1]
	}
}

func (t *hunt) compare(key uint64, h *phash.Hash256) {
	d := t.hash.Distance(*h)
	if d > t.worst.Distance {
		return
	}
	if hit := (Hit{key, d}); compareHits(hit, t.worst) <= 0 {
		t.found = append(t.found, hit)
		if len(t.found) == 4*MaxHits {
			t.settle()
		}
	}
}

// search adds the hits of a part. Where looking up would meet as many entries as a quarter of the hashes, it compares
// with every hash instead: that bounds what crowded buckets and wide radii can cost.
func (p *part) search(t *hunt) {
	budget := len(p.hashes)/4 + len(t.places)
	if t.worst.Distance <= probed {
		tolerance := tolerances(t.worst.Distance)
		if p.expected(tolerance) < budget && p.lookUpAll(t, tolerance, budget) {
			return
		}
	}
	for i := range p.hashes {
		p.compare(t, i)
	}
}

// expected is the work of looking up when all buckets are equally full.
func (p *part) expected(tolerance [bands]int) (work int) {
	for _, most := range tolerance {
		for n := range most + 1 {
			work += len(p.flipsOf(n, p.bucketBits))
		}
	}
	return work * (1 + len(p.hashes)>>p.bucketBits)
}

// lookUpAll adds the hits of all bands, and reports whether the budget sufficed.
func (p *part) lookUpAll(t *hunt, tolerance [bands]int, budget int) bool {
	for b, most := range tolerance {
		own := min(width(b)-p.bucketBits, printBits)
		for n := range most + 1 {
			s := &p.sieves[own][most-n][most+tolerance[(b+1)%bands]+1-n]
			if budget -= p.lookUp(t, b, n, s, budget); budget <= 0 {
				return false
			}
		}
	}
	return true
}

// lookUp adds the hits that stand in the buckets of band b at n bits from that of the hash and pass the sieve. It
// gives the work that it was, which it does not do when it is not below the budget.
func (p *part) lookUp(t *hunt, b, n int, s *sieve, budget int) (work int) {
	home, mark := split(&t.hash, b, p.bucketBits)
	l := &p.lists[b]
	flips := p.flipsOf(n, p.bucketBits)
	t.spans = slices.Grow(t.spans[:0], len(flips))[:len(flips)]
	work = len(flips)
	for i, flip := range flips {
		sp := span{l.starts[home^flip], l.starts[home^flip+1]}
		t.spans[i] = sp
		work += int(sp.to - sp.from)
	}
	if work < budget {
		p.sift(t, l.entries, mark, s)
	}
	return work
}

// sift adds the hits among the entries of the spans.
func (p *part) sift(t *hunt, entries []uint32, mark uint8, s *sieve) {
	read := uint32(0)
	for _, sp := range t.spans {
		if sp.from < sp.to {
			read ^= entries[sp.from]
		}
	}
	t.read = uint64(read)
	n := 0
	for _, sp := range t.spans {
		for from := sp.from; from < sp.to; from += stretch {
			if n > len(t.places)-stretch {
				p.compareAll(t, t.places[:n])
				n = 0
			}
			for _, e := range entries[from:min(from+stretch, sp.to)] {
				t.places[n%len(t.places)] = e >> printBits
				n += int(s[uint8(e)^mark])
			}
		}
	}
	p.compareAll(t, t.places[:n])
}

func (p *part) compareAll(t *hunt, places []uint32) {
	read := uint64(0)
	for _, i := range places {
		read ^= p.hashes[i][0]
	}
	t.read = read
	for _, i := range places {
		p.compare(t, int(i))
	}
}

// compare adds hash i if it is a hit and lives.
func (p *part) compare(t *hunt, i int) {
	if t.hash.Distance(p.hashes[i]) <= t.worst.Distance && p.lives(i) {
		t.compare(p.keys[i], &p.hashes[i])
	}
}
