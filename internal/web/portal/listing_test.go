package portal

import (
	"regexp"
	"strings"
	"testing"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

func items(v *visitor) int { return strings.Count(v.page.body, `data-t="item"`) }

func TestSpaceOf400AddressesIsUnder200KBInPagesOf50(t *testing.T) {
	for _, l := range web.Langs("portal") {
		v := inSpace(t, progressOf(400), string(l))
		if size := len(v.page.body); items(v) != 50 || size > 200_000 {
			t.Errorf("%s: %d items in %d bytes", l, items(v), size)
		}
	}
}

func TestTheListIsTurnedFromPageToPageAndEveryAddressIsOnOne(t *testing.T) {
	v := inSpace(t, progressOf(120), "en")
	seen := map[string]bool{}
	for n := range 3 {
		for _, m := range regexp.MustCompile(`canary-picture-\d+`).FindAllString(v.page.body, -1) {
			seen[m] = true
		}
		if n == 2 {
			break
		}
		v.post("/s", "do", "page:"+[]string{"2", "3"}[n])
	}
	v.has("101 to 120 of 120")
	if len(seen) != 120 || items(v) != 20 || v.page.handle("page-after") || !v.page.handle("page-before") {
		t.Errorf("%d addresses in all, %d on the last page", len(seen), items(v))
	}
	if v.get("/s"); items(v) != 20 {
		t.Error("to load the page again leads elsewhere")
	}
}

func TestAPageLeftOpenAsksForNoMoreThanThereIs(t *testing.T) {
	v := inSpace(t, progressOf(120), "en")
	for ask, want := range map[string]int{"page:99": 20, "page:-1": 50, "page:x": 50, "page:": 50, "filter-step:nonsense": 50} {
		v.post("/s", "do", "filter-none")
		if v.post("/s", "do", ask); items(v) != want {
			t.Errorf("%s: %d addresses", ask, items(v))
		}
	}
	if v.post("/s", "do", "filter-host", "f1", "5000"); items(v) != 50 {
		t.Errorf("a site that is not there: %d", items(v))
	}
}

func TestTheListIsNarrowedByStepAndSite(t *testing.T) {
	p := progressOf(70)
	p.Items[1].Platform = "Example Video"
	v := inSpace(t, p, "en")
	v.post("/s", "do", "filter-step:"+string(takedown.StepGone))
	if items(v) != 7 || strings.Count(v.page.body, `data-step="gone"`) != 7 {
		t.Errorf("%d addresses that are gone", items(v))
	}
	v.post("/s", "do", "filter-none")
	v.has("Example Video", ">pi•••</option>")
	if strings.Contains(plain(v.page.body), "pics3.example</option>") {
		t.Error("a host is shown whole")
	}
	if v.post("/s", "do", "filter-host", "f1", "2"); items(v) != 1 {
		t.Errorf("%d addresses of the platform", items(v))
	}
	if v.post("/s", "do", "filter-none"); items(v) != 50 {
		t.Errorf("%d of all", items(v))
	}
}

func TestThePictureSaysInWordsWhatItShows(t *testing.T) {
	v := inSpace(t, progressOf(12), "en")
	v.has(`role="img"`, `<title id="picture-title">`, `<rect class="part part--gone"`)
	if strings.Contains(v.page.body, "style=") || strings.Contains(v.page.body, "%<") {
		t.Error("a style stands in the page, or a percentage")
	}
	if v = inSpace(t, progressOf(0), "en"); strings.Contains(v.page.body, `class="picture"`) {
		t.Error("a picture of nothing")
	}
}
