package journey

import (
	"strings"
	"testing"

	"reprise/internal/mailbox"
)

// told lists the mails of the neutral sender.
func (h *house) told() []mailbox.Mail {
	var out []mailbox.Mail
	for _, m := range h.trial.Sandbox.Mailbox().Mails() {
		if strings.HasPrefix(m.From, "information@") {
			out = append(out, m)
		}
	}
	return out
}

// writesNews has the team write to the person, and a week pass.
func (h *house) writesNews(text string) {
	h.t.Helper()
	h.worker.open(strings.SplitN(h.casePage().at, "?", 2)[0] + "/talk")
	h.worker.fill("message-text", text).press("message-send")
	h.later(7 * day)
}

func TestAStopByMailIsHonouredAndAskedAbout(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		// Given a person who is told by mail,
		h.opensCase(h.example("silent"))
		h.confirms()
		h.turn()
		h.signsIn()
		sent := h.told()
		last := sent[len(sent)-1]
		if !strings.HasPrefix(last.ReplyTo, "information+") {
			t.Fatalf("a mail is answered to %q", last.ReplyTo)
		}
		// when somebody who reads her mailbox answers STOP, no mail leaves any more,
		if err := h.trial.Sandbox.Mailbox().Answer(last, "somebody@example.com", "STOP"); err != nil {
			t.Fatal(err)
		}
		h.turn()
		h.writesNews("We are still looking.")
		h.want(len(h.told()), len(sent), "mails after a STOP")
		// the desk is not shown a word of it,
		h.worker.open("/")
		if strings.Contains(h.worker.text(), "somebody@example.com") {
			t.Error("the queue tells who answered")
		}
		// and she is asked. It was not she: the news that waited leaves.
		h.person.open("/s")
		h.person.says("We got a STOP by e-mail")
		h.person.press("held-keep")
		h.person.says("check who else can read your e-mails")
		h.turn()
		h.want(len(h.told()), len(sent)+1, "mails after she said no")
		// The next time it is: the address is forgotten.
		if err := h.trial.Sandbox.Mailbox().Answer(last, "somebody@example.com", "Arrêt"); err != nil {
			t.Fatal(err)
		}
		h.turn()
		h.person.open("/s").press("go-first").press("held-stop")
		h.person.says("We will not write to you any more")
		h.writesNews("Gone.")
		h.want(len(h.told()), len(sent)+1, "mails after she said yes")
	})
}
