package portal

import (
	"context"

	"reprise/internal/takedown"
)

const deskCode = "123456"

func (d *desk) AskCode(context.Context, takedown.Actor) error { return d.fails() }

func (d *desk) ConfirmMail(_ context.Context, _ takedown.Actor, typed takedown.Private) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if typed.Reveal() != deskCode {
		return takedown.Refuse(takedown.Invalid, "error.code_wrong")
	}
	d.show.Contact.Confirmed = true
	return d.failing
}

func (d *desk) SetMail(_ context.Context, _ takedown.Actor, email takedown.Private, often takedown.Frequency) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.failing == nil {
		d.show.Contact.Email, d.show.Contact.Frequency, d.show.Contact.Confirmed = email, often, false
	}
	return d.failing
}

func (d *desk) SetWishes(_ context.Context, _ takedown.Actor, w takedown.Wishes) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := w.Check(); err != nil {
		return err
	}
	d.show.Contact.Wishes = w
	return d.failing
}
