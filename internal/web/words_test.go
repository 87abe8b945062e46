package web

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"reprise/internal/takedown"
	"reprise/templates"
)

// catalogueFiles gives the texts of each file by its name without language, and
// by language.
func catalogueFiles(t *testing.T) map[string]map[string]map[string]string {
	t.Helper()
	out := map[string]map[string]map[string]string{}
	names, err := fs.Glob(templates.FS, "i18n/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		parts := strings.Split(filepath.Base(name), ".")
		body, err := fs.ReadFile(templates.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		texts := map[string]string{}
		if err := json.Unmarshal(body, &texts); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if out[parts[0]] == nil {
			out[parts[0]] = map[string]map[string]string{}
		}
		out[parts[0]][parts[1]] = texts
	}
	return out
}

func TestNoTextIsSaidInTwoFiles(t *testing.T) {
	said := map[string]string{}
	for name, byLang := range catalogueFiles(t) {
		for lang, texts := range byLang {
			for key := range texts {
				if before := said[lang+key]; before != "" {
					t.Errorf("%s is said in %s and in %s (%s)", key, before, name, lang)
				}
				said[lang+key] = name
			}
		}
	}
}

func TestTheTeamReadsTheSameInEachOfItsLanguages(t *testing.T) {
	for name, byLang := range catalogueFiles(t) {
		compare(t, name+" in English", byLang["fr"], byLang["en"])
	}
}

// TestEveryLanguageOfThePortalSaysAllOfIt is what a further language has to
// pass: every text that any page of the portal may show, with the same gaps.
func TestEveryLanguageOfThePortalSaysAllOfIt(t *testing.T) {
	files, all := catalogueFiles(t), map[string]map[string]string{}
	for name, byLang := range files {
		for lang, texts := range byLang {
			if all[lang] == nil {
				all[lang] = map[string]string{}
			}
			if name != "console" {
				maps.Copy(all[lang], texts)
			}
		}
	}
	if got := Langs("portal"); len(got) < 4 || len(all) != len(got) || got[0] != takedown.French {
		t.Errorf("the portal speaks %v", got)
	}
	for _, l := range Langs("portal") {
		compare(t, string(l), all["fr"], all[string(l)])
	}
}

// counting is how the key of a text ends that depends on a number.
var counting = regexp.MustCompile(`\.(zero|one|two|few|many|other)$`)

// compare asks that a language says what another does. A text for a number may
// leave the number out, if that is its only gap, and may stand for other numbers.
func compare(t *testing.T, name string, want, got map[string]string) {
	t.Helper()
	for key, text := range want {
		if strings.TrimSpace(got[key]) == "" || text == "" {
			t.Errorf("%s: %s is not said", name, key)
		}
	}
	for key, text := range got {
		base := want[key]
		if base == "" {
			base = want[counting.ReplaceAllString(key, ".many")]
		}
		gaps, has := strings.Count(base, "{}"), strings.Count(text, "{}")
		if base == "" {
			t.Errorf("%s: %s is said nowhere else", name, key)
		} else if has != gaps && !(counting.MatchString(key) && has == 0 && gaps == 1) {
			t.Errorf("%s: %s has %d gaps, elsewhere %d", name, key, has, gaps)
		}
	}
}

// TestEveryStateHasItsWordsInEveryLanguage is why no state can be added without
// its sentence.
func TestEveryStateHasItsWordsInEveryLanguage(t *testing.T) {
	var keys []string
	for _, s := range takedown.Steps() {
		keys = append(keys, "step."+string(s), "step."+string(s)+".label", "space.next."+string(s))
	}
	for _, c := range takedown.Closings() {
		keys = append(keys, "space.why."+string(c))
	}
	for _, r := range takedown.RefusedReasons() {
		keys = append(keys, "refused."+r)
	}
	for _, h := range takedown.Harms() {
		keys = append(keys, "harm."+string(h), "harm."+string(h)+".hint")
	}
	for _, a := range takedown.Ages() {
		keys = append(keys, "age."+string(a))
	}
	for _, f := range takedown.Frequencies() {
		if f != takedown.MailNever {
			keys = append(keys, "often."+string(f))
		}
	}
	for _, l := range Langs("portal") {
		seen := map[string]string{}
		for _, k := range keys {
			text := Texts(l)[k]
			if text == "" {
				t.Errorf("%s has no words in %s", k, l)
			}
			if strings.HasPrefix(k, "step.") && seen[text] != "" {
				t.Errorf("%s: %s and %s read alike: %q", l, k, seen[text], text)
			}
			seen[text] = k
		}
	}
}

func TestEveryAddressThatIsRefusedHasItsReason(t *testing.T) {
	for _, stage := range []string{"none", "scheme", "userinfo", "host", "ip", "port", "syntax", "made up"} {
		if r := (takedown.Refused{Stage: stage}).Reason(); !slices.Contains(takedown.RefusedReasons(), r) {
			t.Errorf("%s is told as %q", stage, r)
		}
	}
}

func TestLanguagesCountTheirOwnWay(t *testing.T) {
	for _, c := range []struct {
		l    takedown.Lang
		n    int
		want string
	}{
		{"fr", 0, "0 adresse"}, {"fr", 1, "1 adresse"}, {"fr", 2, "2 adresses"}, {"fr", 1_000_000, "1000000 adresses"},
		{"en", 0, "0 addresses"}, {"en", 1, "1 address"}, {"en", 2, "2 addresses"},
		{"es", 0, "0 enlaces"}, {"es", 1, "1 enlace"}, {"es", 2, "2 enlaces"},
		{"ar", 0, "لا روابط"}, {"ar", 1, "رابط واحد"}, {"ar", 2, "رابطان"}, {"ar", 3, "3 روابط"}, {"ar", 10, "10 روابط"},
		{"ar", 11, "11 رابطًا"}, {"ar", 99, "99 رابطًا"}, {"ar", 100, "100 رابط"}, {"ar", 103, "103 روابط"},
	} {
		if got := Count(c.l, "check.addresses", c.n); got != c.want {
			t.Errorf("%s %d: %q, want %q", c.l, c.n, got, c.want)
		}
	}
	// A way of counting that has no text reads the one for many.
	if got := Count("ar", "check.images", 100); got != "100 بصمة" {
		t.Errorf("%q", got)
	}
	if got := fmt.Sprint(Counts("en", "device.made")); got != "[{one # fingerprint is ready.} {many # fingerprints are ready.}]" {
		t.Errorf("the script is given %s", got)
	}
	if got := len(Counts("ar", "device.made")); got != 5 {
		t.Errorf("the script is given %d ways of counting in Arabic", got)
	}
}

func TestDaysAreWordsWithoutAnHour(t *testing.T) {
	at := time.Date(2026, 8, 1, 23, 59, 0, 0, time.UTC)
	for l, want := range map[takedown.Lang]string{
		"fr": "1er août 2026", "en": "1 August 2026", "es": "1 de agosto de 2026", "ar": "1 أغسطس 2026", "xx": "2026-08-01",
	} {
		if got := Day(l, at); got != want || Day(l, time.Time{}) != "" {
			t.Errorf("%s: %q, want %q", l, got, want)
		}
	}
	for day := range 366 {
		at := at.AddDate(0, 0, day)
		for _, l := range takedown.Langs() {
			if page, notice := Day(l, at), takedown.Day(l, at); page != notice {
				t.Errorf("a page says %q, a notice %q", page, notice)
			}
		}
	}
}

func TestNamesKeepTheirDirectionInALanguageFromRightToLeft(t *testing.T) {
	if got := T("ar", "start.reach", "aide@example.org"); !strings.Contains(got, "\u2068aide@example.org\u2069") {
		t.Errorf("%+q", got)
	}
	for got, want := range map[string]string{
		T("ar", "form.question", 2, 6):             "السؤال 2 من 6",
		T("fr", "start.reach", "aide@example.org"): "Vous pouvez nous joindre à aide@example.org.",
	} {
		if got != want {
			t.Errorf("%+q, want %+q", got, want)
		}
	}
	if Dir("ar") != "rtl" || Dir("es") != "ltr" || Dir("xx") != "ltr" {
		t.Error("a language is written the wrong way")
	}
}

func TestPhrasesAreDrawnFromAListThatEveryLanguageNames(t *testing.T) {
	for l, want := range map[takedown.Lang]takedown.Lang{"fr": "fr", "en": "en", "es": "en", "ar": "en"} {
		if got := Words(l); got != want {
			t.Errorf("%s draws from %s", l, got)
		}
	}
}

func TestTheTeamsDoorSpeaksTheTeamsLanguages(t *testing.T) {
	if got := Langs("console"); !slices.Equal(got, takedown.Langs()) {
		t.Errorf("the console speaks %v", got)
	}
}

// TestArabicSpeaksToEveryone keeps out the orders and the verbs that address a man
// alone, or many: verbal nouns, and endings that are written alike, fit everyone.
func TestArabicSpeaksToEveryone(t *testing.T) {
	gendered := regexp.MustCompile(`(?:^|[ "«])و?(?:اقرأ|اختر|اكتب|احفظ|راجع|حاول|انتظر|أدخل|انسخ|افتح|اضغط|ارجع|تأكد|استخدم|خذ|احذف|اطلب|أضف|تريد|(?:اختار|راجع|حاول|اكتب|تريد)(?:وا|ون|ين)|يمكنكم|لديكم|ملفكم|صوركم)(?:[ .:،"؟]|$)`)
	for key, text := range Texts("ar") {
		if found := gendered.FindString(text); found != "" {
			t.Errorf("%s says %q: %s", key, found, text)
		}
	}
	if !gendered.MatchString("اختر جوابًا.") {
		t.Error("an order to a man is let through")
	}
}

// TestSpanishSaysTu keeps one way of speaking to her on all pages.
func TestSpanishSaysTu(t *testing.T) {
	formal := regexp.MustCompile(`(?i)\b(?:usted|puede usted|su (?:caso|frase|número|espacio|imagen|recibo)|sus (?:datos|imágenes|palabras|enlaces)|léalo|revise|elija|escriba|vuelva a)\b|^"?puede\b`)
	for key, text := range Texts("es") {
		if found := formal.FindString(text); found != "" {
			t.Errorf("%s says %q: %s", key, found, text)
		}
	}
}

func TestNoFrenchSignIsPartedFromItsWord(t *testing.T) {
	for key, text := range Texts(takedown.French) {
		for _, parted := range []string{" :", " ;", " ?", " »", "« ", " %"} {
			if strings.Contains(text, parted) {
				t.Errorf("%s: a line may break at %q", key, parted)
			}
		}
	}
	if got := T(takedown.French, "form.line", 2); got != "Ligne 2\u00a0:" {
		t.Errorf("%q", got)
	}
}
