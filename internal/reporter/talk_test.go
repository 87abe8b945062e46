package reporter

import (
	"errors"
	"strings"
	"testing"
	"time"

	"reprise/internal/casework"
	"reprise/internal/secret"
	"reprise/internal/takedown"
)

func (h *dataHouse) kind(err error, want takedown.Kind) {
	h.t.Helper()
	if takedown.KindOf(err) != want {
		h.t.Errorf("%v, want a refusal of kind %v", err, want)
	}
}

func (h *dataHouse) progress(p *person) takedown.Progress {
	h.t.Helper()
	out, err := h.Progress(h.ctx, p.Actor)
	h.must(err)
	return out
}

func TestMessagesGoBothWaysOnceAndToNobodyElse(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		her, other := h.settle("amber", 0), h.settle("birch", 1)
		staff := takedown.Actor{Role: takedown.RoleCaseworker, ID: "camille"}
		for range 3 {
			h.must(h.Say(h.ctx, her.Actor, "form-1", "first words"))
			h.must(h.Write(h.ctx, staff, takedown.Message{CaseID: her.ID, FormKey: "form-2", Text: takedown.NewPrivate("an answer")}))
		}
		if p := h.progress(her); len(p.Messages) != 3 { // one was there
			t.Errorf("%d messages", len(p.Messages))
		}
		if s, err := h.CaseStanding(h.ctx, her.Actor); err != nil || s.Unread != 2 { // a message and a question
			t.Errorf("%d unread, %v", s.Unread, err)
		}
		for _, m := range h.progress(other).Messages {
			if strings.Contains(m.Text.Reveal(), "words of amber") || strings.Contains(m.Text.Reveal(), "answer") {
				t.Error("another person reads it")
			}
		}
		h.must(h.ReadMessages(h.ctx, her.Actor))
		if s, _ := h.CaseStanding(h.ctx, her.Actor); s.Unread != 1 {
			t.Errorf("%d unread after reading", s.Unread)
		}
		h.kind(h.Say(h.ctx, her.Actor, "form-3", strings.Repeat("x", takedown.MaxMessage+1)), takedown.TooMany)
		h.kind(h.Say(h.ctx, her.Actor, "form-3", " \n"), takedown.Invalid)
		for n := range takedown.MessagesPerDay - 2 {
			h.must(h.Say(h.ctx, her.Actor, "more"+string(rune('a'+n)), "more"))
		}
		h.kind(h.Say(h.ctx, her.Actor, "one more", "more"), takedown.TooMany)
		h.now = h.now.Add(25 * time.Hour)
		h.must(h.Say(h.ctx, her.Actor, "one more", "more"))
	})
}

// TestNoWordsAreLostUnderTheKeyOfAForm sends from a page that a browser restored,
// and then what no page of ours sends.
func TestNoWordsAreLostUnderTheKeyOfAForm(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		her := h.settle("amber", 0)
		before := len(h.progress(her).Messages)
		for range 2 {
			h.must(h.Say(h.ctx, her.Actor, "form", "first words"))
			h.must(h.Say(h.ctx, her.Actor, "form", "first words, and where he lives"))
			h.must(h.Say(h.ctx, her.Actor, strings.Repeat(secret.NewID(), 10_000), "long key"))
		}
		if n := len(h.progress(her).Messages) - before; n != 4 {
			t.Errorf("%d messages", n)
		}
	})
}

func TestAQuestionIsAnsweredByItsPersonAloneUntilItIsRead(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		her, other := h.settle("amber", 0), h.settle("birch", 1)
		staff := takedown.Actor{Role: takedown.RoleCaseworker, ID: "camille"}
		for range 2 {
			h.must(h.Ask(h.ctx, staff, takedown.Question{CaseID: her.ID, Kind: takedown.AskStillOnline}, 2))
		}
		h.kind(h.Ask(h.ctx, staff, takedown.Question{CaseID: her.ID, Kind: takedown.AskStillOnline}, 99), takedown.Invalid)
		h.kind(h.Ask(h.ctx, staff, takedown.Question{CaseID: her.ID, Kind: "made up"}, 0), takedown.Invalid)
		questions := h.progress(her).Questions
		if len(questions) != 2 { // one was there
			t.Fatalf("%d questions", len(questions))
		}
		id := questions[1].ID
		h.kind(h.Answer(h.ctx, other.Actor, id, takedown.AnswerGiven{Answer: takedown.AnswerYes}), takedown.NotFound)
		h.kind(h.Answer(h.ctx, her.Actor, id, takedown.AnswerGiven{Answer: "made up"}), takedown.Invalid)
		h.must(h.Answer(h.ctx, her.Actor, id, takedown.AnswerGiven{Answer: takedown.AnswerYes}))
		h.must(h.Answer(h.ctx, her.Actor, id, takedown.AnswerGiven{Answer: takedown.AnswerNo}))
		h.must(h.ReadTalk(h.ctx, staff, her.ID, h.now))
		h.kind(h.Answer(h.ctx, her.Actor, id, takedown.AnswerGiven{Answer: takedown.AnswerYes}), takedown.Conflict)
		if q := h.progress(her).Questions[1]; q.Answer != takedown.AnswerNo || q.SeenAt.IsZero() {
			t.Errorf("%+v", q)
		}
	})
}

