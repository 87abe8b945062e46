package reporter

import (
	"slices"
	"testing"
	"time"

	"reprise/internal/casework"
	"reprise/internal/secret"
	"reprise/internal/takedown"
)

var (
	camille = takedown.Actor{Role: takedown.RoleCaseworker, ID: "camille"}
	noor    = takedown.Actor{Role: takedown.RoleCaseworker, ID: "noor"}
)

func privately(values ...string) []takedown.Private {
	out := make([]takedown.Private, 0, len(values))
	for _, v := range values {
		out = append(out, takedown.NewPrivate(v))
	}
	return out
}

// losing is a person with answers, who will lose her phrase.
type losing struct {
	*person
	number  takedown.Private
	answers []takedown.Private
}

func (h *dataHouse) losing() *losing {
	h.t.Helper()
	h.must(h.Jobs.Start(h.ctx))
	h.t.Cleanup(func() { h.must(h.Jobs.Stop(h.ctx)) })
	l := &losing{person: h.settle("amber", 0), answers: privately("Île aux Moines", "Chat 1998", "violette")}
	l.number = h.progress(l.person).Number
	h.must(h.ConfirmMail(h.ctx, l.Actor, codeIn(h.mails()[0])))
	h.must(h.KeepAnswers(h.ctx, l.Actor, l.phrase, l.answers))
	return l
}

// approved asks for another phrase, and two of the team agree.
func (h *dataHouse) approved(l *losing) {
	h.t.Helper()
	h.must(h.AskForPhrase(h.ctx, l.number, privately("ile aux moines", "chat 1998", "VIOLETTE")))
	h.must(h.ApproveRecovery(h.ctx, camille, l.ID))
	h.must(h.ApproveRecovery(h.ctx, noor, l.ID))
}

// newCode does what is due and gives the code of the latest mail that has one.
func (h *dataHouse) newCode() string {
	h.t.Helper()
	h.must(h.SendRecoveryCodes(h.ctx))
	mails := h.mails()
	for _, m := range slices.Backward(mails) {
		if c := codeIn(m); !c.Empty() {
			return c.Reveal()
		}
	}
	return ""
}

