package portal

import (
	"net/http"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// start is the first page. It needs neither session nor database.
func (d *door) start(c *web.Ctx) error { return d.showStart(c, http.StatusOK, startPage{}) }

// enter opens the private space to whoever has its number and phrase. A wrong
// phrase and an unknown number get one and the same answer.
func (d *door) enter(c *web.Ctx) error {
	switch do, page := c.Value("do"), c.Value("p"); {
	case do == "access":
		return d.access(c)
	case do == pageLost, do != pageRenew && page == pageLost:
		return d.lost(c)
	case do == pageRenew, page == pageRenew:
		return d.renew(c)
	}
	if c.Value("do") != "enter" || c.Value("lang") != "" {
		return d.inLanguage(c, pathStart)
	}
	if err := c.BrakeNetwork(web.LimitEnter); err != nil {
		return d.notEntered(c, err)
	}
	number, phrase := takedown.NewPrivate(c.Value("f1")), takedown.NewPrivate(c.Value("f2"))
	if number.Empty() || phrase.Empty() {
		return d.missing(c, number.Empty(), phrase.Empty())
	}
	actor, err := d.desk.Enter(c.Request().Context(), number, phrase)
	if err != nil {
		return d.notEntered(c, err)
	}
	if err := d.inHerLanguage(c, actor); err != nil {
		return err
	}
	if err := c.Session.Enter(actor.ID); err != nil {
		return err
	}
	return c.Redirect(pathSpace)
}

// inHerLanguage goes on in the language of the case, unless the visitor chose
// one in this session.
func (d *door) inHerLanguage(c *web.Ctx, actor takedown.Actor) error {
	if c.ChoseLanguage() {
		return nil
	}
	p, err := d.desk.Progress(c.Request().Context(), actor)
	if err == nil && p.Lang != "" {
		c.UseLanguage(string(p.Lang))
	}
	return err
}

// missing asks for what was left empty.
func (d *door) missing(c *web.Ctx, number, phrase bool) error {
	p := startPage{Number: c.Value("f1")}
	if number {
		p.NumberError = web.T(c.Lang, "enter.no_number")
		p.Errors = append(p.Errors, web.FieldError{Name: "f1", Text: p.NumberError})
	}
	if phrase {
		p.PhraseError = web.T(c.Lang, "enter.no_phrase")
		p.Errors = append(p.Errors, web.FieldError{Name: "f2", Text: p.PhraseError})
	}
	return d.showStart(c, http.StatusUnprocessableEntity, p)
}

func (d *door) notEntered(c *web.Ctx, err error) error {
	sentence, status, ok := c.Refusal(err)
	if !ok {
		return err
	}
	return d.showStart(c, status, startPage{
		Errors: []web.FieldError{{Name: "f1", Text: sentence}}, Number: c.Value("f1"), NumberError: sentence,
	})
}

// enterAgain shows the first page with what was typed, while the database is
// away.
func (d *door) enterAgain(c *web.Ctx) error {
	c.Alerts = []web.Alert{away(c)}
	if c.Value("p") != "" {
		return d.lostAgain(c)
	}
	return d.showStart(c, http.StatusServiceUnavailable, startPage{Number: c.Value("f1"), Phrase: c.Value("f2")})
}

func (d *door) showStart(c *web.Ctx, status int, p startPage) error {
	p.Frame = c.Frame()
	p.We, p.Reach = d.words.Association, d.words.Mail
	p.Going, p.Rests = c.Session.Get(valueDraft) != "", c.Session.Rests()
	return startPages.RenderStatus(c, status, p)
}
