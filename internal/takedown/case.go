package takedown

import (
	"slices"
	"time"
)

// Harm is what happened to the person.
type Harm string

// What may have happened.
const (
	HarmPublished Harm = "published"
	HarmThreat    Harm = "threat"
	HarmDeepfake  Harm = "deepfake"
	HarmRecording Harm = "recording"
	HarmUnsaid    Harm = "unsaid" // something else, or she would rather not say
)

// Harms lists what may have happened.
func Harms() []Harm {
	return []Harm{HarmPublished, HarmThreat, HarmDeepfake, HarmRecording, HarmUnsaid}
}

// Known tells whether the value is one of the list.
func (h Harm) Known() bool { return slices.Contains(Harms(), h) }

// Capacity is in what capacity somebody acts for the person in the images.
type Capacity string

// The capacities. NoCapacity is the person herself.
const (
	NoCapacity          Capacity = ""
	CapacityRelative    Capacity = "relative" // family or a friend whom the person asked
	CapacityAssociation Capacity = "association"
	CapacityLawyer      Capacity = "lawyer"
	CapacityUnsaid      Capacity = "unsaid"
)

// Capacities lists the answers of who acts for somebody else.
func Capacities() []Capacity {
	return []Capacity{CapacityRelative, CapacityAssociation, CapacityLawyer, CapacityUnsaid}
}

// Known tells whether the value is one of the list.
func (c Capacity) Known() bool { return slices.Contains(Capacities(), c) }

// Age is the answer to "how old was the person in the images when they were made".
type Age string

// The three answers. Minor and unsure lead to the minors' route: nothing is
// hashed, fetched or sent.
const (
	AgeAdult  Age = "adult"
	AgeMinor  Age = "minor"
	AgeUnsure Age = "unsure"
)

// Ages lists the answers.
func Ages() []Age { return []Age{AgeAdult, AgeMinor, AgeUnsure} }

// Frequency is how often a mail that says nothing may be sent.
type Frequency string

// The four frequencies. None is ever more than one mail a day.
const (
	MailEach   Frequency = "each"
	MailDaily  Frequency = "daily"
	MailWeekly Frequency = "weekly"
	MailNever  Frequency = "never"
)

// Frequencies lists the frequencies.
func Frequencies() []Frequency { return []Frequency{MailEach, MailDaily, MailWeekly, MailNever} }

// Statements are what the person declares and the notices need.
type Statements struct {
	NotConsented bool // the publication was not agreed to
	GoodFaith    bool // what is said is believed to be true
	Mandate      bool // the association may ask for removal on the person's behalf
}

// Complete tells whether all three were given.
func (s Statements) Complete() bool { return s.NotConsented && s.GoodFaith && s.Mandate }

// Case is one person's private file.
type Case struct {
	ID         string
	Number     Private // nine digits, shown to the person and to caseworkers
	State      CaseState
	Harm       Harm
	Lang       Lang
	OnBehalf   bool     // opened by somebody mandated by the person
	Capacity   Capacity // of who was mandated
	Statements Statements
	Contact    Contact
	CreatedAt  time.Time
	ClosedAt   time.Time
	WatchUntil time.Time

	MayUsePoints bool // she said that local features of her images may be kept

	WatchAsked bool // she has been told that the watch is over

	PausedAt  time.Time // she asked for a pause: nothing is sent, looked at or told; zero: none
	LeavingAt time.Time // the withdrawal she asked for takes effect then; zero: none is asked for

	AnswersAt   time.Time // when she chose the answers that help when her phrase is lost; zero: none
	PhraseNewAt time.Time // when another phrase last took the place of one that was known
}

// Bounds of what one person may bring.
const (
	MaxItems      = 5000 // addresses in a case
	MaxReferences = 200  // images in a case
)

// Opening is what a person gives to open a case.
type Opening struct {
	Age        Age
	Harm       Harm
	Lang       Lang
	OnBehalf   bool
	Statements Statements
	Addresses  int // how many addresses that can be kept
	References int
}

// Allowed tells whether a case may be opened. The minors' route has no case:
// the page shows the competent channels instead.
func (o Opening) Allowed() error {
	switch {
	case o.Age == AgeMinor || o.Age == AgeUnsure:
		return Refuse(Forbidden, "error.minor")
	case o.Age != AgeAdult:
		return Refuse(Invalid, "error.age")
	case !o.Harm.Known():
		return Refuse(Invalid, "error.harm")
	case o.Addresses == 0 && o.References == 0:
		return Refuse(Invalid, "error.nothing_given")
	case o.Addresses > MaxItems:
		return Refuse(TooMany, "error.too_many_addresses")
	case o.References > MaxReferences:
		return Refuse(TooMany, "error.too_many_images")
	case !o.Statements.Complete():
		return Refuse(Invalid, "error.statements")
	}
	return nil
}

// Takes tells whether the case still takes something in.
func (c Case) Takes() error {
	if c.State == CaseWithdrawn {
		return Refuse(Conflict, "error.case_withdrawn")
	}
	return nil
}
