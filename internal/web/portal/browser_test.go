package portal

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"reprise/internal/browser"
	"reprise/internal/web"
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
	p.Submit(browser.T("next"))
	p.Type(browser.T("urls"), "https://pics.example/a")
	p.Submit(browser.T("next"))
	p.SetFiles(browser.T("images"), file)
	if noScript {
		p.Submit(browser.T("next"))
	}
	p.WaitFor(`[data-state="hashed"]`)
	p.Submit(browser.T("next"))
	choose(p, "contact-none")
	p.Click(browser.T("statement"))
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
	p.Submit(browser.T("next"))
	p.Type(browser.T("urls"), "https://pics.example/typed")
	p.Submit(browser.T("language"))
	if got := p.Text("h1"); got != "Where are the images?" {
		t.Errorf("the page is not in English: %q", got)
	}
	if got := browser.Eval[string](p, `document.querySelector("textarea").value`); got != "https://pics.example/typed" {
		t.Errorf("what was typed is lost: %q", got)
	}
	browser.Eval[any](p, "document.querySelector('.languages__summary').focus(); null")
	p.Press(kb.Enter)
	p.Press(kb.Tab)
	p.PressOn(kb.Enter)
	if got := browser.Eval[string](p, `document.documentElement.dir + document.querySelector("textarea").value`); got != "rtlhttps://pics.example/typed" {
		t.Errorf("by keyboard, under the globe: %q", got)
	}
	p.Click(".languages__summary")
	p.Submit(browser.T("language-en"))
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

func TestPagesHaveNoMachineFindableFaultInAnyLanguage(t *testing.T) {
	h, chromium := chromiumHouse(t)
	for _, l := range web.Langs("portal") {
		for _, o := range []browser.Options{{Width: 320, Height: 568}, {Width: 1280, Height: 900, Dark: true}} {
			o.Lang = string(l)
			p := chromium.Page(t, o)
			walkBy(p, h.url, func(name string) {
				for _, v := range p.Axe() {
					t.Errorf("%s in %s at %d: %s", name, l, o.Width, v)
				}
				if over := browser.Eval[int](p, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
					t.Errorf("%s in %s at %d is %d px too wide", name, l, o.Width, over)
				}
				if got := browser.Eval[string](p, "getComputedStyle(document.body).direction + document.documentElement.lang"); got != web.Dir(l)+string(l) {
					t.Errorf("%s in %s is written as %s", name, l, got)
				}
			})
			if problems := p.Problems(); len(problems) > 0 {
				t.Errorf("%s at %d: %q", l, o.Width, problems)
			}
		}
	}
}

// walkBy leads through the portal, and looks at each page.
func walkBy(p *browser.Page, url string, look func(name string)) {
	p.Goto(url)
	look("the first page")
	p.Click(".languages__summary")
	look("the other languages")
	browser.Eval[any](p, "scrollTo(0, document.body.scrollHeight); null") // from under the exit
	p.Submit(browser.T("access"))
	browser.Eval[any](p, "document.querySelectorAll('details').forEach(d => d.open = true); null")
	look("the access page")
	p.Submit(browser.T("back"))
	p.Submit(browser.T("start"))
	p.Submit(browser.T("next"))
	look("a question to be looked at again")
	choose(p, "age-adult")
	look("what happened")
	choose(p, "kind-recording")
	p.Submit(browser.T("next"))
	p.Type(browser.T("urls"), "hxxp://pics[.]example/a/very/long/address/that/never/ends/and/has/no/place/to/break?and=goes&on=and-on\nnothing here")
	p.Submit(browser.T("next"))
	look("addresses with remarks")
	p.Submit(browser.T("next"))
	look("images")
	p.Submit(browser.T("next"))
	look("how to tell her")
	choose(p, "contact-none")
	look("the three sentences")
	p.Click(browser.T("statement"))
	p.Submit(browser.T("next"))
	look("the last look")
	p.Submit(browser.T("submit"))
	look("the receipt")
	p.Submit(browser.T("next"))
	for _, place := range []string{"go-first", "go-add", "go-contact", "go-stop"} {
		p.Submit(browser.T(place))
		look(place)
	}
}
