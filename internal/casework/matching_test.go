package casework

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"reprise/internal/pgtest"
	"reprise/internal/secret"
	"reprise/internal/takedown"
)

func (h *house) supervisor() takedown.Actor {
	return takedown.Actor{Role: takedown.RoleSupervisor, ID: "sacha"}
}

// states gives the states of the matches of a case.
func (h *house) states(caseID string) (out []takedown.MatchState) {
	for _, i := range h.view(caseID).Items {
		for _, m := range i.Matches {
			out = append(out, m.State)
		}
	}
	return out
}

func (h *house) verbs(caseID string) (out []string) {
	for _, e := range h.view(caseID).Events {
		out = append(out, e.Verb)
	}
	return out
}

func TestLogoIsRejectedInEveryCaseAndNeverSuggestedAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 0)
		one, other := h.open("http://"+page), h.open("http://"+page)
		first := h.item(one.ID).Matches[0]
		if _, err := h.NotAnImage(h.ctx, h.staff, first.ID); !errors.Is(err, takedown.ErrForbidden) && takedown.KindOf(err) != takedown.Forbidden {
			t.Fatalf("a caseworker alone calls a given image a logo: %v", err)
		}
		if got := h.states(other.ID); !slices.Equal(got, []takedown.MatchState{takedown.MatchSuggested}) {
			t.Fatalf("refused, and the matches are %v", got)
		}
		if n, err := h.NotAnImage(h.ctx, h.supervisor(), first.ID); err != nil || n != 2 {
			t.Fatalf("%d matches were rejected: %v", n, err)
		}
		for _, id := range []string{one.ID, other.ID} {
			if got := h.states(id); !slices.Equal(got, []takedown.MatchState{takedown.MatchRejected}) {
				t.Errorf("the matches are %v", got)
			}
		}
		if !slices.Contains(h.verbs(one.ID), "negative.add") || !slices.Contains(h.verbs(other.ID), "match.rejected") {
			t.Errorf("the events are %v and %v", h.verbs(one.ID), h.verbs(other.ID))
		}
		third := h.open("http://" + page)
		if got := h.states(third.ID); len(got) != 0 {
			t.Errorf("a logo is suggested: %v", got)
		}
		negatives := try(h.Negatives(h.ctx, h.staff))(t)
		if len(negatives) != 1 || negatives[0].Rejected != 2 || negatives[0].AddedBy != "sacha" || negatives[0].Why != takedown.NegativeLogo {
			t.Fatalf("the negatives are %+v", negatives)
		}
		if err := h.RemoveNegative(h.ctx, h.staff, negatives[0].ID); !errors.Is(err, takedown.ErrForbidden) {
			t.Errorf("a caseworker removes a negative: %v", err)
		}
		must(t, h.RemoveNegative(h.ctx, h.supervisor(), negatives[0].ID))
		h.later(72 * time.Hour)
		if got := h.states(third.ID); !slices.Equal(got, []takedown.MatchState{takedown.MatchSuggested}) {
			t.Errorf("what is no logo any more is not suggested: %v", got)
		}
	})
}

// The found file alone is the logo: her own image is compared as before.
func TestLogoNearAReferenceIsPassedOverAndTheReferenceComparedStill(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 0)
		h.site.crop(t, page)
		her := h.open("http://" + page)
		if _, err := h.NotAnImage(h.ctx, h.staff, h.item(her.ID).Matches[0].ID); err != nil {
			t.Fatal(err)
		}
		other := h.open("http://" + page)
		if i := h.item(other.ID); len(i.Matches) != 0 || i.Item.LookedAt.IsZero() {
			t.Errorf("the logo is suggested: %+v", i.Matches)
		}
		h.site.gallery(t, "photo2.photomur.net/whole", 0)
		third := h.open("http://photo2.photomur.net/whole")
		if got := h.states(third.ID); !slices.Equal(got, []takedown.MatchState{takedown.MatchSuggested}) {
			t.Errorf("her image is not suggested any more: %v", got)
		}
	})
}

