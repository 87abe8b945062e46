package portal

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// assertEmpty fails when something was written for temporary files.
func assertEmpty(t *testing.T) {
	t.Helper()
	files, err := os.ReadDir(os.TempDir())
	if err != nil || len(files) > 0 {
		t.Errorf("%d temporary files: %v", len(files), err)
	}
}

func TestASVS_6_3_8_WrongPhraseAndUnknownNumberLookTheSame(t *testing.T) {
	h := newHouse(t)
	var bodies []string
	for _, entry := range [][2]string{{deskNumber, "wrong words"}, {"987654321", deskPhrase}, {"not a number", "\u202e"}} {
		v := h.visitor()
		v.get("/")
		v.post("/", "do", "enter", "f1", entry[0], "f2", entry[1])
		if v.page.status != http.StatusNotFound {
			t.Errorf("%q: %d", entry, v.page.status)
		}
		v.has("ne vont pas ensemble")
		body := strings.ReplaceAll(v.page.body, ` value="`+entry[0]+`"`, "")
		bodies = append(bodies, strings.ReplaceAll(body, v.hidden().Get("c"), "the token"))
		v.has(` value="` + entry[0] + `"`)
	}
	for _, b := range bodies {
		if b != bodies[0] {
			t.Error("the answers differ")
		}
	}
}

func TestEnteringIsLimitedByNetwork(t *testing.T) {
	h := newHouse(t, func(o *web.Options) { o.Widen = 1 })
	v := h.visitor()
	v.get("/")
	for n := range 6 {
		v.post("/", "do", "enter", "f1", deskNumber, "f2", "wrong")
		want := http.StatusNotFound
		if n == 5 {
			want = http.StatusTooManyRequests
		}
		if v.page.status != want {
			t.Errorf("try %d: %d, want %d", n+1, v.page.status, want)
		}
	}
	if v.page.header.Get("Retry-After") == "" || !v.page.handle("enter") {
		t.Error("the form is gone, or nothing says when to come back")
	}
}

func TestWhileTheDatabaseIsAwayTheWayInKeepsWhatWasTyped(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.get("/")
	h.desk.failing = errAway
	v.post("/", "do", "enter", "f1", deskNumber, "f2", deskPhrase)
	v.has(`value="`+deskNumber+`"`, `value="`+deskPhrase+`"`, "Rien n’est perdu")
	if v.page.status != http.StatusServiceUnavailable {
		t.Errorf("%d", v.page.status)
	}
}

func TestRow94_FirstPageAndExitNeedNoDatabase(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	h.rows.away(errAway)
	h.desk.failing = errAway
	for path, want := range map[string]int{"/": 200, "/x": 303, "/static/portal.css": 200} {
		if p := v.get(path); p.status != want {
			t.Errorf("%s: %d", path, p.status)
		}
	}
}

func TestExitLeadsAwayAndTakesTheSessionAlong(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	v.post("/f", "do", "submit")
	p := v.get("/x")
	if p.status != http.StatusSeeOther || p.header.Get("Location") != exitURL || p.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %q", p.status, p.header.Get("Location"))
	}
	if p.header.Get("Clear-Site-Data") != "" {
		t.Error("clearing may hold up the way out")
	}
	if v.get("/s"); v.page.path != "/" {
		t.Errorf("afterwards the space is still open: %s", v.page.path)
	}
}

func TestSpaceTakesFurtherAddresses(t *testing.T) {
	v := inSpace(t, progressOf(3), "fr")
	v.post("/s", "do", "add-urls", "f1", "https://pics.example/new\r\nhttps://pics.example/newer")
	v.has("2 adresses ajoutées.")
	if len(v.desk.added) != 2 || v.page.path != "/s" || !v.page.handle("item") {
		t.Errorf("%q", v.desk.added)
	}
	if v.get("/s"); strings.Contains(v.page.body, "ajoutées") {
		t.Error("it is told twice")
	}
	v.post("/s", "do", "add-urls", "f1", "https://pics.example/third\nno address at all")
	v.has("1 adresse ajoutée.", "no address at all</textarea>", "Nous n’avons pas trouvé d’adresse")
	v.post("/s", "do", "add-urls", "f1", strings.Repeat("x", takedown.MaxPaste+1))
	v.has("Ce texte est trop long", "xxx</textarea>")
}

