package portal

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// visits gives a visitor of each kind: nobody, one who fills in the form, one
// who has sent it, and one who came back with number and phrase.
func (h *house) visits() map[string]*visitor {
	nobody, drafting, sent, back := h.visitor(), h.visitor(), h.visitor(), h.visitor()
	nobody.get("/")
	drafting.fillIn()
	sent.fillIn()
	sent.post("/f", "do", "submit")
	back.get("/")
	back.post("/", "do", "enter", "f1", deskNumber, "f2", deskPhrase)
	return map[string]*visitor{"nobody": nobody, "drafting": drafting, "sent": sent, "back": back}
}

func TestASVS_8_2_1_EveryRouteMeetsEveryVisitorAsTheTableSays(t *testing.T) {
	want := map[string]map[string]string{ // where each visitor ends; a status alone when it is no page
		"GET /":             {"nobody": "/", "drafting": "/", "sent": "/", "back": "/"},
		"POST /":            {"nobody": "/", "drafting": "/", "sent": "/", "back": "/"},
		"GET /f":            {"nobody": "/f", "drafting": "/f", "sent": "/f", "back": "/s"},
		"POST /f":           {"nobody": "/f", "drafting": "/f", "sent": "/f", "back": "/s"},
		"GET /s":            {"nobody": "/", "drafting": "/", "sent": "/s", "back": "/s"},
		"POST /s":           {"nobody": "403", "drafting": "403", "sent": "/s", "back": "/s"},
		"GET /x":            {"nobody": "303", "drafting": "303", "sent": "303", "back": "303"},
		"GET /static/:name": {"nobody": "404", "drafting": "404", "sent": "404", "back": "404"},
		"GET /favicon.ico":  {"nobody": "/favicon.ico", "drafting": "/favicon.ico", "sent": "/favicon.ico", "back": "/favicon.ico"},
	}
	routes := newHouse(t).server.Routes()
	if len(routes) != len(want) {
		t.Fatalf("%d routes, the table has %d", len(routes), len(want))
	}
	for _, r := range routes {
		for who, v := range newHouse(t).visits() {
			v.get("/")
			p := v.walk(r)
			got := p.path
			if p.status != http.StatusOK && p.status != http.StatusUnprocessableEntity {
				got = strings.TrimSpace(p.code())
			}
			if expected := want[r.Method+" "+r.Path][who]; got != expected {
				t.Errorf("%s %s, %s: %s, want %s", r.Method, r.Path, who, got, expected)
			}
		}
	}
}

func (p page) code() string {
	return string([]byte{byte('0' + p.status/100), byte('0' + p.status/10%10), byte('0' + p.status%10)})
}

// walk asks for a route as an honest visitor would.
func (v *visitor) walk(r web.Route) page {
	v.t.Helper()
	if r.Method == http.MethodGet {
		return v.get(r.Path)
	}
	return v.post(r.Path)
}

func TestASVS_3_5_3_NoGETChangesAnything(t *testing.T) {
	h := newHouse(t)
	visits := h.visits()
	for _, v := range visits {
		v.get("/f") // the first page after the form is sent ends the session before
	}
	before, opened := h.rows.saves, len(h.desk.opened)
	for _, r := range h.server.Routes() {
		if r.Method != http.MethodGet || r.Path == pathExit {
			continue
		}
		for _, v := range visits {
			v.get(r.Path)
			v.get(r.Path)
		}
	}
	if h.rows.saves != before || len(h.desk.opened) != opened || h.desk.ended || len(h.desk.added) > 0 {
		t.Errorf("%d sessions were saved by GET", h.rows.saves-before)
	}
}

