package phash

import (
	"testing"

	"reprise/internal/picture"
)

func TestTurnedGivesWhatAskGives(t *testing.T) {
	p, err := picture.Decode(photo(t, "kodak-3.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	q, err := Ask(p)
	if err != nil {
		t.Fatal(err)
	}
	if hashes, quality := Turned(p); hashes != q.Variants || quality != int(q.Quality) {
		t.Errorf("%v of quality %d, want %v of %d", hashes, quality, q.Variants, q.Quality)
	}
}
