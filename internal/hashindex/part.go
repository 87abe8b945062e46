package hashindex

import (
	"math/bits"
	"sync/atomic"
	"unsafe"

	"reprise/internal/phash"
)

// partMost is how many hashes an entry can tell apart.
const partMost = 1 << (32 - printBits)

const pairBytes = int(unsafe.Sizeof(phash.Hash256{}) + unsafe.Sizeof(uint64(0)))

// part is a set of pairs that does not change, but that some of them die.
type part struct {
	*tables
	pairs
	bucketBits int
	lists      [bands]list
	dead       []uint64 // a bit for each pair; read and written atomically
	buried     atomic.Int64
}

// list holds an entry for each hash, sorted by the bucket its band falls in.
type list struct {
	starts  []uint32 // of each bucket in entries, and the end of the last
	entries []uint32 // the hash's place among the pairs, then its fingerprint
}

func newPart(t *tables, all pairs) *part {
	n := len(all.keys)
	p := &part{tables: t, pairs: all, bucketBits: bucketBitsFor(n), dead: make([]uint64, (n+63)/64)}
	rough := make([]uint64, n)
	for b := range p.lists {
		p.lists[b] = p.sorted(b, rough)
	}
	return p
}

// bucketBitsFor gives the most buckets that cost at most 11.7 bytes a hash in all bands: four to eight hashes in each.
func bucketBitsFor(n int) int {
	return min(max(bits.Len(uint(n*8/33))-1, deepest), narrow)
}

// sorted makes the list of band b by counting. The first round brings the entries into rough order, by the first eight
// bits of their buckets, so that the others write to one region of memory after another.
func (p *part) sorted(b int, rough []uint64) list {
	var ends [1 << 8]int
	shift := max(p.bucketBits-8, 0)
	for i := range p.hashes {
		bucket, _ := split(&p.hashes[i], b, p.bucketBits)
		ends[bucket>>shift]++
	}
	sum := 0
	for i, n := range ends {
		ends[i], sum = sum, sum+n
	}
	for i := range p.hashes {
		bucket, mark := split(&p.hashes[i], b, p.bucketBits)
		rough[ends[bucket>>shift]] = uint64(bucket)<<32 | uint64(i)<<printBits | uint64(mark)
		ends[bucket>>shift]++
	}
	l := list{make([]uint32, 1<<p.bucketBits+1), make([]uint32, len(rough))}
	for _, r := range rough {
		l.starts[r>>32]++
	}
	end := uint32(0)
	for i, n := range l.starts {
		end += n
		l.starts[i] = end
	}
	for _, r := range rough {
		l.starts[r>>32]--
		l.entries[l.starts[r>>32]] = uint32(r)
	}
	return l
}

// bucket gives the entries of one bucket.
func (l *list) bucket(at uint32) []uint32 { return l.entries[l.starts[at]:l.starts[at+1]] }

// find gives the place of a living pair, or -1.
func (p *part) find(key uint64, h phash.Hash256) int {
	at, mark := split(&h, 0, p.bucketBits)
	for _, e := range p.lists[0].bucket(at) {
		if i := int(e >> printBits); uint8(e) == mark && p.keys[i] == key && p.hashes[i] == h && p.lives(i) {
			return i
		}
	}
	return -1
}

func (p *part) lives(i int) bool { return atomic.LoadUint64(&p.dead[i/64])>>(i%64)&1 == 0 }

func (p *part) bury(i int) {
	atomic.OrUint64(&p.dead[i/64], 1<<(i%64))
	p.buried.Add(1)
}

// living is the number of pairs that are not dead.
func (p *part) living() int { return len(p.keys) - int(p.buried.Load()) }

func (p *part) appendLiving(to pairs) pairs {
	for i := range p.keys {
		if p.lives(i) {
			to.keys, to.hashes = append(to.keys, p.keys[i]), append(to.hashes, p.hashes[i])
		}
	}
	return to
}

func (p *part) bytes() int {
	n := pairBytes*len(p.keys) + 8*len(p.dead)
	for _, l := range p.lists {
		n += 4 * (len(l.starts) + len(l.entries))
	}
	return n
}
