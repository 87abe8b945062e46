package templates_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"reprise/internal/browser"
)

// policy is the one the doors send (SAFETY 1.2): what breaks it is stopped, and found by Problems.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// site serves one page of each door at /portal and /console, a home page, and the place the exit leads to.
func site(t *testing.T, p page) string {
	t.Helper()
	mux := http.NewServeMux()
	show := func(path, html string) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", policy)
			fmt.Fprint(w, html)
		})
	}
	show("/portal", render(t, "portal", words, p))
	p.Frame.Others = p.Frame.Others[:1] // the team has two languages
	show("/console", render(t, "console", rows, p))
	show("/{$}", `<!doctype html><title>Home</title><p data-t="home">Home</p>`)
	show("/x", `<!doctype html><title>News</title><p data-t="news">News</p>`)
	mux.Handle("GET /static/", http.StripPrefix("/static/", http.FileServerFS(os.DirFS("../static"))))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestPagesHaveNoMachineFindableFaultAndNeverScrollSideways(t *testing.T) {
	url, chromium := site(t, sample("fr")), browser.Start(t)
	for _, path := range []string{"/portal", "/console"} {
		for _, o := range []browser.Options{{Width: 390, Height: 844}, {Dark: true}, {Width: 320, Height: 256}} {
			name := fmt.Sprintf("%s at %d dark=%v", path, o.Width, o.Dark)
			tab := chromium.Page(t, o)
			tab.Goto(url + path)
			for _, v := range tab.Axe() {
				t.Errorf("%s: %s", name, v)
			}
			if over := browser.Eval[int](tab, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
				t.Errorf("%s is %d px too wide", name, over)
			}
			if problems := tab.Problems(); len(problems) > 0 {
				t.Errorf("%s: %q", name, problems)
			}
		}
	}
	if met := chromium.Strangers(); len(met) > 0 {
		t.Errorf("third parties were contacted: %q", met)
	}
}

// Text links in a sentence are excepted (WCAG 2.2, 2.5.8); ours stand in "p" and "li" of errors only.
const smallTargets = `Array.from(document.querySelectorAll(
	'.button, .exit, .choice, .govuk-input, .file, summary, .help a, .foot a, .head a:not(.skip)'))
	.filter(e => e.checkVisibility()).map(e => [e.className || e.tagName, e.getBoundingClientRect().height])
	.filter(([, h]) => h < 43.9).map(String).join('; ')`

func TestThumbsFindTargetsOf44Pixels(t *testing.T) {
	tab := browser.Start(t).Page(t, browser.Options{Width: 390, Height: 844})
	tab.Goto(site(t, sample("fr")) + "/portal")
	if small := browser.Eval[string](tab, smallTargets); small != "" {
		t.Errorf("too small for a thumb: %s", small)
	}
}

func TestFocusIsNeverUnderTheExit(t *testing.T) {
	tab := browser.Start(t).Page(t, browser.Options{Width: 320, Height: 480})
	tab.Goto(site(t, sample("fr")) + "/portal")
	const hidden = `(() => {
		const e = document.activeElement, bar = document.querySelector('.exit');
		if (e === document.body || e === bar || bar.contains(e)) return '';
		const r = (e.matches('.choice input') ? e.closest('.choice') : e).getBoundingClientRect();
		return r.top >= bar.getBoundingClientRect().top - 4 ? (e.id || e.className || e.tagName) : '';
	})()`
	for range 30 {
		tab.Press(kb.Tab)
		if under := browser.Eval[string](tab, hidden); under != "" {
			t.Errorf("%s has the focus but lies under the exit", under)
		}
	}
}

func TestExitComesFirstAndThenTheWayToTheContent(t *testing.T) {
	p := sample("fr")
	p.Faults = nil
	tab := browser.Start(t).Page(t, browser.Options{})
	tab.Goto(site(t, p) + "/portal")
	for _, want := range []string{"exit", "govuk-skip-link"} {
		tab.Press(kb.Tab)
		if class := browser.Eval[string](tab, "document.activeElement.className"); !strings.HasPrefix(class, want) {
			t.Errorf("the focus is on %q, want %q", class, want)
		}
	}
}

func TestExitLeavesWithoutScript(t *testing.T) {
	tab := browser.Start(t).Page(t, browser.Options{NoScript: true})
	tab.Goto(site(t, sample("fr")) + "/portal")
	tab.Submit(browser.T("exit"))
	tab.WaitFor(browser.T("news"))
}

