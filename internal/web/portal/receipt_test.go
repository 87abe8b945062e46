package portal

import (
	"net/http"
	"strings"
	"testing"

	"reprise/internal/takedown"
)

// sent gives a visitor who has just sent the form.
func (h *house) sent() *visitor {
	h.t.Helper()
	v := h.visitor()
	v.lang = "en"
	v.fillIn()
	v.post("/f", "do", "submit")
	return v
}

func TestTwoWordsOfThePhraseAreCheckedKindly(t *testing.T) {
	h := newHouse(t)
	v := h.sent()
	v.post("/f", "do", "words")
	if v.get("/f"); !v.page.handle("word-3") || strings.Contains(v.page.body, "charlie") {
		t.Fatal("the page of the words does not stay, or shows the phrase")
	}
	v.post("/f", "do", "checked", "f1", "charly", "f2", "")
	v.has("This is not word 3", "Word 6 is missing", `value="charly"`)
	if v.page.status != http.StatusUnprocessableEntity || h.desk.phrases.known {
		t.Errorf("%d", v.page.status)
	}
	v.post("/f", "do", "phrase")
	v.has(deskPhrase)
	v.post("/f", "do", "words")
	v.post("/f", "do", "checked", "f1", " Chàr lie ", "f2", "FOXTROT")
	v.has("Both words are right")
	if v.page.path != "/s" || !h.desk.phrases.known {
		t.Errorf("it leads to %s", v.page.path)
	}
	v.get("/f")
	v.has(deskPhrase, "123 456 789")
	if v.page.handle("words") || v.page.handle("another") {
		t.Error("what was checked is asked again")
	}
}

func TestAnotherPhraseMayBeDrawnUntilTheFirstIsKnown(t *testing.T) {
	h := newHouse(t)
	v := h.sent()
	v.post("/f", "do", "another")
	v.has("The first one opens nothing any more", deskPhrase)
	if len(h.desk.phrases.drawn) != 1 {
		t.Fatalf("%d phrases", len(h.desk.phrases.drawn))
	}
	h.desk.phrases.known = true // she entered elsewhere
	v.post("/f", "do", "another")
	v.has("it stays yours", deskPhrase)
	if len(h.desk.phrases.drawn) != 1 {
		t.Errorf("%d phrases", len(h.desk.phrases.drawn))
	}
	v.post("/s", "do", "out")
	v.get("/f")
	if strings.Contains(v.page.body, deskPhrase) {
		t.Error("the phrase is shown after she left")
	}
}

func TestTheCardTellsNothing(t *testing.T) {
	v := newHouse(t).sent()
	_, slip, _ := strings.Cut(v.page.body, `<div class="slip"`)
	slip, _, _ = strings.Cut(slip, "</main>")
	if got := plain("<main" + slip); got != `dir="ltr" aria-hidden="true" translate="no"> 123 456 789 `+strings.ReplaceAll(deskPhrase, " ", " ") {
		t.Errorf("the card says %q", got)
	}
}

func TestWhatHappenedMayBePassedOverAndChangesThePlan(t *testing.T) {
	for answer, want := range map[string][]string{
		"": {"Something else, or I would rather not say", "we look for their copies"}, "threat": {"we ask for their removal"},
		"deepfake": {"the image is fake"}, "recording": {"we look for their copies"}, "published": {"search engines"},
	} {
		h := newHouse(t)
		v := h.visitor()
		v.lang = "en"
		v.get("/f")
		v.post("/f", "f1", "adult", "do", "next")
		v.post("/f", "f1", answer, "do", "next")
		v.post("/f", "f1", "self", "do", "next")
		if tip := map[string]string{"threat": "do not pay", "deepfake": "makes no difference"}[answer]; tip != "" {
			v.has(tip)
		}
		v.post("/f", "f1", "https://pics.example/a", "do", "next")
		v.upload("/f", "next")
		v.post("/f", "f1", "none", "do", "next")
		v.post("/f", "s", "yes", "do", "next")
		v.has(want...)
		v.post("/f", "do", "submit")
		if got := h.desk.opened[0].Harm; !got.Known() || answer != "" && string(got) != answer {
			t.Errorf("%q: kept as %q", answer, got)
		}
	}
}

func TestWhoActsForSomebodyIsAskedInWhatCapacity(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.lang = "en"
	v.fillIn()
	v.post("/f", "do", "step-3")
	v.post("/f", "f1", "other", "do", "next")
	v.has("In what capacity")
	v.post("/f", "f1", "lawyer", "do", "next")
	v.has("Lawyer")
	v.post("/f", "do", "step-8")
	v.has("The person did not agree", "Question 8 of 8")
	v.post("/f", "s", "yes", "do", "next")
	v.post("/f", "do", "submit")
	if n := h.desk.opened[0]; !n.OnBehalf || n.Capacity != takedown.CapacityLawyer {
		t.Errorf("%v %q", n.OnBehalf, n.Capacity)
	}
	w := h.visitor()
	w.fillIn()
	w.post("/f", "do", "step-3")
	w.post("/f", "f1", "other", "do", "next")
	w.post("/f", "do", "back")
	w.post("/f", "f1", "self", "do", "next")
	w.post("/f", "do", "submit")
	if n := h.desk.opened[1]; n.OnBehalf || n.Capacity != takedown.NoCapacity {
		t.Errorf("herself: %v %q", n.OnBehalf, n.Capacity)
	}
}

func TestServicesForMinorsAreThoseOfTheCountryShePicksAndNothingIsKept(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.lang = "en"
	v.get("/f")
	v.post("/f", "f1", "unsure", "do", "next")
	v.has("pointdecontact.net", `value="FR" selected`, "United Kingdom")
	for country, want := range map[string][2]string{"GB": {"Childline", "pointdecontact"}, "ZZ": {"inhope.org", "Childline"}, "<x>": {"pointdecontact.net", "Childline"}} {
		v.post("/f", "f2", country, "do", "country")
		v.has(want[0], "inhope.org")
		if strings.Contains(v.page.body, want[1]) || v.page.header.Get("Set-Cookie") != "" || h.rows.count() != 0 {
			t.Errorf("%s: the services of another country, or something is kept", country)
		}
	}
}
