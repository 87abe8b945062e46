package sandbox_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"reprise/internal/mailbox"
	"reprise/internal/sandbox"
	"reprise/templates"
)

// send posts a form of the page for people; the next page must answer well.
func send(t *testing.T, c *http.Client, to string, pairs ...string) string {
	t.Helper()
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	status, body := read(t)(c.PostForm(to, values))
	if status != http.StatusOK {
		t.Fatalf("%s answers %d: %s", to, status, body)
	}
	return body
}

func page(t *testing.T, c *http.Client, address string) string {
	t.Helper()
	status, body := read(t)(c.Get(address))
	if status != http.StatusOK {
		t.Fatalf("%s answers %d: %s", address, status, body)
	}
	return body
}

func TestStartPageHasAllThatTheWalkNeeds(t *testing.T) {
	s := open(t, "")
	body := page(t, person(t), s.URL()+"/")
	for _, want := range []string{"http://127.0.0.1:8080", "http://127.0.0.1:8081", "c@asso.essai", "123456", "/pictures/parrots.jpg"} {
		if !strings.Contains(body, want) {
			t.Errorf("the start page lacks %s", want)
		}
	}
	for _, e := range s.Addresses() {
		if strings.Count(body, e.URL) < 2 { // to paste, and explained
			t.Errorf("the start page lacks %s", e.URL)
		}
	}
	for _, name := range sandbox.References() {
		want, err := sandbox.Reference(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := page(t, person(t), s.URL()+"/pictures/"+name); got != string(want) {
			t.Errorf("%s is not downloaded as it is", name)
		}
	}
}

func TestSignInCodesAreThoseOfTheMoment(t *testing.T) {
	loads := 0
	s, err := sandbox.New(sandbox.Options{Dir: t.TempDir(), Domain: domain, SignIns: func() []sandbox.SignIn {
		loads++
		return []sandbox.SignIn{{Code: fmt.Sprintf("code-%d", loads)}}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for n := 1; n < 3; n++ {
		if !strings.Contains(page(t, person(t), s.URL()), fmt.Sprintf("code-%d", n)) {
			t.Errorf("load %d shows another code", n)
		}
	}
}

func TestClockButtonsMoveTheClockFile(t *testing.T) {
	dir := t.TempDir()
	s, c := open(t, dir), person(t)
	for _, by := range []string{"3600", "86400", "604800"} {
		if body := send(t, c, s.URL()+"/clock", "by", by, "to", "/mail"); !strings.Contains(body, "done") {
			t.Error("nothing says that the clock moved")
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "clock"))
	if err != nil || strings.TrimSpace(string(text)) != "694800" {
		t.Errorf("the clock file holds %q, %v", text, err)
	}
	if ahead := time.Until(s.Now()); ahead < 8*day || ahead > 8*day+hour {
		t.Errorf("the clock is ahead by %s", ahead)
	}
	if status, _ := read(t)(c.PostForm(s.URL()+"/clock", url.Values{"by": {"-3600"}})); status != http.StatusBadRequest {
		t.Errorf("an offset of one's own is answered with %d", status)
	}
}

func TestHostsCanBeSetByHand(t *testing.T) {
	s, c := open(t, ""), person(t)
	e := example(t, s, "removes")
	notify(t, s, e.Recipient, e.URL)
	if body := page(t, c, s.URL()+"/hosts"); !strings.Contains(body, "à partir du") {
		t.Error("what is still to come is not shown")
	}
	send(t, c, s.URL()+"/hosts", "page", "1042", "state", "country", "to", "/hosts")
	follow(t, s, e.URL, expect{0, 451, ""}, expect{3 * hour, 451, ""}) // and the planned removal is off
	if status, _ := read(t)(c.PostForm(s.URL()+"/hosts", url.Values{"page": {"1042"}, "state": {"burnt"}})); status != http.StatusBadRequest {
		t.Errorf("an unknown state is answered with %d", status)
	}
}

func TestMailIsListedReadAndAnsweredInOwnWords(t *testing.T) {
	s, c := open(t, ""), person(t)
	e := example(t, s, "silent")
	notify(t, s, e.Recipient, e.URL)
	if body := page(t, c, s.URL()+"/mail"); !strings.Contains(body, "Lentimages") || !strings.Contains(body, "Demande") {
		t.Errorf("the mail is not listed: %s", body)
	}
	body := page(t, c, s.URL()+"/mail/1")
	for _, want := range []string{e.URL, "Message-ID: &lt;lentimages.1@", "r&#43;lentimages@" + domain} {
		if !strings.Contains(body, want) {
			t.Errorf("the letter lacks %s", want)
		}
	}
	send(t, c, s.URL()+"/mail/1", "text", "Une question à nous", "to", "/mail/1")
	in := inbox(t, s, mailbox.Inbox)
	if len(in) != 1 || !strings.Contains(in[0], "Une question") || !strings.Contains(in[0], "From: <abuse@lentimages.essai>") {
		t.Errorf("the answer is %q", in)
	}
	send(t, c, s.URL()+"/mail/1", "text", " ", "to", "/mail/1")
	if got := len(inbox(t, s, mailbox.Inbox)); got != 1 {
		t.Errorf("an empty answer was sent")
	}
}

func TestMailToAPersonShowsNoPlatformsWords(t *testing.T) {
	s, c := open(t, ""), person(t)
	post(t, s, "From: <information@asso.essai>\r\nTo: <p@elsewhere.essai>\r\nSubject: Information\r\n\r\nA\r\n", "p@elsewhere.essai")
	if body := page(t, c, s.URL()+"/mail/1"); strings.Contains(body, "answer-refused") {
		t.Error("a person can refuse a removal")
	}
}

func TestEachPageCanBeSeenFromABrowser(t *testing.T) {
	s, c := open(t, ""), person(t)
	for _, e := range s.Addresses() {
		status, body := read(t)(c.Get(s.URL() + "/see/" + strings.TrimPrefix(e.URL, "http://")))
		real, _ := get(t, s, e.URL)
		if status != real {
			t.Errorf("%s answers %d, and its preview %d", e.URL, real, status)
		}
		for _, src := range regexp.MustCompile(`src="([^"]+\.jpg)"`).FindAllStringSubmatch(body, -1) {
			page(t, c, s.URL()+src[1])
		}
	}
}

func TestPageForPeopleIsForThisMachineAlone(t *testing.T) {
	s := open(t, "")
	for name, change := range map[string]func(*http.Request){
		"a name that leads here": func(r *http.Request) { r.Host = "evil.example" },
		"another site's form":    func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
	} {
		r := httptest.NewRequest(http.MethodPost, s.URL()+"/clock", strings.NewReader("by=3600"))
		r.RequestURI = ""
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		change(r)
		if status, _ := read(t)(http.DefaultClient.Do(r)); status < 400 {
			t.Errorf("%s is answered with %d", name, status)
		}
	}
	if ahead := time.Until(s.Now()); ahead > hour/2 {
		t.Error("the clock moved")
	}
}

func TestFormsLeadBackToTheSandboxOnly(t *testing.T) {
	s := open(t, "")
	c := person(t)
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for to, want := range map[string]string{"/mail": "/mail", "//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/", "": "/"} {
		resp, err := c.PostForm(s.URL()+"/lang", url.Values{"lang": {"en"}, "to": {to}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := resp.Header.Get("Location"); got != want+"?done=" {
			t.Errorf("%q leads to %q", to, got)
		}
	}
}

func TestPagesSendTheirHeaders(t *testing.T) {
	s := open(t, "")
	for _, path := range []string{"/", "/hosts", "/mail", "/see/www.photomur.essai/galerie/juin-1042", "/static/sandbox.css", "/static/favicon.svg"} {
		resp, err := http.Get(s.URL() + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		csp := resp.Header.Get("Content-Security-Policy")
		if resp.StatusCode != 200 || !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: %d, %q", path, resp.StatusCode, csp)
		}
	}
}

func TestBothLanguagesSayTheSameThings(t *testing.T) {
	texts := map[string]map[string]string{}
	for _, lang := range []string{"fr", "en"} {
		body, err := fs.ReadFile(templates.FS, "sandbox/words."+lang+".json")
		if err != nil {
			t.Fatal(err)
		}
		one := map[string]string{}
		if err := json.Unmarshal(body, &one); err != nil {
			t.Fatal(err)
		}
		texts[lang] = one
		for key, text := range one {
			if text == "" || strings.Contains(text, "!") || strings.Contains(strings.ToLower(text), "victim") {
				t.Errorf("%s in %s: %q", key, lang, text)
			}
		}
	}
	for key := range texts["fr"] {
		if texts["en"][key] == "" {
			t.Errorf("no English for %s", key)
		}
	}
	if len(texts["fr"]) != len(texts["en"]) {
		t.Errorf("%d texts in French, %d in English", len(texts["fr"]), len(texts["en"]))
	}
}

var key = regexp.MustCompile(`>\s*(?:what|host|state|walk|nav|hosts|mail|answer|preset|done|form|site|engines|start|signin|clock|door|table)\.[a-z.-]+`)

func TestEveryPageHasWordsInBothLanguages(t *testing.T) {
	s, c := open(t, ""), person(t)
	e := example(t, s, "refuses")
	notify(t, s, e.Recipient, e.URL)
	for _, lang := range []string{"fr", "en"} {
		send(t, c, s.URL()+"/lang", "lang", lang, "to", "/")
		for _, path := range []string{"/", "/hosts", "/mail", "/mail/1", "/forms/loupe", "/mail?done=answer", "/mail?done=nonsense"} {
			body := page(t, c, s.URL()+path)
			if found := key.FindString(body); found != "" {
				t.Errorf("%s in %s shows the key %s", path, lang, found)
			}
			if !strings.Contains(body, `<html lang="`+lang+`">`) || strings.Contains(body, "nonsense") {
				t.Errorf("%s is not in %s, or says what it was told", path, lang)
			}
		}
	}
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+"/", nil)
	r.Header.Set("Accept-Language", "en-GB,en;q=0.9")
	if _, body := read(t)(http.DefaultClient.Do(r)); !strings.Contains(body, `<html lang="en">`) {
		t.Error("a browser's wish for English is not heard")
	}
}
