package casework

import (
	"context"
	"errors"
	"fmt"

	"reprise/internal/mail"
	"reprise/internal/secret"
	"reprise/internal/takedown"
)

// NewCode makes a code for a case and asks for the mail that brings it.
func (c *Change) NewCode(caseID string, purpose takedown.CodePurpose) error {
	before, err := c.CodesOfCase(caseID, purpose)
	if err != nil {
		return err
	}
	if err := takedown.NewCodeAllowed(before, c.Now); err != nil {
		return err
	}
	if err := c.EndCodes(caseID); err != nil { // only the newest opens
		return err
	}
	code := takedown.Code{ID: secret.NewID(), CaseID: caseID, Purpose: purpose, Digits: takedown.NewPrivate(secret.NewDigits()), MadeAt: c.Now}
	if err := c.AddCode(code); err != nil {
		return err
	}
	return c.Enqueue(JobCode, code.ID)
}

// TryCode tries the newest code of a case. The try is kept whatever comes of it.
func (c *Change) TryCode(caseID string, purpose takedown.CodePurpose, digits takedown.Private) (bool, error) {
	codes, err := c.CodesOfCase(caseID, purpose)
	if err != nil || len(codes) == 0 {
		return false, err
	}
	code := codes[0]
	was := code.Tries
	right := code.Try(digits, c.Now)
	if code.Tries == was {
		return false, nil
	}
	return right, c.SaveCode(code, was)
}

// SendCode sends a code by mail. It is marked before it leaves, as an update is.
func (o *Office) SendCode(ctx context.Context, codeID string) error {
	var m mail.Message
	due := false
	err := o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		code, err := c.CodeByID(codeID)
		if takedown.KindOf(err) == takedown.NotFound {
			return nil // its case was erased
		}
		if err != nil {
			return err
		}
		file, err := c.CaseByID(code.CaseID)
		if err != nil {
			return err
		}
		if due = code.SentAt.IsZero() && code.Lives(c.Now) && !file.Contact.Email.Empty() && !file.Contact.Held(); !due {
			return nil
		}
		subject, body, err := mail.ComposeCode(file.Lang, code.Digits.Reveal(), code.Purpose == takedown.CodeRenews)
		if err != nil {
			return fmt.Errorf("write a code: %w", err)
		}
		if m, err = c.quiet(file, subject, body); errors.Is(err, errKeyUseless) {
			due = false
			return nil
		}
		if err != nil {
			return err
		}
		code.SentAt = c.Now
		return c.MarkCodeSent(code)
	})
	if err != nil || !due {
		return err
	}
	sendErr := o.Sender.Send(ctx, m)
	var failed *mail.SendError
	if errors.As(sendErr, &failed) && failed.Outcome == mail.NotSent {
		err := o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error { return c.UnmarkCodeSent(codeID) })
		return errors.Join(err, fmt.Errorf("send a code: %w", sendErr))
	}
	return nil // she can ask for another
}