func TestALostPhraseIsReplacedByAnswersTwoOfTheTeamAndACode(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		l := h.losing()
		fresh, once := h.NewPhrase(takedown.French), h.newCode()
		h.must(h.AskForPhrase(h.ctx, l.number, l.answers))
		h.must(h.AskForPhrase(h.ctx, l.number, l.answers))
		if s, err := h.CaseStanding(h.ctx, l.Actor); err != nil || !s.RecoveryAt.Equal(h.now) {
			t.Errorf("her space does not say that it was asked for: %+v, %v", s, err)
		}
		rows, err := h.Queue(h.ctx, camille)
		h.must(err)
		if n := slices.IndexFunc(rows, func(r casework.QueueRow) bool { return r.Task == takedown.TaskRecovery }); n < 0 || rows[n].Count != 1 {
			t.Errorf("the queue has it at %d", n)
		}
		h.must(h.ApproveRecovery(h.ctx, camille, l.ID))
		h.kind(h.ApproveRecovery(h.ctx, camille, l.ID), takedown.Conflict)
		h.now = h.now.Add(takedown.RecoverAfter)
		if c := h.newCode(); c != once {
			t.Fatal("a code left on the word of one")
		}
		h.kind(h.ApproveRecovery(h.ctx, takedown.Actor{Role: takedown.RoleAuditor, ID: "odd"}, l.ID), takedown.Forbidden)
		h.must(h.ApproveRecovery(h.ctx, noor, l.ID))
		code := h.newCode()
		if code == once {
			t.Fatal("no code left")
		}
		for range takedown.CodeTries + 1 { // who has no answers uses up no tries
			_, err = h.RenewPhrase(h.ctx, l.number, privately("some", "other", "answers"), takedown.NewPrivate(code), fresh)
			h.kind(err, takedown.Invalid)
		}
		_, err = h.RenewPhrase(h.ctx, l.number, l.answers, takedown.NewPrivate("1"), fresh)
		h.kind(err, takedown.Invalid)
		done, err := h.RenewPhrase(h.ctx, l.number, l.answers, takedown.NewPrivate(code), fresh)
		if h.must(err); done.CaseID != l.ID || done.Number.Reveal() != l.number.Reveal() {
			t.Errorf("%+v", done)
		}
		again := h.NewPhrase(takedown.French) // the answer got lost on its way
		_, err = h.RenewPhrase(h.ctx, l.number, l.answers, takedown.NewPrivate(code), again)
		h.must(err)
		for name, phrase := range map[string]takedown.Private{"the lost one": l.phrase, "one that nobody saw": fresh} {
			_, err := h.Enter(h.ctx, l.number, phrase)
			if takedown.KindOf(err) != takedown.NotFound {
				t.Errorf("%s opens the case: %v", name, err)
			}
		}
		if h.rowsOf(l.person)["sessions"] != 0 {
			t.Error("a visit with the lost phrase goes on")
		}
		_, err = h.Enter(h.ctx, l.number, again)
		h.must(err)
		_, err = h.RenewPhrase(h.ctx, l.number, l.answers, takedown.NewPrivate(code), fresh)
		h.kind(err, takedown.Invalid)
		s, err := h.CaseStanding(h.ctx, l.Actor)
		if h.must(err); s.PhraseNewAt.IsZero() || !s.RecoveryAt.IsZero() {
			t.Errorf("her space says %+v", s)
		}
		h.now = h.now.Add(takedown.PhraseToldFor)
		if s, _ := h.CaseStanding(h.ctx, l.Actor); !s.PhraseNewAt.IsZero() {
			t.Error("it is told for ever")
		}
	})
}

func TestNoCodeLeavesBeforeThreeDaysAndNoneAfterTwoWeeks(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		l := h.losing()
		once := h.newCode()
		h.approved(l)
		began := h.now
		h.now = began.Add(72*time.Hour - time.Second)
		if h.newCode() != once {
			t.Error("a code left before three days")
		}
		h.now = began.Add(72 * time.Hour)
		first := h.newCode()
		if first == once {
			t.Fatal("none left after three days")
		}
		if h.now = h.now.Add(time.Minute); h.newCode() != first {
			t.Error("another code leaves each minute")
		}
		h.now = h.now.Add(25 * time.Hour)
		_, err := h.RenewPhrase(h.ctx, l.number, l.answers, takedown.NewPrivate(first), h.NewPhrase(takedown.French))
		h.kind(err, takedown.Invalid)
		h.must(h.AskForPhrase(h.ctx, l.number, l.answers))
		second := h.newCode()
		if second == first {
			t.Fatal("asked again, she gets no other code")
		}
		h.now = began.Add(14*24*time.Hour - time.Hour)
		h.must(h.AskForPhrase(h.ctx, l.number, l.answers))
		second = h.newCode()
		h.now = began.Add(14 * 24 * time.Hour)
		_, err = h.RenewPhrase(h.ctx, l.number, l.answers, takedown.NewPrivate(second), h.NewPhrase(takedown.French))
		h.kind(err, takedown.Invalid)
		h.must(h.AskForPhrase(h.ctx, l.number, l.answers))
		if s, _ := h.CaseStanding(h.ctx, l.Actor); !s.RecoveryAt.Equal(h.now) {
			t.Error("after two weeks it cannot be asked for anew")
		}
		if h.newCode() != second {
			t.Error("what was agreed to two weeks ago still counts")
		}
	})
}

