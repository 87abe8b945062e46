package phash

import (
	"fmt"
	"image"

	"github.com/corona10/goimagehash"
)

// thumbSide is the longest side of the picture that goimagehash is given: twice what its largest hash looks at, and
// ten times faster than a photograph of 12 megapixels.
const thumbSide = 512

// imageHashes are the hashes of github.com/corona10/goimagehash, all taken from one thumbnail.
type imageHashes struct {
	average, difference, perception uint64
	perception256                   Hash256
}

// hashThumb computes the four hashes of g. The extended hash is asked for squares only: it panics on others.
func hashThumb(g image.Image) (h imageHashes, err error) {
	average, err := goimagehash.AverageHash(g)
	if err != nil {
		return h, fmt.Errorf("average hash: %w", err)
	}
	difference, err := goimagehash.DifferenceHash(g)
	if err != nil {
		return h, fmt.Errorf("difference hash: %w", err)
	}
	perception, err := goimagehash.PerceptionHash(g)
	if err != nil {
		return h, fmt.Errorf("perception hash: %w", err)
	}
	extended, err := goimagehash.ExtPerceptionHash(g, pdqFreqs, pdqFreqs)
	if err != nil {
		return h, fmt.Errorf("extended perception hash: %w", err)
	}
	h = imageHashes{average.GetHash(), difference.GetHash(), perception.GetHash(), Hash256{}}
	copy(h.perception256[:], extended.GetHash())
	return h, nil
}

// thumb shrinks the luminance of r to at most 512 pixels a side, each the mean of the pixels it covers, and turns it.
func (r raster) thumb(t turn) *image.Gray {
	width, height := thumbSize(r.width, r.height)
	g := image.NewGray(image.Rect(0, 0, width, height))
	sums, counts := make([]uint32, width), make([]uint32, width)
	row := 0
	for y := range r.height {
		for x := range r.width {
			i := x * width / r.width
			sums[i] += uint32(r.grey(x, y))
			counts[i]++
		}
		if y+1 == r.height || (y+1)*height/r.height > row {
			for i := range sums {
				g.Pix[row*g.Stride+i] = uint8((sums[i] + counts[i]/2) / counts[i])
			}
			clear(sums)
			clear(counts)
			row++
		}
	}
	return turnGray(g, t)
}

func thumbSize(width, height int) (int, int) {
	longest := max(width, height)
	if longest <= thumbSide {
		return width, height
	}
	return max(width*thumbSide/longest, 1), max(height*thumbSide/longest, 1)
}

func turnGray(g *image.Gray, t turn) *image.Gray {
	if t == (turn{}) {
		return g
	}
	size := g.Rect.Size()
	if t.transpose {
		size.X, size.Y = size.Y, size.X
	}
	mirror, upend := t.source()
	out := image.NewGray(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			from := image.Pt(x, y)
			if t.transpose {
				from = image.Pt(y, x)
			}
			if mirror {
				from.X = g.Rect.Dx() - 1 - from.X
			}
			if upend {
				from.Y = g.Rect.Dy() - 1 - from.Y
			}
			out.SetGray(x, y, g.GrayAt(from.X, from.Y))
		}
	}
	return out
}
