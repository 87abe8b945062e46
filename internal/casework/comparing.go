package casework

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"reprise/internal/fetch"
	"reprise/internal/hasher"
	"reprise/internal/keypoints"
	"reprise/internal/phash"
	"reprise/internal/picture"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// mediaPerLook is how many images are fetched and hashed for one item.
const mediaPerLook = 40

// held is a reference of the case as found images are held against it.
type held struct {
	takedown.Reference
	sig    phash.Signature
	points keypoints.Set // none: she said no, or there are none
}

func heldOf(r takedown.Reference) (held, error) {
	h := held{Reference: r}
	if err := h.sig.UnmarshalBinary(r.Signature); err != nil {
		return h, fmt.Errorf("reference %s: %w", r.ID, err)
	}
	if len(r.Points) == 0 {
		return h, nil
	}
	if err := h.points.UnmarshalBinary(r.Points); err != nil {
		return h, fmt.Errorf("points of reference %s: %w", r.ID, err)
	}
	return h, nil
}

// ways are the kinds of comparison in the words of the rule.
var ways = [phash.Kinds]takedown.MatchKind{
	phash.Whole: takedown.MatchWhole, phash.Segments: takedown.MatchSegment,
	phash.Cropped: takedown.MatchCropped, phash.BothCropped: takedown.MatchCroppedBoth,
}

// against gives how near a found image is to the reference, by whichever of the
// ways is surest. Points that agree are told whichever it is.
func (h held) against(found hasher.Found) takedown.Match {
	best := nothingNear()
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
func (h held) withPoints(best takedown.Match, a keypoints.Agreement) takedown.Match {
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
func (h held) judged(f phash.Finding) takedown.Match {
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

// surest gives what is nearest of the references of the look.
func (l look) surest(found hasher.Found) takedown.Match {
	best := nothingNear()
	for _, h := range l.refs {
		best = surer(h.against(found), best)
	}
	for _, h := range l.clips {
		best = surer(h.showing(found.Query), best)
	}
	return best
}

// wantsPoints tells whether any reference has points to compare.
func (l look) wantsPoints() bool {
	return slices.ContainsFunc(l.refs, func(h held) bool { return len(h.points.Points) > 0 })
}

func (l *look) loadReferences(tx *store.Tx) error {
	references, err := tx.ReferencesOfCase(l.item.CaseID)
	if err != nil {
		return err
	}
	for _, r := range references {
		if r.Kind == takedown.ReferenceClip {
			h, err := heldClipOf(r)
			if err != nil {
				return err
			}
			l.clips = append(l.clips, h)
			continue
		}
		if nobodys(r.Exchange, l.nobody) {
			continue
		}
		h, err := heldOf(r)
		if err != nil {
			return err
		}
		l.refs = append(l.refs, h)
	}
	return nil
}

// compare holds the media of a page against the references, the largest first,
// and ends with the first that is near: one is enough to ask, and every further
// one would be looked at for nothing.
//
// A small picture of one that could be compared is not fetched again.
func (o *Office) compare(ctx context.Context, l look, media []fetch.Found, s *seen) error {
	had, fetched := map[string]bool{}, 0
	for _, f := range media {
		if had[f.CoveredBy] {
			s.evidence.MediaRead++
			continue
		}
		if fetched == mediaPerLook || s.evidence.Near {
			return nil
		}
		fetched++
		if going, err := o.stillWanted(ctx, l.item.ID); err != nil || !going {
			return err
		}
		m, read, err := o.compareOne(ctx, l, f.URL, s)
		if err != nil {
			return err
		}
		if read {
			had[f.URL] = true
			s.evidence.MediaRead++
		}
		s.note(m, l.stands(m))
	}
	return nil
}

// note takes one comparison into the evidence. stands: it says as much as a
// match that a person confirmed.
func (s *seen) note(m takedown.Match, stands bool) {
	if m.Distance >= 0 && (s.nearest < 0 || m.Distance < s.nearest) {
		s.nearest = m.Distance
	}
	if m.Verdict != takedown.VerdictFar {
		s.matches = append(s.matches, m)
	}
	s.evidence.Near = s.evidence.Near || m.Verdict == takedown.VerdictNear || stands
	s.evidence.Unsure = s.evidence.Unsure || m.Verdict == takedown.VerdictUnsure
}

// stands tells whether a match is as sure as one of the item that a person
// confirmed.
func (l look) stands(m takedown.Match) bool {
	for _, known := range l.known {
		if m.AsSure(known) {
			return true
		}
	}
	return false
}

// compareOne gives the nearest reference of one media file. read is false when
// the file could not be had, so that nothing may be concluded from it. What may
// be an image of another case is noted beside.
func (o *Office) compareOne(ctx context.Context, l look, address string, s *seen) (m takedown.Match, read bool, err error) {
	m = nothingNear()
	answer, lookErr := o.Looker.Media(ctx, address)
	if ctx.Err() != nil {
		return m, false, fmt.Errorf("fetch a media file of item %s: %w", l.item.ID, ctx.Err())
	}
	if lookErr != nil || answer.Status != 200 || answer.Kind != fetch.KindImage {
		return m, lookErr == nil && (answer.Status == 404 || answer.Status == 410), nil
	}
	found, err := o.LookHasher.Ask(ctx, answer.Body, l.wantsPoints())
	var refused *picture.Refusal
	if errors.As(err, &refused) {
		return m, refused.Reason == picture.ReasonBlank, nil
	}
	if err != nil {
		return m, false, fmt.Errorf("hash a media file of item %s: %w", l.item.ID, err)
	}
	upright := found.Query.Variants[phash.Same]
	hash := upright.Bytes()
	if nobodys(hash, l.nobody) {
		return m, true, nil
	}
	s.noteElsewhere(takedown.NewPrivate(answer.FinalURL), found.Query, o.everybody.near(upright))
	m = l.surest(found)
	m.CaseID, m.ItemID, m.State = l.item.CaseID, l.item.ID, takedown.MatchSuggested
	m.Media, m.Found = takedown.NewPrivate(answer.FinalURL), takedown.NewPrivate(string(hash))
	return m, true, nil
}