func TestWhoeverHasThePhraseStopsTheAskingAndTheTeamRefusesIt(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		l := h.losing()
		once := h.newCode()
		for name, end := range map[string]func() error{
			"stopped": func() error { return h.StopRecovery(h.ctx, l.Actor) },
			"refused": func() error { return h.RefuseRecovery(h.ctx, noor, l.ID) },
		} {
			h.approved(l)
			h.must(end())
			h.must(h.StopRecovery(h.ctx, l.Actor)) // twice is once
			h.now = h.now.Add(takedown.RecoverAfter)
			if h.newCode() != once {
				t.Errorf("%s: a code left", name)
			}
			h.kind(h.ApproveRecovery(h.ctx, camille, l.ID), takedown.Conflict)
			if s, _ := h.CaseStanding(h.ctx, l.Actor); !s.RecoveryAt.IsZero() {
				t.Errorf("%s: it is still told", name)
			}
		}
		h.approved(l)
		h.now = h.now.Add(takedown.RecoverAfter)
		code := h.newCode()
		h.must(h.StopRecovery(h.ctx, l.Actor))
		_, err := h.RenewPhrase(h.ctx, l.number, l.answers, takedown.NewPrivate(code), h.NewPhrase(takedown.French))
		h.kind(err, takedown.Invalid)
		if _, err := h.Enter(h.ctx, l.number, l.phrase); err != nil {
			t.Errorf("her phrase opens nothing any more: %v", err)
		}
	})
}

func TestWrongAnswersAnUnknownNumberAndNoAnswersComeToNothing(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		l, other := h.losing(), h.settle("birch", 1)
		bare := h.progress(other).Number
		for name, of := range map[string]struct {
			number  takedown.Private
			answers []takedown.Private
		}{
			"wrong answers":          {l.number, privately("Île aux Moines", "Chat 1999", "violette")},
			"two answers exchanged":  {l.number, privately("Chat 1998", "Île aux Moines", "violette")},
			"an unknown number":      {takedown.NewPrivate("123456789"), l.answers},
			"a case without answers": {bare, l.answers},
		} {
			if err := h.AskForPhrase(h.ctx, of.number, of.answers); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, who := range []*person{l.person, other} {
			if s, _ := h.CaseStanding(h.ctx, who.Actor); !s.RecoveryAt.IsZero() {
				t.Error("it was taken up")
			}
		}
		h.kind(h.AskForPhrase(h.ctx, l.number, privately("one", "two", "six")), takedown.Invalid)
		for _, number := range []takedown.Private{l.number, bare, takedown.NewPrivate("123456789"), takedown.NewPrivate("x")} {
			_, err := h.RenewPhrase(h.ctx, number, l.answers, takedown.NewPrivate("123456"), h.NewPhrase(takedown.French))
			h.kind(err, takedown.Invalid)
		}
	})
}

// TestATryWithoutHerAnswersIsTheSameWorkForEveryNumber takes the writer away: none of
// them would notice.
func TestATryWithoutHerAnswersIsTheSameWorkForEveryNumber(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		l := h.losing()
		h.must(h.Jobs.Stop(h.ctx))
		h.must(h.Store.SQL().Close())
		for _, number := range []takedown.Private{l.number, takedown.NewPrivate(secret.NewCaseNumber()), takedown.NewPrivate("x")} {
			_, err := h.RenewPhrase(h.ctx, number, privately("some", "other", "answers"), takedown.NewPrivate("123456"), h.NewPhrase(takedown.French))
			h.kind(err, takedown.Invalid)
		}
		if _, err := h.RenewPhrase(h.ctx, l.number, l.answers, takedown.NewPrivate("123456"), h.NewPhrase(takedown.French)); err == nil || takedown.KindOf(err) == takedown.Invalid {
			t.Errorf("the writer is not taken away: %v", err)
		}
	})
}

