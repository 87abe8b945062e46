package keypoints

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"slices"
	"testing"

	"reprise/internal/edits"
	"reprise/internal/picture"
)

// photographs are ordinary ones, kept beside the edits.
// What the rule of the house asks of an agreement (takedown.JudgeMatch).
const (
	unsurePlaces = 10
	surePlaces   = 14
	sureCover    = 30
)

func photographs(t testing.TB) []edits.Photograph {
	t.Helper()
	photographs, err := edits.Load("../edits/testdata/photos")
	if err != nil || len(photographs) < 2 {
		t.Fatalf("%d photographs, %v", len(photographs), err)
	}
	return photographs
}

// grey is a photograph, or an edit of it by name, as Find takes it.
func grey(t testing.TB, p edits.Photograph, edit string, others []edits.Photograph) *image.Gray {
	t.Helper()
	if edit == "" {
		g := image.NewGray(p.Picture.Bounds())
		for y := range g.Rect.Dy() {
			for x := range g.Rect.Dx() {
				g.Set(x, y, p.Picture.At(x, y))
			}
		}
		return g
	}
	all := edits.All()
	i := slices.IndexFunc(all, func(e edits.Edit) bool { return e.Name == edit })
	if i < 0 {
		t.Fatalf("no edit %q", edit)
	}
	c, err := all[i].Apply(p, others)
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := picture.Decode(c.File)
	if err != nil {
		t.Fatal(err)
	}
	return decoded.Small(MaxSide)
}

func TestEveryCopyIsFoundAndNoOtherPhotograph(t *testing.T) {
	ps := photographs(t)
	reference, other := Find(grey(t, ps[0], "", nil), ForReference), Find(grey(t, ps[1], "", nil), ForReference)
	for _, edit := range []string{
		"jpeg-q10", "resize-50", "rotate-5", "rotate-90", "mirror", "mirror-crop-border", "crop-30-anywhere",
		"screenshot-post-dark", "watermark-tiled", "cover-emoji", "story-tilted",
	} {
		query := Find(grey(t, ps[0], edit, ps), ForQuery)
		if a := Compare(reference, query); a.Places < surePlaces || a.Cover < sureCover {
			t.Errorf("%s: %+v", edit, a)
		}
		if a := Compare(other, query); a.Places >= unsurePlaces {
			t.Errorf("%s against another photograph: %+v", edit, a)
		}
	}
	two := Find(grey(t, ps[0], "collage-four", ps[1:]), ForQuery)
	if a := Compare(reference, two); a.Places < surePlaces || a.Cover < sureCover {
		t.Errorf("collage: %+v", a)
	}
}

func TestAgreementTellsHowTheCopyWasMade(t *testing.T) {
	p := photographs(t)[0]
	g := grey(t, p, "", nil)
	reference := Find(g, ForReference)
	w, h := g.Rect.Dx(), g.Rect.Dy()
	near := func(what string, got, want, by float64) {
		t.Helper()
		if math.Abs(got-want) > by {
			t.Errorf("%s is %.3f, not %.3f", what, got, want)
		}
	}
	upper := Compare(reference, Find(cut(g, image.Rect(0, 0, w, h*6/10)), ForQuery))
	near("bottom of the cropped", upper.Seen.Bottom, 0.6, 0.02)
	near("right of the cropped", upper.Seen.Right, 1, 0.01)
	near("scale of the cropped", upper.Scale, 1, 0.01)

	half := Find(grey(t, p, "resize-50", nil), ForQuery)
	near("scale of the shrunk", Compare(reference, half).Scale, 0.5, 0.02)
	near("angle of the turned", math.Abs(Compare(reference, Find(grey(t, p, "rotate-5", nil), ForQuery)).Angle), 5, 0.5)

	wide := image.NewGray(image.Rect(0, 0, w*3/2, h))
	for y := range h {
		copy(wide.Pix[y*wide.Stride+w/2:][:w], mirror(g).Pix[y*g.Stride:][:w])
	}
	if max(wide.Rect.Dx(), wide.Rect.Dy()) <= MaxSide {
		a := Compare(reference, Find(wide, ForQuery))
		near("left of the mirrored", a.Where.Left, 1.0/3, 0.01)
		near("right of the mirrored", a.Where.Right, 1, 0.01)
		near("angle of the mirrored", a.Angle, 0, 0.5)
		if !a.Mirrored {
			t.Errorf("not mirrored: %+v", a)
		}
	} else {
		t.Fatalf("the photograph is too large for this test: %v", g.Rect)
	}
}

