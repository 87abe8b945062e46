package browser_test

import (
	"fmt"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"reprise/internal/browser"
)

// policy is the one the doors send: what holds here holds there.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

const home = `<!doctype html><html lang="en"><head><title>Home</title><link rel="stylesheet" href="/style.css">
<script src="/script.js" defer></script></head><body><main><h1>Letters</h1>
<p data-t="shown first">Here <span hidden>not shown</span></p><p data-t="shown" lang="fr">Là</p>
<p data-t="script"></p><p data-t="keys"></p><p data-t="dark">dark</p>
<form method="post" action="/send" enctype="multipart/form-data">
<label>Text <textarea name="text" data-t="text">old words</textarea></label>
<label>Files <input type="file" name="file" multiple data-t="files"></label>
<button data-t="submit">Send</button></form>
<a href="/nowhere" data-t="nowhere">Nowhere</a></main></body></html>`

// script grows a paragraph only after a round trip, counts Shift, and follows what is typed.
const script = `
document.querySelector('[data-t=script]').textContent = 'script ran';
fetch('/style.css').catch(() => {}).then(() => {
	const p = document.createElement('p'); p.dataset.t = 'late'; p.textContent = 'late';
	document.querySelector('main').append(p);
});
let shifts = 0;
addEventListener('keydown', e => {
	if (e.key === 'Shift') document.querySelector('[data-t=keys]').textContent = ++shifts;
});
document.querySelector('textarea').addEventListener('input', e => { document.title = e.target.value; });
`

// serve is a small site with the doors' own policy, a redirect after POST, and pages with planted faults.
func serve(t *testing.T) string {
	mux := http.NewServeMux()
	page := func(path, body string) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", policy)
			fmt.Fprint(w, body)
		})
	}
	page("/{$}", home)
	page("/faulty", `<!doctype html><html lang="en"><title>Faulty</title><main><h1>F</h1><img src="/x.png"></main></html>`)
	page("/dim", `<!doctype html><html lang="en"><link rel="stylesheet" href="/style.css"><title>Dim</title><main><h1 class="dim">Dim words</h1></main></html>`)
	page("/inline", `<!doctype html><html lang="en"><title>Inline</title><main><h1>I</h1><script>document.title = 'ran'</script></main></html>`)
	page("/throws", `<!doctype html><html lang="en"><title>Throws</title><main><h1>T</h1></main><script src="/throws.js"></script></html>`)
	mux.HandleFunc("GET /style.css", serveText("text/css", `.dim { color: #000; background: #fff }
		[data-t=dark] { visibility: hidden }
		@media (prefers-color-scheme: dark) { .dim { color: #555; background: #000 } [data-t=dark] { visibility: visible } }`))
	mux.HandleFunc("GET /script.js", serveText("text/javascript", script))
	mux.HandleFunc("GET /throws.js", serveText("text/javascript", `console.error('said aloud', 7); null.nothing`))
	mux.HandleFunc("GET /worker", serveText("text/html", `<!doctype html><html lang="en"><title>Worker</title><script src="/start.js"></script></html>`))
	mux.HandleFunc("GET /start.js", serveText("text/javascript", `new Worker('/worker.js').onmessage = () => {
		const p = document.createElement('p'); p.dataset.t = 'worker-done'; p.textContent = 'done'; document.body.append(p);
	}`))
	mux.HandleFunc("GET /worker.js", serveText("text/javascript", `fetch('http://worker.example/').catch(() => {}).then(() => postMessage(0))`))
	mux.HandleFunc("GET /lang", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Header.Get("Accept-Language")) })
	mux.HandleFunc("GET /away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://far.example/page", http.StatusSeeOther)
	})
	mux.HandleFunc("POST /send", answerForm)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func serveText(kind, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		fmt.Fprint(w, text)
	}
}

