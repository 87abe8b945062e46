package reporter

import (
	"context"
	"time"

	"reprise/internal/casework"
	"reprise/internal/secret"
	"reprise/internal/takedown"
)

// scrubWithin bounds how long a person waits for the files to be cleaned.
const scrubWithin = 5 * time.Second

// Erase deletes everything that is kept of the person's case, at once and for
// good, on her phrase. Of what was kept nothing is left but a tombstone and the
// events, which hold ids alone. No notice leaves afterwards: there is none any
// more, and a job that was asked for finds nothing to do.
func (s Space) Erase(ctx context.Context, actor takedown.Actor, phrase takedown.Private) (takedown.Erasure, error) {
	if err := s.hers(ctx, actor, phrase); err != nil {
		return takedown.Erasure{}, err
	}
	receipt := takedown.Erasure{ID: secret.NewID()}
	err := s.Change(ctx, actor, takedown.MayErase, func(c *casework.Change) (err error) {
		if _, err = c.CaseByID(actor.ID); err != nil {
			return err
		}
		receipt.At = c.Now
		if receipt.Rows, err = c.EraseCase(actor.ID); err != nil {
			return err
		}
		if err := c.AddTombstone(takedown.TombstoneOf(receipt.ID, takedown.ErasedAtWill, c.Now)); err != nil {
			return err
		}
		return c.Event("case.erase", actor.ID, "", "")
	})
	if err != nil {
		return takedown.Erasure{}, err
	}
	s.afterErasing(ctx)
	return receipt, nil
}

// hers asks for the phrase again: a space that was left open on a table must not
// be enough to destroy what may be needed as proof.
func (s Space) hers(ctx context.Context, actor takedown.Actor, phrase takedown.Private) error {
	p, err := s.Progress(ctx, actor)
	if err != nil {
		return err
	}
	if _, err := s.CheckPhrase(ctx, p.Number, phrase); takedown.KindOf(err) == takedown.NotFound {
		return takedown.Refuse(takedown.Invalid, "error.phrase_wrong")
	} else if err != nil {
		return err
	}
	return nil
}

// afterErasing forgets her images in memory and cleans the files. The erasure is
// done by then: what fails here is made up for by the schedule.
func (s Space) afterErasing(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), scrubWithin)
	defer cancel()
	if err := s.FollowReferences(ctx); err != nil {
		s.Log.Error("failed to follow an erasure", "error", err.Error())
	}
	if err := s.Store.Scrub(ctx); err != nil {
		s.Log.Error("failed to clean up after an erasure", "error", err.Error())
	}
}
