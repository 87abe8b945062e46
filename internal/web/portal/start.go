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
	if c.Value("do") != "enter" || c.Value("lang") != "" {
		return d.inLanguage(c, pathStart)
	}
	if err := c.BrakeNetwork(web.LimitEnter); err != nil {
		return d.notEntered(c, err)
	}
	number, phrase := takedown.NewPrivate(c.Value("f1")), takedown.NewPrivate(c.Value("f2"))
	actor, err := d.desk.Enter(c.Request().Context(), number, phrase)
	if err != nil {
		return d.notEntered(c, err)
	}
	if err := c.Session.Enter(actor.ID); err != nil {
		return err
	}
	return c.Redirect(pathSpace)
}

func (d *door) notEntered(c *web.Ctx, err error) error {
	sentence, status, ok := c.Refusal(err)
	if !ok {
		return err
	}
	return d.showStart(c, status, startPage{Errors: []web.FieldError{{Name: "f1", Text: sentence}}})
}

// enterAgain shows the first page with what was typed, while the database is
// away.
func (d *door) enterAgain(c *web.Ctx) error {
	c.Alerts = []web.Alert{away(c)}
	return d.showStart(c, http.StatusServiceUnavailable, startPage{Number: c.Value("f1"), Phrase: c.Value("f2")})
}

func (d *door) showStart(c *web.Ctx, status int, p startPage) error {
	p.Frame = c.Frame()
	p.Going = c.Session.Get(valueDraft) != ""
	return startPages.RenderStatus(c, status, p)
}