// everyPage gives each page of the portal, by a name.
func (h *house) everyPage(lang string) map[string]page {
	pages := map[string]page{}
	h.desk.show = progressOf(12)
	v := h.visitor()
	v.lang = lang
	keep := func(name string) { pages[name] = v.page }
	v.get("/")
	v.post("/", "lang", lang)
	keep("start")
	v.post("/", "do", "enter", "f1", "1", "f2", "x")
	keep("not entered")
	v.get("/f")
	keep("age")
	v.post("/f", "do", "next")
	keep("age again")
	young := h.visitor()
	young.get("/f")
	pages["care"] = young.post("/f", "f1", "minor", "lang", lang)
	reader := h.visitor()
	reader.get("/")
	reader.post("/", "lang", lang)
	pages["lost"] = reader.post("/", "do", "lost")
	pages["asked"] = reader.post("/", "do", "lost-ask", "f1", deskNumber, "f2", "canary", "f3", "canary", "f4", "canary")
	reader.post("/", "do", "renew")
	pages["renew"] = reader.post("/", "do", "renew-try", "f1", deskNumber, "f2", "an island", "f3", "a garden", "f4", "a violet", "f5", "1")
	pages["access"] = reader.post("/", "do", "access", "lang", lang)
	v.post("/f", "f1", "adult", "do", "next")
	keep("harm")
	v.post("/f", "f1", "threat", "do", "next")
	keep("who")
	v.post("/f", "f1", "other", "do", "next")
	keep("capacity")
	v.post("/f", "f1", "lawyer", "do", "next")
	v.post("/f", "f1", "hxxp://pics[.]example/canary-a\nno address here", "do", "next")
	keep("addresses")
	v.post("/f", "f1", "hxxp://pics[.]example/canary-a\nno address here", "do", "next")
	v.upload("/f", "next", sentFile{"one.jpg", photo}, sentFile{"two.txt", []byte("text")})
	keep("images")
	v.upload("/f", "next")
	v.post("/f", "f1", "mail", "f2", "nobody", "f3", "daily", "do", "next")
	keep("contact")
	v.post("/f", "f1", "mail", "f2", "she@example.org", "f3", "daily", "do", "next")
	keep("statements")
	v.post("/f", "s", "yes", "do", "next")
	keep("check")
	v.post("/f", "do", "submit")
	keep("receipt")
	v.post("/f", "do", "words")
	keep("words")
	v.post("/f", "do", "phrase")
	v.get("/s")
	keep("space")
	v.post("/s", "do", "history:1")
	keep("item")
	v.post("/s", "do", "item-stop:1")
	keep("item stop")
	v.post("/s", "do", "go-first")
	v.post("/s", "do", "add-urls")
	keep("add")
	v.get("/s")
	v.post("/s", "do", "add-urls", "f1", "https://pics.example/canary-b\nno address")
	keep("added")
	v.get("/s")
	v.upload("/s", "add-images", sentFile{"three.jpg", photo})
	keep("images added")
	v.get("/s")
	v.post("/s", "do", "go-contact")
	keep("reach")
	h.desk.show.Contact = takedown.Contact{Email: takedown.NewPrivate("she@example.org"), Confirmed: true}
	h.desk.standing.RecoveryAt, h.desk.standing.PhraseNewAt = noon, noon
	v.post("/s", "do", "answers-keep", "f2", "abc")
	keep("phrase")
	h.desk.standing = takedown.CaseStanding{}
	v.post("/s", "do", "go-data")
	keep("data")
	v.post("/s", "do", "data-addresses")
	keep("data read")
	v.post("/s", "do", "erase")
	keep("erase")
	erasing := h.visitor()
	erasing.lang = lang
	erasing.visitAgain()
	erasing.post("/s", "lang", lang)
	pages["erased"] = erasing.post("/s", "do", "erase-yes", "f1", deskPhrase)
	h.desk.ended = false
	v.post("/s", "do", "go-stop")
	keep("stop")
	v.post("/s", "do", "withdraw")
	keep("withdraw")
	v.post("/s", "do", "withdraw-yes")
	keep("leaving")
	v.post("/s", "do", "go-messages")
	keep("messages")
	h.desk.show.State = takedown.CaseWithdrawn
	v.post("/s", "do", "go-first")
	keep("withdrawn")
	v.get("/nothing")
	keep("failure")
	return pages
}

func TestHistoryTellsNothing(t *testing.T) {
	topic := regexp.MustCompile(`(?i)intim|nud|sex|porn|viol|victim|revenge|abus|signal|report|plainte|retrait|takedown|image|photo|deepfake`)
	seen := map[string]bool{}
	for lang, title := range map[string]string{"fr": "Informations", "en": "Information", "es": "Información", "ar": "معلومات"} {
		for name, p := range newHouse(t).everyPage(lang) {
			if !strings.Contains(p.body, "<title>"+title+"</title>") || strings.Count(p.body, "<title>") != 1 {
				t.Errorf("%s in %s has another title than %s", name, lang, title)
			}
			seen[p.path] = true
			for header, values := range p.header {
				if found := topic.FindString(header + strings.Join(values, " ")); found != "" && header != "Content-Security-Policy" && header != "Permissions-Policy" {
					t.Errorf("%s: the header %s says %q", name, header, found)
				}
			}
		}
	}
	for path := range seen {
		if len(path) > 2 && path != "/nothing" || topic.MatchString(path) {
			t.Errorf("the history would show %s", path)
		}
	}
}

