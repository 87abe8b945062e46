package reporter

import (
	"context"
	"slices"
	"time"

	"reprise/internal/casework"
	"reprise/internal/secret"
	"reprise/internal/takedown"
)

// AskCode sends a code to the address of the person's own case, by which she
// shows that she reads it.
func (s Space) AskCode(ctx context.Context, actor takedown.Actor) error {
	return s.OwnChange(ctx, actor, takedown.MayFollowOwnCase, func(c *casework.Change, file takedown.Case) error {
		if file.Contact.Held() {
			return takedown.Refuse(takedown.Conflict, "error.mails_held")
		}
		if !file.Contact.Unconfirmed() || file.Contact.Frequency == takedown.MailNever {
			return takedown.Refuse(takedown.Conflict, "error.code_not_needed")
		}
		if err := c.NewCode(file.ID, takedown.CodeConfirms); err != nil {
			return err
		}
		return c.Event("contact.code", file.ID, "", "")
	})
}

// SetMail gives the address to which mails that say nothing may go, once she has
// confirmed it.
func (s Space) SetMail(ctx context.Context, actor takedown.Actor, email takedown.Private, often takedown.Frequency) error {
	return s.OwnChange(ctx, actor, takedown.MayFollowOwnCase, func(c *casework.Change, file takedown.Case) error {
		if !slices.Contains(takedown.Frequencies(), often) {
			often = takedown.MailWeekly
		}
		if err := casework.Reachable(takedown.Contact{Email: email, Frequency: often}); err != nil {
			return err
		}
		if file.Contact.Email.Reveal() != email.Reveal() {
			file.Contact.Confirmed, file.Contact.Token = false, takedown.Private{} // who reads the old one has no say any more
			if err := forgetWhatItSpokeFor(c, file.ID); err != nil {
				return err
			}
		}
		if file.Contact.Wishes.Reads == takedown.ReadersMaybe {
			file.Contact.Wishes.Reads = takedown.ReadersUnsaid // that was said of her mails before; this is her word again
		}
		file.Contact.Email, file.Contact.Frequency, file.Contact.StoppedAt = email, often, time.Time{}
		if err := c.SaveContact(file.ID, file.Contact); err != nil {
			return err
		}
		return c.Event("contact.change", file.ID, "", "")
	})
}

// forgetWhatItSpokeFor ends the codes and the answers of a case whose mails will be
// read by others than before. Who sits at a space that was left open could else bring
// that about without her phrase, and have another sent to a mailbox that he reads.
func forgetWhatItSpokeFor(c *casework.Change, caseID string) error {
	if err := c.EndCodes(caseID); err != nil {
		return err
	}
	return c.ForgetAnswers(caseID)
}

// KeepMails is her answer that a STOP that came back was not hers: mails leave again.
func (s Space) KeepMails(ctx context.Context, actor takedown.Actor) error {
	return s.Change(ctx, actor, takedown.MayFollowOwnCase, func(c *casework.Change) error {
		file, err := c.CaseByID(actor.ID)
		if err != nil {
			return err
		}
		if !file.Contact.Held() {
			return takedown.ErrStep
		}
		file.Contact.StoppedAt = time.Time{}
		if err := c.SaveContact(file.ID, file.Contact); err != nil {
			return err
		}
		return c.Event("contact.keep", file.ID, "", "")
	})
}

// SetWishes keeps how and when she wants to be reached. Where somebody else may
// read her mails, none leaves any more.
func (s Space) SetWishes(ctx context.Context, actor takedown.Actor, w takedown.Wishes) error {
	if err := w.Check(); err != nil {
		return err
	}
	return s.OwnChange(ctx, actor, takedown.MayFollowOwnCase, func(c *casework.Change, file takedown.Case) error {
		if file.Contact.Wishes.Reads != takedown.ReadersMaybe && w.Reads == takedown.ReadersMaybe {
			file.Contact.Frequency = takedown.MailNever
			if err := forgetWhatItSpokeFor(c, file.ID); err != nil { // nor does a code that has not left yet
				return err
			}
		}
		file.Contact.Wishes = w
		if err := c.SaveContact(file.ID, file.Contact); err != nil {
			return err
		}
		return c.Event("contact.wishes", file.ID, "", "")
	})
}

// ConfirmMail takes the code that came by mail. From then on mails may leave.
func (s Space) ConfirmMail(ctx context.Context, actor takedown.Actor, typed takedown.Private) error {
	right := false
	err := s.OwnChange(ctx, actor, takedown.MayFollowOwnCase, func(c *casework.Change, file takedown.Case) (err error) {
		if right, err = c.TryCode(file.ID, takedown.CodeConfirms, takedown.NewPrivate(secret.OnlyDigits(typed.Reveal()))); err != nil || !right {
			return err
		}
		file.Contact.Confirmed = true
		if err := c.SaveContact(file.ID, file.Contact); err != nil {
			return err
		}
		return c.Event("contact.confirm", file.ID, "", "")
	})
	if err == nil && !right {
		return takedown.Refuse(takedown.Invalid, "error.code_wrong")
	}
	return err
}
