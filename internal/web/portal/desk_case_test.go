package portal

import (
	"context"

	"reprise/internal/takedown"
)

func (d *desk) ItemHistory(_ context.Context, _ takedown.Actor, id string) (takedown.ItemHistory, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, i := range d.show.Items {
		if i.ID == id {
			return takedown.ItemHistory{Item: i, Lines: []takedown.HistoryLine{
				{At: march(1), What: takedown.WasReceived}, {At: march(2), What: takedown.WasSeen},
				{At: march(3), What: takedown.WasAsked, Who: "Pics Hosting"}, {At: march(4), What: takedown.WasAnswered, Who: "Pics Hosting", State: "acknowledged"},
				{At: march(6), What: takedown.WasGone, First: march(5)},
			}}, d.failing
		}
	}
	return takedown.ItemHistory{}, takedown.ErrNotFound
}

func (d *desk) StopItem(_ context.Context, _ takedown.Actor, id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for n, i := range d.show.Items {
		if i.ID == id {
			d.show.Items[n].Step, d.show.Items[n].Closed = takedown.StepStopped, takedown.ClosedWithdrawn
			return d.failing
		}
	}
	return takedown.ErrNotFound
}
