package portal

import (
	"net/http"
	"strings"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// place is one page of the private space. All of them are shown at one path: the
// session keeps where the person is, so that the browser's history tells nothing,
// and to load a page again sends nothing again.
type place struct {
	name string // "first" for the page that is shown after entering
	show func(*web.Ctx) error
	acts map[string]func(*web.Ctx) error // what its buttons ask for, by the value of "do"
}

// places lists the pages of the space in the order of its menu.
func (d *door) places() []place {
	return []place{
		d.firstPlace(),
		{"add", d.showAdd, map[string]func(*web.Ctx) error{"add-urls": d.addAddresses}},
		{"contact", d.showContact, map[string]func(*web.Ctx) error{"mail-stop": d.stopMails, "points-stop": d.forgetPoints}},
		d.dataPlace(),
		{"stop", d.showStop, map[string]func(*web.Ctx) error{"withdraw": d.askWithdraw, "withdraw-yes": d.withdraw}},
	}
}

const (
	placeFirst = "first"
	valuePlace = "place"
)

// spaceHead is what every page of the space has.
type spaceHead struct {
	Frame  web.Frame
	Errors []web.FieldError
	Menu   []menuRow
}

// menuRow leads to a page of the space.
type menuRow struct {
	Do, Text string
	Current  bool
}

func (d *door) headOf(c *web.Ctx, errs []web.FieldError) spaceHead {
	h := spaceHead{Frame: c.Frame(), Errors: errs}
	here := d.placeOf(c).name
	for _, p := range d.places() {
		h.Menu = append(h.Menu, menuRow{"go-" + p.name, web.T(c.Lang, "space.menu."+p.name), p.name == here})
	}
	return h
}

// placeOf gives the page the person is at.
func (d *door) placeOf(c *web.Ctx) place {
	all := d.places()
	for _, p := range all {
		if p.name == c.Session.Get(valuePlace) {
			return p
		}
	}
	return all[0]
}

// goTo leads to a page of the space.
func (d *door) goTo(c *web.Ctx, name string) error {
	c.Session.Set(valuePlace, name)
	if err := c.Session.Save(); err != nil {
		return err
	}
	return c.Redirect(pathSpace)
}

// showSpace shows the page the person is at.
func (d *door) showSpace(c *web.Ctx) error { return d.placeOf(c).show(c) }

// takeSpace does what the person asks for in her space. A page left open may ask
// from elsewhere: what is asked counts, not where the session says she is.
func (d *door) takeSpace(c *web.Ctx) error {
	if c.Uploading() {
		return d.addImages(c)
	}
	do, _, _ := strings.Cut(c.Value("do"), ":")
	switch name, going := strings.CutPrefix(do, "go-"); {
	case c.Value("lang") != "":
		return d.inLanguage(c, pathSpace)
	case going:
		return d.goTo(c, name)
	case do == "out":
		return d.out(c)
	}
	for _, p := range d.places() {
		if act := p.acts[do]; act != nil {
			c.Session.Set(valuePlace, p.name)
			return act(c)
		}
	}
	return d.goTo(c, placeFirst)
}

// out closes the space and asks the browser to forget what it kept of it.
func (d *door) out(c *web.Ctx) error {
	if err := c.Session.End(); err != nil {
		return err
	}
	c.ForgetTraces()
	return c.Redirect(pathStart)
}

// spaceRefuses shows the page the person is at with the reason why something was
// not done.
func (d *door) spaceRefuses(c *web.Ctx, err error) error {
	sentence, status, ok := c.Refusal(err)
	if !ok {
		return err
	}
	return d.first(c, status, web.FieldError{Text: sentence})
}

// told leads back to the page the person is at, which tells what was done.
func (d *door) told(c *web.Ctx, text string) error {
	if err := c.Flash(web.Alert{Kind: "good", Text: text}); err != nil {
		return err
	}
	if err := c.Session.Save(); err != nil {
		return err
	}
	return c.Redirect(pathSpace)
}

// spaceAgain shows what was sent again while the database is away.
func (d *door) spaceAgain(c *web.Ctx) error {
	c.Alerts = []web.Alert{away(c)}
	switch c.Value("do") {
	case "withdraw", "withdraw-yes":
		return withdrawPages.RenderStatus(c, http.StatusServiceUnavailable, withdrawPage{Frame: c.Frame()})
	}
	return addPages.RenderStatus(c, http.StatusServiceUnavailable, addPage{spaceHead: d.headOf(c, nil), Text: c.Value("f1")})
}

// showContact shows how the person is told, and lets her stop it.
func (d *door) showContact(c *web.Ctx) error {
	p, err := d.desk.Progress(c.Request().Context(), c.Actor)
	if err != nil {
		return err
	}
	often := web.T(c.Lang, "mail.none")
	if mails(p) {
		often = web.T(c.Lang, "often."+string(p.Contact.Frequency))
	}
	return reachPages.Render(c, reachPage{d.headOf(c, nil), often, mails(p), p.MayUsePoints})
}

// showStop shows how everything is stopped.
func (d *door) showStop(c *web.Ctx) error {
	p, err := d.desk.Progress(c.Request().Context(), c.Actor)
	if err != nil {
		return err
	}
	return stopPages.Render(c, stopPage{d.headOf(c, nil), p.State == takedown.CaseWithdrawn})
}
