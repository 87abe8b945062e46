package portal

import (
	"net/http"
	"strings"
	"testing"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

func TestALostPhraseIsAskedForWithOneAnswerForEverybody(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.lang = "en"
	v.get("/")
	v.post("/", "do", "lost")
	v.has("I lost my phrase", "Two people of the team")
	v.post("/", "do", "lost-ask", "f1", " ", "f2", "the island", "f3", "garden", "f4", "violet")
	v.has("Your number is missing", `value="the island"`)
	if v.page.status != http.StatusUnprocessableEntity || len(h.desk.lostWay.asked) != 0 {
		t.Errorf("without a number: %d", v.page.status)
	}
	v.post("/", "lang", "fr", "f1", "12", "f2", "the island")
	v.has("J’ai perdu ma phrase", `value="the island"`)
	v.post("/", "lang", "en", "f1", "12")
	var answer string
	for _, number := range []string{deskNumber, "987654321"} {
		v.post("/", "do", "lost")
		v.post("/", "do", "lost-ask", "f1", number, "f2", "the island", "f3", "garden", "f4", "violet")
		if !v.page.handle("asked") || answer != "" && plain(v.page.body) != answer {
			t.Errorf("%s: %s", number, plain(v.page.body))
		}
		answer = plain(v.page.body)
		if strings.Contains(answer, number) || v.page.status != http.StatusOK {
			t.Error("the answer tells what was typed")
		}
	}
	if len(h.desk.lostWay.asked) != 2 {
		t.Errorf("%q", h.desk.lostWay.asked)
	}
}

func TestACodeGivesAnotherPhraseAndAWrongOneNothing(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.lang = "en"
	v.get("/")
	v.post("/", "do", "renew")
	v.post("/", "do", "renew-try", "f1", deskNumber, "f2", "the island", "f3", "garden", "f4", "violet", "f5", "")
	v.has("Type the code that you got", `value="`+deskNumber+`"`)
	v.post("/", "do", "renew-try", "f1", deskNumber, "f2", "the island", "f3", "garden", "f4", "violet", "f5", "000000")
	v.has("do not go together", `value="the island"`)
	if strings.Contains(v.page.body, "000000") || v.page.status != http.StatusUnprocessableEntity {
		t.Errorf("%d", v.page.status)
	}
	v.post("/", "do", "renew-try", "f1", deskNumber, "f2", "the island", "f3", "garden", "f4", "violet", "f5", deskCode)
	v.has("Your new phrase", deskPhrase, "123 456 789", "The old one opens nothing any more")
	v.get("/f")
	v.has(deskPhrase)
	if h.desk.lostWay.arrived != 1 {
		t.Errorf("the code is ended %d times", h.desk.lostWay.arrived)
	}
	if v.page.path != "/f" || !v.page.handle("words") || !v.page.handle("another") {
		t.Errorf("it leads to %s", v.page.path)
	}
	if v.get("/s"); v.page.path != "/s" {
		t.Errorf("her space is not open: %s", v.page.path)
	}
}

func TestTriesOfALostPhraseAreSlowed(t *testing.T) {
	h := newHouse(t, func(o *web.Options) { o.Widen = 1 })
	v := h.visitor()
	v.lang = "en"
	v.get("/")
	v.post("/", "do", "renew")
	for range 5 {
		v.post("/", "do", "renew-try", "f1", deskNumber, "f2", "the island", "f3", "garden", "f4", "violet", "f5", "000000")
	}
	v.post("/", "do", "lost")
	v.post("/", "do", "lost-ask", "f1", deskNumber, "f2", "the island", "f3", "garden", "f4", "violet")
	if v.page.status != http.StatusTooManyRequests || !strings.Contains(v.page.body, `value="the island"`) || len(h.desk.lostWay.asked) != 0 {
		t.Errorf("the sixth try of a minute: %d, %q", v.page.status, h.desk.lostWay.asked)
	}
	v.get("/")
	v.post("/", "do", "enter", "f1", deskNumber, "f2", deskPhrase)
	if v.page.path != "/s" {
		t.Error("who has her phrase is slowed by who has lost it")
	}
}

func TestThePlaceOfThePhraseChangesItAndKeepsAnswers(t *testing.T) {
	h := newHouse(t)
	h.desk.show = progressOf(1)
	h.desk.show.Contact = takedown.Contact{}
	v := h.visitor()
	v.lang = "en"
	v.visitAgain()
	v.post("/s", "do", "go-phrase")
	v.has("a confirmed e-mail address")
	if v.page.handle("answers-keep") {
		t.Error("answers are asked for where no code can go")
	}
	h.desk.show.Contact = takedown.Contact{Email: takedown.NewPrivate("she@example.org"), Confirmed: true}
	v.post("/s", "do", "answers-keep", "f2", "the island", "f3", "garden", "f4", "violet")
	v.has("Your phrase is missing", `value="the island"`)
	v.post("/s", "do", "answers-keep", "f2", "the island", "f3", "gar", "f4", "violet", "f5", deskPhrase)
	v.has("There must be three different answers", `value="gar"`)
	if strings.Contains(v.page.body, deskPhrase) || v.page.status != http.StatusUnprocessableEntity {
		t.Error("the phrase is shown again")
	}
	v.post("/s", "do", "answers-keep", "f2", "the island", "f3", "garden", "f4", "violet", "f5", deskPhrase)
	v.has("It is ready", "You chose three answers on")
	v.post("/s", "do", "answers-forget")
	if h.desk.lostWay.kept != nil {
		t.Error("they are kept")
	}
	v.post("/s", "do", "phrase-change", "f1", "another phrase")
	v.has("This phrase does not open this case")
	if h.desk.lostWay.changed != "" || strings.Contains(v.page.body, "another phrase") {
		t.Error("a wrong phrase changes it, or is shown again")
	}
	v.post("/s", "do", "phrase-change", "f1", deskPhrase)
	v.has("Your new phrase", deskPhrase)
	if h.desk.lostWay.changed == "" || v.page.path != "/f" {
		t.Errorf("it leads to %s", v.page.path)
	}
	v.get("/s")
	v.post("/s", "do", "answers-keep", "f2", "the island", "f3", "garden", "f4", "violet") // it stands on her screen
	v.has("It is ready")
}

func TestEveryPageOfTheSpaceSaysThatAnotherPhraseWasAskedFor(t *testing.T) {
	h := newHouse(t)
	h.desk.standing.RecoveryAt = noon
	v := h.visitor()
	v.lang = "en"
	v.visitAgain()
	for _, p := range []string{"first", "messages", "add", "contact", "phrase", "data", "stop"} {
		v.post("/s", "do", "go-"+p)
		if v.has("someone asked for another phrase"); !v.page.handle("recovery-stop") {
			t.Errorf("%s: it cannot be stopped", p)
		}
	}
	v.post("/s", "do", "recovery-stop")
	v.has("It is stopped")
	if !h.desk.lostWay.stopped {
		t.Error("it is not")
	}
	h.desk.standing = takedown.CaseStanding{PhraseNewAt: noon}
	v.get("/s")
	v.has("another phrase opens this space")
	if v.post("/s", "do", "phrase-mine"); strings.Contains(v.page.body, "another phrase opens this space") || v.page.path != "/s" {
		t.Error("it is told on, though it was she")
	}
}
