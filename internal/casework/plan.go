package casework

import (
	"context"
	"slices"

	"reprise/internal/secret"
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
	err := o.Change(ctx, actor, takedown.MayPlan, func(c *Change) error {
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
	*Change
	office    *Office
	file      takedown.Case
	directory takedown.Directory
	notices   map[string]*takedown.Notice // by recipient
	carried   map[string][]takedown.Item  // by notice
	requests  []takedown.Request
	planned   Planned
}

func (o *Office) newDraft(c *Change, caseID string) (*draft, error) {
	file, err := c.CaseByID(caseID)
	if err != nil {
		return nil, err
	}
	if err := file.Takes(); err != nil {
		return nil, err
	}
	directory, err := directoryOf(c.Tx)
	return &draft{
		Change: c, office: o, file: file, directory: directory,
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
		if err := r.PassesOn(item); err != nil {
			return err
		}
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
		if slices.Contains(asked, r.ID) {
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
	n := d.office.newNotice(d.Change, d.file, r, takedown.GroundFor(r, d.office.Organisation))
	d.notices[r.ID] = &n
	d.planned.Notices++
	// The row of the notice stands before those of its requests.
	return &n, d.office.keepNotice(d.Change, &n, d.file, r, []takedown.Item{item})
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
		if err := d.Event("request.draft", r.CaseID, r.ItemID, r.RecipientID); err != nil {
			return err
		}
	}
	for id := range d.carried {
		n, err := d.NoticeByID(id)
		if err != nil {
			return err
		}
		if err := d.office.rewrite(d.Change, n); err != nil {
			return err
		}
	}
	return nil
}
