package journey

import (
	"bytes"
	"database/sql"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"reprise/internal/browser"

	_ "github.com/mattn/go-sqlite3" // reads the history that the browser kept
)

// What the person gives: each is found nowhere but where it was written.
const (
	canaryAddress = "https://quiet-meadow-7731.org/harbour-lamp-2204"
	canaryMail    = "copper.kettle.5519@example.org"
	canaryLabel   = "velvet-anchor-8842"
	canaryAnswer  = "amber-lantern-6617"
	canaryWords   = "the sparrow of 4471 sings"
	canaryCode    = "granite-thimble-3305"
)

// TestNothingOfAVisitIsInTheProfileOfTheBrowser searches every byte of what
// Chromium keeps on the disk after a whole visit: history, cache, form values,
// sessions to restore, storage (SAFETY 5.2).
func TestNothingOfAVisitIsInTheProfileOfTheBrowser(t *testing.T) {
	for _, noScript := range []bool{false, true} {
		h := openHouse(t, filepath.Join(t.TempDir(), "reprise.db"))
		dir, told := t.TempDir(), []string{canaryAddress, "quiet-meadow-7731", "harbour-lamp-2204", canaryMail, canaryLabel, canaryAnswer, canaryWords, canaryCode}
		browser.Visit(t, dir, browser.Options{Width: 390, Height: 844, Lang: "en", NoScript: noScript}, func(_ *browser.Browser, p *browser.Page) {
			number, phrase := visitWhole(t, h, p)
			told = append(told, number, strings.Join(strings.Fields(number), ""), phrase)
			words := strings.Fields(phrase)
			for i := range words[1:] {
				told = append(told, words[i]+" "+words[i+1])
			}
		})
		if found := hits(t, dir, told); len(found) != 0 {
			t.Errorf("script %v: the profile tells:\n%s", !noScript, strings.Join(found, "\n"))
		}
		historyTellsNothing(t, dir)
	}
}

// visitWhole opens a case, reads it, closes it, comes back, and leaves quickly.
func visitWhole(t *testing.T, h *house, p *browser.Page) (number, phrase string) {
	t.Helper()
	home := "http://" + h.trial.House.Addr("portal")
	p.Goto(home + "/")
	p.Submit(browser.T("lost"))
	for _, number := range []string{"", "123 456 789"} { // refused, and taken
		p.Type(browser.T("lost-number"), number)
		for _, field := range []string{"answer-1", "answer-2", "answer-3"} {
			p.Type(browser.T(field), canaryAnswer)
		}
		p.Submit(browser.T("lost-ask"))
	}
	p.Goto(home + "/")
	p.Submit(browser.T("start"))
	for range 20 {
		if p.Count(browser.T("case-number")) > 0 {
			break
		}
		giveCanaries(p)
	}
	if p.Count(browser.T("case-number")) == 0 {
		t.Fatalf("no receipt: %s", p.Text("main"))
	}
	number = strings.TrimSpace(p.Text(browser.T("case-number")))
	phrase = strings.Join(strings.Fields(p.Text(browser.T("case-phrase"))), " ")
	p.Goto(home + "/s")
	if p.Count(browser.T("item")) == 0 {
		t.Fatalf("no item in the space: %s", p.Text("main"))
	}
	p.Submit(browser.T("out"))
	p.Type(browser.T("enter-number"), number)
	p.Type(browser.T("enter-phrase"), phrase)
	p.Submit(browser.T("enter"))
	p.Submit(browser.T("go-add"))
	p.Type(browser.T("urls"), canaryAddress+"\nno address "+canaryLabel)
	p.Submit(browser.T("add-urls"))
	p.Submit(browser.T("go-messages"))
	p.Type(browser.T("message-text"), canaryWords)
	p.Submit(browser.T("message-send"))
	p.Submit(browser.T("go-contact"))
	p.Type(browser.T("code-word"), canaryCode)
	p.Submit(browser.T("wishes"))
	p.Submit(browser.T("go-phrase"))
	p.Type(browser.T("phrase-known"), phrase+" again") // wrong
	p.Submit(browser.T("phrase-change"))
	p.Type(browser.T("phrase-known"), phrase)
	p.Submit(browser.T("phrase-change"))
	phrase += " " + strings.Join(strings.Fields(p.Text(browser.T("case-phrase"))), " ") // its words in pairs are searched for
	p.Goto(home + "/s")
	p.Submit(browser.T("exit"))
	if at := p.URL(); !strings.HasSuffix(at, "/weather") {
		t.Errorf("the way out led to %s", at)
	}
	return number, phrase
}

