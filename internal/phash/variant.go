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

// VariantOf names the variant that undoes quarter turns with the clock and then mirroring left and right: so must a
// picture be turned to lie as it did before.
func VariantOf(mirrored bool, quarters int) Variant {
	back := turns[[4]Variant{Same, Rot90, Rot180, Rot270}[((quarters%4)+4)%4]]
	if mirrored {
		back = picture.Turn{Mirror: true}.Before(back)
	}
	for v, t := range turns {
		if t == back {
			return Variant(v)
		}
	}
	return Same
}
