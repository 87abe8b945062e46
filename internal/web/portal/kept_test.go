package portal

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"reprise/internal/browser"
	"reprise/internal/takedown"
)

const keptAddress = "https://pics.example/of-the-form"

// atKept gives a visitor who has given an address and is asked for images.
func (h *house) atKept() *visitor {
	v := h.atAddresses()
	v.post("/f", "f1", keptAddress, "do", "read")
	v.post("/f", "f1", keptAddress, "do", "next")
	if !v.page.handle("images") {
		h.t.Fatalf("the way does not lead to the images: %s", plain(v.page.body))
	}
	return v
}

func TestAFormLeftAloneRestsAndIsFoundAgainForAnHour(t *testing.T) {
	h := newHouse(t)
	v := h.atKept()
	h.clock.add(15*time.Minute - time.Second)
	if v.get("/f"); !v.page.handle("images") {
		t.Fatal("it rests too early")
	}
	if v.get("/"); !v.page.handle("start") || !v.page.handle("afresh") {
		t.Error("what was begun cannot be erased")
	}
	h.clock.add(15 * time.Minute)
	for range 2 { // to load it again shows no more
		if v.get("/f"); v.page.path != "/" || !v.page.handle("resume") || !v.page.handle("afresh") {
			t.Fatalf("after a quarter of an hour: %s", v.page.path)
		}
	}
	h.clock.add(time.Hour - time.Second)
	v.get("/")
	v.post("/f", "do", "resume")
	if v.page.path != "/f" || !v.page.handle("images") {
		t.Fatalf("it is not found again: %s", plain(v.page.body))
	}
	v.post("/f", "do", "back")
	v.has(keptAddress)
	h.clock.add(time.Hour)
	if v.get("/f"); !v.page.handle("age-adult") || h.rows.count() != 0 {
		t.Errorf("after an hour something of it is left: %d", h.rows.count())
	}
}

func TestAFormEndsEightHoursAfterItBegan(t *testing.T) {
	h := newHouse(t)
	v := h.atKept()
	for n := range 47 {
		h.clock.add(10 * time.Minute)
		if v.get("/f"); !v.page.handle("images") {
			t.Fatalf("it ended after %d times ten minutes", n)
		}
	}
	h.clock.add(10 * time.Minute)
	if v.get("/f"); !v.page.handle("age-adult") {
		t.Error("it goes on")
	}
}

func TestAStepThatWasOpenIsSentAfterAPauseToo(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	h.clock.add(50 * time.Minute)
	if v.post("/f", "do", "submit"); v.page.path != "/f" || len(h.desk.opened) != 1 {
		t.Errorf("%d cases: %s", len(h.desk.opened), plain(v.page.body))
	}
	w := newHouse(t)
	late := w.visitor()
	late.fillIn()
	w.clock.add(time.Hour)
	if late.post("/f", "do", "submit"); late.page.status != http.StatusForbidden || len(w.desk.opened) != 0 {
		t.Errorf("an hour later: %d", late.page.status)
	}
	late.has("s’est fermée pour vous protéger")
}

func TestAPageLeftAloneKeepsWhatIsTypedAndShowsNothing(t *testing.T) {
	h := newHouse(t)
	v := h.atAddresses()
	v.post("/f", "f1", keptAddress+"\nno address", "stay", "away")
	if v.page.path != "/" || !v.page.handle("resume") || strings.Contains(v.page.body, "pics.example") {
		t.Fatalf("%s: %s", v.page.path, plain(v.page.body))
	}
	v.post("/f", "do", "resume")
	v.has(keptAddress + "\nno address</textarea>")
	v.post("/f", "f1", keptAddress, "do", "next")
	v.device("/f", "next", [2]string{"one", "p" + "not a fingerprint"}, [2]string{"stay", ""})
	if v.page.path != "/" || !v.page.handle("resume") {
		t.Errorf("the step of the images: %s", plain(v.page.body))
	}
	v.post("/f", "do", "afresh")
	if v.page.path != "/f" || !v.page.handle("age-adult") || h.rows.count() != 0 {
		t.Errorf("afresh: %s, %d visits are kept", v.page.path, h.rows.count())
	}
}

func TestAPageLeftAloneThatIsRefusedIsNotShownEither(t *testing.T) {
	h := newHouse(t)
	v := h.atAddresses()
	v.post("/f", "f1", keptAddress, "stay", "1")
	v.post("/f", "f1", keptAddress+strings.Repeat("\nwords", takedown.MaxPaste/6), "stay", "away")
	if v.page.path != "/" || !v.page.handle("resume") || strings.Contains(v.page.body, "pics.example") {
		t.Errorf("too much text: %s, %d bytes", v.page.path, len(v.page.body))
	}
	v.post("/f", "do", "resume")
	v.has(keptAddress + "</textarea>")
}

func TestNothingOfAChildIsKeptWhenThePageIsLeft(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.get("/f")
	v.post("/f", "f1", "minor", "do", "next")
	v.post("/f", "stay", "away")
	if v.page.path != "/" || v.page.handle("resume") {
		t.Errorf("%s", plain(v.page.body))
	}
	for _, row := range h.rows.kept {
		if strings.Contains(string(row.Data), "minor") {
			t.Error("it is kept")
		}
	}
}

