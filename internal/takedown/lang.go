package takedown

import (
	"fmt"
	"time"
)

// Lang is a language of the screens, mails and notices, as a BCP 47 tag.
type Lang string

// The languages that are complete.
const (
	French  Lang = "fr"
	English Lang = "en"
)

// Langs lists the complete languages, the default first.
func Langs() []Lang { return []Lang{French, English} }

// LangOf gives the language of a tag, and French for any other.
func LangOf(tag string) Lang {
	for _, l := range Langs() {
		if string(l) == tag {
			return l
		}
	}
	return French
}

// Text is one sentence in every language. A new language is a new field, so
// that the compiler finds each sentence that lacks it.
type Text struct{ FR, EN string }

// In gives the sentence in a language.
func (t Text) In(l Lang) string {
	if l == English {
		return t.EN
	}
	return t.FR
}

// Day writes a date in words, without the hour; "" for the zero time.
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
