package console

import (
	"net/http"
	"strings"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// What a session keeps while an invitation is taken up.
const (
	valueInvite = "invite" // the token of the one-time link
	valueFactor = "factor" // the second factor that is being set up
)

// invitePage asks for the token of the one-time link.
type invitePage struct {
	Frame  web.Frame
	Errors []web.FieldError
}

// accountPage asks for what an account needs.
type accountPage struct {
	Frame  web.Frame
	Email  string
	Name   string
	Factor string // the secret in groups of four, to type in by hand
	Errors []web.FieldError
}

var (
	inviteTemplate  = web.NewPage[invitePage]("console", "invite")
	accountTemplate = web.NewPage[accountPage]("console", "account")
)

// invite asks for the token, or for the account once the token is known.
func (d *door) invite(c *web.Ctx) error {
	if c.Session.Get(valueInvite) == "" {
		return inviteTemplate.Render(c, invitePage{Frame: c.Frame()})
	}
	return d.accountForm(c, http.StatusOK, nil)
}

// inviteToken takes the token out of the link. It came behind the "#" of the
// link, which no server and no log ever sees.
func (d *door) inviteToken(c *web.Ctx) error {
	token := strings.TrimSpace(c.Value("token"))
	_, err := d.office.Invitation(c.Request().Context(), token)
	if takedown.KindOf(err) == takedown.NotFound {
		wrong := web.FieldError{Name: "token", Text: web.T(c.Lang, "invite.wrong")}
		return inviteTemplate.RenderStatus(c, http.StatusUnprocessableEntity, invitePage{c.Frame(), []web.FieldError{wrong}})
	}
	if err != nil {
		return err
	}
	c.Session.Set(valueInvite, token)
	c.Session.Set(valueFactor, d.office.NewSecondFactor())
	if err := c.Session.Save(); err != nil {
		return err
	}
	return c.Redirect("/invite")
}

// accountForm shows the form with what was typed, but for the password.
func (d *door) accountForm(c *web.Ctx, status int, errors []web.FieldError) error {
	account, err := d.office.Invitation(c.Request().Context(), c.Session.Get(valueInvite))
	if takedown.KindOf(err) == takedown.NotFound {
		return d.forgetInvitation(c)
	}
	if err != nil {
		return err
	}
	name := account.Name.Reveal()
	if c.Request().Method == http.MethodPost {
		name = c.Value("name")
	}
	return accountTemplate.RenderStatus(c, status, accountPage{
		c.Frame(), account.Email.Reveal(), name, groups(c.Session.Get(valueFactor), 4), errors,
	})
}

// forgetInvitation ends an invitation that was used up or has become too old.
func (d *door) forgetInvitation(c *web.Ctx) error {
	if err := c.Session.End(); err != nil {
		return err
	}
	return c.Redirect("/invite")
}

// inviteQR draws the second factor for this session alone.
func (d *door) inviteQR(c *web.Ctx) error {
	png, err := d.office.SecondFactorQR(c.Request().Context(), c.Session.Get(valueInvite), c.Session.Get(valueFactor))
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, "image/png", png)
}

// takeUp makes the invited account ready to sign in.
func (d *door) takeUp(c *web.Ctx) error {
	token, factor := c.Session.Get(valueInvite), c.Session.Get(valueFactor)
	err := d.office.TakeUp(c.Request().Context(), token, strings.TrimSpace(c.Value("name")), c.Value("password"), factor, c.Value("code"))
	if takedown.KindOf(err) == takedown.Invalid {
		sentence, status, _ := c.Refusal(err)
		return d.accountForm(c, status, []web.FieldError{{Name: fieldOf(err), Text: sentence}})
	}
	if takedown.KindOf(err) == takedown.NotFound {
		return d.forgetInvitation(c)
	}
	if err != nil {
		return err
	}
	c.Session.Set(valueInvite, "")
	c.Session.Set(valueFactor, "")
	return d.done(c, "/", web.T(c.Lang, "invite.done"))
}

// fieldOf names the field of the account's form that a refusal is about.
func fieldOf(err error) string {
	if strings.Contains(err.Error(), "code") {
		return "code"
	}
	return "password"
}
