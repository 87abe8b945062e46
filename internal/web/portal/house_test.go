package portal

import (
	"bytes"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

const exitURL = "https://weather.example/"

// house is the portal on loopback, with what stands around it.
type house struct {
	t      testing.TB
	url    string
	desk   *desk
	rows   *rows
	clock  *clock
	log    *bytes.Buffer
	server *web.Server
	heard  recorder
}

// newHouse opens a portal on loopback. configure may change its options.
func newHouse(t testing.TB, configure ...func(*web.Options)) *house {
	t.Helper()
	listener := httptest.NewUnstartedServer(nil)
	h := &house{
		t: t, url: "http://" + listener.Listener.Addr().String(), desk: &desk{}, rows: &rows{kept: map[string]web.Row{}},
		clock: &clock{now: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}, log: &bytes.Buffer{},
	}
	o := web.Options{
		Door: "portal", URL: h.url, Sessions: h.rows, Idle: 15 * time.Minute, Absolute: time.Hour, Kept: time.Hour, KeptAtMost: 8 * time.Hour, Merge: Merge,
		Discreet: true, Now: h.clock.Now, Log: slog.New(slog.NewJSONHandler(h.log, nil)), Widen: 1000,
		RateKey:     func(day time.Time, prefix string) string { return day.Format(time.DateOnly) + "-" + prefix },
		Unavailable: func(err error) bool { return err != nil && strings.Contains(err.Error(), errAway.Error()) },
	}
	for _, c := range configure {
		c(&o)
	}
	server, err := web.New(o)
	if err != nil {
		t.Fatal(err)
	}
	h.server = server
	Mount(server, h.desk, Words{ExitURL: exitURL, Association: "The Harbour", Mail: "team@harbour.example", Country: "FR", Channels: []takedown.ProtectionChannel{
		{Name: "3018", Country: "FR", Contact: "3018", About: takedown.Said{"fr": "pour les jeunes", "en": "for young people"}},
		{Name: "Point de Contact", Country: "FR", Contact: "pointdecontact.net"},
		{Name: "Childline", Country: "GB", Contact: "0800 1111"},
		{Name: "INHOPE", Country: "*", Contact: "inhope.org"},
	}, Help: []takedown.HelpLine{
		{Country: "FR", Contact: "3018", Name: takedown.Said{"fr": "Violences en ligne", "en": "Online violence"}},
		{Country: "FR", Contact: "3919", Name: takedown.Said{"fr": "Violences faites aux femmes", "en": "Violence against women"}},
		{Country: "FR", Contact: "112", Name: takedown.Said{"fr": "Danger immédiat", "en": "Immediate danger"}},
		{Country: "US", Contact: "1-844-878-2274", Name: takedown.Said{"en": "Image abuse"}},
		{Country: "*", Contact: "findahelpline.com", Name: takedown.Said{"en": "A line near you"}},
	}, Grid: []takedown.Criterion{
		{ID: "1.1", State: takedown.CriterionOK, By: "axe", Title: takedown.Said{"fr": "Une image", "en": "An image"}},
		{ID: "3.1", State: takedown.CriterionPerson, Title: takedown.Said{"fr": "Une couleur", "en": "A colour"}},
		{ID: "8.6", State: takedown.CriterionNot, Title: takedown.Said{"fr": "Un titre", "en": "A title"}},
		{ID: "8.10", State: takedown.CriterionNone, Title: takedown.Said{"fr": "Un sens", "en": "A direction"}},
	}})
	listener.Config.Handler = h.heard.before(server.Handler())
	listener.Start()
	t.Cleanup(listener.Close)
	return h
}

// visitor is one browser without script: a jar of cookies and the page it is on.
type visitor struct {
	*house
	client *http.Client
	page   page
	lang   string // of the browser
}

// page is an answer as it was read.
type page struct {
	status int
	path   string
	header http.Header
	body   string
}

func (h *house) visitor() *visitor {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &visitor{house: h, client: &http.Client{Jar: jar, CheckRedirect: stayHere}}
}

// tab opens another tab of the same browser.
func (v *visitor) tab() *visitor {
	return &visitor{house: v.house, client: v.client, lang: v.lang, page: v.page}
}

// stayHere follows redirects within the portal only.
func stayHere(r *http.Request, _ []*http.Request) error {
	if !strings.HasPrefix(r.URL.Host, "127.0.0.1") {
		return http.ErrUseLastResponse
	}
	return nil
}

func (v *visitor) do(r *http.Request) page {
	v.t.Helper()
	r.Header.Set("Accept-Language", v.lang)
	res, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	v.page = page{res.StatusCode, res.Request.URL.Path, res.Header, string(body)}
	return v.page
}

func (v *visitor) request(method, path string, body io.Reader) *http.Request {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.url+path, body)
	if err != nil {
		v.t.Fatal(err)
	}
	return r
}

