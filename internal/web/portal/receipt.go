package portal

import (
	"net/http"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// valueChecks marks the session of one who checks the words of her phrase, and
// valueKnown that of one who has: no other phrase is drawn then.
const (
	valueChecks  = "checks"
	valueKnown   = "known"
	valueRenewed = "renewed" // it has taken the place of another
	valueArrived = "arrived" // and was shown
)

// showReceipt shows the number and the phrase until she leaves her space, or asks
// for two words of it.
func (d *door) showReceipt(c *web.Ctx) error {
	number, phrase := c.Session.Get(valueNumber), c.Session.Get(valuePhrase)
	if phrase == "" {
		return c.Redirect(pathSpace)
	}
	if err := d.arrived(c); err != nil {
		return err
	}
	if c.Session.Get(valueChecks) != "" {
		return wordsPages.Render(c, wordsPage{Frame: c.Frame()})
	}
	return receiptPages.Render(c, receiptPage{
		c.Frame(), spaced(number), phrase, strings.Fields(phrase), c.Session.Get(valueKnown) == "", c.Session.Get(valueRenewed) != "",
	})
}

// arrived ends the code that gave another phrase, once this browser has come for it
// with a visit of its own: until it leaves, the phrase can be shown again.
func (d *door) arrived(c *web.Ctx) error {
	if c.Session.Get(valueRenewed) == "" || c.Session.Get(valueArrived) != "" {
		return nil
	}
	if err := d.desk.PhraseArrived(c.Request().Context(), c.Actor, takedown.NewPrivate(c.Session.Get(valuePhrase))); err != nil {
		return err
	}
	c.Session.Set(valueArrived, "1")
	return c.Session.Save()
}

// takeReceipt does what she asks for with her phrase before her.
func (d *door) takeReceipt(c *web.Ctx) error {
	switch do := c.Value("do"); {
	case c.Value("lang") != "" || c.Session.Get(valuePhrase) == "":
		return d.inLanguage(c, pathForm)
	case do == "another":
		return d.anotherPhrase(c)
	case do == "words" || do == "phrase":
		c.Session.Set(valueChecks, map[string]string{"words": "1"}[do])
	case do == "checked":
		return d.checkWords(c)
	}
	if err := c.Session.Save(); err != nil {
		return err
	}
	return c.Redirect(pathForm)
}

// anotherPhrase draws seven other words, as long as nobody has used the first.
func (d *door) anotherPhrase(c *web.Ctx) error {
	if err := c.BrakeNetwork(web.LimitEnter); err != nil {
		return d.receiptRefuses(c, err)
	}
	phrase := d.desk.NewPhrase(web.Words(c.Lang))
	if err := d.desk.NewPhraseFor(c.Request().Context(), c.Actor, phrase); err != nil {
		return d.receiptRefuses(c, err)
	}
	c.Session.Set(valuePhrase, phrase.Reveal())
	if err := c.Flash(web.Alert{Kind: "good", Text: web.T(c.Lang, "receipt.another.done")}); err != nil {
		return err
	}
	if err := c.Session.Save(); err != nil {
		return err
	}
	return c.Redirect(pathForm)
}

// receiptRefuses shows the same phrase with the reason why it stays.
func (d *door) receiptRefuses(c *web.Ctx, err error) error {
	sentence, _, ok := c.Refusal(err)
	if !ok {
		return err
	}
	c.Alerts = append(c.Alerts, web.Alert{Kind: "care", Text: sentence})
	return d.showReceipt(c)
}

// checkWords compares the two words with those of the phrase.
func (d *door) checkWords(c *web.Ctx) error {
	words := strings.Fields(c.Session.Get(valuePhrase))
	p := wordsPage{}
	look := func(name string, n int, f *wordField) {
		f.Value = strings.TrimSpace(c.Value(name))
		if n < len(words) && plainWord(f.Value) == plainWord(words[n]) {
			return
		}
		f.Error = web.T(c.Lang, "words.other", n+1)
		if f.Value == "" {
			f.Error = web.T(c.Lang, "words.none", n+1)
		}
		p.Errors = append(p.Errors, web.FieldError{Name: name, Text: f.Error})
	}
	look("f1", 2, &p.Third)
	look("f2", 5, &p.Sixth)
	if len(p.Errors) > 0 {
		p.Frame = c.Frame()
		return wordsPages.RenderStatus(c, http.StatusUnprocessableEntity, p)
	}
	if err := d.desk.KnowPhrase(c.Request().Context(), c.Actor); err != nil {
		return err
	}
	c.Session.Set(valueKnown, "1")
	c.Session.Set(valueChecks, "")
	return d.told(c, web.T(c.Lang, "words.right"))
}

// plainWord is a word without case, accents and spaces.
func plainWord(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
}
