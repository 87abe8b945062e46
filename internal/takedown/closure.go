package takedown

import (
	"slices"
	"time"
)

// Closing is why work on an item ended.
type Closing string

// The closing reasons.
const (
	ClosedRemoved    Closing = "removed"             // confirmed by two looks
	ClosedByUploader Closing = "removed_by_uploader" // gone before anybody was asked
	ClosedDelisted   Closing = "delisted"            // out of every search asked
	ClosedNotPerson  Closing = "not_person"          // does not show the person
	ClosedScope      Closing = "out_of_scope"
	ClosedDuplicate  Closing = "duplicate"
	ClosedWithdrawn  Closing = "withdrawn"
	ClosedExhausted  Closing = "exhausted" // everybody was asked; with a referral
	ClosedProtection Closing = "child_protection"
)

// Closings lists every reason.
func Closings() []Closing {
	return []Closing{
		ClosedRemoved, ClosedByUploader, ClosedDelisted, ClosedNotPerson, ClosedScope,
		ClosedDuplicate, ClosedWithdrawn, ClosedExhausted, ClosedProtection,
	}
}

// ByHand lists the reasons a caseworker may choose for an open item.
func ByHand() []Closing {
	return []Closing{
		ClosedNotPerson, ClosedScope, ClosedDuplicate, ClosedExhausted, ClosedRemoved, ClosedDelisted,
	}
}

// Known tells whether the reason is one of the list.
func (c Closing) Known() bool { return slices.Contains(Closings(), c) }

// Reopens tells whether a reappearance takes the item up again.
func (c Closing) Reopens() bool {
	return c == ClosedRemoved || c == ClosedByUploader || c == ClosedDelisted
}

// borneOut tells whether what is there allows the reason to be given.
func (c Closing) borneOut(s Standing) bool {
	switch c {
	case ClosedRemoved, ClosedByUploader:
		return s.Presence == Removed
	case ClosedDelisted:
		return s.Gone()
	}
	return true
}

// Label gives the reason in words.
func (c Closing) Label() Text {
	switch c {
	case ClosedRemoved:
		return Text{"retiré, vérifié", "removed, checked"}
	case ClosedByUploader:
		return Text{"retiré par la personne qui l’avait publié", "taken down by whoever posted it"}
	case ClosedDelisted:
		return Text{"retiré des résultats de recherche", "out of search results"}
	case ClosedNotPerson:
		return Text{"ne montre pas la personne", "does not show the person"}
	case ClosedScope:
		return Text{"hors de notre champ", "outside what we can ask for"}
	case ClosedDuplicate:
		return Text{"déjà dans le dossier", "already in the case"}
	case ClosedWithdrawn:
		return Text{"arrêté à la demande de la personne", "stopped as the person asked"}
	case ClosedExhausted:
		return Text{"tous les recours ont été essayés", "everyone has been asked"}
	case ClosedProtection:
		return Text{"confié à la protection des mineurs", "passed to child protection"}
	}
	return Text{}
}

// Settled gives the reason for which observations alone close an item, and ""
// while they do not. asked tells whether any notice about it has left. What
// nobody ever found is no removal: a person decides.
func (i Item) Settled(asked bool) Closing {
	switch {
	case i.Presence == Delisted:
		return ClosedDelisted
	case i.Presence == Removed && asked:
		return ClosedRemoved
	case i.Presence == Removed && !i.NothingThere():
		return ClosedByUploader
	}
	return ""
}

// CaseState is where a case stands.
type CaseState string

// The states of a case.
const (
	CaseOpen      CaseState = "open"
	CaseClosed    CaseState = "closed" // every item is closed; removed ones are still watched
	CaseWithdrawn CaseState = "withdrawn"
)

// CaseStates lists every state.
func CaseStates() []CaseState { return []CaseState{CaseOpen, CaseClosed, CaseWithdrawn} }

// Settle closes a case whose items are all closed, and takes it up again when
// one is open. Items that the person is not told of count neither way. It tells
// whether the state changed.
func (c *Case) Settle(items []Item, now time.Time) bool {
	told := slices.ContainsFunc(items, Item.Told)
	open := slices.ContainsFunc(items, func(i Item) bool { return i.Open() && i.Told() })
	switch {
	case c.State == CaseOpen && !open && told:
		c.State, c.ClosedAt, c.WatchUntil = CaseClosed, now, now.Add(WatchFor)
		return true
	case c.State == CaseClosed && open:
		c.State, c.ClosedAt, c.WatchUntil = CaseOpen, time.Time{}, time.Time{}
		return true
	}
	return false
}

// Withdraw ends a case on the person's word: nothing more is sent or watched.
func (c *Case) Withdraw(now time.Time) error {
	if c.State == CaseWithdrawn {
		return ErrStep
	}
	c.State, c.ClosedAt, c.WatchUntil = CaseWithdrawn, now, time.Time{}
	c.PausedAt, c.LeavingAt = time.Time{}, time.Time{}
	return nil
}
