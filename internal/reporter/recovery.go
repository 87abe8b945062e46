package reporter

import (
	"context"
	"errors"
	"fmt"

	"reprise/internal/casework"
	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// AnswersAsked is how many answers a person chooses for when her phrase is lost.
const AnswersAsked = 3

// KeepAnswers keeps what the person chose to answer should her phrase be lost, as a
// lock: nobody can read it. It takes her phrase, since whoever knows the answers
// and reads her mail may ask to come in. Errors: Invalid for a wrong phrase, for
// answers that are too short or the same, and Conflict without a safe address.
func (s Space) KeepAnswers(ctx context.Context, actor takedown.Actor, phrase takedown.Private, given []takedown.Private) error {
	words, err := answersOf(given)
	if err != nil {
		return err
	}
	if err := s.hers(ctx, actor, phrase); err != nil {
		return err
	}
	lock, err := s.lock(ctx, words)
	if err != nil {
		return err
	}
	return s.OwnChange(ctx, actor, takedown.MayFollowOwnCase, func(c *casework.Change, file takedown.Case) error {
		if !file.Contact.Safe() {
			return takedown.Refuse(takedown.Conflict, "error.answers_contact")
		}
		if err := stopRecovery(c, file.ID); err != nil { // she has her phrase: it was not she, or is needed no longer
			return err
		}
		if err := c.SaveAnswers(file.ID, lock, c.Now); err != nil {
			return err
		}
		return c.Event("answers.keep", file.ID, "", "")
	})
}

// ForgetAnswers takes her answers away again.
func (s Space) ForgetAnswers(ctx context.Context, actor takedown.Actor) error {
	return s.Change(ctx, actor, takedown.MayFollowOwnCase, func(c *casework.Change) error {
		if err := c.ForgetAnswers(actor.ID); err != nil {
			return err
		}
		return c.Event("answers.forget", actor.ID, "", "")
	})
}

// ChangePhrase puts another phrase in the place of the one she knows, and ends every
// visit to her space, this one with them, and the asking of somebody else for one.
func (s Space) ChangePhrase(ctx context.Context, actor takedown.Actor, known, fresh takedown.Private) error {
	if err := s.hers(ctx, actor, known); err != nil {
		return err
	}
	lock, err := s.phraseLock(ctx, fresh)
	if err != nil {
		return err
	}
	return s.Change(ctx, actor, takedown.MayFollowOwnCase, func(c *casework.Change) error {
		if err := stopRecovery(c, actor.ID); err != nil {
			return err
		}
		return replacePhrase(c, actor.ID, lock, "phrase.change")
	})
}

// AskForPhrase asks for another phrase in the place of a lost one. What comes of it
// is not said here: an unknown number, wrong answers and right ones look the same,
// and cost one derivation each. Asking again once a code was sent sends another.
func (s Space) AskForPhrase(ctx context.Context, number takedown.Private, given []takedown.Private) error {
	words, err := answersOf(given)
	if err != nil {
		return err
	}
	caseID, err := s.CheckLock(ctx, number, words, (*store.Tx).AnswersByNumber)
	if takedown.KindOf(err) == takedown.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	err = s.Change(ctx, takedown.Actor{Role: takedown.RoleReporter, ID: caseID}, takedown.MayFollowOwnCase, askForPhrase)
	if k := takedown.KindOf(err); k == takedown.TooMany || k == takedown.NotFound {
		return nil // the codes of today are sent; her case was erased
	}
	return err
}

// askForPhrase works in a withdrawn case too: she may want to take it up again.
func askForPhrase(c *casework.Change) error {
	file, err := c.CaseByID(c.Actor.ID)
	if err != nil {
		return err
	}
	latest, err := c.RecoveryOfCase(file.ID)
	if err != nil || !file.MayRecover() {
		return err
	}
	switch {
	case latest.Ripe(c.Now) && !latest.CodeAt.IsZero():
		return c.NewCode(file.ID, takedown.CodeRenews)
	case latest.Open(c.Now):
		return nil
	}
	asked := takedown.Recovery{ID: secret.NewID(), CaseID: file.ID, State: takedown.RecoveryAsked, AskedAt: c.Now}
	if err := c.AddRecovery(asked); err != nil {
		return err
	}
	if err := c.MarkNews(file.ID); err != nil { // it may not be she
		return err
	}
	return c.Event("recovery.ask", file.ID, "", "")
}

// OwnPhrase takes her word that it was she who took another phrase: it is told no more.
func (s Space) OwnPhrase(ctx context.Context, actor takedown.Actor) error {
	if err := s.KnowPhrase(ctx, actor); err != nil { // and what was asked for is given
		return err
	}
	return s.Change(ctx, actor, takedown.MayFollowOwnCase, func(c *casework.Change) error {
		if err := c.ForgetNewPhrase(actor.ID); err != nil {
			return err
		}
		return c.Event("phrase.own", actor.ID, "", "")
	})
}

// StopRecovery ends the asking for another phrase: it was not she.
func (s Space) StopRecovery(ctx context.Context, actor takedown.Actor) error {
	return s.Change(ctx, actor, takedown.MayFollowOwnCase, func(c *casework.Change) error { return stopRecovery(c, actor.ID) })
}

func stopRecovery(c *casework.Change, caseID string) error {
	was, err := c.RecoveryOfCase(caseID)
	if err != nil {
		return err
	}
	r := was
	if r.End(takedown.RecoveryStopped, c.Now) != nil {
		return nil // nobody asked, or it is over already
	}
	if err := c.SaveRecovery(r, was); err != nil {
		return err
	}
	if err := c.EndCodes(caseID); err != nil {
		return err
	}
	return c.Event("recovery.stop", caseID, "", "")
}

// RenewPhrase takes, with her answers again, the code that came to her address, and
// puts the phrase in the place of the lost one; every visit to her space ends. Until
// the new phrase has arrived the same code gives it again. The answers are asked for
// again so that a code is worth nothing to whoever reads her mails, and nobody without
// them can use up its tries. An unknown number, a case that nobody asked for, wrong
// answers and a wrong code look the same: Invalid. So do they cost, but for who has
// the answers.
func (s Space) RenewPhrase(ctx context.Context, number takedown.Private, given []takedown.Private, code, fresh takedown.Private) (takedown.Receipt, error) {
	wrong := takedown.Refuse(takedown.Invalid, "error.renew")
	words, err := answersOf(given)
	if err != nil {
		return takedown.Receipt{}, err
	}
	lock, err := s.phraseLock(ctx, fresh) // the cost of it, whatever comes
	if err != nil {
		return takedown.Receipt{}, err
	}
	caseID, err := s.CheckLock(ctx, number, words, (*store.Tx).AnswersByNumber)
	if takedown.KindOf(err) == takedown.NotFound {
		return takedown.Receipt{}, wrong
	}
	if err != nil {
		return takedown.Receipt{}, err
	}
	receipt, right := takedown.Receipt{CaseID: caseID}, false
	actor := takedown.Actor{Role: takedown.RoleReporter, ID: caseID}
	err = s.Change(ctx, actor, takedown.MayFollowOwnCase, func(c *casework.Change) error {
		file, err := c.CaseByID(caseID)
		if err != nil {
			return err
		}
		receipt.Number = file.Number
		right, err = renew(c, file, code, lock)
		return err
	})
	if err == nil && !right || takedown.KindOf(err) == takedown.NotFound {
		err = wrong
	}
	return receipt, err
}

func renew(c *casework.Change, file takedown.Case, code takedown.Private, lock secret.PhraseLock) (bool, error) {
	was, err := c.RecoveryOfCase(file.ID)
	if err != nil || !was.Ripe(c.Now) || !file.MayRecover() { // a STOP came back, or she took her answers away, after the code left
		return false, err
	}
	right, err := c.TryCode(file.ID, takedown.CodeRenews, takedown.NewPrivate(secret.OnlyDigits(code.Reveal())))
	if err != nil || !right {
		return false, err
	}
	return true, replacePhrase(c, file.ID, lock, "phrase.renew")
}

// replacePhrase puts another phrase in the place of the known one: whoever came in
// with that is out.
func replacePhrase(c *casework.Change, caseID string, lock secret.PhraseLock, verb string) error {
	if err := c.ReplacePhraseLock(caseID, lock, c.Now); err != nil {
		return err
	}
	if err := c.EndSessionsOf(caseID); err != nil {
		return err
	}
	if err := c.MarkNews(caseID); err != nil { // it may not be she
		return err
	}
	return c.Event(verb, caseID, "", "")
}

// PhraseArrived notes that another phrase is before her eyes: the code that gave it
// opens nothing any more, whoever reads the mail it came by later. A button that was
// pressed twice drew two: the one that is shown is the one that opens her case.
func (s Space) PhraseArrived(ctx context.Context, actor takedown.Actor, shown takedown.Private) error {
	lock, err := s.phraseLock(ctx, shown)
	if err != nil {
		return err
	}
	return s.Change(ctx, actor, takedown.MayFollowOwnCase, func(c *casework.Change) error {
		if err := c.SavePhraseLock(actor.ID, lock); err != nil && takedown.KindOf(err) != takedown.Conflict { // one has been used since
			return err
		}
		return c.EndCodes(actor.ID)
	})
}

func answersOf(given []takedown.Private) (secret.Phrase, error) {
	plain := make([]string, 0, AnswersAsked)
	for _, g := range given {
		plain = append(plain, g.Reveal())
	}
	words, err := secret.Answers(plain...)
	if err != nil || len(given) != AnswersAsked {
		return words, takedown.Refuse(takedown.Invalid, "error.answers")
	}
	return words, nil
}

// phraseLock makes the lock of a phrase that the door has drawn.
func (s Space) phraseLock(ctx context.Context, phrase takedown.Private) (secret.PhraseLock, error) {
	words, err := secret.ParsePhrase(phrase.Reveal())
	if err != nil {
		return secret.PhraseLock{}, fmt.Errorf("read the drawn phrase: %w", err)
	}
	return s.lock(ctx, words)
}

// lock derives a lock, before the transaction: it costs 50 ms.
func (s Space) lock(ctx context.Context, words secret.Phrase) (secret.PhraseLock, error) {
	lock, _, err := s.Keys.HashPhrase(ctx, words)
	if errors.Is(err, secret.ErrBusy) {
		return lock, takedown.Refuse(takedown.TooMany, "error.busy")
	}
	if err != nil {
		return lock, fmt.Errorf("lock a phrase: %w", err)
	}
	return lock, nil
}
