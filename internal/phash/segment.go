package phash

import (
	"cmp"
	"image"
	"slices"
)

// The measures of plain lines and of seams, on the scale of 8-bit luminance.
const (
	plainSpread = 10 // how far a pixel of a plain line may lie from the line's middle value
	plainOdd    = 50 // one pixel in so many may lie farther
	seamStep    = 12 // least mean step between two lines that are parted by a seam
	seamRatio   = 3  // and how many times the usual step it is
	maxCuts     = 60 // how often a part is parted again, in all
	seamMargin  = 20 // a seam stays away from the edges by a 20th
	flatSpread  = 4  // half the width of one grey
	minSegment  = 25 // a segment has at least a 25th of the picture's area
)

// segments finds the parts of a picture that may be pictures of their own: what is left when plain borders and bars
// are taken away, the photograph in a screenshot, the panels of a collage. They come largest first; the whole
// is not among them. It parts at plain lines, then at seams, again and again (after the recursive X-Y cut of
// G. Nagy and S. Seth, 1984).
func segments(g *image.Gray, most int) []image.Rectangle {
	c := cutter{picture: g, turned: transposed(g), whole: image.Rectangle{Max: g.Rect.Size()}, left: maxCuts}
	c.cut(c.whole)
	slices.SortStableFunc(c.found, func(a, b image.Rectangle) int { return cmp.Compare(area(b), area(a)) })
	return c.found[:min(len(c.found), most)]
}

func area(r image.Rectangle) int { return r.Dx() * r.Dy() }

// cutter parts a picture. It stops after so many cuts: a picture can be made of stripes alone.
type cutter struct {
	picture *image.Gray
	turned  *image.Gray // rows and columns exchanged, so that a column lies in one piece
	whole   image.Rectangle
	found   []image.Rectangle
	left    int
}

// cut parts r and each part again. Every part is found, also those that are parted further.
func (c *cutter) cut(r image.Rectangle) {
	for _, columns := range []bool{false, true} {
		if c.left--; c.left < 0 {
			return
		}
		parts := c.atPlainLines(r, columns)
		if len(parts) == 1 && parts[0] == r {
			parts = c.atSeams(r, columns)
		}
		for _, p := range parts {
			if p == r || !pixelBox(p).large() || area(p)*minSegment < area(c.whole) || slices.Contains(c.found, p) {
				continue
			}
			if !mostlyFlat(c.picture, p) {
				c.found = append(c.found, p)
			}
			c.cut(p)
		}
	}
}

// mostlyFlat tells whether more than half of r is of one grey: words and buttons on their ground, which many
// screenshots share, and no photograph.
func mostlyFlat(g *image.Gray, r image.Rectangle) bool {
	var counts [256]int
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for _, v := range g.Pix[y*g.Stride+r.Min.X : y*g.Stride+r.Max.X] {
			counts[v]++
		}
	}
	for middle := range counts {
		alike := 0
		for _, n := range counts[max(middle-flatSpread, 0):min(middle+flatSpread+1, 256)] {
			alike += n
		}
		if 2*alike > area(r) {
			return true
		}
	}
	return false
}

// atPlainLines gives the runs of lines that are not plain.
func (c *cutter) atPlainLines(r image.Rectangle, columns bool) (parts []image.Rectangle) {
	low, high := ends(r, columns)
	start := -1
	for at := low; at <= high; at++ {
		plain := at == high || isPlain(c.line(r, at, columns))
		switch {
		case !plain && start < 0:
			start = at
		case plain && start >= 0:
			parts = append(parts, between(r, start, at, columns))
			start = -1
		}
	}
	return parts
}

// ends are the first line of r and the one behind its last.
func ends(r image.Rectangle, columns bool) (low, high int) {
	if columns {
		return r.Min.X, r.Max.X
	}
	return r.Min.Y, r.Max.Y
}

func between(r image.Rectangle, low, high int, columns bool) image.Rectangle {
	if columns {
		return image.Rect(low, r.Min.Y, high, r.Max.Y)
	}
	return image.Rect(r.Min.X, low, r.Max.X, high)
}

// line gives the pixels of r in one line.
func (c *cutter) line(r image.Rectangle, at int, columns bool) []uint8 {
	if columns {
		return c.turned.Pix[at*c.turned.Stride+r.Min.Y : at*c.turned.Stride+r.Max.Y]
	}
	return c.picture.Pix[at*c.picture.Stride+r.Min.X : at*c.picture.Stride+r.Max.X]
}

func transposed(g *image.Gray) *image.Gray {
	size := g.Rect.Size()
	out := image.NewGray(image.Rect(0, 0, size.Y, size.X))
	for y := range size.Y {
		for x, v := range g.Pix[y*g.Stride : y*g.Stride+size.X] {
			out.Pix[x*out.Stride+y] = v
		}
	}
	return out
}

// isPlain tells whether nearly all pixels of a line are alike.
func isPlain(line []uint8) bool {
	var counts [256]int
	for _, v := range line {
		counts[v]++
	}
	middle, below := 0, counts[0]
	for below*2 < len(line) {
		middle++
		below += counts[middle]
	}
	alike := 0
	for _, c := range counts[max(middle-plainSpread, 0):min(middle+plainSpread+1, 256)] {
		alike += c
	}
	return (len(line)-alike)*plainOdd <= len(line)
}

// atSeams parts r where a straight edge goes all the way through, as between two photographs put side by side.
func (c *cutter) atSeams(r image.Rectangle, columns bool) []image.Rectangle {
	low, high := ends(r, columns)
	margin := max((high-low)/seamMargin, minRegionSide/2)
	if high-low < 2*margin {
		return nil
	}
	steps := make([]int, high-low)
	for at := low + 1; at < high; at++ {
		steps[at-low] = meanStep(c.line(r, at-1, columns), c.line(r, at, columns))
	}
	usual := slices.Sorted(slices.Values(steps))[len(steps)/2]
	cuts := []int{low}
	for at := low + margin; at <= high-margin; at++ {
		s := steps[at-low]
		if s >= seamStep && s >= seamRatio*usual && s == slices.Max(steps[at-low-3:at-low+4]) && at-cuts[len(cuts)-1] >= margin {
			cuts = append(cuts, at)
		}
	}
	if len(cuts) == 1 {
		return nil
	}
	cuts = append(cuts, high)
	var parts []image.Rectangle
	for i, at := range cuts[1:] {
		parts = append(parts, between(r, cuts[i], at, columns))
	}
	return parts
}

// meanStep is the mean difference between a line and the one before.
func meanStep(before, line []uint8) int {
	sum := 0
	before = before[:len(line)]
	for i, v := range line {
		d := int(v) - int(before[i])
		sum += max(d, -d)
	}
	return sum / len(line)
}
