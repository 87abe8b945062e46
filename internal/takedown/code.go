package takedown

import (
	"crypto/subtle"
	"time"
)

// CodePurpose is what a code sent by mail is for.
type CodePurpose string

// The two purposes.
const (
	CodeConfirms CodePurpose = "confirm" // that the address is hers
	CodeRenews   CodePurpose = "renew"   // gives her a new phrase
)

// Bounds of a code of six digits: a guesser has five tries of a million, at most
// three times a day.
const (
	CodeTries    = 5
	CodesADay    = 3
	confirmLasts = 30 * time.Minute
	renewLasts   = 24 * time.Hour // she was told days ago, and may read her mail tomorrow
)

// Code is a code of six digits that was sent to a person by mail.
type Code struct {
	ID      string
	CaseID  string
	Purpose CodePurpose
	Digits  Private
	MadeAt  time.Time
	SentAt  time.Time
	Tries   int
	Ended   bool // used, or another address was given
}

// NewCodeAllowed tells whether a further code may be made after those of the case.
func NewCodeAllowed(before []Code, now time.Time) error {
	n := 0
	for _, c := range before {
		if c.MadeAt.After(now.Add(-day)) {
			n++
		}
	}
	if n >= CodesADay {
		return Refuse(TooMany, "error.codes_a_day")
	}
	return nil
}

// Lives tells whether the code may still be typed.
func (c Code) Lives(now time.Time) bool {
	lasts := confirmLasts
	if c.Purpose == CodeRenews {
		lasts = renewLasts
	}
	return !c.Ended && c.Tries < CodeTries && now.Before(c.MadeAt.Add(lasts))
}

// Try counts a try, and tells whether it is right. That ends a code that confirms. One
// that renews stays until the new phrase has arrived: a page that got lost on its way can
// be asked for again.
func (c *Code) Try(digits Private, now time.Time) bool {
	if !c.Lives(now) {
		return false
	}
	c.Tries++
	right := subtle.ConstantTimeCompare([]byte(digits.Reveal()), []byte(c.Digits.Reveal())) == 1
	c.Ended = right && c.Purpose == CodeConfirms
	return right
}