func TestMatchThatWasConfirmedMayStillBeCalledALogo(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 0)
		her := h.open("http://" + page)
		m := h.item(her.ID).Matches[0]
		must(t, h.DecideMatches(h.ctx, h.staff, []string{m.ID}, takedown.MatchConfirmed))
		if n, err := h.NotAnImage(h.ctx, h.supervisor(), m.ID); err != nil || n != 1 {
			t.Fatalf("%d were rejected: %v", n, err)
		}
		if _, err := h.NotAnImage(h.ctx, h.supervisor(), m.ID); !errors.Is(err, takedown.ErrStep) {
			t.Errorf("rejected twice: %v", err)
		}
	})
}

// flooded plants matches of a case's reference as looks would: so many at items
// of the case, each by a file of its own.
func (h *house) flooded(caseID string, n int, found func(int) string) {
	h.t.Helper()
	must(h.t, h.Change(h.ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		items, err := c.ItemsOfCase(caseID)
		if err != nil {
			return err
		}
		references, err := c.ReferencesOfCase(caseID)
		if err != nil {
			return err
		}
		var matches []takedown.Match
		for k := range n {
			item := items[k%len(items)]
			if item.Triage == takedown.TriageWaiting {
				was := item
				if err := errors.Join(item.Clear(c.Now), c.SaveItem(item, was)); err != nil {
					return err
				}
				items[k%len(items)] = item
			}
			matches = append(matches, takedown.Match{
				CaseID: caseID, ItemID: item.ID, ReferenceID: references[0].ID, Media: takedown.NewPrivate("http://photomur.net/" + secret.NewID()),
				Found: takedown.NewPrivate(found(k)), Kind: takedown.MatchWhole, Distance: 12, Verdict: takedown.VerdictNear, State: takedown.MatchSuggested,
			})
		}
		return c.keepMatches(matches)
	}))
}

// filesOf gives the hashes of different files: none is within reach of another.
func filesOf(k int) string { return fmt.Sprintf("%032d", 7919*(k+1)) }

func hosts(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf("http://photo%d.photomur.net/a", i))
	}
	return out
}

func (h *house) tasks() map[takedown.Task]int {
	out := map[takedown.Task]int{}
	for _, r := range try(h.Queue(h.ctx, h.staff))(h.t) {
		out[r.Task] += r.Count
	}
	return out
}

// onIdle runs a test on both databases with workers that do nothing.
func onIdle(t *testing.T, run func(*testing.T, *house)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { run(t, newHouseFor(t, t.TempDir()+"/reprise.db", false)) })
	t.Run("postgres", func(t *testing.T) { run(t, newHouseFor(t, pgtest.Start(t), false)) })
}

func TestReferenceThatMatchesTooOftenIsHeldUntilAPersonHasLooked(t *testing.T) {
	onIdle(t, func(t *testing.T, h *house) {
		her := h.opened(hosts(6)...)
		h.flooded(her, takedown.FloodMatches, filesOf)
		if got := h.states(her); len(got) != 40 || slices.Contains(got, takedown.MatchHeld) {
			t.Fatalf("forty matches are %v", got)
		}
		h.flooded(her, 2, func(k int) string { return filesOf(100 + k) })
		if got := h.states(her); len(got) != 42 || slices.Contains(got, takedown.MatchSuggested) {
			t.Fatalf("beyond the bound they are %v", got)
		}
		if got := h.tasks(); got[takedown.TaskFlood] != 42 || got[takedown.TaskMatch] != 0 || got[takedown.TaskReview] != 0 {
			t.Errorf("the queue shows %v", got)
		}
		floods := h.view(her).Floods
		if len(floods) != 1 || floods[0].Held != 42 || floods[0].Cases != 1 {
			t.Fatalf("the case shows %+v", floods)
		}
		if n, err := h.DecideFlood(h.ctx, h.staff, floods[0].ID, takedown.FloodReal); err != nil || n != 42 {
			t.Fatalf("%d were released: %v", n, err)
		}
		if _, err := h.DecideFlood(h.ctx, h.staff, floods[0].ID, takedown.FloodRejected); !errors.Is(err, takedown.ErrStep) {
			t.Errorf("decided twice: %v", err)
		}
		h.clock.advance(time.Minute)
		h.flooded(her, takedown.FloodMatches, func(k int) string { return filesOf(200 + k) })
		if got := h.states(her); len(got) != 82 || slices.Contains(got, takedown.MatchHeld) {
			t.Errorf("what a person called real is held again: %v", got)
		}
		if got := h.verbs(her); !slices.Contains(got, "flood.begin") || !slices.Contains(got, "flood.real") {
			t.Errorf("the events are %v", got)
		}
	})
}

