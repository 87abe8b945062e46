package console

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// answers lets the person answer the last question of a case.
func (h *house) answers(caseID string, given takedown.AnswerGiven) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		asked, err := tx.QuestionsOfCase(caseID)
		h.must(err)
		references, err := tx.ReferencesOfCase(caseID)
		h.must(err)
		q := asked[len(asked)-1]
		h.must(q.Give(given, references, h.clock()))
		return tx.SaveAnswer(q)
	})
}

func TestWhichImageIsAskedAndTheAnswerHasItsName(t *testing.T) {
	h := newHouse(t)
	id := h.opens(hundreds(2)...)
	v := h.staff(takedown.RoleCaseworker)
	ask := func(position string) *visitor {
		return v.post("/cases/"+id+"/talk/ask", "kind", string(takedown.AskWhichImage), "position", position)
	}
	second := secret.NewID() // one is there
	h.write(func(tx *store.Tx) error {
		_, err := tx.AddReference(takedown.Reference{ID: second, CaseID: id, Kind: takedown.ReferenceImage, Signature: []byte(second), CreatedAt: h.clock()})
		return err
	})
	ask("").want(http.StatusUnprocessableEntity, "about one address")
	ask("3").want(http.StatusUnprocessableEntity, "no address with this number")
	ask("2").want(http.StatusOK, "Question asked.")
	h.answers(id, takedown.AnswerGiven{Answer: takedown.AnswerImage, ReferenceID: second})
	v.open("/cases/" + id + "/talk")
	same(t, "questions", len(v.all("question-row")), 1)
	for _, want := range []string{"Which of your images", "address 2", "image 2"} {
		same(t, want, strings.Contains(text(v.one("question-row")), want), true)
	}
}

func TestASentenceGoesAlongWithAQuestionAndOneThatIsRefusedStaysInItsBox(t *testing.T) {
	h := newHouse(t)
	id := h.opens(hundreds(2)...)
	v := h.staff(takedown.RoleCaseworker)
	ask := func(words string) *visitor {
		return v.post("/cases/"+id+"/talk/ask", "kind", string(takedown.AskStillOnline), "position", "2", "words", words)
	}
	long := strings.Repeat("x", takedown.MaxAskWords+1)
	ask(long).want(http.StatusUnprocessableEntity, "too long")
	same(t, "in its box", attr(v.one("question-words"), "value"), long)
	same(t, "beside it", attr(v.one("question-position"), "value"), "2")
	for range 2 {
		ask(" <b>We see</b> a login. ").want(http.StatusOK, "Question asked.", "<b>We see</b> a login.")
	}
	ask("Other words.").want(http.StatusConflict, "waits for an answer already")
	same(t, "questions", len(v.all("question-row")), 1)
	same(t, "kept", h.view(id).Questions[0].Words.Reveal(), "<b>We see</b> a login.")
}

func TestWhoSaysItIsNotHerIsOfferedToBeClosedAndNothingClosesByItself(t *testing.T) {
	h := newHouse(t)
	id := h.opens(hundreds(2)...)
	v := h.staff(takedown.RoleCaseworker)
	ask := func() {
		h.later(time.Minute)
		v.post("/cases/"+id+"/talk/ask", "kind", string(takedown.AskIsThisYou), "position", "2").want(http.StatusOK, "Question asked.")
	}
	offered := func() bool {
		told := v.open("/items/" + h.item(id, 2).Item.ID).has("not-her")
		same(t, "beside the answer", v.open("/cases/"+id+"/talk").has("not-her"), told)
		v.open("/")
		queued := slices.ContainsFunc(v.all("queue-row"), func(n *html.Node) bool { return attr(n, "data-kind") == string(takedown.TaskNotPerson) })
		same(t, "in the queue", queued, told)
		same(t, "of another address", v.open("/items/"+h.item(id, 1).Item.ID).has("not-her"), false)
		return told
	}
	ask()
	same(t, "offered before she answers", offered(), false)
	h.answers(id, takedown.AnswerGiven{Answer: takedown.AnswerNo})
	same(t, "offered", offered(), true)
	ask()
	same(t, "offered while she is asked again", offered(), false)
	h.answers(id, takedown.AnswerGiven{Answer: takedown.AnswerYes})
	same(t, "offered although it is her", offered(), false)
	ask()
	h.answers(id, takedown.AnswerGiven{Answer: takedown.AnswerNo})
	same(t, "closed by itself", h.item(id, 2).Item.Open(), true)
	v.open("/cases/" + id + "/talk")
	form := v.one("not-her")
	v.post(attr(form, "action"), "i", v.fieldValue("i"), "why", v.fieldValue("why"), "do", attr(v.one("not-her-close"), "value")).want(http.StatusOK)
	same(t, "why", h.item(id, 2).Item.Closed, takedown.ClosedNotPerson)
	same(t, "the other address", h.item(id, 1).Item.Open(), true)
	same(t, "offered again", offered(), false)
}
