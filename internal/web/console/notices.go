package console

import (
	"net/http"
	"slices"
	"strings"

	"reprise/internal/casework"
	"reprise/internal/takedown"
	"reprise/internal/web"
)

// noticesPage is every notice of a case: what waits for approval first, with
// its exact text.
type noticesPage struct {
	Frame   web.Frame
	Head    caseHead
	Drafted []noticeCard
	Others  []noticeCard
	Ready   int // drafted ones that lack nothing
}

// threadPage is a notice with its reminders and the answers to each.
type threadPage struct {
	Frame   web.Frame
	CaseID  string
	Number  string // of the case
	Title   string
	Thread  []noticeCard
	Channel []fact // what a web form asks of us

	NextAnswer string // the notice of another answer that waits, "" for none
}

// noticeCard is one notice.
type noticeCard struct {
	ID        string
	Href      string
	State     string
	Words     string
	Task      string // what it needs of a person, in words
	Ground    string
	Citation  string
	Clock     string // how long the recipient has
	Recipient string // the id
	Name      string
	Kind      string // what it is: platform, host, search engine
	Why       string // why it is asked
	Contact   string // where it goes
	Way       string // the channel in words
	Verified  string // since when the contact is verified, "" when it is not
	Addresses int
	Sent      string
	Reference string
	Subject   string
	Text      string
	List      string   // the addresses, one a line
	Few       []string // the first of them
	More      string   // how many others there are, "" for none
	Others    []string
	Missing   []missingRow
	Replies   []replyRow

	Reminder    bool
	MayAct      bool
	MayApprove  bool // drafted
	MayVerify   bool // the contact stands there and nobody has checked it
	ByHand      bool // approved, and a person puts it into a form
	FormAddress string
	Unknown     bool
	MayWithdraw bool
}

// missingRow is an element the ground asks for that is not there, and where it
// is filled in.
type missingRow struct {
	Element, Text string
	Href, Where   string
}

var (
	noticesTemplate = web.NewPage[noticesPage]("console", "notices")
	threadTemplate  = web.NewPage[threadPage]("console", "notice")
)

func (d *door) caseNotices(c *web.Ctx) error { return d.showNotices(c, http.StatusOK) }

// showNotices shows what waits for approval with its text, and below it what
// was approved, that which needs a person first.
func (d *door) showNotices(c *web.Ctx, status int) error {
	v, err := d.caseView(c)
	if err != nil {
		return err
	}
	p := noticesPage{Frame: c.Frame(), Head: d.head(c, v, "notices")}
	p.Frame.Path = "/cases/" + v.Case.ID + "/notices"
	of := askedOf(v)
	for _, n := range v.Notices {
		card := d.card(c, n, of)
		if !card.MayApprove {
			p.Others = append(p.Others, card)
			continue
		}
		p.Drafted = append(p.Drafted, card)
		if len(card.Missing) == 0 {
			p.Ready++
		}
	}
	slices.Reverse(p.Others)
	slices.SortStableFunc(p.Others, func(a, b noticeCard) int { return rank(a) - rank(b) })
	return noticesTemplate.RenderStatus(c, status, p)
}

// rank puts what needs a person first.
func rank(n noticeCard) int {
	if n.Task != "" || slices.ContainsFunc(n.Replies, func(r replyRow) bool { return r.New }) {
		return 0
	}
	return 1
}

func (d *door) notice(c *web.Ctx) error { return d.showThread(c, http.StatusOK) }

