package phash

import "reprise/internal/picture"

// sampledSize is the size at which PDQ looks at the picture: its own, or 512 x 512 when a side is longer.
func sampledSize(p picture.Picture) (rows, cols int) {
	if p.Height > pdqMaxSide || p.Width > pdqMaxSide {
		return pdqMaxSide, pdqMaxSide
	}
	return p.Height, p.Width
}

// sample fills g with the luminance, nearest neighbour, as the picture would be read after being mirrored (left and
// right) or upended (top and bottom).
func sample(p picture.Picture, g grid, at func(x, y int) float32, mirror, upend bool) {
	xs, ys := samplePoints(p.Width, g.cols, mirror), samplePoints(p.Height, g.rows, upend)
	for i, y := range ys {
		row := g.row(i)
		for j, x := range xs {
			row[j] = at(x, y)
		}
	}
}

// luminance reads one pixel at a time. Of a small picture it reads all once, because the four samplings of pdq8
// would read most of them four times.
func luminance(p picture.Picture) func(x, y int) float32 {
	if p.Width*p.Height > 4*pdqMaxSide*pdqMaxSide {
		return p.Luma
	}
	all := newGrid(p.Height, p.Width)
	for y := range p.Height {
		row := all.row(y)
		for x := range row {
			row[x] = p.Luma(x, y)
		}
	}
	return func(x, y int) float32 { return all.v[y*all.cols+x] }
}

// samplePoints are the pixels of a side that nearest-neighbour sampling to n points takes.
func samplePoints(side, n int, backwards bool) []int {
	points := make([]int, n)
	for i := range points {
		points[i] = i * side / n
		if backwards {
			points[i] = side - 1 - points[i]
		}
	}
	return points
}
