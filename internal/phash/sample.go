package phash

import "reprise/internal/picture"

// sampled is the luminance at which PDQ looks: the picture's own pixels, or 512 x 512 of them, nearest neighbour, when
// a side is longer. The picture is read as it would be after the turn.
func sampled(p picture.Picture, t picture.Turn) grid {
	mirror, upend := t.Source()
	rows, cols := p.Height, p.Width
	if rows > pdqMaxSide || cols > pdqMaxSide {
		rows, cols = pdqMaxSide, pdqMaxSide
	}
	xs, ys := samplePoints(p.Width, cols, mirror), samplePoints(p.Height, rows, upend)
	if !t.Transpose {
		g := newGrid(rows, cols)
		for i, y := range ys {
			row := g.row(i)
			for j, x := range xs {
				row[j] = p.Luma(x, y)
			}
		}
		return g
	}
	g := newGrid(cols, rows)
	for i, y := range ys {
		for j, x := range xs {
			g.v[j*rows+i] = p.Luma(x, y)
		}
	}
	return g
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
