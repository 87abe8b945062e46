package edits

import (
	"image"
	"image/color"
)

// neighbour is another photograph than the edited one.
func (w *work) neighbour() *image.RGBA {
	i := w.below(len(w.others))
	if w.others[i].Picture == w.picture {
		i = (i + 1) % len(w.others)
	}
	w.beside = append(w.beside, w.others[i].Name)
	return w.others[i].Picture
}

// paper is the colour between the pictures of a collage.
func (w *work) paper() color.RGBA {
	return []color.RGBA{white, white, black, w.bright()}[w.below(4)]
}

// collageBeside puts two pictures of the same height next to each other, with or without a gap. Neither is cropped.
func collageBeside(w *work) *image.RGBA {
	const height = 600
	a, b := fitted(w.picture, 4*height, height), fitted(w.neighbour(), 4*height, height)
	if w.coin() {
		a, b = b, a
	}
	gap := w.below(2) * w.below(25)
	canvas := blank(a.Rect.Dx()+gap+b.Rect.Dx(), height, w.paper())
	paste(canvas, a, image.Point{})
	paste(canvas, b, image.Pt(a.Rect.Dx()+gap, 0))
	return canvas
}

func collageStacked(w *work) *image.RGBA {
	const width = 600
	a, b := fitted(w.picture, width, 4*width), fitted(w.neighbour(), width, 4*width)
	if w.coin() {
		a, b = b, a
	}
	gap := w.below(2) * w.below(25)
	canvas := blank(width, a.Rect.Dy()+gap+b.Rect.Dy(), w.paper())
	paste(canvas, a, image.Point{})
	paste(canvas, b, image.Pt(0, a.Rect.Dy()+gap))
	return canvas
}

// collageFour fills four squares, each cropped to it; the photograph is in any of them.
func collageFour(gaps bool) func(*work) *image.RGBA {
	return func(w *work) *image.RGBA {
		const side = 512
		gap := 0
		if gaps {
			gap = 6 + w.below(25)
		}
		canvas := blank(2*side+3*gap, 2*side+3*gap, w.paper())
		ours := w.below(4)
		for i := range 4 {
			m := w.picture
			if i != ours {
				m = w.neighbour()
			}
			paste(canvas, filling(m, side, side), image.Pt(gap+i%2*(side+gap), gap+i/2*(side+gap)))
		}
		return canvas
	}
}
