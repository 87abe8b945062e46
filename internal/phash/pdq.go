package phash

import (
	"math"

	"reprise/internal/picture"
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

// pdqCells is the picture that PDQ looks at in the end.
type pdqCells [pdqBlock][pdqBlock]float32

// pdqResult is what one run of PDQ tells. Detail is the median size of the 256 frequencies: near zero when the
// bits of the hash are decided by rounding alone, as they are for a blank picture.
type pdqResult struct {
	hash    Hash256
	quality int
	detail  float32
}

// pdq hashes a luminance picture that is at most 512 pixels wide and high, and overwrites it.
func pdq(g grid) pdqResult {
	if g.rows < pdqMinSide || g.cols < pdqMinSide {
		return pdqResult{}
	}
	return blur(g, centres(g.cols)).cells(centres(g.rows)).result()
}

// pdqTurned is pdq, and gives the hashes of the picture turned each way beside. Turning the frequencies, as the
// reference offers, is off by up to 88 bits, because pixels are not taken from the middles of their parts. So each
// mirrored picture gets the pixels that PDQ would take of it: what is left is the rounding of sums and of samples.
func pdqTurned(g grid) (pdqResult, [Variants]Hash256) {
	if g.rows < pdqMinSide || g.cols < pdqMinSide {
		return pdqResult{}, [Variants]Hash256{}
	}
	columns := [2][]int{centres(g.cols), mirrored(g.cols)}
	rows := [2][]int{centres(g.rows), mirrored(g.rows)}
	blurred := blur(g, append(columns[0], columns[1]...))
	var all [Variants]Hash256
	var first pdqResult
	for m := range columns {
		half := blurred.columns(m*pdqBlock, (m+1)*pdqBlock)
		for u := range rows {
			cells := half.cells(rows[u])
			if m+u == 0 {
				first = cells.result()
			}
			keepTurned(&all, cells.frequencies(), m == 1, u == 1)
		}
	}
	return first, all
}

// keepTurned keeps the hashes of the two variants that read the picture mirrored or upended like this.
func keepTurned(all *[Variants]Hash256, f *frequencies, mirror, upend bool) {
	for v, t := range turns {
		if m, u := t.Source(); m == mirror && u == upend {
			all[v] = f.turned(picture.Turn{Transpose: t.Transpose}).hash()
		}
	}
}

func (c *pdqCells) result() pdqResult {
	freqs := c.frequencies()
	return pdqResult{freqs.hash(), c.quality(), freqs.detail()}
}

// blur passes a box filter over g twice, which makes a tent, and gives the columns that are asked for. A picture of
// 64 x 64 stays as it is.
func blur(g grid, columns []int) grid {
	if g.rows == pdqBlock && g.cols == pdqBlock {
		return g.chosen(columns)
	}
	aux := newGrid(g.rows, g.cols)
	boxAlongRows(g, aux, boxWindow(g.cols))
	boxAlongCols(aux, g, boxWindow(g.rows))
	boxAlongRows(g, aux, boxWindow(g.cols))
	in := aux.chosen(columns)
	out := newGrid(in.rows, in.cols)
	boxAlongCols(in, out, boxWindow(g.rows))
	return out
}

// chosen gives some columns of g.
func (g grid) chosen(columns []int) grid {
	out := newGrid(g.rows, len(columns))
	for i := range g.rows {
		from, to := g.row(i), out.row(i)
		for j, c := range columns {
			to[j] = from[c]
		}
	}
	return out
}

// columns gives the columns from low up to high.
func (g grid) columns(low, high int) grid {
	columns := make([]int, high-low)
	for i := range columns {
		columns[i] = low + i
	}
	return g.chosen(columns)
}

// cells takes some rows of a picture of 64 columns.
func (g grid) cells(rows []int) *pdqCells {
	var cells pdqCells
	for i, r := range rows {
		copy(cells[i][:], g.row(r))
	}
	return &cells
}

// centres are the pixels at the middles of 64 equal parts of a side.
func centres(side int) []int {
	points := make([]int, pdqBlock)
	for i := range points {
		points[i] = int((float64(i) + 0.5) * float64(side) / pdqBlock)
	}
	return points
}

// mirrored are the pixels that PDQ would take of the side read backwards. A window of even length lies one pixel
// farther on one side; read backwards it is the window of the pixel before, once for each of the two passes.
func mirrored(side int) []int {
	shift := 0
	if side != pdqBlock && boxWindow(side)%2 == 0 {
		shift = 2
	}
	points := centres(side)
	for i, p := range points {
		points[i] = max(side-1-p-shift, 0)
	}
	return points
}

// boxWindow is half a part of the side, rounded up: two passes then cover one part.
func boxWindow(side int) int { return (side + 2*pdqBlock - 1) / (2 * pdqBlock) }

// quality counts the gradients between neighbours that are large enough to be seen, 0 to 100.
func (c *pdqCells) quality() int {
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

// frequencies transforms the cells.
func (c *pdqCells) frequencies() *frequencies {
	rows, matrix := make([][]float32, pdqBlock), make([][]float32, pdqFreqs)
	for i := range rows {
		rows[i] = c[i][:]
	}
	for i := range matrix {
		matrix[i] = dctMatrix[i][:]
	}
	return transform(rows, matrix)
}
