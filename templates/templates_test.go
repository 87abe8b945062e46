package templates_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"reprise/templates"
)

// frame has what the layouts ask of every page.
type frame struct {
	Lang, Dir, Title, CSRF, Path, Form string
	SignedIn, NoShift, HideOnSwitch    bool
	IdleAfter                          int
	Others                             []other
	Help                               []help
	Links                              []link
	Alerts                             []alert
	Nav                                []nav
	Actor                              struct{ Name, Role string }
	Exposure                           struct{ Images, Cap, Warn, Minutes int }
}

type (
	other struct{ Lang, Name, Dir string }
	help  struct{ Number, Tel, Site, Name, Text string }
	link  struct{ Href, Text string }
	alert struct{ Kind, Title, Text string }
	nav   struct {
		Href, Text string
		Current    bool
		Count      int
	}
	option struct {
		Value, Text, Hint, T string
		Checked              bool
	}
	fault   struct{ Name, Text string }
	step    struct{ Title, Text, State string }
	count   struct{ Number, Text string }
	fact    struct{ Key, Value, Name, Do, Label string }
	written struct {
		Own             bool
		Who, When, Text string
	}
)

type page struct {
	Frame   frame
	Faults  []fault
	Options []option
	Steps   []step
	Counts  []count
	Facts   []fact
	Thread  []written
	Head    []string
	Rows    [][]string
	States  []string
}

// words is a portal page that uses every partial once.
const words = `{{define "main"}}
{{template "errors" (dict "Lang" .Frame.Lang "Errors" .Faults)}}
<h1>Letters</h1>
<form method="post" action="/f" id="f" novalidate>{{template "hidden" .Frame}}
{{template "field-area" (dict "Lang" .Frame.Lang "Name" "f1" "Label" "Lines" "Hint" "One each" "Error" "Line 3" "Value" "one\ntwo" "T" "urls")}}
{{template "field-text" (dict "Lang" .Frame.Lang "Name" "f2" "Label" "Seven words" "Secret" true "Hint" "Paste is fine" "T" "enter-phrase")}}
{{template "field-text" (dict "Lang" .Frame.Lang "Name" "f6" "Label" "Password" "Type" "password" "Autocomplete" "current-password")}}
{{template "field-file" (dict "Lang" .Frame.Lang "Name" "f3" "Label" "Files" "Multiple" true "T" "images")}}
{{template "field-choices" (dict "Lang" .Frame.Lang "Name" "f4" "Label" "Which" "Type" "radio" "Hint" "One" "Options" .Options)}}
{{template "field-choices" (dict "Lang" .Frame.Lang "Name" "f5" "Type" "checkbox" "Error" "Tick" "Options" .Options)}}
{{template "details" (dict "Title" "More" "Text" "Much more")}}
{{template "buttons" (dict "Next" "On" "Back" "Back")}}
{{template "summary" (dict "Rows" .Facts)}}</form>
{{template "notice" (dict "Kind" "care" "Title" "Mind" "Text" "this")}}{{template "notice" (dict "Text" "Know")}}
{{template "notice" (dict "Kind" "good" "Text" "Done")}}{{template "inset" (dict "Text" "Apart")}}
{{template "tally" (dict "Counts" .Counts)}}{{template "path" (dict "Lang" .Frame.Lang "Steps" .Steps)}}
<ul class="messages">{{range .Thread}}{{template "message" .}}{{end}}</ul>
{{template "table" (dict "Caption" "Table" "Head" .Head "Rows" .Rows)}}
{{range .States}}<article class="card"><p>{{template "tag" (dict "Kind" . "Text" .)}}</p></article>{{end}}
{{template "pages" (dict "Lang" .Frame.Lang "Where" "1 to 7" "Prev" "#p" "Next" "#n")}}
{{end}}`

// rows is a console page: a long list in two groups, and the bar beneath.
const rows = `{{define "main"}}<h1>Case</h1>
<form class="filters">{{template "field-select" (dict "Lang" .Frame.Lang "Name" "p" "Label" "Presence" "Options" .Options)}}<button class="button">Filter</button></form>
<form method="post"><div class="rows"><table><thead><tr><th><input type="checkbox" data-all aria-label="all"></th><th>Address</th></tr></thead>
{{range $g, $row := .Rows}}<tbody><tr class="group"><td><input type="checkbox" data-all data-t="select-all" aria-label="group"></td><th>Host</th></tr>
{{range $i, $text := $row}}<tr><td><input type="checkbox" data-row name="i" value="{{$text}}" aria-label="{{$text}}"></td><td class="wide clip address">{{$text}}</td></tr>{{end}}</tbody>{{end}}
</table></div><div class="bulk"><span class="bulk__count"><span data-count>0</span> rows</span><button class="button">Accept</button></div></form>
{{range .States}}{{template "tag" (dict "Kind" . "Text" .)}} {{end}}
{{template "confirm" (dict "Frame" .Frame "Action" "/s" "Title" "Sure" "Text" "It cannot be undone" "Yes" "Erase" "No" "Back" "Value" "erase" "T" "erase")}}
{{end}}`

