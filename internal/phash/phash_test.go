package phash

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"math"
	"math/bits"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/corona10/goimagehash"
	"golang.org/x/image/draw"

	"reprise/internal/bombs"
	"reprise/internal/picture"
)

func TestSmallPicturesGetTheVeryHashesOfGoimagehash(t *testing.T) {
	for _, row := range table(t, "../edits/testdata/expected.csv")[:6] {
		data := photo(t, strings.TrimPrefix(row[0], "photos/"))
		got, err := HashImage(pictureOf(t, row[0]))
		if want := goimagehashes(t, data); err != nil || got != want {
			t.Errorf("%s: %v with error %v, want goimagehash's %v", row[0], got, err, want)
		}
	}
}

func TestLargePicturesAreWithinAFewBitsOfGoimagehash(t *testing.T) {
	data := enlarged(t, 1500, 1000)
	p, err := picture.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	got, err := HashImage(p)
	want := goimagehashes(t, data)
	far := [3]int{bits.OnesCount64(got.Perception ^ want.Perception), bits.OnesCount64(got.Difference ^ want.Difference),
		bits.OnesCount64(got.Average ^ want.Average)}
	if err != nil || far[0] > 2 || far[1] > 6 || far[2] > 2 {
		t.Errorf("bits from goimagehash: pHash, dHash, aHash are %v (%v)", far, err)
	}
}

// TestSquaresAreHashedAsGoimagehashHashesThem holds the four hashes of a signature against the library on the squares.
func TestSquaresAreHashedAsGoimagehashHashesThem(t *testing.T) {
	for i, row := range table(t, "../edits/testdata/expected.csv") {
		if i%8 != 0 { // goimagehash's largest is slow
			continue
		}
		n := newIntegral(pictureOf(t, row[0]).Small(smallSide))
		square := func(cols, rows int) image.Image {
			return &image.Gray{Pix: n.grey(cols, rows), Stride: cols, Rect: image.Rect(0, 0, cols, rows)}
		}
		var s Signature
		s.hashSquares(n)
		average, _ := goimagehash.AverageHash(square(8, 8))
		difference, _ := goimagehash.DifferenceHash(square(9, 8))
		perception, _ := goimagehash.PerceptionHash(square(64, 64))
		extended, _ := goimagehash.ExtPerceptionHash(square(256, 256), 16, 16)
		got := [4]int{bits.OnesCount64(s.AHash64 ^ average.GetHash()), bits.OnesCount64(s.DHash64 ^ difference.GetHash()),
			bits.OnesCount64(s.PHash64 ^ perception.GetHash()), s.PHash256.Distance(Hash256(extended.GetHash()))}
		if got != [4]int{} {
			t.Errorf("%s: aHash, dHash, pHash, pHash256 are %v bits away", row[0], got)
		}
	}
}

func TestExifTurnsAllButTheExchangeValue(t *testing.T) {
	plain := photo(t, "kodak-3.jpg")
	want := mustSign(t, plain)
	p := pictureOf(t, "photos/kodak-3.jpg")
	for orientation := 1; orientation <= 8; orientation++ {
		data := bombs.WithOrientation(plain, uint16(orientation))
		got, upright := mustSign(t, data), turnedImage(p, uprightOf(t, data))
		turned := mustSign(t, pngOf(t, upright))
		if got.PDQ != want.PDQ {
			t.Errorf("orientation %d changed the exchange value", orientation)
		}
		if got.Upright != turned.PDQ {
			t.Errorf("orientation %d: Upright is that of another turn", orientation)
		}
		for i, r := range got.Regions {
			if d := r.Hash.Distance(turned.Regions[i].Hash); d > 4 || r.Box != turned.Regions[i].Box {
				t.Errorf("orientation %d: region %d is %d bits from that of the upright picture", orientation, i, d)
			}
		}
		hashes, err := HashImage(must(picture.Decode(data))(t))
		if seen := goimagehashes(t, pngOf(t, upright)); err != nil || bits.OnesCount64(hashes.Perception^seen.Perception) > 2 {
			t.Errorf("orientation %d: pHash is not that of the upright picture (%v)", orientation, err)
		}
	}
}

func TestOfAMovingGIFTheFirstFrameIsHashed(t *testing.T) {
	var moving gif.GIF
	for _, file := range []string{"photos/kodak-7.jpg", "photos/kodak-1.jpg"} {
		still := turnedImage(pictureOf(t, file), picture.Turn{})
		frame := image.NewPaletted(still.Bounds(), palette.WebSafe)
		draw.Draw(frame, frame.Rect, still, image.Point{}, draw.Src)
		moving.Image, moving.Delay = append(moving.Image, frame), append(moving.Delay, 10)
	}
	var data bytes.Buffer
	if err := gif.EncodeAll(&data, &moving); err != nil {
		t.Fatal(err)
	}
	got, want := mustSign(t, data.Bytes()), mustSign(t, photo(t, "kodak-7.jpg"))
	if d := got.PDQ.Distance(want.PDQ); d > 20 {
		t.Errorf("the GIF is %d bits from its first frame", d)
	}
}

