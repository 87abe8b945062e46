package reporter

import (
	"fmt"
	"net/smtp"
	"strings"
	"testing"
	"time"

	"reprise/internal/casework"
	"reprise/internal/mailbox"
	"reprise/internal/takedown"
)

// mailed gives a person to whom a mail has left, and that mail.
func (h *dataHouse) mailed() (takedown.Actor, mailbox.Mail) {
	h.t.Helper()
	h.must(h.Jobs.Start(h.ctx))
	h.t.Cleanup(func() { h.must(h.Jobs.Stop(h.ctx)) })
	she := h.hers()
	h.must(h.AskCode(h.ctx, she))
	h.must(h.ConfirmMail(h.ctx, she, codeIn(h.mails()[0])))
	sent := h.mails()
	if len(sent) != 2 {
		h.t.Fatalf("%d mails, want a code and news", len(sent))
	}
	return she, sent[1]
}

// hasNews lets something happen, and a day pass, and gives how many mails have left.
func (h *dataHouse) hasNews(she takedown.Actor) int {
	h.t.Helper()
	h.now = h.now.Add(25 * time.Hour)
	m := takedown.Message{CaseID: she.ID, FormKey: h.now.String(), Text: takedown.NewPrivate("news")}
	h.must(h.Write(h.ctx, takedown.Actor{Role: takedown.RoleCaseworker, ID: "camille"}, m))
	return len(h.mails())
}

func (h *dataHouse) held(she takedown.Actor) bool {
	h.t.Helper()
	p, err := h.Progress(h.ctx, she)
	h.must(err)
	return p.Contact.Held()
}

// writes has somebody write a mail to an address, and the mailbox read.
func (h *dataHouse) writes(to, header, body string) {
	h.t.Helper()
	raw := fmt.Sprintf("From: anybody@example.net\r\nMessage-ID: <%d@example.net>\r\n%s\r\n%s\r\n", len(h.post.Mails()), header, body)
	h.must(smtp.SendMail(h.post.SMTPAddr(), nil, "anybody@example.net", []string{to}, []byte(raw)))
	h.must(h.ReadMailbox(h.ctx))
}

// to is the header of a mail to an address.
func to(address string) string { return "To: <" + address + ">\r\n" }

// count counts rows.
func (h *dataHouse) count(from string) (n int) {
	h.t.Helper()
	h.must(h.Store.SQL().QueryRowContext(h.ctx, "SELECT COUNT(*) FROM "+from).Scan(&n))
	return n
}

const stopEvents = "events WHERE verb = 'contact.stop'"

func TestAStopByMailStopsMailsAtOnceAndSheIsAsked(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		she, got := h.mailed()
		if !strings.HasPrefix(got.ReplyTo, "information+") || !strings.HasSuffix(got.ReplyTo, "@"+houseDomain) || !strings.Contains(got.Body, "STOP") {
			t.Fatalf("the mail is answered to %q and says %q", got.ReplyTo, got.Body)
		}
		for _, never := range []string{she.ID, "123456789"} {
			if strings.Contains(string(got.Raw), never) {
				t.Errorf("the mail tells %q", never)
			}
		}
		h.must(h.post.Answer(got, "she@example.org", "stop"))
		h.must(h.ReadMailbox(h.ctx))
		if !h.held(she) || h.count(stopEvents) != 1 || h.count("replies") != 0 {
			t.Fatalf("held %v, %d events, %d in the tray", h.held(she), h.count(stopEvents), h.count("replies"))
		}
		if n := h.hasNews(she); n != 2 {
			t.Errorf("%d mails left after a STOP", n-2)
		}
		if err := h.AskCode(h.ctx, she); takedown.KindOf(err) != takedown.Conflict {
			t.Errorf("a code: %v", err)
		}
		h.must(h.Change(h.ctx, takedown.System(), takedown.MayRunJobs, func(c *casework.Change) error { return c.NewCode(she.ID, takedown.CodeRenews) }))
		if n := len(h.mails()); n != 2 {
			t.Errorf("%d codes left after a STOP", n-2)
		}
		h.must(h.KeepMails(h.ctx, she)) // it was not she
		if n := len(h.mails()); h.held(she) || n != 3 {
			t.Errorf("after no: held %v, %d mails, want the news that waited", h.held(she), n)
		}
		if err := h.KeepMails(h.ctx, she); takedown.KindOf(err) != takedown.Conflict {
			t.Errorf("an answer to no question: %v", err)
		}
		h.must(h.post.Answer(got, "somebody.else@example.com", "BAJA")) // an older mail, from anywhere
		h.must(h.ReadMailbox(h.ctx))
		if !h.held(she) || h.count(stopEvents) != 2 {
			t.Fatalf("a later STOP: held %v, %d events", h.held(she), h.count(stopEvents))
		}
		h.must(h.StopMails(h.ctx, she)) // it was she
		if p, err := h.Progress(h.ctx, she); err != nil || p.Contact.Held() || !p.Contact.Email.Empty() {
			t.Errorf("after yes: %+v, %v", p.Contact, err)
		}
		if n := h.hasNews(she); n != 3 {
			t.Errorf("%d mails left after yes", n-3)
		}
		h.must(h.post.Answer(got, "she@example.org", "STOP"))
		h.must(h.ReadMailbox(h.ctx))
		if h.held(she) || h.count("replies") != 0 {
			t.Error("a STOP to an address that was forgotten does something")
		}
	})
}

