package hashindex

import (
	"math/bits"

	"reprise/internal/phash"
)

// A hash is cut into twelve bands: each of its four words into one of 22 bits and two of 21.
const (
	bands     = 12
	narrow    = 21
	wide      = 64 - 2*narrow
	printBits = 8 // of an entry's fingerprint
	deepest   = 4 // the most bits of a bucket that are flipped in looking up
)

// probed is the largest radius that is answered by looking up.
const probed = bands*(deepest+1) - 1

// band gives the bits of band b.
func band(h *phash.Hash256, b int) uint64 {
	switch w := h[b/3]; b % 3 {
	case 0:
		return w >> (2 * narrow)
	case 1:
		return w >> narrow & (1<<narrow - 1)
	default:
		return w & (1<<narrow - 1)
	}
}

// width is the number of bits of band b.
func width(b int) int {
	if b%3 == 0 {
		return wide
	}
	return narrow
}

// split cuts band b of h into its first bits, which say the bucket the hash falls in, and the fingerprint that stands
// in the bucket with it: the bits of the band that the bucket leaves out, then the first of the next band, eight in all.
func split(h *phash.Hash256, b, bucketBits int) (bucket uint32, fingerprint uint8) {
	v, next := band(h, b), (b+1)%bands
	own := width(b) - bucketBits
	rest := v&(1<<own-1)<<width(next) | band(h, next)
	return uint32(v >> own), uint8(rest >> (own + width(next) - printBits))
}

// tolerances gives for each band the number of bits in which it may differ, -1 where it need not be looked up.
//
// Let the numbers t(b)+1 sum up to radius+1. When two hashes differ in at most radius bits, going round the bands there
// is one from which on every run of bands differs in fewer bits than its t(b)+1 sum up to. So that band differs in at
// most t(b) bits, and it and the next together in at most t(b)+t(b+1)+1: the first is looked up, the second sifts what
// is found. (Norouzi, Punjani, Fleet: Fast Exact Search in Hamming Space with Multi-Index Hashing, 2014; Qin, Xiao:
// Pigeonring, 2018.)
func tolerances(radius int) (t [bands]int) {
	each, more := (radius+1)/bands, (radius+1)%bands
	// The bands of 21 bits come first, and so that a band with more is followed by one with less.
	for i, b := range [bands]int{1, 4, 7, 10, 2, 5, 8, 11, 0, 3, 6, 9} {
		t[b] = each - 1
		if i < more {
			t[b]++
		}
	}
	return t
}

// sieve says of each difference between two fingerprints whether the hashes may be within the radius: 1 or 0.
type sieve [1 << printBits]uint8

// tables are the same for all parts of an index.
type tables struct {
	// flips lists, by their number of bits, the differences between buckets, ascending: those that leave the higher
	// bits alone come first, and neighbours in the list are often neighbours in memory.
	flips [deepest + 1][]uint32
	// sieves are told apart by the number of leading bits that belong to the band itself, how many of those may
	// differ, and how many of all.
	sieves [printBits + 1][deepest + 1][2*deepest + 2]sieve
}

func newTables() *tables {
	t := new(tables)
	for flip := range uint32(1 << narrow) {
		if n := bits.OnesCount32(flip); n <= deepest {
			t.flips[n] = append(t.flips[n], flip)
		}
	}
	for own := range t.sieves {
		for mine := range t.sieves[own] {
			for all := range t.sieves[own][mine] {
				t.sieves[own][mine][all].fill(own, mine, all)
			}
		}
	}
	return t
}

func (s *sieve) fill(own, mine, all int) {
	for diff := range s {
		if bits.OnesCount(uint(diff)>>(printBits-own)) <= mine && bits.OnesCount(uint(diff)) <= all {
			s[diff] = 1
		}
	}
}

// flipsOf gives the differences between buckets of bucketBits bits that differ in n of them.
func (t *tables) flipsOf(n, bucketBits int) []uint32 {
	choose := 1
	for i := range n {
		choose = choose * (bucketBits - i) / (i + 1)
	}
	return t.flips[n][:choose]
}
