package portal

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"reprise/internal/takedown"
)

func TestFormLeadsFromTheFirstQuestionToTheReceipt(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	v.has("2 adresses", "1 empreinte")
	v.post("/f", "do", "submit")
	v.has("123 456 789", deskPhrase)
	if v.page.path != "/f" {
		t.Errorf("the receipt is at %s", v.page.path)
	}
	if len(h.desk.opened) != 1 {
		t.Fatalf("%d cases were opened", len(h.desk.opened))
	}
	n := h.desk.opened[0]
	if n.Addresses != "https://pics.example/a\nhttps://pics.example/b" || len(n.References) != 1 || n.Key == "" || !n.Statements.Complete() ||
		n.References[0].Label != "" || n.Age != takedown.AgeAdult || n.Harm != takedown.HarmPublished || n.Lang != takedown.French || !n.Contact.Email.Empty() {
		t.Errorf("the case is not what was filled in: %d references, %+v", len(n.References), n.Statements)
	}
	v.get("/s")
	v.has("Votre dossier")
	v.get("/f")
	v.has(deskPhrase)
	v.post("/f", "lang", "en")
	v.has(deskPhrase, "Write them down by hand")
}

func TestMinorsRouteKeepsNothing(t *testing.T) {
	for _, answer := range []string{"minor", "unsure"} {
		h := newHouse(t)
		v := h.visitor()
		v.get("/f")
		v.post("/f", "f1", answer, "do", "next")
		v.has("pour les jeunes", "3018")
		if v.page.header.Get("Set-Cookie") != "" || h.rows.count() != 0 || strings.Contains(v.page.body, `type="file"`) {
			t.Errorf("%s: a cookie, a session or a file field", answer)
		}
		v.post("/f", "lang", "en")
		v.has("for young people")
		if h.rows.count() != 0 {
			t.Errorf("%s: the language made a session", answer)
		}
	}
}

func TestMinorsRouteForgetsWhatWasFilledInBefore(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	v.post("/f", "do", "step-1")
	v.post("/f", "f1", "minor", "do", "next")
	v.has("pour les jeunes")
	if h.rows.count() != 0 || len(h.desk.opened) != 0 {
		t.Error("the form is still kept")
	}
	v.get("/f")
	if !v.page.handle("age-adult") || strings.Contains(v.page.body, " checked") {
		t.Error("the form does not begin anew")
	}
}

func TestOneQuestionIsAskedBeforeAnythingIsKept(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	if v.get("/f"); h.rows.count() != 0 {
		t.Errorf("%d sessions before anything was pressed", h.rows.count())
	}
	if v.post("/f", "do", "next"); v.page.status != http.StatusUnprocessableEntity {
		t.Errorf("%d", v.page.status)
	}
	v.has("Choisissez une réponse")
}

// typed is what was typed at each step, to be found again whatever happens.
var typed = []struct {
	step   int
	fields []string
	shows  []string
}{
	{stepHarm, []string{"f1", "deepfake"}, []string{`value="deepfake" checked`}},
	{stepWho, []string{"f1", "other"}, []string{`value="other" checked`}},
	{stepAddresses, []string{"f1", "https://pics.example/typed\nnot an address"}, []string{"https://pics.example/typed\nnot an address</textarea>"}},
	{stepContact, []string{"f1", "mail", "f2", "half@typed", "f3", "daily"}, []string{`value="mail" checked`, `value="half@typed"`, `value="daily" selected`}},
	{stepStatements, []string{"s", "yes"}, []string{`value="yes" checked`}},
}

func TestDraftSurvivesLanguageBackStayAndFaults(t *testing.T) {
	for _, c := range typed {
		for name, button := range map[string][]string{
			"the language": {"lang", "en"}, "to stay": {"stay", "1"}, "back": {"do", "back"}, "a fault": {"do", "next"},
		} {
			v := newHouse(t).visitor()
			v.fillIn()
			v.post("/f", "do", fmt.Sprintf("step-%d", c.step))
			v.post("/f", append(c.fields, button...)...)
			if name == "back" || c.step != stepAddresses {
				v.backTo(c.step)
			}
			v.has(c.shows...)
		}
	}
}

// backTo goes on with what is filled in until the step is shown.
func (v *visitor) backTo(step int) {
	v.t.Helper()
	want := fmt.Sprintf(`name="p" value="%d"`, step)
	for range stepCheck {
		if strings.Contains(v.page.body, want) {
			return
		}
		switch {
		case v.page.handle("submit"):
			v.post("/f", "do", fmt.Sprintf("step-%d", step))
		case v.page.handle("images"):
			v.upload("/f", "next")
		default:
			v.resend()
		}
	}
	v.t.Fatalf("step %d is not reached: %s", step, plain(v.page.body))
}

