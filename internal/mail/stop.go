package mail

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// stopWords end mails, as plainWords writes them: small, without accents or hamza.
var stopWords = []string{"stop", "arret", "arreter", "baja", "parar", "unsubscribe", "ايقاف", "اوقف", "توقف", "قف"}

// answerMark is what mail programs put before the subject of an answer.
var answerMark = regexp.MustCompile(`^(?i:(re|rép|rv|aw|sv|رد)\s*:\s*)+`)

// SaysStop tells whether a person asks for no more mails: with one such word alone,
// as the subject or as the first line of what is new. A program's answer, a bounce
// and a word that is quoted do not.
func (r Reply) SaysStop() bool {
	if r.AutoSubmitted || r.Bounce != nil {
		return false
	}
	first, _, _ := strings.Cut(r.Fresh, "\n") // Fresh begins with a line that is not empty
	return isStop(first) || isStop(answerMark.ReplaceAllString(r.Subject, ""))
}

func isStop(line string) bool {
	word := strings.TrimFunc(plainWords(line), func(r rune) bool { return !unicode.IsLetter(r) })
	return slices.Contains(stopWords, word)
}
