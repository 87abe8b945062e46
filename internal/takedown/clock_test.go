package takedown

import (
	"testing"
	"time"
)

const hour = time.Hour

func TestLooksFollowTheNotice(t *testing.T) {
	ages := []time.Duration{hour, 6 * hour, 24 * hour, 48 * hour, 72 * hour}
	for _, days := range []time.Duration{7, 14, 21, 30, 37, 44, 51, 58, 65, 72, 81, 90} {
		ages = append(ages, days*24*hour)
	}
	for _, p := range []Presence{Unseen, Online, Hidden, LoginWall, GeoBlocked, Unreachable, Reappeared, Removed, Delisted} {
		s := Standing{Presence: p}
		if s.Gone() {
			s.GoneSince = noon
		}
		now := noon
		for _, age := range ages {
			for _, early := range []time.Duration{0, time.Microsecond} {
				if next := NextLook(s, noon, noon.Add(age-time.Microsecond-early)); !next.Equal(noon.Add(age)) {
					t.Errorf("%s: just before +%v the next look is +%v", p, age, next.Sub(noon))
				}
			}
			if now = NextLook(s, noon, now); !now.Equal(noon.Add(age)) {
				t.Errorf("%s: the looks go to +%v, want +%v", p, now.Sub(noon), age)
			}
		}
		last := NextLook(s, noon, now)
		if s.Gone() && !last.IsZero() {
			t.Errorf("%s is looked at after ninety days, at +%v", p, last.Sub(noon))
		}
		if !s.Gone() && !last.Equal(now.Add(7*24*hour)) {
			t.Errorf("%s is looked at next at %v, want a week later", p, last)
		}
	}
}

func TestLooksBeforeANoticeComeDaily(t *testing.T) {
	for _, p := range []Presence{Unseen, Online, Hidden, LoginWall, GeoBlocked, Unreachable, Reappeared} {
		if next := NextLook(Standing{Presence: p}, time.Time{}, noon); !next.Equal(noon.Add(24 * hour)) {
			t.Errorf("%s: %v", p, next)
		}
	}
}

func TestAGoneLookIsConfirmedADayLater(t *testing.T) {
	s := Standing{GoneOnce, noon}
	for _, sentAt := range []time.Time{{}, noon.Add(-2 * hour), noon.Add(-100 * 24 * hour)} {
		for now, want := range map[time.Duration]time.Duration{
			0: 24 * hour, 6 * hour: 24 * hour, 23 * hour: 24 * hour,
			23*hour + 30*time.Minute: 24*hour + 30*time.Minute, // a failed look is tried again in an hour
			24 * hour:                25 * hour, 240 * hour: 241 * hour,
		} {
			if next := NextLook(s, sentAt, noon.Add(now)); !next.Equal(noon.Add(want)) {
				t.Errorf("at +%v the next look is +%v, want +%v", now, next.Sub(noon), want)
			}
		}
	}
}

// TestARemovedItemIsWatchedForNinetyDays holds for one that was never asked
// for, one removed at once, and one removed long after the notice.
func TestARemovedItemIsWatchedForNinetyDays(t *testing.T) {
	for _, sentAt := range []time.Time{{}, noon, noon.Add(-40 * 24 * hour), noon.Add(-89 * 24 * hour), noon.Add(-400 * 24 * hour)} {
		for _, p := range []Presence{Removed, Delisted} {
			s, now, looks := Standing{p, noon}, noon.Add(24*hour), 0
			for {
				next := NextLook(s, sentAt, now)
				if next.IsZero() {
					break
				}
				if looks++; !next.After(now) || looks > 20 {
					t.Fatalf("sent %v before: look %d at +%v after +%v", noon.Sub(sentAt), looks, next.Sub(noon), now.Sub(noon))
				}
				now = next
			}
			if watched := now.Sub(noon); watched != WatchFor {
				t.Errorf("%s, sent at %v, is watched for %v", p, sentAt, watched)
			}
		}
	}
}

func TestTheGroundSetsTheClockAndElseOurOwn(t *testing.T) {
	for hours, want := range map[int]time.Duration{0: 7 * 24 * hour, -1: 7 * 24 * hour, 2: 2 * hour, 24: 24 * hour, 48: 48 * hour, 2160: 90 * 24 * hour} {
		if got := (Ground{DeadlineHours: hours}).Due(noon); !got.Equal(noon.Add(want)) {
			t.Errorf("%d hours: due at +%v, want +%v", hours, got.Sub(noon), want)
		}
	}
	if AckWithin != 24*hour || DecideWithin != 72*hour || RemindAfter != 48*hour || EscalateAfter != 7*24*hour || WatchFor != 90*24*hour || NoticeRestsFor != 10*time.Minute {
		t.Error("our own clocks are not those of the product")
	}
}

func TestMomentIsWhatBothDatabasesKeep(t *testing.T) {
	paris := time.FixedZone("CET", 3600)
	got := Moment(time.Date(2026, 1, 2, 3, 4, 5, 678_901_999, paris))
	if want := time.Date(2026, 1, 2, 2, 4, 5, 678_901_000, time.UTC); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}