func sample(lang string) page {
	p := page{
		Frame: frame{
			Lang: lang, Dir: "ltr", Title: "Informations", CSRF: "token", Path: "/f",
			Others:   []other{{"en", "English", "ltr"}, {"ar", "العربية", "rtl"}, {"es", "Español", "ltr"}},
			SignedIn: true, IdleAfter: 780,
			Help:   []help{{"3018", "3018", "", "Name", "Text"}, {"help.example", "", "help.example", "Name", ""}},
			Links:  []link{{"/", "Privacy"}},
			Alerts: []alert{{"alert", "Title", "Text"}},
			Nav:    []nav{{"#a", "Queue", true, 14}, {"#b", "Cases", false, 0}},
		},
		Faults:  []fault{{"f1", "Line 3"}, {"", "Two files"}},
		Options: []option{{"a", "Eighteen or more", "A hint", "age-adult", true}, {"b", "Under", "", "age-minor", false}},
		Steps:   []step{{"Given", "", "done"}, {"Looked at", "Today", "now"}, {"Asked", "", ""}},
		Counts:  []count{{"31", "gone"}, {"8", "asked"}},
		Facts:   []fact{{"What", "Published", "do", "kind", "Change"}, {"How many", "42", "", "", ""}},
		Thread:  []written{{false, "They", "20 November", "Hello"}, {true, "You", "21 November", "Thanks"}},
		Head:    []string{"Whom", "When"},
		Rows:    [][]string{{"first", "20 November"}, {"second", "21 November"}},
		States:  []string{"received", "checking", "asked", "answered", "gone", "still_there", "cannot", "stopped"},
	}
	p.Frame.Actor.Name, p.Frame.Actor.Role = "Camille", "Caseworker"
	p.Frame.Exposure.Cap, p.Frame.Exposure.Images, p.Frame.Exposure.Warn = 60, 34, 45
	return p
}

func TestPartialsStandInBothDoorsAndLanguages(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		for door, body := range map[string]string{"portal": words, "console": rows} {
			html := render(t, door, body, sample(lang))
			if !strings.Contains(html, `<html lang="`+lang+`"`) {
				t.Errorf("%s does not say that it is in %s", door, lang)
			}
			for _, bad := range []string{"<no value>", "ZgotmplZ", "<nil>", `=""`} {
				if strings.Contains(html, bad) {
					t.Errorf("%s in %s holds %q: %s", door, lang, bad, around(html, bad))
				}
			}
		}
	}
}

func TestPartialsStandWithTheLeastTheyNeed(t *testing.T) {
	bare := page{Frame: frame{Lang: "fr", Dir: "ltr", Title: "Informations", Path: "/"}}
	for _, door := range []string{"portal", "console"} {
		html := render(t, door, `{{define "main"}}{{template "field-text" (dict "Name" "f1" "Label" "L")}}
{{template "field-area" (dict "Name" "f2" "Label" "L")}}{{template "field-file" (dict "Name" "f3" "Label" "L")}}
{{template "field-choices" (dict "Name" "f4" "Type" "radio" "Options" .Options)}}{{template "buttons" (dict "Next" "N")}}
{{template "errors" (dict "Lang" "fr")}}{{template "notice" (dict "Text" "T")}}{{template "summary" (dict)}}{{end}}`, bare)
		for _, bad := range []string{"aria-describedby", "aria-invalid", "error-summary", "<no value>", `action="/s"`, "idle"} {
			if strings.Contains(html, bad) {
				t.Errorf("%s: nothing was given, and yet %q: %s", door, bad, around(html, bad))
			}
		}
	}
}

func TestEveryReferenceOnAPageLeadsSomewhere(t *testing.T) {
	for door, body := range map[string]string{"portal": words, "console": rows} {
		html := render(t, door, body, sample("fr"))
		ids := map[string]int{}
		for _, m := range regexp.MustCompile(`\sid="([^"]*)"`).FindAllStringSubmatch(html, -1) {
			if ids[m[1]]++; ids[m[1]] > 1 {
				t.Errorf("%s: two elements are called %q", door, m[1])
			}
		}
		for _, m := range regexp.MustCompile(`\s(?:for|aria-describedby|aria-labelledby|form)="([^"]*)"`).FindAllStringSubmatch(html, -1) {
			for _, id := range strings.Fields(m[1]) {
				if ids[id] == 0 {
					t.Errorf("%s: %s leads nowhere", door, strings.TrimSpace(m[0]))
				}
			}
		}
	}
}

