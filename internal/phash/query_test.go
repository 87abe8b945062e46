package phash

import (
	"errors"
	"image"
	"image/color"
	"reflect"
	"testing"

	"golang.org/x/image/draw"

	"reprise/internal/picture"
)

func mustAsk(t *testing.T, data []byte) Query {
	t.Helper()
	p, err := picture.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	q, err := Ask(p)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestQuerySurvivesBytes(t *testing.T) {
	want := mustAsk(t, photo(t, "kodak-5.jpg"))
	b, err := want.MarshalBinary()
	if err != nil || len(b) > QueryBytes {
		t.Fatalf("%d bytes, error %v", len(b), err)
	}
	var got Query
	if err := got.UnmarshalBinary(b); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read back another query (%v)", err)
	}
	for _, bad := range [][]byte{nil, b[:len(b)-1], append(b, make([]byte, QueryBytes)...)} {
		if err := got.UnmarshalBinary(bad); !errors.Is(err, ErrSignature) {
			t.Errorf("%d bytes: %v, want ErrSignature", len(bad), err)
		}
	}
}

// TestCopiesAreFoundByTheirOwnKind edits a photograph in the ways each kind is for.
func TestCopiesAreFoundByTheirOwnKind(t *testing.T) {
	reference := mustSign(t, photo(t, "kodak-5.jpg"))
	whole := turnedImage(pictureOf(t, "photos/kodak-5.jpg"), picture.Turn{}).(*image.NRGBA)
	w, h := whole.Rect.Dx(), whole.Rect.Dy()
	mirror := turnedImage(pictureOf(t, "photos/kodak-5.jpg"), picture.Turn{Mirror: true})
	for _, c := range []struct {
		name    string
		copy    image.Image
		kind    Kind
		most    int
		variant Variant
	}{
		{"the same", whole, Whole, 2, Same},
		{"mirrored", mirror, Segments, 4, FlipY},
		{"inverted", inverted(whole), Segments, 4, Same},
		{"with a border", on(whole, image.Rect(0, 0, w+120, h+80), image.Pt(60, 40)), Segments, 10, Same},
		{"a tenth cut away at the bottom", whole.SubImage(image.Rect(0, 0, w*9/10, h*9/10)), Cropped, 10, Same},
		{"one of two side by side", beside(whole, mirror), Segments, 16, Same},
	} {
		f := reference.Compare(mustAsk(t, pngOf(t, c.copy)))[c.kind]
		if f.Distance == None || f.Distance > c.most || f.Variant != c.variant && f.Variant != FlipY {
			t.Errorf("%s: %+v", c.name, f)
		}
		if inv := c.name == "inverted"; f.Inverted != inv {
			t.Errorf("%s: inverted is %v", c.name, f.Inverted)
		}
	}
}

func TestFindingNamesThePartOfTheReferenceThatWasFound(t *testing.T) {
	reference := mustSign(t, photo(t, "kodak-5.jpg"))
	whole := turnedImage(pictureOf(t, "photos/kodak-5.jpg"), picture.Turn{}).(*image.NRGBA)
	upper := whole.SubImage(image.Rect(0, 0, whole.Rect.Dx(), whole.Rect.Dy()*3/4))
	f := reference.Compare(mustAsk(t, pngOf(t, upper)))[Cropped]
	if f.Of.Top > 3 || f.Of.Bottom < 185 || f.Of.Bottom > 198 || f.Of.Left > 3 || f.Of.Right < 252 {
		t.Errorf("the upper three quarters were found as %+v", f)
	}
}

func TestDifferentPhotographsAreFarByEveryKind(t *testing.T) {
	reference := mustSign(t, photo(t, "kodak-5.jpg"))
	for _, other := range []string{"kodak-1.jpg", "kodak-13.jpg", "kodak-21.jpg"} {
		for _, f := range reference.Compare(mustAsk(t, photo(t, other))) {
			if f.Distance < 60 {
				t.Errorf("%s: %+v", other, f)
			}
		}
	}
}

func on(img image.Image, size image.Rectangle, at image.Point) image.Image {
	out := image.NewNRGBA(size)
	draw.Draw(out, size, image.NewUniform(color.NRGBA{230, 230, 235, 255}), image.Point{}, draw.Src)
	draw.Draw(out, img.Bounds().Sub(img.Bounds().Min).Add(at), img, img.Bounds().Min, draw.Src)
	return out
}

func beside(a, b image.Image) image.Image {
	w, h := a.Bounds().Dx(), a.Bounds().Dy()
	out := image.NewNRGBA(image.Rect(0, 0, 2*w, h))
	draw.Draw(out, image.Rect(0, 0, w, h), a, a.Bounds().Min, draw.Src)
	draw.Draw(out, image.Rect(w, 0, 2*w, h), b, b.Bounds().Min, draw.Src)
	return out
}

func inverted(img *image.NRGBA) image.Image {
	out := image.NewNRGBA(img.Rect)
	for i, v := range img.Pix {
		out.Pix[i] = 255 - v
		if i%4 == 3 {
			out.Pix[i] = 255
		}
	}
	return out
}

// TestVariantOfNamesWhatCompareFinds turns a photograph with the clock, mirrors it, and looks which variant is nearest.
func TestVariantOfNamesWhatCompareFinds(t *testing.T) {
	reference, p := mustSign(t, photo(t, "kodak-5.jpg")), pictureOf(t, "photos/kodak-5.jpg")
	for quarters, clockwise := range []Variant{Same, Rot270, Rot180, Rot90} {
		for _, mirrored := range []bool{false, true} {
			made := turns[clockwise].Before(picture.Turn{Mirror: mirrored})
			f := reference.Compare(mustAsk(t, pngOf(t, turnedImage(p, made))))[Whole]
			if got := VariantOf(mirrored, quarters); f.Distance > 16 || got != f.Variant {
				t.Errorf("%d quarters, mirrored %v: %v, want %v", quarters, mirrored, got, f.Variant)
			}
			if VariantOf(mirrored, quarters-4) != VariantOf(mirrored, quarters) {
				t.Errorf("%d quarters back are others than %d", 4-quarters, quarters)
			}
		}
	}
}
