package takedown

import (
	"slices"
	"time"
)

// ItemHistory is what was seen and done about one item, for its person to read.
// It names nobody of the team and holds no word of an answer.
type ItemHistory struct {
	Item  ItemProgress
	Lines []HistoryLine // the oldest first
}

// HistoryLine is one thing that was seen or done.
type HistoryLine struct {
	At    time.Time
	What  HistoryKind
	Who   string    // the recipient of what was asked
	State string    // what an answer means, or why the work ended; "" when it is open
	First time.Time // of what is gone: the first of the two looks
}

// HistoryKind is what a line tells. Its words stand in the catalogues as history.KIND.
type HistoryKind string

// The kinds of lines.
const (
	WasReceived HistoryKind = "received"
	WasSeen     HistoryKind = "seen"
	WasHidden   HistoryKind = "hidden"
	WasWalled   HistoryKind = "walled"
	WasAway     HistoryKind = "away"
	WasGone     HistoryKind = "gone"
	WasBack     HistoryKind = "back"
	WasAsked    HistoryKind = "asked"
	WasReminded HistoryKind = "reminded"
	WasAnswered HistoryKind = "answered"
	WasLate     HistoryKind = "late"
	WasClosed   HistoryKind = "closed"
)

// HistoryKinds lists the kinds.
func HistoryKinds() []HistoryKind {
	return []HistoryKind{
		WasReceived, WasSeen, WasHidden, WasWalled, WasAway, WasGone, WasBack, WasAsked, WasReminded, WasAnswered, WasLate, WasClosed,
	}
}

// InOrder puts lines into the order in which they happened.
func InOrder(lines []HistoryLine) []HistoryLine {
	slices.SortStableFunc(lines, func(a, b HistoryLine) int { return a.At.Compare(b.At) })
	return lines
}

// SeenBy tells what looks brought, where it changed. One look that found an item
// gone is not told: a second has to agree.
func SeenBy(looks []Observation) []HistoryLine {
	var out []HistoryLine
	standing, told := Standing{Presence: Unseen}, HistoryKind("")
	for _, o := range looks {
		standing = standing.Observe(o.Saw, o.At)
		what := kindOf(standing.Presence)
		if what == "" || what == told {
			continue
		}
		told = what
		line := HistoryLine{At: o.At, What: what}
		if what == WasGone {
			line.First = standing.GoneSince
		}
		out = append(out, line)
	}
	return out
}

func kindOf(p Presence) HistoryKind {
	switch p {
	case Online:
		return WasSeen
	case Hidden:
		return WasHidden
	case LoginWall, GeoBlocked:
		return WasWalled
	case Unreachable:
		return WasAway
	case Removed, Delisted:
		return WasGone
	case Reappeared:
		return WasBack
	case Unseen, GoneOnce:
	}
	return ""
}
