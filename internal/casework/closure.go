package casework

import (
	"context"
	"fmt"

	"reprise/internal/takedown"
)

// keepItem keeps a changed item with its event, without settling the case.
func (c *Change) keepItem(i, was takedown.Item, verb, detail string) error {
	if err := c.SaveItem(i, was); err != nil {
		return err
	}
	return c.Event(verb, i.CaseID, i.ID, detail)
}

// newsOf notes that there is news of an item, when the person reads of it at all.
func (c *Change) newsOf(i takedown.Item) error {
	if !i.Told() {
		return nil
	}
	return c.MarkNews(i.CaseID)
}

// CloseItems ends the work on items for a reason a caseworker may choose.
func (o *Office) CloseItems(ctx context.Context, actor takedown.Actor, ids []string, why takedown.Closing) error {
	return o.onItems(ctx, actor, takedown.MayClose, ids, func(c *Change, item takedown.Item) error {
		if err := c.EndItem(item, why); err != nil {
			return err
		}
		return c.newsOf(item)
	})
}

// EndItem closes an item and ends what is still asked about it.
func (c *Change) EndItem(item takedown.Item, why takedown.Closing) error {
	was := item
	if err := item.Close(why, c.Now); err != nil {
		return err
	}
	if err := c.keepItem(item, was, "item.close", string(why)); err != nil {
		return err
	}
	move := takedown.MoveWithdraw
	if why.Reopens() {
		move = takedown.MoveConfirm
	}
	return c.endRequests(item, move)
}

// settleItem closes an item once its observations alone suffice.
func (c *Change) settleItem(item takedown.Item) error {
	sent, err := c.LastSent(item.ID)
	if err != nil {
		return err
	}
	why := item.Settled(!sent.IsZero())
	if why == "" || !item.Open() {
		return nil
	}
	if err := c.EndItem(item, why); err != nil {
		return err
	}
	return c.newsOf(item)
}

// endRequests ends the requests about an item: those that wait by the given
// move, those that have not left by taking them back.
func (c *Change) endRequests(item takedown.Item, waiting takedown.RequestMove) error {
	requests, err := c.RequestsOfItem(item.ID)
	if err != nil {
		return err
	}
	for _, r := range requests {
		switch {
		case r.State.Waiting():
			err = c.moveRequest(r, waiting)
		case r.State.Unsent():
			err = c.takeBack(r)
		}
		if err == nil {
			err = c.takeBackReminders(r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// takeBackReminders withdraws the reminders of a request that have not left.
func (c *Change) takeBackReminders(r takedown.Request) error {
	reminders, err := c.UnsentReminders(r.ID)
	if err != nil {
		return err
	}
	for _, n := range reminders {
		if err := c.step(n, takedown.NoticeWithdraw, "notice.withdraw"); err != nil {
			return err
		}
	}
	return nil
}

// takeBack withdraws a request that has not left. Its notice goes with its last
// request; a notice that carries others is written anew and, when it was
// approved, goes back to be approved again: what leaves is what a person read.
func (c *Change) takeBack(r takedown.Request) error {
	if err := c.moveRequest(r, takedown.MoveWithdraw); err != nil {
		return err
	}
	n, err := c.NoticeByID(r.NoticeID)
	if err != nil {
		return err
	}
	if n.State.Underway() {
		return nil
	}
	others, err := c.carried(n)
	if err != nil {
		return err
	}
	was := n.State
	if len(others) == 0 {
		if err := n.Move(takedown.NoticeWithdraw, c.Now); err != nil {
			return fmt.Errorf("withdraw notice %s: %w", n.ID, err)
		}
		return c.saveNotice(n, was, "notice.withdraw")
	}
	if n.State.Unapproved() {
		return c.office.rewrite(c, n)
	}
	return c.redraft(n)
}

// redraft puts an approved notice back to be read and approved again, written
// anew from what it still carries.
func (c *Change) redraft(n takedown.Notice) error {
	was := n.State
	if err := n.Move(takedown.NoticeRedraft, c.Now); err != nil {
		return err
	}
	if err := c.saveNotice(n, was, "notice.redraft"); err != nil {
		return err
	}
	requests, err := c.carried(n)
	if err != nil {
		return err
	}
	for _, r := range requests {
		if _, err := r.State.After(takedown.MoveRedraft); err != nil {
			continue // a reminder's requests stay where they are
		}
		if err := c.moveRequest(r, takedown.MoveRedraft); err != nil {
			return err
		}
	}
	return c.office.rewrite(c, n)
}

func (c *Change) carried(n takedown.Notice) ([]takedown.Request, error) {
	all, err := c.RequestsOfNotice(n.ID)
	var out []takedown.Request
	for _, r := range all {
		if r.Carried() {
			out = append(out, r)
		}
	}
	return out, err
}
