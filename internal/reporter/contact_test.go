package reporter

import (
	"regexp"
	"testing"
	"time"

	"reprise/internal/mailbox"
	"reprise/internal/secret"
	"reprise/internal/takedown"
)

// hers opens a case that wants mails, and works off what follows.
func (h *dataHouse) hers() takedown.Actor {
	h.t.Helper()
	r, err := h.OpenCase(h.ctx, takedown.Actor{}, takedown.NewCase{
		Key: secret.NewID(), Phrase: h.NewPhrase(takedown.French), Age: takedown.AgeAdult, Harm: takedown.HarmPublished, Lang: takedown.French,
		Statements: takedown.Statements{NotConsented: true, GoodFaith: true, Mandate: true}, Addresses: "https://unheard.example.net/one",
		Contact: takedown.Contact{Email: takedown.NewPrivate("she@example.org"), Frequency: takedown.MailEach, News: true},
	})
	h.must(err)
	return takedown.Actor{Role: takedown.RoleReporter, ID: r.CaseID}
}

// mails does what is due and gives the mails of the neutral sender so far.
func (h *dataHouse) mails() []mailbox.Mail {
	h.t.Helper()
	h.must(h.Jobs.Drain(h.ctx))
	h.must(h.EnqueueTells(h.ctx))
	h.must(h.Jobs.Drain(h.ctx))
	var out []mailbox.Mail
	for _, m := range h.post.Mails() {
		if m.From == "information@"+houseDomain {
			out = append(out, m)
		}
	}
	return out
}

func codeIn(m mailbox.Mail) takedown.Private {
	return takedown.NewPrivate(regexp.MustCompile(`[0-9]{6}`).FindString(m.Body))
}

func TestNoMailLeavesBeforeTheAddressIsConfirmed(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		h.must(h.Jobs.Start(h.ctx))
		t.Cleanup(func() { h.must(h.Jobs.Stop(h.ctx)) })
		she := h.hers()
		if n := len(h.mails()); n != 0 {
			t.Fatalf("%d mails left to an address nobody confirmed", n)
		}
		h.must(h.AskCode(h.ctx, she))
		sent := h.mails()
		if len(sent) != 1 {
			t.Fatalf("%d mails, want the code alone", len(sent))
		}
		if err := h.ConfirmMail(h.ctx, she, takedown.NewPrivate("000000x")); takedown.KindOf(err) != takedown.Invalid {
			t.Fatalf("a wrong code: %v", err)
		}
		h.now = h.now.Add(31 * time.Minute)
		if err := h.ConfirmMail(h.ctx, she, codeIn(sent[0])); takedown.KindOf(err) != takedown.Invalid {
			t.Fatalf("a code of half an hour ago: %v", err)
		}
		h.must(h.AskCode(h.ctx, she))
		sent = h.mails()
		h.must(h.ConfirmMail(h.ctx, she, codeIn(sent[1])))
		if n := len(h.mails()); n != 3 {
			t.Fatalf("%d mails, want two codes and the news", n)
		}
		if err := h.AskCode(h.ctx, she); takedown.KindOf(err) != takedown.Conflict {
			t.Fatalf("a code for an address that is confirmed: %v", err)
		}
		if p, err := h.Progress(h.ctx, she); err != nil || !p.Contact.Confirmed {
			t.Fatalf("her page says %+v, %v", p.Contact, err)
		}
	})
}

func TestWrongCodesAreCountedAndTheFourthCodeOfADayIsRefused(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		h.must(h.Jobs.Start(h.ctx))
		t.Cleanup(func() { h.must(h.Jobs.Stop(h.ctx)) })
		she := h.hers()
		h.must(h.AskCode(h.ctx, she))
		sent := h.mails()
		for range takedown.CodeTries {
			_ = h.ConfirmMail(h.ctx, she, takedown.NewPrivate("1"))
		}
		if err := h.ConfirmMail(h.ctx, she, codeIn(sent[0])); takedown.KindOf(err) != takedown.Invalid {
			t.Fatalf("the right code after five wrong ones: %v", err)
		}
		h.must(h.AskCode(h.ctx, she))
		h.must(h.AskCode(h.ctx, she))
		if err := h.AskCode(h.ctx, she); takedown.KindOf(err) != takedown.TooMany {
			t.Fatalf("the fourth code of a day: %v", err)
		}
	})
}

