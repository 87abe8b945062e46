package takedown

import "time"

// Triage is what people have decided about an item before anybody is asked.
type Triage string

// The states of triage. An address may be a trap that tells its planter that
// it was opened, so nothing is fetched while an item waits.
const (
	TriageWaiting   Triage = "waiting"   // may not be looked at yet
	TriageCleared   Triage = "cleared"   // may be looked at
	TriageConfirmed Triage = "confirmed" // a person says it is to be taken down
	TriageRejected  Triage = "rejected"  // a person says it is not
)

// Triages lists every state.
func Triages() []Triage {
	return []Triage{TriageWaiting, TriageCleared, TriageConfirmed, TriageRejected}
}

// Origin tells who found an item.
type Origin string

// The three who find items.
const (
	FromReporter   Origin = "reporter"
	FromCaseworker Origin = "caseworker"
	FromSystem     Origin = "system"
)

// Item is one reported address in a case.
type Item struct {
	ID          string
	CaseID      string
	Position    int     // 1, 2, ... in the order given
	Address     Private // the bytes as given: for looking and for the notice
	Host        Private // the host in its one spelling
	RecipientID string  // the directory's entry for the host, or ""
	Origin      Origin
	Triage      Triage
	Standing
	Closed    Closing
	ClosedAt  time.Time
	LookedAt  time.Time // last look, zero before the first
	SeenAt    time.Time // last look that found something there, zero: none has
	NextLook  time.Time // zero: no look is due
	CreatedAt time.Time
	Label     Private // what its person calls it
	Overruled Private // why a person overruled the looks, the last time
}

// Told tells whether the person reads of the item: one that we found ourselves
// only once a caseworker has confirmed it.
func (i Item) Told() bool { return i.Origin != FromSystem || i.Triage == TriageConfirmed }

// Open tells whether work on the item goes on.
func (i Item) Open() bool { return i.Closed == "" }

// Watched tells whether an item, open or closed as removed, is still looked at.
func (i Item) Watched() bool {
	looked := i.Triage == TriageCleared || i.Triage == TriageConfirmed
	return looked && (i.Open() || i.Closed.Reopens())
}

// Clear lets the item be looked at.
func (i *Item) Clear(now time.Time) error {
	if !i.Open() || i.Triage != TriageWaiting {
		return ErrStep
	}
	i.Triage, i.NextLook = TriageCleared, now
	return nil
}

// Confirm records a person's word that the item is to be taken down. It also
// clears an item that still waits.
func (i *Item) Confirm(now time.Time) error {
	switch {
	case !i.Open() || i.Triage == TriageRejected || i.Triage == TriageConfirmed:
		return ErrStep
	case i.Triage == TriageWaiting:
		i.NextLook = now
	}
	i.Triage = TriageConfirmed
	return nil
}

// Reject closes the item on a person's word that it is not to be taken down.
func (i *Item) Reject(why Closing, now time.Time) error {
	if i.Triage == TriageConfirmed || why.Reopens() {
		return ErrStep
	}
	if err := i.Close(why, now); err != nil {
		return err
	}
	i.Triage = TriageRejected
	return nil
}

// Close ends the work on the item for a reason of the list. A removal cannot
// be claimed that no second look has confirmed, nor for what is only delisted.
func (i *Item) Close(why Closing, now time.Time) error {
	if !i.Open() {
		return ErrStep
	}
	if !why.Known() {
		return ErrReason
	}
	if !why.borneOut(i.Standing) {
		return ErrStep
	}
	i.Closed, i.ClosedAt = why, now
	if !i.Watched() {
		i.NextLook = time.Time{}
	}
	return nil
}

// Reopen takes up an item again that was closed as removed and has come back.
func (i *Item) Reopen() error {
	if i.Open() || !i.Closed.Reopens() {
		return ErrStep
	}
	i.Closed, i.ClosedAt = "", time.Time{}
	return nil
}

// TakeUp opens again what was closed only because its person withdrew. It, and
// what had been removed before, is looked at now if it was looked at before.
func (i *Item) TakeUp(now time.Time) error {
	switch {
	case i.Closed == ClosedWithdrawn:
		i.Closed, i.ClosedAt = "", time.Time{}
	case i.Open() || !i.Closed.Reopens():
		return ErrStep
	}
	if i.Triage != TriageWaiting {
		i.NextLook = now
	}
	return nil
}

// See records a look: the new standing, and when to look next. sentAt is when
// the newest notice about the item left (zero: none has).
func (i *Item) See(saw Sighting, sentAt, now time.Time) error {
	if !i.Watched() {
		return ErrStep
	}
	i.Standing = i.Observe(saw, now)
	i.LookedAt = now
	if saw == SawContent {
		i.SeenAt = now
	}
	i.NextLook = NextLook(i.Standing, sentAt, now)
	return nil
}

// Askable tells whether a request about the item may be planned: nobody declares
// in good faith what nobody has found.
func (i Item) Askable() error {
	unfound := i.SeenAt.IsZero() && (i.Presence == GoneOnce || i.Presence == Unreachable)
	if !i.Open() || i.Triage != TriageConfirmed || i.Gone() || unfound {
		return ErrStep
	}
	return nil
}

// NothingThere tells whether looks agree that there is nothing at the address
// and none has ever found anything there: a mistyped address, most often.
func (i Item) NothingThere() bool { return i.Gone() && i.Open() && i.SeenAt.IsZero() }

// Rest ends the looking at an item.
func (i *Item) Rest() { i.NextLook = time.Time{} }

// Suspect stops everything about an item in which a minor may be seen: it is
// closed for the competent channel and never looked at again.
func (i *Item) Suspect(now time.Time) error {
	if i.Closed == ClosedProtection {
		return ErrStep
	}
	i.Closed, i.ClosedAt = ClosedProtection, now
	i.Rest()
	return nil
}
