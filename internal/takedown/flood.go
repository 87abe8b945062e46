package takedown

import "time"

// FloodState is what a person said of an image that matches unusually often.
type FloodState string

// The states of a flood.
const (
	FloodOpen     FloodState = "open"     // nobody has looked yet: its matches are held
	FloodReal     FloodState = "real"     // it is an image of somebody: its matches are suggested
	FloodRejected FloodState = "rejected" // it is no image of anybody: its matches are rejected
)

// Flood is one image that matches unusually often: a reference, or a found file
// that is near references of many cases (then it names no reference).
type Flood struct {
	ID          string
	ReferenceID string
	State       FloodState
	Since       time.Time
	DecidedBy   string
	DecidedAt   time.Time
}

// Bounds beyond which new suggestions are held back until a person has looked
// at one of them.
const (
	FloodWindow  = 24 * time.Hour
	FloodMatches = 40 // undecided matches of one reference within the window ...
	FloodHosts   = 5  // ... on more than so many hosts
	FloodCases   = 5  // cases that one found file is near references of
)

// Floods tells whether matches of one reference are too many to go on with:
// undecided of those seen within the window, on so many hosts.
func Floods(undecided, hosts int) bool { return undecided > FloodMatches && hosts > FloodHosts }

// FloodsCases tells whether one found file is near references of too many cases.
func FloodsCases(cases int) bool { return cases > FloodCases }

// CountsFrom gives the time after which matches count towards a flood: the
// window's beginning, or the last word of a person (zero: none), whichever is
// later. What a person called real is not held back again for the same matches.
func CountsFrom(word, now time.Time) time.Time {
	from := now.Add(-FloodWindow)
	if word.After(from) {
		return word
	}
	return from
}

// Decide records a person's word. It is said once.
func (f *Flood) Decide(to FloodState, by string, now time.Time) error {
	if f.State != FloodOpen || to != FloodReal && to != FloodRejected {
		return ErrStep
	}
	f.State, f.DecidedBy, f.DecidedAt = to, by, now
	return nil
}
