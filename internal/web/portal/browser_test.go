package portal

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"reprise/internal/browser"
)

// chromiumHouse is a portal seen with a real browser, which sends Origin and
// Sec-Fetch-Site and holds pages to their policy, as no client of a test does.
func chromiumHouse(t testing.TB) (*house, *browser.Browser) {
	t.Helper()
	h := newHouse(t)
	h.desk.show = progressOf(8)
	return h, browser.Start(t)
}

func TestRow95_FormsWorkInABrowserWithAndWithoutScript(t *testing.T) {
	h, chromium := chromiumHouse(t)
	file := filepath.Join(t.TempDir(), "one.png")
	if err := os.WriteFile(file, inPNG(t, photos(t, 1)[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, o := range []browser.Options{{Width: 390, Height: 844, NoScript: true, Lang: "fr"}, {Lang: "en"}} {
		p := chromium.Page(t, o)
		fillInBy(p, h.url, file, o.NoScript)
		if number, phrase := p.Text(browser.T("case-number")), p.Text(browser.T("case-phrase")); number != "123 456 789" || phrase != deskPhrase {
			t.Errorf("script off %v: %q %q", o.NoScript, number, phrase)
		}
		p.Submit(browser.T("next"))
		if got := p.Count(browser.T("item")); got != 8 {
			t.Errorf("script off %v: %d items", o.NoScript, got)
		}
		p.Submit(browser.T("go-stop"))
		p.Submit(browser.T("withdraw"))
		p.Submit(browser.T("back"))
		p.Submit(browser.T("out"))
		p.WaitFor(browser.T("start"))
		if problems := p.Problems(); len(problems) > 0 {
			t.Errorf("script off %v: %q", o.NoScript, problems)
		}
	}
	if met := chromium.Strangers(); len(met) > 0 {
		t.Errorf("third parties were contacted: %q", met)
	}
	if len(h.desk.opened) != 2 || len(h.desk.opened[0].References) != 1 {
		t.Errorf("%d cases", len(h.desk.opened))
	}
}

// fillInBy answers every question with the mouse and sends the form. With script
// the image is hashed at once; without, by us.
func fillInBy(p *browser.Page, url, file string, noScript bool) {
	p.Goto(url)
	p.Submit(browser.T("start"))
	choose(p, "age-adult")
	choose(p, "kind-published")
	p.Type(browser.T("urls"), "https://pics.example/a")
	p.Submit(browser.T("next"))
	p.SetFiles(browser.T("images"), file)
	if noScript {
		p.Submit(browser.T("next"))
	}
	p.WaitFor(`[data-state="hashed"]`)
	p.Submit(browser.T("next"))
	choose(p, "contact-none")
	for _, value := range []string{"consent", "faith", "mandate"} {
		p.Click(`[value="` + value + `"]`)
	}
	p.Submit(browser.T("next"))
	p.Submit(browser.T("submit"))
}

func choose(p *browser.Page, handle string) {
	p.Click(browser.T(handle))
	p.Submit(browser.T("next"))
}

func TestEnterGoesOnAndTheLanguageTakesTheTextAlong(t *testing.T) {
	h, chromium := chromiumHouse(t)
	p := chromium.Page(t, browser.Options{Lang: "fr"})
	p.Goto(h.url)
	p.Submit(browser.T("start"))
	choose(p, "age-adult")
	choose(p, "kind-threat")
	p.Type(browser.T("urls"), "https://pics.example/typed")
	p.Submit(browser.T("language"))
	if got := p.Text("h1"); got != "Where are the images?" {
		t.Errorf("the page is not in English: %q", got)
	}
	if got := browser.Eval[string](p, `document.querySelector("textarea").value`); got != "https://pics.example/typed" {
		t.Errorf("what was typed is lost: %q", got)
	}
	p.Submit(browser.T("next"))
	p.Submit(browser.T("next"))
	p.Click(browser.T("contact-email"))
	p.Type(browser.T("email"), "she@example.org")
	p.Press(kb.Enter)
	p.WaitFor(browser.T("statement"))
	if got := p.Text("h1"); got != "Three sentences we need" {
		t.Errorf("the Enter key led to %q", got)
	}
}

func TestPagesOfTheFormHaveNoMachineFindableFault(t *testing.T) {
	h, chromium := chromiumHouse(t)
	for _, o := range []browser.Options{{Width: 320, Height: 568}, {Dark: true}} {
		p := chromium.Page(t, o)
		look := func(name string) {
			for _, v := range p.Axe() {
				t.Errorf("%s: %s", name, v)
			}
			if over := browser.Eval[int](p, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
				t.Errorf("%s is %d px too wide", name, over)
			}
		}
		p.Goto(h.url)
		look("the first page")
		p.Submit(browser.T("start"))
		p.Submit(browser.T("next"))
		look("a question to be looked at again")
		choose(p, "age-adult")
		choose(p, "kind-recording")
		p.Type(browser.T("urls"), "hxxp://pics[.]example/a/very/long/address/that/never/ends/and/has/no/place/to/break?and=goes&on=and-on\nnothing here")
		p.Submit(browser.T("next"))
		look("addresses with remarks")
		p.Goto(h.url)
		p.Type(browser.T("enter-number"), deskNumber)
		p.Type(browser.T("enter-phrase"), deskPhrase)
		p.Submit(browser.T("enter"))
		look("the space")
	}
}
