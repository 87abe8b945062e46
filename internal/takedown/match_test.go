package takedown

import (
	"fmt"
	"testing"
)

// The bounds of each kind, one step to either side of each. A kind or a scope
// that is not said here is far, whatever it brings.
func TestEveryFindingIsJudgedByItsKindAndScope(t *testing.T) {
	type at struct{ value, quality int }
	for _, c := range []struct {
		kind              MatchKind
		scope             Scope
		near, unsure, far []at
	}{
		{MatchWhole, ScopeCase, []at{{0, 50}, {47, 50}}, []at{{47, 49}, {0, 0}, {48, 100}, {72, 0}}, []at{{73, 100}, {256, 100}, {-1, 100}}},
		{MatchSegment, ScopeCase, []at{{41, 50}}, []at{{41, 49}, {42, 100}, {60, 0}}, []at{{61, 100}}},
		{MatchCropped, ScopeCase, []at{{31, 50}}, []at{{31, 49}, {32, 100}, {37, 0}}, []at{{38, 100}}},
		{MatchCroppedBoth, ScopeCase, []at{{31, 50}}, []at{{31, 49}, {32, 100}, {42, 0}}, []at{{43, 100}}},
		{MatchPoints, ScopeCase, []at{{14, 30}, {500, 100}}, []at{{14, 29}, {500, 0}, {13, 100}, {10, 0}}, []at{{9, 100}, {0, 100}}},
		{MatchClip, ScopeCase, []at{{50, 0}, {100, 0}}, []at{{49, 100}, {15, 0}}, []at{{14, 100}, {0, 100}}},
		{MatchWhole, ScopeGlobal, []at{{0, 50}, {31, 50}}, nil, []at{{31, 49}, {32, 100}, {-1, 100}}},
		{MatchSegment, ScopeGlobal, nil, nil, []at{{0, 100}}},
		{MatchCropped, ScopeGlobal, nil, nil, []at{{0, 100}}},
		{MatchCroppedBoth, ScopeGlobal, nil, nil, []at{{0, 100}}},
		{MatchPoints, ScopeGlobal, nil, nil, []at{{500, 100}}},
		{MatchClip, ScopeGlobal, nil, nil, []at{{100, 100}}},
	} {
		for want, values := range map[Verdict][]at{VerdictNear: c.near, VerdictUnsure: c.unsure, VerdictFar: c.far} {
			for _, v := range values {
				for _, f := range findings(c.kind, c.scope, v.value, v.quality) {
					if got := JudgeMatch(f); got != want {
						t.Errorf("%+v: %s, want %s", f, got, want)
					}
				}
			}
		}
	}
	if got := JudgeMatch(Finding{Quality: 100}); got != VerdictFar {
		t.Errorf("a finding of no kind: %s", got)
	}
}

// TestAFewScenesOfALongVideoAreAskedAbout: they are a small part of both videos.
func TestAFewScenesOfALongVideoAreAskedAbout(t *testing.T) {
	for moments, want := range map[int]Verdict{2: VerdictFar, 3: VerdictUnsure, 400: VerdictUnsure} {
		f := Finding{Kind: MatchClip, Scope: ScopeCase, Shares: Shares{Reference: 5, Found: 5, Moments: moments}}
		if got := JudgeMatch(f); got != want {
			t.Errorf("%d moments: %s, want %s", moments, got, want)
		}
		f.Scope = ScopeGlobal
		if got := JudgeMatch(f); got != VerdictFar {
			t.Errorf("%d moments among all cases: %s", moments, got)
		}
	}
}

// findings puts a value where its kind is measured; what other kinds measure must
// not count. A clip counts by whichever of its shares is greater.
func findings(k MatchKind, s Scope, value, quality int) []Finding {
	switch k {
	case MatchPoints:
		return []Finding{{Kind: k, Scope: s, Points: value, Quality: quality, Shares: Shares{Reference: 100, Found: 100, Moments: 99}}}
	case MatchClip:
		return []Finding{
			{Kind: k, Scope: s, Shares: Shares{Reference: value}, Quality: quality, Points: 500},
			{Kind: k, Scope: s, Shares: Shares{Found: value}, Quality: quality, Points: 500},
		}
	}
	return []Finding{{Kind: k, Scope: s, Distance: value, Quality: quality, Points: 500, Shares: Shares{Reference: 100, Found: 100, Moments: 99}}}
}

