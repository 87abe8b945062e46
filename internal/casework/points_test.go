package casework

import (
	"errors"
	"slices"
	"testing"
	"time"

	"reprise/internal/keypoints"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// set gives local features as they are sent: none, of a picture of a width.
func set(t *testing.T, width int) []byte {
	t.Helper()
	return try(keypoints.Set{Width: width, Height: 100}.MarshalBinary())(t)
}

// marks gives the local features that are kept of a case's images.
func (h *house) marks(caseID string) (out []string) {
	h.t.Helper()
	must(h.t, h.Store.Read(h.ctx, func(tx *store.Tx) error {
		references, err := tx.ReferencesOfCase(caseID)
		for _, r := range references {
			out = append(out, string(r.Points))
		}
		return err
	}))
	return out
}

func TestPointsAreKeptByHerWordAloneAndForgottenByIt(t *testing.T) {
	onIdle(t, func(t *testing.T, h *house) {
		marked := h.reference(0)
		marked.Points = set(t, 200)
		id := try(h.OpenCase(h.ctx, takedown.Actor{}, h.form(hosts(1), marked)))(t).CaseID
		her := takedown.Actor{Role: takedown.RoleReporter, ID: id}
		if got := h.marks(id); !slices.Equal(got, []string{""}) {
			t.Fatalf("kept without her word: %q", got)
		}
		must(t, h.AllowPoints(h.ctx, her))
		if n := try(h.AddReferences(h.ctx, her, []takedown.GivenReference{marked}))(t); n != 1 {
			t.Errorf("the same image brings its points to %d images", n)
		}
		h.clock.advance(time.Minute)
		other := h.reference(1)
		other.Points = set(t, 300)
		try(h.AddReferences(h.ctx, her, []takedown.GivenReference{other, marked}))(t)
		if got := h.marks(id); !slices.Equal(got, []string{string(set(t, 200)), string(set(t, 300))}) {
			t.Errorf("kept are %q", got)
		}
		if p := try(h.Progress(h.ctx, her))(t); !p.MayUsePoints || len(p.Images) != 2 {
			t.Errorf("she reads %v, %d images", p.MayUsePoints, len(p.Images))
		}
		must(t, h.ForgetPoints(h.ctx, her))
		try(h.AddReferences(h.ctx, her, []takedown.GivenReference{other}))(t)
		if got := h.marks(id); !slices.Equal(got, []string{"", ""}) {
			t.Errorf("after she took it back: %q", got)
		}
		must(t, h.ForgetPoints(h.ctx, her))
		if p := try(h.Progress(h.ctx, her))(t); p.MayUsePoints {
			t.Error("she reads that they may be kept")
		}
		want := []string{"points.allow", "points.forget"}
		got := slices.DeleteFunc(h.verbs(id), func(v string) bool { return !slices.Contains(want, v) })
		if !slices.Equal(got, want) {
			t.Errorf("the events are %v", got)
		}
	})
}

func TestPointsThatNoLookCouldReadAreRefused(t *testing.T) {
	onIdle(t, func(t *testing.T, h *house) {
		marked := h.reference(0)
		marked.Points = []byte("no points")
		form := h.form(hosts(1), marked)
		form.MayUsePoints = true
		if _, err := h.OpenCase(h.ctx, takedown.Actor{}, form); takedown.KindOf(err) != takedown.Invalid {
			t.Errorf("they are kept: %v", err)
		}
		marked.Points, marked.Signature = nil, []byte("no hashes")
		if _, err := h.OpenCase(h.ctx, takedown.Actor{}, h.form(hosts(1), marked)); takedown.KindOf(err) != takedown.Invalid {
			t.Errorf("hashes that no look could read are kept: %v", err)
		}
	})
}

func TestPointsGoWithTheCase(t *testing.T) {
	onIdle(t, func(t *testing.T, h *house) {
		marked := h.reference(0)
		marked.Points = set(t, 200)
		form := h.form(hosts(1), marked)
		form.MayUsePoints = true
		id := try(h.OpenCase(h.ctx, takedown.Actor{}, form))(t).CaseID
		her := takedown.Actor{Role: takedown.RoleReporter, ID: id}
		if got := h.marks(id); !slices.Equal(got, []string{string(set(t, 200))}) {
			t.Fatalf("kept are %q", got)
		}
		must(t, h.Withdraw(h.ctx, her))
		if got := h.marks(id); !slices.Equal(got, []string{""}) {
			t.Errorf("kept of a withdrawn case: %q", got)
		}
		for what, err := range map[string]error{
			"allow": h.AllowPoints(h.ctx, h.staff), "forget": h.ForgetPoints(h.ctx, h.staff),
		} {
			if !errors.Is(err, takedown.ErrForbidden) {
				t.Errorf("a caseworker may %s: %v", what, err)
			}
		}
	})
}
