package portal

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jba/templatecheck"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

func march(day int) time.Time { return time.Date(2026, 3, day, 9, 30, 0, 0, time.UTC) }

// progressOf gives a case of n items that stand at the steps in turn.
func progressOf(n int) takedown.Progress {
	p := takedown.Progress{
		Number: takedown.NewPrivate(deskNumber), State: takedown.CaseOpen, Images: make([]takedown.OwnImage, 2),
		OpenedAt: march(1), WatchUntil: march(31),
	}
	steps := takedown.Steps()
	for i := range n {
		address := fmt.Sprintf("https://pics%d.example/albums/2026/03/canary-picture-%d.html?id=%d", i%7, i, i)
		p.Items = append(p.Items, takedown.ItemProgress{
			ID: fmt.Sprint(i), Position: i + 1, Host: takedown.NewPrivate(fmt.Sprintf("pics%d.example", i%7)), Address: takedown.NewPrivate(address), Presence: takedown.Online,
			Masked: takedown.Mask(fmt.Sprintf("pics%d.example", i%7), address), Step: steps[i%len(steps)], NextLook: march(9),
			Asked: []takedown.Asked{
				{Recipient: "Pics Hosting", State: takedown.RequestSent, At: march(2), DueAt: march(5)},
				{Recipient: "Example Search", State: takedown.RequestAcknowledged, At: march(2), DueAt: march(4)},
			},
		})
	}
	return p
}

// inSpace gives a visitor in the space of a case that stands so.
func inSpace(t *testing.T, p takedown.Progress, lang string) *visitor {
	t.Helper()
	h := newHouse(t)
	h.desk.show = p
	v := h.visitor()
	v.get("/")
	v.post("/", "lang", lang)
	v.post("/", "do", "enter", "f1", "123 456 789", "f2", deskPhrase)
	if v.page.path != "/s" || v.page.status != http.StatusOK {
		t.Fatalf("the space did not open: %s %d", v.page.path, v.page.status)
	}
	return v
}

func TestSpaceSaysInWordsHowThingsStand(t *testing.T) {
	of := func(steps ...takedown.Step) takedown.Progress {
		p := takedown.Progress{State: takedown.CaseOpen}
		for _, s := range steps {
			p.Items = append(p.Items, takedown.ItemProgress{Step: s})
		}
		return p
	}
	const gone, asked, received = takedown.StepGone, takedown.StepAsked, takedown.StepReceived
	withdrawn := of(takedown.StepStopped)
	withdrawn.State = takedown.CaseWithdrawn
	for want, p := range map[string]takedown.Progress{
		"Your case is open.": of(),
		"We are looking after your address. 1 is waiting for someone on the team.":                                                of(received),
		"3 of 7 addresses are gone. For 2 we have asked for removal. 2 are waiting":                                               of(gone, gone, gone, asked, asked, received, received),
		"1 of 2 addresses is gone. For 1 we have asked for removal.":                                                              of(gone, asked),
		"All 2 addresses are gone. We have checked twice.":                                                                        of(gone, gone),
		"You have stopped this case.":                                                                                             withdrawn,
		"We are looking after your 2 addresses. 1 is still there: we are preparing the next step. We could not get 1 taken down.": of(takedown.StepCannot, takedown.StepStillThere),
	} {
		v := inSpace(t, p, "en")
		if _, got, _ := strings.Cut(plain(v.page.body), "Pause or stop "); !strings.HasPrefix(got, want) {
			t.Errorf("%.200s\nwant %s", got, want)
		}
	}
}

func TestSpaceTellsWhomWeAskedWhenAndWhatComesNext(t *testing.T) {
	p := progressOf(0)
	p.Items = []takedown.ItemProgress{
		{Step: takedown.StepAsked, Presence: takedown.Online, NextLook: march(9), Asked: progressOf(1).Items[0].Asked, Masked: "pi•••/•••html"},
		{Step: takedown.StepChecking, NextLook: march(10)},
		{Step: takedown.StepStopped, Closed: takedown.ClosedScope},
	}
	v := inSpace(t, p, "en")
	v.has(
		"Asked Pics Hosting on 2 March 2026.", "Asked Example Search on 2 March 2026: they have received it.", "An answer is due by 4 March 2026.",
		"Next check on 10 March 2026.", "This is outside what we can ask for.", "until 31 March 2026", "pi•••/•••html", "2 fingerprints",
	)
	if strings.Contains(v.page.body, "9:30") || strings.Contains(v.page.body, "9 March") {
		t.Error("an hour is shown, or a date beside the one that counts")
	}
}

func TestEveryStepAndEveryStateOfARequestHasItsWords(t *testing.T) {
	states := []takedown.RequestState{
		takedown.RequestSent, takedown.RequestAcknowledged, takedown.RequestRemoved, takedown.RequestRefused, takedown.RequestLapsed,
		takedown.RequestBounced, takedown.RequestMoreInfo, takedown.RequestWithdrawn,
	}
	var keys []string
	for _, s := range takedown.Steps() {
		keys = append(keys, "space.next."+string(s))
		if s != takedown.StepGone {
			keys = append(keys, "space.rest."+string(s)+".one", "space.rest."+string(s)+".many")
		}
		if !slices.Contains(order, s) {
			t.Errorf("items at %s would not be listed", s)
		}
	}
	for _, s := range states {
		keys = append(keys, "space.asked."+string(s))
	}
	for _, h := range takedown.Harms() {
		keys = append(keys, "harm."+string(h), "harm."+string(h)+".hint")
	}
	for _, f := range takedown.Frequencies() {
		if f != takedown.MailNever {
			keys = append(keys, "often."+string(f))
		}
	}
	for _, k := range keys {
		for _, l := range web.Langs("portal") {
			if web.T(l, k) == k {
				t.Errorf("%s has no words in %s", k, l)
			}
		}
	}
}

func TestPagesFitTheirTypes(t *testing.T) {
	fits(t, startPages)
	fits(t, agePage)
	fits(t, harmPage)
	fits(t, addressesPage)
	fits(t, imagesPage)
	fits(t, contactsPage)
	fits(t, statementsPage)
	fits(t, checkPages)
	fits(t, carePage)
	fits(t, receiptPages)
	fits(t, spacePages)
	fits(t, itemPages)
	fits(t, itemStopPages)
	fits(t, addPages)
	fits(t, addImagePages)
	fits(t, withdrawPages)
	fits(t, reachPages)
}

// fits checks a page against the type it is bound to, freshly parsed: rendering
// rewrites a template.
func fits[T any](t *testing.T, bound web.Page[T]) {
	t.Helper()
	var data T
	door, name, _ := strings.Cut(bound.Name(), "/")
	if err := templatecheck.CheckHTML(web.NewPage[T](door, name).Template().Lookup("layout"), data); err != nil {
		t.Errorf("%s: %v", bound.Name(), err)
	}
}
