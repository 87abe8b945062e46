package takedown

import (
	"errors"
	"slices"
	"testing"
	"time"
)

// asGiven is an item as it comes in, with a look planned.
func asGiven(t Triage, p Presence, closed Closing) Item {
	i := Item{Triage: t, Standing: Standing{Presence: p}, Closed: closed, NextLook: noon.Add(hour), SeenAt: noon.Add(-72 * hour)}
	if i.Gone() || p == GoneOnce {
		i.GoneSince = noon.Add(-48 * hour)
	}
	if closed != "" {
		i.ClosedAt = noon.Add(-hour)
	}
	return i
}

func everyItem(f func(Item)) {
	for _, triage := range Triages() {
		for _, p := range Presences() {
			for _, closed := range append(Closings(), "") {
				f(asGiven(triage, p, closed))
			}
		}
	}
}

func TestTriageMovesAsWritten(t *testing.T) {
	grid(t, `
	           clear    confirm    reject
	waiting    cleared  confirmed  rejected
	cleared    -        confirmed  rejected
	confirmed  -        -          -
	rejected   -        -          -
	`, func(row, column, want string) {
		for _, closed := range append(Closings(), "") {
			i := asGiven(Triage(row), Online, closed)
			if row == string(TriageRejected) {
				i.Closed = ClosedScope // it never stays open
			}
			before := i
			err := triageMove(&i, column)
			switch {
			case want == "-" || closed != "":
				if !errors.Is(err, ErrStep) || i != before {
					t.Errorf("%s %q, %s: %v, %s", row, closed, column, err, i.Triage)
				}
			case err != nil || i.Triage != Triage(want):
				t.Errorf("%s, %s: %v, %s, want %s", row, column, err, i.Triage, want)
			}
		}
	})
}

func triageMove(i *Item, move string) error {
	switch move {
	case "clear":
		return i.Clear(noon)
	case "confirm":
		return i.Confirm(noon)
	}
	return i.Reject(ClosedNotPerson, noon)
}

func TestNothingIsLookedAtWhileItWaits(t *testing.T) {
	everyItem(func(i Item) {
		before := i
		err := i.See(SawContent, time.Time{}, noon)
		looked := before.Triage == TriageCleared || before.Triage == TriageConfirmed
		want := looked && (before.Closed == "" || before.Closed == ClosedRemoved || before.Closed == ClosedByUploader || before.Closed == ClosedDelisted)
		if before.Watched() != want || want != (err == nil) {
			t.Errorf("%s, closed %q: watched %v, seeing it gives %v", before.Triage, before.Closed, before.Watched(), err)
		}
		if err != nil && (!errors.Is(err, ErrStep) || i != before) {
			t.Errorf("%s, closed %q: refused with %v", before.Triage, before.Closed, err)
		}
	})
}

func TestClearingAndConfirmingStartTheLooks(t *testing.T) {
	i := Item{Triage: TriageWaiting}
	if err := i.Clear(noon); err != nil || i.NextLook != noon {
		t.Errorf("cleared: %v, next look %v", err, i.NextLook)
	}
	i = Item{Triage: TriageWaiting}
	if err := i.Confirm(noon); err != nil || i.NextLook != noon {
		t.Errorf("confirmed unseen: %v, next look %v", err, i.NextLook)
	}
	i = Item{Triage: TriageCleared, NextLook: noon.Add(hour)}
	if err := i.Confirm(noon); err != nil || i.NextLook != noon.Add(hour) {
		t.Errorf("confirmed: %v, the planned look moved to %v", err, i.NextLook)
	}
}

func TestSeeingKeepsWhenAndPlansTheNextLook(t *testing.T) {
	i := Item{Triage: TriageConfirmed, Standing: Standing{Presence: Online}}
	for _, step := range []struct {
		after time.Duration
		saw   Sighting
		want  Presence
		next  time.Duration
	}{
		{hour, SawContent, Online, 6 * hour},
		{6 * hour, SawGone, GoneOnce, 30 * hour},
		{24 * hour, SawUnreachable, GoneOnce, 30 * hour},
		{30 * hour, SawGone, Removed, 48 * hour},
		{48 * hour, SawContent, Reappeared, 72 * hour},
	} {
		now := noon.Add(step.after)
		if err := i.See(step.saw, noon, now); err != nil || i.Presence != step.want || i.LookedAt != now || i.NextLook != noon.Add(step.next) {
			t.Fatalf("+%v: %v, %s, looked %v, next +%v, want %s and +%v", step.after, err, i.Presence, i.LookedAt, i.NextLook.Sub(noon), step.want, step.next)
		}
	}
}

// closingTable says which reason may be given at which presence: only two
// looks make removed, and a page out of the search results is not removed.
const closingTable = `
                     unseen online hidden gone_once removed login_wall geo_blocked unreachable delisted reappeared
removed              -      -      -      -         yes     -          -           -           -        -
removed_by_uploader  -      -      -      -         yes     -          -           -           -        -
delisted             -      -      -      -         yes     -          -           -           yes      -
not_person           yes    yes    yes    yes       yes     yes        yes         yes         yes      yes
out_of_scope         yes    yes    yes    yes       yes     yes        yes         yes         yes      yes
duplicate            yes    yes    yes    yes       yes     yes        yes         yes         yes      yes
withdrawn            yes    yes    yes    yes       yes     yes        yes         yes         yes      yes
exhausted            yes    yes    yes    yes       yes     yes        yes         yes         yes      yes
child_protection     yes    yes    yes    yes       yes     yes        yes         yes         yes      yes
`

