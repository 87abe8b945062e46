package takedown

import (
	"reflect"
	"strings"
	"testing"
)

// everyWord is what people read of each state, by its name.
func everyWord() map[string]Text {
	out := map[string]Text{}
	for _, t := range Tasks() {
		out["task "+string(t)] = t.Label()
	}
	for _, c := range Closings() {
		out["closing "+string(c)] = c.Label()
	}
	for _, e := range Elements() {
		out["element "+string(e)] = e.Label()
	}
	for _, r := range everyRole() {
		out["role "+string(r)] = r.Label()
	}
	return out
}

// languages gives a text in each language, whatever fields it has.
func languages(t Text) map[string]string {
	out := map[string]string{}
	for n := range reflect.TypeFor[Text]().NumField() {
		out[reflect.TypeFor[Text]().Field(n).Name] = reflect.ValueOf(t).Field(n).String()
	}
	return out
}

func TestEveryWordIsThereInEveryLanguage(t *testing.T) {
	for name, text := range everyWord() {
		for lang, words := range languages(text) {
			if strings.TrimSpace(words) != words || words == "" {
				t.Errorf("%s in %s: %q", name, lang, words)
			}
		}
	}
}

func TestNoWordBlamesOrShouts(t *testing.T) {
	for name, text := range everyWord() {
		for lang, words := range languages(text) {
			for _, banned := range []string{"victim", "!", "revenge", "vengeance", "porn", "_", "error", "erreur"} {
				if strings.Contains(strings.ToLower(words), banned) {
					t.Errorf("%s in %s says %q: %q", name, lang, banned, words)
				}
			}
		}
	}
}

func TestWhatIsNoStateHasNoWords(t *testing.T) {
	for name, text := range map[string]Text{
		"task":    Task("made_up").Label(),
		"element": Element("made_up").Label(), "role": Role("made_up").Label(),
	} {
		if text != (Text{}) {
			t.Errorf("an unknown %s reads %q", name, text)
		}
	}
}

func TestEveryLanguageReadsItsOwnField(t *testing.T) {
	text := Text{FR: "fr", EN: "en"}
	if len(Langs()) != reflect.TypeFor[Text]().NumField() {
		t.Errorf("%d languages, %d fields", len(Langs()), reflect.TypeFor[Text]().NumField())
	}
	for _, l := range Langs() {
		if text.In(l) != string(l) || LangOf(string(l)) != l {
			t.Errorf("%s reads %q", l, text.In(l))
		}
	}
	for _, tag := range []string{"", "de", "FR", "made_up"} {
		if LangOf(tag) != French || text.In(Lang(tag)) != "fr" {
			t.Errorf("%q is not read in French", tag)
		}
	}
}

func TestAMaskedAddressShowsTooLittleToTell(t *testing.T) {
	for _, c := range []struct{ host, address, want string }{
		{"videos.example", "https://videos.example/watch/abcdef", "vi•••/•••cdef"},
		{"videos.example", "https://videos.example/watch/abcdef/", "vi•••/•••cdef"},
		{"videos.example", "https://videos.example", "vi•••/•••"},
		{"t.me", "https://t.me", "t.•••/•••"},
		{"t.me", "https://t.me/abcd", "t.•••/•••"},
		{"t.me", "https://t.me/abcde", "t.•••/•••bcde"},
		{"xn--bcher-kva.example", "https://bücher.example/éééééé", "xn•••/•••éééé"},
		{"", "", "•••/•••"},
	} {
		if got := Mask(c.host, c.address); got != c.want {
			t.Errorf("%s: got %s, want %s", c.address, got, c.want)
		}
	}
}

func TestProgressCountsTheItemsAtAStep(t *testing.T) {
	p := Progress{Items: []ItemProgress{{Step: StepGone}, {Step: StepAsked}, {Step: StepGone}}}
	if p.Count(StepGone) != 2 || p.Count(StepAsked) != 1 || p.Count(StepCannot) != 0 {
		t.Errorf("counted %d, %d, %d", p.Count(StepGone), p.Count(StepAsked), p.Count(StepCannot))
	}
}
