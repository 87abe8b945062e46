package keypoints

import (
	"cmp"
	"math/bits"
	"slices"
)

// pair is a point of the reference and one of the query, by number, and how many bits their descriptions differ in.
type pair struct {
	r, q     int
	distance int
}

const (
	looks      = 72 // bits two descriptions of one thing may differ in
	firstLooks = 21 // the same for the first 64 bits, which are looked at first to save time
)

func distance(a, b *[4]uint64) int {
	return bits.OnesCount64(a[0]^b[0]) + bits.OnesCount64(a[1]^b[1]) + bits.OnesCount64(a[2]^b[2]) + bits.OnesCount64(a[3]^b[3])
}

// alike pairs the points which are each other's nearest by description, nearest first. Dark ones are never like bright
// ones.
func alike(reference, query []Point) []pair {
	var of [2][]int // the bright and the dark of the query
	var firsts [2][]uint64
	for j, q := range query {
		k := kind(q)
		of[k] = append(of[k], j)
		firsts[k] = append(firsts[k], q.Bits[0])
	}
	back := make([]pair, len(query))
	for j := range back {
		back[j].distance = looks + 1
	}
	nearest := make([]pair, len(reference))
	for i, r := range reference {
		best := pair{distance: looks + 1}
		of := of[kind(r)]
		for n, first := range firsts[kind(r)] {
			if bits.OnesCount64(r.Bits[0]^first) > firstLooks {
				continue
			}
			j := of[n]
			p := pair{i, j, distance(&r.Bits, &query[j].Bits)}
			if p.distance < best.distance {
				best = p
			}
			if p.distance < back[j].distance {
				back[j] = p
			}
		}
		nearest[i] = best
	}
	mutual := slices.DeleteFunc(nearest, func(p pair) bool { return p.distance > looks || back[p.q].r != p.r })
	slices.SortStableFunc(mutual, func(a, b pair) int { return cmp.Compare(a.distance, b.distance) })
	return mutual
}

func kind(p Point) int {
	if p.Bright {
		return 1
	}
	return 0
}
