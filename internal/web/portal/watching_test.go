package portal

import (
	"net/http"
	"strings"
	"testing"

	"reprise/internal/takedown"
)

func TestSheIsAskedWhetherToWatchOnAndAnswersInOneTap(t *testing.T) {
	for answer, said := range map[string]string{"watch-keep": "We go on for three months", "watch-stop": "We stop looking"} {
		v := inSpace(t, progressOf(3), "en")
		v.desk.standing.WatchOver = true
		v.get("/s")
		v.has("Shall we go on for three more?")
		v.post("/s", "do", answer)
		v.has(said)
		if v.page.handle("watch-keep") || v.desk.kept != (answer == "watch-keep") {
			t.Errorf("%s is not what was answered", answer)
		}
	}
}

func TestAnAddressIsCalledAsSheLikes(t *testing.T) {
	p := progressOf(3)
	p.Items[0].ID = "one"
	v := inSpace(t, p, "en")
	v.post("/s", "do", "history:one")
	v.post("/s", "do", "label:one", "f1", "the <b>garden</b>")
	v.has("We have noted it", "the &lt;b&gt;garden&lt;/b&gt;")
	long := strings.Repeat("é", takedown.MaxItemLabel+1)
	if v.post("/s", "do", "label:one", "f1", long); v.page.status != http.StatusUnprocessableEntity {
		t.Errorf("%d", v.page.status)
	}
	v.has("room for 80 letters", long)
	v.post("/s", "do", "go-first")
	v.has("the &lt;b&gt;garden&lt;/b&gt;")
}