func TestSpaceTakesFurtherImages(t *testing.T) {
	v := inSpace(t, progressOf(3), "fr")
	v.upload("/s", "add-images", sentFile{"a.jpg", photo}, sentFile{"b.txt", []byte("text")})
	v.has("1 empreinte ajoutée.", "Empreinte calculée", "pas une image")
	if v.desk.refs != 1 {
		t.Errorf("%d references", v.desk.refs)
	}
	v.upload("/s", "add-images", sentFile{"a.jpg", photo})
	v.has("0 empreinte ajoutée. 1 y était déjà.")
	good := v.page
	v.page.body = ""
	if v.upload("/s", "add-images", sentFile{"a.jpg", photo}); v.page.status != http.StatusForbidden || v.desk.refs != 1 || len(v.desk.images) != 3 {
		t.Errorf("without a token: %d, %d references", v.page.status, v.desk.refs)
	}
	v.page = good
	v.upload("/s", "back")
	if v.page.path != "/s" || !v.page.handle("item") {
		t.Error("back does not lead back")
	}
}

func TestRefusalsOfTheHouseAreToldInTheSpace(t *testing.T) {
	v := inSpace(t, progressOf(3), "fr")
	v.desk.failing = takedown.Refuse(takedown.Conflict, "error.case_withdrawn")
	if v.post("/s", "do", "add-urls", "f1", "https://pics.example/kept"); v.page.status != http.StatusConflict {
		t.Errorf("%d", v.page.status)
	}
	v.has("arrêté à votre demande", "https://pics.example/kept</textarea>")
	v.desk.failing = errAway
	if v.post("/s", "do", "add-urls", "f1", "https://pics.example/kept"); v.page.status != http.StatusServiceUnavailable {
		t.Errorf("%d", v.page.status)
	}
	v.has("https://pics.example/kept</textarea>", "Rien n’est perdu")
}

func TestLanguageOfTheSpaceCanBeSwitched(t *testing.T) {
	v := inSpace(t, progressOf(3), "fr")
	v.post("/s", "lang", "en")
	v.has("Your case")
	v.get("/")
	v.has("Open my space")
}

// hostile are the texts X02 to X26 of the corpus that are kept, and some more.
var hostile = []string{
	`"><img src=x onerror=alert(1)>`, `{{.Secrets}} {{printf "%s" .}}`, `</textarea><script>alert(1)</script>`, `]]><!--`,
	`http://tracker.example/p.gif?case=1`, "\U0001F469\u200d\U0001F467", `%s %n %x %d`, `<svg/onload=alert(1)>`, `&lt;script&gt; &amp;amp;`,
	"Z\u0335\u0337algo", "INFO user=admin logged in\nfake log line", `javascript:alert(1)`, `' onmouseover='alert(1)`, "https://pics.example/<b>x</b>",
}

func TestASVS_1_2_1_HostileTextIsEchoedInert(t *testing.T) {
	for _, text := range hostile {
		plainForm, badForm := echoed(t, "words"), echoed(t, text)
		for i := range badForm {
			if got, want := skeleton(badForm[i].body), skeleton(plainForm[i].body); got != want {
				t.Errorf("%q changes page %d", text, i)
			}
		}
		if !strings.Contains(badForm[0].body, html.EscapeString(text)) && html.UnescapeString(badForm[0].body) == badForm[0].body {
			t.Errorf("%q is not shown as it was typed", text)
		}
	}
}

