package casework

import (
	"context"

	"reprise/internal/takedown"
)

const duePerTurn = 200

// Deadlines ends the requests whose time is over and drafts the next recipient
// of each one's ladder.
func (o *Office) Deadlines(ctx context.Context) error {
	return o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		due, err := c.RequestsDue(c.Now, duePerTurn)
		if err != nil {
			return err
		}
		return c.fail(due, takedown.MoveLapse)
	})
}

// failRequests ends the requests of a notice by a failing move.
func (c *Change) failRequests(n takedown.Notice, move takedown.RequestMove) error {
	requests, err := c.carried(n)
	if err != nil {
		return err
	}
	return c.fail(requests, move)
}

// fail ends requests and drafts what follows, one notice per recipient and case.
func (c *Change) fail(requests []takedown.Request, move takedown.RequestMove) error {
	for _, r := range requests {
		if err := c.moveRequest(r, move); err != nil {
			return err
		}
	}
	for caseID, failed := range grouped(requests, func(r takedown.Request) string { return r.CaseID }) {
		if err := c.office.next(c, caseID, failed); err != nil {
			return err
		}
		if err := c.MarkNews(caseID); err != nil {
			return err
		}
	}
	return nil
}

// next drafts the next request of each failed one. An item that is gone, closed
// or in a case that rests needs none; one whose ladder ends is the queue's.
func (o *Office) next(c *Change, caseID string, failed []takedown.Request) error {
	file, err := c.CaseByID(caseID)
	if err != nil {
		return err
	}
	if file.Rests() {
		return nil // the queue tells that nobody is being asked
	}
	d, err := o.newDraft(c, caseID)
	if err != nil {
		return err
	}
	for _, r := range failed {
		item, err := c.ItemByID(r.ItemID)
		if err != nil {
			return err
		}
		recipient, err := c.RecipientByID(r.RecipientID)
		if err != nil {
			return err
		}
		if item.Askable() != nil || recipient.Parallel {
			continue
		}
		if err := d.plan(item); err != nil {
			return err
		}
	}
	return d.finish()
}
