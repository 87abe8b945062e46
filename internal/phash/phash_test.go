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
	for _, row := range table(t, "testdata/expected.csv")[:6] {
		data := photo(t, strings.TrimPrefix(row[0], "photos/"))
		if got, want := mustSign(t, data), goimagehashes(t, data); got != want.into(got) {
			t.Errorf("%s: hashes differ from goimagehash's", row[0])
		}
	}
}

func TestLargePicturesAreWithinAFewBitsOfGoimagehash(t *testing.T) {
	data := enlarged(t, 1500, 1000)
	got, want := mustSign(t, data), goimagehashes(t, data)
	far := [4]int{
		bits.OnesCount64(got.PHash64 ^ want.perception), bits.OnesCount64(got.DHash64 ^ want.difference),
		bits.OnesCount64(got.AHash64 ^ want.average), got.PHash256.Distance(want.perception256),
	}
	if far[0] > 2 || far[1] > 6 || far[2] > 2 || far[3] > 8 {
		t.Errorf("bits from goimagehash: pHash, dHash, aHash, pHash256 are %v", far)
	}
}

func TestExifTurnsVariantsAndNotTheExchangeValue(t *testing.T) {
	plain := photo(t, "kodak-3.jpg")
	want := mustSign(t, plain)
	p := pictureOf(t, "photos/kodak-3.jpg")
	for orientation := 1; orientation <= 8; orientation++ {
		got := mustSign(t, bombs.WithOrientation(plain, uint16(orientation)))
		tn := uprightOf(t, bombs.WithOrientation(plain, uint16(orientation)))
		turned := pdqOf(drawn(t, turnedImage(p, tn)))
		if got.PDQ != want.PDQ {
			t.Errorf("orientation %d changed the exchange value", orientation)
		}
		if got.Variants[Same] != turned.hash {
			t.Errorf("orientation %d: the first variant is not upright", orientation)
		}
		seen := goimagehashes(t, pngOf(t, turnedImage(p, tn)))
		if d := bits.OnesCount64(got.PHash64 ^ seen.perception); d > 2 {
			t.Errorf("orientation %d: pHash is %d bits from that of the upright picture", orientation, d)
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

func TestSignatureSurvivesBytes(t *testing.T) {
	want := mustSign(t, photo(t, "kodak-5.jpg"))
	b, err := want.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if len(b) != 354 {
		t.Errorf("a signature has %d bytes, want 354", len(b))
	}
	var got Signature
	if err := got.UnmarshalBinary(b); err != nil || got != want {
		t.Errorf("read back %+v with error %v, want %+v", got, err, want)
	}
	unknown := append([]byte{99}, b[1:]...)
	for _, bad := range [][]byte{nil, b[:100], append(b, 0), unknown} {
		if err := got.UnmarshalBinary(bad); !errors.Is(err, ErrSignature) {
			t.Errorf("%d bytes of version %v: %v, want ErrSignature", len(bad), bad[:min(1, len(bad))], err)
		}
	}
	if _, err := (Signature{}).MarshalBinary(); !errors.Is(err, ErrSignature) {
		t.Errorf("an empty signature was written: %v", err)
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

func (h imageHashes) into(s Signature) Signature {
	s.PHash64, s.DHash64, s.AHash64, s.PHash256 = h.perception, h.difference, h.average, h.perception256
	return s
}

// goimagehashes hashes the whole decoded file.
func goimagehashes(t *testing.T, data []byte) imageHashes {
	t.Helper()
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var all [3]uint64
	for i, f := range []func(image.Image) (*goimagehash.ImageHash, error){
		goimagehash.AverageHash, goimagehash.DifferenceHash, goimagehash.PerceptionHash} {
		h, err := f(img)
		if err != nil {
			t.Fatal(err)
		}
		all[i] = h.GetHash()
	}
	extended, err := goimagehash.ExtPerceptionHash(img, 16, 16)
	if err != nil {
		t.Fatal(err)
	}
	return imageHashes{all[0], all[1], all[2], Hash256(extended.GetHash())}
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
