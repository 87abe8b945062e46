package console

import (
	"encoding/hex"
	"net/http"

	"reprise/internal/casework"
	"reprise/internal/takedown"
	"reprise/internal/web"
)

// negativesPage lists what is no image of anybody. None is shown: none is kept.
type negativesPage struct {
	Frame   web.Frame
	Rows    []negativeRow
	MayEdit bool
}

type negativeRow struct {
	ID   string
	Mark string // the first signs of its hash, to tell it from the others
	Why  string
	By   string
	Day  string
	Set  string // how many matches it set aside
}

var negativesTemplate = web.NewPage[negativesPage]("console", "negatives")

func (d *door) negatives(c *web.Ctx) error { return d.showNegatives(c, http.StatusOK) }

func (d *door) showNegatives(c *web.Ctx, status int) error {
	all, err := d.office.Negatives(c.Request().Context(), c.Actor)
	if err != nil {
		return err
	}
	p := negativesPage{Frame: c.Frame(), MayEdit: c.Actor.May(takedown.MayEditNegatives)}
	p.Frame.Path = "/negatives"
	for _, n := range all {
		p.Rows = append(p.Rows, negativeRowOf(c.Lang, n))
	}
	return negativesTemplate.RenderStatus(c, status, p)
}

func negativeRowOf(l takedown.Lang, n casework.NegativeView) negativeRow {
	mark := hex.EncodeToString([]byte(n.Hash.Reveal()))
	return negativeRow{
		ID: n.ID, Mark: mark[:min(8, len(mark))], Why: word(l, "negative", n.Why), By: n.By,
		Day: takedown.Day(l, n.AddedAt), Set: many(l, "negatives.set", n.Rejected),
	}
}

// removeNegative lets what is near a negative be suggested again.
func (d *door) removeNegative(c *web.Ctx) error {
	if err := d.office.RemoveNegative(c.Request().Context(), c.Actor, c.Param("id")); err != nil {
		return refused(c, err, func(status int) error { return d.showNegatives(c, status) })
	}
	return d.done(c, "/negatives", web.T(c.Lang, "did.negative_removed"))
}

// notAnImage records that the found file of a match of the case is a logo, a
// placeholder or a blank.
func (d *door) notAnImage(c *web.Ctx, v casework.CaseView) error {
	ids, _, err := undecided(v, []string{c.Value("nobody")}, takedown.MatchRejected)
	rejected := 0
	if err == nil {
		rejected, err = d.office.NotAnImage(c.Request().Context(), c.Actor, ids[0])
	}
	if err != nil {
		return refused(c, err, func(status int) error { return d.showMatches(c, status) })
	}
	return d.done(c, "/cases/"+v.Case.ID+"/matches", many(c.Lang, "did.nobody", rejected))
}

// floodPanel is an image that matches unusually often, above the matches of a
// case.
type floodPanel struct{ ID, Text, Href string }

func floodPanels(l takedown.Lang, v casework.CaseView) []floodPanel {
	var out []floodPanel
	for _, f := range v.Floods {
		out = append(out, floodPanel{ID: f.ID, Text: web.T(l, "flood.text", f.Held, f.Cases), Href: "/items/" + f.Item})
	}
	return out
}

// decideFlood records a person's word on an image that matches unusually often.
func (d *door) decideFlood(c *web.Ctx) error {
	to := takedown.FloodState(c.Value("do"))
	moved, err := d.office.DecideFlood(c.Request().Context(), c.Actor, c.Value("flood"), to)
	if err != nil {
		return refused(c, err, func(status int) error { return d.showMatches(c, status) })
	}
	return d.done(c, "/cases/"+c.Param("id")+"/matches", many(c.Lang, "did.flood_"+string(to), moved))
}