// answerForm keeps what came in a cookie and redirects to a page that shows it with status 422 on an empty text.
func answerForm(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	text := r.FormValue("text")
	if text == "" {
		w.WriteHeader(http.StatusUnprocessableEntity)
	}
	http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1", Path: "/"})
	w.Header().Set("Content-Type", "text/html")
	fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Sent</title><p data-t="got">%s</p>`, text)
	for _, header := range r.MultipartForm.File["file"] {
		file, err := header.Open()
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		content, _ := io.ReadAll(file)
		fmt.Fprintf(w, `<p data-t="got-file">%s %s</p>`, header.Filename, content)
	}
}

func TestPageIsReadAsItIsShown(t *testing.T) {
	b, site := browser.Start(t), serve(t)
	p := b.Page(t, browser.Options{})
	if status := p.Goto(site + "/"); status != 200 {
		t.Fatalf("status %d, want 200", status)
	}
	if got := p.Text(browser.T("first")); got != "Here" {
		t.Errorf("text %q, want the shown part only", got)
	}
	if got := p.Texts(browser.T("shown")); !slices.Equal(got, []string{"Here", "Là"}) {
		t.Errorf("texts %q", got)
	}
	if p.Count(browser.T("shown")) != 2 || p.Count(browser.T("absent")) != 0 {
		t.Error("the count of matches is wrong")
	}
	if p.Attr(browser.T("shown")+"[lang]", "lang") != "fr" || p.Attr("form", "absent") != "" {
		t.Error("the attributes read are not the page's")
	}
	p.WaitFor(browser.T("late"))
	if p.Title() != "Home" || p.URL() != site+"/" {
		t.Errorf("title %q at %q", p.Title(), p.URL())
	}
	for _, problem := range p.Problems() {
		if !strings.Contains(problem, "Content Security Policy") {
			t.Errorf("problem %q, want nothing but the fetch that the policy stopped", problem)
		}
	}
}

func TestFormIsFilledAndSentAsByAPerson(t *testing.T) {
	b, site := browser.Start(t), serve(t)
	file := filepath.Join(t.TempDir(), "note.txt")
	if err := os.WriteFile(file, []byte("inside"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, noScript := range []bool{false, true} {
		t.Run(fmt.Sprintf("noscript=%v", noScript), func(t *testing.T) {
			p := b.Page(t, browser.Options{NoScript: noScript})
			p.Goto(site + "/")
			p.Type(browser.T("text"), "new words & more")
			if !noScript && p.Title() != "new words & more" {
				t.Errorf("title %q: the input handler did not run", p.Title())
			}
			p.SetFiles(browser.T("files"), file)
			if status := p.Submit(browser.T("submit")); status != 200 {
				t.Errorf("status %d, want 200", status)
			}
			if got := p.Text(browser.T("got")); got != "new words & more" {
				t.Errorf("the server got %q", got)
			}
			if got := p.Text(browser.T("got-file")); got != "note.txt inside" {
				t.Errorf("the server got the file %q", got)
			}
			p.Back()
			p.Type(browser.T("text"), "")
			if status := p.Submit(browser.T("submit")); status != 422 {
				t.Errorf("status %d, want 422 for an empty text", status)
			}
		})
	}
}

func TestScriptRunsOnlyWhereItIsOn(t *testing.T) {
	b, site := browser.Start(t), serve(t)
	with, without := b.Page(t, browser.Options{}), b.Page(t, browser.Options{NoScript: true})
	with.Goto(site + "/")
	without.Goto(site + "/")
	if got := with.Text(browser.T("script")); got != "script ran" {
		t.Errorf("with script the page says %q", got)
	}
	if got := without.Text(browser.T("script")); got != "" {
		t.Errorf("without script the page says %q", got)
	}
}

func TestKeysReachThePage(t *testing.T) {
	b, site := browser.Start(t), serve(t)
	p := b.Page(t, browser.Options{})
	p.Goto(site + "/")
	p.Press(kb.Shift, kb.Shift, kb.Shift)
	if got := p.Text(browser.T("keys")); got != "3" {
		t.Errorf("the page counted %q presses of Shift, want 3", got)
	}
	p.Click("textarea")
	p.Press(kb.Tab)
	if got := browser.Eval[string](p, "document.activeElement.dataset.t"); got != "files" {
		t.Errorf("Tab led to %q, want the next field", got)
	}
}

func TestOptionsChangeWhatThePageSees(t *testing.T) {
	b, site := browser.Start(t), serve(t)
	p := b.Page(t, browser.Options{Width: 390, Height: 844, Dark: true, Lang: "fr"})
	p.Goto(site + "/lang")
	if got := p.Text("body"); !strings.HasPrefix(got, "fr") {
		t.Errorf("Accept-Language %q, want fr first", got)
	}
	p.Goto(site + "/")
	if got := browser.Eval[[]int](p, "[innerWidth, innerHeight]"); !slices.Equal(got, []int{390, 844}) {
		t.Errorf("the screen is %v", got)
	}
	if p.Text(browser.T("dark")) != "dark" {
		t.Error("the page was not told to be dark")
	}
	light := b.Page(t, browser.Options{})
	light.Goto(site + "/")
	if light.Text(browser.T("dark")) != "" {
		t.Error("a page with no option was told to be dark")
	}
}

func TestPeopleDoNotShareCookies(t *testing.T) {
	b, site := browser.Start(t), serve(t)
	one, other := b.Page(t, browser.Options{}), b.Page(t, browser.Options{})
	one.Goto(site + "/")
	one.Submit(browser.T("submit"))
	other.Goto(site + "/")
	if browser.Eval[string](one, "document.cookie") != "seen=1" || browser.Eval[string](other, "document.cookie") != "" {
		t.Error("a cookie of one page was seen by the other")
	}
}

func TestEveryRequestIsSeenAndStrangersAreRefused(t *testing.T) {
	b, site := browser.Start(t), serve(t)
	p := b.Page(t, browser.Options{})
	p.Goto(site + "/")
	want := []string{site + "/", site + "/style.css", site + "/script.js"}
	for _, url := range want {
		if !slices.Contains(p.Requests(), url) {
			t.Errorf("the request for %s was not seen among %q", url, p.Requests())
		}
	}
	if got := b.Strangers(); len(got) != 0 {
		t.Errorf("a site of our own led to strangers: %q", got)
	}
	// What a worker asks for is seen too, though it is not among the page's own requests.
	p.Goto(site + "/worker")
	p.WaitFor(browser.T("worker-done"))
	if got := b.Strangers(); !slices.Equal(got, []string{"worker.example"}) {
		t.Errorf("strangers %q, want what the worker asked for", got)
	}
	if status := p.Goto(site + "/away"); status != http.StatusForbidden {
		t.Errorf("status %d of a foreign page, want 403 by the proxy", status)
	}
	if got := b.Strangers(); !slices.Equal(got, []string{"worker.example", "far.example"}) {
		t.Errorf("strangers %q, want far.example last", got)
	}
}

func TestAxeFindsAPlantedFaultAndNoOther(t *testing.T) {
	b, site := browser.Start(t), serve(t)
	light, dark := b.Page(t, browser.Options{}), b.Page(t, browser.Options{Dark: true})
	for _, c := range []struct {
		page *browser.Page
		path string
		want []string
	}{
		{light, "/", nil},
		{light, "/faulty", []string{"image-alt"}},
		{light, "/dim", nil},
		{dark, "/dim", []string{"color-contrast"}},
	} {
		c.page.Goto(site + c.path)
		var rules []string
		for _, v := range c.page.Axe() {
			rules = append(rules, v.Rule)
			if len(v.Targets) != 1 || !strings.Contains(v.String(), v.Targets[0]) || v.Impact == "" {
				t.Errorf("%s: the violation does not say where: %v", c.path, v)
			}
		}
		if !slices.Equal(rules, c.want) {
			t.Errorf("%s: axe-core found %q, want %q", c.path, rules, c.want)
		}
	}
}

func TestProblemsTellWhatThePolicyStoppedAndWhatWasThrown(t *testing.T) {
	b, site := browser.Start(t), serve(t)
	p := b.Page(t, browser.Options{})
	p.Goto(site + "/inline")
	p.Goto(site + "/throws")
	problems := strings.Join(p.Problems(), "\n")
	for _, part := range []string{"inline script", "said aloud 7", "TypeError"} {
		if !strings.Contains(problems, part) {
			t.Errorf("problems do not tell of %q:\n%s", part, problems)
		}
	}
}

func TestScreenshotShowsTheWholePage(t *testing.T) {
	b, site := browser.Start(t), serve(t)
	p := b.Page(t, browser.Options{Width: 390, Height: 100})
	p.Goto(site + "/")
	path := filepath.Join(t.TempDir(), "page.png")
	p.Screenshot(path)
	width, height := size(t, path)
	if width != 390 || height <= 100 {
		t.Errorf("the picture is %d x %d, want 390 and more than the screen's 100", width, height)
	}
}

func size(t *testing.T, path string) (width, height int) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	config, err := png.DecodeConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	return config.Width, config.Height
}

func TestPageIsSpokenAsAScreenReaderReadsIt(t *testing.T) {
	b, site := browser.Start(t), serve(t)
	p := b.Page(t, browser.Options{})
	p.Goto(site + "/")
	if s := p.Spoken(); !slices.ContainsFunc(s, func(s browser.Spoken) bool { return s.Role == "heading" && s.Name != "" && s.Level == 1 }) {
		t.Errorf("no heading is spoken: %v", s)
	}
}
