package secret

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of an answer: over answerMax bytes it is refused before any work is done
// on it, under AnswerMin letters and digits it is too easily guessed.
const (
	answerMax = 200
	AnswerMin = 4
)

// Answers makes of what a person chose to answer one secret, which is locked as a
// phrase is (HashPhrase, VerifyPhrase). All of them must be right: which one is
// wrong is never known. Case, accents, spaces and signs do not count; digits do.
// Error: ErrPhraseInput for one that is too short or too long, or no text, and for
// the same one twice.
func Answers(given ...string) (Phrase, error) {
	plain := make([]string, 0, len(given))
	for _, g := range given {
		if len(g) > answerMax || !utf8.ValidString(g) || strings.ContainsRune(g, 0) {
			return Phrase{}, fmt.Errorf("%w: no answer", ErrPhraseInput)
		}
		kept := strings.Map(letterOrDigit, norm.NFKD.String(g))
		if utf8.RuneCountInString(kept) < AnswerMin {
			return Phrase{}, fmt.Errorf("%w: under %d letters", ErrPhraseInput, AnswerMin)
		}
		if slices.Contains(plain, kept) {
			return Phrase{}, fmt.Errorf("%w: the same answer twice", ErrPhraseInput)
		}
		plain = append(plain, kept)
	}
	text := "answers:" + strings.Join(plain, "/") // no phrase has these signs
	return Phrase{&text}, nil
}

func letterOrDigit(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return unicode.ToLower(r)
	}
	return -1
}