func TestTheSameStopCountsOnce(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		she, got := h.mailed()
		replay := func() {
			raw := "From: a@b.example\r\nTo: " + got.ReplyTo + "\r\nMessage-ID: <same@b.example>\r\n\r\nSTOP\r\n"
			h.must(smtp.SendMail(h.post.SMTPAddr(), nil, "a@b.example", []string{got.ReplyTo}, []byte(raw)))
			h.must(h.ReadMailbox(h.ctx))
		}
		replay()
		replay()
		h.writes(got.ReplyTo, to(got.ReplyTo), "STOP") // another, while mails are held
		if !h.held(she) || h.count(stopEvents) != 1 {
			t.Fatalf("held %v, %d events", h.held(she), h.count(stopEvents))
		}
		h.must(h.KeepMails(h.ctx, she))
		replay()
		if h.held(she) || h.count(stopEvents) != 1 {
			t.Error("a STOP she has answered for comes up again")
		}
	})
}

func TestWhatIsNoStopDoesNothingAndIsShownToNobody(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		she, got := h.mailed()
		for _, m := range []struct{ header, body string }{
			{"Subject: Re: Information\r\nAuto-Submitted: auto-replied\r\n", "STOP"},
			{"Subject: Re: Information\r\n", "Thank you\r\n\r\nOn 2 March 2026, Information wrote:\r\n> reply STOP\r\n> STOP"},
			{"Subject: Re: Information\r\n", "Who are you? I know canary-in-a-mail."},
			{"", ""},
		} {
			h.writes(got.ReplyTo, to(got.ReplyTo)+m.header, m.body)
		}
		forged := "information+" + strings.Repeat("a", 26) + "@" + houseDomain
		h.writes(forged, to(forged), "STOP")
		h.writes(forged, "Delivered-To: "+forged+"\r\n"+to("someone@"+houseDomain), "a word")
		if h.held(she) || h.count(stopEvents) != 0 || h.count("stops") != 0 {
			t.Errorf("held %v, %d events", h.held(she), h.count(stopEvents))
		}
		if n := h.count("replies"); n != 0 {
			t.Errorf("%d of them wait in the tray", n)
		}
		if n := h.hasNews(she); n != 3 {
			t.Errorf("%d mails, want three", n)
		}
	})
}

func TestAnotherAddressEndsTheSayOfWhoReadsTheOldOne(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		she, old := h.mailed()
		h.must(h.post.Answer(old, "she@example.org", "STOP"))
		h.must(h.ReadMailbox(h.ctx))
		h.must(h.SetMail(h.ctx, she, takedown.NewPrivate("new@example.org"), takedown.MailEach))
		if h.held(she) {
			t.Error("an address given in her space waits for the STOP of another")
		}
		h.now = h.now.Add(time.Minute)
		h.must(h.AskCode(h.ctx, she))
		sent := h.mails()
		code := sent[len(sent)-1]
		h.must(h.ConfirmMail(h.ctx, she, codeIn(code)))
		h.writes(old.ReplyTo, to(old.ReplyTo), "STOP")
		if h.held(she) {
			t.Error("who reads the old address stops the mails to the new one")
		}
		if code.ReplyTo == old.ReplyTo || code.ReplyTo == "" {
			t.Errorf("the code is answered to %q", code.ReplyTo)
		}
		h.writes(code.ReplyTo, to(code.ReplyTo), "STOP")
		if !h.held(she) {
			t.Error("a code cannot be answered with STOP")
		}
	})
}

func TestWithoutAMailboxNoMailPromisesThatAStopIsRead(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		h.Mailbox = nil
		_, got := h.mailed()
		if got.ReplyTo != "" || strings.Contains(got.Body, "STOP") {
			t.Errorf("it is answered to %q and says %q", got.ReplyTo, got.Body)
		}
	})
}
