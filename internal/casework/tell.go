package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"reprise/internal/mail"
	"reprise/internal/secret"
	"reprise/internal/takedown"
)

// EnqueueTells asks for the mail that says nothing, for each person who wants
// one, has news, and has not had one today.
func (o *Office) EnqueueTells(ctx context.Context) error {
	return o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		cases, err := c.CasesWithNews()
		if err != nil {
			return err
		}
		for _, file := range cases {
			if !file.Contact.Due(c.Now.In(o.zone())) {
				continue
			}
			if err := c.Enqueue(JobTell, file.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// zone is where the association's clock stands.
func (o *Office) zone() *time.Location {
	if o.Zone == nil {
		return time.UTC
	}
	return o.Zone
}

// Tell sends a person the mail that says nothing. It is marked before it leaves:
// should the process die in between, she gets no mail rather than two.
func (o *Office) Tell(ctx context.Context, caseID string) error {
	var m mail.Message
	var before takedown.Contact
	due := false
	err := o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		file, err := c.CaseByID(caseID)
		if err != nil {
			return err
		}
		if due = file.Contact.Due(c.Now.In(o.zone())) && file.MayTell(); !due {
			return nil
		}
		if m, err = c.update(file); errors.Is(err, errKeyUseless) {
			due = false
			return nil
		}
		if err != nil {
			return err
		}
		before = file.Contact
		file.Contact.News, file.Contact.MailedAt = false, c.Now
		return c.MarkMailed(caseID, file.Contact)
	})
	if err != nil || !due {
		return err
	}
	sendErr := o.Sender.Send(ctx, m)
	var failed *mail.SendError
	if errors.As(sendErr, &failed) && failed.Outcome == mail.NotSent {
		return errors.Join(o.notTold(ctx, caseID, before), fmt.Errorf("send an update: %w", sendErr))
	}
	return nil // refused or unknown: trying again could make two
}

func (c *Change) update(file takedown.Case) (mail.Message, error) {
	subject, body, err := mail.ComposeUpdate(file.Lang, c.office.Mailbox != nil)
	if err != nil {
		return mail.Message{}, fmt.Errorf("write an update: %w", err)
	}
	return c.quiet(file, subject, body)
}

// errKeyUseless says that a person's key is good for nothing any more. Nothing is
// sent in its stead that others could read; she is told in her space.
var errKeyUseless = errors.New("the key of a person cannot be used any more")

// quiet makes a mail to a person of which only she knows what it is about.
func (c *Change) quiet(file takedown.Case, subject, body string) (mail.Message, error) {
	var key *mail.Key
	if armored := file.Contact.Key; !armored.Empty() {
		var err error
		if key, err = mail.ReadKey(armored.Reveal(), c.Now); err != nil {
			return mail.Message{}, errKeyUseless
		}
	}
	from := c.office.UpdateFrom
	replyTo, err := c.quietReplyTo(file)
	return mail.Message{
		ID: mail.MessageID(secret.NewID(), mail.Domain(from)), From: from, To: file.Contact.Email.Reveal(), ReplyTo: replyTo,
		Subject: subject, Body: body, Key: key, AutoSubmitted: true,
	}, err
}

// notTold takes the mark back when the mail certainly did not leave.
func (o *Office) notTold(ctx context.Context, caseID string, before takedown.Contact) error {
	return o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		return c.UnmarkMailed(caseID, before)
	})
}
