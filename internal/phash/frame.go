package phash

import (
	"image"
	"time"
)

// FoundClip is a video that was found: its frames ready to be asked about, of which nothing is kept.
type FoundClip struct {
	Frames []FoundFrame // in the order of their times
	Cut    bool         // a limit was reached, so that the video goes on after the last frame
}

// FoundFrame is one frame of a found video.
type FoundFrame struct {
	At      time.Duration // from the beginning
	Quality int           // PDQ's own of the whole frame, 0 to 100

	// Hashes are the eight variants of the whole frame and, where it has bars, of the frame without them.
	Hashes [][Variants]Hash256
}

// AskFrame hashes a frame, upright as people see it, that is shown at the time at.
func AskFrame(at time.Duration, g *image.Gray) FoundFrame {
	first, hashes := pdqTurned(sampledGray(g))
	f := FoundFrame{At: at, Quality: first.quality, Hashes: [][Variants]Hash256{hashes}}
	if inner, barred := withoutBars(g); barred {
		_, hashes = pdqTurned(sampledGray(inner))
		f.Hashes = append(f.Hashes, hashes)
	}
	return f
}

// sampledGray is sampled for a frame, many times a second.
func sampledGray(g *image.Gray) grid {
	width, height := g.Rect.Dx(), g.Rect.Dy()
	plane := newGrid(height, width)
	if max(width, height) > pdqMaxSide {
		plane = newGrid(pdqMaxSide, pdqMaxSide)
	}
	xs := samplePoints(width, plane.cols, false)
	for i, y := range samplePoints(height, plane.rows, false) {
		row, pixels := plane.row(i), g.Pix[y*g.Stride:]
		for j, x := range xs {
			row[j] = float32(pixels[x])
		}
	}
	return plane
}

// distance is the smallest from h to f lying as v.
func (f FoundFrame) distance(h Hash256, v Variant) int {
	best := hash256Bits + 1
	for _, hashes := range f.Hashes {
		best = min(best, h.Distance(hashes[v]))
	}
	return best
}

// Of bars. A video compressed hard has specks in its black; a bar that takes most of the frame is a dark scene.
const (
	barSpread = 16 // levels of luminance between the darkest and the lightest pixel of a line in a bar
	barLeast  = 50 // one part in so many of a side: narrower bars change no hash
	barMost   = 3  // one part in so many of a side that a bar may take
)

// withoutBars cuts off plain lines along the four edges.
func withoutBars(g *image.Gray) (inner *image.Gray, barred bool) {
	b := g.Rect
	row := func(y int) bool { return plain(g.Pix[g.PixOffset(b.Min.X, y):], 1, b.Dx()) }
	top, bottom := bar(b.Dy(), func(i int) bool { return row(b.Min.Y + i) }), bar(b.Dy(), func(i int) bool { return row(b.Max.Y - 1 - i) })
	middle := image.Rect(b.Min.X, b.Min.Y+top, b.Max.X, b.Max.Y-bottom)
	column := func(x int) bool { return plain(g.Pix[g.PixOffset(x, middle.Min.Y):], g.Stride, middle.Dy()) }
	left, right := bar(b.Dx(), func(i int) bool { return column(b.Min.X + i) }), bar(b.Dx(), func(i int) bool { return column(b.Max.X - 1 - i) })
	middle.Min.X, middle.Max.X = b.Min.X+left, b.Max.X-right
	if max(top, bottom) < b.Dy()/barLeast && max(left, right) < b.Dx()/barLeast {
		return nil, false
	}
	return g.SubImage(middle).(*image.Gray), true
}

// bar counts the plain lines from one edge of a side inwards; none if they are too many.
func bar(side int, plain func(i int) bool) int {
	n := 0
	for plain(n) {
		if n++; n > side/barMost {
			return 0
		}
	}
	return n
}

// plain tells whether n pixels, each step bytes after the last, are nearly equal.
func plain(pixels []uint8, step, n int) bool {
	low, high := pixels[0], pixels[0]
	for i := range n {
		v := pixels[i*step]
		low, high = min(low, v), max(high, v)
		if high-low > barSpread {
			return false
		}
	}
	return true
}
