package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"reprise/internal/jobs"
	"reprise/internal/mail"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// Send sends an approved notice, once. Before the mail server is spoken to, the
// notice is marked as being sent; one found so after a crash is unknown, and is
// resolved by its Message-ID, never sent again blindly.
func (o *Office) Send(ctx context.Context, noticeID string) error {
	message, ready, err := o.begin(ctx, noticeID)
	if err != nil || !ready {
		return err
	}
	message.AtEnd = func(ctx context.Context) error { return o.handOver(ctx, noticeID) }
	sendErr := o.Sender.Send(ctx, message)
	if err := o.finish(ctx, noticeID, sendErr); err != nil {
		return err
	}
	return retryOf(sendErr)
}

// begin marks a notice as being sent and gives the mail. ready is false when
// there is nothing to send (any more).
func (o *Office) begin(ctx context.Context, noticeID string) (m mail.Message, ready bool, err error) {
	err = o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		n, err := c.NoticeByID(noticeID)
		if err != nil {
			return err
		}
		if rests, err := c.rests(n.CaseID); err != nil || rests {
			return err // it stays approved, and leaves when its person takes the case up again
		}
		was := n.State
		if err := n.Move(takedown.NoticeBegin, c.Now); err != nil {
			return nil //nolint:nilerr // sent, withdrawn or being resolved meanwhile
		}
		if same, err := c.asApproved(n); err != nil || !same {
			n.State = was
			return errors.Join(err, c.takeOver(n, err))
		}
		if err := c.saveNotice(n, was, "notice.sending"); err != nil {
			return err
		}
		m, err = o.message(c.Tx, n)
		ready = err == nil
		return err
	})
	return m, ready, err
}

// handOver notes, before the final dot, that from now on the mail may be
// accepted whatever becomes of this process.
func (o *Office) handOver(ctx context.Context, noticeID string) error {
	return o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		n, err := c.NoticeByID(noticeID)
		if err != nil {
			return err
		}
		rests, err := c.rests(n.CaseID)
		if err != nil || rests {
			return errors.Join(err, errChanged)
		}
		if same, err := c.asApproved(n); err != nil || !same {
			return errors.Join(err, errChanged)
		}
		n.HandedAt = c.Now
		return c.SaveNotice(n, takedown.NoticeSending)
	})
}

// errChanged keeps a mail from being handed over that is not what was approved.
var errChanged = errors.New("the notice is not what was approved any more")

// rests tells whether a case rests, so that nothing of it may leave.
func (c *Change) rests(caseID string) (bool, error) {
	file, err := c.CaseByID(caseID)
	return file.Rests(), err
}

// asApproved tells whether a notice is still what a person read and approved: the
// same addresses, none of them closed or withdrawn since, and the contact
// verified for the way it goes.
func (c *Change) asApproved(n takedown.Notice) (bool, error) {
	facts, err := c.office.facts(c.Tx, n)
	if err != nil || len(facts.Missing()) > 0 {
		return false, err
	}
	fresh := n
	if err := write(&fresh, facts); err != nil {
		return false, err
	}
	return fresh.Subject.Reveal() == n.Subject.Reveal() && fresh.Body.Reveal() == n.Body.Reveal(), nil
}

// takeOver puts an approved notice that changed since back before a person: it is
// written anew and drafted, or withdrawn when nothing is left to ask.
func (c *Change) takeOver(n takedown.Notice, failed error) error {
	if failed != nil {
		return nil
	}
	facts, err := c.office.facts(c.Tx, n)
	if err != nil {
		return err
	}
	was := n.State
	if len(facts.Addresses) == 0 {
		if err := n.Move(takedown.NoticeWithdraw, c.Now); err != nil {
			return err
		}
		return c.saveNotice(n, was, "notice.withdraw")
	}
	return c.redraft(n)
}

// message makes the mail of a notice: its stored text, to the recipient's
// contact as it is verified now.
func (o *Office) message(tx *store.Tx, n takedown.Notice) (mail.Message, error) {
	recipient, err := tx.RecipientByID(n.RecipientID)
	if err != nil {
		return mail.Message{}, err
	}
	m := mail.Message{
		ID: n.MessageID, From: o.NoticeFrom, FromName: o.Organisation.Name, To: recipient.Email,
		ReplyTo: mail.ReplyAddress(n.ReplyToken, mail.Domain(o.NoticeFrom)),
		Subject: n.Subject.Reveal(), Body: n.Body.Reveal(), AutoSubmitted: true,
	}
	if o.Mailbox != nil {
		m.Bcc = o.NoticeFrom
	}
	if n.ParentID == "" {
		return m, nil
	}
	parent, err := tx.NoticeByID(n.ParentID)
	if err != nil {
		return m, err
	}
	m.InReplyTo, m.References = parent.MessageID, []string{parent.MessageID}
	return m, nil
}

