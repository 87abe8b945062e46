package casework

import (
	"context"
	"errors"

	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// ErrWrongEntry is the one answer to an unknown number, a wrong phrase and a
// phrase that is none: they look and cost the same.
var ErrWrongEntry = takedown.Refuse(takedown.NotFound, "error.wrong_entry")

// Enter opens a case to whoever has its number and phrase.
func (o *Office) Enter(ctx context.Context, number, phrase takedown.Private) (takedown.Actor, error) {
	words, err := secret.ParsePhrase(phrase.Reveal())
	if err != nil {
		return takedown.Actor{}, ErrWrongEntry
	}
	digits, err := secret.ParseNumber(number.Reveal())
	if err != nil {
		return takedown.Actor{}, o.pretend(ctx, words)
	}
	var access store.Access
	err = o.Read(ctx, takedown.Actor{}, takedown.MayEnterCase, func(tx *store.Tx) (err error) {
		access, err = tx.AccessByNumber(digits)
		return err
	})
	if takedown.KindOf(err) == takedown.NotFound {
		return takedown.Actor{}, o.pretend(ctx, words)
	}
	if err != nil {
		return takedown.Actor{}, err
	}
	if _, err := o.Keys.VerifyPhrase(ctx, access.Lock, words); errors.Is(err, secret.ErrWrongPhrase) {
		return takedown.Actor{}, ErrWrongEntry
	} else if err != nil {
		return takedown.Actor{}, busy(err)
	}
	actor := takedown.Actor{Role: takedown.RoleReporter, ID: access.CaseID}
	return actor, o.KnowPhrase(ctx, actor)
}

// KnowPhrase notes, once, that the person has her phrase: from then on no other is
// drawn in its place.
func (o *Office) KnowPhrase(ctx context.Context, actor takedown.Actor) error {
	known := false
	err := o.Read(ctx, actor, takedown.MayFollowOwnCase, func(tx *store.Tx) (err error) {
		known, err = tx.PhraseKnown(actor.ID)
		return err
	})
	if known || err != nil {
		return err
	}
	return o.Change(ctx, actor, takedown.MayFollowOwnCase, func(c *Change) error {
		if err := c.MarkPhraseKnown(actor.ID); err != nil {
			return err
		}
		return c.Event("phrase.known", actor.ID, "", "")
	})
}

// pretend does the work of a check that cannot succeed.
func (o *Office) pretend(ctx context.Context, words secret.Phrase) error {
	if err := o.Keys.DummyPhrase(ctx, words); !errors.Is(err, secret.ErrWrongPhrase) {
		return busy(err)
	}
	return ErrWrongEntry
}

// Progress gives the person what she reads of her own case.
func (o *Office) Progress(ctx context.Context, actor takedown.Actor) (takedown.Progress, error) {
	var p takedown.Progress
	err := o.Read(ctx, actor, takedown.MayFollowOwnCase, func(tx *store.Tx) error {
		file, err := tx.CaseByID(actor.ID)
		if err != nil {
			return err
		}
		p = takedown.Progress{
			Number: file.Number, State: file.State, Lang: file.Lang, Contact: file.Contact,
			OpenedAt: file.CreatedAt, WatchUntil: file.WatchUntil, MayUsePoints: file.MayUsePoints,
		}
		if p.Items, err = ownItems(tx, file.ID); err != nil {
			return err
		}
		images, err := tx.ReferencesOfCase(file.ID)
		p.Images = len(images)
		return err
	})
	return p, err
}

func ownItems(tx *store.Tx, caseID string) ([]takedown.ItemProgress, error) {
	directory, err := directoryOf(tx)
	if err != nil {
		return nil, err
	}
	items, err := tx.ItemsOfCase(caseID)
	if err != nil {
		return nil, err
	}
	requests, err := tx.RequestsOfCase(caseID)
	if err != nil {
		return nil, err
	}
	byItem := grouped(requests, func(r takedown.Request) string { return r.ItemID })
	out := make([]takedown.ItemProgress, 0, len(items))
	for _, i := range items {
		if !i.Told() {
			continue
		}
		out = append(out, ownItem(i, byItem[i.ID], directory))
	}
	return out, nil
}

func ownItem(i takedown.Item, requests []takedown.Request, d takedown.Directory) takedown.ItemProgress {
	p := takedown.ItemProgress{
		ID: i.ID, Position: i.Position, Address: i.Address, Masked: takedown.Mask(i.Host.Reveal(), i.Address.Reveal()),
		Presence: i.Presence, Step: takedown.StepOf(i, requests), Closed: i.Closed, NextLook: i.NextLook,
		Host: i.Host,
	}
	if who, err := d.ByID(i.RecipientID); err == nil && who.Kind == takedown.KindPlatform { // others' names tell too much at a glance
		p.Platform = who.Name
	}
	for _, r := range requests {
		if r.State.Unsent() || r.SentAt.IsZero() {
			continue
		}
		who, err := d.ByID(r.RecipientID)
		if err == nil {
			p.Asked = append(p.Asked, takedown.Asked{Recipient: who.Name, State: r.State, At: r.SentAt, DueAt: r.DueAt})
		}
	}
	return p
}

func grouped[T any](in []T, key func(T) string) map[string][]T {
	out := map[string][]T{}
	for _, t := range in {
		out[key(t)] = append(out[key(t)], t)
	}
	return out
}

// Withdraw ends the person's own case: nothing more is sent, looked at or told.
func (o *Office) Withdraw(ctx context.Context, actor takedown.Actor) error {
	return o.OwnChange(ctx, actor, takedown.MayWithdraw, func(c *Change, file takedown.Case) error {
		was := file.State
		if err := file.Withdraw(c.Now); err != nil {
			return err
		}
		if err := c.SaveCaseState(file, was); err != nil {
			return err
		}
		if err := c.Event("case.withdraw", file.ID, "", ""); err != nil {
			return err
		}
		if err := c.forgetPoints(file); err != nil {
			return err
		}
		return withdrawItems(c, file.ID)
	})
}

func withdrawItems(c *Change, caseID string) error {
	items, err := c.ItemsOfCase(caseID)
	if err != nil {
		return err
	}
	for _, i := range items {
		was := i
		if i.Open() {
			if err := c.EndItem(i, takedown.ClosedWithdrawn); err != nil {
				return err
			}
			continue
		}
		i.Rest() // what was removed is not watched any longer either
		if err := c.SaveItem(i, was); err != nil {
			return err
		}
	}
	return nil
}

// StopMails ends the mails that say nothing, and forgets the address.
func (o *Office) StopMails(ctx context.Context, actor takedown.Actor) error {
	return o.Change(ctx, actor, takedown.MayFollowOwnCase, func(c *Change) error {
		if err := c.SaveContact(actor.ID, takedown.Contact{Frequency: takedown.MailNever}); err != nil {
			return err
		}
		return c.Event("contact.stop", actor.ID, "", "")
	})
}
