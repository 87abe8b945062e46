package portal

import (
	"strings"
	"time"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

type (
	// spacePage is the private space: how things stand, in words and numbers.
	spacePage struct {
		spaceHead
		First     string
		Rest      string
		Picture   bar
		List      listing
		Questions []question
		Held      bool // a STOP came by mail: she is asked whether it was hers
		Receipt   bool // the number and phrase can be shown again
		Withdrawn bool
		Facts     []fact
	}

	count struct{ Number, Text string }

	// group is the items that stand at one step.
	group struct {
		Step, Label, Sentence string
		Items                 []item
	}

	item struct {
		ID, Step, Presence, Masked, Address string
		Platform, Label                     string
		Asked                               []string
		Next                                string
	}
)

// order is how groups follow each other: what needs patience first, what is over
// last.
var order = []takedown.Step{
	takedown.StepBack, takedown.StepStillThere, takedown.StepNothing, takedown.StepAnswered, takedown.StepAsked,
	takedown.StepChecking, takedown.StepReceived, takedown.StepCannot, takedown.StepGone, takedown.StepStopped,
}

func spacePageOf(c *web.Ctx, p takedown.Progress, head spaceHead) spacePage {
	l := c.Lang
	page := spacePage{
		spaceHead: head, Questions: questionsOf(l, p, false), Receipt: c.Session.Get(valuePhrase) != "",
		Withdrawn: p.State == takedown.CaseWithdrawn, Facts: factsOf(l, p), Held: p.Contact.Held(),
	}
	at := byStep(p)
	if !page.Withdrawn && mailWaits(p) {
		page.Rests = append(page.Rests, rests{Text: web.T(l, "mail.waits"), Do: "go-contact", Way: web.T(l, "code.title")})
	}
	page.First, page.Rest, page.List = firstLine(l, p, at), restOfLine(l, p, at), listOf(c, p)
	if s := standingOf(c); !s.PausedAt.IsZero() || !s.LeavingAt.IsZero() {
		page.atRest()
	}
	page.Picture = pictureOf(page.First+" "+page.Rest, p)
	return page
}

// atRest leaves out what would come next: in a pause nothing does.
func (page *spacePage) atRest() {
	page.Rest = ""
	for _, g := range page.List.Groups {
		for n := range g.Items {
			g.Items[n].Next = ""
		}
	}
}

func byStep(p takedown.Progress) map[takedown.Step][]takedown.ItemProgress {
	at := map[takedown.Step][]takedown.ItemProgress{}
	for _, i := range p.Items {
		at[i.Step] = append(at[i.Step], i)
	}
	return at
}

// firstLine says how things stand in one sentence.
func firstLine(l takedown.Lang, p takedown.Progress, at map[takedown.Step][]takedown.ItemProgress) string {
	all, gone := len(p.Items), len(at[takedown.StepGone])
	switch {
	case p.State == takedown.CaseWithdrawn:
		return web.T(l, "space.first.withdrawn")
	case all == 0:
		return web.T(l, "space.first.empty")
	case gone == all:
		return web.Count(l, "space.first.all", all)
	case gone == 0:
		return web.Count(l, "space.first.none", all)
	}
	return web.Count(l, "space.first.gone", gone, all)
}

// restOfLine says where the others are on their way.
func restOfLine(l takedown.Lang, p takedown.Progress, at map[takedown.Step][]takedown.ItemProgress) string {
	if p.State == takedown.CaseWithdrawn {
		return ""
	}
	var parts []string
	for _, s := range order {
		if n := len(at[s]); n > 0 && s != takedown.StepGone {
			parts = append(parts, web.Count(l, "space.rest."+string(s), n))
		}
	}
	return strings.Join(parts, " ")
}

// groupsOf puts items that are in order under the heads of their steps.
func groupsOf(l takedown.Lang, state takedown.CaseState, items []takedown.ItemProgress) []group {
	var out []group
	for _, i := range items {
		s := string(i.Step)
		if len(out) == 0 || out[len(out)-1].Step != s {
			g := group{Step: s, Label: web.T(l, "step."+s+".label"), Sentence: web.T(l, "space.next."+s)}
			if i.Step == takedown.StepGone && state == takedown.CaseWithdrawn {
				g.Sentence = web.T(l, "space.gone.withdrawn")
			}
			out = append(out, g)
		}
		last := &out[len(out)-1]
		last.Items = append(last.Items, itemOf(l, i))
	}
	return out
}

func itemOf(l takedown.Lang, i takedown.ItemProgress) item {
	out := item{
		ID: i.ID, Step: string(i.Step), Presence: string(i.Presence), Masked: i.Masked, Address: i.Address.Reveal(),
		Platform: i.Platform, Label: i.Label.Reveal(),
	}
	var due time.Time
	for _, a := range i.Asked {
		out.Asked = append(out.Asked, web.T(l, "space.asked."+string(a.State), a.Recipient, web.Day(l, a.At)))
		if a.State.Waiting() && (due.IsZero() || a.DueAt.Before(due)) {
			due = a.DueAt
		}
	}
	switch {
	case i.Step == takedown.StepStopped && i.Closed != "":
		out.Next = web.T(l, "space.why."+string(i.Closed))
	case i.Step == takedown.StepAsked && !due.IsZero():
		out.Next = web.T(l, "space.due", web.Day(l, due))
	case !i.NextLook.IsZero():
		out.Next = web.T(l, "space.look", web.Day(l, i.NextLook))
	}
	return out
}

// mails tells whether the person gets mails that say nothing.
func mails(p takedown.Progress) bool {
	return !p.Contact.Email.Empty() && p.Contact.Frequency != takedown.MailNever
}

// mailWaits tells whether she gave an address from which the code has not come back.
func mailWaits(p takedown.Progress) bool {
	return mails(p) && p.Contact.Unconfirmed() && !p.Contact.Held()
}

func factsOf(l takedown.Lang, p takedown.Progress) []fact {
	facts := []fact{
		{Key: web.T(l, "space.opened"), Value: web.Day(l, p.OpenedAt)},
		{Key: web.T(l, "check.images"), Value: web.Count(l, "check.images", len(p.Images))},
		{Key: web.T(l, "check.contact"), Value: often(l, p)},
	}
	if !p.WatchUntil.IsZero() {
		facts = append(facts, fact{Key: web.T(l, "space.watched"), Value: web.T(l, "space.until", web.Day(l, p.WatchUntil))})
	}
	return facts
}