// finish records what became of a sending.
func (o *Office) finish(ctx context.Context, noticeID string, sendErr error) error {
	return o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		n, err := c.NoticeByID(noticeID)
		if err != nil {
			return err
		}
		var failed *mail.SendError
		switch {
		case sendErr == nil:
			return c.left(n)
		case errors.As(sendErr, &failed) && failed.Outcome == mail.Refused:
			return c.cameBack(n)
		case errors.As(sendErr, &failed) && failed.Outcome == mail.NotSent:
			return c.step(n, takedown.NoticeRetry, "notice.retry")
		}
		return c.step(n, takedown.NoticeDoubt, "notice.unknown")
	})
}

func (c *Change) step(n takedown.Notice, move takedown.NoticeMove, verb string) error {
	was := n.State
	if err := n.Move(move, c.Now); err != nil {
		return err
	}
	return c.saveNotice(n, was, verb)
}

// cameBack records that a mail server refused a notice for good, and drafts the
// next step for each of its items.
func (c *Change) cameBack(n takedown.Notice) error {
	if err := c.step(n, takedown.NoticeReturn, "notice.bounced"); err != nil {
		return err
	}
	return c.failRequests(n, takedown.MoveBounce)
}

// retryOf tells the queue whether to try again: only a notice that certainly did
// not leave is sent again.
func retryOf(sendErr error) error {
	var failed *mail.SendError
	if errors.As(sendErr, &failed) && failed.Outcome == mail.NotSent {
		return fmt.Errorf("send: %w", sendErr)
	}
	if sendErr != nil && failed == nil {
		return jobs.Permanent(fmt.Errorf("send: %w", sendErr))
	}
	return nil
}

// Recover takes up the notices that were being sent when a process died, begun
// before the given time, and resolves all that are unknown. One that was not
// handed over is sent again; one whose copy is in our mailbox was sent; the
// others are a person's to decide.
func (o *Office) Recover(ctx context.Context, begunBefore time.Time) error {
	var unknown []takedown.Notice
	err := o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		stale, err := c.NoticesBegunBefore(begunBefore)
		if err != nil {
			return err
		}
		for _, n := range stale {
			if err := c.takeUp(n); err != nil {
				return err
			}
		}
		unknown, err = c.NoticesIn(takedown.NoticeUnknown)
		return err
	})
	if err != nil || o.Mailbox == nil {
		return err
	}
	for _, n := range unknown {
		found, err := o.Mailbox.Has(ctx, n.MessageID)
		if err != nil {
			return fmt.Errorf("look for notice %s in the mailbox: %w", n.ID, err)
		}
		if !found {
			continue
		}
		if err := o.confirmSent(ctx, n.ID); err != nil {
			return err
		}
	}
	return nil
}

// takeUp goes on with a notice whose sending broke off.
func (c *Change) takeUp(n takedown.Notice) error {
	move := n.Left()
	if err := c.step(n, move, "notice."+string(move)); err != nil {
		return err
	}
	if move != takedown.NoticeRetry {
		return nil
	}
	return c.Enqueue(JobSend, n.ID)
}

func (o *Office) confirmSent(ctx context.Context, noticeID string) error {
	return o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		n, err := c.NoticeByID(noticeID)
		if err != nil {
			return err
		}
		return c.left(n)
	})
}

// EnqueueSends asks again for the sending of every approved mail: a job that
// died of a mail server that was away for a week is not the end of a notice.
func (o *Office) EnqueueSends(ctx context.Context) error {
	return o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		approved, err := c.NoticesIn(takedown.NoticeApproved)
		if err != nil {
			return err
		}
		for _, n := range approved {
			if n.Channel != takedown.ByMail {
				continue
			}
			if err := c.Enqueue(JobSend, n.ID); err != nil {
				return err
			}
		}
		return nil
	})
}
