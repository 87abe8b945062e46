package journey

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// entersWith has a person come back with her number and a phrase, and tells whether
// her space opens.
func (h *house) entersWith(phrase string) bool {
	h.t.Helper()
	h.person = newVisitor(h.t, "http://"+h.trial.House.Addr("portal"))
	h.person.open("/").fill("enter-number", h.number).fill("enter-phrase", phrase).press("enter")
	return h.person.has("go-messages")
}

// agrees has one of the team agree to another phrase.
func (h *house) agrees(nth int) {
	h.t.Helper()
	login := h.trial.Staff[nth]
	h.worker = newVisitor(h.t, "http://"+h.trial.House.Addr("console"))
	h.worker.open("/").fill("email", login.Email).fill("password", login.Password).fill("code", login.Code(time.Now())).press("sign-in")
	h.worker.open(strings.SplitN(h.casePage().at, "?", 2)[0] + "/talk").press("renewal-agree")
}

func TestALostPhraseIsReplacedWithoutAName(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		// Given a person who has confirmed her address and chosen three answers,
		h.opensCase(h.example("silent"))
		h.confirms()
		h.turn()
		h.person.press("go-phrase")
		h.person.fill("answer-1", "Île aux Moines").fill("answer-2", "Chat 1998").fill("answer-3", "violette").press("answers-keep")
		h.person.says("It is ready")
		lost := h.phrase
		// when she has lost her phrase and gives them,
		asks := func() {
			h.person = newVisitor(h.t, "http://"+h.trial.House.Addr("portal"))
			h.person.open("/").press("lost").fill("lost-number", h.number)
			h.person.fill("answer-1", "ile aux moines").fill("answer-2", "CHAT 1998").fill("answer-3", "Violette").press("lost-ask")
			h.person.says("If your answers are right")
		}
		asks()
		// her space tells so to whoever still comes in,
		if !h.entersWith(lost) {
			t.Fatal("the phrase does not open her space before another is given")
		}
		h.person.says("someone asked for another phrase")
		// two of the team agree, three days pass,
		before := len(h.told())
		h.agrees(0)
		h.later(3 * day)
		for _, m := range h.told()[before:] {
			if regexp.MustCompile(`[0-9]{6}`).MatchString(m.Body) {
				t.Fatal("a code left on the word of one")
			}
		}
		h.agrees(1)
		h.turn()
		mails := h.told()
		code := regexp.MustCompile(`\b[0-9]{6}\b`).FindString(mails[len(mails)-1].Body)
		// and the code that came by mail gives her another,
		h.person = newVisitor(h.t, "http://"+h.trial.House.Addr("portal"))
		h.person.open("/").press("lost").press("renew").fill("renew-number", h.number).fill("renew-code", code).
			fill("answer-1", "ile aux moines").fill("answer-2", "chat 1998").fill("answer-3", "violette").press("renew-try")
		h.person.says("Your new phrase")
		h.phrase = strings.Join(strings.Fields(text(h.person.one("case-phrase"))), " ")
		// then the lost one opens nothing, the new one her space, which tells it;
		if h.entersWith(lost) || h.person.status != http.StatusNotFound {
			t.Errorf("the lost phrase: %d", h.person.status)
		}
		if !h.entersWith(h.phrase) {
			t.Fatalf("the new phrase opens nothing: %s", h.person.text())
		}
		h.person.says("another phrase opens this space")
		// and none of the mails said what it was about.
		h.saysNothing()
	})
}
