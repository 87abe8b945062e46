package web

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jba/templatecheck"

	"reprise/internal/takedown"
)

func TestFailurePagesFitTheirType(t *testing.T) {
	for _, door := range []string{"portal", "console"} {
		page := NewPage[Failure](door, "failure")
		if err := templatecheck.CheckHTML(page.Template().Lookup("layout"), Failure{}); err != nil {
			t.Errorf("%s: %v", page.Name(), err)
		}
	}
}

func TestPagesAreAnsweredWholeOrNotAtAll(t *testing.T) {
	h := newHouse(t)
	broken := Page[string]{"portal", "failure", NewPage[Failure]("portal", "failure").Template()}
	h.web.Mount(Route{Method: "GET", Path: "/half", Do: func(c *Ctx) error { return broken.Render(c, "no Frame here") }})
	a := h.get("/half", "Accept-Language", "en")
	if a.status != 500 || strings.Count(a.body, "<!doctype html>") != 1 || !strings.Contains(a.body, T("en", "error.500")) {
		t.Errorf("%d:\n%s", a.status, a.body)
	}
}

func TestWordsStayCalm(t *testing.T) {
	raised := regexp.MustCompile(`[!¡]|(?i)\bv[ií]ctim|ضحية`)
	for name, byLang := range catalogueFiles(t) {
		for lang, texts := range byLang {
			for key, text := range texts {
				if raised.MatchString(text) {
					t.Errorf("%s.%s: %s: %q", name, lang, key, text)
				}
			}
		}
	}
}

func TestEveryRefusalHasItsSentence(t *testing.T) {
	key := regexp.MustCompile(`"(error\.[a-z_]+)"`)
	reason := regexp.MustCompile(`Reason = "([a-z-]+)"`)
	keys := map[string]bool{"error.image.again": true}
	for _, pattern := range []string{"../takedown/*.go", "../casework/*.go", "*.go", "portal/*.go", "console/*.go", "../picture/refusal.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			source, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range key.FindAllSubmatch(source, -1) {
				keys[string(m[1])] = true
			}
			for _, m := range reason.FindAllSubmatch(source, -1) {
				keys["error.image."+string(m[1])] = true
			}
		}
	}
	reasons := 0
	for k := range keys {
		if strings.HasPrefix(k, "error.image.") {
			reasons++
		}
		for _, l := range takedown.Langs() {
			if _, ok := Texts(l)[k]; !ok {
				t.Errorf("%s has no sentence in %s", k, l)
			}
		}
	}
	if reasons < 9 || len(keys) < 30 {
		t.Errorf("only %d keys and %d reasons were found: the test looks in the wrong place", len(keys), reasons)
	}
}

func TestEveryStatusHasItsSentence(t *testing.T) {
	for _, status := range []int{400, 403, 404, 405, 409, 413, 415, 421, 422, 429, 500, 503} {
		for _, l := range Langs("portal") {
			if got := Sentence(l, errAway, status); strings.HasPrefix(got, "error.") {
				t.Errorf("%d has no sentence in %s", status, l)
			}
		}
	}
	if got := Sentence("en", takedown.Refuse(takedown.Invalid, "error.unheard_of"), 422); got != T("en", "error.422") {
		t.Errorf("a refusal without a sentence is told as %q", got)
	}
}

func TestGapsAreFilledInTurn(t *testing.T) {
	if got := T("en", "form.question", 2, 6); got != "Question 2 of 6" {
		t.Error(got)
	}
	if got := T("en", "failure.request", "{} <b>"); !strings.Contains(got, "{} <b>") {
		t.Error(got)
	}
	if got := T("fr", "no.such.text"); got != "no.such.text" {
		t.Error(got)
	}
	for _, c := range []struct {
		l    takedown.Lang
		n    int
		want string
	}{{"fr", 0, "0 adresse"}, {"fr", 1, "1 adresse"}, {"fr", 2, "2 adresses"}, {"en", 0, "0 addresses"}, {"en", 1, "1 address"}, {"en", 2, "2 addresses"}} {
		if got := Count(c.l, "check.addresses", c.n); got != c.want {
			t.Errorf("%s %d: %q", c.l, c.n, got)
		}
	}
}

func TestPartialsTakePairsOnly(t *testing.T) {
	if _, err := dict("a"); err == nil {
		t.Error("a name without a value was taken")
	}
	if _, err := dict(1, 2); err == nil {
		t.Error("a name that is no text was taken")
	}
	if d, err := dict("a", 1, "b", "c"); err != nil || d["a"] != 1 || d["b"] != "c" {
		t.Errorf("%v %v", d, err)
	}
}