func TestEveryKindIsJudgedWithinACase(t *testing.T) {
	seen := map[string]int{}
	for _, j := range judgements {
		seen[fmt.Sprint(j.kind, j.scope)]++
	}
	for _, k := range MatchKinds() {
		if seen[fmt.Sprint(k, ScopeCase)] != 1 {
			t.Errorf("%s has %d lines within a case", k, seen[fmt.Sprint(k, ScopeCase)])
		}
	}
	if f := (Finding{Kind: MatchWhole, Scope: ScopeGlobal, Distance: GlobalWithin, Quality: 100}); JudgeMatch(f) != VerdictNear {
		t.Error("the radius of the search among all cases is not that of the rule")
	}
	f := Finding{Kind: MatchWhole, Scope: ScopeGlobal, Distance: GlobalWithin + 1, Quality: 100}
	if JudgeMatch(f) != VerdictFar {
		t.Error("the rule reaches further than the search among all cases")
	}
}

func TestTheSurerMatchIsTheNearerVerdictThenTheNearerHash(t *testing.T) {
	order := []Match{
		{Verdict: VerdictNear, Distance: 90}, {Verdict: VerdictUnsure, Distance: 10},
		{Verdict: VerdictUnsure, Distance: 11}, {Verdict: VerdictFar, Distance: 0}, {Verdict: VerdictFar, Distance: 256},
	}
	for i, a := range order {
		for j, b := range order {
			if got := a.Surer(b); got != (i < j) {
				t.Errorf("%s at %d surer than %s at %d: %v", a.Verdict, a.Distance, b.Verdict, b.Distance, got)
			}
		}
	}
}

// A match by points tells nothing about distances: the page of a picture that was
// confirmed by points shows no copy because another picture is as far away.
func TestWhatWasConfirmedStandsByTheSameWayOnly(t *testing.T) {
	for _, c := range []struct {
		now, confirmed Match
		want           bool
	}{
		{Match{Kind: MatchWhole, Distance: 60}, Match{Kind: MatchWhole, Distance: 60}, true},
		{Match{Kind: MatchWhole, Distance: 61}, Match{Kind: MatchWhole, Distance: 60}, false},
		{Match{Kind: MatchWhole, Distance: -1}, Match{Kind: MatchWhole, Distance: 60}, false},
		{Match{Kind: MatchWhole, Distance: 100}, Match{Kind: MatchPoints, Distance: 110, Points: 40}, false},
		{Match{Kind: MatchPoints, Distance: 120, Points: 40}, Match{Kind: MatchPoints, Distance: 110, Points: 40}, true},
		{Match{Kind: MatchPoints, Distance: 90, Points: 39}, Match{Kind: MatchPoints, Distance: 110, Points: 40}, false},
		{Match{Kind: MatchClip, Share: 20}, Match{Kind: MatchClip, Share: 20}, true},
		{Match{Kind: MatchClip, Share: 19}, Match{Kind: MatchClip, Share: 20}, false},
		{Match{Kind: MatchClip, Share: 30, Distance: 0}, Match{Kind: MatchClip, Distance: 10}, false}, // a clip, and a still
		{Match{Kind: MatchClip, Distance: 0}, Match{Kind: MatchClip, Share: 30, Distance: 10}, false},
		{Match{Kind: MatchClip, Distance: 10}, Match{Kind: MatchClip, Distance: 10}, true},
		{Match{Kind: MatchClip, Distance: 11}, Match{Kind: MatchClip, Distance: 10}, false},
		{Match{Kind: MatchClip, Distance: -1}, Match{Kind: MatchClip, Distance: 10}, false},
		{Match{Distance: -1}, Match{Kind: MatchWhole, Distance: 60}, false},
	} {
		if got := c.now.AsSure(c.confirmed); got != c.want {
			t.Errorf("%+v as sure as %+v: %v", c.now, c.confirmed, got)
		}
	}
}

func TestTheVerdictAloneConfirmsNothing(t *testing.T) {
	for _, v := range []Verdict{VerdictNear, VerdictUnsure, VerdictFar} {
		for _, s := range MatchStates() {
			m := Match{Verdict: v, State: s}
			if m.Confirms() != (s == MatchConfirmed) {
				t.Errorf("%s, %s confirms: %v", v, s, m.Confirms())
			}
			if want := s == MatchConfirmed || s != MatchRejected && v == VerdictNear; m.Holds() != want {
				t.Errorf("%s, %s holds: %v", v, s, m.Holds())
			}
		}
	}
}