func TestWishesAreKeptAndWhereOthersReadNoMailLeaves(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		h.must(h.Jobs.Start(h.ctx))
		t.Cleanup(func() { h.must(h.Jobs.Stop(h.ctx)) })
		she := h.hers()
		h.must(h.AskCode(h.ctx, she))
		h.must(h.ConfirmMail(h.ctx, she, codeIn(h.mails()[0])))
		wishes := takedown.Wishes{Other: "+33 6 00 00 00 00", Leave: true, Hours: takedown.HoursEvening, Days: takedown.DaysWorking, CodeWord: "lighthouse", Reads: takedown.ReadersNobody}
		h.must(h.SetWishes(h.ctx, she, wishes))
		sent := len(h.mails())
		if p, err := h.Progress(h.ctx, she); err != nil || p.Contact.Wishes != wishes {
			t.Errorf("%v", err)
		}
		h.must(h.Write(h.ctx, takedown.Actor{Role: takedown.RoleCaseworker, ID: "camille"}, takedown.Message{CaseID: she.ID, FormKey: "f", Text: takedown.NewPrivate("news")}))
		h.now = time.Date(2026, 3, 7, 19, 0, 0, 0, time.UTC) // a Saturday
		if n := len(h.mails()); n != sent {
			t.Errorf("%d mails on a Saturday", n-sent)
		}
		h.now = time.Date(2026, 3, 9, 9, 0, 0, 0, time.UTC)
		if n := len(h.mails()); n != sent {
			t.Errorf("%d mails in the morning", n-sent)
		}
		wishes.Reads = takedown.ReadersMaybe
		h.must(h.SetWishes(h.ctx, she, wishes))
		h.now = time.Date(2026, 3, 9, 19, 0, 0, 0, time.UTC)
		if n := len(h.mails()); n != sent {
			t.Errorf("%d mails although others read them", n-sent)
		}
		h.must(h.SetMail(h.ctx, she, takedown.NewPrivate("she@example.org"), takedown.MailEach)) // her word again
		if n := len(h.mails()); n != sent+1 {
			t.Errorf("%d mails, want the news", n-sent)
		}
		wishes.Reads = takedown.ReadersUnsaid // or her next wish would say that none leaves, while some do
		h.must(h.SetMail(h.ctx, she, takedown.NewPrivate("other@example.org"), takedown.MailEach))
		if p, err := h.Progress(h.ctx, she); err != nil || p.Contact.Confirmed {
			t.Errorf("another address counts as confirmed: %v", err)
		}
		h.must(h.StopMails(h.ctx, she))
		if p, err := h.Progress(h.ctx, she); err != nil || p.Contact.Wishes != wishes || !p.Contact.Email.Empty() {
			t.Errorf("stopping mails takes the wishes along: %v", err)
		}
	})
}

// TestNoCodeLeavesOnceOthersMayReadIt asks for a code, says in the same breath that
// somebody else may read her mails, and asks again from a page that was open.
func TestNoCodeLeavesOnceOthersMayReadIt(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		she := h.hers()
		h.must(h.AskCode(h.ctx, she))
		h.must(h.SetWishes(h.ctx, she, takedown.Wishes{Reads: takedown.ReadersMaybe}))
		h.must(h.Jobs.Start(h.ctx)) // it would else be a race which of the two comes first
		t.Cleanup(func() { h.must(h.Jobs.Stop(h.ctx)) })
		h.kind(h.AskCode(h.ctx, she), takedown.Conflict)
		if n := len(h.mails()); n != 0 {
			t.Errorf("%d mails left", n)
		}
		h.must(h.SetMail(h.ctx, she, takedown.NewPrivate("she@example.org"), takedown.MailEach)) // her word again
		h.must(h.AskCode(h.ctx, she))
		if n := len(h.mails()); n != 1 {
			t.Errorf("%d mails, want the code", n)
		}
	})
}

func TestNoAddressIsKeptThatNoMailCanBeSentTo(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		she := h.hers()
		for _, wrong := range []string{"she@home", "she@example.org\r\nBcc: he@example.org", `"a b"@example.org`, "-f@example.org", "she"} {
			email := takedown.NewPrivate(wrong)
			if err := h.SetMail(h.ctx, she, email, takedown.MailEach); takedown.KindOf(err) != takedown.Invalid {
				t.Errorf("%q is set: %v", wrong, err)
			}
			_, err := h.OpenCase(h.ctx, takedown.Actor{}, takedown.NewCase{
				Key: secret.NewID(), Phrase: h.NewPhrase(takedown.French), Age: takedown.AgeAdult, Harm: takedown.HarmPublished, Lang: takedown.French,
				Statements: takedown.Statements{NotConsented: true, GoodFaith: true, Mandate: true}, Addresses: "https://unheard.example.net/one",
				Contact: takedown.Contact{Email: email, Frequency: takedown.MailEach},
			})
			if takedown.KindOf(err) != takedown.Invalid {
				t.Errorf("a case is opened with %q: %v", wrong, err)
			}
		}
	})
}