// showThread shows a notice with its reminders, whichever of them was named.
func (d *door) showThread(c *web.Ctx, status int) error {
	thread, err := d.office.NoticeView(c.Request().Context(), c.Actor, c.Param("id"))
	if err != nil {
		return err
	}
	if len(thread) == 0 {
		return takedown.ErrNotFound
	}
	first := thread[0]
	v, err := d.office.CaseView(c.Request().Context(), c.Actor, first.CaseID)
	if err != nil {
		return err
	}
	p := threadPage{
		Frame: c.Frame(), CaseID: first.CaseID, Number: number(v.Case.Number),
		Title: web.T(c.Lang, "notice.title", first.Recipient.Name), NextAnswer: nextAnswer(v, thread),
	}
	p.Frame.Path = "/notices/" + first.ID
	of := askedOf(v)
	for _, n := range thread {
		p.Thread = append(p.Thread, d.card(c, n, of))
	}
	org := d.office.Organisation
	p.Channel = []fact{
		{Key: web.T(c.Lang, "form.name"), Value: org.Name},
		{Key: web.T(c.Lang, "form.email"), Value: org.Email},
		{Key: web.T(c.Lang, "form.address"), Value: org.Address},
		{Key: web.T(c.Lang, "form.flagger"), Value: org.FlaggerNumber},
	}
	p.Channel = slices.DeleteFunc(p.Channel, func(f fact) bool { return f.Value == "" })
	return threadTemplate.RenderStatus(c, status, p)
}

// card puts a notice into words, and asks its rules on copies what may be done
// with it now.
func (d *door) card(c *web.Ctx, v casework.NoticeView, of requests) noticeCard {
	l, n := c.Lang, v.Notice
	card := noticeCard{
		ID: n.ID, Href: "/notices/" + n.ID, State: string(n.State), Words: word(l, "notice", n.State), Task: n.Task(d.now()).Label().In(l),
		Ground: n.GroundID, Citation: v.Ground.Citation, Clock: clockOf(l, v.Ground), Recipient: n.RecipientID, Name: v.Recipient.Name,
		Kind: word(l, "kind", v.Recipient.Kind), Why: of.why(l, v),
		Contact: contactOf(v.Recipient, n.Channel), Way: word(l, "channel", n.Channel), Verified: takedown.Day(l, v.Recipient.VerifiedAt),
		Addresses: len(v.Addresses), Sent: moment(l, n.SentAt), Reference: n.Reference,
		Subject: n.Subject.Reveal(), Text: n.Body.Reveal(), Reminder: n.Kind == takedown.Reminder,
		MayAct: c.Actor.May(takedown.MayApprove), ByHand: n.State == takedown.NoticeApproved && n.MarkableByHand() == nil,
		Unknown: n.State == takedown.NoticeUnknown,
	}
	card.addresses(l, v.Addresses)
	if card.ByHand && n.Channel == takedown.ByForm {
		card.FormAddress = v.Recipient.FormURL
	}
	copied := n
	card.MayApprove = copied.Approve("asked", nil, d.now()) == nil
	copied = n
	card.MayWithdraw = copied.Move(takedown.NoticeWithdraw, d.now()) == nil
	if card.MayApprove {
		card.Missing = missingOf(l, n, v)
		trial := v.Recipient
		card.MayVerify = !v.Recipient.Reachable() && trial.Verify("asked", d.now()) == nil
	}
	late := !slices.ContainsFunc(v.Requests, func(r takedown.Request) bool { return r.State.Waiting() })
	for _, r := range v.Replies {
		row := replyRowOf(l, r)
		row.Late = late
		card.Replies = append(card.Replies, row)
	}
	return card
}

// addressesShown is how many addresses of a notice stand on its card at once.
const addressesShown = 5

func (card *noticeCard) addresses(l takedown.Lang, list []takedown.Private) {
	var all []string
	for _, a := range list {
		all = append(all, a.Reveal())
	}
	for _, a := range all {
		card.List += a + "\n"
	}
	few := min(len(all), addressesShown)
	card.Few, card.Others = all[:few], all[few:]
	if len(card.Others) > 0 {
		card.More = many(l, "notices.more", len(card.Others))
	}
}

// contactOf gives where a notice goes.
func contactOf(r takedown.Recipient, by takedown.Channel) string {
	switch by {
	case takedown.ByMail:
		return r.Email
	case takedown.ByForm:
		return r.FormURL
	}
	return ""
}

