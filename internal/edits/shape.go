package edits

import (
	"image"
	"image/color"
	"math"
)

// turning exchanges rows and columns, then left and right, then top and bottom, as asked.
func turning(transpose, mirror, upend bool) func(*work) *image.RGBA {
	return func(w *work) *image.RGBA { return turned(w.picture, transpose, mirror, upend) }
}

func turned(m *image.RGBA, transpose, mirror, upend bool) *image.RGBA {
	size := m.Rect.Size()
	if transpose {
		size.X, size.Y = size.Y, size.X
	}
	out := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			from := image.Pt(x, y)
			if mirror {
				from.X = size.X - 1 - x
			}
			if upend {
				from.Y = size.Y - 1 - y
			}
			if transpose {
				from.X, from.Y = from.Y, from.X
			}
			out.SetRGBA(x, y, m.RGBAAt(from.X, from.Y))
		}
	}
	return out
}

// tilting turns by the angle to either side. Either the canvas grows, with black or white corners, or the corners
// are cropped away.
func tilting(degrees float64, crop bool) func(*work) *image.RGBA {
	return func(w *work) *image.RGBA {
		angle, corners := degrees, black
		if w.coin() {
			angle = -angle
		}
		if w.coin() {
			corners = white
		}
		sin, cos := math.Sincos(degrees * math.Pi / 180)
		width, height := float64(w.picture.Rect.Dx()), float64(w.picture.Rect.Dy())
		outerW, outerH := width*cos+height*sin, width*sin+height*cos
		canvas := blank(int(math.Ceil(outerW)), int(math.Ceil(outerH)), corners)
		lay(canvas, w.picture, canvas.Rect.Max.Div(2), angle, 1)
		if !crop {
			return canvas
		}
		s := min(width/outerW, height/outerH) // the largest upright picture of the same shape that fits in
		inner := image.Pt(int(s*width)-2, int(s*height)-2)
		at := canvas.Rect.Max.Sub(inner).Div(2)
		return cropped(canvas, image.Rectangle{at, at.Add(inner)})
	}
}

// cropping takes the share off the width and off the height, more of it on one side or the other.
func cropping(share float64) func(*work) *image.RGBA {
	return func(w *work) *image.RGBA { return w.cropAnywhere(w.picture, share, share) }
}

func (r *random) cropAnywhere(m *image.RGBA, shareX, shareY float64) *image.RGBA {
	size := image.Pt(rounded((1-shareX)*float64(m.Rect.Dx())), rounded((1-shareY)*float64(m.Rect.Dy())))
	at := image.Pt(r.below(m.Rect.Dx()-size.X+1), r.below(m.Rect.Dy()-size.Y+1))
	return cropped(m, image.Rectangle{at, at.Add(size)})
}

// croppingSide takes the share off one of the four sides.
func croppingSide(share float64) func(*work) *image.RGBA {
	return func(w *work) *image.RGBA {
		r := w.picture.Rect
		x, y := rounded(share*float64(r.Dx())), rounded(share*float64(r.Dy()))
		switch w.below(4) {
		case 0:
			r.Min.X += x
		case 1:
			r.Max.X -= x
		case 2:
			r.Min.Y += y
		default:
			r.Max.Y -= y
		}
		return cropped(w.picture, r)
	}
}

// shaping crops to a shape. What has it already is cropped to four fifths: whoever must choose a part zooms in.
func shaping(x, y int) func(*work) *image.RGBA {
	return func(w *work) *image.RGBA {
		size := w.picture.Rect.Size()
		part := image.Pt(min(size.X, size.Y*x/y), min(size.Y, size.X*y/x))
		if part == size {
			part = part.Mul(4).Div(5)
		}
		free := size.Sub(part)
		at := image.Pt(rounded(float64(free.X)*w.between(0.2, 0.8)), rounded(float64(free.Y)*w.between(0.2, 0.8)))
		return cropped(w.picture, image.Rectangle{at, at.Add(part)})
	}
}

// bordered puts m on a canvas that is larger by the shares of its longer side: left, top, right, bottom.
func bordered(m *image.RGBA, c color.Color, shares [4]float64) *image.RGBA {
	var px [4]int
	for i, share := range shares {
		px[i] = rounded(share * float64(max(m.Rect.Dx(), m.Rect.Dy())))
	}
	canvas := blank(m.Rect.Dx()+px[0]+px[2], m.Rect.Dy()+px[1]+px[3], c)
	paste(canvas, m, image.Pt(px[0], px[1]))
	return canvas
}

func borderBlack(w *work) *image.RGBA {
	share := w.between(0.03, 0.12)
	return bordered(w.picture, black, [4]float64{share, share, share, share})
}

// borderWhite is wider below, as of an instant photograph.
func borderWhite(w *work) *image.RGBA {
	share := w.between(0.04, 0.1)
	return bordered(w.picture, white, [4]float64{share, share, share, share * w.between(1, 3.5)})
}

// borderColour is uneven, and has a thin line inside every other time.
func borderColour(w *work) *image.RGBA {
	m := w.picture
	if w.coin() {
		m = bordered(m, white, [4]float64{0.01, 0.01, 0.01, 0.01})
	}
	side := func() float64 { return w.between(0.02, 0.16) }
	return bordered(m, w.bright(), [4]float64{side(), side(), side(), side()})
}

func (r *random) screen() (width, height int) {
	if r.coin() {
		return 720, 1280
	}
	return 1280, 720
}

func letterboxBlack(w *work) *image.RGBA {
	width, height := w.screen()
	canvas := blank(width, height, black)
	return centred(canvas, fitted(w.picture, width, height))
}

// letterboxBlurred fills the bars with the picture itself, enlarged and blurred.
func letterboxBlurred(w *work) *image.RGBA {
	width, height := w.screen()
	canvas := blurred(filling(w.picture, width, height), 18)
	return centred(canvas, fitted(w.picture, width, height))
}

func centred(canvas, m *image.RGBA) *image.RGBA {
	paste(canvas, m, canvas.Rect.Max.Sub(m.Rect.Max).Div(2))
	return canvas
}