// resend sends the page's form as it stands.
func (v *visitor) resend() page {
	v.t.Helper()
	pairs := []string{"do", "next"}
	tokens := html.NewTokenizer(strings.NewReader(v.page.body))
	area := ""
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		tok := tokens.Token()
		at := map[string]string{}
		for _, a := range tok.Attr {
			at[a.Key] = a.Val
		}
		_, checked := at["checked"]
		switch {
		case kind == html.TextToken && area != "":
			pairs, area = append(pairs, area, strings.TrimPrefix(tok.Data, "\n")), ""
		case tok.Data == "textarea" && kind == html.StartTagToken:
			area = at["name"]
		case tok.Data == "input" && (checked || at["type"] == "email" || at["type"] == "text"):
			pairs = append(pairs, at["name"], at["value"])
		}
	}
	return v.post("/f", pairs...)
}

func TestWhileTheDatabaseIsAwayWhatWasTypedIsShownAgain(t *testing.T) {
	for _, c := range typed {
		h := newHouse(t)
		v := h.visitor()
		v.fillIn()
		v.post("/f", "do", fmt.Sprintf("step-%d", c.step))
		before := v.page
		h.rows.away(errAway)
		v.post("/f", append(c.fields, "do", "next")...)
		v.has(append(c.shows, "Rien n’est perdu de votre côté")...)
		if v.page.status != http.StatusServiceUnavailable {
			t.Errorf("step %d: %d", c.step, v.page.status)
		}
		h.rows.away(nil)
		if v.post("/f", append(c.fields, "do", "next")...); v.page.status >= 500 || v.page.path != before.path {
			t.Errorf("step %d, pressed again: %d", c.step, v.page.status)
		}
	}
}

func TestChangingOneAnswerLeadsBackToTheEnd(t *testing.T) {
	v := newHouse(t).visitor()
	v.fillIn()
	v.post("/f", "do", "step-2")
	v.post("/f", "f1", "recording", "do", "next")
	v.post("/f", "f1", "self", "do", "next")
	v.has("Les images ont été prises en cachette")
	if !v.page.handle("submit") {
		t.Error("the end is not shown")
	}
}

