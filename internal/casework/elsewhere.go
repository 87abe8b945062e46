package casework

import (
	"reprise/internal/fetch"
	"reprise/internal/hashindex"
	"reprise/internal/likeness"
	"reprise/internal/phash"
	"reprise/internal/secret"
	"reprise/internal/takedown"
)

// sighted is a found file that may be an image of another case.
type sighted struct {
	media   takedown.Private
	found   phash.Hash256
	quality int
	hits    []hashindex.Hit
}

func (s *seen) noteElsewhere(media takedown.Private, found phash.Query, hits []hashindex.Hit) {
	if len(hits) > 0 {
		s.elsewhere = append(s.elsewhere, sighted{media, found.Variants[phash.Same], int(found.Quality), hits})
	}
}

// suggestElsewhere adds the address to each other case one of whose images was
// seen at it, with the match. There it waits for a caseworker; the person reads
// nothing of it before.
func (c *Change) suggestElsewhere(item takedown.Item, seen []sighted) error {
	for _, s := range seen {
		for _, hit := range s.hits {
			r, err := c.ReferenceBySeq(int64(hit.Key))
			if takedown.KindOf(err) == takedown.NotFound {
				continue // forgotten since
			}
			if err != nil {
				return err
			}
			verdict := likeness.Globally(hit.Distance, min(s.quality, r.Quality))
			if r.CaseID == item.CaseID || verdict == takedown.VerdictFar {
				continue
			}
			m := takedown.Match{
				CaseID: r.CaseID, ReferenceID: r.ID, Media: s.media, Found: takedown.NewPrivate(string(s.found.Bytes())),
				Kind: takedown.MatchWhole, Distance: hit.Distance, Variant: phash.Same.String(), Verdict: verdict, State: takedown.MatchSuggested,
			}
			if err := c.suggestIn(item, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxFoundWaiting is how many addresses that we found ourselves may wait in one
// case: enough for a person to see what is going on, and too few for a stranger
// who lists thousands to leave the person no room.
const maxFoundWaiting = 100

// suggestIn adds an item's address to the case of a match. A case that has the
// address already looks at it by itself.
func (c *Change) suggestIn(item takedown.Item, m takedown.Match) error {
	file, err := c.CaseByID(m.CaseID)
	if err != nil || file.Takes() != nil {
		return err
	}
	count, err := c.CountItems(file.ID)
	if err != nil || count >= takedown.MaxItems {
		return err
	}
	waiting, err := c.CountFoundWaiting(file.ID)
	if err != nil || waiting >= maxFoundWaiting {
		return err
	}
	given := takedown.Given{Raw: item.Address.Reveal(), Host: item.Host.Reveal()}
	found := newItem(c, file.ID, given, takedown.FromSystem)
	found.Position, found.RecipientID = count+1, item.RecipientID
	isNew, err := c.AddItem(found, fetch.Judge(given.Raw).Canonical)
	if err != nil || !isNew {
		return err
	}
	if err := c.Event("item.find", file.ID, found.ID, ""); err != nil {
		return err
	}
	m.ID, m.ItemID = secret.NewID(), found.ID
	return c.keepMatches([]takedown.Match{m})
}
