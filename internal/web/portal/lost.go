package portal

import (
	"net/http"
	"strings"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

var (
	lostPages  = web.NewPage[lostPage]("portal", "lost")
	askedPages = web.NewPage[askedPage]("portal", "asked")
	renewPages = web.NewPage[renewPage]("portal", "renew")
)

type (
	// lostPage asks for number and answers of who has lost her phrase. It is the same
	// for everybody: what it asks tells nothing of a case.
	lostPage struct {
		Frame        web.Frame
		Errors       []web.FieldError
		Number       string
		NumberError  string
		Answers      answers
		AnswersError string
	}

	// answers are the three she chose, as they are typed.
	answers struct{ First, Second, Third string }

	askedPage struct{ Frame web.Frame }

	// renewPage takes the code that came by mail.
	renewPage struct {
		Frame       web.Frame
		Errors      []web.FieldError
		Number      string
		NumberError string
		Answers     answers
		CodeError   string
	}
)

// The pages of a lost phrase, as their forms name them.
const (
	pageLost  = "lost"
	pageRenew = "renew"
)

func answersOf(c *web.Ctx, first, second, third string) answers {
	return answers{c.Value(first), c.Value(second), c.Value(third)}
}

func (a answers) given() []takedown.Private {
	return []takedown.Private{takedown.NewPrivate(a.First), takedown.NewPrivate(a.Second), takedown.NewPrivate(a.Third)}
}

// lost asks for another phrase in the place of a lost one. Whatever was typed, the
// answer is one and the same.
func (d *door) lost(c *web.Ctx) error {
	p := lostPage{Number: c.Value("f1"), Answers: answersOf(c, "f2", "f3", "f4")}
	if c.SwitchLanguage() || c.Value("do") != "lost-ask" {
		return d.showLost(c, http.StatusOK, p)
	}
	if err := c.BrakeNetwork(web.LimitLost); err != nil {
		return d.lostRefused(c, p, err)
	}
	if strings.TrimSpace(p.Number) == "" {
		p.NumberError = web.T(c.Lang, "enter.no_number")
		p.Errors = []web.FieldError{{Name: "f1", Text: p.NumberError}}
		return d.showLost(c, http.StatusUnprocessableEntity, p)
	}
	if err := d.desk.AskForPhrase(c.Request().Context(), takedown.NewPrivate(p.Number), p.Answers.given()); err != nil {
		return d.lostRefused(c, p, err)
	}
	return askedPages.Render(c, askedPage{c.Frame()})
}

func (d *door) lostRefused(c *web.Ctx, p lostPage, err error) error {
	sentence, status, ok := c.Refusal(err)
	if !ok {
		return err
	}
	p.AnswersError = sentence
	p.Errors = []web.FieldError{{Name: "f2", Text: sentence}}
	return d.showLost(c, status, p)
}

func (d *door) showLost(c *web.Ctx, status int, p lostPage) error {
	p.Frame = formFrame(c)
	return lostPages.RenderStatus(c, status, p)
}

// renew takes the code, and shows her new phrase.
func (d *door) renew(c *web.Ctx) error {
	p := renewPage{Number: c.Value("f1"), Answers: answersOf(c, "f2", "f3", "f4")}
	if c.SwitchLanguage() || c.Value("do") != "renew-try" {
		return d.showRenew(c, http.StatusOK, p)
	}
	if err := c.BrakeNetwork(web.LimitLost); err != nil {
		return d.renewRefused(c, p, err)
	}
	if strings.TrimSpace(p.Number) == "" {
		p.NumberError = web.T(c.Lang, "enter.no_number")
		p.Errors = append(p.Errors, web.FieldError{Name: "f1", Text: p.NumberError})
	}
	if strings.TrimSpace(c.Value("f5")) == "" {
		p.CodeError = web.T(c.Lang, "renew.no_code")
		p.Errors = append(p.Errors, web.FieldError{Name: "f5", Text: p.CodeError})
	}
	if len(p.Errors) > 0 {
		return d.showRenew(c, http.StatusUnprocessableEntity, p)
	}
	phrase := d.desk.NewPhrase(web.Words(c.Lang))
	done, err := d.desk.RenewPhrase(c.Request().Context(), takedown.NewPrivate(p.Number), p.Answers.given(), takedown.NewPrivate(c.Value("f5")), phrase)
	if err != nil {
		return d.renewRefused(c, p, err)
	}
	return d.newPhrase(c, done, phrase)
}

// newPhrase begins a visit with a phrase that has taken the place of another, and
// shows it.
func (d *door) newPhrase(c *web.Ctx, of takedown.Receipt, phrase takedown.Private) error {
	c.Session.Set(valueNumber, of.Number.Reveal())
	c.Session.Set(valuePhrase, phrase.Reveal())
	c.Session.Set(valueRenewed, "1")
	if err := c.Session.Enter(of.CaseID, valueNumber, valuePhrase, valueRenewed); err != nil {
		return err
	}
	return c.Redirect(pathForm)
}

func (d *door) renewRefused(c *web.Ctx, p renewPage, err error) error {
	sentence, status, ok := c.Refusal(err)
	if !ok {
		return err
	}
	p.CodeError = sentence
	p.Errors = []web.FieldError{{Name: "f5", Text: sentence}}
	return d.showRenew(c, status, p)
}

func (d *door) showRenew(c *web.Ctx, status int, p renewPage) error {
	p.Frame = formFrame(c)
	return renewPages.RenderStatus(c, status, p)
}

// lostAgain shows number and answers again while the database is away; a code is
// short.
func (d *door) lostAgain(c *web.Ctx) error {
	if c.Value("p") == pageRenew {
		return d.showRenew(c, http.StatusServiceUnavailable, renewPage{Number: c.Value("f1"), Answers: answersOf(c, "f2", "f3", "f4")})
	}
	return d.showLost(c, http.StatusServiceUnavailable, lostPage{Number: c.Value("f1"), Answers: answersOf(c, "f2", "f3", "f4")})
}
