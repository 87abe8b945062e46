package takedown

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Progress is what the person reads of her case.
type Progress struct {
	Number     Private
	State      CaseState
	Lang       Lang
	Contact    Contact
	Items      []ItemProgress
	Images     []OwnImage // in the order she gave them
	OpenedAt   time.Time
	WatchUntil time.Time

	AnswersAt time.Time // when she chose answers for a lost phrase; zero: none

	MayUsePoints bool // she said that local features of her images may be kept

	Messages  []Message
	Questions []Question
	Visits    []Visit // the latest days on which the space was opened
}

// ItemProgress is what the person reads of one item.
type ItemProgress struct {
	ID       string
	Position int
	Address  Private
	Masked   string // enough to know it again, not enough to tell
	Host     Private
	Platform string  // its name where everybody is on it; "" where the name alone would tell
	Label    Private // what she calls it
	Presence Presence
	Step     Step
	Closed   Closing
	Asked    []Asked
	NextLook time.Time // when we look again, zero for never
}

// Asked names one recipient and where the request to it stands.
type Asked struct {
	Recipient string
	State     RequestState
	At        time.Time
	DueAt     time.Time
}

// Count tells how many items are at a step.
func (p Progress) Count(s Step) int {
	n := 0
	for _, i := range p.Items {
		if i.Step == s {
			n++
		}
	}
	return n
}

// Mask hides all of an address but the first letters of its host and the last
// characters of its path, so that a glance over a shoulder tells nothing. The
// end of the host is hidden too: with its first letters it may be all of it.
func Mask(host, address string) string {
	_, rest, _ := strings.Cut(address, "://")
	_, path, _ := strings.Cut(rest, "/")
	return MaskHost(host) + "/•••" + last(strings.TrimRight(path, "/"), 4)
}

// MaskHost hides all of a host but its first letters.
func MaskHost(host string) string { return first(strings.TrimPrefix(host, "www."), 2) + "•••" }

func first(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

func last(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return ""
	}
	r := []rune(s)
	return string(r[len(r)-n:])
}
