package casework

import (
	"context"
	"errors"
	"fmt"

	"reprise/internal/fetch"
	"reprise/internal/likeness"
	"reprise/internal/phash"
	"reprise/internal/picture"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// mediaPerLook is how many images are fetched and hashed for one item.
const mediaPerLook = 40

func (l *look) loadReferences(tx *store.Tx) error {
	references, err := tx.ReferencesOfCase(l.item.CaseID)
	if err != nil {
		return err
	}
	for _, r := range references {
		if r.Kind == takedown.ReferenceClip {
			h, err := likeness.ClipOf(r)
			if err != nil {
				return err
			}
			l.references.Clips = append(l.references.Clips, h)
			continue
		}
		if likeness.Nobodys(r.Exchange, l.nobody) {
			continue
		}
		h, err := likeness.ImageOf(r)
		if err != nil {
			return err
		}
		l.references.Images = append(l.references.Images, h)
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
	m = likeness.Nothing()
	answer, lookErr := o.Looker.Media(ctx, address)
	if ctx.Err() != nil {
		return m, false, fmt.Errorf("fetch a media file of item %s: %w", l.item.ID, ctx.Err())
	}
	if lookErr != nil || answer.Status != 200 || answer.Kind != fetch.KindImage {
		return m, lookErr == nil && (answer.Status == 404 || answer.Status == 410), nil
	}
	found, err := o.LookHasher.Ask(ctx, answer.Body, l.references.WantPoints())
	var refused *picture.Refusal
	if errors.As(err, &refused) {
		return m, refused.Reason == picture.ReasonBlank, nil
	}
	if err != nil {
		return m, false, fmt.Errorf("hash a media file of item %s: %w", l.item.ID, err)
	}
	upright := found.Query.Variants[phash.Same]
	hash := upright.Bytes()
	if likeness.Nobodys(hash, l.nobody) {
		return m, true, nil
	}
	s.noteElsewhere(takedown.NewPrivate(answer.FinalURL), found.Query, o.everybody.near(upright))
	m = l.references.Surest(found)
	m.CaseID, m.ItemID, m.State = l.item.CaseID, l.item.ID, takedown.MatchSuggested
	m.Media, m.Found = takedown.NewPrivate(answer.FinalURL), takedown.NewPrivate(string(hash))
	return m, true, nil
}
