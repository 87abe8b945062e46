package journey

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"reprise/internal/browser"
)

// TestTheWholeSpaceInBothLanguagesWithAndWithoutScript does in Chromium all that a
// person can do in her space, on a phone and at a desk, until nothing is left of it.
func TestTheWholeSpaceInBothLanguagesWithAndWithoutScript(t *testing.T) {
	h := openHouse(t, filepath.Join(t.TempDir(), "reprise.db"))
	b := browser.Start(t)
	for name, o := range map[string]browser.Options{
		"phone, fr, script":    {Width: 390, Height: 844, Lang: "fr"},
		"phone, en, no script": {Width: 390, Height: 844, Lang: "en", NoScript: true},
		"desk, fr, no script":  {Width: 1280, Height: 860, Lang: "fr", NoScript: true},
		"desk, en, script":     {Width: 1280, Height: 860, Lang: "en"},
	} {
		t.Run(name, func(t *testing.T) {
			w := &inhabitant{tour: &tour{t: t, h: h}, Page: b.Page(t, o), script: !o.NoScript}
			w.comesIn()
			w.talksAndAdds()
			w.saysHowSheIsReached()
			w.keepsHerPhrase()
			w.looksAtOneAddress()
			w.restsAndGoesOn()
			w.takesAllAndErases()
		})
	}
	if strangers := b.Strangers(); len(strangers) != 0 {
		t.Errorf("somebody else was asked: %v", strangers)
	}
}

// inhabitant is a person in her space.
type inhabitant struct {
	*tour
	*browser.Page
	script bool
	phrase []string
}

// press presses a button, and has the page it leads to looked at and found to show
// something.
func (w *inhabitant) press(handle, shows string) {
	w.t.Helper()
	w.Submit(browser.T(handle))
	if w.Count(shows) == 0 {
		w.t.Fatalf("after %q there is no %s: %s", handle, shows, w.Text("main"))
	}
	if w.script { // without script of its own a page has none to be judged by
		w.look(w.Page, handle)
	}
}

func (w *inhabitant) comesIn() {
	w.t.Helper()
	w.Goto("http://" + w.h.trial.House.Addr("portal") + "/")
	w.Submit(browser.T("start"))
	for range 20 {
		if w.Count(browser.T("case-number")) > 0 {
			break
		}
		giveCanaries(w.Page)
	}
	w.phrase = strings.Fields(w.Text(browser.T("case-phrase")))
	if len(w.phrase) != 7 {
		w.t.Fatalf("no receipt: %s", w.Text("main"))
	}
	w.press("words", browser.T("word-3"))
	w.Type(browser.T("word-3"), w.phrase[2])
	w.Type(browser.T("word-6"), w.phrase[5])
	w.press("checked", browser.T("item"))
}

func (w *inhabitant) talksAndAdds() {
	w.t.Helper()
	w.press("go-messages", browser.T("message-text"))
	w.Type(browser.T("message-text"), canaryWords)
	w.press("message-send", ".message")
	w.press("go-add", browser.T("urls"))
	w.Type(browser.T("urls"), canaryAddress+"/more\n"+canaryLabel)
	w.press("add-urls", ".remarks")
}

func (w *inhabitant) saysHowSheIsReached() {
	w.t.Helper()
	w.press("go-contact", browser.T("code"))
	w.press("code-send", browser.T("code"))
	w.h.turn()
	mails := w.h.told()
	w.Type(browser.T("code"), regexp.MustCompile(`\b[0-9]{6}\b`).FindString(mails[len(mails)-1].Body))
	w.press("code-try", browser.T("mail-stop"))
	w.Type(browser.T("code-word"), canaryCode)
	w.press("wishes", `[value="`+canaryCode+`"]`)
}

// keepsHerPhrase chooses answers, changes the phrase, and comes back by the new one.
func (w *inhabitant) keepsHerPhrase() {
	w.t.Helper()
	w.press("go-phrase", browser.T("answers-keep"))
	for n, answer := range []string{"the island", "garden", "violet"} {
		w.Type(browser.T("answer-"+string(rune('1'+n))), answer)
	}
	w.press("answers-keep", browser.T("answers-kept"))
	w.press("phrase-change", browser.T("case-phrase"))
	was := strings.Join(w.phrase, " ")
	if w.phrase = strings.Fields(w.Text(browser.T("case-phrase"))); strings.Join(w.phrase, " ") == was {
		w.t.Error("the phrase is the same")
	}
	number := w.Text(browser.T("case-number"))
	w.Submit(browser.T("next"))
	w.press("phrase-mine", browser.T("item"))
	w.press("out", browser.T("enter"))
	w.Type(browser.T("enter-number"), number)
	w.Type(browser.T("enter-phrase"), strings.Join(w.phrase, " "))
	w.press("enter", browser.T("item"))
}

func (w *inhabitant) looksAtOneAddress() {
	w.t.Helper()
	w.press("history", browser.T("label"))
	w.Type(browser.T("label"), canaryLabel)
	w.press("label-save", `[value="`+canaryLabel+`"]`)
	w.press("item-stop", browser.T("item-stop-yes"))
	w.press("item-stop-yes", "h1")
	w.press("go-first", browser.T("item"))
}

func (w *inhabitant) restsAndGoesOn() {
	w.t.Helper()
	w.press("go-stop", browser.T("pause"))
	w.press("pause", browser.T("resume"))
	w.press("resume", browser.T("item"))
	w.press("go-stop", browser.T("withdraw"))
	w.press("withdraw", `[value="withdraw-yes"]`)
	w.press("withdraw", browser.T("resume"))
	w.press("resume", browser.T("item"))
}

func (w *inhabitant) takesAllAndErases() {
	w.t.Helper()
	w.press("go-data", browser.T("read-told"))
	w.press("read-told", "h1")
	if !strings.Contains(w.Text("main"), canaryCode) {
		w.t.Error("her data does not tell what she said")
	}
	w.press("go-data", browser.T("erase"))
	w.press("erase", browser.T("erase-phrase"))
	w.Type(browser.T("erase-phrase"), strings.Join(w.phrase, " "))
	w.press("erase-yes", browser.T("erased-receipt"))
}
