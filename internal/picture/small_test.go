package picture

import (
	"image"
	"testing"

	"reprise/internal/bombs"
)

// TestSmallIsTheMeanOfWhatItCovers computes each cell as its definition says.
func TestSmallIsTheMeanOfWhatItCovers(t *testing.T) {
	for _, data := range [][]byte{photo(t, "kodak-1.jpg"), sample(t, "../../phash/testdata/reference/pdq-modes/RGBA.png"),
		sample(t, "../../phash/testdata/reference/webp/HTC_Desire.webp"), bombs.PNG(3, 5000, 8, 0, 0, bombs.Zeros(5000*4))} {
		p, err := Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		for _, side := range []int{7, 64, 333, 1024} {
			if got, want := p.Small(side), slowSmall(p, side); got.Rect != want.Rect || string(got.Pix) != string(want.Pix) {
				t.Errorf("%d x %d made small to %d is not the mean of its cells", p.Width, p.Height, side)
			}
		}
	}
}

func TestSmallLiesUpright(t *testing.T) {
	plain, err := Decode(sample(t, "jpeg/plain.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	flat := plain.Small(1024)
	for orientation := 1; orientation <= 8; orientation++ {
		p, err := Decode(bombs.WithOrientation(sample(t, "jpeg/plain.jpg"), uint16(orientation)))
		if err != nil {
			t.Fatal(err)
		}
		got := p.Small(1024)
		for y := range got.Rect.Dy() {
			for x := range got.Rect.Dx() {
				if sx, sy := stored(orientation, x, y, 160, 107); got.GrayAt(x, y) != flat.GrayAt(sx, sy) {
					t.Fatalf("orientation %d: the pixel at %d, %d is not that at %d, %d of the file", orientation, x, y, sx, sy)
				}
			}
		}
	}
}

// stored is the pixel of a file w x h that is seen at x, y, written down from the figure of CIPA DC-008, 4.6.4.
func stored(orientation, x, y, w, h int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	case 8:
		return w - 1 - y, x
	}
	return x, y
}

func slowSmall(p Picture, maxSide int) *image.Gray {
	w, h := smallSize(p.Width, p.Height, maxSide)
	g := image.NewGray(image.Rect(0, 0, w, h))
	sums, counts := make([]int, w*h), make([]int, w*h)
	for y := range p.Height {
		for x := range p.Width {
			i := y*h/p.Height*w + x*w/p.Width
			sums[i] += int(p.Luma(x, y) + 0.5)
			counts[i]++
		}
	}
	for i := range sums {
		g.Pix[i] = uint8((sums[i] + counts[i]/2) / counts[i])
	}
	return g
}
