package takedown

import "time"

// Contact is how the person may be reached. The default is not at all.
type Contact struct {
	Email     Private
	Confirmed bool // a code sent to the address came back: no other mail goes before
	Frequency Frequency
	News      bool      // something happened since the last mail
	MailedAt  time.Time // last mail that said nothing
	Wishes    Wishes
}

// Due tells whether a mail that says nothing may leave now, a moment on the clock of
// the association.
func (c Contact) Due(now time.Time) bool {
	if !c.News || c.Email.Empty() || !c.Confirmed || !c.Wishes.Allow(now) {
		return false
	}
	switch c.Frequency {
	case MailEach, MailDaily:
		return c.MailedAt.IsZero() || !now.Before(c.MailedAt.Add(day))
	case MailWeekly:
		return c.MailedAt.IsZero() || !now.Before(c.MailedAt.Add(7*day))
	}
	return false
}

// Safe tells whether what may be sent there reaches her alone, as far as she knows.
func (c Contact) Safe() bool {
	return !c.Email.Empty() && c.Confirmed && c.Wishes.Reads != ReadersMaybe
}

// Unconfirmed tells whether an address waits for its code.
func (c Contact) Unconfirmed() bool { return !c.Email.Empty() && !c.Confirmed }
