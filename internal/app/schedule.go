package app

import (
	"context"
	"time"

	"reprise/internal/takedown"
)

// duty is one line of the schedule: what happens without a person, and how
// often at most. When something is due is read from our own rows with our own
// clock; a duty only asks.
type duty struct {
	name  string
	every time.Duration
	do    func(context.Context) error
}

// duties is the table of everything that happens without a person.
func (h *House) duties() []duty {
	o := h.Office
	return []duty{
		{"looks", 5 * time.Second, o.EnqueueLooks},
		{"sends", time.Minute, o.EnqueueSends},
		{"mailbox", 30 * time.Second, o.ReadMailbox},
		{"unclear", time.Minute, h.recover},
		{"deadlines", time.Minute, o.Deadlines},
		{"watches", time.Hour, o.EndWatches},
		{"withdrawals", time.Minute, o.CarryOutWithdrawals},
		{"recoveries", time.Minute, o.SendRecoveryCodes},
		{"updates", time.Minute, o.EnqueueTells},
		{"references", time.Hour, o.VerifyReferences},
		{"scrub", time.Hour, h.Store.Scrub},
		{"sessions", 5 * time.Minute, h.endStaleSessions},
	}
}

func (h *House) recover(ctx context.Context) error {
	return h.Office.Recover(ctx, h.clock().Add(-takedown.NoticeRestsFor))
}

// schedule does each duty in its turn until ctx ends. A duty that fails is
// tried again at its next turn and noted with its name; a panic is a failure.
func (h *House) schedule(ctx context.Context) {
	due := map[string]time.Time{}
	tick := time.NewTicker(h.Config.turn())
	defer tick.Stop()
	for {
		for _, d := range h.duties() {
			every := d.every
			if h.Config.Trial {
				every = h.Config.turn()
			}
			if now := time.Now(); !now.Before(due[d.name]) {
				due[d.name] = now.Add(every)
				h.perform(ctx, d)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (h *House) perform(ctx context.Context, d duty) {
	defer func() {
		if r := recover(); r != nil {
			h.Log.Error("a duty broke off", "duty", d.name)
			h.health.failed(d.name)
		}
	}()
	if err := d.do(ctx); err != nil && ctx.Err() == nil {
		h.Log.Error("a duty failed", "duty", d.name, "error", err.Error())
		h.health.failed(d.name)
		return
	}
	h.health.done(d.name)
}

// Turn does every duty once and then all the work that follows, for journeys
// that set the clock themselves.
func (h *House) Turn(ctx context.Context) error {
	for _, d := range h.duties() {
		if err := d.do(ctx); err != nil {
			return err
		}
		if err := h.Queue.Drain(ctx); err != nil {
			return err
		}
	}
	return nil
}
