package picture

import (
	"bytes"
	"image/gif"
	"os"
	"testing"

	"reprise/internal/bombs"
)

func TestTheBombsAreWhatTheySayTheyAre(t *testing.T) {
	frames, err := gif.DecodeAll(bytes.NewReader(bombs.GIF(30, 20, bytes.Repeat(bombs.GIFFrame(30, 20, 600), 3))))
	if err != nil || len(frames.Image) != 3 {
		t.Errorf("a small bomb of three frames does not decode: %v", err)
	}
	if _, err := Decode(bombs.PNG(30, 20, 8, 6, 0, bombs.Zeros(20*121))); err != nil {
		t.Errorf("a small png bomb does not decode: %v", err)
	}
	if _, err := Decode(bombs.WebP(30, 20, false)); err != nil {
		t.Errorf("a small webp bomb does not decode: %v", err)
	}
	if _, err := Decode(bombs.Progressive(bombs.JPEGScans, bombs.FirstPass)); err != nil {
		t.Errorf("a jpeg of as many scans as are allowed does not decode: %v", err)
	}
	if bombs.JPEGScans != maxJPEGScans {
		t.Errorf("the bombs count on %d scans, %d are allowed", bombs.JPEGScans, maxJPEGScans)
	}
	if size := len(bombs.Progressive(2000, bombs.FirstPass)); size > 200_000 {
		t.Errorf("a jpeg of 2,000 scans has %d bytes: that is no bomb", size)
	}
}

// TestEveryBombIsJudgedByStructure leaves out what only hashing can tell.
func TestEveryBombIsJudgedByStructure(t *testing.T) {
	all, err := bombs.All(photo(t, "kodak-1.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range all {
		if b.Want == string(ReasonBlank) {
			b.Want = ""
		}
		_, err := Decode(b.Data)
		got, refused := ReasonOf(err)
		if string(got) != b.Want || refused != (b.Want != "") || (err != nil && !refused) {
			t.Errorf("%s (%d bytes): %v, want %q", b.Name, len(b.Data), err, b.Want)
		}
	}
}

func photo(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile("../edits/testdata/photos/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}
