package casework

import (
	"reprise/internal/mail"
	"reprise/internal/takedown"
)

// quietReplyTo gives the address that an answer to a mail to a person goes to, and
// makes its token for the first of her mails. Without a mailbox that is read there
// is none: nobody would see what comes.
func (c *Change) quietReplyTo(file takedown.Case) (string, error) {
	if c.office.Mailbox == nil {
		return "", nil
	}
	if file.Contact.Token.Empty() {
		file.Contact.Token = takedown.NewPrivate(mail.NewToken())
		if err := c.SaveContact(file.ID, file.Contact); err != nil {
			return "", err
		}
	}
	return mail.QuietAddress(file.Contact.Token.Reveal(), c.office.UpdateFrom), nil
}

// takeInQuiet takes in what was sent to the address of a person's mails. Nothing of
// it is kept, and nobody is shown it: it can only say STOP. Whoever reads her mails
// can write it, so she is asked in her space.
func (c *Change) takeInQuiet(token takedown.Private, r mail.Reply) error {
	if !r.SaysStop() {
		return nil
	}
	file, err := c.CaseByContactToken(token)
	if takedown.KindOf(err) == takedown.NotFound {
		return nil // made up, or of an address that is hers no longer
	}
	if err != nil {
		return err
	}
	isNew, err := c.AddStop(file.ID, r.Hash)
	if err != nil || !isNew || !file.Contact.Hold(c.Now) {
		return err
	}
	if err := c.SaveContact(file.ID, file.Contact); err != nil {
		return err
	}
	return c.Event("contact.stop", file.ID, "", "reply")
}
