package casework

import (
	"context"
	"errors"

	"reprise/internal/takedown"
)

// onItems runs do for each of the items of one case, in one transaction.
func (o *Office) onItems(ctx context.Context, actor takedown.Actor, p takedown.Permission, ids []string, do func(*Change, takedown.Item) error) error {
	return o.Change(ctx, actor, p, func(c *Change) error {
		cases := map[string]bool{}
		for _, id := range ids {
			item, err := c.ItemByID(id)
			if err != nil {
				return err
			}
			if err := do(c, item); err != nil {
				return err
			}
			cases[item.CaseID] = true
		}
		for id := range cases {
			if err := c.settleCase(id); err != nil {
				return err
			}
		}
		return nil
	})
}

// ClearItems lets addresses be looked at that wait for a person.
func (o *Office) ClearItems(ctx context.Context, actor takedown.Actor, ids []string) error {
	return o.onItems(ctx, actor, takedown.MayTriage, ids, func(c *Change, item takedown.Item) error {
		was := item
		if err := item.Clear(c.Now); err != nil {
			return err
		}
		return c.keepItem(item, was, "item.clear", "")
	})
}

// ConfirmItems records a person's word that items are to be taken down, with or
// without a match. One that waits is looked at as well.
func (o *Office) ConfirmItems(ctx context.Context, actor takedown.Actor, ids []string) error {
	return o.onItems(ctx, actor, takedown.MayTriage, ids, confirmItem)
}

func confirmItem(c *Change, item takedown.Item) error {
	was := item
	if err := item.Confirm(c.Now); err != nil {
		return err
	}
	return c.keepItem(item, was, "item.confirm", "")
}

// RejectItems closes items on a person's word that they are not to be taken down.
func (o *Office) RejectItems(ctx context.Context, actor takedown.Actor, ids []string, why takedown.Closing) error {
	return o.onItems(ctx, actor, takedown.MayTriage, ids, func(c *Change, item takedown.Item) error {
		was := item
		if err := item.Reject(why, c.Now); err != nil {
			return err
		}
		if err := c.keepItem(item, was, "item.reject", string(why)); err != nil {
			return err
		}
		return c.newsOf(item)
	})
}

// SuspectMinor is the one button of the minors' route: everything about the
// items stops, nothing is fetched, hashed or sent for them any more, and the
// lead finds them first in the queue.
func (o *Office) SuspectMinor(ctx context.Context, actor takedown.Actor, ids []string) error {
	return o.onItems(ctx, actor, takedown.MayTriage, ids, func(c *Change, item takedown.Item) error {
		was := item
		if err := item.Suspect(c.Now); err != nil {
			return err
		}
		if err := c.keepItem(item, was, "item.protect", ""); err != nil {
			return err
		}
		return c.endRequests(item, takedown.MoveWithdraw)
	})
}

// DecideMatches records a person's word on matches. A confirmed one confirms
// its item as well.
func (o *Office) DecideMatches(ctx context.Context, actor takedown.Actor, ids []string, to takedown.MatchState) error {
	return o.Change(ctx, actor, takedown.MayDecideMatch, func(c *Change) error {
		for _, id := range ids {
			if err := c.decideMatch(id, to); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *Change) decideMatch(id string, to takedown.MatchState) error {
	m, err := c.MatchByID(id)
	if err != nil {
		return err
	}
	was := m.State
	if err := m.Decide(to, c.Actor.ID, c.Now); err != nil {
		return err
	}
	if err := c.SaveMatch(m, was); err != nil {
		return err
	}
	if err := c.Event("match."+string(to), m.CaseID, m.ItemID, m.ID); err != nil {
		return err
	}
	if !m.Confirms() {
		return nil
	}
	item, err := c.ItemByID(m.ItemID)
	if err != nil {
		return err
	}
	if err := confirmItem(c, item); err != nil && !errors.Is(err, takedown.ErrStep) { // it may be confirmed already
		return err
	}
	return c.settleCase(m.CaseID)
}

// Overrule records a person's word over the observations, with the reason.
func (o *Office) Overrule(ctx context.Context, actor takedown.Actor, itemID string, to takedown.Presence, reason string) error {
	return o.onItems(ctx, actor, takedown.MayClose, []string{itemID}, func(c *Change, item takedown.Item) error {
		was := item
		standing, err := item.Overrule(to, reason, c.Now)
		if err != nil {
			return err
		}
		item.Standing, item.Overruled = standing, takedown.NewPrivate(reason)
		if err := c.keepItem(item, was, "item.overrule", string(to)); err != nil {
			return err
		}
		return c.settleItem(item)
	})
}

// AddItems keeps addresses that a caseworker found.
func (o *Office) AddItems(ctx context.Context, actor takedown.Actor, caseID, text string) (takedown.Added, error) {
	pasted, err := o.ReadAddresses(text)
	if err != nil {
		return takedown.Added{}, err
	}
	out := takedown.Added{Refused: pasted.Refused}
	err = o.Change(ctx, actor, takedown.MayTriage, func(c *Change) error {
		file, err := c.CaseByID(caseID)
		if err != nil {
			return err
		}
		if err := file.Takes(); err != nil {
			return err
		}
		if out.New, err = o.addItems(c, caseID, pasted.Kept, takedown.FromCaseworker); err != nil {
			return err
		}
		out.Known = len(pasted.Kept) - out.New + pasted.Duplicates
		return c.settleCase(caseID)
	})
	return out, err
}
