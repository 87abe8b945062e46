package static_test

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"reprise/static"
)

// pair is a text (or a line, or a ring) and what it stands on, by the names of the tokens.
type pair struct{ over, under string }

// Text asks for 4.5:1 (WCAG 2.2, 1.4.3); the edges of controls, rings and marks for 3:1 (1.4.11).
var (
	texts = []pair{
		{"ink", "paper"}, {"ink", "surface"}, {"ink", "sunken"}, {"ink", "accent-wash"}, {"ink", "error-wash"},
		{"ink-soft", "paper"}, {"ink-soft", "surface"}, {"ink-soft", "sunken"}, {"ink-soft", "accent-wash"},
		{"accent", "paper"}, {"accent", "surface"}, {"accent", "sunken"}, {"accent-strong", "paper"},
		{"on-accent", "accent"}, {"on-accent", "accent-strong"}, {"on-exit", "exit"}, {"on-exit", "exit-strong"},
		{"on-danger", "danger"}, {"error", "paper"}, {"error", "surface"}, {"error", "error-wash"}, {"on-focus", "focus"},
	}
	edges = []pair{
		{"line-strong", "paper"}, {"line-strong", "surface"}, {"accent", "accent-wash"}, {"exit", "paper"},
		{"focus", "paper"}, {"focus", "surface"}, {"focus", "sunken"}, {"focus", "accent-wash"}, {"focus", "error-wash"},
	}
	tones = []string{"quiet", "look", "asked", "talk", "gone", "care", "end", "alert"}
)

func TestColoursKeepTheirContrastInLightAndDark(t *testing.T) {
	for _, sheet := range []string{"portal.css", "console.css"} {
		css := read(t, sheet)
		light := tokens(t, between(t, css, ":root{color-scheme", "}"))
		dark := tokens(t, between(t, css, "(prefers-color-scheme: dark){:root{", "}"))
		for mode, colours := range map[string]map[string]string{"light": light, "dark": dark} {
			for _, p := range texts {
				hold(t, sheet+" "+mode, colours, p, 4.5)
			}
			for _, tone := range tones {
				hold(t, sheet+" "+mode, colours, pair{tone + "-text", tone + "-wash"}, 4.5)
			}
			for _, p := range edges {
				hold(t, sheet+" "+mode, colours, p, 3)
			}
		}
	}
}

func TestContrastIsMeasuredAsWCAGDefinesIt(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{{"#ffffff", "#000000", 21}, {"#767676", "#ffffff", 4.54}, {"#777777", "#ffffff", 4.48}} {
		if got := contrast(t, c.a, c.b); math.Abs(got-c.want) > 0.01 {
			t.Errorf("contrast of %s on %s is %.2f, want %.2f", c.a, c.b, got, c.want)
		}
	}
}

func TestEveryStateOfTheLanguageHasItsMark(t *testing.T) {
	steps := states(t, "Step")
	marked(t, "portal.css", steps)
	marked(t, "console.css", steps)
	marked(t, "console.css", states(t, "Presence|RequestState|NoticeState|Triage|MatchState|CaseState"))
}

func TestSheetsReachForNothing(t *testing.T) {
	for _, sheet := range []string{"portal.css", "console.css"} {
		css := read(t, sheet)
		for _, banned := range []string{"url(", "@import", "@font-face", "data:", "GDS Transport", "crest", "\ufeff"} {
			if strings.Contains(css, banned) {
				t.Errorf("%s has %q: the policy forbids it, or it is not ours to use", sheet, banned)
			}
		}
	}
}

