package phash

import (
	"image"
	"math"
)

// A region is hashed from a block of 32 x 32 means: enough for the sixteen lowest frequencies, at a third of the price
// of PDQ's 64 x 64.
const regionBlock = 32

// minRegionSide is the least width and height, in pixels of the small picture, of a region that is hashed.
const minRegionSide = 40

// subpixel is the unit of a region's corners: a 256th of a pixel of the small picture.
const subpixel = 256

// box is a rectangle of the small picture in subpixels.
type box struct{ left, top, right, bottom int }

// pixelBox is the box of whole pixels.
func pixelBox(r image.Rectangle) box {
	return box{r.Min.X * subpixel, r.Min.Y * subpixel, r.Max.X * subpixel, r.Max.Y * subpixel}
}

// large tells whether the box is worth hashing.
func (b box) large() bool {
	return b.right-b.left >= minRegionSide*subpixel && b.bottom-b.top >= minRegionSide*subpixel
}

// integral holds the sums of a small picture: sums[y*(width+1)+x] is the sum of the pixels left of x and above y
// (F. Crow, "Summed-area tables for texture mapping", 1984). At most 2^20 pixels of 8 bits fit into 32.
type integral struct {
	width, height int
	sums          []uint32
}

func newIntegral(g *image.Gray) integral {
	width, height := g.Rect.Dx(), g.Rect.Dy()
	n := integral{width, height, make([]uint32, (width+1)*(height+1))}
	for y := range height {
		row := g.Pix[y*g.Stride : y*g.Stride+width]
		above, here := n.sums[y*(width+1):(y+1)*(width+1)], n.sums[(y+1)*(width+1):(y+2)*(width+1)]
		var sum uint32
		for x, v := range row {
			sum += uint32(v)
			here[x+1] = above[x+1] + sum
		}
	}
	return n
}

// cells gives the mean luminance of cols x rows equal cells of a box, row by row. Sums are interpolated between
// pixels in whole numbers below 2^53, so that every machine and language gets the same means.
func (n integral) cells(b box, cols, rows int, mean func(float64)) {
	xs := edges(b.left, b.right, cols)
	above, here := make([]int64, cols+1), make([]int64, cols+1)
	n.sumsAlong(b.top, xs, above)
	last := b.top
	for i := range rows {
		y := b.top + (b.bottom-b.top)*(i+1)/rows
		n.sumsAlong(y, xs, here)
		for j := range cols {
			sum := here[j+1] - here[j] - above[j+1] + above[j]
			mean(float64(sum) / float64((y-last)*(xs[j+1]-xs[j])))
		}
		above, here, last = here, above, y
	}
}

// edges are the lines that part a side of a box into n cells.
func edges(low, high, n int) []int {
	e := make([]int, n+1)
	for i := range e {
		e[i] = low + (high-low)*i/n
	}
	return e
}

// sumsAlong gives the sums above the line y and left of each x, in units of a 65,536th.
func (n integral) sumsAlong(y int, xs []int, out []int64) {
	row, down := y/subpixel, int64(y%subpixel)
	upper := n.sums[row*(n.width+1):]
	lower := upper
	if down > 0 {
		lower = n.sums[(row+1)*(n.width+1):]
	}
	for i, x := range xs {
		col, right := x/subpixel, int64(x%subpixel)
		next := col
		if right > 0 {
			next++
		}
		left := int64(upper[col])*(subpixel-down) + int64(lower[col])*down
		ahead := int64(upper[next])*(subpixel-down) + int64(lower[next])*down
		out[i] = left*(subpixel-right) + ahead*right
	}
}

// regionCells are the means of one region.
type regionCells [regionBlock][regionBlock]float32

func (n integral) region(b box) *regionCells {
	var out regionCells
	at := 0
	n.cells(b, regionBlock, regionBlock, func(mean float64) {
		out[at/regionBlock][at%regionBlock] = float32(mean)
		at++
	})
	return &out
}

// quality counts the gradients between neighbours as PDQ does, 0 to 100. There are a quarter of them, each over
// twice the way, so the sum is about half of PDQ's.
func (c *regionCells) quality() uint8 {
	sum := 0
	for i := range c {
		for j := range c[i] {
			if i > 0 {
				sum += gradient(c[i-1][j], c[i][j])
			}
			if j > 0 {
				sum += gradient(c[i][j-1], c[i][j])
			}
		}
	}
	return uint8(min(2*sum/pdqQualityUnit, 100))
}

// regionMatrix holds rows 1 to 16 of the type II discrete cosine transform of length 32.
var regionMatrix = newRegionMatrix()

func newRegionMatrix() (m [pdqFreqs][regionBlock]float32) {
	for i := range m {
		for j := range m[i] {
			m[i][j] = float32(math.Cos(math.Pi / 2 / regionBlock * float64((i+1)*(2*j+1))))
		}
	}
	return m
}

// frequencies transforms the means as PDQ does its cells.
func (c *regionCells) frequencies() *frequencies {
	rows, matrix := make([][]float32, regionBlock), make([][]float32, pdqFreqs)
	for i := range rows {
		rows[i] = c[i][:]
	}
	for i := range matrix {
		matrix[i] = regionMatrix[i][:]
	}
	return transform(rows, matrix)
}
