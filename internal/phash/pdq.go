package phash

import (
	"math"
	"slices"
)

// The figures of PDQ, from Meta's paper "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm"
// (2019) and its C++ reference, facebook/ThreatExchange pdq/cpp. Each is part of the exchange format.
const (
	pdqMaxSide     = 512 // a picture with a longer side is sampled down to 512 x 512, whatever its shape
	pdqMinSide     = 5   // below this the hash is zero
	pdqBlock       = 64  // side of the luminance block that is transformed
	pdqFreqs       = 16  // frequencies 1 to 16 in both directions make the hash
	pdqQualityUnit = 90  // summed gradient that makes one point of quality
)

// grid is a luminance picture, row by row, 0 to 255.
type grid struct {
	rows, cols int
	v          []float32
}

func newGrid(rows, cols int) grid { return grid{rows, cols, make([]float32, rows*cols)} }

func (g grid) row(i int) []float32 { return g.v[i*g.cols : (i+1)*g.cols] }

// transposed writes rows as columns into memory, which is as long as g.
func (g grid) transposed(memory []float32) grid {
	for i := range g.rows {
		for j, v := range g.row(i) {
			memory[j*g.rows+i] = v
		}
	}
	return grid{g.cols, g.rows, memory}
}

// pdq hashes a luminance picture that is at most 512 pixels wide and high. It overwrites g, and aux, which is as long.
func pdq(g grid, aux []float32) pdqResult {
	if g.rows < pdqMinSide || g.cols < pdqMinSide {
		return pdqResult{}
	}
	block := shrink(g, aux)
	freqs := transform(block)
	hash, detail := splitAtMedian(freqs)
	return pdqResult{hash: hash, quality: quality(block), detail: detail}
}

// pdqResult is what one run of PDQ tells. Detail is the median size of the 256 frequencies: near zero when the
// bits of the hash are decided by rounding alone, as they are for a blank picture.
type pdqResult struct {
	hash    Hash256
	quality int
	detail  float32
}

// shrink blurs g by two passes of a box filter, which make a tent, and takes every n-th pixel, to 64 x 64.
func shrink(g grid, memory []float32) *[pdqBlock][pdqBlock]float32 {
	if g.rows != pdqBlock || g.cols != pdqBlock {
		aux := grid{g.rows, g.cols, memory}
		boxAlongRows(g, aux, boxWindow(g.cols))
		boxAlongCols(aux, g, boxWindow(g.rows))
		boxAlongRows(g, aux, boxWindow(g.cols))
		// Of the last filter only 64 columns are looked at.
		in, out := aux.centreCols(), newGrid(g.rows, pdqBlock)
		boxAlongCols(in, out, boxWindow(g.rows))
		g = out
	}
	var block [pdqBlock][pdqBlock]float32
	for i := range block {
		copy(block[i][:], g.row(centre(i, g.rows)))
	}
	return &block
}

// centreCols are the 64 columns at the centres of equal parts.
func (g grid) centreCols() grid {
	out := newGrid(g.rows, pdqBlock)
	for i := range g.rows {
		row := g.row(i)
		for j := range pdqBlock {
			out.v[i*pdqBlock+j] = row[centre(j, g.cols)]
		}
	}
	return out
}

// centre is the pixel at the middle of the i-th of 64 equal parts of a side.
func centre(i, side int) int { return int((float64(i) + 0.5) * float64(side) / pdqBlock) }

// boxWindow is half a part of the side, rounded up: two passes then cover one part.
func boxWindow(side int) int { return (side + 2*pdqBlock - 1) / (2 * pdqBlock) }

// quality counts the gradients between neighbours of the block that are large enough to be seen, 0 to 100.
func quality(b *[pdqBlock][pdqBlock]float32) int {
	sum := 0
	for i := range pdqBlock {
		for j := range pdqBlock {
			if i > 0 {
				sum += gradient(b[i-1][j], b[i][j])
			}
			if j > 0 {
				sum += gradient(b[i][j-1], b[i][j])
			}
		}
	}
	return min(sum/pdqQualityUnit, 100)
}

func gradient(u, v float32) int {
	d := int((u - v) * 100 / 255)
	return max(d, -d)
}

// dctMatrix holds rows 1 to 16 of the type II discrete cosine transform of length 64. The scale is rounded to a
// float32 first, as the reference does.
var dctMatrix = newDCTMatrix()

func newDCTMatrix() (m [pdqFreqs][pdqBlock]float32) {
	scale := float64(float32(math.Sqrt(2.0 / pdqBlock)))
	for i := range m {
		for j := range m[i] {
			m[i][j] = float32(scale * math.Cos(math.Pi/2/pdqBlock*float64(i+1)*float64(2*j+1)))
		}
	}
	return m
}

// transform is D * block * D', summed in the reference's order and without fused multiply-add.
func transform(block *[pdqBlock][pdqBlock]float32) *[pdqFreqs][pdqFreqs]float32 {
	var half [pdqFreqs][pdqBlock]float32
	for i := range half {
		for k, d := range dctMatrix[i] {
			for j, a := range block[k] {
				half[i][j] += float32(d * a)
			}
		}
	}
	var out [pdqFreqs][pdqFreqs]float32
	for i := range out {
		for j := range out[i] {
			var sum float32
			for k, t := range half[i] {
				sum += float32(t * dctMatrix[j][k])
			}
			out[i][j] = sum
		}
	}
	return &out
}

// splitAtMedian sets a bit for each frequency above the lower median, and gives the median size beside.
func splitAtMedian(f *[pdqFreqs][pdqFreqs]float32) (hash Hash256, detail float32) {
	const n = pdqFreqs * pdqFreqs
	values, sizes := make([]float32, 0, n), make([]float32, 0, n)
	for i := range f {
		for _, v := range f[i] {
			values, sizes = append(values, v), append(sizes, max(v, -v))
		}
	}
	sorted := slices.Sorted(slices.Values(values))
	for k, v := range values {
		if v > sorted[n/2-1] {
			hash.setBit(k)
		}
	}
	slices.Sort(sizes)
	return hash, sizes[n/2-1]
}
