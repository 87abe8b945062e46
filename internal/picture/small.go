package picture

import (
	"encoding/binary"
	"image"
)

// Small is the luminance shrunk to at most maxSide pixels on the longer side and turned upright. Of a picture w x h it
// makes W x H, and its pixel X, Y is the rounded mean of the pixels for which floor(x*W/w) is X and floor(y*H/h) is Y.
// A picture that is not larger keeps its size.
func (p Picture) Small(maxSide int) *image.Gray {
	width, height := smallSize(p.Width, p.Height, maxSide)
	g := image.NewGray(image.Rect(0, 0, width, height))
	if width == p.Width && height == p.Height {
		for y := range height {
			p.raster.greyRow(y, g.Pix[y*g.Stride:(y+1)*g.Stride])
		}
		return p.Upright.of(g)
	}
	edges := cellEdges(p.Width, width)
	sums := newColumnSums(p.Width)
	for row := range height {
		from, to := cellEdge(row, p.Height, height), cellEdge(row+1, p.Height, height)
		for y := from; y < to; y++ {
			p.raster.greyRow(y, sums.row[:p.Width])
			sums.add()
		}
		sums.flush()
		for x := range width {
			sum, count := uint64(0), uint64(to-from)*uint64(edges[x+1]-edges[x])
			for _, v := range sums.total[edges[x]:edges[x+1]] {
				sum += uint64(v)
			}
			g.Pix[row*g.Stride+x] = uint8((sum + count/2) / count)
		}
		clear(sums.total)
	}
	return p.Upright.of(g)
}

func smallSize(width, height, maxSide int) (int, int) {
	longest := max(width, height)
	if longest <= maxSide {
		return width, height
	}
	return max(width*maxSide/longest, 1), max(height*maxSide/longest, 1)
}

// cellEdge is the first pixel of a side that belongs to the i-th of n cells.
func cellEdge(i, side, n int) int { return (i*side + n - 1) / n }

func cellEdges(side, n int) []int {
	edges := make([]int, n+1)
	for i := range edges {
		edges[i] = cellEdge(i, side, n)
	}
	return edges
}

// columnSums adds up the rows of pixels, eight columns at a step: the four even and the four odd bytes of a word each
// in lanes of sixteen bits, which hold 257 rows.
type columnSums struct {
	row       []uint8 // the next to be added, padded to whole words
	even, odd []uint64
	rows      int // in even and odd
	total     []uint32
}

const laneRows = 257

func newColumnSums(width int) *columnSums {
	words := (width + 7) / 8
	return &columnSums{row: make([]uint8, 8*words), even: make([]uint64, words), odd: make([]uint64, words), total: make([]uint32, 8*words)}
}

func (s *columnSums) add() {
	const lanes = 0x00ff00ff00ff00ff
	even, odd := s.even, s.odd[:len(s.even)]
	for i := range even {
		v := binary.LittleEndian.Uint64(s.row[8*i : 8*i+8])
		even[i] += v & lanes
		odd[i] += v >> 8 & lanes
	}
	if s.rows++; s.rows == laneRows {
		s.flush()
	}
}

// flush moves what the lanes hold to the totals.
func (s *columnSums) flush() {
	for i := range s.even {
		t, even, odd := s.total[8*i:8*i+8], s.even[i], s.odd[i]
		for lane := 0; lane < 8; lane += 2 {
			t[lane] += uint32(even & 0xffff)
			t[lane+1] += uint32(odd & 0xffff)
			even, odd = even>>16, odd>>16
		}
	}
	clear(s.even)
	clear(s.odd)
	s.rows = 0
}
