package takedown

import (
	"log/slog"
	"slices"
	"time"
	"unicode/utf8"
)

// Wishes are how the person wants to be reached, and when. Only her e-mail is used
// by the program; other ways are for the team to use by hand.
type Wishes struct {
	Other    string  `json:"other,omitempty"`     // another way: a phone number, a messenger
	Leave    bool    `json:"leave,omitempty"`     // a message may be left there
	Hours    Hours   `json:"hours,omitempty"`     // when a mail may leave
	Days     Days    `json:"days,omitempty"`      // on which days
	CodeWord string  `json:"code_word,omitempty"` // what the team says first, so that she knows who calls
	Reads    Readers `json:"reads,omitempty"`     // who else may read or hear it
}

// Hours are the hours of the day in which a mail may leave, on the clock of the
// association. "" is any.
type Hours string

// The spans.
const (
	HoursAny       Hours = ""
	HoursMorning   Hours = "morning"   // 8 to 12
	HoursAfternoon Hours = "afternoon" // 12 to 18
	HoursEvening   Hours = "evening"   // 18 to 22
)

// AllHours lists the spans.
func AllHours() []Hours { return []Hours{HoursAny, HoursMorning, HoursAfternoon, HoursEvening} }

// Days are the days on which a mail may leave. "" is any.
type Days string

// The days.
const (
	DaysAny     Days = ""
	DaysWorking Days = "working" // Monday to Friday
)

// AllDays lists them.
func AllDays() []Days { return []Days{DaysAny, DaysWorking} }

// Readers are who else may read or hear what is sent. "" is not said.
type Readers string

// The answers.
const (
	ReadersUnsaid Readers = ""
	ReadersNobody Readers = "nobody"
	ReadersMaybe  Readers = "maybe"
)

// AllReaders lists them.
func AllReaders() []Readers { return []Readers{ReadersUnsaid, ReadersNobody, ReadersMaybe} }

// Bounds of what is written by hand, in characters.
const (
	maxOther    = 200
	maxCodeWord = 40
)

// Check tells whether the wishes can be kept.
func (w Wishes) Check() error {
	switch {
	case !slices.Contains(AllHours(), w.Hours), !slices.Contains(AllDays(), w.Days), !slices.Contains(AllReaders(), w.Reads):
		return Refuse(Invalid, "error.wishes")
	case utf8.RuneCountInString(w.Other) > maxOther:
		return Refuse(Invalid, "error.wishes_other")
	case utf8.RuneCountInString(w.CodeWord) > maxCodeWord:
		return Refuse(Invalid, "error.wishes_word")
	}
	return nil
}

// Allow tells whether a mail may leave at a moment of the association's clock.
func (w Wishes) Allow(local time.Time) bool {
	if weekday := local.Weekday(); w.Days == DaysWorking && (weekday == time.Saturday || weekday == time.Sunday) {
		return false
	}
	h := local.Hour()
	switch w.Hours {
	case HoursMorning:
		return h >= 8 && h < 12
	case HoursAfternoon:
		return h >= 12 && h < 18
	case HoursEvening:
		return h >= 18 && h < 22
	case HoursAny:
	}
	return true
}

// String prints a placeholder (fmt.Stringer).
func (w Wishes) String() string { return placeholder }

// GoString prints a placeholder for %#v (fmt.GoStringer).
func (w Wishes) GoString() string { return placeholder }

// LogValue logs a placeholder (slog.LogValuer).
func (w Wishes) LogValue() slog.Value { return slog.StringValue(placeholder) }
