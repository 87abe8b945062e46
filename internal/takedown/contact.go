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
	Key       Private   // her OpenPGP public key, armored: her mails are encrypted to it
	Token     Private   // in the address an answer to her mails goes to; made for the first of them
	StoppedAt time.Time // a STOP came back, and she has not said yet whether it was hers; zero: none did
}

// MailKey is what she reads of the key her mails are encrypted to.
type MailKey struct {
	Fingerprint string
	Trouble     error // why no mail can be encrypted to it any more, and so none leaves
}

// Held tells whether no mail leaves because of a STOP that came back.
func (c Contact) Held() bool { return !c.StoppedAt.IsZero() }

// Hold stops every mail, because a STOP came back. It tells whether it changed anything.
func (c *Contact) Hold(now time.Time) bool {
	if c.Held() || c.Email.Empty() {
		return false
	}
	c.StoppedAt = now
	return true
}

// Due tells whether a mail that says nothing may leave now, a moment on the clock of
// the association.
func (c Contact) Due(now time.Time) bool {
	if !c.News || c.Email.Empty() || !c.Confirmed || c.Held() || !c.Wishes.Allow(now) {
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

// Safe tells whether what may be sent there reaches her alone, as far as she knows. A
// STOP that came back may be of somebody else who reads there.
func (c Contact) Safe() bool {
	return !c.Email.Empty() && c.Confirmed && c.Wishes.Reads != ReadersMaybe && !c.Held()
}

// Unconfirmed tells whether an address waits for its code.
func (c Contact) Unconfirmed() bool { return !c.Email.Empty() && !c.Confirmed }
