package journey

import (
	"strings"
	"testing"
	"time"
)

// says tells whether a page says something.
func (v *visitor) says(words ...string) {
	v.t.Helper()
	for _, w := range words {
		if !strings.Contains(v.text(), w) {
			v.t.Errorf("at %s: not a word of %q:\n%s", v.at, w, v.text())
		}
	}
}

func TestMessagesQuestionsAndAChangeOfMind(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		// Given a case with a planned and approved notice,
		h.opensCase(h.example("removes"))
		h.turn()
		h.signsIn()
		h.confirmsMatches()
		h.selects()
		h.pressAction("plan")
		// when the person asks for a pause, nothing leaves although it is approved;
		h.person.open("/s").press("go-stop").press("pause")
		h.person.says("It is paused", "Paused since")
		h.approves()
		h.later(2 * time.Hour)
		h.want(h.notices(), []string{}, "mails in a pause")
		// when she writes, the desk finds it in its queue and answers, and asks;
		h.person.press("go-messages").fill("message-text", "Is it still there?").press("message-send")
		at := strings.SplitN(h.casePage().at, "?", 2)[0] + "/talk"
		talk := h.worker.open(at)
		talk.says("Is it still there?")
		talk.press("talk-read")
		talk.fill("message-text", "We are looking.").press("message-send")
		talk.fill("question-position", "1").press("question-ask")
		// she reads it, answers in one tap,
		h.person.open("/s")
		h.person.says("Is it you at this address?", "Messages (2 new)")
		h.person.press("answer")
		h.person.says("the team has your answer")
		h.person.press("go-messages")
		h.person.says("We are looking.", "Is it still there?")
		h.worker.open(at)
		h.worker.says("Yes")
		// and carries on: now it leaves, once.
		h.person.press("resume")
		h.later(2 * time.Hour)
		if got := len(h.notices()); got == 0 {
			t.Error("nothing leaves after the pause")
		}
		sent := len(h.notices())
		// When somebody asks to withdraw, nothing more leaves; she takes it back within three days.
		h.person.press("go-stop").press("withdraw").press("withdraw")
		h.person.says("will be withdrawn on")
		h.later(2 * day)
		h.person.open("/s").press("resume")
		h.later(3 * day)
		if h.person.open("/s"); strings.Contains(h.person.text(), "You have stopped this case") {
			t.Error("it was withdrawn although she changed her mind")
		}
		if got := len(h.notices()); got < sent {
			t.Errorf("%d mails of %d", got, sent)
		}
	})
}
