package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"reprise/internal/fetch"
	"reprise/internal/hashindex"
	"reprise/internal/phash"
	"reprise/internal/picture"
	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// Bounds of one look.
const (
	mediaPerLook = 40  // images fetched and hashed for one item
	looksPerTurn = 500 // looks enqueued at one turn of the schedule
	allBits      = 256 // of a hash: a radius that leaves nothing out
)

// EnqueueLooks asks for a look at every item whose time has come.
func (o *Office) EnqueueLooks(ctx context.Context) error {
	return o.change(ctx, takedown.System(), takedown.MayRunJobs, func(c *change) error {
		ids, err := c.ItemsToLookAt(c.Now, looksPerTurn)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := c.enqueue(JobLook, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// Look looks at an item: what is there, and whether a media file on it is near
// one of the case's references. Whatever it finds, it says so by a new
// observation; it never keeps an image.
func (o *Office) Look(ctx context.Context, itemID string) error {
	look, err := o.prepareLook(ctx, itemID)
	if err != nil || !look.wanted {
		return err
	}
	seen, err := o.see(ctx, look)
	if err != nil {
		return err
	}
	return o.change(ctx, takedown.System(), takedown.MayRunJobs, func(c *change) error {
		return c.record(look, seen)
	})
}

// look is what one look needs to know before it begins.
type look struct {
	wanted   bool
	item     takedown.Item
	refs     *hashindex.Index // the references' hashes by their id
	quality  map[string]int   // of each
	hadMatch bool
	known    int // the farthest match that a person confirmed, in bits; -1: none
}

func (o *Office) prepareLook(ctx context.Context, itemID string) (look, error) {
	var l look
	err := o.read(ctx, takedown.System(), takedown.MayRunJobs, func(tx *store.Tx) error {
		item, err := tx.ItemByID(itemID)
		if err != nil {
			return err
		}
		file, err := tx.CaseByID(item.CaseID)
		if err != nil {
			return err
		}
		l.item, l.wanted = item, item.Watched() && file.Takes() == nil
		matches, err := tx.MatchesOfItem(itemID)
		if err != nil {
			return err
		}
		l.hadMatch, l.known = slices.ContainsFunc(matches, takedown.Match.Holds), -1
		for _, m := range matches {
			if m.Confirms() {
				l.known = max(l.known, m.Distance)
			}
		}
		return l.loadReferences(tx)
	})
	return l, err
}

func (l *look) loadReferences(tx *store.Tx) error {
	references, err := tx.ReferencesOfCase(l.item.CaseID)
	if err != nil {
		return err
	}
	l.refs, l.quality = hashindex.New(), map[string]int{}
	for _, r := range references {
		if r.Kind != takedown.ReferenceImage {
			continue
		}
		var sig phash.Signature
		if err := sig.UnmarshalBinary(r.Signature); err != nil {
			return fmt.Errorf("reference %s: %w", r.ID, err)
		}
		l.refs.Add(r.ID, sig.Variants[phash.Same])
		l.quality[r.ID] = r.Quality
	}
	return nil
}

// seen is what one look brought.
type seen struct {
	evidence takedown.Evidence
	nearest  int // bits, -1 when nothing was compared
	matches  []takedown.Match
}

func (o *Office) see(ctx context.Context, l look) (seen, error) {
	s := seen{nearest: -1, evidence: takedown.Evidence{HadMatch: l.hadMatch}}
	answer, err := o.Looker.Look(ctx, l.item.Address.Reveal())
	if ctx.Err() != nil {
		return s, fmt.Errorf("look at item %s: %w", l.item.ID, ctx.Err())
	}
	s.evidence.Status, s.evidence.Failure = answer.Status, failureOf(answer.Class)
	if err != nil && len(answer.Body) == 0 { // the beginning of a page that is too long can still hold a match
		return s, nil //nolint:nilerr // a look that failed is an observation too
	}
	var media []fetch.Found
	if answer.Kind == fetch.KindImage {
		s.evidence.Says, media = takedown.SaysContent, []fetch.Found{{URL: answer.FinalURL, Kind: fetch.FoundImage}}
	} else {
		page := fetch.FindMedia(answer.Body, answer.Declared, answer.FinalURL)
		s.evidence.Says = string(fetch.PageSays(page, answer.Status, answer.FinalURL))
		for _, f := range page.Media {
			if f.Kind != fetch.FoundVideo {
				media = append(media, f)
			}
		}
	}
	s.evidence.MediaFound = len(media)
	if l.refs.Len() == 0 {
		return s, nil
	}
	return s, o.compare(ctx, l, media, &s)
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
		m, read, err := o.compareOne(ctx, l, f.URL)
		if err != nil {
			return err
		}
		if read {
			had[f.URL] = true
			s.evidence.MediaRead++
		}
		if m.Distance >= 0 && (s.nearest < 0 || m.Distance < s.nearest) {
			s.nearest = m.Distance
		}
		if m.Verdict == takedown.VerdictNear || m.Verdict == takedown.VerdictUnsure {
			s.matches = append(s.matches, m)
		}
		s.evidence.Near = s.evidence.Near || m.Verdict == takedown.VerdictNear || m.Distance >= 0 && m.Distance <= l.known
		s.evidence.Unsure = s.evidence.Unsure || m.Verdict == takedown.VerdictUnsure
	}
	return nil
}

// stillWanted asks again before each file whether the item may be looked at: the
// button for minors, or the person, may have stopped it meanwhile.
func (o *Office) stillWanted(ctx context.Context, itemID string) (bool, error) {
	going := false
	err := o.read(ctx, takedown.System(), takedown.MayRunJobs, func(tx *store.Tx) error {
		item, err := tx.ItemByID(itemID)
		if err != nil {
			return err
		}
		file, err := tx.CaseByID(item.CaseID)
		going = item.Watched() && file.Takes() == nil
		return err
	})
	return going, err
}

// compareOne gives the nearest reference of one media file. read is false when
// the file could not be had, so that nothing may be concluded from it.
func (o *Office) compareOne(ctx context.Context, l look, address string) (m takedown.Match, read bool, err error) {
	m = takedown.Match{Distance: -1, Verdict: takedown.VerdictFar}
	answer, lookErr := o.Looker.Media(ctx, address)
	if ctx.Err() != nil {
		return m, false, fmt.Errorf("fetch a media file of item %s: %w", l.item.ID, ctx.Err())
	}
	if lookErr != nil || answer.Status != 200 || answer.Kind != fetch.KindImage {
		return m, lookErr == nil && (answer.Status == 404 || answer.Status == 410), nil
	}
	sig, err := o.LookHasher.Hash(ctx, answer.Body)
	var refused *picture.Refusal
	if errors.As(err, &refused) {
		return m, refused.Reason == picture.ReasonBlank, nil
	}
	if err != nil {
		return m, false, fmt.Errorf("hash a media file of item %s: %w", l.item.ID, err)
	}
	best, variant := l.nearest(sig)
	return takedown.Match{
		CaseID: l.item.CaseID, ItemID: l.item.ID, ReferenceID: best.ID, Media: takedown.NewPrivate(answer.FinalURL),
		Distance: best.Distance, Variant: variant.String(), State: takedown.MatchSuggested,
		Verdict: takedown.JudgeMatch(best.Distance, min(sig.Quality, l.quality[best.ID])),
	}, true, nil
}

// nearest gives the reference that is nearest to any of the eight variants of a
// found image, an unturned one before a turned one. There is a reference.
func (l look) nearest(sig phash.Signature) (best hashindex.Hit, variant phash.Variant) {
	best.Distance = allBits + 1
	for v, h := range sig.Variants {
		if hits := l.refs.Search(h, allBits); hits[0].Distance < best.Distance {
			best, variant = hits[0], phash.Variant(v)
		}
	}
	return best, variant
}

// failureOf puts the classes of a look into the three words the rule knows.
func failureOf(class fetch.Class) takedown.Failure {
	switch class {
	case fetch.ClassOK:
		return takedown.FailureNone
	case fetch.ClassNoName, fetch.ClassDNS, fetch.ClassTimeout, fetch.ClassTLS, fetch.ClassRefused:
		return takedown.FailureUnreachable
	case fetch.ClassBadResponse, fetch.ClassTooLarge, fetch.ClassTooManyHops, fetch.ClassNoLocation, fetch.ClassDowngrade:
		return takedown.FailureAnswer
	}
	return takedown.FailureOurs
}

// record keeps a look. The item is read again: people may have decided about it
// while the look was under way.
func (c *change) record(l look, s seen) error {
	item, err := c.ItemByID(l.item.ID)
	if err != nil {
		return err
	}
	sent, err := c.LastSent(item.ID)
	if err != nil {
		return err
	}
	was, saw := item, s.evidence.Sighting()
	if err := item.See(saw, sent, c.Now); err != nil {
		return nil //nolint:nilerr // it stopped being watched meanwhile: what was seen is not kept
	}
	if err := c.AddObservation(observation(item, saw, s, c)); err != nil {
		return err
	}
	if err := c.keepMatches(s.matches); err != nil {
		return err
	}
	if err := c.keepItem(item, was, "item.look", string(saw)); err != nil {
		return err
	}
	return c.afterLook(item, was)
}

func observation(item takedown.Item, saw takedown.Sighting, s seen, c *change) takedown.Observation {
	return takedown.Observation{
		ID: secret.NewID(), CaseID: item.CaseID, ItemID: item.ID, At: c.Now, Saw: saw, Status: s.evidence.Status,
		Failure: s.evidence.Failure, Says: s.evidence.Says, MediaFound: s.evidence.MediaFound,
		MediaRead: s.evidence.MediaRead, Distance: s.nearest,
	}
}

func (c *change) keepMatches(matches []takedown.Match) error {
	for _, m := range matches {
		m.ID, m.SeenAt = secret.NewID(), c.Now
		if err := c.AddMatch(m); err != nil {
			return err
		}
	}
	return nil
}

// afterLook draws the consequences of a new standing.
func (c *change) afterLook(item, was takedown.Item) error {
	if item.Presence == was.Presence {
		return nil
	}
	if item.Presence == takedown.Reappeared {
		return c.reappeared(item)
	}
	if err := c.settleItem(item); err != nil {
		return err
	}
	return c.settleCase(item.CaseID)
}

// reappeared takes up an item again that was gone, and drafts a reminder in the
// thread of each request that had led to its removal.
func (c *change) reappeared(item takedown.Item) error {
	was := item
	if !item.Open() {
		if err := item.Reopen(); err != nil {
			return err
		}
		if err := c.keepItem(item, was, "item.reopen", ""); err != nil {
			return err
		}
	}
	requests, err := c.RequestsOfItem(item.ID)
	if err != nil {
		return err
	}
	for _, r := range requests {
		if _, err := r.State.After(takedown.MoveRemind); err != nil {
			continue
		}
		if err := c.office.draftReminder(c, r, item); err != nil {
			return err
		}
	}
	if err := c.MarkNews(item.CaseID); err != nil {
		return err
	}
	return c.settleCase(item.CaseID)
}

func (o *Office) draftReminder(c *change, r takedown.Request, item takedown.Item) error {
	file, err := c.CaseByID(r.CaseID)
	if err != nil {
		return err
	}
	recipient, err := c.RecipientByID(r.RecipientID)
	if err != nil {
		return err
	}
	n := o.newNotice(c, file, recipient, r.GroundID)
	n.Kind, n.ParentID = takedown.Reminder, r.NoticeID
	if err := o.keepNotice(c, &n, file, recipient, []takedown.Item{item}); err != nil {
		return err
	}
	return c.AddReminded(n.ID, r.ID)
}
