package console

import (
	"net/http"
	"strings"

	"reprise/internal/casework"
	"reprise/internal/takedown"
	"reprise/internal/web"
)

// signInPage is the way in.
type signInPage struct {
	Frame  web.Frame
	Email  string
	Errors []web.FieldError // the one sentence for every failure
}

var (
	signInTemplate = web.NewPage[signInPage]("console", "sign-in")
	emptyTemplate  = web.NewPage[emptyPage]("console", "empty")
)

// emptyPage is the start of a role for which there is nothing to do here.
type emptyPage struct{ Frame web.Frame }

// start is the way in, or what the one who is in begins with.
func (d *door) start(c *web.Ctx) error {
	switch {
	case c.Actor.Role == takedown.RoleNobody:
		return signInTemplate.Render(c, signInPage{Frame: c.Frame()})
	case c.Actor.May(takedown.MayReadCases):
		return d.queue(c)
	case c.Actor.May(takedown.MayMendJobs):
		return c.Redirect("/jobs")
	}
	return emptyTemplate.Render(c, emptyPage{c.Frame()})
}

// signIn lets one of the staff in. Unknown address, wrong password and wrong
// code have one answer.
func (d *door) signIn(c *web.Ctx) error {
	email := strings.TrimSpace(c.Value("email"))
	if err := c.BrakeNetwork(accountLimit(email)); err != nil {
		return err
	}
	actor, err := d.office.SignIn(c.Request().Context(), email, c.Value("password"), c.Value("code"))
	if takedown.KindOf(err) == takedown.Forbidden {
		wrong := web.FieldError{Name: "email", Text: web.Sentence(c.Lang, casework.ErrWrongSignIn, http.StatusForbidden)}
		return signInTemplate.RenderStatus(c, http.StatusForbidden, signInPage{c.Frame(), email, []web.FieldError{wrong}})
	}
	if err != nil {
		return err
	}
	if err := c.Session.Enter(actor.ID); err != nil {
		return err
	}
	return c.Redirect("/")
}

// accountLimit is the limit of one account for one network: who tries elsewhere
// keeps nobody out.
func accountLimit(email string) *web.Limit {
	limit := *web.LimitAccount
	limit.Name += " " + strings.ToLower(email)
	return &limit
}

// signOut ends the session. It is a form, so that no other site can do it.
func (d *door) signOut(c *web.Ctx) error {
	if err := c.Session.End(); err != nil {
		return err
	}
	return c.Redirect("/")
}
