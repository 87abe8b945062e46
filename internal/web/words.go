package web

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"reprise/internal/takedown"
	"reprise/templates"
)

// catalogue holds every text by language and key. A language is what the names
// of the files say, as templates/i18n/portal.LANG.json.
var catalogue = once(func() map[takedown.Lang]map[string]string {
	files, err := fs.Glob(templates.FS, "i18n/*.*.json")
	if err != nil {
		panic(err)
	}
	out := map[takedown.Lang]map[string]string{}
	for _, f := range files {
		l := takedown.Lang(strings.Split(path.Base(f), ".")[1])
		of := out[l]
		body, err := fs.ReadFile(templates.FS, f)
		if err != nil {
			panic(err)
		}
		if err := json.Unmarshal(body, &of); err != nil { // adds to what is there
			panic(fmt.Sprintf("the texts of %s: %v", path.Base(f), err))
		}
		out[l] = of
	}
	for key, text := range out[takedown.French] {
		out[takedown.French][key] = frenchSpaces.Replace(text)
	}
	return out
})

// frenchSpaces keeps a sign at the word it belongs to: French parts the two by a
// space, at which no line may break.
var frenchSpaces = strings.NewReplacer(" :", "\u00a0:", " ;", "\u00a0;", " ?", "\u00a0?", " !", "\u00a0!", " »", "\u00a0»", "« ", "«\u00a0", " %", "\u00a0%")

// Langs lists the languages of a door: those that have a file
// templates/i18n/DOOR.LANG.json, the default first.
func Langs(door string) []takedown.Lang { return langs()[door] }

var langs = once(func() map[string][]takedown.Lang {
	files, err := fs.Glob(templates.FS, "i18n/*.*.json")
	if err != nil {
		panic(err)
	}
	out := map[string][]takedown.Lang{}
	for _, f := range files {
		parts := strings.Split(path.Base(f), ".")
		out[parts[0]] = append(out[parts[0]], takedown.Lang(parts[1]))
	}
	for _, of := range out {
		slices.SortFunc(of, func(a, b takedown.Lang) int {
			return strings.Compare(rank(a)+string(a), rank(b)+string(b))
		})
	}
	return out
})

// rank puts the languages of the team first, in their order.
func rank(l takedown.Lang) string {
	if n := slices.Index(takedown.Langs(), l); n >= 0 {
		return fmt.Sprint(n)
	}
	return "~"
}

// T gives a text in a language; its "{}" are filled in turn. A key without a
// text gives the key, which the tests of the catalogues find.
func T(l takedown.Lang, key string, args ...any) string {
	text, ok := catalogue()[l][key]
	if !ok {
		return key
	}
	for _, a := range args {
		text = strings.Replace(text, "{}", apart(l, a), 1)
	}
	return text
}

// apart writes what fills a gap. In a language that is written from right to left
// a name, an address or a link keeps its own direction, and moves no full stop.
func apart(l takedown.Lang, a any) string {
	text := fmt.Sprint(a)
	if Dir(l) == "rtl" && strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Latin) }) {
		return "\u2068" + text + "\u2069"
	}
	return text
}

// forms are the ways in which languages count (CLDR), as the ends of keys.
var forms = map[plural.Form]string{
	plural.Zero: ".zero", plural.One: ".one", plural.Two: ".two", plural.Few: ".few", plural.Many: ".many", plural.Other: ".other",
}

// Count gives the text of key.one, key.two, ... as the language counts n, with n
// and the further arguments filled in. A way of counting that has no text of its
// own reads key.many.
func Count(l takedown.Lang, key string, n int, args ...any) string {
	form := forms[plural.Cardinal.MatchPlural(tag(l), n, 0, 0, 0, 0)]
	if _, ok := catalogue()[l][key+form]; !ok {
		form = ".many"
	}
	return T(l, key+form, append([]any{n}, args...)...)
}

func tag(l takedown.Lang) language.Tag { return language.Make(string(l)) }

// Counted is the text of one way of counting.
type Counted struct{ Form, Text string }

// Counts lists the ways of counting that a key has texts for, for the script of a
// page, with "#" in place of the number.
func Counts(l takedown.Lang, key string) (out []Counted) {
	for _, form := range []string{".zero", ".one", ".two", ".few", ".many", ".other"} {
		if _, ok := catalogue()[l][key+form]; ok {
			out = append(out, Counted{form[1:], T(l, key+form, "#")})
		}
	}
	return out
}

// Day writes a date in words, without the hour; "" for the zero time.
func Day(l takedown.Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	months := strings.Fields(T(l, "date.months"))
	if len(months) != 12 {
		return t.Format(time.DateOnly)
	}
	day := fmt.Sprint(t.Day())
	if t.Day() == 1 {
		day = T(l, "date.first")
	}
	return T(l, "date.day", day, months[t.Month()-1], t.Year())
}

// Dir gives the way in which a language is written: "ltr" or "rtl".
func Dir(l takedown.Lang) string {
	if catalogue()[l]["language.dir"] == "rtl" {
		return "rtl"
	}
	return "ltr"
}

// Words gives the language of the list of words from which phrases are drawn for
// those who read l.
func Words(l takedown.Lang) takedown.Lang { return takedown.LangOf(T(l, "language.words")) }

// Texts lists the keys of a language, for the tests of the catalogues.
func Texts(l takedown.Lang) map[string]string { return catalogue()[l] }

// Sentence says what happened, that nothing was lost, and what to do.
func Sentence(l takedown.Lang, err error, status int) string {
	if key := refusal(err); key != "" {
		if _, ok := catalogue()[l][key]; ok {
			return T(l, key)
		}
	}
	return T(l, fmt.Sprintf("error.%d", status))
}