// clockOf says how long a ground gives the recipient.
func clockOf(l takedown.Lang, g takedown.Ground) string {
	if g.DeadlineHours > 0 {
		return web.T(l, "clock.hours", g.DeadlineHours)
	}
	return web.T(l, "clock.ours", int(takedown.EscalateAfter.Hours()/24))
}

// missingOf names each missing element with the page where it is filled in; the
// others are settings of the association.
func missingOf(l takedown.Lang, n takedown.Notice, v casework.NoticeView) []missingRow {
	var out []missingRow
	for _, e := range v.Missing {
		row := missingRow{Element: string(e), Text: e.Label().In(l)}
		switch e {
		case takedown.NeedsVerifiedMail:
			row.Href, row.Where = "/directory/"+n.RecipientID, web.T(l, "missing.in_directory")
		case takedown.NeedsURL, takedown.NeedsGoodFaith, takedown.NeedsNonConsent, takedown.NeedsMandate:
			row.Href, row.Where = "/cases/"+n.CaseID, web.T(l, "missing.in_case")
		}
		out = append(out, row)
	}
	return out
}

// approveAll lets the ticked notices of a case leave, each in a transaction of
// its own: one that somebody else approved meanwhile does not stop the others.
func (d *door) approveAll(c *web.Ctx) error {
	v, err := d.caseView(c)
	if err != nil {
		return err
	}
	approved, left := 0, 0
	for _, n := range v.Notices {
		if !slices.Contains(c.Values("n"), n.ID) {
			continue
		}
		switch err := d.office.Approve(c.Request().Context(), c.Actor, n.ID); {
		case err == nil:
			approved++
		case takedown.KindOf(err) == takedown.Conflict:
			left++
		default:
			return err
		}
	}
	if approved == 0 {
		refusal := errNothingTicked
		if left > 0 {
			refusal = errNothingFits
		}
		return refused(c, refusal, func(status int) error { return d.showNotices(c, status) })
	}
	return d.done(c, "/cases/"+v.Case.ID+"/notices", with(c, many(c.Lang, "did.approve", approved), left))
}

// onNotice does one thing to a notice and shows its thread again.
func (d *door) onNotice(c *web.Ctx, key string, do func(id string) error) error {
	id := c.Param("id")
	if err := do(id); err != nil {
		return refused(c, err, func(status int) error { return d.showThread(c, status) })
	}
	return d.done(c, "/notices/"+id, web.T(c.Lang, key))
}

func (d *door) approve(c *web.Ctx) error {
	return d.onNotice(c, "did.approved", func(id string) error { return d.office.Approve(c.Request().Context(), c.Actor, id) })
}

// markSent records that a person put the notice into a form, or found out that
// an unclear one did leave.
func (d *door) markSent(c *web.Ctx) error {
	return d.onNotice(c, "did.sent", func(id string) error {
		return d.office.MarkSent(c.Request().Context(), c.Actor, id, strings.TrimSpace(c.Value("reference")))
	})
}

// sendAgain lets an unclear notice leave once more, on a person's word.
func (d *door) sendAgain(c *web.Ctx) error {
	return d.onNotice(c, "did.again", func(id string) error { return d.office.SendAgain(c.Request().Context(), c.Actor, id) })
}

func (d *door) withdraw(c *web.Ctx) error {
	return d.onNotice(c, "did.withdraw", func(id string) error { return d.office.WithdrawNotice(c.Request().Context(), c.Actor, id) })
}

// verifyForNotice records the check of a contact where it is missed.
func (d *door) verifyForNotice(c *web.Ctx) error {
	return d.onNotice(c, "did.verify", func(id string) error {
		thread, err := d.office.NoticeView(c.Request().Context(), c.Actor, id)
		if err != nil {
			return err
		}
		if len(thread) == 0 {
			return takedown.ErrNotFound
		}
		return d.office.VerifyRecipient(c.Request().Context(), c.Actor, thread[0].RecipientID)
	})
}
