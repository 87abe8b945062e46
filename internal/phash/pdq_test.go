package phash

import (
	"bytes"
	"encoding/csv"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path"
	"strconv"
	"strings"
	"testing"

	"reprise/internal/picture"
)

// Meta's own bar for another decoder of the same file.
const decoderBits = 10

func TestPDQEqualsTheReferenceInEveryBitOnPNG(t *testing.T) {
	seen := 0
	for _, row := range table(t, "testdata/reference.csv") {
		if !strings.HasSuffix(row[0], ".png") {
			continue
		}
		seen++
		want := hashes(t, row[2:])
		got := pdqOf(pictureOf(t, row[0]))
		if got.hash != want[Same] || strconv.Itoa(got.quality) != row[1] {
			t.Errorf("%s: hash %v of quality %d, want %v of %s", row[0], got.hash, got.quality, want[Same], row[1])
		}
	}
	if seen != 5 {
		t.Errorf("tried %d files, want 5", seen)
	}
}

// TestReferenceTurnsFollowFromOurFrequencies derives the turns as the reference does, by the signs of the frequencies.
// It proves the names of the turns and the order of the bits.
func TestReferenceTurnsFollowFromOurFrequencies(t *testing.T) {
	for _, row := range table(t, "testdata/reference.csv") {
		if !strings.HasSuffix(row[0], ".png") {
			continue
		}
		g := sampled(pictureOf(t, row[0]), picture.Turn{})
		freqs := blur(g, centres(g.cols)).cells(centres(g.rows)).frequencies()
		for v, want := range hashes(t, row[2:]) {
			if got := freqs.turned(turns[v]).hash(); got != want {
				t.Errorf("%s %v: %v, want %v", row[0], Variant(v), got, want)
			}
		}
	}
}

func TestPDQStaysWithinTheBarOfTheReferenceOnJPEGAndWebP(t *testing.T) {
	spread := map[int]int{}
	check := func(file, wantHash, wantQuality string) {
		got := pdqOf(pictureOf(t, file))
		d := got.hash.Distance(hashes(t, []string{wantHash})[0])
		spread[d]++
		if quality, _ := strconv.Atoi(wantQuality); d > decoderBits || math.Abs(float64(got.quality-quality)) > 1 {
			t.Errorf("%s: %d bits away, quality %d, want %s", file, d, got.quality, wantQuality)
		}
	}
	for _, row := range table(t, "testdata/reference.csv") {
		check(row[0], row[2], row[1])
	}
	for _, row := range table(t, "../edits/testdata/expected.csv") {
		check(row[0], row[1], row[2])
	}
	t.Logf("files by distance in bits: %v", spread)
}

// turnedBits is how far a variant may lie from the hash of the turned picture: of a picture over 512 pixels others
// are sampled, up to one pixel beside.
const turnedBits = 16

func TestVariantsAreTheHashesOfTheTurnedPicture(t *testing.T) {
	spread := map[int]int{}
	files := []string{"reference/pdq/shrink-a-lot.jpg", "reference/pdq-modes/L.png"}
	for i, row := range table(t, "../edits/testdata/expected.csv") {
		if i%25 == 0 {
			files = append(files, row[0])
		}
	}
	for _, file := range files {
		p := pictureOf(t, file)
		_, all := pdqTurned(sampled(p, picture.Turn{}))
		for v, tn := range turns {
			d := all[v].Distance(pdqOf(drawn(t, turnedImage(p, tn))).hash)
			if spread[d]++; d > turnedBits {
				t.Errorf("%s %v: %d bits from the hash of the turned picture", file, Variant(v), d)
			}
		}
	}
	t.Logf("variants by distance in bits: %v", spread)
}

// TestTransformDoesNotHangOnTheLastBitsOfTheCosine keeps the table the same on machines whose cosine differs in its
// last bits: no entry lies so near the middle between two float32 that it could be rounded the other way.
func TestTransformDoesNotHangOnTheLastBitsOfTheCosine(t *testing.T) {
	scale := float64(float32(math.Sqrt(2.0 / pdqBlock)))
	for i := range dctMatrix {
		for j, entry := range dctMatrix[i] {
			exact := scale * math.Cos(math.Pi/2/pdqBlock*float64(i+1)*float64(2*j+1))
			for _, wobble := range []float64{1 - 1e-13, 1 + 1e-13} {
				if float32(exact*wobble) != entry {
					t.Errorf("entry %d, %d hangs on the last bits of the cosine", i, j)
				}
			}
		}
	}
}

func TestPicturesTooSmallForPDQHaveAZeroHash(t *testing.T) {
	for _, size := range []image.Point{{4, 100}, {100, 4}, {1, 1}} {
		if got := pdqOf(drawn(t, image.NewGray(image.Rectangle{Max: size}))); got != (pdqResult{}) {
			t.Errorf("%v: %v", size, got)
		}
	}
}

func pdqOf(p picture.Picture) pdqResult { return pdq(sampled(p, picture.Turn{})) }

func drawn(t *testing.T, img image.Image) picture.Picture {
	t.Helper()
	p, err := picture.Decode(pngOf(t, img))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// turnedImage turns the luminance of the pixels, step by step as turn says.
func turnedImage(p picture.Picture, t picture.Turn) image.Image {
	width, height := p.Width, p.Height
	if t.Transpose {
		width, height = height, width
	}
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			sx, sy := x, y
			if t.Mirror {
				sx = width - 1 - x
			}
			if t.Upend {
				sy = height - 1 - y
			}
			if t.Transpose {
				sx, sy = sy, sx
			}
			v := uint8(p.Luma(sx, sy) + 0.5)
			out.SetNRGBA(x, y, color.NRGBA{v, v, v, 255})
		}
	}
	return out
}

func pictureOf(t *testing.T, file string) picture.Picture {
	t.Helper()
	folder := "testdata"
	if strings.HasPrefix(file, "photos/") {
		folder = "../edits/testdata"
	}
	data, err := os.ReadFile(path.Join(folder, file))
	if err != nil {
		t.Fatal(err)
	}
	p, err := picture.Decode(data)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return p
}

func table(t *testing.T, file string) [][]string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func hashes(t *testing.T, texts []string) (all []Hash256) {
	t.Helper()
	for _, text := range texts {
		h, err := ParseHash256(text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, h)
	}
	return all
}

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
