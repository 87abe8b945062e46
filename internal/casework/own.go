package casework

import (
	"context"
	"errors"
	"time"

	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// ErrWrongEntry is the one answer to an unknown number, a wrong phrase and a
// phrase that is none: they look and cost the same.
var ErrWrongEntry = takedown.Refuse(takedown.NotFound, "error.wrong_entry")

// Enter opens a case to whoever has its number and phrase.
func (o *Office) Enter(ctx context.Context, number, phrase takedown.Private) (takedown.Actor, error) {
	caseID, err := o.CheckPhrase(ctx, number, phrase)
	if err != nil {
		return takedown.Actor{}, err
	}
	actor := takedown.Actor{Role: takedown.RoleReporter, ID: caseID}
	if err := o.noteVisit(ctx, actor); err != nil {
		o.Log.Error("a visit was not counted", "case", actor.ID, "error", err.Error()) // nobody is kept out for that
	}
	return actor, o.KnowPhrase(ctx, actor)
}

// CheckPhrase gives the id of the case that number and phrase open.
func (o *Office) CheckPhrase(ctx context.Context, number, phrase takedown.Private) (string, error) {
	words, err := secret.ParsePhrase(phrase.Reveal())
	if err != nil {
		return "", ErrWrongEntry
	}
	return o.CheckLock(ctx, number, words, (*store.Tx).AccessByNumber)
}

// CheckLock gives the id of the case of a number whose lock, which find gives, the
// secret fits. An unknown number, a case without that lock and a wrong secret look
// and cost the same.
func (o *Office) CheckLock(ctx context.Context, number takedown.Private, words secret.Phrase, find func(*store.Tx, string) (store.Access, error)) (string, error) {
	digits, err := secret.ParseNumber(number.Reveal())
	if err != nil {
		return "", o.pretend(ctx, words)
	}
	var access store.Access
	err = o.Read(ctx, takedown.Actor{}, takedown.MayEnterCase, func(tx *store.Tx) (err error) {
		access, err = find(tx, digits)
		return err
	})
	if takedown.KindOf(err) == takedown.NotFound || err == nil && len(access.Lock.Check) == 0 {
		return "", o.pretend(ctx, words)
	}
	if err != nil {
		return "", err
	}
	if _, err := o.Keys.VerifyPhrase(ctx, access.Lock, words); errors.Is(err, secret.ErrWrongPhrase) {
		return "", ErrWrongEntry
	} else if err != nil {
		return "", busy(err)
	}
	return access.CaseID, nil
}

// noteVisit counts that the space was opened, by the day: the person may see that
// somebody else has her phrase.
func (o *Office) noteVisit(ctx context.Context, actor takedown.Actor) error {
	return o.Change(ctx, actor, takedown.MayFollowOwnCase, func(c *Change) error {
		return c.CountVisit(actor.ID, c.Now.UTC().Truncate(24*time.Hour))
	})
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
		if err := c.endRecovery(actor.ID); err != nil {
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
			AnswersAt: file.AnswersAt, OpenedAt: file.CreatedAt, WatchUntil: file.WatchUntil, MayUsePoints: file.MayUsePoints,
		}
		if p.Items, err = ownItems(tx, file.ID); err != nil {
			return err
		}
		images, err := tx.ReferencesOfCase(file.ID)
		if err != nil {
			return err
		}
		for _, i := range images {
			p.Images = append(p.Images, takedown.OwnImage{ID: i.ID, Label: i.Label})
		}
		return told(tx, &p, file.ID)
	})
	return p, err
}

// told adds what the team said and asked, and when the space was opened.
func told(tx *store.Tx, p *takedown.Progress, caseID string) (err error) {
	if p.Messages, err = tx.MessagesOfCase(caseID); err != nil {
		return err
	}
	if p.Questions, err = tx.QuestionsOfCase(caseID); err != nil {
		return err
	}
	p.Visits, err = tx.VisitsOfCase(caseID, visitsTold)
	return err
}

// visitsTold is how many days of visits a person is told.
const visitsTold = 10

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
		ID: i.ID, Position: i.Position, Label: i.Label, Address: i.Address, Masked: takedown.Mask(i.Host.Reveal(), i.Address.Reveal()),
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

// CarryOutWithdrawals withdraws the cases whose persons asked for it long enough
// ago: nothing more is sent, looked at or told.
func (o *Office) CarryOutWithdrawals(ctx context.Context) error {
	return o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		cases, err := c.CasesLeaving(c.Now)
		if err != nil {
			return err
		}
		for _, file := range cases {
			if err := c.withdraw(file); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *Change) withdraw(file takedown.Case) error {
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

// TakeUp opens again what a withdrawal closed, in a case that its person has opened
// again. What had left counts as sent again, with its clock; what had not left is
// forgotten, so that it can be planned anew.
func (c *Change) TakeUp(caseID string) error {
	items, err := c.ItemsOfCase(caseID)
	if err != nil {
		return err
	}
	for _, i := range items {
		was := i
		if i.TakeUp(c.Now) != nil {
			continue
		}
		if err := c.SaveItem(i, was); err != nil {
			return err
		}
		if err := c.takeUpRequests(i); err != nil {
			return err
		}
	}
	return c.settleCase(caseID)
}

func (c *Change) takeUpRequests(i takedown.Item) error {
	requests, err := c.RequestsOfItem(i.ID)
	if err != nil {
		return err
	}
	for _, r := range requests {
		switch {
		case r.State != takedown.RequestWithdrawn || !i.Open():
		case r.SentAt.IsZero():
			err = c.ForgetRequest(r)
		default:
			err = c.moveRequest(r, takedown.MoveTakeUp)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// StopMails ends the mails that say nothing, and forgets the address.
func (o *Office) StopMails(ctx context.Context, actor takedown.Actor) error {
	return o.Change(ctx, actor, takedown.MayFollowOwnCase, func(c *Change) error {
		file, err := c.CaseByID(actor.ID)
		if err != nil {
			return err
		}
		kept := takedown.Contact{Frequency: takedown.MailNever, Wishes: file.Contact.Wishes}
		if err := c.SaveContact(actor.ID, kept); err != nil {
			return err
		}
		if err := c.EndCodes(actor.ID); err != nil {
			return err
		}
		return c.Event("contact.stop", actor.ID, "", "")
	})
}

// StopOwnItem ends the work on one item because its person asks for it.
func (c *Change) StopOwnItem(item takedown.Item) error {
	if err := c.EndItem(item, takedown.ClosedWithdrawn); err != nil {
		return err
	}
	return c.settleCase(item.CaseID)
}