func TestFindIsTheSameEveryTimeAndAnyStride(t *testing.T) {
	g := grey(t, photographs(t)[0], "", nil)
	set := Find(g, ForReference)
	if len(set.Points) != ForReference {
		t.Fatalf("%d points", len(set.Points))
	}
	roomy := image.NewGray(image.Rect(0, 0, g.Rect.Dx()+9, g.Rect.Dy()+5))
	for y := range g.Rect.Dy() {
		copy(roomy.Pix[(y+3)*roomy.Stride+4:], g.Pix[y*g.Stride:][:g.Rect.Dx()])
	}
	part := roomy.SubImage(image.Rect(4, 3, 4+g.Rect.Dx(), 3+g.Rect.Dy())).(*image.Gray)
	if again := Find(part, ForReference); !slices.Equal(set.Points, again.Points) {
		t.Error("the same pixels gave another set")
	}
	if fewer := Find(g, 100); len(fewer.Points) != 100 {
		t.Errorf("%d points for 100", len(fewer.Points))
	}
	if none := Find(g, 0); len(none.Points) != 0 {
		t.Errorf("%d points for none", len(none.Points))
	}
}

func TestMirroredSetIsThatOfTheMirroredPicture(t *testing.T) {
	g := grey(t, photographs(t)[0], "", nil)
	set, of := Find(g, ForReference).mirrored(), Find(mirror(g), ForReference)
	type key struct {
		level, angle uint8
		bits         [4]uint64
	}
	known := map[key]bool{}
	for _, p := range set.Points {
		known[key{p.Level, p.Angle, p.Bits}] = true
	}
	same := 0
	for _, p := range of.Points {
		if known[key{p.Level, p.Angle, p.Bits}] {
			same++
		}
	}
	if same < len(of.Points)*8/10 {
		t.Errorf("%d of %d points are the same", same, len(of.Points))
	}
}

func TestBlankTinyAndTooLargePicturesHaveNoPoints(t *testing.T) {
	for _, size := range []image.Point{{0, 0}, {1, 1}, {1, 1024}, {2, 43}, {43, 44}, {44, 44}, {500, 400}, {MaxSide + 1, 100}} {
		g := image.NewGray(image.Rectangle{Max: size})
		for i := range g.Pix {
			g.Pix[i] = 200
		}
		if s := Find(g, ForQuery); len(s.Points) != 0 {
			t.Errorf("%v: %d points", size, len(s.Points))
		}
	}
	if a := Compare(Set{}, Set{}); a != (Agreement{}) {
		t.Errorf("nothing agrees with nothing: %+v", a)
	}
}

func TestOneSpotOfAgreementProvesNothing(t *testing.T) {
	g := grey(t, photographs(t)[0], "", nil)
	set := Find(g, ForReference)
	spot := set
	spot.Points = nil
	for i := range MaxPoints { // the same small place, again and again
		p := set.Points[i%len(set.Points)]
		p.X, p.Y, p.Level, p.Angle = uint16(3000+i%90), uint16(3000+i/90), 0, 0
		spot.Points = append(spot.Points, p)
	}
	if a := Compare(spot, spot); a.Places >= unsurePlaces {
		t.Errorf("%+v", a)
	}
	same := Set{Width: 500, Height: 500, Points: make([]Point, MaxPoints)}
	if a := Compare(same, same); a != (Agreement{}) {
		t.Errorf("equal points: %+v", a)
	}
	straight := set
	straight.Points = slices.Clone(set.Points)
	for i := range straight.Points { // all on one line
		straight.Points[i].Y = 1000
	}
	if a := Compare(straight, straight); math.IsNaN(a.Scale) || math.IsNaN(a.Seen.Right) {
		t.Errorf("on a line: %+v", a)
	}
}

