package edits

import (
	"image"
	"math"
)

func unchanged(w *work) *image.RGBA { return w.picture }

func resizing(x, y float64) func(*work) *image.RGBA {
	return func(w *work) *image.RGBA {
		return resized(w.picture, rounded(x*float64(w.picture.Rect.Dx())), rounded(y*float64(w.picture.Rect.Dy())))
	}
}

// toned gives each pixel of m another colour. Values are 0 to 255, and cut to that again.
func toned(m *image.RGBA, tone func(r, g, b float64) (float64, float64, float64)) *image.RGBA {
	out := duplicate(m)
	for i := 0; i < len(out.Pix); i += 4 {
		p := out.Pix[i : i+3 : i+3]
		r, g, b := tone(float64(p[0]), float64(p[1]), float64(p[2]))
		p[0], p[1], p[2] = level(r), level(g), level(b)
	}
	return out
}

func level(v float64) uint8 { return uint8(min(max(v, 0), 255) + 0.5) }

func lightness(r, g, b float64) float64 { return 0.299*r + 0.587*g + 0.114*b }

func grey(w *work) *image.RGBA {
	return toned(w.picture, func(r, g, b float64) (float64, float64, float64) {
		l := lightness(r, g, b)
		return l, l, l
	})
}

func gamma(exponent float64) func(*work) *image.RGBA {
	curve := func(v float64) float64 { return 255 * math.Pow(v/255, exponent) }
	return func(w *work) *image.RGBA {
		return toned(w.picture, func(r, g, b float64) (float64, float64, float64) { return curve(r), curve(g), curve(b) })
	}
}

// contrast is raised, and the picture made brighter or darker, so that lights or shadows are lost.
func contrast(w *work) *image.RGBA {
	shift, slope := w.between(-25, 25), w.between(1.3, 1.6)
	curve := func(v float64) float64 { return 128 + slope*(v-128) + shift }
	return toned(w.picture, func(r, g, b float64) (float64, float64, float64) { return curve(r), curve(g), curve(b) })
}

// noise is that of a dark room, a deviation of about 18 levels in each colour.
func noise(w *work) *image.RGBA {
	grain := func() float64 { // of three even ones: near to a normal distribution
		return 18 * (w.between(-1, 1) + w.between(-1, 1) + w.between(-1, 1))
	}
	return toned(w.picture, func(r, g, b float64) (float64, float64, float64) { return r + grain(), g + grain(), b + grain() })
}

func blur(w *work) *image.RGBA {
	return blurred(w.picture, max(w.picture.Rect.Dx(), w.picture.Rect.Dy())/160)
}

func sharpen(w *work) *image.RGBA {
	soft := blurred(w.picture, 1)
	out := duplicate(w.picture)
	for i, v := range out.Pix {
		out.Pix[i] = level(float64(v) + 1.5*(float64(v)-float64(soft.Pix[i])))
	}
	return out
}

// filter is the look of an app: warm or cold, stronger colours, lifted shadows, dark corners.
func filter(w *work) *image.RGBA {
	warm, strength := w.between(-20, 20), w.between(1.2, 1.6)
	out := toned(w.picture, func(r, g, b float64) (float64, float64, float64) {
		l := lightness(r, g, b)
		lift := func(v float64) float64 { return 22 + (l+strength*(v-l))*0.88 }
		return lift(r) + warm, lift(g), lift(b) - warm
	})
	size := out.Rect.Size()
	for y := range size.Y {
		for x := range size.X {
			dx, dy := 2*float64(x)/float64(size.X)-1, 2*float64(y)/float64(size.Y)-1
			dim := 1 - 0.22*(dx*dx+dy*dy)
			p := out.Pix[out.PixOffset(x, y):]
			for c := range 3 {
				p[c] = level(float64(p[c]) * dim)
			}
		}
	}
	return out
}

func invert(w *work) *image.RGBA {
	return toned(w.picture, func(r, g, b float64) (float64, float64, float64) { return 255 - r, 255 - g, 255 - b })
}

// blurred is m after three box filters in each direction, which are near to a Gaussian of deviation radius + 0.5.
func blurred(m *image.RGBA, radius int) *image.RGBA {
	out, other := duplicate(m), image.NewRGBA(m.Rect)
	rows := lines{m.Rect.Dy(), m.Rect.Dx(), out.Stride, 4}
	columns := lines{m.Rect.Dx(), m.Rect.Dy(), 4, out.Stride}
	for range 3 {
		box(other, out, rows, radius)
		box(out, other, columns, radius)
	}
	return out
}

// lines are the rows or the columns of a picture: how many, how long, and how many bytes lie between one and the next,
// and between neighbours in one.
type lines struct{ count, length, next, step int }

// box makes each value the mean of those up to the radius away in its line; the ends go on for ever.
func box(to, from *image.RGBA, l lines, radius int) {
	for i := range 4 * l.count {
		base := i/4*l.next + i%4
		at := func(i int) int { return int(from.Pix[base+min(max(i, 0), l.length-1)*l.step]) }
		sum := 0
		for j := -radius; j <= radius; j++ {
			sum += at(j)
		}
		for j := range l.length {
			to.Pix[base+j*l.step] = uint8((sum + radius) / (2*radius + 1))
			sum += at(j+radius+1) - at(j-radius)
		}
	}
}
