package portal

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

func TestAnAddressHasAPageThatTellsItsDays(t *testing.T) {
	v := inSpace(t, progressOf(3), "en")
	v.post("/s", "do", "history:1")
	v.has("Asked Pics Hosting", "Pics Hosting answered: they have received it", "5 March 2026", "6 March 2026")
	if v.post("/s", "do", "history:99"); v.page.status != http.StatusNotFound {
		t.Errorf("an address that is not hers: %d", v.page.status)
	}
}

func TestWorkOnOneAddressIsStoppedAfterOneQuestion(t *testing.T) {
	v := inSpace(t, progressOf(3), "en")
	v.post("/s", "do", "history:1")
	v.post("/s", "do", "item-stop:1")
	if v.desk.show.Items[1].Closed != "" || !v.page.handle("item-stop-yes") {
		t.Error("it is not asked first")
	}
	v.post("/s", "do", "item-stop-yes:1")
	if v.desk.show.Items[1].Closed != takedown.ClosedWithdrawn || v.page.handle("item-stop") {
		t.Error("it is not stopped, or may be stopped twice")
	}
}

// TestWhatAPageStopsIsTheAddressItShowed has a second tab open on another address.
func TestWhatAPageStopsIsTheAddressItShowed(t *testing.T) {
	v := inSpace(t, progressOf(3), "en")
	v.post("/s", "do", "history:1")
	v.post("/s", "do", v.button("item-stop"))
	sure := v.button("item-stop-yes")
	v.post("/s", "do", "history:2")
	v.post("/s", "do", sure)
	if v.desk.show.Items[1].Closed != takedown.ClosedWithdrawn || v.desk.show.Items[2].Closed != "" {
		t.Errorf("stopped: %q, and the one of the other tab: %q", v.desk.show.Items[1].Closed, v.desk.show.Items[2].Closed)
	}
	if v.page.handle("item-stop") {
		t.Error("the page that follows is of the other address")
	}
}

// button gives what the button with a data-t sends.
func (v *visitor) button(name string) string {
	v.t.Helper()
	found := regexp.MustCompile(`name="do" value="([^"]*)" data-t="` + name + `"`).FindStringSubmatch(v.page.body)
	if found == nil {
		v.t.Fatalf("no button %s: %s", name, plain(v.page.body))
	}
	return found[1]
}

func TestEveryLineOfAHistoryHasItsWords(t *testing.T) {
	lines := []takedown.HistoryLine{{What: takedown.WasGone, First: march(1), At: march(2)}}
	for _, k := range takedown.HistoryKinds() {
		if k == takedown.WasClosed {
			continue
		}
		lines = append(lines, takedown.HistoryLine{What: k, Who: "Someone"})
	}
	for _, s := range []string{"acknowledged", "refused", "more_info"} {
		lines = append(lines, takedown.HistoryLine{What: takedown.WasAnswered, State: s, Who: "Someone"})
	}
	for _, l := range web.Langs("portal") {
		for _, line := range lines {
			if text := lineOf(l, line); strings.HasPrefix(text, "history.") || strings.Contains(text, "{}") {
				t.Errorf("%s: %q", l, text)
			}
		}
	}
}