// giveCanaries answers one page of the form.
func giveCanaries(p *browser.Page) {
	has := func(handle string) bool { return p.Count(browser.T(handle)) > 0 }
	next := "next"
	switch {
	case has("age-adult"):
		p.Click(browser.T("age-adult"))
	case has("kind-published"):
		p.Click(browser.T("kind-published"))
	case has("urls"):
		p.Type(browser.T("urls"), canaryAddress)
	case has("contact-email"):
		p.Click(browser.T("contact-email"))
		p.Type(browser.T("email"), canaryMail)
	case has("statement"):
		for i := range p.Count(browser.T("statement")) {
			p.Click(fmt.Sprintf(`[data-t~="statement"][id="s%s"]`, map[bool]string{true: "", false: fmt.Sprintf("-%d", i)}[i == 0]))
		}
	case has("submit"):
		next = "submit"
	}
	p.Submit(browser.T(next))
}

// hits lists the files below dir that hold one of the texts, as UTF-8, as UTF-16
// or escaped as in a form's body.
func hits(t *testing.T, dir string, texts []string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		body, err := os.ReadFile(filepath.Clean(path))
		if err != nil {
			return err
		}
		body = bytes.ToLower(body)
		for _, text := range texts {
			for _, form := range [][]byte{[]byte(text), wide(text), []byte(url.QueryEscape(text))} {
				if bytes.Contains(body, bytes.ToLower(form)) {
					found = append(found, fmt.Sprintf("%s in %s", text, strings.TrimPrefix(path, dir)))
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Compact(found)
}

func wide(text string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(text)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

// historyTellsNothing reads what the history shows: neutral titles at no more
// than the four paths.
func historyTellsNothing(t *testing.T, dir string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "Default", "History")+"?mode=ro&immutable=1")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT url, title FROM urls")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	seen := 0
	for rows.Next() {
		var address, title string
		if err := rows.Scan(&address, &title); err != nil {
			t.Fatal(err)
		}
		at, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		seen++
		neutral := slices.Contains([]string{"/", "/f", "/s", "/x", "/weather"}, at.Path) && at.RawQuery == "" && at.Fragment == ""
		if !neutral || title != "" && title != "Information" && at.Path != "/weather" {
			t.Errorf("the history shows %q at %q", title, address)
		}
	}
	if err := rows.Err(); err != nil || seen == 0 {
		t.Errorf("%d addresses in the history, %v", seen, err)
	}
}

func TestTheSearchOfAProfileFindsWhatAnOrdinarySiteLeaves(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "max-age=3600")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<title>%s</title><p>%s</p><script>localStorage.setItem("a", %q)</script>`, canaryLabel, canaryAddress, canaryMail)
	}))
	t.Cleanup(site.Close)
	for text, kind := range map[string]string{canaryLabel: "history", canaryAddress: "cache", canaryMail: "storage"} {
		dir := t.TempDir()
		browser.Visit(t, dir, browser.Options{}, func(_ *browser.Browser, p *browser.Page) { p.Goto(site.URL) })
		if len(hits(t, dir, []string{text})) == 0 {
			t.Errorf("the %s of an ordinary site is not found", kind)
		}
	}
}
