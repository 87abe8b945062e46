package takedown

import (
	"fmt"
	"time"
)

// Lang is a language of the screens, mails and notices, as a BCP 47 tag. A case is
// in whichever language of the portal its person reads.
type Lang string

// The languages of the team.
const (
	French  Lang = "fr"
	English Lang = "en"
)

// Langs lists the languages of the team, in which its own pages and the notices
// are written, the default first. Those of the portal are the files it finds.
func Langs() []Lang { return []Lang{French, English} }

// LangOf gives the language of the team of a tag, and French for any other: it is
// for whom we write to, never for the person of a case.
func LangOf(tag string) Lang {
	for _, l := range Langs() {
		if string(l) == tag {
			return l
		}
	}
	return French
}

// Text is one sentence of the team's own pages, in every language of the team. A
// new language is a new field, so that the compiler finds each sentence that lacks it.
type Text struct{ FR, EN string }

// In gives the sentence in a language.
func (t Text) In(l Lang) string {
	if l == English {
		return t.EN
	}
	return t.FR
}

// Said is one sentence of the shipped data, in the languages that the data has.
type Said map[Lang]string

// In gives the sentence in a language, else in English, else in French.
func (s Said) In(l Lang) string {
	for _, l := range []Lang{l, English, French} {
		if s[l] != "" {
			return s[l]
		}
	}
	return ""
}

// Day writes a date of a notice in words, without the hour; "" for the zero time.
func Day(l Lang, t time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case l == English:
		return fmt.Sprintf("%d %s %d", t.Day(), t.Month(), t.Year())
	case t.Day() == 1:
		return fmt.Sprintf("1er %s %d", monthsFR[t.Month()-1], t.Year())
	}
	return fmt.Sprintf("%d %s %d", t.Day(), monthsFR[t.Month()-1], t.Year())
}

var monthsFR = []string{
	"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
}
