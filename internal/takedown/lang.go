package takedown

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