func TestExitIsTheFirstLinkAndSaysNothingToTheNextSite(t *testing.T) {
	html := render(t, "portal", words, sample("fr"))
	exit := strings.Index(html, `<a class="exit" href="/x" rel="nofollow noreferrer" data-t="exit">`)
	if first := strings.Index(html, "<a "); exit < 0 || exit != first {
		t.Errorf("the first link is at %d, the exit at %d", first, exit)
	}
	for _, control := range []string{"<button", "<input", "<summary"} {
		if before := strings.Index(html, control); before < exit {
			t.Errorf("%s comes before the exit", control)
		}
	}
}

func TestPhraseStaysOutOfPasswordManagersAndCanBePasted(t *testing.T) {
	html := render(t, "portal", words, sample("fr"))
	field := regexp.MustCompile(`<input[^>]*id="f2"[^>]*>`).FindString(html)
	for _, want := range []string{`type="text"`, `autocomplete="one-time-code"`, `autocapitalize="none"`, `autocorrect="off"`,
		`spellcheck="false"`, "data-1p-ignore", `data-lpignore="true"`, `data-bwignore="true"`} {
		if !strings.Contains(field, want) {
			t.Errorf("the phrase's field lacks %s: %s", want, field)
		}
	}
}

func TestLanguageSwitchTakesTheTypedTextAlong(t *testing.T) {
	p := sample("fr")
	p.Frame.Form = "f"
	html := render(t, "portal", words, p)
	if !strings.Contains(html, `form="f" name="lang" value="en"`) || !strings.Contains(html, `form="f" name="stay"`) {
		t.Error("with a form on the page, the language and the wish to stay must be sent by that form")
	}
}

func TestCataloguesHaveTheSameTextsAndAllThatIsUsed(t *testing.T) {
	fr, en := catalogue(t, "fr"), catalogue(t, "en")
	for key, text := range fr {
		if en[key] == "" || text == "" {
			t.Errorf("%s is not said in both languages", key)
		}
		if text+en[key] != strings.ReplaceAll(text+en[key], "!", "") {
			t.Errorf("%s raises its voice", key)
		}
	}
	if len(fr) != len(en) {
		t.Errorf("%d texts in French, %d in English", len(fr), len(en))
	}
	source := partials(t, "portal") + partials(t, "console")
	for key := range fr {
		if !strings.Contains(source, `"`+key+`"`) {
			t.Errorf("%s is said nowhere", key)
		}
	}
}

func TestEmbeddedAreWordsOnly(t *testing.T) {
	err := fs.WalkDir(templates.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".go") {
			t.Errorf("%s is embedded", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"_forms.html", "portal/_layout.html", "i18n/common.fr.json"} {
		if _, err := fs.Stat(templates.FS, want); err != nil {
			t.Error(err)
		}
	}
}

func render(t *testing.T, door, body string, p page) string {
	t.Helper()
	set := template.New(door).Option("missingkey=zero").Funcs(template.FuncMap{"t": say(t), "dict": dict, "counts": func(any, string) []struct{ Form, Text string } { return nil }})
	for _, text := range []string{partials(t, door), body} {
		if _, err := set.Parse(text); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := set.ExecuteTemplate(&out, "layout", p); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func partials(t *testing.T, door string) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range []string{"_*.html", door + "/_*.html"} {
		names, err := fs.Glob(templates.FS, pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("no partials as %s: %v", pattern, err)
		}
		for _, name := range names {
			text, err := fs.ReadFile(templates.FS, name)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	return all.String()
}

func say(t *testing.T) func(lang any, key string) (string, error) {
	texts := map[string]map[string]string{"fr": catalogue(t, "fr"), "en": catalogue(t, "en")}
	return func(lang any, key string) (string, error) {
		text := texts[fmt.Sprint(lang)][key]
		if text == "" {
			return "", fmt.Errorf("no text %q in %v", key, lang)
		}
		return text, nil
	}
}

func catalogue(t *testing.T, lang string) map[string]string {
	t.Helper()
	raw, err := fs.ReadFile(templates.FS, "i18n/common."+lang+".json")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(raw, &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: %d arguments are no pairs", len(pairs))
	}
	out := map[string]any{}
	for pair := range slices.Chunk(pairs, 2) {
		out[fmt.Sprint(pair[0])] = pair[1]
	}
	return out, nil
}

func around(text, what string) string {
	at := strings.Index(text, what)
	return text[max(0, at-80):min(len(text), at+80)]
}