// TestARestingCaseSendsNothing lets a whole turn of the schedule pass over a case
// with an approved notice.
func TestARestingCaseSendsNothing(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		her := h.settle("amber", 0)
		h.must(h.Change(h.ctx, takedown.System(), takedown.MayRunJobs, func(c *casework.Change) error {
			items, err := c.ItemsOfCase(her.ID)
			if err != nil {
				return err
			}
			for _, i := range items {
				was := i
				if err := errors.Join(i.Clear(c.Now), c.SaveItem(i, was)); err != nil {
					return err
				}
			}
			_, err = c.SQL().ExecContext(h.ctx, `UPDATE requests SET due_at = '2026-03-02 10:00:00' WHERE case_id = '`+her.ID+`'`)
			return err
		}))
		due := func() (n int) {
			h.must(h.Change(h.ctx, takedown.System(), takedown.MayRunJobs, func(c *casework.Change) error {
				requests, err := c.RequestsDue(h.now.Add(24*365*time.Hour), 100)
				if err != nil {
					return err
				}
				looks, err := c.ItemsToLookAt(h.now.Add(24*365*time.Hour), 100)
				n = len(requests)*10 + len(looks)
				return err
			}))
			return n
		}
		if n := due(); n != 12 {
			t.Fatalf("before she asks %d things are due, want a request and two looks", n)
		}
		state := func() takedown.NoticeState {
			var n takedown.Notice
			h.must(h.Change(h.ctx, takedown.System(), takedown.MayRunJobs, func(c *casework.Change) (err error) {
				n, err = c.NoticeByID(her.notice)
				return err
			}))
			return n.State
		}
		for name, rest := range map[string]func() error{
			"pause":      func() error { return h.Pause(h.ctx, her.Actor) },
			"withdrawal": func() error { return h.AskToLeave(h.ctx, her.Actor) },
		} {
			h.must(rest())
			h.must(h.Send(h.ctx, her.notice))
			if got := state(); got != takedown.NoticeApproved {
				t.Errorf("%s: the notice is %s", name, got)
			}
			if n := due(); n != 0 {
				t.Errorf("%s: %d things are due", name, n)
			}
			h.must(h.Resume(h.ctx, her.Actor))
		}
		h.must(h.Send(h.ctx, her.notice))
		if got := state(); got == takedown.NoticeApproved {
			t.Error("after the pause it still does not leave")
		}
	})
}

