package edits

import (
	"fmt"
	"image"
	"image/color"

	"golang.org/x/image/draw"
)

// theme is the colours of an app.
type theme struct{ paper, ink, faint, line color.RGBA }

var (
	light = theme{white, color.RGBA{17, 17, 20, 255}, color.RGBA{115, 118, 125, 255}, color.RGBA{226, 228, 232, 255}}
	dark  = theme{color.RGBA{16, 18, 22, 255}, color.RGBA{236, 237, 240, 255}, color.RGBA{140, 145, 152, 255}, color.RGBA{48, 52, 58, 255}}
)

// sheet is a screen that is drawn from top to bottom: y is where the next thing goes. All lengths are in units of a
// 360th of the width, as apps count them.
type sheet struct {
	*image.RGBA
	theme
	*random
	unit float64
	y    int
}

func newSheet(t theme, r *random, width, height int) *sheet {
	return &sheet{blank(width, height, t.paper), t, r, float64(width) / 360, 0}
}

func (s *sheet) px(units float64) int { return rounded(units * s.unit) }

func (s *sheet) text(x, size float64, c color.Color, words string) int {
	return write(s.RGBA, regular, size*s.unit, c, s.px(x), s.y, words)
}

// phone is the picture opened in an app, shot off a telephone: as wide as the screen, with status and title above,
// caption, buttons and comments below.
func phone(t theme) func(*work) *image.RGBA {
	return func(w *work) *image.RGBA {
		sizes := []image.Point{{720, 1560}, {828, 1792}, {1080, 2340}}
		size := sizes[w.below(len(sizes))]
		s := newSheet(t, w.random, size.X, size.Y)
		s.statusBar()
		s.titleBar()
		shown := fitted(w.picture, size.X, rounded(0.62*float64(size.Y)))
		if room := size.Y - s.y - shown.Rect.Dy() - s.px(260); room > 0 && w.coin() {
			s.y += rounded(float64(room) * w.between(0.2, 0.8)) // a viewer puts it nearer the middle
		}
		paste(s.RGBA, shown, image.Pt((size.X-shown.Rect.Dx())/2, s.y))
		s.y += shown.Rect.Dy()
		s.buttons()
		s.caption(1 + w.below(3))
		for s.y < size.Y-s.px(110) {
			s.comment()
		}
		s.navigation()
		return s.RGBA
	}
}

func (s *sheet) statusBar() {
	s.y = s.px(20)
	s.text(16, 12, s.ink, fmt.Sprintf("%d:%02d", 7+s.below(16), s.below(60)))
	for i := range 4 { // reception
		fill(s.RGBA, image.Rect(s.px(290+4*float64(i)), s.y-s.px(2+2*float64(i)), s.px(293+4*float64(i)), s.y), s.ink)
	}
	fill(s.RGBA, image.Rect(s.px(320), s.y-s.px(9), s.px(320+s.between(6, 22)), s.y), s.ink) // battery
	s.y = s.px(28)
}

func (s *sheet) titleBar() {
	s.y += s.px(26)
	s.text(16, 20, s.ink, "<")
	s.text(48, 16, s.ink, s.words(2))
	for i := range 3 {
		disc(s.RGBA, image.Pt(s.px(336), s.y-s.px(float64(12-6*i))), s.px(1.6), s.ink)
	}
	s.y += s.px(14)
	fill(s.RGBA, image.Rect(0, s.y-s.px(1), s.Rect.Dx(), s.y), s.line)
}

// buttons are three rings with counters, and a fourth at the right.
func (s *sheet) buttons() {
	s.y += s.px(26)
	for i, x := range []float64{24, 104, 184, 336} {
		at := image.Pt(s.px(x), s.y-s.px(4))
		disc(s.RGBA, at, s.px(9), s.faint)
		disc(s.RGBA, at, s.px(7), s.paper)
		if i < 3 {
			s.text(x+14, 12, s.faint, fmt.Sprint(s.below(9000)))
		}
	}
	s.y += s.px(10)
}

