package app_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A page is held to what the doors' content security policy allows, here where it is written: the browser would
// silently leave out what breaks it.
var pageRules = []struct {
	breaks *regexp.Regexp
	why    string
}{
	{regexp.MustCompile(`(?is)<script\b[^>]*>\s*[^\s<]`), "an inline script"},
	{regexp.MustCompile(`(?i)<style\b`), "an inline style sheet"},
	{regexp.MustCompile(`(?i)<[a-z][^<>]*\sstyle\s*=`), "an inline style"},
	{regexp.MustCompile(`(?i)<[a-z][^<>]*\son[a-z]+\s*=`), "an inline handler"},
	{regexp.MustCompile(`(?i)(href|action)\s*=\s*["']?\s*javascript:`), "a javascript: address"},
	{regexp.MustCompile(`(?i)\b(src|srcset|poster|action|formaction|data)\s*=\s*["']?\s*(https?:)?//`), "an asset or form of a third party"},
	{regexp.MustCompile(`(?i)<link\b[^>]*\bhref\s*=\s*["']?\s*(https?:)?//`), "an asset of a third party"},
}

// namespaces are addresses which are names: nothing is ever fetched from them.
var namespaces = []string{"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml", "http://www.w3.org/1999/xlink"}

var (
	address    = regexp.MustCompile(`https?://[^\s"'()<>]+`)
	comments   = regexp.MustCompile(`(?s)/\*.*?\*/|(?m)^\s*//.*$`)
	unfinished = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|X` + `XX)\b`)
)

// ground are the only things that stand at the top of the house; the last line is made by running and testing.
var ground = []string{
	"cmd", "internal", "templates", "static", "migrations",
	"go.mod", "go.sum", "Makefile", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md",
	"data", "reprise",
}

func TestPagesAndSheetsNeedNothingInlineAndNoThirdParty(t *testing.T) {
	walk(t, func(path, text string) {
		for _, fault := range servedFaults(path, text) {
			t.Errorf("%s has %s", path, fault)
		}
	})
}

func TestServedRulesFindEachPlantedFault(t *testing.T) {
	for _, c := range []struct{ path, text, want string }{
		{"templates/a.html", `<script>alert(1)</script>`, "inline script"},
		{"templates/a.html", `<style>p{}</style>`, "inline style sheet"},
		{"templates/a.html", `<p class="a" style="color:red">`, "inline style"},
		{"templates/a.html", "<body\n onload='x()'>", "inline handler"},
		{"templates/a.html", `<a href="javascript:x()">`, "javascript:"},
		{"templates/a.html", `<img src="https://far.example/a.png">`, "third party"},
		{"templates/a.html", `<script src="//far.example/a.js"></script>`, "third party"},
		{"templates/a.html", `<link rel="stylesheet" href="https://far.example/a.css">`, "third party"},
		{"templates/a.html", `<form action="https://far.example/">`, "third party"},
		{"static/a.css", `p { background: url(https://far.example/a.png) }`, "far.example"},
		{"static/a.js", `fetch("https://far.example/")`, "far.example"},
		{"static/a.svg", `<image href="http://far.example/a.png"/>`, "far.example"},
	} {
		faults := servedFaults(c.path, c.text)
		if len(faults) != 1 || !strings.Contains(faults[0], c.want) {
			t.Errorf("%s gave %q, want one fault about %q", c.text, faults, c.want)
		}
	}
}

func TestServedRulesLeaveHonestPagesAlone(t *testing.T) {
	for text, path := range map[string]string{
		`<script src="/portal.js" defer></script>`:                      "templates/a.html",
		`<a href="https://help.example/" rel="noreferrer">Help</a>`:     "templates/a.html",
		`<p class="on">style = once</p>`:                                "templates/a.html",
		`https://platform.example/report`:                               "templates/mail/a.en.txt",
		`/* after https://forms.example/ */ p { color: red }`:           "static/a.css",
		`<svg xmlns="http://www.w3.org/2000/svg"></svg>`:                "static/a.svg",
		"// see https://forms.example/\nconst a = 1 / 2; // not a rule": "static/a.js",
	} {
		if faults := servedFaults(path, text); len(faults) != 0 {
			t.Errorf("%s: %q", text, faults)
		}
	}
}

func TestNothingIsLeftUnfinished(t *testing.T) {
	walk(t, func(path, text string) {
		if mark := unfinished.FindString(text); mark != "" {
			t.Errorf("%s has a %s: finish it, or open an issue and take the mark out", path, mark)
		}
	})
	if !unfinished.MatchString("// TO"+"DO: later") || unfinished.MatchString("To do: and TODOS") {
		t.Error("the marks of unfinished work are not told from words")
	}
}

func TestTopOfTheHouseIsFixed(t *testing.T) {
	entries, err := os.ReadDir(top)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if name := entry.Name(); !strings.HasPrefix(name, ".") && !slices.Contains(ground, name) {
			t.Errorf("%s stands at the top of the house: everything has a floor below", name)
		}
	}
}

// servedFaults tells what a page or an asset that browsers load has against the policy.
// takenAlong is no page of a door but a file for the person to keep: it is read where no style sheet of ours is.
const takenAlong = "templates/portal/document.html"

func servedFaults(path, text string) []string {
	switch {
	case path == takenAlong:
		return markupFaults(strings.Replace(text, "<style>", "", 1))
	case strings.HasPrefix(path, "templates/") && strings.HasSuffix(path, ".html"):
		return markupFaults(text)
	case strings.HasPrefix(path, "static/") && !strings.HasPrefix(path, "static/scss/"):
		return assetFaults(text)
	}
	return nil
}

func markupFaults(text string) []string {
	var faults []string
	for _, rule := range pageRules {
		if found := rule.breaks.FindString(text); found != "" {
			faults = append(faults, rule.why+": "+found)
		}
	}
	return faults
}

func assetFaults(text string) []string {
	var faults []string
	for _, found := range address.FindAllString(comments.ReplaceAllString(text, ""), -1) {
		if !slices.Contains(namespaces, found) {
			faults = append(faults, "an address outside: "+found)
		}
	}
	return faults
}
