package likeness

import (
	"context"
	"fmt"
	"math"

	"reprise/internal/hasher"
	"reprise/internal/keypoints"
	"reprise/internal/phash"
	"reprise/internal/takedown"
)

// Image is a reference that is an image, as found ones are held against it.
type Image struct {
	takedown.Reference
	sig    phash.Signature
	points keypoints.Set // none: she said no, or there are none
}

// ImageOf reads it of a reference. What cannot be read is an error that names its id.
func ImageOf(r takedown.Reference) (Image, error) {
	h := Image{Reference: r}
	if err := h.sig.UnmarshalBinary(r.Signature); err != nil {
		return h, fmt.Errorf("reference %s: %w", r.ID, err)
	}
	if len(r.Points) == 0 {
		return h, nil
	}
	if err := h.points.UnmarshalBinary(r.Points); err != nil {
		return h, fmt.Errorf("points of reference %s: %w", r.ID, err)
	}
	if len(h.points.Points) > keypoints.ForReference {
		return h, fmt.Errorf("points of reference %s: more than a reference has", r.ID)
	}
	return h, nil
}

// PDQ gives the value that platforms exchange (PDQ, 32 bytes), and how much there
// is to see in the image (0 to 100).
func (h Image) PDQ() (value []byte, quality int) { return h.sig.PDQ.Bytes(), h.sig.Quality }

// ways are the kinds of comparison in the words of the rule.
var ways = [phash.Kinds]takedown.MatchKind{
	phash.Whole: takedown.MatchWhole, phash.Segments: takedown.MatchSegment,
	phash.Cropped: takedown.MatchCropped, phash.BothCropped: takedown.MatchCroppedBoth,
}

// Against gives how near a found image is to the reference, by whichever of the
// ways is surest. Points that agree are told whichever it is.
func (h Image) Against(found hasher.Found) takedown.Match {
	best := Nothing()
	for _, f := range h.sig.Compare(found.Query) {
		m := h.judged(f)
		if m.Verdict == best.Verdict && m.Verdict != takedown.VerdictFar && m.Distance+plainly >= best.Distance {
			continue // the plainer way, which came first, explains it better
		}
		best = surer(m, best)
	}
	if len(h.points.Points) == 0 {
		return best
	}
	return h.withPoints(best, keypoints.Compare(h.points, found.Points))
}

// plainly is how much nearer, in bits, a less plain way of comparing has to be
// before it is told instead: a whole picture has a crop that is nearer by chance.
const plainly = 16

// withPoints adds the points that agree to what the hashes say, and goes by them
// where they are surer.
func (h Image) withPoints(best takedown.Match, a keypoints.Agreement) takedown.Match {
	byPoints := takedown.JudgeMatch(takedown.Finding{
		Kind: takedown.MatchPoints, Scope: takedown.ScopeCase, Points: a.Proof(), Quality: a.Cover,
	})
	if byPoints == takedown.VerdictFar {
		return best
	}
	best.Points = a.Points
	if !byPoints.Surer(best.Verdict) {
		return best
	}
	quarters := int(math.Round(a.Angle / 90))
	best.Kind, best.Verdict, best.ReferenceID = takedown.MatchPoints, byPoints, h.ID
	best.Variant = phash.VariantOf(a.Mirrored, quarters).String()
	best.Angle = int(math.Round(a.Angle)) - 90*quarters
	best.ReferenceBox, best.FoundBox, best.Inverted = shareOf(a.Seen), shareOf(a.Where), false
	return best
}

func shareOf(b keypoints.Box) takedown.Box {
	per := func(v float64) int { return int(math.Round(1000 * min(max(v, 0), 1))) }
	return takedown.Box{Left: per(b.Left), Top: per(b.Top), Right: per(b.Right), Bottom: per(b.Bottom)}
}

// judged gives what one comparison says.
func (h Image) judged(f phash.Finding) takedown.Match {
	kind := ways[f.Kind]
	return takedown.Match{
		ReferenceID: h.ID, Kind: kind, Distance: f.Distance, Variant: f.Variant.String(), Inverted: f.Inverted,
		ReferenceBox: boxOf(f.Of), FoundBox: boxOf(f.In),
		Verdict: takedown.JudgeMatch(takedown.Finding{Kind: kind, Scope: takedown.ScopeCase, Distance: f.Distance, Quality: f.Quality}),
	}
}

func boxOf(b phash.Box) takedown.Box {
	per := func(n uint8) int { return (int(n)*1000 + 127) / 255 }
	return takedown.Box{Left: per(b.Left), Top: per(b.Top), Right: per(b.Right), Bottom: per(b.Bottom)}
}

// Of holds a found image against a given one just as a look does within a
// case whose person allows local features. Nothing is kept. Its errors are those
// of the hasher.
func Of(ctx context.Context, h *hasher.Hasher, given, found []byte) (takedown.Match, error) {
	reference, err := h.Sign(ctx, given, true)
	if err != nil {
		return takedown.Match{}, fmt.Errorf("hash the reference: %w", err)
	}
	query, err := h.Ask(ctx, found, true)
	if err != nil {
		return takedown.Match{}, fmt.Errorf("hash the found image: %w", err)
	}
	return Image{sig: reference.Signature, points: reference.Points}.Against(query), nil
}