// TestACodeThatLeftOpensNothingOnceNoneWouldLeave has a code in her mailbox when what
// it was sent for falls away.
func TestACodeThatLeftOpensNothingOnceNoneWouldLeave(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		l := h.losing()
		h.approved(l)
		h.now = h.now.Add(takedown.RecoverAfter)
		code := takedown.NewPrivate(h.newCode())
		tries := func() error {
			_, err := h.RenewPhrase(h.ctx, l.number, l.answers, code, h.NewPhrase(takedown.French))
			return err
		}
		mails := h.mails()
		h.must(h.post.Answer(mails[len(mails)-1], "somebody@example.org", "STOP")) // who else reads there?
		h.must(h.ReadMailbox(h.ctx))
		h.kind(tries(), takedown.Invalid)
		h.must(h.KeepMails(h.ctx, l.Actor))
		h.must(h.ForgetAnswers(h.ctx, l.Actor))
		h.kind(tries(), takedown.Invalid)
	})
}

// TestWhoProvesHerPhraseEndsTheAskingOfSomebodyElse has two of the team agree to what
// was not hers, before she takes another phrase or other answers.
func TestWhoProvesHerPhraseEndsTheAskingOfSomebodyElse(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		l := h.losing()
		once, fresh := h.newCode(), h.NewPhrase(takedown.French)
		h.approved(l)
		h.must(h.ChangePhrase(h.ctx, l.Actor, l.phrase, fresh))
		if s, _ := h.CaseStanding(h.ctx, l.Actor); !s.RecoveryAt.IsZero() {
			t.Error("another phrase: it goes on")
		}
		h.now = h.now.Add(time.Minute)
		h.approved(l)
		h.must(h.KeepAnswers(h.ctx, l.Actor, fresh, privately("another", "three", "words")))
		if s, _ := h.CaseStanding(h.ctx, l.Actor); !s.RecoveryAt.IsZero() {
			t.Error("other answers: it goes on")
		}
		h.now = h.now.Add(takedown.RecoverAfter)
		if h.newCode() != once {
			t.Error("a code left")
		}
	})
}

func TestAnswersTakeHerPhraseAndASafeAddress(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		l := h.losing()
		other := h.settle("birch", 1)
		h.kind(h.KeepAnswers(h.ctx, l.Actor, other.phrase, l.answers), takedown.Invalid)
		h.kind(h.KeepAnswers(h.ctx, other.Actor, other.phrase, l.answers), takedown.Conflict) // not confirmed
		h.kind(h.KeepAnswers(h.ctx, l.Actor, l.phrase, privately("abc", "defg", "hijk")), takedown.Invalid)
		h.must(h.SetMail(h.ctx, l.Actor, takedown.NewPrivate("elsewhere@example.org"), takedown.MailEach))
		if p := h.progress(l.person); !p.AnswersAt.IsZero() {
			t.Error("the answers go over to another address")
		}
		h.must(h.AskForPhrase(h.ctx, l.number, l.answers))
		if s, _ := h.CaseStanding(h.ctx, l.Actor); !s.RecoveryAt.IsZero() {
			t.Error("answers that are gone still count")
		}
		code := h.newCode() // none for the address nobody confirmed
		h.must(h.AskCode(h.ctx, l.Actor))
		if confirms := h.newCode(); confirms != code {
			h.must(h.ConfirmMail(h.ctx, l.Actor, takedown.NewPrivate(confirms)))
		}
		h.must(h.KeepAnswers(h.ctx, l.Actor, l.phrase, l.answers))
		h.approved(l)
		h.now = h.now.Add(takedown.RecoverAfter)
		h.must(h.SetWishes(h.ctx, l.Actor, takedown.Wishes{Reads: takedown.ReadersMaybe}))
		before := len(h.mails())
		h.must(h.SendRecoveryCodes(h.ctx))
		if len(h.mails()) != before {
			t.Error("a code left to an address that somebody else may read")
		}
		h.must(h.ForgetAnswers(h.ctx, l.Actor))
		if p := h.progress(l.person); !p.AnswersAt.IsZero() {
			t.Error("forgotten answers are kept")
		}
	})
}

