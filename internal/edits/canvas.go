package edits

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"
)

var (
	black = color.RGBA{0, 0, 0, 255}
	white = color.RGBA{255, 255, 255, 255}
)

var regular, bold = parsed(goregular.TTF), parsed(gobold.TTF)

func parsed(ttf []byte) *opentype.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic(err) // the fonts are compiled in
	}
	return f
}

func blank(width, height int, c color.Color) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, max(width, 1), max(height, 1)))
	fill(m, m.Rect, c)
	return m
}

func fill(m *image.RGBA, r image.Rectangle, c color.Color) {
	draw.Draw(m, r, image.NewUniform(c), image.Point{}, draw.Over)
}

func paste(m, part *image.RGBA, at image.Point) {
	draw.Draw(m, part.Rect.Add(at), part, image.Point{}, draw.Over)
}

func duplicate(m *image.RGBA) *image.RGBA { return cropped(m, m.Rect) }

// cropped copies the part of m inside r, so that its corner is at 0, 0 again.
func cropped(m *image.RGBA, r image.Rectangle) *image.RGBA {
	out := image.NewRGBA(image.Rectangle{Max: r.Size()})
	draw.Draw(out, out.Rect, m, r.Min, draw.Src)
	return out
}

func resized(m *image.RGBA, width, height int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, max(width, 1), max(height, 1)))
	draw.CatmullRom.Scale(out, out.Rect, m, m.Rect, draw.Src, nil)
	return out
}

// fitted makes m as large as it can be inside width x height.
func fitted(m *image.RGBA, width, height int) *image.RGBA {
	s := min(float64(width)/float64(m.Rect.Dx()), float64(height)/float64(m.Rect.Dy()))
	return resized(m, rounded(s*float64(m.Rect.Dx())), rounded(s*float64(m.Rect.Dy())))
}

// filling makes m just large enough to cover width x height, and cuts what stands over at both ends.
func filling(m *image.RGBA, width, height int) *image.RGBA {
	s := max(float64(width)/float64(m.Rect.Dx()), float64(height)/float64(m.Rect.Dy()))
	w, h := max(rounded(s*float64(m.Rect.Dx())), width), max(rounded(s*float64(m.Rect.Dy())), height)
	at := image.Pt((w-width)/2, (h-height)/2)
	return cropped(resized(m, w, h), image.Rectangle{at, at.Add(image.Pt(width, height))})
}

// lay draws m over the canvas, turned by the angle against the clock and scaled, its middle at the given point.
func lay(canvas, m *image.RGBA, middle image.Point, degrees, scale float64) {
	sin, cos := math.Sincos(-degrees * math.Pi / 180)
	sin, cos = sin*scale, cos*scale
	cx, cy := float64(m.Rect.Dx())/2, float64(m.Rect.Dy())/2
	draw.CatmullRom.Transform(canvas, f64.Aff3{
		cos, -sin, float64(middle.X) - cos*cx + sin*cy,
		sin, cos, float64(middle.Y) - sin*cx - cos*cy,
	}, m, m.Rect, draw.Over, nil)
}

// disc draws a filled circle with a soft edge.
func disc(m *image.RGBA, middle image.Point, radius int, c color.RGBA) {
	r := float64(radius)
	shape(m, image.Rect(middle.X-radius-1, middle.Y-radius-1, middle.X+radius+2, middle.Y+radius+2), c, func(x, y float64) float64 {
		return r - math.Hypot(x-float64(middle.X), y-float64(middle.Y))
	})
}

// shape colours the pixels of r whose inside is positive; between 0 and 1 they are half covered.
func shape(m *image.RGBA, r image.Rectangle, c color.RGBA, inside func(x, y float64) float64) {
	r = r.Intersect(m.Rect)
	mask := image.NewAlpha(r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			mask.SetAlpha(x, y, color.Alpha{A: uint8(255 * min(max(inside(float64(x), float64(y)), 0), 1))})
		}
	}
	draw.DrawMask(m, r, image.NewUniform(c), image.Point{}, mask, r.Min, draw.Over)
}

// write draws text whose base line begins at x, y, and gives the x at which it ends.
func write(m *image.RGBA, f *opentype.Font, size float64, c color.Color, x, y int, text string) int {
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: max(size, 4), DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(err) // of these options only a size below zero would be refused
	}
	d := font.Drawer{Dst: m, Src: image.NewUniform(c), Face: face, Dot: fixed.P(x, y)}
	d.DrawString(text)
	return d.Dot.X.Ceil()
}

// writing is text alone on nothing, cut to its size.
func writing(f *opentype.Font, size float64, c color.Color, text string) *image.RGBA {
	wide := image.NewRGBA(image.Rect(0, 0, int(size)*len(text)+1, rounded(size*1.4)))
	end := write(wide, f, size, c, 0, rounded(size), text)
	return cropped(wide, image.Rect(0, 0, max(min(end, wide.Rect.Dx()), 1), wide.Rect.Dy()))
}

func rounded(v float64) int { return int(math.Round(v)) }