func TestStepsCannotBeJumped(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.get("/f")
	v.post("/f", "f1", "adult", "do", "next")
	for _, p := range []string{"7", "4", "99", "-1", "x", ""} {
		form := v.hidden()
		form.Set("p", p)
		form.Set("do", "submit")
		r := v.request(http.MethodPost, "/f", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if v.do(r); !v.page.handle("kind-published") {
			t.Errorf("step %q: %s", p, plain(v.page.body))
		}
	}
	if len(h.desk.opened) != 0 {
		t.Error("a case was opened")
	}
	if p := v.upload("/f", "next", sentFile{"a.jpg", photo}); p.status != http.StatusUnsupportedMediaType || len(h.desk.images) != 0 {
		t.Errorf("an image before its question: %d, %d hashed", p.status, len(h.desk.images))
	}
}

func TestRemarksAreShownOnceAndOneMayGoOn(t *testing.T) {
	v := newHouse(t).visitor()
	v.get("/f")
	v.post("/f", "f1", "adult", "do", "next")
	v.post("/f", "f1", "published", "do", "next")
	v.post("/f", "f1", "self", "do", "next")
	const text = "hxxps://pics[.]example/x\nnothing here\nhttps://pics.example/y"
	v.post("/f", "f1", text, "do", "next")
	v.has("Nous avons lu 2 adresses.", "Ligne 1\u00a0:", "https://pics.example/x", "Ligne 2\u00a0:", "nothing here", text+"</textarea>")
	v.post("/f", "f1", text, "do", "next")
	v.has("Nous avons lu 2 adresses.")
	if !v.page.handle("images") {
		t.Errorf("one may not go on: %s", plain(v.page.body))
	}
	v.upload("/f", "back")
	v.post("/f", "f1", text+"\nnor here", "do", "next")
	v.has("nor here", "Ligne 4\u00a0:")
}

func TestTooMuchTextStaysInTheBox(t *testing.T) {
	v := newHouse(t).visitor()
	v.get("/f")
	v.post("/f", "f1", "adult", "do", "next")
	v.post("/f", "f1", "published", "do", "next")
	v.post("/f", "f1", "self", "do", "next")
	text := strings.Repeat("https://pics.example/0123456789\n", 40_000)
	v.post("/f", "f1", text, "do", "next")
	v.has("Ce texte est trop long", strings.TrimSuffix(text, "\n"))
	many := strings.Repeat("https://pics.example/a\n", 5000)
	if v.post("/f", "f1", many, "do", "next"); !v.page.handle("images") {
		t.Errorf("5,000 lines: %d", v.page.status)
	}
}

func TestNothingGivenIsSaidBeforeTheNextQuestions(t *testing.T) {
	v := newHouse(t).visitor()
	v.get("/f")
	v.post("/f", "f1", "adult", "do", "next")
	v.post("/f", "f1", "threat", "do", "next")
	v.post("/f", "f1", "self", "do", "next")
	v.post("/f", "f1", "", "do", "next")
	v.upload("/f", "next")
	v.has("au moins une adresse ou une image")
	v.upload("/f", "next", sentFile{"a.jpg", photo})
	if v.upload("/f", "next"); !v.page.handle("contact-none") {
		t.Errorf("an image alone is not enough: %s", plain(v.page.body))
	}
}

func TestContactIsKeptOnlyWhenItIsWanted(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	v.post("/f", "do", "step-7")
	v.post("/f", "f1", "mail", "f2", " she@example.org ", "f3", "daily", "do", "next")
	v.has("she@example.org", "Une fois par jour")
	v.post("/f", "do", "step-7")
	v.post("/f", "f1", "mail", "f2", "she@example.org", "f3", "hourly", "do", "next")
	v.has("Une fois par semaine")
	v.post("/f", "do", "submit")
	if c := h.desk.opened[0].Contact; c.Email.Reveal() != "she@example.org" || c.Frequency != takedown.MailWeekly {
		t.Errorf("%q %s", c.Email.Reveal(), c.Frequency)
	}
	other := newHouse(t)
	w := other.visitor()
	w.fillIn()
	w.post("/f", "do", "step-7")
	w.post("/f", "f1", "none", "f2", "she@example.org", "f3", "daily", "do", "next")
	for _, row := range other.rows.kept {
		if bytes.Contains(row.Data, []byte("she@example.org")) {
			t.Error("the address is kept although it is not wanted")
		}
	}
	w.post("/f", "do", "submit")
	if c := other.desk.opened[0].Contact; !c.Email.Empty() || c.Frequency != takedown.MailNever {
		t.Errorf("not wanted, and yet %s", c.Frequency)
	}
}

func TestAMailAddressLeftWrongByTheWayBackIsAskedForAgain(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	v.post("/f", "do", "step-7")
	v.post("/f", "f1", "mail", "f2", "she@home\r\nBcc: he@example.org", "f3", "hourly", "do", "back")
	if v.upload("/f", "next"); !v.page.handle("submit") {
		t.Fatalf("not the last page: %s", plain(v.page.body))
	}
	if v.post("/f", "do", "submit"); v.page.status != http.StatusUnprocessableEntity || !v.page.handle("contact-email") {
		t.Errorf("%d: %s", v.page.status, plain(v.page.body))
	}
	if len(h.desk.opened) != 0 {
		t.Fatal("a case was opened that nobody can write to")
	}
	v.post("/f", "f1", "mail", "f2", "she@example.org", "f3", "hourly", "do", "next")
	v.post("/f", "do", "submit")
	if c := h.desk.opened[0].Contact; c.Email.Reveal() != "she@example.org" || c.Frequency != takedown.MailWeekly {
		t.Errorf("%q %s", c.Email.Reveal(), c.Frequency)
	}
}

func TestAddressesToBeMailedArePlainOnes(t *testing.T) {
	for address, want := range map[string]bool{
		"a@example.com": true, "first.last+tag@mail.example.co.uk": true, "a_b-c@xn--exmple-cua.fr": true,
		"a@example.com\nTo: v@evil.example": false, "a@example.com, b@example.com": false, "Bob <a@example.com>": false,
		`"a b"@example.com`: false, "a@localhost": false, "a@127.0.0.1": false, "a@[127.0.0.1]": false, "a@\u0435xample.com": false,
		"a@@example.com": false, strings.Repeat("a", 65) + "@example.com": false, "-oQ/tmp -X/tmp/x@example.com": false,
		"=?utf-8?q?x?= <a@example.com>": false, "-x@example.com": false, "a@example.com.": false, "a@-a.com": false, "": false,
		"a@b.com>\r\nBcc: v@evil.com": false, ".a@example.com": false, "a..b@example.com": false, "a@" + strings.Repeat("a.", 130) + "com": false,
	} {
		if reachable(address) != want {
			t.Errorf("%q: %v", address, !want)
		}
	}
}
