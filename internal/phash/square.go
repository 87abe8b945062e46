package phash

import (
	"math"

	"github.com/corona10/goimagehash/etcs"
)

// The hashes of goimagehash want a picture of their own size; a larger one they scale down first. Here each gets the
// means of equal cells of the small picture, in that size, so that nothing is left to scale and any language can
// repeat it. They lie within a few bits of what goimagehash makes of the picture itself.
const (
	averageSide    = 8
	perceptionSide = 64
	extendedSide   = 256
)

// hashSquares fills in the hashes of goimagehash.
func (s *Signature) hashSquares(n integral) {
	s.AHash64 = averageHash(n.grey(averageSide, averageSide))
	s.DHash64 = differenceHash(n.grey(averageSide+1, averageSide))
	s.PHash64 = perceptionHash(n.grey(perceptionSide, perceptionSide), perceptionSide, 8)[0]
	copy(s.PHash256[:], perceptionHash(n.grey(extendedSide, extendedSide), extendedSide, 16))
}

// grey gives the whole picture as cols x rows cells of 8-bit luminance, each the mean of what it covers.
func (n integral) grey(cols, rows int) []uint8 {
	out := make([]uint8, 0, cols*rows)
	whole := box{0, 0, n.width * subpixel, n.height * subpixel}
	n.cells(whole, cols, rows, func(mean float64) { out = append(out, uint8(mean+0.5)) })
	return out
}

// averageHash sets a bit for each cell above the mean, the first cell's first.
func averageHash(cells []uint8) (hash uint64) {
	sum := 0
	for _, c := range cells {
		sum += int(c)
	}
	for i, c := range cells {
		if int(c)*len(cells) > sum {
			hash |= 1 << (63 - i)
		}
	}
	return hash
}

// differenceHash sets a bit for each cell that is darker than its right neighbour.
func differenceHash(cells []uint8) (hash uint64) {
	for i := range averageSide {
		for j := range averageSide {
			if at := i*(averageSide+1) + j; cells[at] < cells[at+1] {
				hash |= 1 << (63 - i*averageSide - j)
			}
		}
	}
	return hash
}

// perceptionHash sets a bit for each of the freqs x freqs lowest frequencies of a square that is above their median, as
// goimagehash finds it.
func perceptionHash(cells []uint8, side, freqs int) []uint64 {
	low := lowFrequencies(cells, side, freqs)
	median := etcs.MedianOfPixels(low)
	hash := make([]uint64, (len(low)+63)/64)
	for i, v := range low {
		if v > median {
			hash[i/64] |= 1 << (63 - i%64)
		}
	}
	return hash
}

// lowFrequencies is the beginning of the type II discrete cosine transform, unscaled, of a square of cells.
func lowFrequencies(cells []uint8, side, freqs int) []float64 {
	cosines := make([]float64, freqs*side)
	for k := range freqs {
		for j := range side {
			cosines[k*side+j] = math.Cos(math.Pi / float64(2*side) * float64(k*(2*j+1)))
		}
	}
	rows := make([]float64, side*freqs) // the frequencies along each row
	for y := range side {
		for k := range freqs {
			sum := 0.0
			for x, c := range cosines[k*side : (k+1)*side] {
				sum += float64(c * float64(cells[y*side+x]))
			}
			rows[y*freqs+k] = sum
		}
	}
	out := make([]float64, freqs*freqs)
	for i := range freqs {
		for y, c := range cosines[i*side : (i+1)*side] {
			for k := range freqs {
				out[i*freqs+k] += float64(c * rows[y*freqs+k])
			}
		}
	}
	return out
}
