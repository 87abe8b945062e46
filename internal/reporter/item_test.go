package reporter

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"reprise/internal/casework"
	"reprise/internal/secret"
	"reprise/internal/takedown"
)

// see keeps a look at the first address of a person, some hours later.
func (h *dataHouse) see(p *person, hours int, saw takedown.Sighting) {
	h.t.Helper()
	h.must(h.Change(h.ctx, takedown.System(), takedown.MayRunJobs, func(c *casework.Change) error {
		return c.AddObservation(takedown.Observation{
			ID: secret.NewID(), CaseID: p.ID, ItemID: p.item, At: c.Now.Add(time.Duration(hours) * time.Hour), Saw: saw, Distance: -1,
		})
	}))
}

func TestAHistoryTellsOfChangesAndOfAGoneOnlySeenTwice(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		p := h.settle("canaryalpha", 0)
		kinds := func() string {
			history, err := h.ItemHistory(h.ctx, p.Actor, p.item)
			h.must(err)
			var out []string
			for _, l := range history.Lines {
				out = append(out, string(l.What))
			}
			return strings.Join(out, " ")
		}
		h.see(p, 1, takedown.SawContent)
		h.see(p, 2, takedown.SawGone)
		if got := kinds(); got != "received seen" {
			t.Errorf("after one look that found it gone: %s", got)
		}
		h.see(p, 30, takedown.SawGone)
		h.see(p, 40, takedown.SawContent)
		if got := kinds(); got != "received seen gone back" {
			t.Errorf("%s", got)
		}
	})
}

func TestAnItemOfAnotherCaseIsNotFoundAndTellsNothing(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		a, b := h.settle("canaryalpha", 0), h.settle("canarybravo", 1)
		if _, err := h.ItemHistory(h.ctx, b.Actor, a.item); takedown.KindOf(err) != takedown.NotFound {
			t.Errorf("another's item: %v", err)
		}
		if err := h.StopItem(h.ctx, b.Actor, a.item); takedown.KindOf(err) != takedown.NotFound {
			t.Errorf("another's item is stopped: %v", err)
		}
		history, err := h.ItemHistory(h.ctx, b.Actor, b.item)
		h.must(err)
		told := fmt.Sprintf("%+v %s", history, history.Item.Address.Reveal())
		for _, never := range []string{"canaryalpha", "camille", "Third Person"} {
			if strings.Contains(told, never) {
				t.Errorf("the history holds %q", never)
			}
		}
	})
}

func TestAPersonStopsTheWorkOnOneAddress(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		p := h.settle("canaryalpha", 0)
		h.must(h.StopItem(h.ctx, p.Actor, p.item))
		history, err := h.ItemHistory(h.ctx, p.Actor, p.item)
		h.must(err)
		last := history.Lines[len(history.Lines)-1]
		if history.Item.Closed != takedown.ClosedWithdrawn || last.What != takedown.WasClosed || !history.Item.NextLook.IsZero() {
			t.Errorf("%+v", history)
		}
		if err := h.StopItem(h.ctx, p.Actor, p.item); err == nil {
			t.Error("it is stopped twice")
		}
	})
}
