package secret

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPhraseHasSevenWordsOfItsLanguage(t *testing.T) {
	for lang, list := range map[string]string{"fr": frenchWords, "fr-CA": frenchWords, "FR": frenchWords, "en": englishWords, "de": englishWords, "": englishWords} {
		known := strings.Fields(list)
		words := NewPhrase(lang).Words()
		if len(words) != 7 {
			t.Errorf("%q: %d words", lang, len(words))
		}
		for _, w := range words {
			if !slices.Contains(known, w) {
				t.Errorf("%q: %q is not in the list", lang, w)
			}
		}
	}
}

func TestEveryWordOfTheListIsDrawn(t *testing.T) {
	const phrases = 6_000 // 42,000 draws of 7,776: about 35 words are never drawn
	seen := map[string]int{}
	for range phrases {
		for _, w := range NewPhrase("en").Words() {
			seen[w]++
		}
	}
	if len(seen) < 7_650 {
		t.Errorf("only %d different words were drawn", len(seen))
	}
	for w, n := range seen {
		if n > 30 { // 5.4 expected
			t.Errorf("%q was drawn %d times", w, n)
		}
	}
}

func TestPhraseNeverPrints(t *testing.T) {
	p, err := ParsePhrase("canari canari canari")
	if err != nil {
		t.Fatal(err)
	}
	holder := struct {
		Seen   Phrase
		hidden Phrase
		ptr    *Phrase
	}{p, p, &p}
	asJSON, err := json.Marshal(map[string]any{"p": p, "h": holder, "ptr": &p})
	if err != nil {
		t.Fatal(err)
	}
	asXML, err := xml.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "p", p, "h", holder)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "p", p, "h", holder)
	printed := fmt.Sprintf("%v|%+v|%#v|%s|%q|%x|%d", p, p, p, p, p, p, p) + fmt.Sprintf("%v|%+v|%#v", holder, holder, holder) +
		p.String() + p.GoString() + fmt.Errorf("e: %v", p).Error() + string(asJSON) + string(asXML) + log.String()
	if strings.Contains(printed, "canari") || strings.Contains(printed, fmt.Sprintf("%x", "canari")) {
		t.Errorf("the phrase was printed: %s", printed)
	}
	if fmt.Sprintf("%d %x", p, p) != "[phrase] [phrase]" || !strings.Contains(string(asJSON), `"p":"[phrase]"`) {
		t.Errorf("no placeholder: %s", printed)
	}
}

func TestZeroPhraseHasNoWords(t *testing.T) {
	if got := (Phrase{}).Words(); len(got) != 0 {
		t.Errorf("words %v", got)
	}
}

func TestNormaliseGivesOneSpelling(t *testing.T) {
	const want = "abeille fenetre cerise"
	for _, typed := range []string{
		want, "  Abeille   FENÊTRE\tcerise\n", "abeille, fenêtre, cerise.", "abeille-fene\u0302tre–cerise", "abeille\u00a0fenêtre\u202fcerise",
		"\ufeffabeille fene\u00adtre ce\u200brise", "1. abeille 2. fenêtre 3. cerise", "abeille;fenêtre/cerise", "«abeille» “fenêtre” 'cerise'",
		"ａｂｅｉｌｌｅ fenêtre cerise", "abeille\r\nfenêtre\r\ncerise",
	} {
		if got, err := Normalise(typed); err != nil || got != want {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
}

func TestNormaliseIsDoneOnceAndForAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.StringN(0, 60, 200).Draw(t, "typed")
		once, err := Normalise(typed)
		if err != nil || len(once) > phraseMax {
			return // refused; or lengthened by NFKD: what that gave is hashed, never normalised again
		}
		if twice, err := Normalise(once); err != nil || twice != once {
			t.Fatalf("%q became %q and then %q, %v", typed, once, twice, err)
		}
	})
}

func TestEveryDrawnPhraseIsItsOwnNormalForm(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		for range 200 {
			text := strings.Join(NewPhrase(lang).Words(), " ")
			if got, err := Normalise(strings.ToUpper(text)); err != nil || got != text {
				t.Fatalf("%q, %v", got, err)
			}
		}
	}
}

func TestNormaliseRefusesWhatIsNoPhrase(t *testing.T) {
	for _, typed := range []string{
		"", "   ", "12 34", "\u0301\u0301", "un deux\x00", "\xff\xfe", "a\xc3", strings.Repeat("a", 201), strings.Repeat("é", 101), strings.Repeat(" ", 201) + "a",
	} {
		got, err := Normalise(typed)
		if !errors.Is(err, ErrPhraseInput) || got != "" {
			t.Errorf("%.20q: %q, %v; want ErrPhraseInput", typed, got, err)
		}
		if _, err := ParsePhrase(typed); !errors.Is(err, ErrPhraseInput) {
			t.Errorf("%.20q: parsed, %v", typed, err)
		}
	}
	if _, err := Normalise(strings.Repeat("a", 200)); err != nil {
		t.Errorf("200 bytes: %v", err)
	}
}

// The K rows of the corpus: no code opens anything, and none costs a key
// derivation unless it could be a phrase.
func TestHostileCodesOpenNothing(t *testing.T) {
	keys := newTestKeys(t)
	right, _ := ParsePhrase("un deux trois quatre cinq six sept")
	lock, _, err := keys.HashPhrase(t.Context(), right)
	if err != nil {
		t.Fatal(err)
	}
	wrong := map[string]error{"K02": ErrPhraseInput, "K04": ErrWrongPhrase, "K06": ErrPhraseInput, "K08": ErrPhraseInput}
	for _, line := range vectors(t, "testdata/hostile_code.txt") {
		part := strings.Split(line, "\t")
		input, err := strconv.Unquote(part[3])
		if err != nil {
			t.Fatal(err)
		}
		if input == "@@a *4000@@" {
			input = strings.Repeat("a ", 4000)
		}
		p, err := ParsePhrase(input)
		if err == nil {
			_, err = keys.VerifyPhrase(t.Context(), lock, p)
		}
		if !errors.Is(err, wrong[part[0]]) || wrong[part[0]] == nil {
			t.Errorf("%s: error %v, want %v", part[0], err, wrong[part[0]])
		}
		if _, err := ParseNumber(input); err == nil {
			t.Errorf("%s: read as a case number", part[0])
		}
	}
}

func TestHostileCodesAreAllCopied(t *testing.T) {
	text, err := os.ReadFile("testdata/hostile_code.txt")
	if err != nil || strings.Count(string(text), "\treject\t") != 4 {
		t.Errorf("want four rows, %v", err)
	}
}

func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"", "un deux", "É\u0301", "\u200b", "ﷺ", "İ ß K"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got, err := Normalise(typed)
		if err != nil {
			return
		}
		if got != strings.Join(strings.Fields(got), " ") || got == "" || len(got) > 12*phraseMax {
			t.Errorf("%q became %q", typed, got)
		}
	})
}
