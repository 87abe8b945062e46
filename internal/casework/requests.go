package casework

import (
	"context"
	"fmt"

	"reprise/internal/mail"
	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// Bounds of one notice. Mail systems refuse what is larger, and a desk that
// reads fifty addresses in a notice reads none of two hundred.
const (
	addressesPerNotice = 50
	bytesPerNotice     = 32 << 10
)

// Planned tells what planning brought.
type Planned struct {
	Notices  int
	Requests int
	Nobody   int // items for which the directory has nobody left to ask
}

// Plan drafts the requests and notices for items of a case: the first
// recipients of each one's ladder, or the next one after a failure. One notice
// carries all addresses for its recipient. Nothing leaves before a person
// approves it.
func (o *Office) Plan(ctx context.Context, actor takedown.Actor, caseID string, itemIDs []string) (Planned, error) {
	var p Planned
	err := o.change(ctx, actor, takedown.MayPlan, func(c *change) error {
		d, err := o.newDraft(c, caseID)
		if err != nil {
			return err
		}
		for _, id := range itemIDs {
			item, err := c.ItemByID(id)
			if err != nil {
				return err
			}
			if item.CaseID != caseID {
				return takedown.ErrNotFound
			}
			if err := d.plan(item); err != nil {
				return err
			}
		}
		p = d.planned
		return d.finish()
	})
	return p, err
}

// draft gathers requests of one case into notices, one per recipient.
type draft struct {
	*change
	office    *Office
	file      takedown.Case
	directory takedown.Directory
	notices   map[string]*takedown.Notice // by recipient
	carried   map[string][]takedown.Item  // by notice
	requests  []takedown.Request
	planned   Planned
}

func (o *Office) newDraft(c *change, caseID string) (*draft, error) {
	file, err := c.CaseByID(caseID)
	if err != nil {
		return nil, err
	}
	if err := file.Takes(); err != nil {
		return nil, err
	}
	directory, err := directoryOf(c.Tx)
	return &draft{
		change: c, office: o, file: file, directory: directory,
		notices: map[string]*takedown.Notice{}, carried: map[string][]takedown.Item{},
	}, err
}

// plan adds the requests an item needs now.
func (d *draft) plan(item takedown.Item) error {
	if err := item.Askable(); err != nil {
		return err
	}
	before, err := d.RequestsOfItem(item.ID)
	if err != nil {
		return err
	}
	var asked []string
	parent := ""
	for _, r := range before {
		asked = append(asked, r.RecipientID)
		if r.State.Failed() {
			parent = r.ID
		}
	}
	recipients := d.directory.First(item.Host.Reveal())
	if next, ok := d.directory.Next(item.Host.Reveal(), asked); ok && len(before) > 0 {
		recipients = []takedown.Recipient{next}
	}
	return d.ask(item, recipients, asked, parent)
}

func (d *draft) ask(item takedown.Item, recipients []takedown.Recipient, asked []string, parent string) error {
	added := 0
	for _, r := range recipients {
		if contains(asked, r.ID) {
			continue
		}
		if err := d.request(item, r, parent); err != nil {
			return err
		}
		added++
	}
	if added == 0 {
		d.planned.Nobody++
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

func (d *draft) request(item takedown.Item, r takedown.Recipient, parent string) error {
	n, err := d.noticeTo(r, item)
	if err != nil {
		return err
	}
	d.carried[n.ID] = append(d.carried[n.ID], item)
	d.requests = append(d.requests, takedown.Request{
		ID: secret.NewID(), CaseID: d.file.ID, ItemID: item.ID, NoticeID: n.ID, RecipientID: r.ID, GroundID: n.GroundID,
		ParentID: parent, State: takedown.RequestDrafted, CreatedAt: d.Now,
	})
	d.planned.Requests++
	return nil
}

// noticeTo gives the notice to a recipient that has room for one more address.
func (d *draft) noticeTo(r takedown.Recipient, item takedown.Item) (*takedown.Notice, error) {
	if n := d.notices[r.ID]; n != nil && room(d.carried[n.ID], item) {
		return n, nil
	}
	n := d.office.newNotice(d.change, d.file, r, takedown.GroundFor(r, d.office.Organisation))
	d.notices[r.ID] = &n
	d.planned.Notices++
	// The row of the notice stands before those of its requests.
	return &n, d.office.keepNotice(d.change, &n, d.file, r, []takedown.Item{item})
}

func room(carried []takedown.Item, next takedown.Item) bool {
	size := len(next.Address.Reveal())
	for _, i := range carried {
		size += len(i.Address.Reveal())
	}
	return len(carried) < addressesPerNotice && size < bytesPerNotice
}

// finish keeps the requests and writes the texts with all their addresses.
func (d *draft) finish() error {
	for _, r := range d.requests {
		isNew, err := d.AddRequest(r)
		if err != nil {
			return err
		}
		if !isNew {
			return takedown.ErrConflict
		}
		if err := d.event("request.draft", r.CaseID, r.ItemID, r.RecipientID); err != nil {
			return err
		}
	}
	for id := range d.carried {
		n, err := d.NoticeByID(id)
		if err != nil {
			return err
		}
		if err := d.office.rewrite(d.change, n); err != nil {
			return err
		}
	}
	return nil
}

func (o *Office) newNotice(c *change, file takedown.Case, r takedown.Recipient, ground string) takedown.Notice {
	id := secret.NewID()
	return takedown.Notice{
		ID: id, CaseID: file.ID, RecipientID: r.ID, GroundID: ground, Kind: takedown.FirstNotice,
		Lang: r.Lang, Channel: r.Channel, State: takedown.NoticeDrafted,
		MessageID: mail.MessageID(id, mail.Domain(o.NoticeFrom)), ReplyToken: mail.NewToken(), CreatedAt: c.Now,
	}
}

// keepNotice writes the text of a new notice and keeps it.
func (o *Office) keepNotice(c *change, n *takedown.Notice, file takedown.Case, r takedown.Recipient, items []takedown.Item) error {
	facts, err := o.factsOf(c.Tx, *n, file, r, items)
	if err != nil {
		return err
	}
	if err := write(n, facts); err != nil {
		return err
	}
	if err := c.AddNotice(*n); err != nil {
		return err
	}
	return c.event("notice.draft", n.CaseID, "", n.ID)
}

func write(n *takedown.Notice, facts takedown.NoticeFacts) error {
	subject, body, err := mail.Compose(n.Kind, n.Lang, facts)
	if err != nil {
		return fmt.Errorf("write notice %s: %w", n.ID, err)
	}
	n.Subject, n.Body = takedown.NewPrivate(subject), takedown.NewPrivate(body)
	return nil
}

// rewrite writes the text of a drafted notice anew from the requests it carries.
func (o *Office) rewrite(c *change, n takedown.Notice) error {
	facts, err := o.facts(c.Tx, n)
	if err != nil {
		return err
	}
	if err := write(&n, facts); err != nil {
		return err
	}
	return c.SaveNoticeText(n)
}

// facts gathers everything a notice may say, from the requests it carries.
func (o *Office) facts(tx *store.Tx, n takedown.Notice) (takedown.NoticeFacts, error) {
	file, err := tx.CaseByID(n.CaseID)
	if err != nil {
		return takedown.NoticeFacts{}, err
	}
	recipient, err := tx.RecipientByID(n.RecipientID)
	if err != nil {
		return takedown.NoticeFacts{}, err
	}
	requests, err := tx.RequestsOfNotice(n.ID)
	if err != nil {
		return takedown.NoticeFacts{}, err
	}
	var items []takedown.Item
	for _, r := range requests {
		if !r.Carried() {
			continue
		}
		item, err := tx.ItemByID(r.ItemID)
		if err != nil {
			return takedown.NoticeFacts{}, err
		}
		items = append(items, item)
	}
	return o.factsOf(tx, n, file, recipient, items)
}

func (o *Office) factsOf(tx *store.Tx, n takedown.Notice, file takedown.Case, r takedown.Recipient, items []takedown.Item) (takedown.NoticeFacts, error) {
	ground, err := tx.GroundByID(n.GroundID)
	if err != nil {
		return takedown.NoticeFacts{}, fmt.Errorf("ground %s: %w", n.GroundID, err)
	}
	reason, err := tx.GroundByID(takedown.ReasonFor(file.Harm))
	if err != nil {
		return takedown.NoticeFacts{}, fmt.Errorf("reason of %s: %w", file.Harm, err)
	}
	facts := takedown.NoticeFacts{
		Notifier: o.Organisation, Recipient: r.Name, Reachable: r.Reachable(), Ground: ground, Reason: reason,
		Deepfake: file.Harm == takedown.HarmDeepfake, Statements: file.Statements, Ref: n.ID[:10], Date: n.CreatedAt,
	}
	for _, i := range items {
		facts.Addresses = append(facts.Addresses, i.Address.Reveal())
	}
	return facts, nil
}

// Approve lets a drafted notice leave, if its ground's every element is there.
// A mail is sent by a job; a web form waits for the person who fills it in.
func (o *Office) Approve(ctx context.Context, actor takedown.Actor, noticeID string) error {
	return o.change(ctx, actor, takedown.MayApprove, func(c *change) error {
		n, err := c.NoticeByID(noticeID)
		if err != nil {
			return err
		}
		facts, err := o.facts(c.Tx, n)
		if err != nil {
			return err
		}
		if err := n.Approve(actor.ID, facts.Missing(), c.Now); err != nil {
			return err
		}
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
		return c.enqueue(JobSend, n.ID)
	})
}

func (c *change) saveNotice(n takedown.Notice, was takedown.NoticeState, verb string) error {
	if err := c.SaveNotice(n, was); err != nil {
		return err
	}
	return c.event(verb, n.CaseID, "", n.ID)
}

// moveRequests moves every request of a notice that still follows it.
func (c *change) moveRequests(n takedown.Notice, move takedown.RequestMove) error {
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
func (c *change) moveRequest(r takedown.Request, move takedown.RequestMove) error {
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
	return c.event("request."+string(r.State), r.CaseID, r.ItemID, r.ID)
}

// MarkSent records that a person put an approved notice into a web form or an
// application, with the number the recipient gave it ("" when none).
func (o *Office) MarkSent(ctx context.Context, actor takedown.Actor, noticeID, reference string) error {
	return o.change(ctx, actor, takedown.MayApprove, func(c *change) error {
		n, err := c.NoticeByID(noticeID)
		if err != nil {
			return err
		}
		if err := n.MarkableByHand(); err != nil {
			return err
		}
		n.Reference = reference
		return c.left(n)
	})
}

// SendAgain lets an unknown notice leave once more, on the word of a person who
// made sure that it never arrived.
func (o *Office) SendAgain(ctx context.Context, actor takedown.Actor, noticeID string) error {
	return o.change(ctx, actor, takedown.MayApprove, func(c *change) error {
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
		return c.enqueue(JobSend, n.ID)
	})
}

// left records that a notice is with its recipient: the clocks start, the looks
// follow it, and the person is told.
func (c *change) left(n takedown.Notice) error {
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
func (c *change) followLooks(n takedown.Notice) error {
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
	return o.change(ctx, actor, takedown.MayApprove, func(c *change) error {
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
