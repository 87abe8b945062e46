package picture

import (
	"bytes"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"
)

// known are the samples that our own decoder must read by itself.
var known = []string{"plain", "progressive", "progressive-restart", "restart", "grey", "grey-progressive", "full-colour", "411",
	"440-progressive", "finest", "coarsest", "apart"}

func TestLuminanceIsWithinOneOfImageJPEG(t *testing.T) {
	seen := 0
	for _, data := range append(samples(t, known), photographs(t)...) {
		want, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil { // image/jpeg cannot read restarts in progressive scans
			continue
		}
		seen++
		if got := mustLuma(t, data); !within(got, want, 1) {
			t.Errorf("a file of %d bytes is more than one step away from image/jpeg", len(data))
		}
	}
	if seen < len(known)-1 {
		t.Errorf("compared %d files", seen)
	}
}

func TestLuminanceEqualsThatOfLibjpegTurboInEveryBit(t *testing.T) {
	turbo := openTurboJPEG()
	if turbo == nil {
		t.Fatal("libturbojpeg0 is not installed: run make setup")
	}
	for _, data := range append(samples(t, known), photographs(t)...) {
		got := mustLuma(t, data)
		want, err := turbo.decode(data, got.Rect.Size())
		if err != nil || !within(got, want, 0) {
			t.Errorf("a file of %d bytes differs from libjpeg-turbo: %v", len(data), err)
		}
	}
}

func TestWaysToWriteOnePictureGiveOneLuminance(t *testing.T) {
	want := mustLuma(t, sample(t, "jpeg/plain.jpg"))
	for _, name := range []string{"progressive", "progressive-restart", "restart", "grey", "grey-progressive"} {
		if !within(mustLuma(t, sample(t, "jpeg/"+name+".jpg")), want, 0) {
			t.Errorf("%s differs from plain", name)
		}
	}
}

// TestWhatIsNoLuminanceIsLeftToImageJPEG keeps the verdicts and the colours of files of other kinds.
func TestWhatIsNoLuminanceIsLeftToImageJPEG(t *testing.T) {
	for _, name := range []string{"jpeg/rgb.jpg", "jpeg/arithmetic.jpg", "../../phash/testdata/reference/pdq-modes/CMYK.jpg"} {
		data := sample(t, name)
		if _, err := decodeLuma(data); err == nil {
			t.Errorf("%s was taken for luminance", name)
		}
		_, want := jpeg.Decode(bytes.NewReader(data))
		if _, err := Decode(data); (err == nil) != (want == nil) {
			t.Errorf("%s: %v, while image/jpeg says %v", name, err, want)
		}
	}
}

func TestAJPEGCutAnywhereIsDamaged(t *testing.T) {
	for _, name := range []string{"plain", "progressive", "restart"} {
		data := sample(t, "jpeg/"+name+".jpg")
		for n := 3; n < len(data)-2; n += 7 {
			for _, l := range []Libraries{{}, OpenLibraries(data)} {
				if _, err := l.Decode(data[:n]); !isRefusal(err, ReasonDamaged) {
					t.Fatalf("%s cut at %d of %d bytes: %v", name, n, len(data), err)
				}
			}
		}
	}
}

func TestColoursOfAJPEGAreThereWhenAskedFor(t *testing.T) {
	p, err := Decode(sample(t, "jpeg/plain.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	if img, ok := p.Image().(*image.YCbCr); !ok || img.Rect.Dx() != 160 {
		t.Errorf("%T", p.Image())
	}
}

// FuzzJPEG holds our decoder against image/jpeg: whatever is read by both has one luminance, and nothing makes ours
// panic or read what is cut.
func FuzzJPEG(f *testing.F) {
	for _, name := range known {
		f.Add(sample(f, "jpeg/"+name+".jpg"), 300, byte(1))
	}
	f.Fuzz(func(t *testing.T, data []byte, at int, flip byte) {
		if at >= 0 && at < len(data) {
			data = bytes.Clone(data)
			data[at] ^= flip
		}
		config, err := jpeg.DecodeConfig(bytes.NewReader(data))
		if err != nil || config.Width*config.Height > 1<<18 || scanJPEG(data) != nil || len(data) < 3 {
			return
		}
		got, err := decodeLuma(data)
		if err != nil {
			return
		}
		want, err := jpeg.Decode(bytes.NewReader(data))
		if err == nil && got.Rect.Size() != want.Bounds().Size() {
			t.Errorf("%v, image/jpeg says %v", got.Rect, want.Bounds())
		}
	})
}

func mustLuma(t *testing.T, data []byte) *image.Gray {
	t.Helper()
	g, err := decodeLuma(data)
	if err != nil {
		t.Fatalf("a file of %d bytes: %v", len(data), err)
	}
	return g
}

func within(got *image.Gray, want image.Image, steps int) bool {
	if got.Rect.Size() != want.Bounds().Size() {
		return false
	}
	row := make([]uint8, got.Rect.Dx())
	r := newRaster(want)
	for y := range got.Rect.Dy() {
		r.greyRow(y, row)
		for x, v := range row {
			if d := int(v) - int(got.GrayAt(x, y).Y); d > steps || -d > steps {
				return false
			}
		}
	}
	return true
}

func sample(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func samples(t *testing.T, names []string) (all [][]byte) {
	t.Helper()
	for _, name := range names {
		all = append(all, sample(t, "jpeg/"+name+".jpg"))
	}
	return all
}

func photographs(t *testing.T) (all [][]byte) {
	t.Helper()
	names, err := filepath.Glob("../edits/testdata/photos/*.jpg")
	if err != nil || len(names) == 0 {
		t.Fatalf("no photographs: %v", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data)
	}
	return all
}

func isRefusal(err error, want Reason) bool {
	got, refused := ReasonOf(err)
	return refused && got == want
}
