package portal

import (
	"context"
	"net/url"

	"reprise/internal/takedown"
)

// phrases is what the desk was told of phrases.
type phrases struct {
	drawn []string // in the place of the first
	known bool
}

func (d *desk) NewPhraseFor(_ context.Context, _ takedown.Actor, phrase takedown.Private) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.phrases.known {
		return takedown.Refuse(takedown.Conflict, "error.phrase_known")
	}
	d.phrases.drawn = append(d.phrases.drawn, phrase.Reveal())
	return d.failing
}

func (d *desk) KnowPhrase(context.Context, takedown.Actor) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.phrases.known = true
	return d.failing
}

func (d *desk) PlatformsOf(_ context.Context, hosts []string) (map[string]string, error) {
	out := map[string]string{}
	for _, h := range hosts {
		if h == "pics.example" {
			out[h] = "Pics"
		}
	}
	return out, d.fails()
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
