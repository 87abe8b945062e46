package journey

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"reprise/internal/browser"
)

// tour is the whole job in Chromium as both people: the person on a phone, the
// caseworker at a desk. Every page it meets is held to WCAG 2.2 AA by axe, to no
// fault in its console, and to no request to anyone else.
type tour struct {
	t        *testing.T
	h        *house
	pictures string // where to keep what it saw; "": nowhere
}

func TestWholeJobInChromiumAsBothPeople(t *testing.T) {
	h := openHouse(t, filepath.Join(t.TempDir(), "reprise.db"))
	b := browser.Start(t)
	w := &tour{t: t, h: h, pictures: os.Getenv("REPRISE_PICTURES")}
	phone := b.Page(t, browser.Options{Width: 390, Height: 844, Lang: "en"})
	desk := b.Page(t, browser.Options{Width: 1280, Height: 860, Lang: "en"})

	// Given a person who opens a case on a phone, with every address of the made-up internet,
	w.opens(phone)
	h.turn()
	// when a caseworker signs in, confirms, plans, reads and approves,
	w.signsIn(desk)
	w.works(desk)
	h.turn()
	// and time passes,
	h.later(50 * time.Hour)
	// then she reads what is gone, what was asked, what is still there;
	phone.Goto("http://" + h.trial.House.Addr("portal") + "/s")
	w.look(phone, "space-390")
	for _, step := range []string{"gone", "asked"} {
		if phone.Count(`[data-t~="item"][data-step="`+step+`"]`) == 0 {
			t.Errorf("no item is %q: %s", step, phone.Text("main"))
		}
	}
	// every page of her space stands;
	for _, place := range []string{"messages", "add", "contact", "phrase", "data", "stop"} {
		phone.Submit(browser.T("go-" + place))
		if place == "messages" {
			phone.Type(browser.T("message-text"), "Thank you. Is the second one still there?")
			phone.Submit(browser.T("message-send"))
		}
		w.look(phone, place+"-390")
	}
	phone.Submit(browser.T("go-first"))
	// the desk shows the same, and the answers that wait.
	w.looksBack(desk)
	if strangers := b.Strangers(); len(strangers) != 0 {
		t.Errorf("somebody else was asked: %v", strangers)
	}
	// The way out leaves no way back.
	phone.Goto("http://" + h.trial.House.Addr("portal") + "/s")
	if got := phone.Attr(browser.T("exit"), "href"); got != "/x" {
		t.Errorf("the way out leads to %q", got)
	}
}

// look checks a page and keeps its picture.
func (w *tour) look(p *browser.Page, name string) {
	w.t.Helper()
	for _, v := range p.Axe() {
		w.t.Errorf("%s: %s (%s): %s %v", name, v.Rule, v.Impact, v.Help, v.Targets)
	}
	if problems := p.Problems(); len(problems) != 0 {
		w.t.Errorf("%s: %v", name, problems)
	}
	if w.pictures != "" {
		p.Screenshot(filepath.Join(w.pictures, name+".png"))
	}
}

func (w *tour) opens(p *browser.Page) {
	w.t.Helper()
	p.Goto("http://" + w.h.trial.House.Addr("portal") + "/")
	w.look(p, "start-390")
	p.Submit(browser.T("start"))
	for range 20 {
		if p.Count(browser.T("case-number")) > 0 {
			w.look(p, "receipt-390")
			w.h.number = strings.Join(strings.Fields(p.Text(browser.T("case-number"))), "")
			return
		}
		w.answers(p)
	}
	w.t.Fatalf("no receipt after twenty pages: %s", p.Text("main"))
}

