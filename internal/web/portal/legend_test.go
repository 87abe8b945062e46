package portal

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"reprise/internal/browser"
	"reprise/internal/takedown"
)

func TestEachNumberStandsOnceAndIsTheFilter(t *testing.T) {
	v := inSpace(t, progressOf(70), "en")
	if got, want := strings.Count(v.page.body, `value="filter-step:`), len(takedown.Steps())+1; got != want {
		t.Fatalf("%d filters, want %d: each step and all", got, want)
	}
	if got := strings.Count(v.page.body, `<span class="chip__number">7</span>`); got != len(takedown.Steps()) {
		t.Errorf("the numbers stand %d times", got)
	}
	v.post("/s", "do", "filter-step:"+string(takedown.StepAsked))
	if got := strings.Count(v.page.body, `aria-pressed="true"`); items(v) != 7 || got != 1 {
		t.Errorf("%d addresses, %d pressed", items(v), got)
	}
	if v = inSpace(t, progressOf(filtersFrom-1), "en"); v.page.handle("filter-step") || !strings.Contains(v.page.body, "legend--plain") {
		t.Error("a short list is narrowed, or its bar has no legend")
	}
}

func TestStepsOfTheBarAreToldApartWithoutColour(t *testing.T) {
	const apart = 6 // units: two pixels on a phone
	p := progressOf(10)
	end := -1.0
	for _, part := range pictureOf("", p).Parts {
		x, errX := strconv.ParseFloat(part.X, 64)
		width, errWidth := strconv.ParseFloat(part.Width, 64)
		if errX != nil || errWidth != nil || end >= 0 && x-end < apart {
			t.Errorf("%s begins %s, where the one before ends at %.1f", part.Step, part.X, end)
		}
		end = x + width
	}
	css, err := os.ReadFile("../../../static/portal.css")
	if err != nil {
		t.Fatal(err)
	}
	grey := map[string]takedown.Step{} // the shapes of the steps that have no tone of their own
	for _, s := range takedown.Steps() {
		shape := ""
		for _, b := range bandsOf(s) {
			shape += strconv.Itoa(b.Y) + "+" + strconv.Itoa(b.Height) + " "
		}
		if strings.Contains(string(css), ".part--"+string(s)) {
			continue
		}
		if grey[shape] != "" {
			t.Errorf("%s looks like %s", s, grey[shape])
		}
		grey[shape] = s
	}
}

func TestTheListBeginsSoonOnAPhone(t *testing.T) {
	h, chromium := chromiumHouse(t)
	h.desk.show = progressOf(70)
	for i := range h.desk.show.Items { // at four steps, as most cases
		steps := []takedown.Step{takedown.StepGone, takedown.StepAsked, takedown.StepAsked, takedown.StepReceived, takedown.StepStillThere}
		h.desk.show.Items[i].Step = steps[i%len(steps)]
	}
	file := filepath.Join(t.TempDir(), "one.png")
	if err := os.WriteFile(file, inPNG(t, photos(t, 1)[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	p := chromium.Page(t, browser.Options{Width: 390, Height: 844, Lang: "en"})
	fillInBy(p, h.url, file, false)
	p.Submit(browser.T("next"))
	const top = `document.querySelector('[data-t~="item"]').getBoundingClientRect().top + scrollY`
	if got := browser.Eval[float64](p, top); got > 1.25*844 {
		t.Errorf("the list begins %.0f pixels down", got)
	} else {
		t.Logf("the list begins %.0f pixels down", got)
	}
	for _, v := range p.Axe() {
		t.Errorf("%s: %s %v", v.Rule, v.Help, v.Targets)
	}
	if dir := os.Getenv("REPRISE_PICTURES"); dir != "" {
		p.Screenshot(filepath.Join(dir, "space-many-390.png"))
		wide := chromium.Page(t, browser.Options{Lang: "fr"})
		h.desk.show = progressOf(70)
		fillInBy(wide, h.url, file, false)
		wide.Submit(browser.T("next"))
		wide.Screenshot(filepath.Join(dir, "space-many-1280.png"))
	}
}
