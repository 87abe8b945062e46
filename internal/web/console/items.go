package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"reprise/internal/casework"
	"reprise/internal/takedown"
	"reprise/internal/web"
)

// action is something done to all items that were ticked.
type action struct {
	// fits asks the rule on a copy: whether the action applies to the item.
	fits func(v casework.ItemView, why takedown.Closing, now time.Time) error
	do   func(ctx context.Context, o *casework.Office, s selection) error
}

// selection is the items that one action is for.
type selection struct {
	actor  takedown.Actor
	caseID string
	ids    []string
	why    takedown.Closing
}

// actions are the buttons beneath the list, by the value they send.
func actions() map[string]action {
	return map[string]action{
		"accept": {
			fits: func(v casework.ItemView, _ takedown.Closing, now time.Time) error { return v.Item.Confirm(now) },
			do: func(ctx context.Context, o *casework.Office, s selection) error {
				return o.ConfirmItems(ctx, s.actor, s.ids)
			},
		},
		"clear": {
			fits: func(v casework.ItemView, _ takedown.Closing, now time.Time) error { return v.Item.Clear(now) },
			do: func(ctx context.Context, o *casework.Office, s selection) error {
				return o.ClearItems(ctx, s.actor, s.ids)
			},
		},
		"reject": {
			fits: func(v casework.ItemView, why takedown.Closing, now time.Time) error { return v.Item.Reject(why, now) },
			do: func(ctx context.Context, o *casework.Office, s selection) error {
				return o.RejectItems(ctx, s.actor, s.ids, s.why)
			},
		},
		"close": {
			fits: func(v casework.ItemView, why takedown.Closing, now time.Time) error { return v.Item.Close(why, now) },
			do: func(ctx context.Context, o *casework.Office, s selection) error {
				return o.CloseItems(ctx, s.actor, s.ids, s.why)
			},
		},
		"minor": {
			fits: func(v casework.ItemView, _ takedown.Closing, now time.Time) error { return v.Item.Suspect(now) },
			do: func(ctx context.Context, o *casework.Office, s selection) error {
				return o.SuspectMinor(ctx, s.actor, s.ids)
			},
		},
	}
}

var (
	errNothingTicked = takedown.Refuse(takedown.Invalid, "act.nothing_ticked")
	errNoReason      = takedown.Refuse(takedown.Invalid, "act.no_reason")
	errNothingFits   = takedown.Refuse(takedown.Conflict, "act.nothing_fits")
	errNotPlannable  = takedown.Refuse(takedown.Conflict, "act.not_plannable")
)

// actOnItems does one thing to all items that were ticked, and says to how many.
func (d *door) actOnItems(c *web.Ctx) error {
	f, ticked := filterOf(c.Value), c.Values("i")
	v, err := d.caseView(c)
	if err != nil {
		return err
	}
	switch do := c.Value("do"); do {
	case "back", "":
		return c.Redirect("/cases/" + v.Case.ID + f.query())
	case "plan":
		err = d.plan(c, v, ticked)
	case "minor":
		err = d.askMinor(c, v, ticked, f)
	case "minor-sure":
		err = d.act(c, v, "minor", f)
	default:
		err = d.act(c, v, do, f)
	}
	if err != nil {
		return refused(c, err, d.showAgain(c, f, ticked))
	}
	return nil
}

// act does one of the actions to the ticked items it applies to, all or none.
func (d *door) act(c *web.Ctx, v casework.CaseView, do string, f filter) error {
	a, known := actions()[do]
	if !known {
		return errNothingFits
	}
	why := takedown.Closing(c.Value("why"))
	if why == "" && (do == "reject" || do == "close") {
		return errNoReason
	}
	ids, left, err := chosen(v, c.Values("i"), func(i casework.ItemView) error { return a.fits(i, why, d.now()) })
	if err != nil {
		return err
	}
	if err := a.do(c.Request().Context(), d.office, selection{c.Actor, v.Case.ID, ids, why}); err != nil {
		return err
	}
	said := many(c.Lang, "did."+do, len(ids))
	if why != "" {
		said = many(c.Lang, "did."+do, len(ids), why.Label().In(c.Lang))
	}
	return d.done(c, "/cases/"+v.Case.ID+f.query(), with(c, said, left))
}

// with adds how many were left out because the action does not apply to them.
func with(c *web.Ctx, said string, left int) string {
	if left == 0 {
		return said
	}
	return said + " " + many(c.Lang, "did.left", left)
}

