package likeness

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"reprise/internal/hasher"
	"reprise/internal/phash"
	"reprise/internal/takedown"

	_ "image/jpeg" // the photographs
)

func TestMain(m *testing.M) {
	hasher.RunChild()
	os.Exit(m.Run())
}

func photo(t *testing.T, n int) []byte {
	t.Helper()
	names, err := filepath.Glob("../edits/testdata/photos/*.jpg")
	if err != nil || len(names) <= n {
		t.Fatalf("%d photographs: %v", len(names), err)
	}
	body, err := os.ReadFile(names[n])
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// onAPage is a photograph as one sees it in a larger picture.
func onAPage(t *testing.T, of []byte) []byte {
	t.Helper()
	m, _, err := image.Decode(bytes.NewReader(of))
	if err != nil {
		t.Fatal(err)
	}
	size := m.Bounds()
	page := image.NewRGBA(image.Rect(0, 0, 2*size.Dx(), 2*size.Dy()))
	draw.Draw(page, page.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(page, size.Add(image.Pt(size.Dx()/3, size.Dy()/2)), m, size.Min, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, page); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTheSamePictureIsNearAndAnotherIsNot(t *testing.T) {
	limited, err := hasher.NewHasher(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	given := photo(t, 0)
	for name, c := range map[string]struct {
		found []byte
		want  takedown.Verdict
	}{"the same": {given, takedown.VerdictNear}, "on a page": {onAPage(t, given), takedown.VerdictNear}, "another": {photo(t, 1), takedown.VerdictFar}} {
		m, err := Of(t.Context(), limited, given, c.found)
		if err != nil || m.Verdict != c.want {
			t.Errorf("%s: %q at %d bits, %v", name, m.Verdict, m.Distance, err)
		}
	}
	if _, err := Of(t.Context(), limited, given, []byte("no picture")); err == nil {
		t.Error("what is no picture is compared")
	}
}

func TestTheSurestOfAllReferencesIsTold(t *testing.T) {
	limited, err := hasher.NewHasher(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	var all References
	if m := all.Surest(hasher.Found{}); m.Verdict != takedown.VerdictFar || m.Distance != phash.None {
		t.Errorf("without a reference: %+v", m)
	}
	for n := range 3 {
		signed, err := limited.Sign(t.Context(), photo(t, n), n == 2)
		if err != nil {
			t.Fatal(err)
		}
		packed, err := signed.Signature.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		reference := takedown.Reference{ID: string(rune('a' + n)), Kind: takedown.ReferenceImage, Signature: packed, Quality: signed.Signature.Quality}
		if n == 2 {
			if reference.Points, err = signed.Points.MarshalBinary(); err != nil {
				t.Fatal(err)
			}
		}
		i, err := ImageOf(reference)
		if err != nil {
			t.Fatal(err)
		}
		if value, quality := i.PDQ(); !bytes.Equal(value, signed.Signature.PDQ.Bytes()) || quality != reference.Quality {
			t.Errorf("the exchange value of %d is another", n)
		}
		if all.WantPoints() {
			t.Error("points are asked for that no reference has")
		}
		all.Images = append(all.Images, i)
	}
	if !all.WantPoints() {
		t.Error("no points are asked for")
	}
	found, err := limited.Ask(t.Context(), photo(t, 1), true)
	if err != nil {
		t.Fatal(err)
	}
	if m := all.Surest(found); m.ReferenceID != "b" || m.Verdict != takedown.VerdictNear || m.Distance != 0 {
		t.Errorf("the surest is %+v", m)
	}
}

func TestWhatCannotBeReadNamesItsReferenceAlone(t *testing.T) {
	for _, packed := range [][]byte{nil, {}, {2}, bytes.Repeat([]byte{0xff}, 300)} {
		if _, err := ImageOf(takedown.Reference{ID: "ref-7", Signature: packed}); err == nil || !bytes.Contains([]byte(err.Error()), []byte("ref-7")) {
			t.Errorf("an image of %d bytes: %v", len(packed), err)
		}
		if _, err := ClipOf(takedown.Reference{ID: "ref-7", Signature: packed}); err == nil || !bytes.Contains([]byte(err.Error()), []byte("ref-7")) {
			t.Errorf("a clip of %d bytes: %v", len(packed), err)
		}
	}
}

func TestWhatIsNobodysIsPassedOver(t *testing.T) {
	hash := bytes.Repeat([]byte{0x5a}, 32)
	flipped := func(bits int) []byte {
		out := bytes.Clone(hash)
		for n := range bits {
			out[n/8] ^= 1 << (n % 8)
		}
		return out
	}
	nobody := []takedown.Negative{{Hash: takedown.NewPrivate(string(hash))}}
	for bits, want := range map[int]bool{0: true, takedown.NegativeWithin: true, takedown.NegativeWithin + 1: false} {
		if Nobodys(flipped(bits), nobody) != want {
			t.Errorf("%d bits away: %v", bits, !want)
		}
	}
	if Nobodys(nil, nobody) || Nobodys([]byte("short"), nobody) {
		t.Error("what has no hash is nobody's")
	}
}

func TestSecondsAreWhole(t *testing.T) {
	if got := seconds(1999*time.Millisecond, time.Minute); got.From != 1 || got.To != 60 {
		t.Errorf("%+v", got)
	}
}
