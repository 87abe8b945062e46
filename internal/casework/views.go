package casework

import (
	"context"
	"fmt"

	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// CaseRow is one line of the list of cases.
type CaseRow struct {
	Case  takedown.Case
	Items int
	Open  int
}

// Cases lists the cases, the newest first.
func (o *Office) Cases(ctx context.Context, actor takedown.Actor) ([]CaseRow, error) {
	var rows []CaseRow
	err := o.Read(ctx, actor, takedown.MayReadCases, func(tx *store.Tx) error {
		cases, err := tx.Cases()
		if err != nil {
			return err
		}
		counts, err := tx.ItemCounts()
		if err != nil {
			return err
		}
		for _, c := range cases {
			rows = append(rows, CaseRow{c, counts[c.ID].Items, counts[c.ID].Open})
		}
		return nil
	})
	return rows, err
}

// CaseByNumber finds the id of a case by its nine digits.
func (o *Office) CaseByNumber(ctx context.Context, actor takedown.Actor, number string) (string, error) {
	var id string
	err := o.Read(ctx, actor, takedown.MayReadCases, func(tx *store.Tx) error {
		c, err := tx.CaseByNumber(number)
		id = c.ID
		return err
	})
	return id, err
}

// ItemView is one item of a case with all that hangs on it.
type ItemView struct {
	Item      takedown.Item
	Recipient string // the name of its platform, or ""
	Task      takedown.Task
	Step      takedown.Step // what the person reads of it
	Matches   []takedown.Match
	Requests  []RequestView
}

// RequestView is a request with the name of whom it asks.
type RequestView struct {
	takedown.Request
	Recipient string
	Overdue   bool
}

// NoticeView is a notice with what the gate says of it.
type NoticeView struct {
	takedown.Notice
	Recipient takedown.Recipient
	Ground    takedown.Ground
	Missing   []takedown.Element
	Addresses []takedown.Private // those it carries, as reported
	Requests  []takedown.Request
	Replies   []takedown.Reply
}

// CaseView is a case on one screen.
type CaseView struct {
	Case    takedown.Case
	Images  int
	ImageOf map[string]int // 1, 2, ... by the id of the reference
	Items   []ItemView
	Notices []NoticeView
	Floods  []FloodView
	Others  []OtherCase // that have one of its images too
	Events  []takedown.Event

	Messages  []takedown.Message
	Questions []takedown.Question
	Recovery  takedown.Recovery // the latest asking for another phrase
	Visits    []takedown.Visit  // the latest days on which the space was opened
}

// CaseView gives everything of one case but what the person alone may read.
func (o *Office) CaseView(ctx context.Context, actor takedown.Actor, id string) (CaseView, error) {
	var v CaseView
	err := o.Read(ctx, actor, takedown.MayReadCases, func(tx *store.Tx) (err error) {
		if v.Case, err = tx.CaseByID(id); err != nil {
			return err
		}
		images, err := tx.ReferencesOfCase(id)
		if err != nil {
			return err
		}
		v.Images, v.ImageOf = len(images), map[string]int{}
		for n, image := range images {
			v.ImageOf[image.ID] = n + 1
		}
		if v.Others, err = o.othersOf(tx, id, images); err != nil {
			return err
		}
		directory, err := directoryOf(tx)
		if err != nil {
			return err
		}
		if v.Items, err = o.itemViews(tx, id, directory); err != nil {
			return err
		}
		if v.Notices, err = o.noticeViews(tx, id); err != nil {
			return err
		}
		if v.Floods, err = floodsOf(tx, v.Items); err != nil {
			return err
		}
		if v.Messages, err = tx.MessagesOfCase(id); err != nil {
			return err
		}
		if v.Questions, err = tx.QuestionsOfCase(id); err != nil {
			return err
		}
		if err := v.latestRecovery(tx); err != nil {
			return err
		}
		v.Events, err = tx.EventsOfCase(id)
		return err
	})
	return v, err
}

func (o *Office) itemViews(tx *store.Tx, caseID string, d takedown.Directory) ([]ItemView, error) {
	items, err := tx.ItemsOfCase(caseID)
	if err != nil {
		return nil, err
	}
	matches, err := tx.MatchesOfCase(caseID)
	if err != nil {
		return nil, err
	}
	requests, err := tx.RequestsOfCase(caseID)
	if err != nil {
		return nil, err
	}
	matchesOf := grouped(matches, func(m takedown.Match) string { return m.ItemID })
	requestsOf := grouped(requests, func(r takedown.Request) string { return r.ItemID })
	views := make([]ItemView, 0, len(items))
	for _, i := range items {
		v := ItemView{
			Item: i, Task: takedown.TaskOf(i, matchesOf[i.ID], requestsOf[i.ID]),
			Step: takedown.StepOf(i, requestsOf[i.ID]), Matches: matchesOf[i.ID],
		}
		v.Recipient = nameOf(d, i.RecipientID)
		for _, r := range requestsOf[i.ID] {
			v.Requests = append(v.Requests, RequestView{r, nameOf(d, r.RecipientID), r.Overdue(o.now())})
		}
		views = append(views, v)
	}
	return views, nil
}

func nameOf(d takedown.Directory, id string) string {
	r, err := d.ByID(id)
	if err != nil {
		return ""
	}
	return r.Name
}

// noticeViews reads what all notices of a case share once: a case of hundreds of
// items has dozens of notices that carry each item several times.
func (o *Office) noticeViews(tx *store.Tx, caseID string) ([]NoticeView, error) {
	notices, err := tx.NoticesOfCase(caseID)
	if err != nil {
		return nil, err
	}
	replies, err := tx.RepliesOfCase(caseID)
	if err != nil {
		return nil, err
	}
	d, err := o.carriedBy(tx, caseID)
	if err != nil {
		return nil, err
	}
	repliesOf := grouped(replies, func(r takedown.Reply) string { return r.NoticeID })
	views := make([]NoticeView, 0, len(notices))
	for _, n := range notices {
		v, err := d.view(n)
		if err != nil {
			return nil, err
		}
		v.Replies = repliesOf[n.ID]
		views = append(views, v)
	}
	return views, nil
}

// carriedBy is what the notices of one case are made of.
type carriedBy struct {
	*store.Tx
	office    *Office
	file      takedown.Case
	directory takedown.Directory
	items     map[string]takedown.Item
}

func (o *Office) carriedBy(tx *store.Tx, caseID string) (carriedBy, error) {
	d := carriedBy{Tx: tx, office: o, items: map[string]takedown.Item{}}
	var err error
	if d.file, err = tx.CaseByID(caseID); err != nil {
		return d, err
	}
	if d.directory, err = directoryOf(tx); err != nil {
		return d, err
	}
	items, err := tx.ItemsOfCase(caseID)
	if err != nil {
		return d, err
	}
	for _, i := range items {
		d.items[i.ID] = i
	}
	return d, nil
}

func (d carriedBy) view(n takedown.Notice) (NoticeView, error) {
	v := NoticeView{Notice: n}
	var err error
	if v.Requests, err = d.RequestsOfNotice(n.ID); err != nil {
		return v, err
	}
	if v.Recipient, err = d.directory.ByID(n.RecipientID); err != nil {
		return v, fmt.Errorf("recipient of notice %s: %w", n.ID, err)
	}
	var items []takedown.Item
	for _, r := range v.Requests {
		if r.Carried() {
			items = append(items, d.items[r.ItemID])
			v.Addresses = append(v.Addresses, d.items[r.ItemID].Address)
		}
	}
	facts, err := d.office.factsOf(d.Tx, n, d.file, v.Recipient, items)
	v.Ground, v.Missing = facts.Ground, facts.Missing()
	return v, err
}

// NoticeView gives one notice with its thread: the notice, its reminders, and
// the answers to each.
func (o *Office) NoticeView(ctx context.Context, actor takedown.Actor, id string) ([]NoticeView, error) {
	var thread []NoticeView
	err := o.Read(ctx, actor, takedown.MayReadCases, func(tx *store.Tx) error {
		n, err := tx.NoticeByID(id)
		if err != nil {
			return err
		}
		root := n.ID
		if n.ParentID != "" {
			root = n.ParentID
		}
		all, err := o.noticeViews(tx, n.CaseID)
		for _, v := range all {
			if v.ID == root || v.ParentID == root {
				thread = append(thread, v)
			}
		}
		return err
	})
	return thread, err
}

// ItemHistory gives the looks at one item of a case, oldest first.
func (o *Office) ItemHistory(ctx context.Context, actor takedown.Actor, itemID string) (takedown.Item, []takedown.Observation, error) {
	var item takedown.Item
	var looks []takedown.Observation
	err := o.Read(ctx, actor, takedown.MayReadCases, func(tx *store.Tx) (err error) {
		if item, err = tx.ItemByID(itemID); err != nil {
			return err
		}
		looks, err = tx.ObservationsOfItem(itemID)
		return err
	})
	return item, looks, err
}

// Tray lists the answers that belong to no notice and that nobody has read.
func (o *Office) Tray(ctx context.Context, actor takedown.Actor) ([]takedown.Reply, error) {
	var out []takedown.Reply
	err := o.Read(ctx, actor, takedown.MayReadCases, func(tx *store.Tx) error {
		replies, err := tx.NewReplies()
		for _, r := range replies {
			if r.NoticeID == "" {
				out = append(out, r)
			}
		}
		return err
	})
	return out, err
}

// NewSecondFactor draws the secret that an invited account's authenticator is
// set up with. It is kept by TakeUp alone.
func (o *Office) NewSecondFactor() string { return secret.NewTOTP() }

// SecondFactorQR draws such a secret as a PNG for the account a token invites.
func (o *Office) SecondFactorQR(ctx context.Context, token, totp string) ([]byte, error) {
	a, err := o.Invitation(ctx, token)
	if err != nil {
		return nil, err
	}
	return secret.TOTPQR(totp, a.Email.Reveal())
}