func TestAWithdrawalTakesThreeDaysAndCanBeTakenBackThenAndForAMonth(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		her := h.settle("amber", 0)
		h.must(h.AskToLeave(h.ctx, her.Actor))
		asked := h.now
		h.now = asked.Add(takedown.WithdrawAfter - time.Second)
		h.must(h.AskToLeave(h.ctx, her.Actor)) // does not begin anew
		h.must(h.CarryOutWithdrawals(h.ctx))
		if p := h.progress(her); p.State == takedown.CaseWithdrawn {
			t.Fatal("it was withdrawn too early")
		}
		h.must(h.Resume(h.ctx, her.Actor))
		h.now = asked.Add(2 * takedown.WithdrawAfter)
		h.must(h.CarryOutWithdrawals(h.ctx))
		if p := h.progress(her); p.State == takedown.CaseWithdrawn {
			t.Fatal("it was withdrawn although she changed her mind")
		}
		h.must(h.AskToLeave(h.ctx, her.Actor))
		h.now = h.now.Add(takedown.WithdrawAfter)
		h.must(h.CarryOutWithdrawals(h.ctx))
		p := h.progress(her)
		if p.State != takedown.CaseWithdrawn || p.Items[0].Step != takedown.StepStopped {
			t.Fatalf("%s, %s", p.State, p.Items[0].Step)
		}
		h.kind(h.Pause(h.ctx, her.Actor), takedown.Conflict)
		withdrawn := h.now
		h.now = withdrawn.Add(takedown.ReopenWithin)
		h.kind(h.Reopen(h.ctx, her.Actor), takedown.Conflict)
		h.now = withdrawn.Add(takedown.ReopenWithin - time.Second)
		h.must(h.Reopen(h.ctx, her.Actor))
		if p := h.progress(her); p.State != takedown.CaseOpen || p.Items[0].Step == takedown.StepStopped {
			t.Errorf("%s, %s", p.State, p.Items[0].Step)
		}
		if err := h.Reopen(h.ctx, her.Actor); !errors.Is(err, takedown.ErrStep) {
			t.Errorf("an open case opens again: %v", err)
		}
	})
}

func TestTheDaysOnWhichASpaceWasOpenedAreTold(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		her := h.settle("amber", 0)
		number := h.progress(her).Number
		for range 2 {
			_, err := h.Enter(h.ctx, number, her.phrase)
			h.must(err)
		}
		h.now = h.now.Add(24 * time.Hour)
		_, err := h.Enter(h.ctx, number, her.phrase)
		h.must(err)
		visits := h.progress(her).Visits
		if len(visits) < 2 || visits[0].Times != 1 || visits[1].Times != 3 {
			t.Errorf("%+v", visits)
		}
	})
}

func TestWhichImageIsAnsweredWithOneOfHerOwnAsLongAsItIsThere(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		her, other := h.settle("amber", 0), h.settle("birch", 1)
		staff := takedown.Actor{Role: takedown.RoleCaseworker, ID: "camille"}
		which := takedown.Question{CaseID: her.ID, Kind: takedown.AskWhichImage}
		h.kind(h.Ask(h.ctx, staff, which, 0), takedown.Invalid)
		h.now = h.now.Add(time.Minute) // after the question that is there
		h.must(h.Ask(h.ctx, staff, which, 2))
		id := h.progress(her).Questions[1].ID
		named := func(image string) error {
			return h.Answer(h.ctx, her.Actor, id, takedown.AnswerGiven{Answer: takedown.AnswerImage, ReferenceID: image})
		}
		h.kind(named(other.refs[0].ID), takedown.Invalid)
		if q := h.progress(her).Questions[1]; !q.Open() {
			t.Fatalf("another person's image is taken for an answer: %+v", q)
		}
		h.must(named(her.refs[0].ID))
		if q := h.progress(her).Questions[1]; q.Answer != takedown.AnswerImage || q.ReferenceID != her.refs[0].ID {
			t.Errorf("%+v", q)
		}
		if d, err := h.Dossier(h.ctx, her.Actor); err != nil || d.Talk.Questions[1].Image != 1 {
			t.Errorf("the dossier says %+v, %v", d.Talk.Questions, err)
		}
		h.forgetsImages(her)
		h.kind(named(her.refs[0].ID), takedown.Invalid)
		h.must(h.Answer(h.ctx, her.Actor, id, takedown.AnswerGiven{Answer: takedown.AnswerNone}))
		if q := h.progress(her).Questions[1]; q.Answer != takedown.AnswerNone || q.ReferenceID != "" {
			t.Errorf("%+v", q)
		}
		h.kind(h.Ask(h.ctx, staff, which, 1), takedown.Invalid)
	})
}

// forgetsImages takes the references out of a case, with what hangs on them.
func (h *dataHouse) forgetsImages(p *person) {
	h.t.Helper()
	h.must(h.Change(h.ctx, takedown.System(), takedown.MayRunJobs, func(c *casework.Change) error {
		var errs error
		for _, statement := range []string{
			`DELETE FROM matches WHERE case_id = '` + p.ID + `'`, `DELETE FROM floods WHERE reference_id = '` + p.refs[0].ID + `'`,
			`DELETE FROM case_references WHERE case_id = '` + p.ID + `'`,
		} {
			_, err := c.SQL().ExecContext(h.ctx, statement)
			errs = errors.Join(errs, err)
		}
		return errs
	}))
}
