package takedown

import "time"

// RecoveryState is where the asking for another phrase stands.
type RecoveryState string

// The states. Asked and approved are open, until RecoverWithin is over.
const (
	RecoveryAsked    RecoveryState = "asked"
	RecoveryApproved RecoveryState = "approved" // by two persons of the team
	RecoveryGiven    RecoveryState = "given"    // she has another phrase
	RecoveryRefused  RecoveryState = "refused"  // by the team
	RecoveryStopped  RecoveryState = "stopped"  // in her space: it was not she
)

// A lost phrase is replaced after three days at the earliest, in which whoever
// still has it can say no, and two weeks after it was asked for at the latest
// (SAFETY 2.2). For a month her space says that it was.
const (
	RecoverAfter  = 72 * time.Hour
	RecoverWithin = 14 * day
	PhraseToldFor = 30 * day
)

// Recovery is a person's asking for another phrase in the place of one she lost.
// She gave the answers she once chose; two persons of the team agree; then a code
// comes to her confirmed address.
type Recovery struct {
	ID       string
	CaseID   string
	State    RecoveryState
	AskedAt  time.Time
	FirstBy  string // who of the team agreed first, "" for nobody yet
	SecondBy string
	CodeAt   time.Time // when the first code was made
	EndedAt  time.Time
}

// Open tells whether it may still come to another phrase.
func (r Recovery) Open(now time.Time) bool {
	return (r.State == RecoveryAsked || r.State == RecoveryApproved) && now.Before(r.AskedAt.Add(RecoverWithin))
}

// Ripe tells whether a code may open it: two persons agreed, and the time in which
// it could be stopped is over.
func (r Recovery) Ripe(now time.Time) bool {
	return r.Open(now) && r.State == RecoveryApproved && !now.Before(r.AskedAt.Add(RecoverAfter))
}

// RipeAt is when the code leaves at the earliest.
func (r Recovery) RipeAt() time.Time { return r.AskedAt.Add(RecoverAfter) }

// Waits tells whether one of the team, other than by, has to agree.
func (r Recovery) Waits(by string, now time.Time) bool {
	return r.Open(now) && r.State == RecoveryAsked && r.FirstBy != by
}

// Approve notes that one of the team agrees. It takes two.
func (r *Recovery) Approve(by string, now time.Time) error {
	switch {
	case !r.Open(now) || r.State != RecoveryAsked:
		return ErrStep
	case r.FirstBy == by:
		return Refuse(Conflict, "error.recovery_same")
	case r.FirstBy == "":
		r.FirstBy = by
		return nil
	}
	r.SecondBy, r.State = by, RecoveryApproved
	return nil
}

// End ends it: refused by the team, stopped by the person, or given.
func (r *Recovery) End(how RecoveryState, now time.Time) error {
	if !r.Open(now) || how == RecoveryGiven && !r.Ripe(now) {
		return ErrStep
	}
	r.State, r.EndedAt = how, now
	return nil
}

// MayRecover tells whether a lost phrase can be replaced at all: there are answers,
// and an address that she has confirmed and that nobody else may read.
func (c Case) MayRecover() bool { return !c.AnswersAt.IsZero() && c.Contact.Safe() }
