package casework

import (
	"context"
	"fmt"
	"slices"

	"reprise/internal/fetch"
	"reprise/internal/likeness"
	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// looksPerTurn is how many looks are enqueued at one turn of the schedule.
const looksPerTurn = 500

// EnqueueLooks asks for a look at every item whose time has come.
func (o *Office) EnqueueLooks(ctx context.Context) error {
	return o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		ids, err := c.ItemsToLookAt(c.Now, looksPerTurn)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := c.Enqueue(JobLook, id); err != nil {
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
	return o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		return c.record(look, seen)
	})
}

// look is what one look needs to know before it begins.
type look struct {
	wanted     bool
	item       takedown.Item
	references likeness.References
	hadMatch   bool
	known      []takedown.Match // those that a person confirmed
	nobody     []takedown.Negative
}

func (o *Office) prepareLook(ctx context.Context, itemID string) (look, error) {
	var l look
	err := o.Read(ctx, takedown.System(), takedown.MayRunJobs, func(tx *store.Tx) error {
		item, err := tx.ItemByID(itemID)
		if err != nil {
			return err
		}
		file, err := tx.CaseByID(item.CaseID)
		if err != nil {
			return err
		}
		l.item, l.wanted = item, item.Watched() && !file.Rests()
		matches, err := tx.MatchesOfItem(itemID)
		if err != nil {
			return err
		}
		l.hadMatch = slices.ContainsFunc(matches, takedown.Match.Holds)
		l.known = slices.DeleteFunc(matches, func(m takedown.Match) bool { return !m.Confirms() })
		if l.nobody, err = tx.Negatives(); err != nil {
			return err
		}
		if err := o.everybody.follow(tx); err != nil {
			return err
		}
		return l.loadReferences(tx)
	})
	return l, err
}

// seen is what one look brought.
type seen struct {
	evidence  takedown.Evidence
	nearest   int // bits, -1 when nothing was compared
	matches   []takedown.Match
	elsewhere []sighted // what may be images of other cases
	videos    struct {
		found, read int
		trouble     takedown.VideoTrouble
	}
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
	var media, videos []fetch.Found
	if answer.Kind == fetch.KindImage {
		s.evidence.Says, media = takedown.SaysContent, []fetch.Found{{URL: answer.FinalURL, Kind: fetch.FoundImage}}
	} else {
		page := fetch.FindMedia(answer.Body, answer.Declared, answer.FinalURL)
		s.evidence.Says = string(fetch.PageSays(page, answer.Status, answer.FinalURL))
		for _, f := range page.Media {
			if f.Kind == fetch.FoundVideo {
				videos = append(videos, f)
			} else {
				media = append(media, f)
			}
		}
	}
	s.evidence.MediaFound, s.videos.found = len(media), len(videos)
	if len(l.references.Images)+len(l.references.Clips) == 0 {
		return s, nil
	}
	if err := o.compare(ctx, l, media, &s); err != nil {
		return s, err
	}
	return s, o.compareVideos(ctx, l, videos, &s)
}

// stillWanted asks again before each file whether the item may be looked at: the
// button for minors, or the person, may have stopped it meanwhile.
func (o *Office) stillWanted(ctx context.Context, itemID string) (bool, error) {
	going := false
	err := o.Read(ctx, takedown.System(), takedown.MayRunJobs, func(tx *store.Tx) error {
		item, err := tx.ItemByID(itemID)
		if err != nil {
			return err
		}
		file, err := tx.CaseByID(item.CaseID)
		going = item.Watched() && !file.Rests()
		return err
	})
	return going, err
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
func (c *Change) record(l look, s seen) error {
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
	if err := c.suggestElsewhere(item, s.elsewhere); err != nil {
		return err
	}
	if err := c.keepItem(item, was, "item.look", string(saw)); err != nil {
		return err
	}
	return c.afterLook(item, was)
}

func observation(item takedown.Item, saw takedown.Sighting, s seen, c *Change) takedown.Observation {
	return takedown.Observation{
		ID: secret.NewID(), CaseID: item.CaseID, ItemID: item.ID, At: c.Now, Saw: saw, Status: s.evidence.Status,
		Failure: s.evidence.Failure, Says: s.evidence.Says, MediaFound: s.evidence.MediaFound,
		MediaRead: s.evidence.MediaRead, Distance: s.nearest,
		VideosFound: s.videos.found, VideosRead: s.videos.read, VideoTrouble: s.videos.trouble,
	}
}

// afterLook draws the consequences of a new standing.
func (c *Change) afterLook(item, was takedown.Item) error {
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
func (c *Change) reappeared(item takedown.Item) error {
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

func (o *Office) draftReminder(c *Change, r takedown.Request, item takedown.Item) error {
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
