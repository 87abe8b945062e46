package console

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jba/templatecheck"

	"reprise/internal/takedown"
	"reprise/internal/web"
	"reprise/templates"
)

func TestEveryPageFitsItsType(t *testing.T) {
	checked := []string{
		fits(t, signInTemplate),
		fits(t, emptyTemplate),
		fits(t, inviteTemplate),
		fits(t, accountTemplate),
		fits(t, queueTemplate),
		fits(t, casesTemplate),
		fits(t, caseTemplate),
		fits(t, historyTemplate),
		fits(t, talkTemplate),
		fits(t, minorTemplate),
		fits(t, itemTemplate),
		fits(t, matchesTemplate),
		fits(t, noticesTemplate),
		fits(t, threadTemplate),
		fits(t, trayTemplate),
		fits(t, answerTemplate),
		fits(t, directoryTemplate),
		fits(t, entryTemplate),
		fits(t, newEntryTemplate),
		fits(t, jobsTemplate),
		fits(t, negativesTemplate),
	}
	files, err := fs.Glob(templates.FS, "console/[a-z]*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(file, ".html")
		if name != "console/failure" && !slices.Contains(checked, name) { // that one is checked by internal/web
			t.Errorf("%s has no type", name)
		}
	}
}

// fits checks a page against its type, on a copy that no test has shown yet.
func fits[T any](t *testing.T, p web.Page[T]) string {
	t.Helper()
	var data T
	fresh := web.NewPage[T]("console", strings.TrimPrefix(p.Name(), "console/"))
	if err := templatecheck.CheckHTML(fresh.Template().Lookup("layout"), data); err != nil {
		t.Errorf("%s: %v", p.Name(), err)
	}
	return p.Name()
}

// said tells whether a key has words in both languages.
func said(t *testing.T, key string) {
	t.Helper()
	for _, l := range takedown.Langs() {
		if web.T(l, key) == key {
			t.Errorf("%q is not said in %s", key, l)
		}
	}
}

func TestEveryStateHasItsWords(t *testing.T) {
	families := map[string][]string{
		"presence": names(takedown.Presences()), "triage": names(takedown.Triages()), "request": append(names(takedown.RequestStates()), stateNone, stateOverdue),
		"notice": names(takedown.NoticeStates()), "match": names(takedown.MatchStates()), "reply": names(takedown.ReplyStates()),
		"saw": names(takedown.Sightings()), "channel": names(takedown.Channels()), "kind": names(takedown.RecipientKinds()),
		"what": names(takedown.Harms()), "case_state": names(takedown.CaseStates()), "lang": names(takedown.Langs()),
		"move":         append(names(takedown.Applicable()), string(takedown.MoveConfirm)),
		"verdict":      {"near", "unsure", "far"},
		"origin":       names([]takedown.Origin{takedown.FromReporter, takedown.FromCaseworker, takedown.FromSystem}),
		"look_video":   names(takedown.VideoTroubles()),
		"look_failure": names([]takedown.Failure{takedown.FailureUnreachable, takedown.FailureAnswer, takedown.FailureOurs}),
		"negative":     names([]takedown.NegativeWhy{takedown.NegativeLogo, takedown.NegativeFlood}),
		"job":          {"look", "send", "tell"},
		"month":        {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"},
	}
	for do := range actions() {
		families["did"] = append(families["did"], do+".one", do+".many")
	}
	for _, decided := range []string{"match_confirmed", "match_rejected", "nobody", "flood_real", "flood_rejected"} {
		families["did"] = append(families["did"], decided+".one", decided+".many")
	}
	for family, states := range families {
		for _, s := range states {
			said(t, family+"."+s)
		}
	}
}

func names[S ~string](states []S) []string {
	var out []string
	for _, s := range states {
		out = append(out, string(s))
	}
	return out
}

// TestEveryEventHasItsWords reads the verbs where they are written.
func TestEveryEventHasItsWords(t *testing.T) {
	verb := regexp.MustCompile(`"((?:item|notice|reference|request|reply|case|negative|flood|points|message|question|contact|watch|phrase|answers|recovery)\.[a-z_]+)"`)
	seen := 0
	for _, source := range slices.Concat(sources(t, "../../casework"), sources(t, "../../reporter")) {
		for _, m := range verb.FindAllStringSubmatch(source, -1) {
			said(t, "event."+m[1])
			seen++
		}
	}
	for _, s := range takedown.RequestStates() {
		said(t, "event.request."+string(s))
	}
	for _, of := range []string{"case.closed", "match.confirmed", "match.rejected", "flood.real", "flood.rejected", "reply.applied", "reply.dismissed"} {
		said(t, "event."+of)
	}
	if seen < 15 {
		t.Errorf("only %d verbs were found", seen)
	}
}

func sources(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(folder + "/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sources in %s: %v", folder, err)
	}
	var out []string
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		body, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(body))
	}
	return out
}

func TestEveryTextThatIsAskedForIsSaid(t *testing.T) {
	inPage := regexp.MustCompile(`\(?t \$?\.(?:Frame\.)?Lang "([^"]+)"`)
	inCode := regexp.MustCompile(`(?:web\.T\((?:l|c\.Lang), |many\((?:l|c\.Lang), )"([a-z][^"]*[a-z0-9])"[,)]`)
	asked := map[string]bool{}
	files, err := fs.Glob(templates.FS, "console/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		body, err := fs.ReadFile(templates.FS, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range inPage.FindAllStringSubmatch(string(body), -1) {
			asked[m[1]] = true
		}
	}
	plural := regexp.MustCompile(`many\(`)
	for _, source := range sources(t, ".") {
		for _, m := range inCode.FindAllStringSubmatch(source, -1) {
			if plural.MatchString(m[0]) {
				asked[m[1]+".one"], asked[m[1]+".many"] = true, true
				continue
			}
			asked[m[1]] = true
		}
	}
	if len(asked) < 150 {
		t.Errorf("only %d texts were found", len(asked))
	}
	for key := range asked {
		said(t, key)
	}
}

func TestCataloguesSayTheSameAndStayCalm(t *testing.T) {
	fr, en := web.Texts(takedown.French), web.Texts(takedown.English)
	shouts := regexp.MustCompile(`(?i)!|victim`)
	for key, text := range fr {
		if en[key] == "" || text == "" {
			t.Errorf("%q is not said in both languages", key)
		}
		if strings.Count(text, "{}") != strings.Count(en[key], "{}") {
			t.Errorf("%q has other gaps in English", key)
		}
		if shouts.MatchString(text + en[key]) {
			t.Errorf("%q raises its voice or labels the person", key)
		}
	}
}