func (v *visitor) get(path string) page {
	v.t.Helper()
	return v.do(v.request(http.MethodGet, path, nil))
}

// post sends the form of the present page with these fields set: name, value, ...
func (v *visitor) post(path string, pairs ...string) page {
	v.t.Helper()
	form := v.hidden()
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r := v.request(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(r)
}

// hidden gives the hidden fields of the page: the token, and the step.
func (v *visitor) hidden() url.Values {
	form := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)">`).FindAllStringSubmatch(v.page.body, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	return form
}

type sentFile struct {
	name string
	body []byte
}

// upload sends the files of the present page's form.
func (v *visitor) upload(path, do string, files ...sentFile) page {
	v.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range v.hidden() {
		if path != pathSpace || name != "p" { // which is of the form beside it
			_ = w.WriteField(name, values[0])
		}
	}
	for _, f := range files {
		part, err := w.CreateFormFile("f1", f.name)
		if err != nil {
			v.t.Fatal(err)
		}
		_, _ = part.Write(f.body)
	}
	_ = w.WriteField("do", do)
	_ = w.Close()
	r := v.request(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return v.do(r)
}

// device sends the form of the present page with fingerprints, each a label and a
// value. One without a value is another field: lang, f6 or stay.
func (v *visitor) device(path, do string, made ...[2]string) page {
	v.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range v.hidden() {
		if path != pathSpace || name != "p" { // which is of the form beside it
			_ = w.WriteField(name, values[0])
		}
	}
	for _, m := range made {
		if m[1] == "" {
			_ = w.WriteField(m[0], map[string]string{"lang": "en", "f6": "yes", "stay": "away"}[m[0]])
			continue
		}
		_ = w.WriteField("f5", m[0])
		_ = w.WriteField("f4", m[1])
	}
	_ = w.WriteField("do", do)
	_ = w.Close()
	r := v.request(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return v.do(r)
}

// has fails unless the page shows every one of the texts.
func (v *visitor) has(texts ...string) {
	v.t.Helper()
	for _, text := range texts {
		if !strings.Contains(v.page.body, text) {
			v.t.Errorf("the page %s (%d) does not show %q:\n%s", v.page.path, v.page.status, text, plain(v.page.body))
		}
	}
}

// handle tells whether the page has an element with the data-t.
func (p page) handle(name string) bool { return strings.Contains(p.body, `data-t="`+name+`"`) }

// plain gives the words of a page's main part.
func plain(body string) string {
	if _, main, ok := strings.Cut(body, "<main"); ok {
		body, _, _ = strings.Cut(main, "</main>")
	}
	words := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, " ")
	return strings.Join(strings.Fields(words), " ")
}

var photo = append([]byte{0xff, 0xd8}, bytes.Repeat([]byte("photo"), 100)...)

// fillIn answers every question up to the last page.
func (v *visitor) fillIn() {
	v.t.Helper()
	v.get("/f")
	v.post("/f", "f1", "adult", "do", "next")
	v.post("/f", "f1", "published", "do", "next")
	v.post("/f", "f1", "self", "do", "next")
	v.post("/f", "f1", "https://pics.example/a\nhttps://pics.example/b", "do", "next")
	v.upload("/f", "next", sentFile{"one.jpg", photo})
	v.upload("/f", "next")
	v.post("/f", "f1", "none", "f3", "weekly", "do", "next")
	v.post("/f", "s", "yes", "do", "next")
	if !v.page.handle("submit") {
		v.t.Fatalf("the way does not lead to the last page: %s", plain(v.page.body))
	}
}
