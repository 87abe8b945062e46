package reporter

import (
	"context"

	"reprise/internal/casework"
	"reprise/internal/mail"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// SetMailKey keeps the OpenPGP key that her mails are encrypted to from now on. One
// that cannot be used is refused with the reason.
func (s Space) SetMailKey(ctx context.Context, actor takedown.Actor, armored takedown.Private) error {
	if _, err := mail.ReadKey(armored.Reveal(), s.Now()); err != nil {
		return err
	}
	return s.keepMailKey(ctx, actor, armored, "contact.key")
}

// ForgetMailKey deletes her key: mails are sent as readable text again.
func (s Space) ForgetMailKey(ctx context.Context, actor takedown.Actor) error {
	return s.keepMailKey(ctx, actor, takedown.Private{}, "contact.key_forget")
}

func (s Space) keepMailKey(ctx context.Context, actor takedown.Actor, armored takedown.Private, verb string) error {
	return s.OwnChange(ctx, actor, takedown.MayFollowOwnCase, func(c *casework.Change, file takedown.Case) error {
		if known := file.Contact.Key; !known.Empty() && known.Reveal() != armored.Reveal() {
			if err := forgetWhatItSpokeFor(c, file.ID); err != nil {
				return err
			}
		}
		file.Contact.Key = armored
		if err := c.SaveContact(file.ID, file.Contact); err != nil {
			return err
		}
		return c.Event(verb, file.ID, "", "")
	})
}

// MailKey tells which key her mails are encrypted to, and whether it still can be
// used. Without a key it gives the zero value.
func (s Space) MailKey(ctx context.Context, actor takedown.Actor) (takedown.MailKey, error) {
	var armored takedown.Private
	err := s.Read(ctx, actor, takedown.MayFollowOwnCase, func(tx *store.Tx) error {
		file, err := tx.CaseByID(actor.ID)
		armored = file.Contact.Key
		return err
	})
	if err != nil || armored.Empty() {
		return takedown.MailKey{}, err
	}
	key, err := mail.ReadKey(armored.Reveal(), s.Now())
	if err != nil {
		return takedown.MailKey{Trouble: err}, nil
	}
	return takedown.MailKey{Fingerprint: key.Fingerprint()}, nil
}
