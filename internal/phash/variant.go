package phash

import "reprise/internal/picture"

// Variant names one of the eight ways a picture can lie: turned by quarters, mirrored, or both.
type Variant uint8

// The variants in the order of the PDQ reference. Turns go against the clock. FlipX mirrors top and bottom,
// FlipY left and right, FlipPlus and FlipMinus over the two diagonals.
const (
	Same Variant = iota
	Rot90
	Rot180
	Rot270
	FlipX
	FlipY
	FlipPlus
	FlipMinus
)

// Variants is how many there are.
const Variants = 8

// String is the name by which a variant is kept and shown to programs, such as "rot90".
func (v Variant) String() string {
	return [Variants]string{"same", "rot90", "rot180", "rot270", "flipx", "flipy", "flipplus", "flipminus"}[v]
}

// turns are the variants taken apart.
var turns = [Variants]picture.Turn{
	Same:      {},
	Rot90:     {Transpose: true, Upend: true},
	Rot180:    {Mirror: true, Upend: true},
	Rot270:    {Transpose: true, Mirror: true},
	FlipX:     {Upend: true},
	FlipY:     {Mirror: true},
	FlipPlus:  {Transpose: true},
	FlipMinus: {Transpose: true, Mirror: true, Upend: true},
}

// pdq8 hashes the eight variants of a picture, each by turning its pixels and hashing again: turning the
// frequencies instead, as the reference offers, is off by up to 88 bits.
func pdq8(p picture.Picture) (all [Variants]pdqResult) {
	at := luminance(p)
	sampled := newGrid(sampledSize(p))
	turned, aux := make([]float32, len(sampled.v)), make([]float32, len(sampled.v))
	for _, upend := range []bool{false, true} {
		for _, mirror := range []bool{false, true} {
			sample(p, sampled, at, mirror, upend)
			flipped := sampled.transposed(turned)
			for v, t := range turns {
				if m, u := t.Source(); m != mirror || u != upend {
					continue
				}
				if t.Transpose {
					all[v] = pdq(flipped, aux)
				} else {
					all[v] = pdq(sampled, aux)
				}
			}
		}
	}
	return all
}

// upright gives the hashes of the eight variants of a picture that was turned by t, from those of the picture itself.
func upright(raw [Variants]Hash256, t picture.Turn) (all [Variants]Hash256) {
	for v := range all {
		whole := t.Before(turns[v])
		for w := range turns {
			if turns[w] == whole {
				all[v] = raw[w]
			}
		}
	}
	return all
}
