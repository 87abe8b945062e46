package picture

import (
	"image"
	"strings"
	"testing"
)

func TestHEICAndAVIFShowWhatTheJPEGShows(t *testing.T) {
	want := mustLuma(t, sample(t, "jpeg/plain.jpg"))
	for name, same := range map[string]bool{"heif/plain.heic": true, "heif/plain.avif": true, "heif/turned.heic": false} {
		p := opened(t, sample(t, name))
		g := p.Small(1024)
		if !same {
			if p.Width != 107 || p.Height != 160 {
				t.Fatalf("%s is %d x %d: it was not turned", name, p.Width, p.Height)
			}
			g = (Turn{Transpose: true, Mirror: true}).of(g) // back, with the clock
		}
		if d := meanDifference(g, want); d > 4 {
			t.Errorf("%s is %.1f from the JPEG in the mean", name, d)
		}
	}
}

func TestWithoutTheLibraryHEICIsAFormatWeDoNotKnow(t *testing.T) {
	data := sample(t, "heif/plain.heic")
	if err := Check(data); err != nil {
		t.Errorf("refused by its first bytes: %v", err)
	}
	if _, err := Decode(data); !isRefusal(err, ReasonFormat) {
		t.Errorf("%v, want a refusal for the format", err)
	}
}

func TestHostileHEICIsRefused(t *testing.T) {
	data := sample(t, "heif/plain.heic")
	for _, n := range []int{12, 24, 100, 400, len(data) / 2, len(data) - 1} {
		if _, err := OpenLibraries(data).Decode(data[:n]); !isRefusal(err, ReasonDamaged) {
			t.Errorf("cut at %d of %d bytes: %v", n, len(data), err)
		}
	}
	large := strings.Replace(string(data), "ispe\x00\x00\x00\x00\x00\x00\x00\xa0", "ispe\x00\x00\x00\x00\x00\x00\xff\xa0", 2)
	if large == string(data) {
		t.Fatal("the size was not found")
	}
	if _, err := OpenLibraries([]byte(large)).Decode([]byte(large)); !isRefusal(err, ReasonTooManyPixels) && !isRefusal(err, ReasonDamaged) {
		t.Errorf("65,440 pixels wide: %v", err)
	}
}

func TestInstalledNamesEachDecoder(t *testing.T) {
	if got := Installed(); !strings.Contains(got, "libjpeg-turbo") || !strings.Contains(got, "libheif") {
		t.Errorf("%s: run make setup", got)
	}
}

func opened(t *testing.T, data []byte) Picture {
	t.Helper()
	p, err := OpenLibraries(data).Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// meanDifference leaves out what a codec of even sides may add or cut.
func meanDifference(a, b *image.Gray) float64 {
	sum, n := 0, 0
	for y := range min(a.Rect.Dy(), b.Rect.Dy()) {
		for x := range min(a.Rect.Dx(), b.Rect.Dx()) {
			d := int(a.GrayAt(x, y).Y) - int(b.GrayAt(x, y).Y)
			sum, n = sum+max(d, -d), n+1
		}
	}
	return float64(sum) / float64(n)
}
