package reporter

import (
	"context"

	"reprise/internal/casework"
	"reprise/internal/takedown"
)

// Pause lets her case rest: nothing is sent, looked at or mailed until she resumes.
func (s Space) Pause(ctx context.Context, actor takedown.Actor) error {
	return s.rest(ctx, actor, "case.pause", func(c *casework.Change, file *takedown.Case) error { return file.Pause(c.Now) })
}

// Resume takes her case up again, and takes back a withdrawal she asked for.
func (s Space) Resume(ctx context.Context, actor takedown.Actor) error {
	return s.rest(ctx, actor, "case.resume", func(_ *casework.Change, file *takedown.Case) error { return file.Resume() })
}

// AskToLeave asks for the withdrawal of her case. It rests at once and is
// withdrawn three days later, unless she resumes it.
func (s Space) AskToLeave(ctx context.Context, actor takedown.Actor) error {
	return s.rest(ctx, actor, "case.leaving", func(c *casework.Change, file *takedown.Case) error {
		if err := file.AskToLeave(c.Now); err != nil {
			return err
		}
		return c.MarkNews(file.ID)
	})
}

func (s Space) rest(ctx context.Context, actor takedown.Actor, verb string, do func(*casework.Change, *takedown.Case) error) error {
	return s.OwnChange(ctx, actor, takedown.MayWithdraw, func(c *casework.Change, file takedown.Case) error {
		was := file.State
		if err := do(c, &file); err != nil {
			return err
		}
		if err := c.SaveCaseState(file, was); err != nil {
			return err
		}
		return c.Event(verb, file.ID, "", "")
	})
}

// Reopen takes a withdrawn case up again within thirty days: what was closed as
// withdrawn opens, and is looked at.
func (s Space) Reopen(ctx context.Context, actor takedown.Actor) error {
	return s.Change(ctx, actor, takedown.MayWithdraw, func(c *casework.Change) error {
		file, err := c.CaseByID(actor.ID)
		if err != nil {
			return err
		}
		was := file.State
		if err := file.Reopen(c.Now); err != nil {
			return err
		}
		if err := c.SaveCaseState(file, was); err != nil {
			return err
		}
		if err := c.Event("case.reopen", file.ID, "", ""); err != nil {
			return err
		}
		return c.TakeUp(file.ID)
	})
}
