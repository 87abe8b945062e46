package web

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"reprise/internal/takedown"
)

// counts is what a formula of reading ease counts in a text.
type counts struct{ sentences, words, syllables, letters int }

func (c counts) perSentence() float64 { return float64(c.words) / float64(c.sentences) }
func (c counts) perWord() float64     { return float64(c.syllables) / float64(c.words) }

func (c counts) plus(o counts) counts {
	return counts{c.sentences + o.sentences, c.words + o.words, c.syllables + o.syllables, c.letters + o.letters}
}

// formula is how hard a language is to read, as published: a school year where
// easy is low, a score of 0 to 100 where easy is high.
type formula struct {
	score     func(counts) float64
	lower     bool    // a lower score reads easier
	sentence  float64 // bound for each sentence of eight words or more
	catalogue float64 // bound for the whole of it
	syllables func(word string) int
}

// formulas are, one for each language of the portal:
//
// French: Kandel and Moles, "Application de l'indice de Flesch à la langue française", Cahiers d'Études de
// Radio-Télévision 19 (1958). 60 to 70 is read at 13 to 15 years, 70 to 80 at 12, 80 to 90 at 11.
//
// English: Flesch-Kincaid grade, Kincaid et al., "Derivation of New Readability Formulas", Navy Research Branch Report
// 8-75 (1975). It is a school year: with 5 added, an age.
//
// Spanish: Szigriszt Pazos, "Sistemas predictivos de legibilidad del mensaje escrito" (1993), read on the INFLESZ scale of
// Barrio-Cantalejo et al., Anales del Sistema Sanitario de Navarra 31 (2008): over 55 normal, over 65 rather easy, over 80
// very easy.
//
// Arabic: Al-Heeti (1984), a school year from the mean length of words, as El-Haj and Rayson give it in "OSMAN: A Novel
// Arabic Readability Metric" (LREC 2016). It does not look at the length of sentences: that has a bound of its own.
//
// A colon or a semicolon ends a sentence for all of them, as Flesch counts ("The Art of Readable Writing", 1949).
var formulas = map[takedown.Lang]formula{
	"fr": {func(c counts) float64 { return 207 - 1.015*c.perSentence() - 73.6*c.perWord() }, false, 55, 80, frenchSyllables},
	"en": {func(c counts) float64 { return 0.39*c.perSentence() + 11.8*c.perWord() - 15.59 }, true, 9, 4, englishSyllables},
	"es": {func(c counts) float64 { return 206.835 - c.perSentence() - 62.3*c.perWord() }, false, 55, 75, spanishSyllables},
	"ar": {func(c counts) float64 { return 4.414*float64(c.letters)/float64(c.words) - 13.468 }, true, 10, 7, nil},
}

// Bounds that hold in every language.
const (
	whole    = 4  // words from which it is a sentence and no label, for the score of the whole
	weighed  = 8  // words from which a sentence is weighed alone: a formula says little of fewer
	mostOfIt = 24 // words of one sentence
)

var (
	sentenceEnd = regexp.MustCompile(`[.?؟:;؛…]+(?:[\s»”"]|$)`)
	vowelsEN    = regexp.MustCompile(`[aeiouy]+`)
	vowelsFR    = regexp.MustCompile(`[aàâeéèêëiîïoôuùûüyœæ]+`)
)