func TestScriptsStoreNothingAskNothingAndWriteNoHTML(t *testing.T) {
	banned := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|` +
		`localStorage|sessionStorage|indexedDB|\.cookie|\bfetch\(|XMLHttpRequest|sendBeacon|WebSocket|serviceWorker|https?:`)
	for _, script := range []string{"portal.js", "console.js", "images.js", "list.js", "video.js", "worker.js", "pdq.js", "signature.js", "keypoints.js"} {
		if found := banned.FindString(read(t, script)); found != "" {
			t.Errorf("%s uses %s", script, found)
		}
	}
}

// TestFilesStayLight weighs what an old phone receives: each file as it is packed for it.
func TestFilesStayLight(t *testing.T) {
	for name, limit := range map[string]int{"portal.css": 8_500, "console.css": 8_500, "portal.js": 1_600, "console.js": 2_000, "images.js": 4_500, "list.js": 1_300, "video.js": 1_300,
		"worker.js": 4_200, "pdq.js": 3_000, "signature.js": 4_500, "keypoints.js": 3_800} {
		if size := packed(t, read(t, name)); size > limit {
			t.Errorf("%s weighs %d bytes, the limit is %d", name, size, limit)
		}
	}
}

// packed is how many bytes of a file are sent to a browser that unpacks.
func packed(t *testing.T, text string) int {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

func TestOnlyWhatBrowsersLoadIsEmbedded(t *testing.T) {
	entries, err := fs.ReadDir(static.FS, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() || !slices.Contains([]string{".css", ".js", ".svg", ".ico"}, filepath.Ext(entry.Name())) {
			t.Errorf("%s would be served", entry.Name())
		}
	}
}

func TestLockNamesNoRegistry(t *testing.T) {
	lock, err := os.ReadFile("scss/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(lock), `"resolved"`) {
		t.Error("the lock says where packages came from: npm install --omit-lockfile-registry-resolved")
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := fs.ReadFile(static.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func between(t *testing.T, text, from, to string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, from)
	if !found {
		t.Fatalf("the sheet has no %q", from)
	}
	inner, _, _ := strings.Cut(rest, to)
	return inner
}

// tokens reads the custom properties of one rule.
func tokens(t *testing.T, rule string) map[string]string {
	t.Helper()
	colours := map[string]string{}
	for _, m := range regexp.MustCompile(`--([a-z-]+):\s*(#[0-9a-f]{6}|#[0-9a-f]{3})\b`).FindAllStringSubmatch(rule, -1) {
		colours[m[1]] = m[2]
	}
	return colours
}

func hold(t *testing.T, where string, colours map[string]string, p pair, least float64) {
	t.Helper()
	over, under := colours[p.over], colours[p.under]
	if over == "" || under == "" {
		t.Errorf("%s: no colour for %s or %s", where, p.over, p.under)
		return
	}
	if got := contrast(t, over, under); got < least {
		t.Errorf("%s: %s on %s is %.2f:1, needs %.1f:1", where, p.over, p.under, got, least)
	}
}

// contrast is the ratio of WCAG 2.2 ("contrast ratio", "relative luminance").
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	digits := strings.TrimPrefix(hex, "#")
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	part := func(v uint64) float64 {
		c := float64(v&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(n>>16) + 0.7152*part(n>>8) + 0.0722*part(n)
}

// states reads the values of the language's state types where they are written.
func states(t *testing.T, types string) []string {
	t.Helper()
	files, err := filepath.Glob("../internal/takedown/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("find the language: %v", err)
	}
	value := regexp.MustCompile(`(?m)^\s+\w+\s+(?:` + types + `)\s+= "(\w+)"`)
	var found []string
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range value.FindAllStringSubmatch(string(source), -1) {
			found = append(found, m[1])
		}
	}
	if len(found) == 0 {
		t.Fatalf("the language has no values of %s", types)
	}
	return found
}

func marked(t *testing.T, sheet string, names []string) {
	t.Helper()
	css := read(t, sheet)
	for _, name := range names {
		if !regexp.MustCompile(`\.tag--` + name + `[,{]`).MatchString(css) {
			t.Errorf("%s has no tone for the state %s: add it to _tags.scss", sheet, name)
		}
	}
}