func (w *tour) answers(p *browser.Page) {
	w.t.Helper()
	has := func(handle string) bool { return p.Count(browser.T(handle)) > 0 }
	next := "next"
	switch {
	case has("age-adult"):
		w.look(p, "age-390")
		p.Click(browser.T("age-adult"))
	case has("kind-published"):
		w.look(p, "harm-390")
		p.Click(browser.T("kind-published"))
	case has("urls") && p.Count(".card, table, .summary") == 0 && !strings.Contains(p.Text("main"), "14"):
		var all []string
		for _, a := range w.h.trial.Sandbox.Addresses() {
			all = append(all, a.URL)
		}
		p.Type(browser.T("urls"), strings.Join(all, "\n"))
		w.look(p, "addresses-390")
	case has("images") && !has("reference"):
		dir := w.t.TempDir()
		var files []string
		for n := range 2 {
			file := filepath.Join(dir, []string{"one.jpg", "two.jpg"}[n])
			if err := os.WriteFile(file, w.h.picture(n), 0o600); err != nil {
				w.t.Fatal(err)
			}
			files = append(files, file)
		}
		p.SetFiles(browser.T("images"), files...)
		w.look(p, "images-390")
	case has("contact-none"):
		w.look(p, "contact-390")
		p.Click(browser.T("contact-none"))
	case has("statement"):
		for i := range p.Count(browser.T("statement")) {
			browser.Eval[bool](p, `document.querySelectorAll('[data-t~="statement"]')[`+string(rune('0'+i))+`].click() || true`)
		}
		w.look(p, "statements-390")
	case has("submit"):
		w.look(p, "check-390")
		next = "submit"
	default:
		w.look(p, "step-390")
	}
	p.Submit(browser.T(next))
}

func (w *tour) signsIn(p *browser.Page) {
	w.t.Helper()
	login := w.h.trial.Staff[0]
	p.Goto("http://" + w.h.trial.House.Addr("console") + "/")
	w.look(p, "signin-1280")
	p.Type(browser.T("email"), login.Email)
	p.Type(browser.T("password"), login.Password)
	p.Type(browser.T("code"), login.Code(time.Now()))
	p.Submit(browser.T("sign-in"))
	w.look(p, "queue-1280")
}

func (w *tour) works(p *browser.Page) {
	w.t.Helper()
	console := "http://" + w.h.trial.House.Addr("console")
	p.Goto(console + "/cases")
	w.look(p, "cases-1280")
	link := p.Attr(browser.T("case-row")+" a", "href")
	p.Goto(console + link)
	w.look(p, "case-1280")
	p.Goto(console + link + "/matches")
	w.look(p, "matches-1280")
	w.marksAll(p, "match-row")
	p.Submit(browser.T("match-confirm") + `:not([name="confirm"])`)
	p.Goto(console + link)
	w.marksAll(p, "item-row")
	p.Submit(browser.T("plan"))
	w.look(p, "planned-1280")
	p.Goto(console + link + "/notices")
	w.look(p, "notices-1280")
	for range 40 {
		drafted := browser.T("notice-row") + `[data-state="drafted"] a`
		p.Goto(console + link + "/notices")
		if p.Count(drafted) == 0 {
			return
		}
		p.Goto(console + p.Attr(drafted, "href"))
		w.look(p, "notice-1280")
		p.Submit(browser.T("approve"))
	}
	w.t.Fatal("there is always one more notice to approve")
}

// marksAll ticks the box of every row.
func (w *tour) marksAll(p *browser.Page, row string) {
	w.t.Helper()
	browser.Eval[bool](p, `(() => { document.querySelectorAll('[data-t~="`+row+`"] input[type=checkbox]').forEach(b => { if (!b.checked) b.click() }); return true })()`)
}

func (w *tour) looksBack(p *browser.Page) {
	w.t.Helper()
	console := "http://" + w.h.trial.House.Addr("console")
	p.Goto(console + "/")
	w.look(p, "queue-later-1280")
	p.Goto(console + "/cases")
	link := p.Attr(browser.T("case-row")+" a", "href")
	p.Goto(console + link)
	w.look(p, "case-later-1280")
	p.Goto(console + "/directory")
	w.look(p, "directory-1280")
	p.Goto(console + "/jobs")
	w.look(p, "jobs-1280")
}
