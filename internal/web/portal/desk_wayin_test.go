package portal

import (
	"context"

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
