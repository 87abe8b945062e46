package keypoints

import "image"

const (
	perOctave = 4            // levels to half the size
	levelsMax = 16           // levels of a picture
	margin    = 20           // pixels of a level around a point that its description may reach
	leastSide = 2*margin + 4 // a level with a shorter side is left out
)

// shrinkBy is 65536 / 2^(i/4), rounded.
var shrinkBy = [perOctave]int{65536, 55109, 46341, 38968}

// level is the picture at one size.
type level struct {
	number   int
	w, h     int
	wholeW   int     // width of the picture itself
	wholeH   int     // height of the picture itself
	grey     []int32 // in 1/16 of a grey step, row by row
	smooth   []int32 // grey, smoothed twice
	response []int32 // how much a pixel looks like the middle of a blob
}

// pyramid gives the picture at the sizes 1, 2^(-1/4), 2^(-2/4) ... of its own. Level n is
// ((W * shrinkBy[n%4] >> (n/4)) + 32768) >> 16 pixels wide, and as high by the same rule; the first level with a side
// under leastSide ends the list. Level 0 is the picture times 16; level n is shrunk from level max(0, n-4).
func pyramid(g *image.Gray) []level {
	size := g.Bounds().Size()
	var levels []level
	for n := range levelsMax {
		l := level{number: n, w: sideAt(size.X, n), h: sideAt(size.Y, n), wholeW: size.X, wholeH: size.Y}
		if min(l.w, l.h) < leastSide {
			break
		}
		if n == 0 {
			l.grey = sixteenfold(g)
		} else {
			from := levels[max(0, n-perOctave)]
			l.grey = shrink(from.grey, from.w, from.h, l.w, l.h)
		}
		l.smooth = binomial(binomial(l.grey, l.w, l.h), l.w, l.h)
		l.response = respond(&l)
		levels = append(levels, l)
	}
	return levels
}

func sideAt(side, n int) int {
	return (side*shrinkBy[n%perOctave]>>(n/perOctave) + 32768) >> 16
}

func sixteenfold(g *image.Gray) []int32 {
	size := g.Bounds().Size()
	out := make([]int32, 0, size.X*size.Y)
	for y := range size.Y {
		for _, v := range g.Pix[y*g.Stride:][:size.X] {
			out = append(out, int32(v)*16)
		}
	}
	return out
}

// shrink averages by area, exactly: pixel i of the w given covers [i*toW, (i+1)*toW), pixel j of the toW made covers
// [j*w, (j+1)*w), and their overlap is the weight; likewise down the columns. The sum of value times both weights,
// which stays below 2^53, is divided by w*h and rounded half up.
func shrink(in []int32, w, h, toW, toH int) []int32 {
	rows := make([]int, toW*h) // summed along the rows, not divided yet
	for y := range h {
		row, out := in[y*w:][:w], rows[y*toW:][:toW]
		for j := range out {
			sum := 0
			for i := j * w / toW; i*toW < (j+1)*w; i++ {
				sum += int(row[i]) * overlap(i, toW, j, w)
			}
			out[j] = sum
		}
	}
	area := w * h
	out := make([]int32, 0, toW*toH)
	sums := make([]int, toW)
	for j := range toH {
		clear(sums)
		for i := j * h / toH; i*toH < (j+1)*h; i++ {
			weight := overlap(i, toH, j, h)
			for x, v := range rows[i*toW:][:toW] {
				sums[x] += v * weight
			}
		}
		for _, s := range sums {
			out = append(out, int32((s+area/2)/area))
		}
	}
	return out
}

// overlap is how much [i*a, (i+1)*a) and [j*b, (j+1)*b) have in common, where they touch.
func overlap(i, a, j, b int) int {
	return min((i+1)*a, (j+1)*b) - max(i*a, j*b)
}

// binomial smooths by the weights 1 2 1 along the rows and down the columns, with the pixels of the edge repeated;
// the sum of the nine is (sum + 8) >> 4.
func binomial(in []int32, w, h int) []int32 {
	rows := make([]int32, w*h)
	for y := range h {
		row, out := in[y*w:][:w], rows[y*w:][:w]
		out[0], out[w-1] = 3*row[0]+row[1], row[w-2]+3*row[w-1]
		for x := 1; x < w-1; x++ {
			out[x] = row[x-1] + 2*row[x] + row[x+1]
		}
	}
	out := make([]int32, w*h)
	for y := range h {
		up, mid, down := rows[max(y-1, 0)*w:][:w], rows[y*w:][:w], rows[min(y+1, h-1)*w:][:w]
		for x, o := 0, out[y*w:][:w]; x < w; x++ {
			o[x] = (up[x] + 2*mid[x] + down[x] + 8) >> 4
		}
	}
	return out
}
