package casework

import (
	"context"
	"errors"

	"reprise/internal/takedown"
)

// Approve lets a drafted notice leave, if its ground's every element is there.
// A mail is sent by a job; a web form waits for the person who fills it in. A
// text that is not true any more is written anew and refused: what leaves is what
// a person read.
func (o *Office) Approve(ctx context.Context, actor takedown.Actor, noticeID string) error {
	stale := false
	err := o.Change(ctx, actor, takedown.MayApprove, func(c *Change) error {
		n, err := c.NoticeByID(noticeID)
		if err != nil {
			return err
		}
		facts, err := o.facts(c.Tx, n)
		if err != nil {
			return err
		}
		missing := facts.Missing()
		if len(missing) == 0 && n.State.Unapproved() {
			same, err := c.asApproved(n)
			if err != nil {
				return err
			}
			if stale = !same; stale {
				return o.rewrite(c, n)
			}
		}
		if err := n.Approve(actor.ID, missing, c.Now); err != nil {
			return err
		}
		return c.approved(n)
	})
	if err == nil && stale {
		return takedown.Refuse(takedown.Conflict, "error.notice_changed")
	}
	return err
}

// approved keeps an approval and asks for the sending of a mail.
func (c *Change) approved(n takedown.Notice) error {
	if err := c.saveNotice(n, takedown.NoticeDrafted, "notice.approve"); err != nil {
		return err
	}
	if n.Kind == takedown.FirstNotice {
		if err := c.moveRequests(n, takedown.MoveApprove); err != nil {
			return err
		}
	}
	if n.Channel != takedown.ByMail {
		return nil
	}
	return c.Enqueue(JobSend, n.ID)
}

func (c *Change) saveNotice(n takedown.Notice, was takedown.NoticeState, verb string) error {
	if err := c.SaveNotice(n, was); err != nil {
		return err
	}
	return c.Event(verb, n.CaseID, "", n.ID)
}

// moveRequests moves every request of a notice that still follows it.
func (c *Change) moveRequests(n takedown.Notice, move takedown.RequestMove) error {
	requests, err := c.RequestsOfNotice(n.ID)
	if err != nil {
		return err
	}
	for _, r := range requests {
		if !r.Carried() {
			continue
		}
		if err := c.moveRequest(r, move); err != nil {
			return err
		}
	}
	return nil
}

// moveRequest moves one request along the table and keeps it.
func (c *Change) moveRequest(r takedown.Request, move takedown.RequestMove) error {
	ground, err := c.GroundByID(r.GroundID)
	if err != nil {
		return err
	}
	was := r.State
	if err := r.Move(move, ground, c.Now); err != nil {
		return err
	}
	if err := c.SaveRequest(r, was); err != nil {
		return err
	}
	return c.Event("request."+string(r.State), r.CaseID, r.ItemID, r.ID)
}

// MarkSent records that a person put an approved notice into a web form or an
// application, with the number the recipient gave it ("" when none).
func (o *Office) MarkSent(ctx context.Context, actor takedown.Actor, noticeID, reference string) error {
	return o.Change(ctx, actor, takedown.MayApprove, func(c *Change) error {
		n, err := c.NoticeByID(noticeID)
		if err != nil {
			return err
		}
		if err := n.MarkableByHand(); err != nil {
			return err
		}
		if rests, err := c.rests(n.CaseID); err != nil || rests {
			return errors.Join(err, takedown.Refuse(takedown.Conflict, "error.rests"))
		}
		n.Reference = reference
		return c.left(n)
	})
}

// SendAgain lets an unknown notice leave once more, on the word of a person who
// made sure that it never arrived.
func (o *Office) SendAgain(ctx context.Context, actor takedown.Actor, noticeID string) error {
	return o.Change(ctx, actor, takedown.MayApprove, func(c *Change) error {
		n, err := c.NoticeByID(noticeID)
		if err != nil {
			return err
		}
		was := n.State
		if err := n.Again(c.Now); err != nil {
			return err
		}
		if err := c.saveNotice(n, was, "notice.again"); err != nil {
			return err
		}
		return c.Enqueue(JobSend, n.ID)
	})
}

// left records that a notice is with its recipient: the clocks start, the looks
// follow it, and the person is told.
func (c *Change) left(n takedown.Notice) error {
	was := n.State
	if err := n.Move(takedown.NoticeArrive, c.Now); err != nil {
		return err
	}
	if err := c.saveNotice(n, was, "notice.sent"); err != nil {
		return err
	}
	move := takedown.MoveSend
	if n.Kind == takedown.Reminder {
		move = takedown.MoveRemind
	}
	if err := c.moveRequests(n, move); err != nil {
		return err
	}
	if err := c.followLooks(n); err != nil {
		return err
	}
	return c.MarkNews(n.CaseID)
}

// followLooks sets the next looks of a notice's items by the time it left.
func (c *Change) followLooks(n takedown.Notice) error {
	requests, err := c.RequestsOfNotice(n.ID)
	if err != nil {
		return err
	}
	for _, r := range requests {
		item, err := c.ItemByID(r.ItemID)
		if err != nil {
			return err
		}
		was := item
		if !item.Watched() {
			continue
		}
		item.NextLook = takedown.NextLook(item.Standing, c.Now, c.Now)
		if err := c.SaveItem(item, was); err != nil {
			return err
		}
	}
	return nil
}

// WithdrawNotice takes back a notice that has not left.
func (o *Office) WithdrawNotice(ctx context.Context, actor takedown.Actor, noticeID string) error {
	return o.Change(ctx, actor, takedown.MayApprove, func(c *Change) error {
		n, err := c.NoticeByID(noticeID)
		if err != nil {
			return err
		}
		was := n.State
		if err := n.Move(takedown.NoticeWithdraw, c.Now); err != nil {
			return err
		}
		if err := c.saveNotice(n, was, "notice.withdraw"); err != nil {
			return err
		}
		if n.Kind == takedown.Reminder {
			return nil
		}
		return c.moveRequests(n, takedown.MoveWithdraw)
	})
}