func (f formula) count(sentence string) counts {
	c := counts{sentences: 1}
	for word := range strings.FieldsSeq(strings.ReplaceAll(sentence, "{}", "5")) {
		word = strings.ToLower(strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
		if word == "" {
			continue
		}
		c.words++
		for _, r := range word {
			if unicode.IsLetter(r) { // the marks above Arabic letters are none
				c.letters++
			}
		}
		if f.syllables != nil {
			c.syllables += max(1, f.syllables(word))
		}
	}
	return c
}

// tooHard tells whether a score is past a bound.
func (f formula) tooHard(score, bound float64) bool {
	return f.lower && score > bound || !f.lower && score < bound
}

func englishSyllables(word string) int {
	word = strings.TrimSuffix(word, "’s")
	n := len(vowelsEN.FindAllString(word, -1))
	silent := strings.HasSuffix(word, "e") && !strings.HasSuffix(word, "le") || strings.HasSuffix(word, "es") && !regexp.MustCompile(`(?:[sxzh]|[cg])es$`).MatchString(word) ||
		strings.HasSuffix(word, "ed") && !regexp.MustCompile(`[td]ed$`).MatchString(word)
	if silent && n > 1 {
		n--
	}
	return n
}

func frenchSyllables(word string) int {
	word, n := strings.Replace(word, "qu’", "q", 1), 0
	for _, group := range vowelsFR.FindAllString(regexp.MustCompile(`([qg])u([eéèêiî])`).ReplaceAllString(word, "$1$2"), -1) {
		n++
		if r := []rune(group); len(r) > 1 && strings.ContainsRune("éï", r[0]) && r[1] != 'e' {
			n++ // "ré-agir": two
		}
	}
	if n > 1 && (strings.HasSuffix(word, "e") || strings.HasSuffix(word, "es")) && !regexp.MustCompile(`[aâeéèiîoôuûy]es?$`).MatchString(word) {
		n-- // a silent end
	}
	return n
}

func spanishSyllables(word string) int {
	word = regexp.MustCompile(`([qg])u([eéií])`).ReplaceAllString(word, "$1$2")
	const strong = "aáeéoóíú"
	n, before := 0, rune(0)
	for _, r := range word {
		if !strings.ContainsRune(strong+"iuü", r) {
			if r != 'y' || before == 0 {
				before = 0
			}
			continue
		}
		if before == 0 || strings.ContainsRune(strong, before) && strings.ContainsRune(strong, r) {
			n++
		}
		before = r
	}
	return n
}

// weigh gives what is too hard to read among texts, and the score of all of them.
func (f formula) weigh(texts map[string]string) (hard []string, score float64, sentences int) {
	var all counts
	for key, text := range texts {
		for _, sentence := range sentenceEnd.Split(text, -1) {
			c := f.count(sentence)
			if c.words == 0 {
				continue
			}
			if c.words >= whole {
				all, sentences = all.plus(c), sentences+1
			}
			if c.words > mostOfIt || c.words >= weighed && f.tooHard(f.score(c), f.sentence) {
				hard = append(hard, key+": "+strings.TrimSpace(sentence))
			}
		}
	}
	slices.Sort(hard)
	return hard, f.score(all), sentences
}

// told are the texts of the portal in a language, those of the shipped data
// included: all but what is no sentence, and the criteria of RGAA, which are quoted.
func told(t *testing.T, l takedown.Lang) map[string]string {
	t.Helper()
	out := map[string]string{}
	for name, byLang := range catalogueFiles(t) {
		for key, text := range byLang[string(l)] {
			if name != "console" && !strings.HasPrefix(key, "date.") && !strings.HasPrefix(key, "language.") {
				out[key] = text
			}
		}
	}
	for _, file := range []string{"help.csv", "channels.csv"} {
		body, err := os.ReadFile("../../migrations/data/" + file)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for column, head := range lines[0] {
			for n, line := range lines[1:] {
				if strings.HasSuffix(head, "."+string(l)) {
					out[fmt.Sprint(file, " ", n+2, " ", head)] = line[column]
				}
			}
		}
	}
	return out
}

func TestEverySentenceIsEasyToRead(t *testing.T) {
	for _, l := range Langs("portal") {
		f, ok := formulas[l]
		if !ok { // its sentences are held short, and no more
			t.Logf("no formula says how hard %s is to read", l)
			f = formula{score: counts.perSentence, lower: true, sentence: mostOfIt, catalogue: mostOfIt}
		}
		hard, score, n := f.weigh(told(t, l))
		t.Logf("%s: %.1f over %d sentences (bound %.0f, each sentence %.0f)", l, score, n, f.catalogue, f.sentence)
		if f.tooHard(score, f.catalogue) {
			t.Errorf("%s is %.1f as a whole, past its bound of %.1f", l, score, f.catalogue)
		}
		for _, h := range hard {
			_, sentence, _ := strings.Cut(h, ": ")
			c := f.count(sentence)
			t.Errorf("%s, %.1f, %d words: %s", l, f.score(c), c.words, h)
		}
	}
}

// TestBureaucratsAreNotLetThrough shows that the formulas bite.
func TestBureaucratsAreNotLetThrough(t *testing.T) {
	for l, sentence := range map[takedown.Lang]string{
		"fr": "La transmission des informations complémentaires conditionne la recevabilité administrative de votre réclamation.",
		"en": "Transmission of supplementary documentation is obligatory for administrative consideration of your application.",
		"es": "La tramitación administrativa de su reclamación requiere la presentación obligatoria de documentación complementaria.",
		"ar": "المستندات التكميلية الإلزامية واستكمالها يستوجبان مراجعة الإجراءات الإدارية والتنظيمية المتعلقة بالاستحقاقات.",
	} {
		if hard, _, _ := formulas[l].weigh(map[string]string{"planted": sentence}); len(hard) != 1 {
			t.Errorf("%s: %.1f is let through: %s", l, formulas[l].score(formulas[l].count(sentence)), sentence)
		}
	}
	long := strings.Repeat("go on and ", 9)
	if hard, _, _ := formulas["en"].weigh(map[string]string{"planted": long}); len(hard) != 1 {
		t.Error("a sentence without end is let through")
	}
}

func TestSyllablesAreCountedAsSpoken(t *testing.T) {
	for _, c := range []struct {
		count func(string) int
		words map[string]int
	}{
		{englishSyllables, map[string]int{"page": 1, "images": 3, "asked": 1, "wanted": 2, "people": 2, "fingerprint": 3, "agreement": 3}},
		{frenchSyllables, map[string]int{"page": 1, "pages": 1, "image": 2, "demande": 2, "quelqu’un": 2, "réagir": 3, "adresse": 2, "identité": 4}},
		{spanishSyllables, map[string]int{"enlace": 3, "guardado": 3, "quien": 1, "día": 2, "teoría": 4, "vídeo": 3, "huella": 2, "imágenes": 4}},
	} {
		for word, want := range c.words {
			if got := max(1, c.count(word)); got != want {
				t.Errorf("%s: %d, want %d", word, got, want)
			}
		}
	}
}
