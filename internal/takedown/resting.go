package takedown

import "time"

// How long a withdrawal waits, and how long it can be undone. Somebody who holds
// the phrase against her will could ask for it: she has three days to say no
// (SAFETY 2.1).
const (
	WithdrawAfter = 72 * time.Hour
	ReopenWithin  = 30 * day
)

// Rests tells whether nothing may be sent, looked at or told just now: the person
// asked for a pause, for her withdrawal, or has withdrawn.
func (c Case) Rests() bool {
	return c.State == CaseWithdrawn || !c.PausedAt.IsZero() || !c.LeavingAt.IsZero()
}

// MayTell tells whether the mail that says nothing may leave: not in a pause, but
// always when a withdrawal was asked for, since it may not have been she.
func (c Case) MayTell() bool { return c.PausedAt.IsZero() || !c.LeavingAt.IsZero() }

// Pause lets everything rest until the person takes it up again.
func (c *Case) Pause(now time.Time) error {
	if err := c.Takes(); err != nil {
		return err
	}
	if c.PausedAt.IsZero() {
		c.PausedAt = now
	}
	return nil
}

// Resume takes back a withdrawal that is asked for or, if there is none, ends the
// pause.
func (c *Case) Resume() error {
	if err := c.Takes(); err != nil {
		return err
	}
	if !c.LeavingAt.IsZero() {
		c.LeavingAt = time.Time{} // a pause that she asked for before goes on
		return nil
	}
	c.PausedAt = time.Time{}
	return nil
}

// AskToLeave asks for the withdrawal: from now on the case rests, and after
// WithdrawAfter it is withdrawn. Asking again does not begin the time anew.
func (c *Case) AskToLeave(now time.Time) error {
	if err := c.Takes(); err != nil {
		return err
	}
	if c.LeavingAt.IsZero() {
		c.LeavingAt = now.Add(WithdrawAfter)
	}
	return nil
}

// Leaves tells whether the withdrawal that was asked for takes effect now.
func (c Case) Leaves(now time.Time) bool {
	return c.State != CaseWithdrawn && !c.LeavingAt.IsZero() && !now.Before(c.LeavingAt)
}

// Reopen takes a withdrawn case up again within ReopenWithin. What was closed as
// withdrawn opens with it.
func (c *Case) Reopen(now time.Time) error {
	switch {
	case c.State != CaseWithdrawn:
		return ErrStep
	case !now.Before(c.ClosedAt.Add(ReopenWithin)):
		return Refuse(Conflict, "error.reopen_late")
	}
	c.State, c.ClosedAt, c.WatchUntil = CaseOpen, time.Time{}, time.Time{}
	return nil
}

// CaseStanding is what every page of the person's space says of her case.
type CaseStanding struct {
	State       CaseState
	PausedAt    time.Time
	LeavingAt   time.Time
	MayReopen   bool
	RecoveryAt  time.Time // when somebody asked for another phrase, and may be stopped
	PhraseNewAt time.Time // when another phrase was taken, for as long as it is told
	WatchOver   bool      // she is asked whether to go on watching
	Unread      int       // messages of the team she has not read, and questions she has not answered
}

// StandingOf gives it of a case, the latest asking for another phrase, what was said
// in it, and what was asked.
func StandingOf(c Case, r Recovery, messages []Message, questions []Question, now time.Time) CaseStanding {
	s := CaseStanding{State: c.State, PausedAt: c.PausedAt, LeavingAt: c.LeavingAt, MayReopen: c.Reopen(now) == nil, WatchOver: c.WatchOver(now)}
	if r.Open(now) && (r.CodeAt.IsZero() || c.PhraseNewAt.Before(r.CodeAt)) { // else it gave the phrase that opened this
		s.RecoveryAt = r.AskedAt
	}
	if !c.PhraseNewAt.IsZero() && now.Before(c.PhraseNewAt.Add(PhraseToldFor)) {
		s.PhraseNewAt = c.PhraseNewAt
	}
	for _, m := range messages {
		if m.FromTeam && m.ReadAt.IsZero() {
			s.Unread++
		}
	}
	for _, q := range questions {
		if q.Open() {
			s.Unread++
		}
	}
	return s
}

// Visit tells on which day a space was opened, and how many times.
type Visit struct {
	Day   time.Time
	Times int
}
