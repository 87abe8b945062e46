package secret

import (
	"crypto/rand"
	_ "embed" // the word lists
	"fmt"
	"log/slog"
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	phraseWords = 7
	phraseMax   = 200 // bytes; longer input is refused before any work is done on it
	hidden      = "[phrase]"
)

//go:embed words/fr.txt
var frenchWords string

//go:embed words/en.txt
var englishWords string

// Phrase is the secret of a case: seven words of a list of 7,776, 90.5 bits. It
// prints as "[phrase]" everywhere; only Words gives it away. The zero Phrase
// has no words.
type Phrase struct {
	// A pointer, because %+v walks unexported fields without asking Format.
	text *string
}

// NewPhrase draws seven words, each with the same chance: French ones for a
// language tag that begins with "fr", else English ones.
func NewPhrase(lang string) Phrase {
	list := strings.Fields(englishWords)
	if strings.HasPrefix(strings.ToLower(lang), "fr") {
		list = strings.Fields(frenchWords)
	}
	words := make([]string, phraseWords)
	for i := range words {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(list)))) // by rejection: no word is likelier
		if err != nil {
			panic("secret: NewPhrase: " + err.Error()) // crypto/rand.Reader never fails
		}
		words[i] = list[n.Int64()]
	}
	text := strings.Join(words, " ")
	return Phrase{&text}
}

// ParsePhrase takes what a person typed. Words that no list holds are no error
// here: they simply match no case. Error: ErrPhraseInput.
func ParsePhrase(s string) (Phrase, error) {
	text, err := Normalise(s)
	if err != nil {
		return Phrase{}, err
	}
	return Phrase{&text}, nil
}

// Normalise gives one spelling to all the ways of typing a phrase: letters
// without marks, in lower case, one space between words, nothing else. Over 200
// bytes, NUL, broken UTF-8 or no letter at all: ErrPhraseInput.
func Normalise(s string) (string, error) {
	if len(s) > phraseMax {
		return "", fmt.Errorf("%w: over %d bytes", ErrPhraseInput, phraseMax)
	}
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return "", fmt.Errorf("%w: not valid text", ErrPhraseInput)
	}
	spaced := strings.Map(letterOrSpace, norm.NFKD.String(s))
	text := strings.Join(strings.Fields(spaced), " ")
	if text == "" {
		return "", fmt.Errorf("%w: no words", ErrPhraseInput)
	}
	return text, nil
}

// letterOrSpace drops marks and invisible characters inside a word and lets
// everything else that is no letter part two words.
func letterOrSpace(r rune) rune {
	switch {
	case unicode.Is(unicode.M, r), unicode.Is(unicode.Cf, r):
		return -1
	case unicode.IsLetter(r):
		return unicode.ToLower(r)
	}
	return ' '
}

// Words returns the words for the one page that shows them.
func (p Phrase) Words() []string { return strings.Fields(p.reveal()) }

func (p Phrase) reveal() string {
	if p.text == nil {
		return ""
	}
	return *p.text
}

// String hides the phrase.
func (p Phrase) String() string { return hidden }

// GoString hides the phrase.
func (p Phrase) GoString() string { return hidden }

// Format hides the phrase under every verb.
func (p Phrase) Format(f fmt.State, _ rune) { fmt.Fprint(f, hidden) }

// LogValue hides the phrase in logs.
func (p Phrase) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the phrase in JSON keys, XML and forms.
func (p Phrase) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// MarshalJSON hides the phrase in JSON.
func (p Phrase) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }
