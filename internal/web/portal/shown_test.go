package portal

import (
	"net/http"
	"testing"
	"time"
)

// TestNoPageIsTheAnswerToAForm holds what keeps typed words out of the files by
// which a browser restores its tabs: they keep the body of a POST that a page
// answered, and of none that a redirect did.
func TestNoPageIsTheAnswerToAForm(t *testing.T) {
	h := newHouse(t)
	h.desk.show = progressOf(3)
	v := h.visitor()
	asked := v.client.CheckRedirect
	answer := func(path string, pairs ...string) int {
		v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		status := v.post(path, pairs...).status
		v.client.CheckRedirect = asked
		v.get(path)
		return status
	}
	v.get("/")
	for _, form := range [][]string{
		{"/", "do", "enter", "f1", "1", "f2", "some words"},
		{"/", "do", "enter", "f1", "", "f2", "some words"},
		{"/f", "do", "next"},
		{"/f", "f1", "adult", "do", "next"},
		{"/f", "do", "nothing known", "unknown", "field"},
	} {
		v.get(form[0])
		if status := answer(form[0], form[1:]...); status != http.StatusSeeOther {
			t.Errorf("%q is answered by a page: %d", form, status)
		}
	}
	v.get("/")
	v.post("/", "do", "enter", "f1", deskNumber, "f2", deskPhrase)
	for _, form := range [][]string{
		{"do", "add-urls", "f1", "no address at all"}, {"do", "withdraw"}, {"do", "out-of-nowhere", "unknown", "field"},
	} {
		v.get("/s")
		if status := answer("/s", form...); status != http.StatusSeeOther {
			t.Errorf("%q is answered by a page: %d", form, status)
		}
	}
}

// TestAPageThatAFormMadeIsShownOnceAndOnlyWhereItBelongs is about the GET that
// follows.
func TestAPageThatAFormMadeIsShownOnceAndOnlyWhereItBelongs(t *testing.T) {
	v := inSpace(t, progressOf(3), "fr")
	v.post("/s", "do", "withdraw")
	v.has("Arrêter votre dossier\u00a0?")
	if v.get("/s"); v.page.handle("withdraw") && !v.page.handle("go-first") {
		t.Error("it is shown again")
	}
	lost := func() { // the answer to a form is on its way
		v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		v.post("/s", "do", "withdraw")
		v.client.CheckRedirect = stayHere
	}
	v.get("/s")
	lost()
	if v.get("/"); !v.page.handle("space") {
		t.Error("the page of another path is shown")
	}
	if v.do(v.request(http.MethodHead, "/s", nil)).status != http.StatusOK {
		t.Error("a question for the head alone is not answered")
	}
	if v.get("/s"); !v.page.handle("withdraw") || v.page.handle("go-first") {
		t.Error("another tab took it away")
	}
	v.get("/s")
	lost()
	h := v.house
	h.clock.add(2 * time.Minute)
	if v.get("/s"); !v.page.handle("go-first") {
		t.Error("it comes back later")
	}
}