func TestExitLeavesNoWayBack(t *testing.T) {
	url, chromium := site(t, sample("fr")), browser.Start(t)
	for name, leave := range map[string]func(*browser.Page){
		"by the button":        func(tab *browser.Page) { tab.Click(browser.T("exit")) },
		"by three times Shift": func(tab *browser.Page) { tab.Press(kb.Shift, kb.Shift, kb.Shift) },
	} {
		tab := chromium.Page(t, browser.Options{})
		tab.Goto(url + "/")
		tab.Goto(url + "/portal")
		leave(tab)
		tab.WaitFor(browser.T("news"))
		tab.Back()
		if tab.URL() != url+"/" {
			t.Errorf("%s: Back leads to %s", name, tab.URL())
		}
	}
}

func TestExitBlanksThePageBeforeTheNextOneAnswers(t *testing.T) {
	tab := browser.Start(t).Page(t, browser.Options{})
	tab.Goto(site(t, sample("fr")) + "/portal")
	const blank = `(() => {
		document.querySelector('.exit').setAttribute('href', '#stays');
		document.querySelector('.exit').click();
		const top = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
		return top.className + ' ' + (document.elementFromPoint(innerWidth - 60, 30).className); })()`
	if got := browser.Eval[string](tab, blank); got != "veil veil" {
		t.Errorf("after the exit one sees %q", got)
	}
}

func TestShiftForCapitalsOrTooLateDoesNotLeave(t *testing.T) {
	tab := browser.Start(t).Page(t, browser.Options{})
	tab.Goto(site(t, sample("fr")) + "/portal")
	const capitals = `for (let i = 0; i < 4; i++) for (const [type, key, shiftKey] of
		[['keydown', 'Shift', true], ['keydown', 'A', true], ['keyup', 'A', true], ['keyup', 'Shift', false]])
		document.dispatchEvent(new KeyboardEvent(type, {key, shiftKey}))`
	browser.Eval[any](tab, "{"+capitals+"}; null")
	// The five seconds are made to pass at once.
	browser.Eval[any](tab, "window.setTimeout = (f, ms) => { if (ms === 5000) window.late = f; return 1; }; null")
	tab.Press(kb.Shift, kb.Shift)
	if said := browser.Eval[string](tab, "document.querySelector('[data-exit]').textContent"); said != catalogue(t, "fr")["exit.twice"] {
		t.Errorf("after two presses a screen reader hears %q", said)
	}
	browser.Eval[any](tab, "late(); null")
	tab.Press(kb.Shift, kb.Shift)
	if said := browser.Eval[string](tab, "document.querySelector('.veil').hidden && location.pathname"); said != "/portal" {
		t.Errorf("two presses after a pause left for %q", said)
	}
}

func TestShiftCanBeSwitchedOff(t *testing.T) {
	p := sample("fr")
	p.Frame.NoShift = true
	tab := browser.Start(t).Page(t, browser.Options{})
	tab.Goto(site(t, p) + "/portal")
	tab.Press(kb.Shift, kb.Shift, kb.Shift)
	if !browser.Eval[bool](tab, "document.querySelector('.veil').hidden") {
		t.Error("the page left although Shift is switched off")
	}
}

func TestPageBroughtBackIsNotShown(t *testing.T) {
	tab := browser.Start(t).Page(t, browser.Options{})
	tab.Goto(site(t, sample("fr")) + "/portal")
	browser.Eval[any](tab, "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true})); null")
	tab.WaitFor(browser.T("home"))
}

func TestPageHidesWhenOneSwitchesAwayIfWished(t *testing.T) {
	p := sample("fr")
	p.Frame.HideOnSwitch = true
	tab := browser.Start(t).Page(t, browser.Options{})
	tab.Goto(site(t, p) + "/portal")
	browser.Eval[any](tab, "dispatchEvent(new Event('blur')); null")
	tab.WaitFor(".veil button")
	tab.Click(".veil button")
	tab.WaitGone(".veil:not([hidden])")
}

func TestOneBoxSelectsAHostAndTheBarCounts(t *testing.T) {
	tab := browser.Start(t).Page(t, browser.Options{})
	tab.Goto(site(t, sample("fr")) + "/console")
	tab.Click("tbody [data-all]")
	if count := tab.Text("[data-count]"); count != "2" {
		t.Errorf("one host of two rows selected counts as %s", count)
	}
	tab.Click("[data-row]")
	const state = `['thead', 'tbody'].map(p => document.querySelector(p + ' [data-all]')).map(b => b.indeterminate).join()`
	if got := browser.Eval[string](tab, state); got != "true,true" {
		t.Errorf("half of the rows are selected; the boxes above say %s", got)
	}
	tab.Press("j")
	if got := browser.Eval[string](tab, "document.activeElement.value"); got != "20 November" {
		t.Errorf("j leads to %q", got)
	}
}
