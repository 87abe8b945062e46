package portal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"reprise/internal/takedown"
	"reprise/internal/web"
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
	v.get("/f")
	v.post("/f", "do", "next")
	v.has("Choisissez une réponse")
	if v.page.status != http.StatusUnprocessableEntity || h.rows.count() != 0 {
		t.Errorf("%d, %d sessions", v.page.status, h.rows.count())
	}
}

// typed is what was typed at each step, to be found again whatever happens.
var typed = []struct {
	step   int
	fields []string
	shows  []string
}{
	{stepHarm, []string{"f1", "deepfake", "f2", "other"}, []string{`value="deepfake" checked`, `value="other" checked`}},
	{stepAddresses, []string{"f1", "https://pics.example/typed\nnot an address"}, []string{"https://pics.example/typed\nnot an address</textarea>"}},
	{stepContact, []string{"f1", "mail", "f2", "half@typed", "f3", "daily"}, []string{`value="mail" checked`, `value="half@typed"`, `value="daily" selected`}},
	{stepStatements, []string{"s", "faith"}, []string{`value="faith" checked`}},
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
			if name == "back" || c.step == stepHarm {
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

func TestWhileTheDatabaseIsAwaySendingCanBePressedAgain(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	h.desk.failing = errAway
	v.post("/f", "do", "submit")
	v.has("Rien n’est perdu de votre côté", "Relisez avant d’envoyer")
	if v.page.status != http.StatusServiceUnavailable || !v.page.handle("submit") {
		t.Errorf("%d", v.page.status)
	}
	h.desk.failing = nil
	v.post("/f", "do", "submit")
	v.has(deskPhrase)
}

func TestP09_SendingTwiceOpensOneCase(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	var all sync.WaitGroup
	twins := make([]*visitor, 8)
	for i := range twins {
		twins[i] = &visitor{house: h, client: &http.Client{Jar: v.client.Jar, CheckRedirect: stayHere}, page: v.page}
	}
	for _, twin := range twins {
		all.Go(func() { twin.post("/f", "do", "submit") })
	}
	all.Wait()
	if len(h.desk.opened) != 1 {
		t.Errorf("%d cases were opened", len(h.desk.opened))
	}
	v.get("/f")
	v.has("123 456 789", deskPhrase)
}

func TestALostReceiptIsGivenAgain(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	last, before := v.page, copyJar(t, v)
	v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	v.post("/f", "do", "submit") // and the answer never arrives: the browser has the page and the cookie of before
	lost := &visitor{house: h, client: &http.Client{Jar: before, CheckRedirect: stayHere}, page: last}
	lost.post("/f", "do", "submit")
	lost.has("123 456 789", deskPhrase)
	if len(h.desk.opened) != 1 {
		t.Errorf("%d cases", len(h.desk.opened))
	}
	again := &visitor{house: h, client: &http.Client{Jar: copyJar(t, lost), CheckRedirect: stayHere}, page: last}
	again.get("/s")
	if again.page.path != "/s" {
		t.Errorf("the new cookie opens %s", again.page.path)
	}
}

// copyJar gives a jar with the cookies the visitor has now.
func copyJar(t *testing.T, v *visitor) http.CookieJar {
	t.Helper()
	other := v.visitor()
	u := v.request(http.MethodGet, "/", nil).URL
	other.client.Jar.SetCookies(u, v.client.Jar.Cookies(u))
	return other.client.Jar
}

func TestReceiptGoesWhenTheSpaceIsClosed(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	v.post("/f", "do", "submit")
	old := copyJar(t, v)
	cleared := ""
	v.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		cleared = r.Response.Header.Get("Clear-Site-Data")
		return nil
	}
	v.post("/s", "do", "out")
	if cleared != `"cache", "storage"` {
		t.Errorf("the browser is asked to forget %s", cleared)
	}
	if got := v.page; got.path != "/" || h.rows.count() != 0 {
		t.Errorf("%s, %d sessions", got.path, h.rows.count())
	}
	back := &visitor{house: h, client: &http.Client{Jar: old, CheckRedirect: stayHere}}
	if back.get("/f"); strings.Contains(back.page.body, deskPhrase) || !back.page.handle("age-adult") {
		t.Error("the old cookie still shows the phrase")
	}
}

func TestChangingOneAnswerLeadsBackToTheEnd(t *testing.T) {
	v := newHouse(t).visitor()
	v.fillIn()
	v.post("/f", "do", "step-2")
	v.post("/f", "f1", "recording", "f2", "self", "do", "next")
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
	v.post("/f", "f1", "published", "f2", "self", "do", "next")
	const text = "hxxps://pics[.]example/x\nnothing here\nhttps://pics.example/y"
	v.post("/f", "f1", text, "do", "next")
	v.has("Nous avons lu 2 adresses.", "Ligne 1 :", "https://pics.example/x", "Ligne 2 :", "nothing here", text+"</textarea>")
	v.post("/f", "f1", text, "do", "next")
	v.has("Nous avons lu 2 adresses.")
	if !v.page.handle("images") {
		t.Errorf("one may not go on: %s", plain(v.page.body))
	}
	v.upload("/f", "back")
	v.post("/f", "f1", text+"\nnor here", "do", "next")
	v.has("nor here", "Ligne 4 :")
}

func TestTooMuchTextStaysInTheBox(t *testing.T) {
	v := newHouse(t).visitor()
	v.get("/f")
	v.post("/f", "f1", "adult", "do", "next")
	v.post("/f", "f1", "published", "f2", "self", "do", "next")
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
	v.post("/f", "f1", "threat", "f2", "self", "do", "next")
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
	v.post("/f", "do", "step-5")
	v.post("/f", "f1", "mail", "f2", " she@example.org ", "f3", "daily", "do", "next")
	v.has("she@example.org", "Une fois par jour")
	v.post("/f", "do", "step-5")
	v.post("/f", "f1", "mail", "f2", "she@example.org", "f3", "hourly", "do", "next")
	v.has("Une fois par semaine")
	v.post("/f", "do", "submit")
	if c := h.desk.opened[0].Contact; c.Email.Reveal() != "she@example.org" || c.Frequency != takedown.MailWeekly {
		t.Errorf("%q %s", c.Email.Reveal(), c.Frequency)
	}
	other := newHouse(t)
	w := other.visitor()
	w.fillIn()
	w.post("/f", "do", "step-5")
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

func TestReportsOfOneNetworkAreLimitedAndTheTextIsKept(t *testing.T) {
	h := newHouse(t, func(o *web.Options) { o.Widen = 1 })
	for n := range 6 {
		v := h.visitor()
		v.fillIn()
		v.post("/f", "do", "submit")
		v.page.body = strings.ReplaceAll(v.page.body, "\u00a0", " ")
		switch {
		case n < 5 && !v.page.handle("case-phrase"):
			t.Errorf("report %d: %d", n+1, v.page.status)
		case n == 5 && (v.page.status != http.StatusTooManyRequests || v.page.header.Get("Retry-After") == "" || !v.page.handle("submit")):
			t.Errorf("the sixth report: %d", v.page.status)
		}
		if n == 5 {
			h.clock.add(13 * time.Minute)
			v.post("/f", "do", "submit")
			if !v.page.handle("case-phrase") {
				t.Errorf("later, with the same form: %d", v.page.status)
			}
		}
	}
}

func TestPressingAgainIsNoFurtherReport(t *testing.T) {
	h := newHouse(t, func(o *web.Options) { o.Widen = 1 })
	v := h.visitor()
	v.fillIn()
	h.desk.failing = errAway
	for range 8 {
		v.post("/f", "do", "submit")
	}
	h.desk.failing = nil
	v.post("/f", "do", "submit")
	v.has(deskPhrase)
}

func TestWhatOpensTheCaseIsDrawnBeforeItIsSent(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	drawn := h.draft(t)
	v.post("/f", "do", "step-7")
	if again := h.draft(t); drawn.Key == "" || again.Key != drawn.Key || again.Phrase != deskPhrase {
		t.Errorf("the key changed, or none was drawn: %q, %q", drawn.Key, again.Key)
	}
	if v.post("/f", "do", "submit"); h.desk.opened[0].Key != drawn.Key {
		t.Error("another key was sent than the one drawn before")
	}
}

// draft gives the form in the only session there is.
func (h *house) draft(t *testing.T) draft {
	t.Helper()
	var d draft
	for _, row := range h.rows.kept {
		values := map[string]string{}
		if err := json.Unmarshal(row.Data, &values); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(values[valueDraft]), &d); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func TestSessionsThatEndLeaveNothingOfTheForm(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	h.clock.add(15 * time.Minute)
	if v.post("/f", "do", "submit"); v.page.status != http.StatusForbidden || len(h.desk.opened) != 0 {
		t.Errorf("%d", v.page.status)
	}
	v.has("s’est fermée pour vous protéger")
	if v.get("/f"); !v.page.handle("age-adult") {
		t.Error("the form does not begin anew")
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

func TestImagesHaveAReceiptEachAndTheOthersGoOn(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	v.post("/f", "do", "step-4")
	big := append(bytes.Clone(photo), make([]byte, maxImage)...)
	v.upload("/f", "next", sentFile{"big.jpg", big}, sentFile{"note.txt", []byte("text")}, sentFile{"", nil},
		sentFile{"child.jpg", []byte("broken child")}, sentFile{`C:\Users\she\../../two.jpg`, append(bytes.Clone(photo), '2')})
	v.has("big.jpg", "dépasse 8 Mo", "note.txt", "pas une image", "child.jpg", "cette fois-ci", "two.jpg", "Empreinte calculée")
	if hashed, refused := strings.Count(v.page.body, `data-state="hashed"`), strings.Count(v.page.body, `data-state="refused"`); hashed != 2 || refused != 3 {
		t.Errorf("%d hashed, %d refused", hashed, refused)
	}
	if strings.Contains(v.page.body, "Users") {
		t.Error("the folder of a file is shown")
	}
	for _, got := range h.desk.images {
		if len(got) > maxImage {
			t.Error("a file over the bound was given to be hashed")
		}
	}
	v.upload("/f", "drop-0")
	v.upload("/f", "next")
	v.has("1 empreinte")
	if v.post("/f", "do", "submit"); len(h.desk.opened[0].References) != 1 {
		t.Errorf("%d references", len(h.desk.opened[0].References))
	}
}

func TestNoImageIsKeptAnywhere(t *testing.T) {
	h := newHouse(t)
	t.Setenv("TMPDIR", t.TempDir())
	v := h.visitor()
	v.fillIn()
	for _, row := range h.rows.kept {
		if bytes.Contains(row.Data, []byte("photophoto")) {
			t.Error("the image is in the session")
		}
	}
	assertEmpty(t)
}

func TestASVS_3_5_1_FilesBeforeTheTokenAreNotRead(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	v.post("/f", "do", "step-4")
	hashed := len(h.desk.images)
	v.page.body = strings.ReplaceAll(v.page.body, `name="c" value="`, `name="c" value="x`)
	if v.upload("/f", "next", sentFile{"a.jpg", photo}); v.page.status != http.StatusForbidden || len(h.desk.images) != hashed {
		t.Errorf("a wrong token: %d, %d files hashed", v.page.status, len(h.desk.images)-hashed)
	}
	if v.page.body = ""; v.upload("/f", "drop-0").status != http.StatusForbidden || len(h.draft(t).Images) != 1 {
		t.Errorf("no token and no file: %d", v.page.status)
	}
	v.page.body = ""
	if v.upload("/f", "next", sentFile{"a.jpg", photo}); v.page.status != http.StatusForbidden || len(h.desk.images) != hashed {
		t.Errorf("no token: %d, %d files hashed", v.page.status, len(h.desk.images)-hashed)
	}
}

func TestACaseTakes200Images(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	v.post("/f", "do", "step-4")
	files := make([]sentFile, takedown.MaxReferences)
	for i := range files {
		files[i] = sentFile{fmt.Sprintf("%d.jpg", i), append(bytes.Clone(photo), byte(i))}
	}
	v.upload("/f", "next", files...)
	v.has("Un dossier peut contenir 200 images")
	if got := strings.Count(v.page.body, `data-state="hashed"`); got != takedown.MaxReferences {
		t.Errorf("%d were hashed", got)
	}
}

func TestNamesOfFilesArePlain(t *testing.T) {
	for name, want := range map[string]string{
		"a.jpg": "a.jpg", "../../etc/passwd": "passwd", `C:\x\a.jpg`: "a.jpg", "a\r\nb.jpg": "ab.jpg", "a\u202egpj.exe": "agpj.exe",
		strings.Repeat("é", 100) + ".jpg": strings.Repeat("é", 24) + "…" + strings.Repeat("é", 8) + ".jpg", "\xff.jpg": ".jpg",
	} {
		if got := plainName(name); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
}