func (s *sheet) caption(lines int) {
	for range lines {
		s.y += s.px(19)
		s.text(16, 14, s.ink, s.words(5+s.below(3)))
	}
	s.y += s.px(8)
}

func (s *sheet) avatar(x, radius float64) {
	middle := image.Pt(s.px(x), s.y)
	disc(s.RGBA, middle, s.px(radius), s.bright())
	disc(s.RGBA, middle.Sub(image.Pt(0, s.px(radius/4))), s.px(radius/3), s.paper)
}

func (s *sheet) comment() {
	s.y += s.px(24)
	s.avatar(30, 14)
	s.text(54, 12, s.faint, s.words(2))
	s.y += s.px(16)
	s.text(54, 13, s.ink, s.words(4+s.below(4)))
	s.y += s.px(8)
}

func (s *sheet) navigation() {
	bottom := s.Rect.Dy()
	fill(s.RGBA, image.Rect(0, bottom-s.px(52), s.Rect.Dx(), bottom), s.paper)
	fill(s.RGBA, image.Rect(0, bottom-s.px(52), s.Rect.Dx(), bottom-s.px(51)), s.line)
	for i := range 5 {
		x := s.px(36 + 72*float64(i))
		fill(s.RGBA, image.Rect(x-s.px(9), bottom-s.px(40), x+s.px(9), bottom-s.px(22)), s.faint)
	}
	fill(s.RGBA, image.Rect(s.px(120), bottom-s.px(8), s.px(240), bottom-s.px(5)), s.ink)
}

// post is cut out of a feed: name and text above the picture, which stands between margins with round corners every
// other time, counters below, and the head of the next post.
func post(t theme) func(*work) *image.RGBA {
	return func(w *work) *image.RGBA {
		s := newSheet(t, w.random, 560+w.below(520), 4000)
		s.y = s.px(w.between(4, 20))
		s.postHead()
		s.caption(1 + w.below(4))
		margin, corner := 0.0, 0.0
		if w.coin() {
			margin, corner = w.between(8, 60), w.between(4, 16)
		}
		width := s.px(360 - margin - min(margin, 16))
		shown := fitted(w.picture, width, width*13/10)
		pasteRound(s.RGBA, shown, image.Pt(s.px(margin), s.y+s.px(4)), s.px(corner))
		s.y += shown.Rect.Dy() + s.px(4)
		s.buttons()
		if w.coin() {
			s.comment()
		}
		fill(s.RGBA, image.Rect(0, s.y+s.px(10), s.Rect.Dx(), s.y+s.px(11)), s.line)
		if w.coin() {
			s.y += s.px(16)
			s.postHead()
		}
		return cropped(s.RGBA, image.Rect(0, 0, s.Rect.Dx(), s.y+s.px(w.between(6, 24))))
	}
}

func (s *sheet) postHead() {
	s.y += s.px(24)
	s.avatar(34, 19)
	write(s.RGBA, bold, 14*s.unit, s.ink, s.px(64), s.y-s.px(3), s.words(2))
	s.y += s.px(14)
	s.text(64, 12, s.faint, fmt.Sprintf("@%s%d . %d h", vocabulary[s.below(len(vocabulary))], s.below(99), 1+s.below(23)))
	s.y += s.px(8)
}

func pasteRound(m, part *image.RGBA, at image.Point, corner int) {
	mask := image.NewRGBA(part.Rect)
	fill(mask, image.Rect(0, corner, part.Rect.Dx(), part.Rect.Dy()-corner), white)
	fill(mask, image.Rect(corner, 0, part.Rect.Dx()-corner, part.Rect.Dy()), white)
	for _, x := range []int{corner, part.Rect.Dx() - 1 - corner} {
		for _, y := range []int{corner, part.Rect.Dy() - 1 - corner} {
			disc(mask, image.Pt(x, y), corner, white)
		}
	}
	draw.DrawMask(m, part.Rect.Add(at), part, image.Point{}, mask, image.Point{}, draw.Over)
}
