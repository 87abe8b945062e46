package edits

import (
	"bytes"
	"image"
	"image/jpeg"
	"slices"
	"testing"
)

// few are enough for a test, at a third of their size: two are square, the last is 3 to 2.
func few(t *testing.T) []Photograph {
	t.Helper()
	all, err := Load("testdata/photos")
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 99 {
		t.Fatalf("%d photographs, want 99", len(all))
	}
	photographs := []Photograph{all[0], all[50], all[97]}
	for i, p := range photographs {
		photographs[i].Picture = resized(p.Picture, p.Picture.Rect.Dx()/3, p.Picture.Rect.Dy()/3)
	}
	return photographs
}

func TestAllEditsAreSixtyTwoInTwelveGroups(t *testing.T) {
	var groups, names []string
	for _, e := range All() {
		groups, names = append(groups, e.Group), append(names, e.Name)
	}
	if len(names) != 62 {
		t.Errorf("%d edits", len(names))
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != 62 {
		t.Error("two edits have one name")
	}
	if got := slices.Compact(groups); !slices.Equal(got, Groups()) || len(got) != 12 {
		t.Errorf("groups in order of the edits: %q", got)
	}
}

func TestEveryEditChangesThePictureTheSameWayInEveryRun(t *testing.T) {
	photographs := few(t)
	again := slices.Clone(photographs)
	for i, p := range photographs {
		again[i].Picture = duplicate(p.Picture)
	}
	for n, e := range All() {
		p := photographs[1+n%2]
		made, err := e.Apply(p, photographs)
		if err != nil {
			t.Fatal(err)
		}
		m, err := jpeg.Decode(bytes.NewReader(made.File))
		if err != nil {
			t.Fatalf("%s: %v", e.Name, err)
		}
		if size := m.Bounds().Size(); size.X < 30 || size.Y < 30 || size.X > 2500 || size.Y > 2500 {
			t.Errorf("%s of %s has size %v", e.Name, p.Name, size)
		}
		if bytes.Equal(made.File, encoded(t, p.Picture)) {
			t.Errorf("%s of %s changes nothing", e.Name, p.Name)
		}
		if !bytes.Equal(p.Picture.Pix, again[1+n%2].Picture.Pix) {
			t.Fatalf("%s wrote into the photograph", e.Name)
		}
		if b, err := e.Apply(again[1+n%2], again); err != nil || !bytes.Equal(made.File, b.File) {
			t.Errorf("%s: %d and %d bytes that differ (%v)", e.Name, len(made.File), len(b.File), err)
		}
		besides := len(made.Beside) > 0
		if besides != (e.Group == Collages) || slices.Contains(made.Beside, p.Name) {
			t.Errorf("%s shows %q beside", e.Name, made.Beside)
		}
	}
}

func TestTheStreamOfNumbersNeverChanges(t *testing.T) {
	if newRandom("a", "b").next() == newRandom("a", "c").next() {
		t.Error("two photographs have one stream of numbers")
	}
	if got := newRandom("crop-20-anywhere", "kodak-1").next(); got != 12220273494781816688 {
		t.Errorf("the stream of numbers moved: %d", got)
	}
}

func TestCropsKeepTheShareTheyName(t *testing.T) {
	p := few(t)[2].Picture // 640 x 426 or the other way round
	for _, c := range []struct {
		name string
		want image.Point
	}{
		{"crop-20-anywhere", image.Pt(rounded(0.8*float64(p.Rect.Dx())), rounded(0.8*float64(p.Rect.Dy())))},
		{"crop-square", image.Pt(min(p.Rect.Dx(), p.Rect.Dy()), min(p.Rect.Dx(), p.Rect.Dy()))},
		{"rotate-90", image.Pt(p.Rect.Dy(), p.Rect.Dx())},
	} {
		e := All()[slices.IndexFunc(All(), func(e Edit) bool { return e.Name == c.name })]
		if got := e.make(&work{picture: p, random: newRandom(c.name, "x")}).Rect.Max; got != c.want {
			t.Errorf("%s of %v gives %v, want %v", c.name, p.Rect.Max, got, c.want)
		}
	}
}

func encoded(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: servedQuality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
