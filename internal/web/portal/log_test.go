package portal

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// changes reads the sources that write events.
func changes(t *testing.T) string {
	t.Helper()
	var out strings.Builder
	for _, folder := range []string{"../../casework", "../../reporter"} {
		files, err := filepath.Glob(folder + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("no sources in %s: %v", folder, err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			body, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			out.Write(body)
		}
	}
	return out.String()
}

// verbs lists what the log of a case may say: every text that looks like a verb of
// a family of which one is written, and the states that are put behind a family.
func verbs(t *testing.T) []string {
	t.Helper()
	source := changes(t)
	families := map[string]bool{}
	for _, m := range regexp.MustCompile(`Event\("([a-z]+)\.`).FindAllStringSubmatch(source, -1) {
		families[m[1]] = true
	}
	var out []string
	for _, m := range regexp.MustCompile(`"([a-z]+)\.[a-z_]+"`).FindAllStringSubmatch(source, -1) {
		if families[m[1]] {
			out = append(out, strings.Trim(m[0], `"`))
		}
	}
	states := map[string][]string{
		"case": {string(takedown.CaseOpen), string(takedown.CaseClosed)}, "match": {string(takedown.MatchConfirmed), string(takedown.MatchRejected)},
		"flood": {string(takedown.FloodReal), string(takedown.FloodRejected)}, "reply": {string(takedown.ReplyApplied), string(takedown.ReplyDismissed)},
	}
	for _, s := range takedown.RequestStates() {
		states["request"] = append(states["request"], string(s))
	}
	for _, m := range regexp.MustCompile(`Event\("([a-z]+)\."\s*\+`).FindAllStringSubmatch(source, -1) {
		if states[m[1]] == nil {
			t.Errorf("nobody says what may follow %q", m[1]+".")
		}
		for _, s := range states[m[1]] {
			out = append(out, m[1]+"."+s)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestTheLogSaysEveryVerbInWordsOfEachLanguage(t *testing.T) {
	ofNoCase := regexp.MustCompile(`^(staff|recipient)\.|^negative\.remove$`) // no log of a person has them
	seen := 0
	for _, verb := range verbs(t) {
		if ofNoCase.MatchString(verb) {
			continue
		}
		seen++
		for _, l := range web.Langs("portal") {
			if web.Texts(l)["log."+verb] == "" {
				t.Errorf("the log has no words for %s in %s", verb, l)
			}
		}
	}
	if seen < 60 {
		t.Errorf("only %d verbs were found", seen)
	}
}