func TestSharedFurnitureProvesLittle(t *testing.T) {
	ps := photographs(t)
	frame := grey(t, ps[2], "", nil)
	framed := func(p edits.Photograph) *image.Gray { // between two strips that are always the same
		out := cut(mirror(mirror(frame)), frame.Rect)
		inside := grey(t, p, "", nil)
		for y := frame.Rect.Dy() * 3 / 10; y < frame.Rect.Dy()*7/10; y++ {
			copy(out.Pix[y*out.Stride:][:frame.Rect.Dx()], inside.Pix[y*inside.Stride:][:inside.Rect.Dx()])
		}
		return out
	}
	reference := Find(framed(ps[0]), ForReference)
	other := Compare(reference, Find(framed(ps[1]), ForQuery))
	if other.Places <= furniture || other.Proof() > furniture {
		t.Errorf("another photograph in the same frame: %d, %+v", other.Proof(), other)
	}
	same := Compare(reference, Find(framed(ps[0]), ForQuery))
	if same.Proof() != same.Places || same.Places <= furniture {
		t.Errorf("the same photograph: %d, %+v", same.Proof(), same)
	}
}

func cut(g *image.Gray, r image.Rectangle) *image.Gray { return g.SubImage(r).(*image.Gray) }

func mirror(g *image.Gray) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, g.Rect.Dx(), g.Rect.Dy()))
	for y := range g.Rect.Dy() {
		for x := range g.Rect.Dx() {
			out.SetGray(x, y, color.Gray{Y: g.GrayAt(g.Rect.Min.X+g.Rect.Dx()-1-x, g.Rect.Min.Y+y).Y})
		}
	}
	return out
}

func TestStoredSetComesBackWhole(t *testing.T) {
	set := Find(grey(t, photographs(t)[0], "", nil), ForReference)
	data, err := set.MarshalBinary()
	if err != nil || len(data) != 7+38*len(set.Points) {
		t.Fatalf("%d bytes, %v", len(data), err)
	}
	var read Set
	if err := read.UnmarshalBinary(data); err != nil || read.Width != set.Width || read.Height != set.Height || !slices.Equal(read.Points, set.Points) {
		t.Errorf("read back otherwise: %v", err)
	}
	set.Points = make([]Point, MaxPoints+1)
	if _, err := set.MarshalBinary(); err == nil {
		t.Error("too many points were stored")
	}
}

func TestStoredSetOutOfBoundsIsRefused(t *testing.T) {
	good, err := Set{Width: 100, Height: 50, Points: []Point{{X: 1600, Y: 800, Level: levelsMax - 1, Angle: turn - 1}}}.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	broken := map[string][]byte{"empty": nil, "short": good[:len(good)-1], "long": append(bytes.Clone(good), 0)}
	for what, change := range map[string]struct {
		at int
		to byte
	}{
		"version": {0, 2}, "width": {2, 5}, "height": {4, 5}, "count": {5, 2}, "x": {8, 7}, "y": {10, 7}, "angle": {11, 64}, "level": {12, levelsMax},
	} {
		broken[what] = bytes.Clone(good)
		broken[what][change.at] = change.to
	}
	for what, data := range broken {
		set := Set{Width: 7}
		if err := set.UnmarshalBinary(data); err == nil || set.Width != 7 {
			t.Errorf("%s: %v, %+v", what, err, set)
		}
	}
}

func FuzzUnmarshalBinary(f *testing.F) {
	data, err := Set{Width: 100, Height: 50, Points: make([]Point, 3)}.MarshalBinary()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		var set Set
		if set.UnmarshalBinary(data) != nil {
			return
		}
		if again, err := set.MarshalBinary(); err != nil || !bytes.Equal(again, data) {
			t.Errorf("stored otherwise: %v", err)
		}
		Compare(set, set)
	})
}

func BenchmarkFind(b *testing.B) {
	g := grey(b, photographs(b)[0], "", nil)
	for b.Loop() {
		Find(g, ForQuery)
	}
}

func BenchmarkCompareUnlike(b *testing.B) {
	ps := photographs(b)
	reference, query := Find(grey(b, ps[0], "", nil), ForReference), Find(grey(b, ps[1], "", nil), ForQuery)
	for b.Loop() {
		Compare(reference, query)
	}
}

func BenchmarkCompareCopy(b *testing.B) {
	ps := photographs(b)
	reference, query := Find(grey(b, ps[0], "", nil), ForReference), Find(grey(b, ps[0], "screenshot-post-dark", ps), ForQuery)
	for b.Loop() {
		Compare(reference, query)
	}
}
