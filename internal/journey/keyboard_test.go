package journey

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"reprise/internal/browser"

	"github.com/chromedp/chromedp/kb"
)

// hand is a person without a mouse, at 320 px: what a page at 400 % zoom has.
type hand struct {
	*browser.Page
	t *testing.T
}

// TestTheWholeJourneyByKeyboardAndByEar opens a case, reads it and leaves, with
// the keyboard alone; and reads every page on the way as a screen reader does.
func TestTheWholeJourneyByKeyboardAndByEar(t *testing.T) {
	h := openHouse(t, filepath.Join(t.TempDir(), "reprise.db"))
	p := &hand{browser.Start(t).Page(t, browser.Options{Width: 320, Height: 480, Lang: "en"}), t}
	p.Goto("http://" + h.trial.House.Addr("portal") + "/")
	p.listen()
	p.tabTo("start")
	p.PressOn(kb.Enter)
	for range 20 {
		if p.listen(); p.Count(browser.T("case-number")) > 0 {
			break
		}
		p.answer(h.example("removes"))
	}
	if p.Count(browser.T("case-number")) == 0 {
		t.Fatalf("no receipt: %s", p.Text("main"))
	}
	p.Goto("http://" + h.trial.House.Addr("portal") + "/s")
	if p.Count(browser.T("item")) == 0 {
		t.Fatalf("no item in the space: %s", p.Text("main"))
	}
	ways := browser.Eval[[]string](p.Page, `[...document.querySelectorAll("[data-t^=go-]")].map(e => e.dataset.t)`)
	for _, way := range ways {
		p.tabTo(way)
		p.PressOn(kb.Enter)
		p.listen()
	}
	p.tabTo("exit")
	p.PressOn(kb.Enter)
	if at := p.URL(); !strings.HasSuffix(at, "/weather") {
		t.Errorf("the way out led to %s", at)
	}
}

// answer answers the page's one question.
func (p *hand) answer(address string) {
	p.t.Helper()
	has := func(handle string) bool { return p.Count(browser.T(handle)) > 0 }
	next := "next"
	switch {
	case has("age-adult"):
		p.tabTo("age-adult")
		p.Press(" ")
	case has("kind-published"):
		p.tabTo("kind-published")
		p.Press(" ")
	case has("urls"):
		p.tabTo("urls")
		p.Press(strings.Split(address, "")...)
	case has("statement"):
		p.tabTo("statement")
		for range p.Count(browser.T("statement")) {
			p.Press(" ", kb.Tab)
		}
	case has("submit"):
		next = "submit"
	}
	p.tabTo(next)
	p.PressOn(kb.Enter)
}

// tabTo presses Tab until a control has the focus, which must be seen there: no
// bar lies over it.
func (p *hand) tabTo(handle string) {
	p.t.Helper()
	const focus = `(() => {
		const e = document.activeElement, r = e.getBoundingClientRect(), at = document.elementFromPoint(r.left + r.width / 2, r.top + Math.min(r.height, innerHeight) / 2);
		const own = at && (e === at || e.contains(at) || (e.labels && [...e.labels].some(l => l.contains(at))));
		return [e.dataset.t || "", e === document.body || own ? "" : e.tagName + " " + (e.innerText || e.id)];
	})()`
	var met []string
	for range 200 {
		at := browser.Eval[[]string](p.Page, focus)
		if at[1] != "" {
			p.t.Errorf("something lies over %q", at[1])
		}
		if slices.Contains(strings.Fields(at[0]), handle) {
			return
		}
		met = append(met, at[0])
		p.Press(kb.Tab)
	}
	p.t.Fatalf("Tab never leads to %q, but to %q", handle, slices.Compact(met))
}

// listen reads the page by ear: each control has a name, one heading is the page's
// own, no level is left out, and there is a way past what every page repeats.
func (p *hand) listen() {
	p.t.Helper()
	controls := []string{"button", "link", "textbox", "checkbox", "radio", "combobox", "listbox", "DisclosureTriangle", "dialog", "alertdialog", "image", "navigation"}
	titles, last, marks := 0, 0, map[string]int{}
	for _, s := range p.Spoken() {
		marks[s.Role]++
		if slices.Contains(controls, s.Role) && strings.TrimSpace(s.Name) == "" {
			p.t.Errorf("%s: a %s without a name", p.Text("h1"), s.Role)
		}
		if s.Role != "heading" {
			continue
		}
		if s.Level == 1 {
			titles++
		}
		if last > 0 && s.Level > last+1 {
			p.t.Errorf("the heading %q is of level %d after %d", s.Name, s.Level, last)
		}
		last = s.Level
	}
	if titles != 1 || marks["main"] != 1 || marks["banner"] != 1 || marks["contentinfo"] != 1 {
		p.t.Errorf("%s: %d titles, %v", p.Text("h1"), titles, marks)
	}
}
