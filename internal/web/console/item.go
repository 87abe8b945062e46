package console

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"reprise/internal/casework"
	"reprise/internal/takedown"
	"reprise/internal/web"
)

// itemPage is one item with every look at it.
type itemPage struct {
	Frame    web.Frame
	ID       string
	CaseID   string
	Number   string
	Position int
	Address  string
	Presence string
	There    string
	Step     string
	Sentence string
	Facts    []fact
	Ways     []web.Link // to the case, its matches, the addresses beside this one
	Asked    []askedRow
	Matches  []matchRow
	Looks    []lookRow
	Choices  []option
	Reason   string
	MayAct   bool
	NotHer   notHer
}

type lookRow struct{ At, Saw, Said, Near string }

var itemTemplate = web.NewPage[itemPage]("console", "item")

func (d *door) item(c *web.Ctx) error { return d.showItem(c, http.StatusOK) }

// showItem shows an item with the whole address, once, and every look at it.
func (d *door) showItem(c *web.Ctx, status int) error {
	ctx := c.Request().Context()
	item, looks, err := d.office.ItemHistory(ctx, c.Actor, c.Param("id"))
	if err != nil {
		return err
	}
	v, err := d.office.CaseView(ctx, c.Actor, item.CaseID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(v.Items, func(i casework.ItemView) bool { return i.Item.ID == item.ID })
	if at < 0 {
		return takedown.ErrNotFound
	}
	p := itemPageOf(c, v.Case, v.Items[at], looks)
	p.Ways = waysFrom(c.Lang, v, at)
	_, denied := takedown.Denied(v.Questions)[item.ID]
	p.NotHer = notHerOf(c, item, denied)
	for _, m := range v.Items[at].Matches {
		p.Matches = append(p.Matches, matchRowOf(c.Lang, v, item, m))
	}
	return itemTemplate.RenderStatus(c, status, p)
}

func itemPageOf(c *web.Ctx, file takedown.Case, v casework.ItemView, looks []takedown.Observation) itemPage {
	l, i := c.Lang, v.Item
	row := itemRowOf(l, v)
	p := itemPage{
		Frame: c.Frame(), ID: i.ID, CaseID: file.ID, Number: number(file.Number), Position: i.Position, Address: i.Address.Reveal(),
		Presence: row.Presence, There: row.There, Step: string(v.Step), Sentence: web.T(l, "step."+string(v.Step)), Asked: row.Asked,
		Choices: presenceChoices(l, c.Value("presence")), Reason: c.Value("reason"), MayAct: c.Actor.May(takedown.MayClose) && i.Open(),
		Facts: []fact{
			{Key: web.T(l, "item.triage"), Value: row.Triage},
			{Key: web.T(l, "item.platform"), Value: v.Recipient},
			{Key: web.T(l, "item.found_by"), Value: word(l, "origin", i.Origin)},
			{Key: web.T(l, "item.added"), Value: takedown.Day(l, i.CreatedAt)},
			{Key: web.T(l, "item.next_look"), Value: moment(l, i.NextLook)},
			{Key: web.T(l, "item.closed"), Value: row.Closed},
		},
	}
	p.Frame.Path = "/items/" + i.ID
	p.Facts = slices.DeleteFunc(p.Facts, func(f fact) bool { return f.Value == "" })
	for _, o := range slices.Backward(looks) {
		p.Looks = append(p.Looks, lookRowOf(l, o))
	}
	return p
}

// waysFrom leads from an item back to where one came from, and on to the next;
// one with a match leads to the next that has one.
func waysFrom(l takedown.Lang, v casework.CaseView, at int) []web.Link {
	matched := len(v.Items[at].Matches) > 0
	var out []web.Link
	if matched {
		out = append(out, web.Link{Href: "/cases/" + v.Case.ID + "/matches", Text: web.T(l, "tab.matches")})
	}
	for n := at + 1; n < len(v.Items); n++ {
		if next := v.Items[n]; !matched || len(next.Matches) > 0 {
			return append(out, web.Link{Href: "/items/" + next.Item.ID, Text: web.T(l, "item.following", next.Item.Position)})
		}
	}
	return out
}

func lookRowOf(l takedown.Lang, o takedown.Observation) lookRow {
	r := lookRow{At: moment(l, o.At), Saw: word(l, "saw", o.Saw)}
	switch {
	case o.Failure != takedown.FailureNone:
		r.Said = word(l, "look_failure", o.Failure)
	case o.Status > 0:
		r.Said = web.T(l, "look.answer", o.Status)
	}
	var near []string
	if o.MediaFound > 0 {
		near = append(near, web.T(l, "look.media", o.MediaRead, o.MediaFound))
	}
	if o.VideosFound > 0 {
		near = append(near, web.T(l, "look.videos", o.VideosRead, o.VideosFound))
	}
	if o.VideoTrouble != takedown.VideoFine {
		near = append(near, word(l, "look_video", o.VideoTrouble))
	}
	if o.Distance >= 0 {
		near = append(near, web.T(l, "look.nearest", o.Distance))
	}
	r.Near = strings.Join(near, ", ")
	return r
}

// presenceChoices lists what a person may say over the observations.
func presenceChoices(l takedown.Lang, chosen string) []option {
	out := []option{{Text: web.T(l, "overrule.choose")}}
	for _, p := range takedown.Presences() {
		if _, err := (takedown.Standing{}).Overrule(p, "asked", time.Time{}); err == nil {
			out = append(out, option{string(p), word(l, "presence", p), string(p) == chosen})
		}
	}
	return out
}

// overrule records a person's word over the observations.
func (d *door) overrule(c *web.Ctx) error {
	id := c.Param("id")
	err := d.office.Overrule(c.Request().Context(), c.Actor, id, takedown.Presence(c.Value("presence")), c.Value("reason"))
	if err != nil {
		return refused(c, err, func(status int) error { return d.showItem(c, status) })
	}
	return d.done(c, "/items/"+id, web.T(c.Lang, "did.overrule", word(c.Lang, "presence", c.Value("presence"))))
}
