package console

import (
	"net/http"
	"slices"
	"time"

	"reprise/internal/casework"
	"reprise/internal/takedown"
	"reprise/internal/web"
)

// matchesPage lists the matches of a case. No image is shown: none is kept.
type matchesPage struct {
	Frame   web.Frame
	Head    caseHead
	Floods  []floodPanel
	Rows    []matchRow
	Waiting int  // how many wait for a person
	ToAsk   bool // all are decided, and nobody is asked yet for some
}

type matchRow struct {
	ID       string
	Href     string // the item
	Item     string
	Address  string // whole, as text
	Image    string // which of the person's images
	Distance int
	Variant  string
	Kind     string
	Points   int
	How      string // the explanation in one line
	Verdict  string
	Near     string // the verdict in words
	State    string
	Decided  string // the state in words
	Seen     string
	Ticked   bool
	Waits    bool
	Hashed   bool // the hash of the found file is known: it may be called a logo
}

var matchesTemplate = web.NewPage[matchesPage]("console", "matches")

func (d *door) matches(c *web.Ctx) error { return d.showMatches(c, http.StatusOK) }

// showMatches lists what waits first, then the nearest.
func (d *door) showMatches(c *web.Ctx, status int) error {
	v, err := d.caseView(c)
	if err != nil {
		return err
	}
	p := matchesPage{Frame: c.Frame(), Head: d.head(c, v, "matches"), Floods: floodPanels(c.Lang, v)}
	p.Frame.Path = "/cases/" + v.Case.ID + "/matches"
	ticked := c.Values("m")
	for _, i := range v.Items {
		for _, m := range i.Matches {
			row := matchRowOf(c.Lang, v, i.Item, m)
			row.Ticked = slices.Contains(ticked, m.ID)
			p.Rows = append(p.Rows, row)
		}
	}
	slices.SortStableFunc(p.Rows, func(a, b matchRow) int {
		if a.Waits != b.Waits {
			return map[bool]int{true: -1, false: 1}[a.Waits]
		}
		return a.Distance - b.Distance
	})
	for _, r := range p.Rows {
		if r.Waits {
			p.Waiting++
		}
	}
	p.ToAsk = p.Waiting == 0 && slices.ContainsFunc(v.Items, func(i casework.ItemView) bool { return len(i.Matches) > 0 && i.Task == takedown.TaskNext })
	return matchesTemplate.RenderStatus(c, status, p)
}

func matchRowOf(l takedown.Lang, v casework.CaseView, i takedown.Item, m takedown.Match) matchRow {
	row := matchRow{
		ID: m.ID, Href: "/items/" + i.ID, Item: web.T(l, "item.nth", i.Position), Address: i.Address.Reveal(),
		Image: web.T(l, "match.image", v.ImageOf[m.ReferenceID]), Distance: m.Distance,
		Variant: m.Variant, Kind: string(m.Kind), Points: m.Points, How: m.Explanation().In(l), Verdict: string(m.Verdict), Near: word(l, "verdict", m.Verdict),
		State: string(m.State), Decided: word(l, "match", m.State), Seen: takedown.Day(l, m.SeenAt), Waits: toConfirm(i, m),
		Hashed: !m.Found.Empty(),
	}
	if !i.Open() && m.Undecided() {
		row.Decided = web.T(l, "matches.closed")
	}
	return row
}

// toConfirm tells whether a match waits for a person: one of a closed item waits
// no more.
func toConfirm(i takedown.Item, m takedown.Match) bool {
	return i.Open() && m.Suggested()
}

// decide records a person's word on the ticked matches, or on the one whose own
// button was pressed.
func (d *door) decide(c *web.Ctx) error {
	v, err := d.caseView(c)
	if err != nil {
		return err
	}
	if c.Value("nobody") != "" {
		return d.notAnImage(c, v)
	}
	wanted, to := decision(c)
	ids, left, err := undecided(v, wanted, to)
	if err == nil {
		err = d.office.DecideMatches(c.Request().Context(), c.Actor, ids, to)
	}
	if err != nil {
		return refused(c, err, func(status int) error { return d.showMatches(c, status) })
	}
	return d.done(c, "/cases/"+v.Case.ID+"/matches", with(c, many(c.Lang, "did.match_"+string(to), len(ids)), left))
}

// decision reads which matches are meant: a row's own button names one.
func decision(c *web.Ctx) (ids []string, to takedown.MatchState) {
	switch {
	case c.Value("confirm") != "":
		return []string{c.Value("confirm")}, takedown.MatchConfirmed
	case c.Value("reject") != "":
		return []string{c.Value("reject")}, takedown.MatchRejected
	case c.Value("do") == "confirm":
		return c.Values("m"), takedown.MatchConfirmed
	}
	return c.Values("m"), takedown.MatchRejected
}

// undecided gives the wanted matches of the case that the decision applies to.
func undecided(v casework.CaseView, wanted []string, to takedown.MatchState) (ids []string, left int, err error) {
	if len(wanted) == 0 {
		return nil, 0, errNothingTicked
	}
	for _, i := range v.Items {
		for _, m := range i.Matches {
			switch {
			case !slices.Contains(wanted, m.ID):
			case m.Decide(to, "", time.Time{}) != nil:
				left++
			default:
				ids = append(ids, m.ID)
			}
		}
	}
	if len(ids) == 0 {
		return nil, left, errNothingFits
	}
	return ids, left, nil
}
