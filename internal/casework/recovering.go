package casework

import (
	"context"

	"reprise/internal/store"
	"reprise/internal/takedown"
)

// ApproveRecovery notes that one of the team agrees that a person gets another
// phrase in the place of the one she lost. It takes two, and the wait goes on.
func (o *Office) ApproveRecovery(ctx context.Context, actor takedown.Actor, caseID string) error {
	return o.decideRecovery(ctx, actor, caseID, "recovery.approve", func(c *Change, r *takedown.Recovery) error { return r.Approve(actor.ID, c.Now) })
}

// RefuseRecovery ends it: one of the team does not believe that it is she.
func (o *Office) RefuseRecovery(ctx context.Context, actor takedown.Actor, caseID string) error {
	return o.decideRecovery(ctx, actor, caseID, "recovery.refuse", func(c *Change, r *takedown.Recovery) error {
		if err := r.End(takedown.RecoveryRefused, c.Now); err != nil {
			return err
		}
		return c.EndCodes(caseID)
	})
}

func (o *Office) decideRecovery(ctx context.Context, actor takedown.Actor, caseID, verb string, decide func(*Change, *takedown.Recovery) error) error {
	return o.Change(ctx, actor, takedown.MayRenewPhrase, func(c *Change) error {
		was, err := c.RecoveryOfCase(caseID)
		if err != nil {
			return err
		}
		r := was
		if err := decide(c, &r); err != nil {
			return err
		}
		if err := c.SaveRecovery(r, was); err != nil {
			return err
		}
		return c.Event(verb, caseID, "", "")
	})
}

// SendRecoveryCodes sends the first code of each that two persons agreed to, once
// it is ripe and within the hours she chose for her mails.
func (o *Office) SendRecoveryCodes(ctx context.Context) error {
	return o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		approved, err := c.RecoveriesIn(takedown.RecoveryApproved)
		if err != nil {
			return err
		}
		for _, r := range approved {
			if err := c.sendRecoveryCode(r); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *Change) sendRecoveryCode(was takedown.Recovery) error {
	file, err := c.CaseByID(was.CaseID)
	if err != nil || !was.CodeAt.IsZero() || !was.Ripe(c.Now) || !file.MayRecover() || !file.Contact.Wishes.Allow(c.Now.In(c.office.zone())) {
		return err
	}
	if err := c.NewCode(file.ID, takedown.CodeRenews); err != nil {
		return err
	}
	r := was
	r.CodeAt = c.Now
	if err := c.SaveRecovery(r, was); err != nil {
		return err
	}
	return c.Event("recovery.code", file.ID, "", "")
}

// endRecovery ends the asking for another phrase once she has it.
func (c *Change) endRecovery(caseID string) error {
	was, err := c.RecoveryOfCase(caseID)
	if err != nil {
		return err
	}
	r := was
	if r.CodeAt.IsZero() || r.End(takedown.RecoveryGiven, c.Now) != nil {
		return nil // nobody asked, or nothing was given
	}
	if err := c.SaveRecovery(r, was); err != nil {
		return err
	}
	return c.EndCodes(caseID)
}

// recoveries gathers what waits for one of the team.
func (q *queue) recoveries() error {
	asked, err := q.tx.RecoveriesIn(takedown.RecoveryAsked)
	for _, r := range asked {
		if r.Open(q.now) {
			q.add(takedown.TaskRecovery, r.CaseID, r.AskedAt)
		}
	}
	return err
}

// latestRecovery adds it to what is shown of a case, with when the space was opened:
// somebody who comes in every day has not lost her phrase.
func (v *CaseView) latestRecovery(tx *store.Tx) (err error) {
	if v.Recovery, err = tx.RecoveryOfCase(v.Case.ID); err != nil {
		return err
	}
	v.Visits, err = tx.VisitsOfCase(v.Case.ID, visitsTold)
	return err
}