func TestEveryReasonClosesOnlyWhatBearsItOut(t *testing.T) {
	pairs := grid(t, closingTable, func(row, column, want string) {
		why := Closing(row)
		for _, triage := range []Triage{TriageWaiting, TriageCleared, TriageConfirmed} {
			i := asGiven(triage, Presence(column), "")
			before := i
			err := i.Close(why, noon)
			if want == "-" {
				if !errors.Is(err, ErrStep) || i != before {
					t.Errorf("%s while %s: %v, closed %q", why, column, err, i.Closed)
				}
				continue
			}
			if err != nil || i.Closed != why || i.ClosedAt != noon || i.Open() {
				t.Errorf("%s while %s: %v, %+v", why, column, err, i)
			}
			if i.Watched() == i.NextLook.IsZero() {
				t.Errorf("%s while %s and %s: watched %v, next look %v", why, column, triage, i.Watched(), i.NextLook)
			}
			if err := i.Close(why, noon); !errors.Is(err, ErrStep) {
				t.Errorf("%s was closed twice: %v", why, err)
			}
		}
	})
	if want := len(Closings()) * len(Presences()); pairs != want {
		t.Errorf("the table has %d pairs, want %d", pairs, want)
	}
	for _, why := range []Closing{"", "made_up"} {
		i := asGiven(TriageConfirmed, Removed, "")
		if err := i.Close(why, noon); !errors.Is(err, ErrReason) || !i.Open() {
			t.Errorf("closed for %q: %v", why, err)
		}
	}
}

func TestRejectingIsNeverARemoval(t *testing.T) {
	everyItem(func(i Item) {
		for _, why := range append(Closings(), "made_up") {
			rejected := i
			err := rejected.Reject(why, noon)
			removal := why == ClosedRemoved || why == ClosedByUploader || why == ClosedDelisted
			want := i.Closed == "" && i.Triage != TriageConfirmed && !removal && why != "made_up"
			if (err == nil) != want || err != nil && rejected != i {
				t.Errorf("%s, %s, closed %q, rejected as %s: %v", i.Triage, i.Presence, i.Closed, why, err)
			}
			if err == nil && (rejected.Triage != TriageRejected || rejected.Watched() || !rejected.NextLook.IsZero()) {
				t.Errorf("rejected as %s it is still looked at: %+v", why, rejected)
			}
		}
	})
}

func TestOnlyARemovalIsTakenUpAgain(t *testing.T) {
	reopens := []Closing{ClosedRemoved, ClosedByUploader, ClosedDelisted}
	everyItem(func(i Item) {
		before := i
		err := i.Reopen()
		if want := slices.Contains(reopens, before.Closed); want != (err == nil) || want != before.Closed.Reopens() {
			t.Errorf("closed %q: %v", before.Closed, err)
		}
		if err == nil && (!i.Open() || !i.ClosedAt.IsZero()) || err != nil && i != before {
			t.Errorf("closed %q: now %+v", before.Closed, i)
		}
	})
}

func TestASuspectedMinorStopsEverythingAboutTheItem(t *testing.T) {
	everyItem(func(i Item) {
		before := i
		err := i.Suspect(noon)
		if want := before.Closed != ClosedProtection; want != (err == nil) {
			t.Errorf("closed %q: %v", before.Closed, err)
		}
		if i.Watched() || i.Askable() == nil || i.Closed != ClosedProtection {
			t.Errorf("%s, %s, closed %q is still worked on", before.Triage, before.Presence, before.Closed)
		}
		if err == nil && !i.NextLook.IsZero() {
			t.Errorf("it is looked at again at %v", i.NextLook)
		}
		if err := i.See(SawContent, noon, noon); err == nil || i.Reopen() == nil || TaskOf(i, nil, nil) != "" {
			t.Errorf("it can be seen or taken up again: %v", err)
		}
	})
}

func TestOnlyWhatAPersonConfirmedIsAskedFor(t *testing.T) {
	everyItem(func(i Item) {
		want := i.Triage == TriageConfirmed && i.Closed == "" && i.Presence != Removed && i.Presence != Delisted
		if got := i.Askable(); want != (got == nil) {
			t.Errorf("%s, %s, closed %q: %v", i.Triage, i.Presence, i.Closed, got)
		}
		i.SeenAt = time.Time{} // nobody has found anything there
		want = want && i.Presence != GoneOnce && i.Presence != Unreachable
		if got := i.Askable(); want != (got == nil) {
			t.Errorf("never found: %s, %s, closed %q: %v", i.Triage, i.Presence, i.Closed, got)
		}
	})
}

func TestAnItemThatRestsIsNotLookedAt(t *testing.T) {
	i := asGiven(TriageConfirmed, Removed, ClosedRemoved)
	if i.Rest(); !i.NextLook.IsZero() {
		t.Errorf("next look %v", i.NextLook)
	}
}

func TestWhatWeFoundOurselvesIsToldOnceConfirmed(t *testing.T) {
	for _, o := range []Origin{FromReporter, FromCaseworker, FromSystem} {
		for _, triage := range Triages() {
			i := Item{Origin: o, Triage: triage}
			if want := o != FromSystem || triage == TriageConfirmed; i.Told() != want {
				t.Errorf("by %s, %s: told %v", o, triage, i.Told())
			}
		}
	}
}