func TestThePhraseIsChangedByWhoKnowsItAndEveryVisitEnds(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		her, other := h.settle("amber", 0), h.settle("birch", 1)
		number, fresh := h.progress(her).Number, h.NewPhrase(takedown.French)
		h.kind(h.ChangePhrase(h.ctx, her.Actor, other.phrase, fresh), takedown.Invalid)
		if h.rowsOf(her)["sessions"] != 1 {
			t.Fatal("no visit is there")
		}
		h.must(h.ChangePhrase(h.ctx, her.Actor, her.phrase, fresh))
		if h.rowsOf(her)["sessions"] != 0 || h.rowsOf(other)["sessions"] != 1 {
			t.Error("a visit goes on, or another person's ended")
		}
		if _, err := h.Enter(h.ctx, number, her.phrase); takedown.KindOf(err) != takedown.NotFound {
			t.Errorf("the phrase of before: %v", err)
		}
		if _, err := h.Enter(h.ctx, number, fresh); err != nil {
			t.Errorf("the new one: %v", err)
		}
		if s, _ := h.CaseStanding(h.ctx, her.Actor); s.PhraseNewAt.IsZero() {
			t.Error("her space does not say so")
		}
		h.must(h.OwnPhrase(h.ctx, her.Actor))
		if s, _ := h.CaseStanding(h.ctx, her.Actor); !s.PhraseNewAt.IsZero() {
			t.Error("it is told on, though it was she")
		}
	})
}

// TestACodeOpensNothingOnceThePhraseItGaveHasArrived has somebody else read her mails
// after her, before she has entered with the new phrase.
func TestACodeOpensNothingOnceThePhraseItGaveHasArrived(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		l := h.losing()
		h.approved(l)
		h.now = h.now.Add(takedown.RecoverAfter)
		code, hers := takedown.NewPrivate(h.newCode()), h.NewPhrase(takedown.French)
		_, err := h.RenewPhrase(h.ctx, l.number, l.answers, code, hers)
		h.must(err)
		h.must(h.PhraseArrived(h.ctx, l.Actor, hers))
		if s, _ := h.CaseStanding(h.ctx, l.Actor); !s.RecoveryAt.IsZero() {
			t.Error("she is asked to stop what gave her the phrase")
		}
		_, err = h.RenewPhrase(h.ctx, l.number, l.answers, code, h.NewPhrase(takedown.French))
		h.kind(err, takedown.Invalid)
		h.must(h.AskForPhrase(h.ctx, l.number, l.answers)) // she could not write it down
		if h.newCode() == code.Reveal() {
			t.Error("asked again with her answers, she gets no other code")
		}
		_, err = h.Enter(h.ctx, l.number, hers)
		h.must(err)
	})
}

func TestAButtonPressedTwiceLeavesThePhraseThatIsShown(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		l := h.losing()
		h.approved(l)
		h.now = h.now.Add(takedown.RecoverAfter)
		code, shown, other := takedown.NewPrivate(h.newCode()), h.NewPhrase(takedown.French), h.NewPhrase(takedown.French)
		for _, phrase := range []takedown.Private{shown, other} {
			_, err := h.RenewPhrase(h.ctx, l.number, l.answers, code, phrase)
			h.must(err)
		}
		h.must(h.PhraseArrived(h.ctx, l.Actor, shown))
		if _, err := h.Enter(h.ctx, l.number, other); takedown.KindOf(err) != takedown.NotFound {
			t.Errorf("the phrase that nobody saw: %v", err)
		}
		if _, err := h.Enter(h.ctx, l.number, shown); err != nil {
			t.Fatalf("the one before her eyes: %v", err)
		}
		h.must(h.PhraseArrived(h.ctx, l.Actor, other)) // a page left open somewhere: hers has been used
		if _, err := h.Enter(h.ctx, l.number, shown); err != nil {
			t.Errorf("a phrase that was used is replaced: %v", err)
		}
	})
}
