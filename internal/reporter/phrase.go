package reporter

import (
	"context"
	"errors"
	"fmt"

	"reprise/internal/casework"
	"reprise/internal/secret"
	"reprise/internal/takedown"
)

// NewPhraseFor puts another phrase in the place of the one that was drawn for the
// person's own case. Once she has entered with it or checked its words it stands,
// and the refusal is of kind Conflict.
func (s Space) NewPhraseFor(ctx context.Context, actor takedown.Actor, phrase takedown.Private) error {
	words, err := secret.ParsePhrase(phrase.Reveal())
	if err != nil {
		return fmt.Errorf("read the drawn phrase: %w", err)
	}
	lock, _, err := s.Keys.HashPhrase(ctx, words) // before the transaction: it costs 50 ms
	if errors.Is(err, secret.ErrBusy) {
		return takedown.Refuse(takedown.TooMany, "error.busy")
	}
	if err != nil {
		return fmt.Errorf("lock a phrase: %w", err)
	}
	return s.OwnChange(ctx, actor, takedown.MayFollowOwnCase, func(c *casework.Change, file takedown.Case) error {
		err := c.SavePhraseLock(file.ID, lock)
		if takedown.KindOf(err) == takedown.Conflict {
			return takedown.Refuse(takedown.Conflict, "error.phrase_known")
		}
		if err != nil {
			return err
		}
		return c.Event("phrase.new", file.ID, "", "")
	})
}
