package phash

import "reprise/internal/picture"

// minDetail is the median size of the PDQ frequencies, on the scale of 8-bit luminance, below which a picture is
// blank. Plain areas, gradients and vignettes are below 0.5 and faint noise below 0.75; photographs start at 9, and at
// 0.95 when darkened to a twentieth.
const minDetail = 0.8

// Sign hashes a picture that a person gave. Its error is a picture.Refusal with ReasonBlank for one that has nothing
// to tell it from others.
func Sign(p picture.Picture) (Signature, error) {
	stored := pdq(sampled(p, picture.Turn{}))
	if stored.detail < minDetail {
		return Signature{}, picture.Refuse(picture.ReasonBlank)
	}
	s := Signature{
		Version: versionRegions, Width: p.Width, Height: p.Height,
		PDQ: stored.hash, Upright: stored.hash, Quality: stored.quality,
	}
	if p.Upright != (picture.Turn{}) {
		s.Upright = pdq(sampled(p, p.Upright)).hash
	}
	v := newView(p, referenceSegments)
	for _, piece := range v.pieces(referenceCrops) {
		cells := v.sums.region(piece.box)
		s.Regions = append(s.Regions, Region{piece.kind, v.of(piece.box), cells.quality(), cells.frequencies().hash()})
	}
	s.hashSquares(v.sums)
	return s, nil
}

// Ask hashes a picture that was found, to hold it against signatures. Its error is that of Sign.
func Ask(p picture.Picture) (Query, error) {
	whole, variants := pdqTurned(sampled(p, p.Upright))
	if whole.detail < minDetail {
		return Query{}, picture.Refuse(picture.ReasonBlank)
	}
	q := Query{Width: p.Width, Height: p.Height, Quality: uint8(whole.quality), Variants: variants}
	v := newView(p, querySegments)
	for _, piece := range v.pieces(queryCrops) {
		cells := v.sums.region(piece.box)
		q.Parts = append(q.Parts, Part{piece.kind, v.of(piece.box), cells.quality(), cells.frequencies().variants()})
	}
	return q, nil
}
