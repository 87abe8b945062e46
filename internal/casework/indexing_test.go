package casework

import (
	"context"
	"errors"
	"testing"
	"time"

	"reprise/internal/phash"
	"reprise/internal/secret"
	"reprise/internal/takedown"
)

// brings opens a case with an address and one of the photographs, and does what
// is due.
func (h *house) brings(address string, n int) takedown.Actor {
	h.t.Helper()
	id := try(h.OpenCase(h.ctx, takedown.Actor{}, h.form([]string{address}, h.reference(n))))(h.t).CaseID
	h.turn()
	return takedown.Actor{Role: takedown.RoleReporter, ID: id}
}

func TestCaseworkersReadWhichOtherCasesHaveAnImage(t *testing.T) {
	onIdle(t, func(t *testing.T, h *house) {
		one, other := h.opened(hosts(1)...), h.opened(hosts(1)...)
		alone := try(h.OpenCase(h.ctx, takedown.Actor{}, h.form(hosts(1), h.reference(1))))(t).CaseID
		for id, want := range map[string]string{one: other, other: one} {
			got := h.view(id).Others
			if len(got) != 1 || got[0].ID != want || got[0].Images != 1 || got[0].Number.Reveal() != h.view(want).Case.Number.Reveal() {
				t.Errorf("others of a case: %+v", got)
			}
		}
		if got := h.view(alone).Others; len(got) != 0 {
			t.Errorf("an image of one case alone is in %+v", got)
		}
		her := takedown.Actor{Role: takedown.RoleReporter, ID: alone}
		try(h.AddReferences(h.ctx, her, []takedown.GivenReference{h.reference(0)}))(t)
		if got := h.view(one).Others; len(got) != 2 {
			t.Errorf("a reference given later is not seen: %+v", got)
		}
		must(t, h.Change(h.ctx, h.staff, takedown.MayDecideMatch, func(c *Change) error {
			references, err := c.ReferencesOfCase(one)
			if err != nil {
				return err
			}
			_, err = c.KeepNegative(takedown.Negative{ID: secret.NewID(), Hash: takedown.NewPrivate(string(references[0].Exchange)), AddedAt: c.Now})
			return err
		}))
		if got := h.view(one).Others; len(got) != 0 {
			t.Errorf("what shows nobody joins cases: %+v", got)
		}
	})
}

func TestIndexThatDiffersFromTheDatabaseIsBuiltAnew(t *testing.T) {
	onIdle(t, func(t *testing.T, h *house) {
		must(t, h.VerifyReferences(h.ctx))
		one, other := h.opened(hosts(1)...), h.opened(hosts(1)...)
		must(t, h.FollowReferences(h.ctx))
		must(t, h.VerifyReferences(h.ctx))
		if n := h.everybody.index.Len(); n != 2 {
			t.Fatalf("%d references are in memory, want 2", n)
		}
		for what, spoil := range map[string]func(){
			"one too many":  func() { h.everybody.index.Add(99, phash.Hash256{1}) },
			"none":          func() { h.everybody.index.Build(nil, nil) },
			"another hash":  func() { h.everybody.index.Build([]uint64{1, 2}, []phash.Hash256{{1}, {2}}) },
			"one forgotten": func() { h.everybody.index.Build([]uint64{1}, []phash.Hash256{{1}}) },
		} {
			spoil()
			if err := h.VerifyReferences(h.ctx); !errors.Is(err, ErrIndexDiffered) {
				t.Errorf("%s: %v", what, err)
			}
			must(t, h.VerifyReferences(h.ctx))
			if got := h.view(one).Others; len(got) != 1 || got[0].ID != other {
				t.Errorf("%s: after it was built anew: %+v", what, got)
			}
		}
	})
}

func TestImageOfAnotherCaseIsSuggestedThereAndToldOnlyOnceConfirmed(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 1)
		other := h.brings("http://photo1.photomur.net/elsewhere", 1)
		h.brings("http://"+page, 0)
		items := h.view(other.ID).Items
		if len(items) != 2 {
			t.Fatalf("the other case has %d items, want its own and the one found", len(items))
		}
		found := items[1]
		if found.Item.Origin != takedown.FromSystem || found.Item.Triage != takedown.TriageWaiting || found.Item.Address.Reveal() != "http://"+page {
			t.Errorf("found is %+v", found.Item)
		}
		if len(found.Matches) != 1 || found.Matches[0].Verdict != takedown.VerdictNear || !found.Matches[0].Suggested() {
			t.Fatalf("its matches are %+v", found.Matches)
		}
		h.turn()
		told := func() int { return len(try(h.Progress(h.ctx, other))(t).Items) }
		if n := told(); n != 1 {
			t.Errorf("she reads of %d addresses before anybody confirmed", n)
		}
		h.later(48 * time.Hour)
		if n := len(h.view(other.ID).Items); n != 2 {
			t.Errorf("later looks find it again: %d items", n)
		}
		must(t, h.DecideMatches(h.ctx, h.staff, []string{found.Matches[0].ID}, takedown.MatchConfirmed))
		if n := told(); n != 2 {
			t.Errorf("she reads of %d addresses once it is confirmed", n)
		}
	})
}

func TestWithdrawnCaseIsSuggestedNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 1)
		other := h.brings("http://photo1.photomur.net/elsewhere", 1)
		must(t, h.Withdraw(context.Background(), other))
		h.brings("http://"+page, 0)
		if n := len(h.view(other.ID).Items); n != 1 {
			t.Errorf("a withdrawn case has %d items", n)
		}
	})
}

func TestWhatWeFoundOurselvesMakesNoNewsBeforeItIsConfirmed(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 1)
		other := h.brings("http://photo1.photomur.net/elsewhere", 1)
		h.brings("http://"+page, 0)
		found := h.view(other.ID).Items[1].Item
		must(t, h.RejectItems(h.ctx, h.staff, []string{found.ID}, takedown.ClosedScope))
		if h.view(other.ID).Case.Contact.News {
			t.Error("she is told that there is news")
		}
		own := h.view(other.ID).Items[0].Item
		must(t, h.RejectItems(h.ctx, h.staff, []string{own.ID}, takedown.ClosedScope))
		if !h.view(other.ID).Case.Contact.News {
			t.Error("she is not told of her own address")
		}
	})
}
