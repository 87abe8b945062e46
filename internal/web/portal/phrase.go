package portal

import (
	"net/http"
	"strings"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

var phrasePages = web.NewPage[phrasePage]("portal", "phrase")

// phrasePage is the place of her phrase: who used it, another one, and what helps
// when it is lost.
type phrasePage struct {
	spaceHead
	Visits       string // when the space was opened, "" for never
	Open         bool   // the case may still get answers
	Kept         string // since when there are answers, "" for none
	Safe         bool   // there is an address to which a code may go
	Here         bool   // her phrase is in this visit: it need not be typed
	Answers      answers
	ChangeError  string // beside the phrase for another one
	AnswersError string
	PhraseError  string // beside the phrase for the answers
}

func (d *door) phrasePlace() place {
	return place{"phrase", d.showPhrase, map[string]func(*web.Ctx) error{
		"phrase-change": d.changePhrase, "answers-keep": d.keepAnswers, "answers-forget": d.forgetAnswers, "recovery-stop": d.stopRecovery,
		"phrase-mine": d.phraseMine,
	}}
}

func (d *door) showPhrase(c *web.Ctx) error { return d.phraseAgain(c, http.StatusOK, phrasePage{}) }

// phraseAgain shows the place, with what was typed and refused.
func (d *door) phraseAgain(c *web.Ctx, status int, page phrasePage, errs ...web.FieldError) error {
	p, err := d.desk.Progress(c.Request().Context(), c.Actor)
	if err != nil {
		return err
	}
	page.spaceHead = d.headOf(c, errs)
	page.Safe, page.Here = p.Contact.Safe(), c.Session.Get(valuePhrase) != ""
	page.Open = p.State != takedown.CaseWithdrawn
	if !p.AnswersAt.IsZero() {
		page.Kept = web.T(c.Lang, "answers.since", web.Day(c.Lang, p.AnswersAt))
	}
	var days []string
	for _, v := range p.Visits {
		days = append(days, web.Count(c.Lang, "visits.day", v.Times, web.Day(c.Lang, v.Day)))
	}
	page.Visits = strings.Join(days, web.T(c.Lang, "visits.and"))
	return phrasePages.RenderStatus(c, status, page)
}

// changePhrase puts another phrase in the place of hers and shows it. Whoever else
// is in her space is out.
func (d *door) changePhrase(c *web.Ctx) error {
	refuse := func(status int, text string) error {
		return d.phraseAgain(c, status, phrasePage{ChangeError: text}, web.FieldError{Name: "f1", Text: text})
	}
	known := d.typedPhrase(c, "f1")
	if known.Empty() {
		return refuse(http.StatusUnprocessableEntity, web.T(c.Lang, "enter.no_phrase"))
	}
	number, err := d.numberOf(c)
	if err != nil {
		return err
	}
	phrase := d.desk.NewPhrase(web.Words(c.Lang))
	if err = c.BrakeNetwork(web.LimitEnter); err == nil {
		err = d.desk.ChangePhrase(c.Request().Context(), c.Actor, known, phrase)
	}
	if sentence, status, ok := c.Refusal(err); ok {
		return refuse(status, sentence)
	}
	if err != nil {
		return err
	}
	return d.newPhrase(c, takedown.Receipt{CaseID: c.Actor.ID, Number: number}, phrase)
}

func (d *door) numberOf(c *web.Ctx) (takedown.Private, error) {
	p, err := d.desk.Progress(c.Request().Context(), c.Actor)
	return p.Number, err
}

// typedPhrase is the phrase as she typed it or, as long as it is shown to her in
// this visit, that one.
func (d *door) typedPhrase(c *web.Ctx, field string) takedown.Private {
	if here := c.Session.Get(valuePhrase); here != "" {
		return takedown.NewPrivate(here)
	}
	return takedown.NewPrivate(c.Value(field))
}

// keepAnswers takes the three answers she chose.
func (d *door) keepAnswers(c *web.Ctx) error {
	page := phrasePage{Answers: answersOf(c, "f2", "f3", "f4")}
	phrase := d.typedPhrase(c, "f5")
	if phrase.Empty() {
		page.PhraseError = web.T(c.Lang, "enter.no_phrase")
		return d.phraseAgain(c, http.StatusUnprocessableEntity, page, web.FieldError{Name: "f5", Text: page.PhraseError})
	}
	err := c.BrakeNetwork(web.LimitEnter)
	if err == nil {
		err = d.desk.KeepAnswers(c.Request().Context(), c.Actor, phrase, page.Answers.given())
	}
	if sentence, status, ok := c.Refusal(err); ok {
		page.AnswersError = sentence
		return d.phraseAgain(c, status, page, web.FieldError{Name: "f2", Text: sentence})
	}
	if err != nil {
		return err
	}
	return d.told(c, web.T(c.Lang, "answers.kept"))
}

func (d *door) forgetAnswers(c *web.Ctx) error {
	if err := d.desk.ForgetAnswers(c.Request().Context(), c.Actor); err != nil {
		return d.spaceRefuses(c, err)
	}
	return d.told(c, web.T(c.Lang, "answers.forgotten"))
}

// phraseMine says that it was she who took another phrase.
func (d *door) phraseMine(c *web.Ctx) error {
	if err := d.desk.OwnPhrase(c.Request().Context(), c.Actor); err != nil {
		return d.spaceRefuses(c, err)
	}
	return d.goTo(c, placeFirst)
}

// stopRecovery says that it was not she who asked for another phrase.
func (d *door) stopRecovery(c *web.Ctx) error {
	if err := d.desk.StopRecovery(c.Request().Context(), c.Actor); err != nil {
		return d.spaceRefuses(c, err)
	}
	return d.told(c, web.T(c.Lang, "rests.recovery.done"))
}