func TestBlankPicturesAreRefused(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	blanks := map[string]func(x, y float64) float64{
		"white":       func(x, y float64) float64 { return 255 },
		"gradient":    func(x, y float64) float64 { return 255 * x },
		"diagonal":    func(x, y float64) float64 { return 127 * (x + y) },
		"two halves":  func(x, y float64) float64 { return 255 * math.Round(x) },
		"vignette":    func(x, y float64) float64 { return 255 - 150*math.Hypot(x-.5, y-.5) },
		"faint noise": func(x, y float64) float64 { return 100 + 2*rng.NormFloat64() },
	}
	for name, f := range blanks {
		for _, data := range [][]byte{pngOf(t, painted(f)), jpegOf(t, painted(f), 30)} {
			if _, err := sign(data); !isRefusal(err, picture.ReasonBlank) {
				t.Errorf("%s: %v, want a refusal as blank", name, err)
			}
		}
	}
}

func TestVeryDarkPhotographsAreNotBlank(t *testing.T) {
	p := pictureOf(t, "photos/kodak-13.jpg")
	dark := painted(func(x, y float64) float64 {
		return float64(p.Luma(int(x*float64(p.Width)), int(y*float64(p.Height)))) / 20
	})
	if _, err := sign(pngOf(t, dark)); err != nil {
		t.Errorf("a photograph of a twentieth of the light: %v", err)
	}
}

func TestNoSizeOrColourModelMakesHashingPanic(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {5, 5}, {5, 3000}, {16384, 5}, {7, 2000}, {63, 64}, {64, 64}, {513, 1}, {1025, 9}} {
		for _, img := range everyModel(size) {
			if _, err := sign(pngOf(t, img)); err != nil && !isRefusal(err, picture.ReasonBlank) {
				t.Errorf("%v %T: %v", size, img, err)
			}
		}
	}
}

func TestHashesReadAndCompareAsText(t *testing.T) {
	const text = "0c301eb1b1646a686987ff696b850c719d64a760f769e04efe6df38f483a0cb1"
	h, err := ParseHash256(strings.ToUpper(text))
	if err != nil || h.String() != text {
		t.Errorf("read %v with error %v, want %s", h, err, text)
	}
	cases := []struct {
		a, b string
		want int
		err  error
	}{
		{text, text, 0, nil},
		{text, strings.Repeat("0", 64), 128, nil},
		{"ffffffffffffffff", "0000000000000000", 64, nil},
		{"00000000000000f0", "0000000000000000", 4, nil},
		{text, "0000000000000000", 0, ErrLengths},
		{text[:63], text, 0, ErrHex},
		{text, "no hash", 0, ErrHex},
		{"", "", 0, ErrHex},
	}
	for _, c := range cases {
		if got, err := Distance(c.a, c.b); got != c.want || !errors.Is(err, c.err) {
			t.Errorf("Distance(%q, %q) = %d, %v; want %d, %v", c.a, c.b, got, err, c.want, c.err)
		}
	}
	if _, err := ParseHash256("0000000000000000"); !errors.Is(err, ErrHex) {
		t.Errorf("16 digits were read as 256 bits: %v", err)
	}
}

// goimagehashes hashes the whole decoded file.
func goimagehashes(t *testing.T, data []byte) ImageHashes {
	t.Helper()
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	hashes, err := hashImage(img)
	if err != nil {
		t.Fatal(err)
	}
	return hashes
}

// must gives what was made, or ends the test.
func must[T any](made T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
}

func uprightOf(t *testing.T, data []byte) picture.Turn {
	t.Helper()
	p, err := picture.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return p.Upright
}

// sign goes from the bytes of a file to its signature.
func sign(data []byte) (Signature, error) {
	p, err := picture.Decode(data)
	if err != nil {
		return Signature{}, err
	}
	return Sign(p)
}

func mustSign(t *testing.T, data []byte) Signature {
	t.Helper()
	s, err := sign(data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func isRefusal(err error, want picture.Reason) bool {
	got, refused := picture.ReasonOf(err)
	return refused && got == want
}

func painted(f func(x, y float64) float64) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 640, 480))
	for y := range 480 {
		for x := range 640 {
			g.SetGray(x, y, color.Gray{Y: uint8(min(max(f(float64(x)/640, float64(y)/480), 0), 255))})
		}
	}
	return g
}

func jpegOf(t *testing.T, img image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func everyModel(size image.Point) []draw.Image {
	rect := image.Rectangle{Max: size}
	all := []draw.Image{image.NewGray(rect), image.NewGray16(rect), image.NewNRGBA(rect), image.NewRGBA(rect),
		image.NewNRGBA64(rect), image.NewPaletted(rect, color.Palette{color.Black, color.NRGBA{R: 200, A: 90}})}
	for _, img := range all {
		for y := range size.Y {
			for x := range size.X {
				img.Set(x, y, color.NRGBA{uint8(x * y), uint8(x * 31), uint8(y * 17), 200})
			}
		}
	}
	return all
}
