package edits

import (
	"hash/fnv"
	"image/color"
)

// random is a stream of numbers that never changes from one version of Go to the next: SplitMix64 (Steele, Lea and
// Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
type random struct{ state uint64 }

func newRandom(edit, photograph string) *random {
	h := fnv.New64a()
	_, _ = h.Write([]byte(edit + "/" + photograph)) // a hash in memory does not fail
	return &random{h.Sum64()}
}

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below gives 0 to n-1.
func (r *random) below(n int) int { return int(r.next() % uint64(n)) }

// between gives lo to hi.
func (r *random) between(lo, hi float64) float64 { return lo + (hi-lo)*float64(r.next()>>11)/(1<<53) }

func (r *random) coin() bool { return r.next()>>63 == 1 }

// bright gives a colour that one sees.
func (r *random) bright() color.RGBA {
	c := [3]uint8{uint8(r.between(200, 255)), uint8(r.between(0, 90)), uint8(r.between(0, 255))}
	i := r.below(3)
	return color.RGBA{c[i], c[(i+1)%3], c[(i+2)%3], 255}
}

var vocabulary = []string{
	"look", "at", "this", "today", "what", "a", "day", "by", "the", "sea", "so", "happy", "with", "friends", "again", "never",
	"thought", "I", "would", "see", "it", "from", "here", "tell", "me", "where", "you", "found", "that", "one", "please", "wow",
}

// words gives n words of no meaning.
func (r *random) words(n int) string {
	text := ""
	for i := range n {
		if i > 0 {
			text += " "
		}
		text += vocabulary[r.below(len(vocabulary))]
	}
	return text
}
