package phash

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

// turn is a variant taken apart: first rows and columns are exchanged, then left and right, then top and bottom.
type turn struct{ transpose, mirror, upend bool }

var turns = [Variants]turn{
	Same:      {},
	Rot90:     {transpose: true, upend: true},
	Rot180:    {mirror: true, upend: true},
	Rot270:    {transpose: true, mirror: true},
	FlipX:     {upend: true},
	FlipY:     {mirror: true},
	FlipPlus:  {transpose: true},
	FlipMinus: {transpose: true, mirror: true, upend: true},
}

// exifTurns are the turns that set a picture upright, by the EXIF tag Orientation less one (CIPA DC-008, 4.6.4).
var exifTurns = [8]turn{
	{}, {mirror: true}, {mirror: true, upend: true}, {upend: true},
	{transpose: true}, {transpose: true, mirror: true},
	{transpose: true, mirror: true, upend: true}, {transpose: true, upend: true},
}

// before is the single turn that does t and then next.
func (t turn) before(next turn) turn {
	mirror, upend := t.mirror, t.upend
	if next.transpose {
		mirror, upend = upend, mirror
	}
	return turn{t.transpose != next.transpose, mirror != next.mirror, upend != next.upend}
}

// source tells which of the picture's own axes are read backwards to make t, before any transposition.
func (t turn) source() (mirror, upend bool) {
	if t.transpose {
		return t.upend, t.mirror
	}
	return t.mirror, t.upend
}

// pdq8 hashes the eight variants of a picture, each by turning its pixels and hashing again: turning the
// frequencies instead, as the reference offers, is off by up to 88 bits.
func pdq8(r raster) (all [Variants]pdqResult) {
	at := r.luminance()
	sampled := newGrid(r.sampledSize())
	turned, aux := make([]float32, len(sampled.v)), make([]float32, len(sampled.v))
	for _, upend := range []bool{false, true} {
		for _, mirror := range []bool{false, true} {
			r.sample(sampled, at, mirror, upend)
			flipped := sampled.transposed(turned)
			for v, t := range turns {
				if m, u := t.source(); m != mirror || u != upend {
					continue
				}
				if t.transpose {
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
func upright(raw [Variants]Hash256, t turn) (all [Variants]Hash256) {
	for v := range all {
		whole := t.before(turns[v])
		for w := range turns {
			if turns[w] == whole {
				all[v] = raw[w]
			}
		}
	}
	return all
}