func TestFloodOfNobodysImageIsRejectedWholeAndItsReferenceComparedNoMore(t *testing.T) {
	onIdle(t, func(t *testing.T, h *house) {
		her := h.opened(hosts(6)...)
		h.flooded(her, takedown.FloodMatches+1, filesOf)
		f := h.view(her).Floods[0]
		if _, err := h.DecideFlood(h.ctx, h.staff, f.ID, takedown.FloodRejected); takedown.KindOf(err) != takedown.Forbidden {
			t.Fatalf("a caseworker alone calls a given image nobody's: %v", err)
		}
		if n, err := h.DecideFlood(h.ctx, h.supervisor(), f.ID, takedown.FloodRejected); err != nil || n != 41 {
			t.Fatalf("%d were rejected: %v", n, err)
		}
		if got := h.states(her); slices.ContainsFunc(got, func(s takedown.MatchState) bool { return s != takedown.MatchRejected }) {
			t.Errorf("the matches are %v", got)
		}
		l := try(h.prepareLook(h.ctx, h.view(her).Items[0].Item.ID))(t)
		if len(l.references.Images) != 0 || len(l.nobody) != 1 {
			t.Errorf("%d references are compared, %d negatives", len(l.references.Images), len(l.nobody))
		}
	})
}

func TestManyMatchesOnFewHostsAreNoFlood(t *testing.T) {
	onIdle(t, func(t *testing.T, h *house) {
		her := h.opened(hosts(5)...)
		h.flooded(her, 100, filesOf)
		if got := h.states(her); slices.Contains(got, takedown.MatchHeld) {
			t.Errorf("held: %v", got)
		}
	})
}

func TestOneFileNearReferencesOfManyCasesIsHeld(t *testing.T) {
	onIdle(t, func(t *testing.T, h *house) {
		same := func(int) string { return filesOf(1) }
		var cases []string
		for range takedown.FloodCases {
			her := h.opened(hosts(1)...)
			h.flooded(her, 1, same)
			cases = append(cases, her)
		}
		for _, id := range cases {
			if got := h.states(id); got[0] != takedown.MatchSuggested {
				t.Fatalf("in five cases it is %v", got)
			}
		}
		sixth := h.opened(hosts(1)...)
		h.flooded(sixth, 1, same)
		for _, id := range append(cases, sixth) {
			if got := h.states(id); got[0] != takedown.MatchHeld {
				t.Errorf("in six cases it is %v", got)
			}
		}
		f := h.view(cases[0]).Floods[0]
		if f.Cases != 6 || f.Held != 6 || h.tasks()[takedown.TaskFlood] != 6 {
			t.Errorf("the flood is %+v", f)
		}
		if n, err := h.DecideFlood(h.ctx, h.staff, f.ID, takedown.FloodReal); err != nil || n != 6 {
			t.Fatalf("%d were released: %v", n, err)
		}
		seventh := h.opened(hosts(1)...)
		h.flooded(seventh, 1, same)
		if got := h.states(seventh); got[0] != takedown.MatchSuggested {
			t.Errorf("what a person called real is %v", got)
		}
	})
}

func TestFloodIsDecidedByCaseworkersAlone(t *testing.T) {
	onIdle(t, func(t *testing.T, h *house) {
		for _, role := range []takedown.Role{takedown.RoleReporter, takedown.RoleAdministrator, takedown.RoleAuditor, takedown.RoleNobody} {
			a := takedown.Actor{Role: role}
			_, decide := h.DecideFlood(h.ctx, a, "x", takedown.FloodReal)
			_, call := h.NotAnImage(h.ctx, a, "x")
			_, list := h.Negatives(h.ctx, a)
			for what, err := range map[string]error{"decide": decide, "call": call, "list": list, "remove": h.RemoveNegative(h.ctx, a, "x")} {
				if !errors.Is(err, takedown.ErrForbidden) {
					t.Errorf("%s may %s: %v", role, what, err)
				}
			}
		}
	})
}
