package takedown

import (
	"errors"
	"slices"
	"testing"
	"time"
)

func TestLooksAloneCloseOnlyWhatIsGone(t *testing.T) {
	for _, p := range Presences() {
		for asked, want := range map[bool]Closing{
			true:  map[Presence]Closing{Removed: ClosedRemoved, Delisted: ClosedDelisted}[p],
			false: map[Presence]Closing{Removed: ClosedByUploader, Delisted: ClosedDelisted}[p],
		} {
			i := asGiven(TriageConfirmed, p, "")
			i.SeenAt = noon
			if got := i.Settled(asked); got != want {
				t.Errorf("%s, asked %v: got %q, want %q", p, asked, got, want)
			}
			unseen := i
			unseen.SeenAt = time.Time{}
			if got := unseen.Settled(asked); p == Removed && !asked && got != "" || got == ClosedByUploader {
				t.Errorf("%s, never found, asked %v: got %q", p, asked, got)
			}
			if why := i.Settled(asked); why != "" && i.Close(why, noon) != nil {
				t.Errorf("%s does not bear out %s", p, why)
			}
		}
	}
}

func TestTheListOfReasonsIsClosed(t *testing.T) {
	for _, c := range Closings() {
		if !c.Known() {
			t.Errorf("%s is unknown", c)
		}
	}
	for _, c := range []Closing{"", "made_up", "Removed"} {
		if c.Known() || c.Reopens() || c.Label() != (Text{}) {
			t.Errorf("%q is known", c)
		}
	}
	for _, c := range ByHand() {
		if !c.Known() || c == ClosedWithdrawn || c == ClosedProtection || c == ClosedByUploader {
			t.Errorf("%s may be chosen by hand", c)
		}
	}
}

func TestACaseFollowsItsItems(t *testing.T) {
	open, closed := Item{}, Item{Closed: ClosedRemoved}
	found, rejected := Item{Origin: FromSystem, Triage: TriageWaiting}, Item{Origin: FromSystem, Triage: TriageRejected, Closed: ClosedScope}
	for _, c := range []struct {
		name  string
		state CaseState
		items []Item
		want  CaseState
	}{
		{"open, nothing given yet", CaseOpen, nil, CaseOpen},
		{"open, one open", CaseOpen, []Item{open}, CaseOpen},
		{"open, one of two open", CaseOpen, []Item{closed, open}, CaseOpen},
		{"open, all closed", CaseOpen, []Item{closed, {Closed: ClosedScope}}, CaseClosed},
		{"closed, nothing given", CaseClosed, nil, CaseClosed},
		{"closed, all closed", CaseClosed, []Item{closed}, CaseClosed},
		{"closed, one is back", CaseClosed, []Item{closed, open}, CaseOpen},
		{"open, only one we found", CaseOpen, []Item{found}, CaseOpen},
		{"open, only one we found and rejected", CaseOpen, []Item{rejected}, CaseOpen},
		{"open, all told closed", CaseOpen, []Item{closed, found}, CaseClosed},
		{"closed, one we found", CaseClosed, []Item{closed, found}, CaseClosed},
		{"closed, one we found is confirmed", CaseClosed, []Item{closed, {Origin: FromSystem, Triage: TriageConfirmed}}, CaseOpen},
		{"withdrawn, one open", CaseWithdrawn, []Item{open}, CaseWithdrawn},
		{"withdrawn, all closed", CaseWithdrawn, []Item{closed}, CaseWithdrawn},
		{"withdrawn, nothing given", CaseWithdrawn, nil, CaseWithdrawn},
	} {
		file := Case{State: c.state}
		if c.state != CaseOpen {
			file.ClosedAt, file.WatchUntil = noon.Add(-hour), noon.Add(WatchFor-hour)
		}
		before := file
		changed := file.Settle(c.items, noon)
		if file.State != c.want || changed != (c.state != c.want) {
			t.Errorf("%s: %s, changed %v", c.name, file.State, changed)
		}
		switch {
		case !changed && !sameTimes(file, before):
			t.Errorf("%s: the times moved to %v and %v", c.name, file.ClosedAt, file.WatchUntil)
		case changed && c.want == CaseClosed && (file.ClosedAt != noon || file.WatchUntil != noon.Add(WatchFor)):
			t.Errorf("%s: closed %v, watched until %v", c.name, file.ClosedAt, file.WatchUntil)
		case changed && c.want == CaseOpen && !(file.ClosedAt.IsZero() && file.WatchUntil.IsZero()):
			t.Errorf("%s: still closed %v, watched until %v", c.name, file.ClosedAt, file.WatchUntil)
		}
		if file.Settle(c.items, noon.Add(hour)) {
			t.Errorf("%s: settling twice changes it again", c.name)
		}
	}
}

func sameTimes(a, b Case) bool { return a.ClosedAt == b.ClosedAt && a.WatchUntil == b.WatchUntil }

func TestAWithdrawnCaseIsNeitherWatchedNorTakenUpAgain(t *testing.T) {
	for _, s := range CaseStates() {
		file := Case{State: s, WatchUntil: noon.Add(hour)}
		err := file.Withdraw(noon)
		if s == CaseWithdrawn {
			if !errors.Is(err, ErrStep) || !file.ClosedAt.IsZero() {
				t.Errorf("withdrawn twice: %v", err)
			}
			continue
		}
		if err != nil || file.State != CaseWithdrawn || file.ClosedAt != noon || !file.WatchUntil.IsZero() {
			t.Errorf("%s: %v, %s, watched until %v", s, err, file.State, file.WatchUntil)
		}
		if file.Settle([]Item{{}}, noon) || file.Takes() == nil {
			t.Errorf("%s, withdrawn, goes on", s)
		}
	}
	if slices.ContainsFunc([]CaseState{CaseOpen, CaseClosed}, func(s CaseState) bool { return Case{State: s}.Takes() != nil }) {
		t.Error("a case that was not withdrawn takes nothing in")
	}
}
