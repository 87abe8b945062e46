package phash

import "math/bits"

// Ref is a reference to compare with, under an id that means something to the caller.
type Ref struct {
	ID  string
	Sig Signature
}

// Best is what is known of the nearest reference.
type Best struct {
	ID       string
	Distance int     // of PDQ, 0 to 256
	Variant  Variant // the turn after which the query looks like the reference
	PHash    int     // of PHash64, 0 to 64, as a second opinion; it knows no turns, so it says little unless Variant is Same
}

// Nearest finds the reference that is nearest to any of the eight variants of query. Of equals the first wins,
// and an unturned variant before a turned one. It is false when there are no references.
func Nearest(query Signature, refs []Ref) (best Best, found bool) {
	for _, ref := range refs {
		for v, h := range query.Variants {
			d := h.Distance(ref.Sig.Variants[Same])
			if found && d >= best.Distance {
				continue
			}
			best, found = Best{ID: ref.ID, Distance: d, Variant: Variant(v)}, true
			best.PHash = bits.OnesCount64(query.PHash64 ^ ref.Sig.PHash64)
		}
	}
	return best, found
}
