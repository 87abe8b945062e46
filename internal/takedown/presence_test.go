package takedown

import (
	"errors"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// grid reads a table of words: the first line names the columns, the first
// word of each other line the row. It calls cell for each pair and gives how
// many there were, so that a caller can tell whether any pair is missing.
func grid(t *testing.T, table string, cell func(row, column, want string)) int {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(table), "\n")
	columns := strings.Fields(lines[0])
	for _, line := range lines[1:] {
		words := strings.Fields(line)
		if len(words) != len(columns)+1 {
			t.Fatalf("the row %q has %d cells, want %d", line, len(words)-1, len(columns))
		}
		for n, column := range columns {
			cell(words[0], column, words[n+1])
		}
	}
	return len(columns) * (len(lines) - 1)
}

func TestEverySightingMovesEveryPresenceAsWritten(t *testing.T) {
	// gone_once: the first gone look was long enough ago for a second to agree.
	pairs := grid(t, `
	             content    gone      hidden  login       geo          unreachable  unclear
	unseen       online     gone_once hidden  login_wall  geo_blocked  unreachable  unseen
	online       online     gone_once hidden  login_wall  geo_blocked  unreachable  online
	hidden       online     gone_once hidden  login_wall  geo_blocked  unreachable  hidden
	gone_once    online     removed   hidden  login_wall  geo_blocked  gone_once    gone_once
	removed      reappeared removed   removed removed     removed      removed      removed
	login_wall   online     gone_once hidden  login_wall  geo_blocked  unreachable  login_wall
	geo_blocked  online     gone_once hidden  login_wall  geo_blocked  unreachable  geo_blocked
	unreachable  online     gone_once hidden  login_wall  geo_blocked  unreachable  unreachable
	delisted     reappeared delisted  delisted delisted   delisted     delisted     delisted
	reappeared   reappeared gone_once hidden  login_wall  geo_blocked  reappeared   reappeared
	`, func(row, column, want string) {
		since := time.Time{}
		if p := Presence(row); p == GoneOnce || p == Removed || p == Delisted {
			since = noon.Add(-24 * time.Hour)
		}
		got := Standing{Presence(row), since}.Observe(Sighting(column), noon)
		if got.Presence != Presence(want) {
			t.Errorf("%s, then %s: got %s, want %s", row, column, got.Presence, want)
		}
		if got.GoneSince != goneSince(got.Presence, since) {
			t.Errorf("%s, then %s: gone since %v", row, column, got.GoneSince)
		}
	})
	if want := len(Presences()) * len(Sightings()); pairs != want {
		t.Errorf("the table has %d pairs, want %d", pairs, want)
	}
}

// goneSince is the time a state must carry after a look at noon.
func goneSince(p Presence, before time.Time) time.Time {
	switch {
	case p != GoneOnce && p != Removed && p != Delisted:
		return time.Time{}
	case before.IsZero():
		return noon
	}
	return before
}

