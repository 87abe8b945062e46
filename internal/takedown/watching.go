package takedown

import "time"

// watchAnswerWithin is how long a person may answer whether to go on watching.
// Without an answer the watch ends; nothing is deleted.
const watchAnswerWithin = 30 * day

// WatchOver tells whether the time is over in which a closed case stays watched,
// so that its person is asked.
func (c Case) WatchOver(now time.Time) bool {
	return c.State == CaseClosed && !c.WatchUntil.IsZero() && !now.Before(c.WatchUntil)
}

// WatchEnds tells whether the watch ends because she has not answered.
func (c Case) WatchEnds(now time.Time) bool {
	return c.WatchOver(now) && !now.Before(c.WatchUntil.Add(watchAnswerWithin))
}

// KeepWatching lets a closed case be watched as long again.
func (c *Case) KeepWatching(now time.Time) error {
	if !c.WatchOver(now) {
		return ErrStep
	}
	c.WatchUntil, c.WatchAsked = now.Add(WatchFor), false
	return nil
}

// StopWatching ends the watch of a closed case.
func (c *Case) StopWatching() error {
	if c.State != CaseClosed || c.WatchUntil.IsZero() {
		return ErrStep
	}
	c.WatchUntil, c.WatchAsked = time.Time{}, false
	return nil
}

// WatchAgain lets a removed item be looked at now, and then by its clock.
func (i *Item) WatchAgain(now time.Time) error {
	if i.Open() || !i.Closed.Reopens() {
		return ErrStep
	}
	i.NextLook = now
	return nil
}

// MaxItemLabel bounds what a person calls an address, in characters.
const MaxItemLabel = 80
