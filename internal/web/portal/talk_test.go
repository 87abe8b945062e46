package portal

import (
	"net/http"
	"strings"
	"testing"

	"reprise/internal/takedown"
)

func TestWithdrawingAsksOnceAndCanBeTakenBack(t *testing.T) {
	v := inSpace(t, progressOf(3), "fr")
	v.post("/s", "do", "go-stop")
	v.post("/s", "do", "withdraw")
	v.has("Arrêter votre dossier\u00a0?", "ne peuvent pas être rappelées", "trois jours")
	if !v.desk.standing.LeavingAt.IsZero() {
		t.Fatal("it was withdrawn without being asked")
	}
	if v.post("/s", "do", "back"); !v.desk.standing.LeavingAt.IsZero() || !v.page.handle("item") {
		t.Error("no was taken for yes")
	}
	v.post("/s", "do", "withdraw")
	v.post("/s", "do", "withdraw-yes")
	v.has("C’est noté", "sera arrêté le 5 mars 2026")
	for _, place := range []string{"go-messages", "go-add", "go-contact", "go-stop"} {
		if v.post("/s", "do", place); !v.page.handle("resume") {
			t.Errorf("%s gives no way back", place)
		}
	}
	if v.page.handle("withdraw") || v.page.handle("pause") {
		t.Error("it is asked again")
	}
	if v.post("/s", "do", "resume"); v.page.handle("resume") || !v.desk.standing.LeavingAt.IsZero() {
		t.Error("the change of mind does not count")
	}
	v.desk.show.State = takedown.CaseWithdrawn
	v.desk.standing = takedown.CaseStanding{MayReopen: true}
	if v.get("/s"); v.page.handle("go-add") || !v.page.handle("reopen") {
		t.Error("a withdrawn case takes something, or cannot be opened again")
	}
	if v.post("/s", "do", "reopen"); v.desk.show.State != takedown.CaseOpen || !v.page.handle("go-add") {
		t.Error("it is not open again")
	}
}

func TestAPauseIsSaidOnEveryPageAndEndsInOneTap(t *testing.T) {
	v := inSpace(t, progressOf(3), "en")
	v.post("/s", "do", "go-stop")
	v.post("/s", "do", "pause")
	v.has("It is paused", "Paused since 2 March 2026")
	if v.post("/s", "do", "resume"); v.page.handle("resume") {
		t.Error("it is paused still")
	}
}

func TestAMessageIsSentOnceAndARefusedOneStaysInTheBox(t *testing.T) {
	v := inSpace(t, progressOf(3), "en")
	v.desk.standing.Unread = 2
	v.get("/s")
	v.has("Messages (2 new)")
	v.post("/s", "do", "go-messages")
	if strings.Contains(v.page.body, "(2 new)") {
		t.Error("they are new although she reads them")
	}
	form := v.page
	v.post("/s", "do", "say", "f1", "Is <b>someone</b> there?")
	v.has("Message sent", "Is &lt;b&gt;someone&lt;/b&gt; there?")
	v.page = form
	if v.post("/s", "do", "say", "f1", "Is <b>someone</b> there?"); len(v.desk.show.Messages) != 1 {
		t.Errorf("%d messages", len(v.desk.show.Messages))
	}
	long := strings.Repeat("x", takedown.MaxMessage+1)
	if v.post("/s", "do", "say", "f1", long); v.page.status != http.StatusTooManyRequests {
		t.Errorf("%d", v.page.status)
	}
	v.has("too long", long+"</textarea>")
	v.desk.failing = errAway
	if v.post("/s", "do", "say", "f1", "kept in the box"); v.page.status != http.StatusServiceUnavailable {
		t.Errorf("%d", v.page.status)
	}
	v.has("kept in the box</textarea>")
}

func TestAQuestionIsAnsweredInOneTap(t *testing.T) {
	p := progressOf(3)
	p.Items[1].ID = "item-2"
	p.Questions = []takedown.Question{{ID: "q1", ItemID: "item-2", Kind: takedown.AskIsThisYou, Words: takedown.NewPrivate("I ask <b>because</b> of the lake.")}, {ID: "q2", Kind: takedown.AskMore}}
	v := inSpace(t, p, "en")
	v.has("Is it you at this address?", p.Items[1].Masked, "I ask &lt;b&gt;because&lt;/b&gt; of the lake.", "I do not know")
	v.post("/s", "do", "answer:q1:no")
	v.has("the team has your answer")
	if v.desk.show.Questions[0].Answer != takedown.AnswerNo || strings.Contains(v.page.body, "Is it you") {
		t.Error("the answer did not arrive, or is asked for again")
	}
	v.post("/s", "do", "go-messages")
	v.has("Is it you at this address?", `aria-pressed="true"`)
	v.desk.show.Questions[0].SeenAt = noon
	if v.post("/s", "do", "answer:q1:yes"); v.page.status != http.StatusConflict {
		t.Errorf("an answer that was read is changed: %d", v.page.status)
	}
	if v.post("/s", "do", "answer:of-another-case:yes"); v.page.status != http.StatusNotFound {
		t.Errorf("a question of another case: %d", v.page.status)
	}
}

func TestWhichImageIsAnsweredByItsNameInOneTap(t *testing.T) {
	p := progressOf(3)
	p.Items[1].ID = "item-2"
	p.Images = []takedown.OwnImage{{ID: "r1", Label: takedown.NewPrivate("<i>at the lake</i>")}, {ID: "r2"}}
	p.Questions = []takedown.Question{{ID: "q1", ItemID: "item-2", Kind: takedown.AskWhichImage}}
	v := inSpace(t, p, "en")
	v.has("Which of your images do you see", p.Items[1].Masked, "&lt;i&gt;at the lake&lt;/i&gt;", "Image 2", "None of these", "I do not know")
	if strings.Contains(v.page.body, "<img") {
		t.Error("an image is shown")
	}
	if v.post("/s", "do", "answer:q1:image:of-another-case"); v.page.status != http.StatusUnprocessableEntity {
		t.Errorf("an image of another case: %d", v.page.status)
	}
	v.has("no longer in your case", "Which of your images do you see")
	v.post("/s", "do", "answer:q1:image:r2")
	v.has("the team has your answer")
	if q := v.desk.show.Questions[0]; q.Answer != takedown.AnswerImage || q.ReferenceID != "r2" {
		t.Errorf("%+v", q)
	}
	v.post("/s", "do", "go-messages")
	if got := strings.Count(v.page.body, `aria-pressed="true"`); got != 1 {
		t.Errorf("%d answers are marked as hers", got)
	}
}

func TestWhatRestsDoesNotSayWhatComesNext(t *testing.T) {
	v := inSpace(t, progressOf(8), "en")
	v.post("/s", "do", "go-first")
	v.has("items__next", "We are checking")
	v.desk.standing.PausedAt = noon
	if v.get("/s"); strings.Contains(v.page.body, "items__next") || strings.Contains(v.page.body, "We are checking 1") {
		t.Errorf("in a pause it says what comes next: %s", plain(v.page.body))
	}
}
