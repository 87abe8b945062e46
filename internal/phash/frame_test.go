package phash

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"os"
	"testing"

	"reprise/internal/picture"
)

// greyPhoto is a photograph of the tests in grey.
func greyPhoto(t *testing.T, name string) *image.Gray {
	t.Helper()
	data, err := os.ReadFile("../edits/testdata/photos/" + name)
	if err != nil {
		t.Fatal(err)
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	g := image.NewGray(img.Bounds())
	draw.Draw(g, g.Rect, img, img.Bounds().Min, draw.Src)
	return g
}

func asPicture(t *testing.T, g *image.Gray) picture.Picture {
	t.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, g); err != nil {
		t.Fatal(err)
	}
	p, err := picture.Decode(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// within gives the upper left part of a frame, whose memory is wider.
func within(g *image.Gray, width, height int) *image.Gray {
	return g.SubImage(image.Rect(0, 0, width, height)).(*image.Gray)
}

func TestAFrameIsHashedAsThePictureAndItsTurnsWithinAFewBits(t *testing.T) {
	g := greyPhoto(t, "kodak-1.jpg")
	for size, most := range map[image.Point]int{{640, 424}: 16, {480, 360}: 4, {320, 400}: 4, {200, 333}: 4, {64, 64}: 0} {
		frame := within(g, size.X, size.Y)
		p, got := asPicture(t, frame), AskFrame(0, frame)
		want := pdqOf(p)
		if got.Hashes[0][Same] != want.hash || got.Quality != want.quality {
			t.Errorf("%v: %d bits off, quality %d for %d", size, got.Hashes[0][Same].Distance(want.hash), got.Quality, want.quality)
		}
		for v, turn := range turns {
			if d := got.Hashes[0][v].Distance(pdq(sampled(p, turn)).hash); d > most {
				t.Errorf("%v lying as %v is %d bits off", size, Variant(v), d)
			}
		}
	}
}

func TestAFrameTooSmallToHashHasNoQuality(t *testing.T) {
	if f := AskFrame(0, image.NewGray(image.Rect(0, 0, 4, 9))); f.Quality != 0 || f.Hashes[0] != [Variants]Hash256{} {
		t.Errorf("%+v", f)
	}
}

func TestBarsAreTakenOff(t *testing.T) {
	g := greyPhoto(t, "kodak-1.jpg")
	size := g.Rect.Size()
	for _, c := range []struct {
		name        string
		left, top   int
		wide, high  int
		black, want uint8
	}{
		{"letterbox", 0, 80, size.X, size.Y + 200, 0, 2},
		{"pillars, not black", 150, 0, size.X + 300, size.Y, 40, 2},
		{"all around", 60, 30, size.X + 100, size.Y + 90, 235, 2},
		{"none", 0, 0, size.X, size.Y, 0, 1},
		{"a line", 2, 0, size.X + 2, size.Y, 0, 1},
		{"more bar than picture", 0, 10 * size.Y, size.X, 20 * size.Y, 0, 1},
	} {
		frame := image.NewGray(image.Rect(0, 0, c.wide, c.high))
		for i := range frame.Pix {
			frame.Pix[i] = c.black + uint8(i%7) // what compressing leaves of black
		}
		draw.Draw(frame, g.Rect.Add(image.Pt(c.left, c.top)), g, g.Rect.Min, draw.Src)
		got := AskFrame(0, frame)
		if len(got.Hashes) != int(c.want) {
			t.Errorf("%s: %d pictures", c.name, len(got.Hashes))
			continue
		}
		last := got.Hashes[len(got.Hashes)-1]
		if d := last[Same].Distance(AskFrame(0, g).Hashes[0][Same]); c.want == 2 && d > 10 {
			t.Errorf("%s: %d bits from the picture without bars", c.name, d)
		}
	}
}
