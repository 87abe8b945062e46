package sandbox

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"time"

	"reprise/templates"
)

// langs are the languages of the page for people, the first for who asks for neither.
var langs = []string{"fr", "en"}

// words are the texts by language and key.
type words map[string]map[string]string

func loadWords() (words, error) {
	out := words{}
	for _, lang := range langs {
		body, err := fs.ReadFile(templates.FS, "sandbox/words."+lang+".json")
		if err != nil {
			return nil, fmt.Errorf("read the words of the sandbox: %w", err)
		}
		texts := map[string]string{}
		if err := json.Unmarshal(body, &texts); err != nil {
			return nil, fmt.Errorf("read the words of the sandbox in %q: %w", lang, err)
		}
		out[lang] = texts
	}
	return out, nil
}

// say gives a text; a key without one gives the key, which a test finds.
func (w words) say(lang, key string) string {
	if text, ok := w[lang][key]; ok {
		return text
	}
	return key
}

// moment writes a time of the trial clock, in UTC.
func moment(lang string, t time.Time) string {
	if lang == "fr" {
		return t.Format("02/01/2006 15:04")
	}
	return t.Format("2 Jan 2006 15:04")
}