func TestRemovedNeedsTwoAgreeingLooksADayApart(t *testing.T) {
	type look struct {
		after time.Duration
		saw   Sighting
	}
	for _, c := range []struct {
		name  string
		looks []look
		want  Presence
	}{
		{"one look", []look{{0, SawGone}}, GoneOnce},
		{"the same look told twice", []look{{0, SawGone}, {0, SawGone}}, GoneOnce},
		{"a microsecond short of a day", []look{{0, SawGone}, {24*time.Hour - time.Microsecond, SawGone}}, GoneOnce},
		{"a day", []look{{0, SawGone}, {24 * time.Hour, SawGone}}, Removed},
		{"many looks within a day", []look{{0, SawGone}, {6 * time.Hour, SawGone}, {12 * time.Hour, SawGone}, {23 * time.Hour, SawGone}}, GoneOnce},
		{"looks in between do not start the day again", []look{{0, SawGone}, {23 * time.Hour, SawGone}, {24 * time.Hour, SawGone}}, Removed},
		{"unreachable alone confirms nothing", []look{{0, SawGone}, {48 * time.Hour, SawUnreachable}}, GoneOnce},
		{"unreachable in between breaks nothing", []look{{0, SawGone}, {12 * time.Hour, SawUnreachable}, {24 * time.Hour, SawGone}}, Removed},
		{"unclear in between breaks nothing", []look{{0, SawGone}, {12 * time.Hour, SawUnclear}, {24 * time.Hour, SawGone}}, Removed},
		{"unreachable is not a first look", []look{{0, SawUnreachable}, {24 * time.Hour, SawGone}}, GoneOnce},
		{"a login wall starts the row again", []look{{0, SawGone}, {12 * time.Hour, SawLogin}, {24 * time.Hour, SawGone}}, GoneOnce},
		{"a country block starts the row again", []look{{0, SawGone}, {12 * time.Hour, SawGeoBlock}, {24 * time.Hour, SawGone}}, GoneOnce},
		{"hidden starts the row again", []look{{0, SawGone}, {12 * time.Hour, SawHidden}, {24 * time.Hour, SawGone}}, GoneOnce},
		{"content starts the row again", []look{{0, SawGone}, {12 * time.Hour, SawContent}, {24 * time.Hour, SawGone}}, GoneOnce},
		{"two login walls are not a removal", []look{{0, SawLogin}, {48 * time.Hour, SawLogin}}, LoginWall},
		{"a clock set back confirms nothing", []look{{0, SawGone}, {-48 * time.Hour, SawGone}}, GoneOnce},
		{"what came back needs two new looks", []look{{0, SawGone}, {24 * time.Hour, SawGone}, {48 * time.Hour, SawContent}, {72 * time.Hour, SawGone}}, GoneOnce},
		{"what came back is not forgotten by a timeout", []look{{0, SawGone}, {24 * time.Hour, SawGone}, {48 * time.Hour, SawContent}, {49 * time.Hour, SawUnreachable}}, Reappeared},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := Standing{Presence: Unseen}
			for _, l := range c.looks {
				s = s.Observe(l.saw, noon.Add(l.after))
			}
			if s.Presence != c.want {
				t.Errorf("got %s, want %s", s.Presence, c.want)
			}
		})
	}
}

// TestNoRowOfLooksMakesRemovedWithoutTwoGone walks every row of five looks,
// twelve hours apart, and holds removed against its definition.
func TestNoRowOfLooksMakesRemovedWithoutTwoGone(t *testing.T) {
	all := Sightings()
	rows := 1
	for range 5 {
		rows *= len(all)
	}
	for n := range rows {
		s, first := Standing{Presence: Unseen}, time.Time{}
		for k, m := 0, n; k < 5; k, m = k+1, m/len(all) {
			at, saw, before := noon.Add(time.Duration(k)*12*time.Hour), all[m%len(all)], s
			s = s.Observe(saw, at)
			switch saw {
			case SawGone:
				if first.IsZero() {
					first = at
				}
			case SawUnreachable, SawUnclear:
			default:
				first = time.Time{}
			}
			if s.Gone() && !before.Gone() && (saw != SawGone || at.Sub(first) < 24*time.Hour) {
				t.Fatalf("row %d became %s by %s, %v after the first gone look", n, s.Presence, saw, at.Sub(first))
			}
		}
	}
}

func TestOverruleTakesAReasonAndRefusesWhatOnlyLooksCanMake(t *testing.T) {
	allowed := map[Presence]bool{
		Online: true, Hidden: true, Removed: true, LoginWall: true, GeoBlocked: true, Unreachable: true,
	}
	for _, from := range Presences() {
		before := Standing{Presence: from}
		for _, to := range append(Presences(), "", "made_up") {
			got, err := before.Overrule(to, "seen by phone with the person", noon)
			if want := allowed[to]; want != (err == nil) {
				t.Errorf("%s to %s: error %v", from, to, err)
			}
			if err != nil && (!errors.Is(err, ErrStep) || got != before) {
				t.Errorf("%s to %s: refused with %v and left %v", from, to, err, got)
			}
			if err == nil && (got.Presence != to || got.GoneSince.IsZero() == got.Gone()) {
				t.Errorf("%s to %s: got %v", from, to, got)
			}
			for _, reason := range []string{"", " \t\n"} {
				if got, err := before.Overrule(to, reason, noon); !errors.Is(err, ErrReason) || got != before {
					t.Errorf("%s to %s for no reason: %v, %v", from, to, got, err)
				}
			}
		}
	}
}

func TestOnlyRemovedAndDelistedAreToldAsGone(t *testing.T) {
	gone := map[Presence]bool{Removed: true, Delisted: true}
	person := map[Presence]bool{LoginWall: true, GeoBlocked: true, Reappeared: true}
	for _, p := range Presences() {
		s := Standing{Presence: p}
		if s.Gone() != gone[p] || s.NeedsPerson() != person[p] {
			t.Errorf("%s: gone %v, needs a person %v", p, s.Gone(), s.NeedsPerson())
		}
	}
}
