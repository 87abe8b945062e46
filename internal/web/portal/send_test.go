package portal

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"reprise/internal/web"
)

func TestWhileTheDatabaseIsAwaySendingCanBePressedAgain(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	h.desk.failing = errAway
	v.post("/f", "do", "submit")
	v.has("Rien n’est perdu de votre côté", "Relisez avant d’envoyer")
	if v.page.status != http.StatusServiceUnavailable || !v.page.handle("submit") {
		t.Errorf("%d", v.page.status)
	}
	h.desk.failing = nil
	v.post("/f", "do", "submit")
	v.has(deskPhrase)
}

func TestP09_SendingTwiceOpensOneCase(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	var all sync.WaitGroup
	twins := make([]*visitor, 8)
	for i := range twins {
		twins[i] = &visitor{house: h, client: &http.Client{Jar: v.client.Jar, CheckRedirect: stayHere}, page: v.page}
	}
	for _, twin := range twins {
		all.Go(func() { twin.post("/f", "do", "submit") })
	}
	all.Wait()
	if len(h.desk.opened) != 1 {
		t.Errorf("%d cases were opened", len(h.desk.opened))
	}
	v.get("/f")
	v.has("123 456 789", deskPhrase)
}

func TestALostReceiptIsGivenAgain(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	last, before := v.page, copyJar(t, v)
	v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	v.post("/f", "do", "submit") // and the answer never arrives: the browser has the page and the cookie of before
	lost := &visitor{house: h, client: &http.Client{Jar: before, CheckRedirect: stayHere}, page: last}
	lost.post("/f", "do", "submit")
	lost.has("123 456 789", deskPhrase)
	if len(h.desk.opened) != 1 {
		t.Errorf("%d cases", len(h.desk.opened))
	}
	again := &visitor{house: h, client: &http.Client{Jar: copyJar(t, lost), CheckRedirect: stayHere}, page: last}
	again.get("/s")
	if again.page.path != "/s" {
		t.Errorf("the new cookie opens %s", again.page.path)
	}
}

// copyJar gives a jar with the cookies the visitor has now.
func copyJar(t *testing.T, v *visitor) http.CookieJar {
	t.Helper()
	other := v.visitor()
	u := v.request(http.MethodGet, "/", nil).URL
	other.client.Jar.SetCookies(u, v.client.Jar.Cookies(u))
	return other.client.Jar
}

func TestReceiptGoesWhenTheSpaceIsClosed(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	v.post("/f", "do", "submit")
	old := copyJar(t, v)
	cleared := ""
	v.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		cleared = r.Response.Header.Get("Clear-Site-Data")
		return nil
	}
	v.post("/s", "do", "out")
	if cleared != `"cache", "storage"` {
		t.Errorf("the browser is asked to forget %s", cleared)
	}
	if got := v.page; got.path != "/" || h.rows.count() != 0 {
		t.Errorf("%s, %d sessions", got.path, h.rows.count())
	}
	back := &visitor{house: h, client: &http.Client{Jar: old, CheckRedirect: stayHere}}
	if back.get("/f"); strings.Contains(back.page.body, deskPhrase) || !back.page.handle("age-adult") {
		t.Error("the old cookie still shows the phrase")
	}
}

func TestReportsOfOneNetworkAreLimitedAndTheTextIsKept(t *testing.T) {
	h := newHouse(t, func(o *web.Options) { o.Widen = 1 })
	for n := range 6 {
		v := h.visitor()
		v.fillIn()
		v.post("/f", "do", "submit")
		v.page.body = strings.ReplaceAll(v.page.body, "\u00a0", " ")
		switch {
		case n < 5 && !v.page.handle("case-phrase"):
			t.Errorf("report %d: %d", n+1, v.page.status)
		case n == 5 && (v.page.status != http.StatusTooManyRequests || v.page.header.Get("Retry-After") == "" || !v.page.handle("submit")):
			t.Errorf("the sixth report: %d", v.page.status)
		}
		if n == 5 {
			h.clock.add(13 * time.Minute)
			v.post("/f", "do", "submit")
			if !v.page.handle("case-phrase") {
				t.Errorf("later, with the same form: %d", v.page.status)
			}
		}
	}
}

func TestPressingAgainIsNoFurtherReport(t *testing.T) {
	h := newHouse(t, func(o *web.Options) { o.Widen = 1 })
	v := h.visitor()
	v.fillIn()
	h.desk.failing = errAway
	for range 8 {
		v.post("/f", "do", "submit")
	}
	h.desk.failing = nil
	v.post("/f", "do", "submit")
	v.has(deskPhrase)
}

func TestWhatOpensTheCaseIsDrawnBeforeItIsSent(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	drawn := h.draft(t)
	v.post("/f", "do", "step-9")
	if again := h.draft(t); drawn.Key == "" || again.Key != drawn.Key || again.Phrase != deskPhrase {
		t.Errorf("the key changed, or none was drawn: %q, %q", drawn.Key, again.Key)
	}
	if v.post("/f", "do", "submit"); h.desk.opened[0].Key != drawn.Key {
		t.Error("another key was sent than the one drawn before")
	}
}

// draft gives the form in the only session there is.
func (h *house) draft(t *testing.T) draft {
	t.Helper()
	var d draft
	for _, row := range h.rows.kept {
		values := map[string]string{}
		if err := json.Unmarshal(row.Data, &values); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(values[valueDraft]), &d); err != nil {
			t.Fatal(err)
		}
	}
	return d
}