// echoed gives the pages that show what was typed: addresses, contact, a file's
// name, addresses added later, and items of the house.
func echoed(t *testing.T, text string) []page {
	t.Helper()
	var pages []page
	h := newHouse(t)
	h.desk.show = takedown.Progress{State: takedown.CaseOpen, Items: []takedown.ItemProgress{{
		Step: takedown.StepAsked, Masked: text, Address: takedown.NewPrivate(text), Asked: []takedown.Asked{{Recipient: text, State: takedown.RequestSent, At: march(1)}},
	}}}
	v := h.visitor()
	v.fillIn()
	v.post("/f", "do", "step-5")
	pages = append(pages, v.post("/f", "f1", "https://pics.example/a\nno address\n"+strings.ReplaceAll(text, "http", "hxxq"), "do", "next"))
	v.post("/f", "f1", "https://pics.example/a", "do", "next")
	v.post("/f", "do", "step-7")
	pages = append(pages, v.post("/f", "f1", "mail", "f2", text, "f3", text, "do", "next"))
	v.post("/f", "f1", "none", "f3", "weekly", "do", "next")
	v.post("/f", "do", "step-6")
	pages = append(pages, v.upload("/f", "next", sentFile{strings.ReplaceAll(text, "/", "-"), []byte("text")}))
	v.upload("/f", "next")
	v.post("/f", "do", "submit")
	pages = append(pages, v.get("/s"))
	return append(pages, v.post("/s", "do", "add-urls", "f1", "no address\n"+strings.ReplaceAll(text, "http", "hxxq")))
}

// skeleton gives the elements of a page and the names of their attributes, with
// every way out of it, but without the lines of lists.
func skeleton(body string) string {
	var b strings.Builder
	seen := map[string]bool{}
	tokens := html.NewTokenizer(strings.NewReader(body))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken && kind != html.CommentToken {
			continue
		}
		tok := tokens.Token()
		line := tok.Data
		for _, a := range tok.Attr {
			line += " " + a.Key
			if a.Key == "href" || a.Key == "src" || a.Key == "action" {
				line += "=" + a.Val
			}
		}
		if !seen[line] {
			b.WriteString(line + "\n")
		}
		seen[line] = true
	}
	return b.String()
}

func TestASVS_3_3_CookiesAreSetOnlyForAnAnswer(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	for _, path := range []string{"/", "/f", "/x", "/s", "/static/portal.js"} {
		if p := v.get(path); len(p.header.Values("Set-Cookie")) > 0 || h.rows.count() != 0 {
			t.Errorf("%s sets a cookie", path)
		}
	}
	v.get("/f")
	v.post("/f", "f1", "adult", "do", "next")
	if h.rows.count() != 1 {
		t.Errorf("%d sessions after the first answer", h.rows.count())
	}
}

func TestWhileTheDatabaseIsAwayEachTextOfTheSpaceComesBackWhereItWasTyped(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.lang = "en"
	v.visitAgain()
	h.rows.away(errAway)
	h.desk.failing = errAway
	for _, c := range []struct {
		do, field, text, handle string
	}{
		{"add-urls", "f1", "https://pics.example/kept", "urls"},
		{"say", "f1", "What she writes", "message-text"},
		{"mail-set", "f1", "ines@mail.example", "email"},
		{"wishes", "f3", "blue-door", "code-word"},
	} {
		v.post("/s", "do", c.do, c.field, c.text)
		if v.page.status != http.StatusServiceUnavailable || !strings.Contains(v.page.body, c.text) || !v.page.handle(c.handle) {
			t.Errorf("%s: %d %s", c.do, v.page.status, plain(v.page.body))
		}
	}
	for _, do := range []string{"erase-yes", "label:x", "code-try", "pause"} {
		v.post("/s", "do", do, "f1", deskPhrase)
		if v.page.status != http.StatusServiceUnavailable || strings.Contains(v.page.body, deskPhrase) {
			t.Errorf("%s: %d %s", do, v.page.status, plain(v.page.body))
		}
	}
}

func TestAPlaceThatIsNoneIsNotKept(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.visitAgain()
	v.post("/s", "do", "go-"+strings.Repeat("canary", 1000))
	if v.page.path != "/s" || v.page.status != http.StatusOK {
		t.Errorf("%s %d", v.page.path, v.page.status)
	}
	for _, row := range h.rows.kept {
		if strings.Contains(string(row.Data), "canary") {
			t.Error("the session keeps it")
		}
	}
}
