package reporter

import (
	"errors"
	"strings"
	"testing"
	"time"

	"reprise/internal/casework"
	"reprise/internal/takedown"
)

// closes gives a person whose addresses are all removed, so that her case is
// closed and watched.
func (h *dataHouse) closes(p *person) {
	h.t.Helper()
	h.must(h.Change(h.ctx, takedown.System(), takedown.MayRunJobs, func(c *casework.Change) error {
		file, err := c.CaseByID(p.ID)
		if err != nil {
			return err
		}
		items, err := c.ItemsOfCase(p.ID)
		if err != nil {
			return err
		}
		for _, i := range items {
			was := i
			i.Triage, i.Presence, i.Closed, i.ClosedAt, i.NextLook = takedown.TriageConfirmed, takedown.Removed, takedown.ClosedRemoved, c.Now, time.Time{}
			if err := c.SaveItem(i, was); err != nil {
				return err
			}
			i.NextLook = time.Time{}
		}
		items, err = c.ItemsOfCase(p.ID)
		if err != nil {
			return err
		}
		if !file.Settle(items, c.Now) {
			return errors.New("the case does not close")
		}
		return c.SaveCaseState(file, takedown.CaseOpen)
	}))
}

func (h *dataHouse) standing(p *person) takedown.CaseStanding {
	h.t.Helper()
	s, err := h.CaseStanding(h.ctx, p.Actor)
	h.must(err)
	return s
}

func (h *dataHouse) looksDue() int {
	h.t.Helper()
	n := 0
	h.must(h.Change(h.ctx, takedown.System(), takedown.MayRunJobs, func(c *casework.Change) error {
		due, err := c.ItemsToLookAt(h.now.Add(time.Second), 100)
		n = len(due)
		return err
	}))
	return n
}

func TestAfterNinetyDaysThePersonIsAskedOnceWhetherToGoOn(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		her := h.settle("amber", 0)
		h.closes(her)
		closed := h.now
		h.now = closed.Add(takedown.WatchFor - time.Second)
		h.must(h.EndWatches(h.ctx))
		if h.standing(her).WatchOver || h.progress(her).Contact.News {
			t.Fatal("she is asked too early")
		}
		if err := h.KeepWatching(h.ctx, her.Actor); !errors.Is(err, takedown.ErrStep) {
			t.Errorf("before the time: %v", err)
		}
		h.now = closed.Add(takedown.WatchFor)
		h.must(h.EndWatches(h.ctx))
		if !h.standing(her).WatchOver || !h.progress(her).Contact.News {
			t.Fatal("she is not asked, or not told")
		}
		h.must(h.KeepWatching(h.ctx, her.Actor))
		if h.standing(her).WatchOver || h.looksDue() != 2 {
			t.Errorf("after yes: asked %v, %d looks", h.standing(her).WatchOver, h.looksDue())
		}
		if p := h.progress(her); !p.WatchUntil.Equal(h.now.Add(takedown.WatchFor)) {
			t.Errorf("watched until %s", p.WatchUntil)
		}
		h.now = h.now.Add(takedown.WatchFor)
		h.must(h.EndWatches(h.ctx))
		h.must(h.StopWatching(h.ctx, her.Actor))
		if h.standing(her).WatchOver || h.looksDue() != 0 || !h.progress(her).WatchUntil.IsZero() {
			t.Errorf("after no: %d looks, until %s", h.looksDue(), h.progress(her).WatchUntil)
		}
	})
}

func TestWithoutAnAnswerTheWatchEndsAfterAMonthAndNothingIsDeleted(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		her := h.settle("amber", 0)
		h.closes(her)
		over := h.now.Add(takedown.WatchFor)
		h.now = over.Add(30*24*time.Hour - time.Second)
		h.must(h.EndWatches(h.ctx))
		if !h.standing(her).WatchOver {
			t.Fatal("it ends too early")
		}
		h.now = over.Add(30 * 24 * time.Hour)
		h.must(h.EndWatches(h.ctx))
		if p := h.progress(her); h.standing(her).WatchOver || !p.WatchUntil.IsZero() || len(p.Items) != 2 || p.State != takedown.CaseClosed {
			t.Errorf("%s, %d addresses, until %s", p.State, len(p.Items), p.WatchUntil)
		}
	})
}

func TestAnAddressIsNamedByItsPersonAlone(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		her, other := h.settle("amber", 0), h.settle("birch", 1)
		name := strings.Repeat("é", takedown.MaxItemLabel)
		h.must(h.NameItem(h.ctx, her.Actor, her.item, takedown.NewPrivate(name)))
		h.kind(h.NameItem(h.ctx, her.Actor, her.item, takedown.NewPrivate(name+"é")), takedown.Invalid)
		h.kind(h.NameItem(h.ctx, other.Actor, her.item, takedown.NewPrivate("mine")), takedown.NotFound)
		if got := h.progress(her).Items[0].Label.Reveal(); got != name {
			t.Errorf("it is called %q", got)
		}
		h.must(h.NameItem(h.ctx, her.Actor, her.item, takedown.NewPrivate("")))
		if got := h.progress(her).Items[0].Label; !got.Empty() {
			t.Error("the name does not go")
		}
	})
}
