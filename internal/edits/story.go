package edits

import (
	"fmt"
	"image"
	"image/color"
)

// story is a page of 9 to 16: the photograph cropped, framed and written on, on a plain, graded or blurred ground,
// straight or aslant.
func story(tilted bool) func(*work) *image.RGBA {
	return func(w *work) *image.RGBA {
		const width, height = 720, 1280
		page := w.ground(width, height)
		part := w.cropAnywhere(w.picture, w.between(0.08, 0.25), w.between(0.08, 0.25))
		part = fitted(part, rounded(width*w.between(0.72, 0.95)), height*6/10)
		framed := bordered(part, white, [4]float64{0.02, 0.02, 0.02, 0.02})
		angle := 0.0
		if tilted {
			angle = w.between(3, 9)
			if w.coin() {
				angle = -angle
			}
		}
		middle := image.Pt(width/2, rounded(height*w.between(0.42, 0.58)))
		lay(page, framed, middle, angle, 1)
		w.storyWords(page, middle, framed.Rect.Dy()/2)
		return page
	}
}

func (w *work) ground(width, height int) *image.RGBA {
	if w.below(3) == 0 {
		return blurred(filling(w.picture, width, height), 24)
	}
	page, top, bottom := blank(width, height, black), w.bright(), w.bright()
	for y := range height {
		mix := func(a, b uint8) uint8 { return uint8((int(a)*(height-y) + int(b)*y) / height) }
		fill(page, image.Rect(0, y, width, y+1), color.RGBA{mix(top.R, bottom.R), mix(top.G, bottom.G), mix(top.B, bottom.B), 255})
	}
	return page
}

// storyWords writes who posted it, a line half over the photograph, one below it, and puts a sticker on a corner.
func (w *work) storyWords(page *image.RGBA, middle image.Point, half int) {
	width := page.Rect.Dx()
	fill(page, image.Rect(16, 20, width-16, 24), color.RGBA{180, 180, 180, 180})
	disc(page, image.Pt(52, 72), 30, w.bright())
	write(page, bold, 26, white, 96, 82, fmt.Sprintf("%s  %d h", w.words(1), 1+w.below(23)))
	line := writing(bold, 50, white, w.words(3))
	at := image.Pt(width/2, middle.Y+half-rounded(w.between(-20, 120)))
	box := line.Rect.Add(at.Sub(line.Rect.Max.Div(2))).Inset(-8)
	fill(page, box, black)
	lay(page, line, at, 0, 1)
	lay(page, writing(regular, 34, white, w.words(5)), image.Pt(width/2, page.Rect.Dy()-150), 0, 1)
	if w.coin() {
		sticker(page, w.random, image.Pt(width*3/4, middle.Y-half+20), w.between(60, 100))
	} else {
		emoji(page, image.Pt(width/5, middle.Y-half+30), w.between(40, 70))
	}
}

// mirrorCropBorder is what one does who does not want to be found.
func mirrorCropBorder(w *work) *image.RGBA {
	m := turned(w.picture, false, true, false)
	m = w.cropAnywhere(m, w.between(0.05, 0.15), w.between(0.05, 0.15))
	share := w.between(0.03, 0.08)
	return bordered(m, w.bright(), [4]float64{share, share, share, share})
}

// cropScreenshot is a screenshot of a cropped copy, sent on in a smaller size.
func cropScreenshot(w *work) *image.RGBA {
	part := w.cropAnywhere(w.picture, w.between(0.05, 0.2), w.between(0.05, 0.2))
	shot := phone([]theme{light, dark}[w.below(2)])(&work{picture: part, random: w.random})
	return fitted(shot, shot.Rect.Dx()*6/10, shot.Rect.Dy())
}