// chosen gives the ticked items that an action applies to, and how many it does
// not apply to. They are named by their places in the case: there is no naming
// an item of another one.
func chosen(v casework.CaseView, ticked []string, fits func(casework.ItemView) error) (ids []string, left int, err error) {
	if len(ticked) == 0 {
		return nil, 0, errNothingTicked
	}
	for _, i := range v.Items {
		switch {
		case !slices.Contains(ticked, strconv.Itoa(i.Item.Position)):
		case fits(i) != nil:
			left++
		default:
			ids = append(ids, i.Item.ID)
		}
	}
	if len(ids) == 0 {
		return nil, left, errNothingFits
	}
	return ids, left, nil
}

// plan drafts the requests and notices, and leads to where they are read.
func (d *door) plan(c *web.Ctx, v casework.CaseView, ticked []string) error {
	ids, left, err := chosen(v, ticked, plannable)
	if errors.Is(err, errNothingFits) {
		return errNotPlannable
	}
	if err != nil {
		return err
	}
	planned, err := d.office.Plan(c.Request().Context(), c.Actor, v.Case.ID, ids)
	if err != nil {
		return err
	}
	said := many(c.Lang, "did.plan", planned.Notices, planned.Requests)
	if planned.Nobody > 0 {
		said += " " + many(c.Lang, "did.plan_nobody", planned.Nobody)
	}
	return d.done(c, "/cases/"+v.Case.ID+"/notices", with(c, said, left))
}

// plannable tells whether requests may be drafted for an item: while one is
// under way, the next of the ladder is not asked.
func plannable(v casework.ItemView) error {
	for _, r := range v.Requests {
		if err := r.PassesOn(v.Item); err != nil {
			return err
		}
		if r.State.Unsent() || r.State.Waiting() {
			return takedown.ErrStep
		}
	}
	return v.Item.Askable()
}

// minorPage asks before everything about items is stopped.
type minorPage struct {
	Frame web.Frame
	Title string
	Back  string   // the case
	Items []string // as they were ticked
	Keep  []hiddenField
}

var minorTemplate = web.NewPage[minorPage]("console", "minor")

// askMinor shows what stopping means, and the one button that does it.
func (d *door) askMinor(c *web.Ctx, v casework.CaseView, ticked []string, f filter) error {
	ids, _, err := chosen(v, ticked, func(i casework.ItemView) error { return i.Item.Suspect(d.now()) })
	if err != nil {
		return err
	}
	return minorTemplate.Render(c, minorPage{
		c.Frame(), many(c.Lang, "minor.title", len(ids)), "/cases/" + v.Case.ID, ticked, f.hidden(),
	})
}

// refusedLine is a line of pasted text that cannot be kept, and why.
type refusedLine struct {
	Line      int
	Text, Why string
}

// refusedShown is how many refused lines are told one by one.
const refusedShown = 100

// addItems keeps addresses that a caseworker found.
func (d *door) addItems(c *web.Ctx) error {
	ctx, id := c.Request().Context(), c.Param("id")
	added, err := d.office.AddItems(ctx, c.Actor, id, c.Value("text"))
	if err != nil {
		return refused(c, err, d.showAdded(c, c.Value("text"), nil))
	}
	said := many(c.Lang, "did.add", added.New)
	if added.Known > 0 {
		said += " " + many(c.Lang, "did.add_known", added.Known)
	}
	if len(added.Refused) == 0 {
		return d.done(c, "/cases/"+id, said)
	}
	c.Alerts = append(c.Alerts, web.Alert{Kind: "care", Text: said + " " + many(c.Lang, "did.add_refused", len(added.Refused))})
	return d.showAdded(c, "", added.Refused)(http.StatusUnprocessableEntity)
}

// showAdded shows the case with what could not be kept still in the box.
func (d *door) showAdded(c *web.Ctx, text string, lines []takedown.Refused) func(int) error {
	return func(status int) error {
		v, err := d.caseView(c)
		if err != nil {
			return err
		}
		p := d.casePage(c, v, filterOf(func(string) string { return "" }), nil)
		p.Frame.Path = "/cases/" + v.Case.ID
		p.Text = text
		var kept strings.Builder
		for n, r := range lines {
			kept.WriteString(r.Text + "\n")
			if n < refusedShown {
				p.Refused = append(p.Refused, refusedLine{r.Line, cut(r.Text, addressSigns), web.T(c.Lang, "refused."+r.Reason())})
			}
		}
		p.Text += kept.String()
		if more := len(lines) - refusedShown; more > 0 {
			p.MoreRefused = many(c.Lang, "add.more", more)
		}
		return caseTemplate.RenderStatus(c, status, p)
	}
}
