package takedown

import (
	"errors"
	"testing"
	"time"
)

func TestAFloodIsManyMatchesOnManyHosts(t *testing.T) {
	for _, c := range []struct {
		undecided, hosts int
		want             bool
	}{
		{40, 6, false}, {41, 5, false}, {41, 6, true}, {5000, 1, false}, {6, 6, false}, {0, 0, false},
	} {
		if got := Floods(c.undecided, c.hosts); got != c.want {
			t.Errorf("%d on %d hosts: %v", c.undecided, c.hosts, got)
		}
	}
	if FloodsCases(5) || !FloodsCases(6) {
		t.Error("a found file near references of six cases is a flood, of five it is not")
	}
}

func TestWhatCountsTowardsAFloodBeginsAnewWithAPersonsWord(t *testing.T) {
	yesterday := noon.Add(-24 * time.Hour)
	for _, c := range []struct{ word, want time.Time }{
		{time.Time{}, yesterday}, {yesterday.Add(-time.Hour), yesterday}, {noon.Add(-time.Hour), noon.Add(-time.Hour)},
	} {
		if got := CountsFrom(c.word, noon); !got.Equal(c.want) {
			t.Errorf("word at %v: from %v, want %v", c.word, got, c.want)
		}
	}
}

func TestAFloodIsDecidedOnce(t *testing.T) {
	grid(t, `
	          open  real  rejected
	open      -     real  rejected
	real      -     -     -
	rejected  -     -     -
	`, func(row, column, want string) {
		f := Flood{State: FloodState(row)}
		err := f.Decide(FloodState(column), "camille", noon)
		if want == "-" {
			if !errors.Is(err, ErrStep) || f != (Flood{State: FloodState(row)}) {
				t.Errorf("%s to %s: %v, %+v", row, column, err, f)
			}
			return
		}
		if err != nil || f.State != FloodState(want) || f.DecidedBy != "camille" || f.DecidedAt != noon {
			t.Errorf("%s to %s: %v, %+v", row, column, err, f)
		}
	})
}

func TestAHeldMatchIsReleasedOrRejected(t *testing.T) {
	for _, s := range MatchStates() {
		held := Match{State: s}
		if err := held.Hold("f"); (err == nil) != (s == MatchSuggested) || err == nil && (held.State != MatchHeld || held.FloodID != "f") {
			t.Errorf("%s is held: %v, %+v", s, err, held)
		}
		free := Match{State: s, FloodID: "f"}
		if err := free.Release(); (err == nil) != (s == MatchHeld) || err == nil && free.State != MatchSuggested {
			t.Errorf("%s is released: %v, %+v", s, err, free)
		}
	}
}
