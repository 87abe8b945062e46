package casework

import (
	"context"
	"encoding/json"
	"fmt"

	"reprise/internal/mail"
	"reprise/internal/secret"
	"reprise/internal/takedown"
)

const inboxMark = "inbox"

// ReadMailbox takes in the answers that have come. Each is put to its notice by
// the random token it was sent to, else by the Message-ID it names; an answer
// that belongs to none waits in the tray. It only suggests a state.
func (o *Office) ReadMailbox(ctx context.Context) error {
	if o.Mailbox == nil {
		return nil
	}
	cursor, err := o.cursor(ctx)
	if err != nil {
		return err
	}
	for {
		raws, next, err := o.Mailbox.Fetch(ctx, cursor)
		if err != nil {
			return fmt.Errorf("read the mailbox: %w", err)
		}
		if err := o.takeIn(ctx, raws, next); err != nil {
			return err
		}
		if len(raws) < mail.MaxFetch {
			return nil
		}
		cursor = next
	}
}

func (o *Office) cursor(ctx context.Context) (mail.Cursor, error) {
	var c mail.Cursor
	err := o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(ch *Change) error {
		text, err := ch.Mark(inboxMark)
		if err != nil || text == "" {
			return err
		}
		return json.Unmarshal([]byte(text), &c)
	})
	return c, err
}

// takeIn keeps a batch of answers together with how far the mailbox was read.
func (o *Office) takeIn(ctx context.Context, raws []mail.Raw, next mail.Cursor) error {
	mark, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("note the place in the mailbox: %w", err)
	}
	return o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		for _, raw := range raws {
			if err := c.takeInOne(raw); err != nil {
				return err
			}
		}
		return c.SetMark(inboxMark, string(mark))
	})
}

func (c *Change) takeInOne(raw mail.Raw) error {
	parsed, err := mail.ParseReply(raw.Bytes)
	if err != nil && parsed.Hash == "" { // unreadable: a person is told that it came
		parsed.Hash = fmt.Sprintf("unreadable-%d", raw.UID)
	}
	if token := parsed.QuietToken(c.office.UpdateFrom); token != "" {
		return c.takeInQuiet(takedown.NewPrivate(token), parsed)
	}
	if _, err := c.NoticeByMessageID(parsed.MessageID); err == nil && parsed.Token == "" {
		return nil // the copy of our own notice, which went to no reply address
	}
	n, err := c.noticeOfReply(parsed)
	if err != nil {
		return err
	}
	hint := mail.Suggest(parsed)
	reply := takedown.Reply{
		ID: secret.NewID(), NoticeID: n.ID, CaseID: n.CaseID, From: takedown.NewPrivate(parsed.From),
		Subject: takedown.NewPrivate(parsed.Subject), Text: takedown.NewPrivate(parsed.Fresh),
		Suggestion: suggested(hint.Hint), Reference: hint.Reference, State: takedown.ReplyNew, ReceivedAt: c.Now,
	}
	if n.ID == "" && parsed.Token != "" { // its notice was erased with its case: no word of that comes back
		reply.Subject, reply.Text = takedown.Private{}, takedown.Private{}
	}
	isNew, err := c.AddReply(reply, parsed.Hash)
	if err != nil || !isNew {
		return err
	}
	return c.Event("reply.receive", n.CaseID, "", reply.ID)
}

// noticeOfReply finds the notice an answer belongs to, and none without error.
func (c *Change) noticeOfReply(r mail.Reply) (takedown.Notice, error) {
	if r.Token != "" {
		if n, err := c.NoticeByReplyToken(r.Token); takedown.KindOf(err) != takedown.NotFound {
			return n, err
		}
	}
	ids := append([]string{r.InReplyTo}, r.References...)
	if r.Bounce != nil {
		ids = append(ids, r.Bounce.OriginalMessageID)
	}
	for _, id := range ids {
		if id == "" {
			continue
		}
		if n, err := c.NoticeByMessageID(id); takedown.KindOf(err) != takedown.NotFound {
			return n, err
		}
	}
	return takedown.Notice{}, nil
}

// suggested puts a hint into the move a person may apply. "Removed" is only
// ever believed by looking.
func suggested(h mail.Hint) takedown.RequestMove {
	switch h {
	case mail.HintAcknowledged:
		return takedown.MoveAcknowledge
	case mail.HintRefused:
		return takedown.MoveRefuse
	case mail.HintMoreInfo:
		return takedown.MoveAskMore
	case mail.HintBounced:
		return takedown.MoveBounce
	case mail.HintRemoved:
		return takedown.MoveConfirm
	}
	return ""
}

// ApplyReply moves the requests of an answered notice as a person reads the
// answer. An answer that says "removed" asks for a look instead.
func (o *Office) ApplyReply(ctx context.Context, actor takedown.Actor, replyID string, move takedown.RequestMove) error {
	return o.Change(ctx, actor, takedown.MayApplyReply, func(c *Change) error {
		r, err := c.settleReply(replyID, takedown.ReplyApplied)
		if err != nil {
			return err
		}
		n, err := c.NoticeByID(r.NoticeID)
		if err != nil {
			return err
		}
		if r.Reference != "" && n.Reference == "" {
			n.Reference = r.Reference
			if err := c.SaveNotice(n, n.State); err != nil {
				return err
			}
		}
		if move == takedown.MoveConfirm {
			return c.lookBecauseOf(n)
		}
		waiting, err := c.waiting(n, move)
		if err != nil {
			return err
		}
		if to, err := takedown.RequestSent.After(move); err == nil && to.Failed() {
			return c.fail(waiting, move)
		}
		for _, w := range waiting {
			if err := c.moveRequest(w, move); err != nil {
				return err
			}
		}
		return c.MarkNews(n.CaseID)
	})
}

// waiting lists the requests of a notice that the move applies to.
func (c *Change) waiting(n takedown.Notice, move takedown.RequestMove) ([]takedown.Request, error) {
	all, err := c.carried(n)
	if err != nil {
		return nil, err
	}
	var out []takedown.Request
	for _, r := range all {
		if _, err := r.State.After(move); err == nil && r.State.Waiting() {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return nil, takedown.ErrStep
	}
	return out, nil
}

func (c *Change) settleReply(id string, to takedown.ReplyState) (takedown.Reply, error) {
	r, err := c.ReplyByID(id)
	if err != nil {
		return r, err
	}
	was := r.State
	if err := r.Settle(to); err != nil {
		return r, err
	}
	if err := c.SaveReply(r, was); err != nil {
		return r, err
	}
	return r, c.Event("reply."+string(to), r.CaseID, "", r.ID)
}

func (c *Change) lookBecauseOf(n takedown.Notice) error {
	requests, err := c.carried(n)
	if err != nil {
		return err
	}
	for _, r := range requests {
		if r.State.Waiting() {
			if err := c.Enqueue(JobLook, r.ItemID); err != nil {
				return err
			}
		}
	}
	return nil
}

// DismissReply puts an answer away that changes nothing.
func (o *Office) DismissReply(ctx context.Context, actor takedown.Actor, replyID string) error {
	return o.Change(ctx, actor, takedown.MayApplyReply, func(c *Change) error {
		_, err := c.settleReply(replyID, takedown.ReplyDismissed)
		return err
	})
}
