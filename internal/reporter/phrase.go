package reporter

import (
	"context"

	"reprise/internal/casework"
	"reprise/internal/takedown"
)

// NewPhraseFor puts another phrase in the place of the one that was drawn for the
// person's own case. Once she has entered with it or checked its words it stands,
// and the refusal is of kind Conflict.
func (s Space) NewPhraseFor(ctx context.Context, actor takedown.Actor, phrase takedown.Private) error {
	lock, err := s.phraseLock(ctx, phrase)
	if err != nil {
		return err
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
