package casework

import (
	"fmt"
	"testing"

	"reprise/internal/keypoints"
	"reprise/internal/takedown"
)

// A stranger who lists thousands of addresses with her image leaves her room.
func TestWhatWeFindOurselvesWaitsInACaseUpToABound(t *testing.T) {
	onIdle(t, func(t *testing.T, h *house) {
		her := h.opened(hosts(1)...)
		must(t, h.Change(h.ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
			references, err := c.ReferencesOfCase(her)
			for k := range maxFoundWaiting + 5 {
				if err != nil {
					return err
				}
				item := takedown.Item{
					Address: takedown.NewPrivate(fmt.Sprintf("http://photomur.net/%d", k)), Host: takedown.NewPrivate("photomur.net"),
				}
				err = c.suggestIn(item, takedown.Match{
					CaseID: her, ReferenceID: references[0].ID, Media: takedown.NewPrivate(fmt.Sprint(k)), Kind: takedown.MatchWhole,
					Variant: "same", Verdict: takedown.VerdictNear, State: takedown.MatchSuggested,
				})
			}
			return err
		}))
		if n := len(h.view(her).Items); n != 1+maxFoundWaiting {
			t.Errorf("the case has %d items, want her one and %d", n, maxFoundWaiting)
		}
	})
}

func TestMorePointsThanAReferenceHasAreRefused(t *testing.T) {
	onIdle(t, func(t *testing.T, h *house) {
		for n, kept := range map[int]bool{keypoints.ForReference: true, keypoints.ForReference + 1: false} {
			marked := h.reference(0)
			marked.Points = try(keypoints.Set{Width: 100, Height: 100, Points: make([]keypoints.Point, n)}.MarshalBinary())(t)
			form := h.form(hosts(1), marked)
			form.MayUsePoints, form.Key = true, fmt.Sprint(n)
			if _, err := h.OpenCase(h.ctx, takedown.Actor{}, form); (err == nil) != kept {
				t.Errorf("%d points: %v", n, err)
			}
		}
	})
}
