package hashindex

import (
	"crypto/sha256"
	"encoding/binary"

	"reprise/internal/phash"
)

// Digest tells two sets of pairs apart, in whatever order their pairs came: it is the number of pairs and the sum of
// the first half of the SHA-256 of each, as two words. Its zero value is the digest of no pairs. Two digests are
// compared by ==. It finds what went wrong, not what was forged: who may choose the pairs can make two sets agree.
type Digest struct {
	count uint64
	sums  [2]uint64
}

// Add takes in a pair.
func (d *Digest) Add(key uint64, h phash.Hash256) {
	a, b := sumsOf(key, h)
	d.count, d.sums[0], d.sums[1] = d.count+1, d.sums[0]+a, d.sums[1]+b
}

// Remove takes out a pair that was taken in.
func (d *Digest) Remove(key uint64, h phash.Hash256) {
	a, b := sumsOf(key, h)
	d.count, d.sums[0], d.sums[1] = d.count-1, d.sums[0]-a, d.sums[1]-b
}

// Len is the number of pairs.
func (d Digest) Len() int { return int(d.count) }

func sumsOf(key uint64, h phash.Hash256) (a, b uint64) {
	var pair [pairBytes]byte
	putPair(pair[:], key, h)
	sum := sha256.Sum256(pair[:])
	return binary.LittleEndian.Uint64(sum[:]), binary.LittleEndian.Uint64(sum[8:])
}

// putPair writes a pair as it stands in a snapshot: key and words of the hash, the lowest byte first.
func putPair(to []byte, key uint64, h phash.Hash256) {
	binary.LittleEndian.PutUint64(to, key)
	for i, w := range h {
		binary.LittleEndian.PutUint64(to[8+8*i:], w)
	}
}

func getPair(from []byte) (key uint64, h phash.Hash256) {
	for i := range h {
		h[i] = binary.LittleEndian.Uint64(from[8+8*i:])
	}
	return binary.LittleEndian.Uint64(from), h
}
