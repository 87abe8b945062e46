package picture

import "image"

// Small is the luminance shrunk to at most maxSide pixels on the longer side, each the rounded mean of the pixels it
// covers, and turned upright. A picture that is smaller already keeps its size.
func (p Picture) Small(maxSide int) *image.Gray {
	r := p.raster
	width, height := smallSize(r.width, r.height, maxSide)
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
	return p.Upright.of(g)
}

func smallSize(width, height, maxSide int) (int, int) {
	longest := max(width, height)
	if longest <= maxSide {
		return width, height
	}
	return max(width*maxSide/longest, 1), max(height*maxSide/longest, 1)
}
