package portal

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

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
		d.itemPlace(),
		{"messages", d.showMessages, map[string]func(*web.Ctx) error{"say": d.say}},
		{"add", d.showAdd, map[string]func(*web.Ctx) error{"add-urls": d.addAddresses, "read": d.readFurther}},
		{"contact", d.showContact, map[string]func(*web.Ctx) error{
			"mail-stop": d.stopMails, "points-stop": d.forgetPoints, "code-send": d.askCode, "code-try": d.confirmMail,
			"mail-set": d.setMail, "mail-keep": d.resting("mail.kept", d.desk.KeepMails),
			"key-set": d.setKey, "key-forget": d.forgetKey, "wishes": d.setWishes,
		}},
		d.phrasePlace(),
		d.dataPlace(),
		{"stop", d.showStop, d.stopActs()},
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
	Rests  []rests
}

// menuRow leads to a page of the space.
type menuRow struct {
	Do, Text string
	Current  bool
}

func (d *door) headOf(c *web.Ctx, errs []web.FieldError) spaceHead {
	standing := standingOf(c)
	h := spaceHead{Frame: c.Frame(), Errors: errs, Rests: restsOf(c.Lang, standing)}
	here := d.placeOf(c).name
	for _, p := range d.places() {
		if p.name == placeItem { // reached from the list alone
			continue
		}
		if p.name == "add" && standing.State == takedown.CaseWithdrawn {
			continue
		}
		text := web.T(c.Lang, "space.menu."+p.name)
		if p.name == "messages" && standing.Unread > 0 {
			text = web.Count(c.Lang, "messages.menu", standing.Unread)
		}
		h.Menu = append(h.Menu, menuRow{"go-" + p.name, text, p.name == here})
	}
	return h
}

// keyStanding holds, for one request, how the person's case stands.
const keyStanding = "standing"

// stand asks how the case stands, before a page of the space is made.
func (d *door) stand(c *web.Ctx) error {
	s, err := d.desk.CaseStanding(c.Request().Context(), c.Actor)
	c.Set(keyStanding, s)
	return err
}

func standingOf(c *web.Ctx) takedown.CaseStanding {
	s, _ := c.Get(keyStanding).(takedown.CaseStanding)
	return s
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
func (d *door) showSpace(c *web.Ctx) error {
	if err := d.stand(c); err != nil {
		return err
	}
	return d.placeOf(c).show(c)
}

// takeSpace does what the person asks for in her space. A page left open may ask
// from elsewhere: what is asked counts, not where the session says she is.
func (d *door) takeSpace(c *web.Ctx) error {
	if err := d.stand(c); err != nil {
		return err
	}
	if c.Uploading() {
		return d.addImages(c)
	}
	return d.pressed(c)
}

// pressed does what a button of the space asks for.
func (d *door) pressed(c *web.Ctx) error {
	do, _, _ := strings.Cut(c.Value("do"), ":")
	switch name, going := strings.CutPrefix(do, "go-"); {
	case c.Value("lang") != "":
		return d.inLanguage(c, pathSpace)
	case going && slices.ContainsFunc(d.places(), func(p place) bool { return p.name == name }):
		if name == "messages" {
			if err := d.desk.ReadMessages(c.Request().Context(), c.Actor); err != nil {
				return err
			}
		}
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

// spaceAgain shows what was sent again while the database is away: each text where
// it was typed. A phrase or a code is not shown again, and another act has no text.
func (d *door) spaceAgain(c *web.Ctx) error {
	if err := d.listAgain(c); err != nil {
		return err
	}
	c.Alerts = []web.Alert{away(c)}
	switch c.Value("do") {
	case "withdraw", "withdraw-yes":
		return withdrawPages.RenderStatus(c, http.StatusServiceUnavailable, withdrawPage{Frame: c.Frame()})
	case "say":
		return messagePages.RenderStatus(c, http.StatusServiceUnavailable, messagePage{spaceHead: d.headOf(c, nil), Key: c.Value("f2"), Text: c.Value("f1")})
	case "mail-set":
		return d.reachAgain(c, reachPage{Email: c.Value("f1")})
	case "key-set":
		return d.reachAgain(c, reachPage{Mails: true, Key: mailKey{Typed: typedKey(c)}})
	case "wishes":
		w := wishesOf(c)
		return d.reachAgain(c, reachPage{Wishes: &w})
	case "answers-keep":
		return phrasePages.RenderStatus(c, http.StatusServiceUnavailable, phrasePage{
			spaceHead: d.headOf(c, nil), Open: true, Safe: true, Here: c.Session.Get(valuePhrase) != "", Answers: answersOf(c, "f2", "f3", "f4"),
		})
	case "add-urls", "read":
	default:
		return echo.NewHTTPError(http.StatusServiceUnavailable)
	}
	return addPages.RenderStatus(c, http.StatusServiceUnavailable, addPage{spaceHead: d.headOf(c, nil), P: stepAddresses, Text: c.Value("f1")})
}