func TestTwentyTabsTheWayBackAndLoadingAgainMakeOneCase(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.get("/f")
	v.post("/f", "f1", "adult", "do", "next")
	harm := v.page
	v.post("/f", "f1", "published", "do", "next")
	v.post("/f", "f1", "self", "do", "next")
	v.post("/f", "f1", keptAddress, "do", "next")
	later := v.page
	v.page = harm // by the way back of the browser, an earlier page
	v.post("/f", "f1", "threat", "do", "next")
	for range 3 {
		if v.get("/f"); v.page.status != http.StatusOK {
			t.Fatalf("loaded again: %d", v.page.status)
		}
	}
	v.page = later
	v.post("/f", "f1", keptAddress, "do", "next")
	v.upload("/f", "next")
	v.post("/f", "f1", "none", "do", "next")
	v.post("/f", "s", "yes", "do", "next")
	if !v.page.handle("submit") {
		t.Fatalf("the way does not lead to the last page: %s", plain(v.page.body))
	}
	tabs := make([]*visitor, 20)
	for n := range tabs {
		tabs[n] = v.tab()
		tabs[n].get("/f")
	}
	var all sync.WaitGroup
	for _, tab := range tabs {
		all.Go(func() { tab.post("/f", "do", "submit") })
	}
	all.Wait()
	if len(h.desk.opened) != 1 {
		t.Fatalf("%d cases", len(h.desk.opened))
	}
	if got := h.desk.opened[0]; string(got.Harm) != "threat" || !strings.Contains(got.Addresses, keptAddress) {
		t.Errorf("what was given is %q, %q", got.Harm, got.Addresses)
	}
	for n, tab := range tabs {
		if tab.get("/f"); !strings.Contains(tab.page.body, deskPhrase) {
			t.Errorf("tab %d: %s", n, plain(tab.page.body))
		}
	}
}

func TestAPageLeftAloneInABrowserShowsNothingAndLosesNothing(t *testing.T) {
	h, chromium := chromiumHouse(t)
	p := chromium.Page(t, browser.Options{Width: 390, Height: 844, Lang: "en", Still: true})
	p.Goto(h.url + "/f")
	choose(p, "age-adult")
	choose(p, "kind-published")
	p.Submit(browser.T("next"))
	p.Type(browser.T("urls"), keptAddress)
	p.Elapse() // it is said
	p.Elapse() // and done
	p.WaitFor(browser.T("resume"))
	p.Submit(browser.T("resume"))
	if got := browser.Eval[string](p, `document.querySelector('[data-t="urls"]').value`); got != keptAddress {
		t.Errorf("what was typed is %q", got)
	}
	in := chromium.Page(t, browser.Options{Lang: "en", Still: true})
	in.Goto(h.url)
	in.Type(browser.T("enter-number"), deskNumber)
	in.Type(browser.T("enter-phrase"), deskPhrase)
	in.Submit(browser.T("enter"))
	in.WaitFor(browser.T("item"))
	in.Elapse()
	in.Elapse()
	in.WaitFor(browser.T("closed"))
	if got := in.Count(browser.T("item")); got != 0 {
		t.Errorf("%d addresses are still on the screen", got)
	}
}

// TestAPageOfADeviceThatSleptShowsNothing has no timer run: the clock alone goes on.
func TestAPageOfADeviceThatSleptShowsNothing(t *testing.T) {
	h, chromium := chromiumHouse(t)
	in := chromium.Page(t, browser.Options{Width: 390, Height: 844, Lang: "en", Still: true})
	in.Goto(h.url)
	in.Type(browser.T("enter-number"), deskNumber)
	in.Type(browser.T("enter-phrase"), deskPhrase)
	in.Submit(browser.T("enter"))
	in.WaitFor(browser.T("item"))
	browser.Eval[int](in, `(function () { var real = Date.now() + 15 * 60000; Date.now = function () { return real; }; return 0; })()`)
	in.WaitFor(browser.T("closed"))
	if n := in.Count(browser.T("item")); n != 0 {
		t.Errorf("%d addresses are still on the screen", n)
	}
}

func TestTwoTabsThatChangeTheFormKeepWhatEachOneGave(t *testing.T) {
	h := newHouse(t)
	v := h.atKept()
	tabs := make([]*visitor, 12)
	for n := range tabs {
		tabs[n] = v.tab()
	}
	var all sync.WaitGroup
	begin := make(chan struct{})
	for n, tab := range tabs {
		all.Go(func() {
			<-begin
			tab.upload("/f", "next", sentFile{fmt.Sprintf("%d.jpg", n), append([]byte{0xff, 0xd8}, byte(n))})
		})
	}
	close(begin)
	all.Wait()
	v.get("/f")
	if got := strings.Count(v.page.body, `data-t="reference"`); got != len(tabs) {
		t.Errorf("%d images of %d are in the form", got, len(tabs))
	}
}

func TestAFormIsPutTogetherFromWhatEachPageChanged(t *testing.T) {
	form := func(addresses, email string, images ...string) string {
		f := draft{Step: stepImages, Addresses: addresses, Email: email}
		for _, name := range images {
			f.Images = append(f.Images, image{Name: name})
		}
		text, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	before := form("a", "old", "1", "2")
	for name, c := range map[string]struct{ now, ours, want string }{
		"different answers":            {form("b", "old", "1", "2"), form("a", "new", "1", "2"), form("b", "new", "1", "2")},
		"the same answer":              {form("b", "old", "1", "2"), form("c", "old", "1", "2"), form("c", "old", "1", "2")},
		"an image of each":             {form("a", "old", "1", "2", "3"), form("a", "old", "1", "2", "4"), form("a", "old", "1", "2", "4", "3")},
		"one taken out, and an answer": {form("a", "old", "2"), form("a", "new", "1", "2"), form("a", "new", "2")},
	} {
		var got, want draft
		if err := errors.Join(json.Unmarshal([]byte(Merge(valueDraft, before, c.now, c.ours)), &got), json.Unmarshal([]byte(c.want), &want)); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := Merge("lang", "fr", "en", "es"); got != "es" {
		t.Errorf("another value: %q", got)
	}
}
