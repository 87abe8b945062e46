package secret

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

var wordForm = regexp.MustCompile(`^[a-z]{4,8}$`)

// The figures of words/README.md.
func TestEachListHas7776PlainWords(t *testing.T) {
	for name, want := range map[string]struct {
		list                  string
		beginnings, typoTwins int
	}{
		"fr": {frenchWords, 4134, 2307},
		"en": {englishWords, 4567, 2133},
	} {
		words := strings.Fields(want.list)
		if len(words) != 7776 || !slices.IsSorted(words) || len(slices.Compact(slices.Clone(words))) != 7776 {
			t.Errorf("%s: %d words, sorted %v, or some twice", name, len(words), slices.IsSorted(words))
		}
		beginnings := map[string]bool{}
		for _, w := range words {
			if !wordForm.MatchString(w) {
				t.Errorf("%s: %q is not 4 to 8 plain letters", name, w)
				continue
			}
			beginnings[w[:4]] = true
		}
		if len(beginnings) != want.beginnings {
			t.Errorf("%s: %d beginnings, README says %d", name, len(beginnings), want.beginnings)
		}
		if got := typoTwins(words); got != want.typoTwins {
			t.Errorf("%s: %d pairs one error apart, README says %d", name, got, want.typoTwins)
		}
	}
}

// typoTwins counts the pairs of words that one letter changed, added, left out
// or swapped with its neighbour turns into each other.
func typoTwins(words []string) int {
	pairs := 0
	for _, w := range words {
		near := map[string]bool{}
		for i := range len(w) + 1 {
			for c := 'a'; c <= 'z'; c++ {
				near[w[:i]+string(c)+w[i:]] = true
				if i < len(w) {
					near[w[:i]+string(c)+w[i+1:]] = true
				}
			}
			if i+1 < len(w) {
				near[w[:i]+w[i+1:i+2]+w[i:i+1]+w[i+2:]] = true
			}
			if i < len(w) {
				near[w[:i]+w[i+1:]] = true
			}
		}
		for other := range near {
			if _, found := slices.BinarySearch(words, other); found && other > w {
				pairs++
			}
		}
	}
	return pairs
}

func TestListsHoldNoDistressingWord(t *testing.T) {
	distressing := map[string]*regexp.Regexp{
		frenchWords:  regexp.MustCompile(`^(frapp|intim|menac|viol(er|eu|enc|ent|ee?$)|victim|honte|abus|harce|harcel|tuer|tueu|meurt|mort(s|e|el)?$|sang$|sex|porno|nue?s?$|nudi|seins?$|fess|baise|put(e|ain)|salop|suici|chantage|otage|peur|torture|esclav|prison|cadavr|cancer|bourre|pend(u|re)|poignard|pistol|armer?$)`),
		englishWords: regexp.MustCompile(`^(abus|assault|rape|rapi(st|ng)|victim|shame|threat|kill|murder|dead|death|die[ds]?$|blood|sex|porn|nude|naked|breast|slut|whore|bitch|suicid|blackmail|hostage|fear|tortur|slave|prison|corpse|cancer|hang(ed|ing)|stab$|stabb|pistol|gun$|weapon|stalk|harass|violen|violat|intima|shoot|hurt)`),
	}
	for list, stems := range distressing {
		for _, w := range strings.Fields(list) {
			if stems.MatchString(w) {
				t.Errorf("%q may hurt its reader", w)
			}
		}
	}
}

func TestCommonPasswordsAreSortedForTheSearch(t *testing.T) {
	list := strings.Split(strings.TrimSpace(commonPasswords), "\n")
	if len(list) < 40_000 || !slices.IsSorted(list) {
		t.Errorf("%d passwords, sorted %v", len(list), slices.IsSorted(list))
	}
}