func TestASVS_14_2_1_FormsSendNeutralNamesAndNothingByAddress(t *testing.T) {
	control := regexp.MustCompile(`<(?:input|textarea|select|button)\b[^>]*\bname="([^"]*)"`)
	neutral := regexp.MustCompile(`^(c|p|do|lang|stay|f[1-6]|s)$`)
	for name, p := range newHouse(t).everyPage("fr") {
		for _, m := range control.FindAllStringSubmatch(p.body, -1) {
			if !neutral.MatchString(m[1]) {
				t.Errorf("%s: a control is called %q", name, m[1])
			}
		}
		for _, form := range regexp.MustCompile(`<form[^>]*>`).FindAllString(p.body, -1) {
			if !strings.Contains(form, `method="post"`) {
				t.Errorf("%s: %s puts fields into the address", name, form)
			}
		}
	}
}

func TestEveryPageHasTheWayOutFirstAndTheNumbers(t *testing.T) {
	for name, p := range newHouse(t).everyPage("en") {
		exit := strings.Index(p.body, `<a class="exit" href="/x" rel="nofollow noreferrer" data-t="exit">`)
		if first := strings.Index(p.body, "<a "); exit < 0 || first != exit {
			t.Errorf("%s: the first link is not the way out", name)
		}
		for _, number := range []string{"3018", "3919", "112"} {
			if !strings.Contains(p.body, `href="tel:`+number+`"`) {
				t.Errorf("%s does not give the number %s", name, number)
			}
		}
	}
}

func TestPagesShowNoKeyOfATextAndLeaveNothingUntranslated(t *testing.T) {
	key := regexp.MustCompile(`\b(?:access|start|enter|form|age|care|harm|who|urls|images|contact|often|statement|check|receipt|space|add|withdraw|error|failure|layout|title|language|date|step|refused)\.[a-z0-9_.-]+\b`)
	for _, l := range web.Langs("portal") {
		lang := string(l)
		for name, p := range newHouse(t).everyPage(lang) {
			if found := key.FindString(plain(p.body)); found != "" {
				t.Errorf("%s in %s shows the key %s", name, lang, found)
			}
			if !strings.Contains(p.body, `<html lang="`+lang+`" dir="`+web.Dir(l)+`">`) {
				t.Errorf("%s is not in %s", name, lang)
			}
			for _, bad := range []string{"{}", "<no value>", "ZgotmplZ", "%!", "[private]"} {
				if strings.Contains(p.body, bad) {
					t.Errorf("%s in %s holds %s", name, lang, bad)
				}
			}
		}
	}
}

func TestHandlesOfTheContractAreThere(t *testing.T) {
	pages := newHouse(t).everyPage("fr")
	for name, handles := range map[string]string{
		"start": "start enter-number enter-phrase enter exit language", "not entered": "error", "age": "age-adult age-minor age-unsure next",
		"harm": "kind-published kind-threat kind-deepfake kind-recording kind-unsaid next back", "addresses": "urls next back", "images": "images reference next back",
		"contact": "contact-none contact-email email frequency next back error", "statements": "statement next back", "check": "submit back",
		"receipt": "case-number case-phrase next another words print", "words": "word-3 word-6 checked back later", "who": "who-self who-other next back",
		"capacity": "capacity-lawyer capacity-unsaid next back", "care": "care country show back", "item": "history item-stop back", "space": "item history filter-step go-first go-add go-contact go-stop exit language", "add": "urls add-urls images add-images",
		"added": "urls add-urls", "stop": "withdraw pause", "leaving": "resume", "messages": "message-text message-send",
		"images added": "images reference", "withdraw": "withdraw", "failure": "error exit access", "access": "theme criterion language language-es back",
	} {
		for handle := range strings.FieldsSeq(handles) {
			if !pages[name].handle(handle) {
				t.Errorf("%s has no %s", name, handle)
			}
		}
	}
	if got := strings.Count(pages["statements"].body, `data-t="statement"`); got != 1 {
		t.Errorf("%d statements", got)
	}
	if !regexp.MustCompile(`data-t="item" data-presence="online" data-step="received"`).MatchString(pages["space"].body) {
		t.Error("an item does not say its presence and step")
	}
}

func TestAddressesStandOnNoPageButTheOneAskedFor(t *testing.T) {
	shows := map[string]bool{"addresses": true, "space": true, "item": true, "withdrawn": true, "leaving": true, "data read": true}
	for name, p := range newHouse(t).everyPage("fr") {
		if strings.Contains(p.body, "canary") != shows[name] {
			t.Errorf("%s shows addresses: %v", name, !shows[name])
		}
	}
}

func TestStaffRoutesAreNotHere(t *testing.T) {
	h := newHouse(t)
	for who, v := range h.visits() {
		for _, path := range []string{"/cases", "/cases/1", "/notices/1", "/directory", "/jobs", "/invite", "/tray", "/metrics", "/healthz", "/debug/pprof/"} {
			if p := v.get(path); p.status != http.StatusNotFound {
				t.Errorf("%s, %s: %d", path, who, p.status)
			}
		}
	}
}
