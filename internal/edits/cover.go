package edits

import (
	"image"
	"image/color"
	"math"
)

// side is what sizes are a share of: the shorter side of the picture.
func (w *work) side() float64 { return float64(min(w.picture.Rect.Dx(), w.picture.Rect.Dy())) }

// within is a point whose distance from every edge is the share of the side at least.
func (w *work) within(share float64) image.Point {
	edge := share * w.side()
	return image.Pt(
		rounded(w.between(edge, float64(w.picture.Rect.Dx())-edge)),
		rounded(w.between(edge, float64(w.picture.Rect.Dy())-edge)))
}

// watermarkLarge is a name across the whole picture, half seen through.
func watermarkLarge(w *work) *image.RGBA {
	out := duplicate(w.picture)
	alpha := uint8(w.between(90, 160))
	ink := color.RGBA{alpha, alpha, alpha, alpha}
	if w.coin() {
		ink = color.RGBA{0, 0, 0, alpha}
	}
	mark := writing(bold, w.side()/6, ink, "@"+w.words(2))
	diagonal := math.Hypot(float64(out.Rect.Dx()), float64(out.Rect.Dy()))
	scale := w.between(0.7, 0.9) * diagonal / float64(mark.Rect.Dx())
	lay(out, mark, out.Rect.Max.Div(2), w.between(20, 45), min(scale, 2))
	return out
}

// watermarkLogo is a disc with two letters and a name beside it, in one corner.
func watermarkLogo(w *work) *image.RGBA {
	out := duplicate(w.picture)
	radius := w.side() * w.between(0.05, 0.08)
	at := image.Pt(rounded(radius*1.4), rounded(radius*1.4))
	if w.coin() {
		at.Y = out.Rect.Dy() - at.Y
	}
	if w.coin() {
		at.X = out.Rect.Dx() - rounded(radius*7)
	}
	disc(out, at, rounded(radius), w.bright())
	write(out, bold, radius, white, at.X-rounded(radius*0.7), at.Y+rounded(radius*0.35), "XO")
	write(out, bold, radius*0.9, white, at.X+rounded(radius*1.3), at.Y+rounded(radius*0.35), w.words(1)+".tv")
	return out
}

func watermarkTiled(w *work) *image.RGBA {
	out := duplicate(w.picture)
	alpha := uint8(w.between(70, 130))
	mark := writing(bold, w.side()/16, color.RGBA{alpha, alpha, alpha, alpha}, w.words(2))
	angle := w.between(15, 40)
	stepX, stepY := mark.Rect.Dx()*5/4, mark.Rect.Dy()*3
	for row := 0; row*stepY < out.Rect.Dy()+stepY; row++ {
		for x := row % 2 * stepX / 2; x < out.Rect.Dx()+stepX; x += stepX {
			lay(out, mark, image.Pt(x, row*stepY), angle, 1)
		}
	}
	return out
}

// coverBar is a black bar, as over eyes.
func coverBar(w *work) *image.RGBA {
	out := duplicate(w.picture)
	half := image.Pt(rounded(w.side()*w.between(0.22, 0.4)), rounded(w.side()*w.between(0.05, 0.09)))
	middle := w.within(0.25)
	fill(out, image.Rectangle{middle.Sub(half), middle.Add(half)}, black)
	return out
}

func coverEmoji(w *work) *image.RGBA {
	out := duplicate(w.picture)
	emoji(out, w.within(0.25), w.side()*w.between(0.13, 0.21))
	return out
}

// emoji is a yellow face that smiles.
func emoji(m *image.RGBA, at image.Point, radius float64) {
	part := func(x, y, r float64, c color.RGBA) {
		disc(m, at.Add(image.Pt(rounded(x*radius), rounded(y*radius))), rounded(r*radius), c)
	}
	brown := color.RGBA{90, 50, 10, 255}
	part(0, 0, 1, color.RGBA{225, 165, 30, 255})
	part(0, 0, 0.94, color.RGBA{255, 210, 60, 255})
	part(-0.35, -0.25, 0.13, brown)
	part(0.35, -0.25, 0.13, brown)
	part(0, 0.2, 0.48, brown)
	part(0, 0.08, 0.5, color.RGBA{255, 210, 60, 255})
}

// coverSticker is a star with a word on it, aslant.
func coverSticker(w *work) *image.RGBA {
	out := duplicate(w.picture)
	sticker(out, w.random, w.within(0.25), w.side()*w.between(0.16, 0.26))
	return out
}

func sticker(m *image.RGBA, r *random, at image.Point, radius float64) {
	for _, layer := range []struct {
		radius float64
		c      color.RGBA
	}{{radius, white}, {radius * 0.9, r.bright()}} {
		reach := rounded(radius) + 2
		shape(m, image.Rect(at.X-reach, at.Y-reach, at.X+reach, at.Y+reach), layer.c, func(x, y float64) float64 {
			dx, dy := x-float64(at.X), y-float64(at.Y)
			return layer.radius*(0.8+0.2*math.Cos(8*math.Atan2(dy, dx))) - math.Hypot(dx, dy)
		})
	}
	lay(m, writing(bold, radius*0.55, white, r.words(1)+"!"), at, r.between(-25, 25), 1)
}

// coverPixelated makes squares of a part.
func coverPixelated(w *work) *image.RGBA {
	out := duplicate(w.picture)
	half := image.Pt(rounded(w.side()*w.between(0.13, 0.22)), rounded(w.side()*w.between(0.13, 0.22)))
	middle := w.within(0.25)
	r := image.Rectangle{middle.Sub(half), middle.Add(half)}
	const squares = 7
	small := resized(cropped(out, r), squares, squares)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			out.SetRGBA(x, y, small.RGBAAt((x-r.Min.X)*squares/r.Dx(), (y-r.Min.Y)*squares/r.Dy()))
		}
	}
	return out
}
