package takedown

import "time"

// Verdict is what the distance of two hashes says by itself. A person decides.
type Verdict string

// The three verdicts.
const (
	VerdictNear   Verdict = "near"
	VerdictUnsure Verdict = "unsure"
	VerdictFar    Verdict = "far"
)

// Thresholds for an item of a case held against the few references of that
// case, in bits of 256, the least over the eight orientations of the found
// image. Measured on 20.7 million unlike pairs: at 79 one pair in 2.5 million
// is false, at 47 one in a hundred thousand million.
const (
	NearWithin   = 47
	UnsureWithin = 77
	QualityFloor = 50 // below it PDQ's own quality figure calls an image too plain to compare
)

// JudgeMatch gives the verdict on a distance in bits, for hashes of a quality
// between 0 and 100 (the lower one of the two).
func JudgeMatch(distance, quality int) Verdict {
	switch {
	case distance < 0 || distance > UnsureWithin:
		return VerdictFar
	case distance <= NearWithin && quality >= QualityFloor:
		return VerdictNear
	}
	return VerdictUnsure
}

// MatchState is what a person decided about a match.
type MatchState string

// The three states of a match.
const (
	MatchSuggested MatchState = "suggested"
	MatchConfirmed MatchState = "confirmed"
	MatchRejected  MatchState = "rejected"
)

// MatchStates lists every state.
func MatchStates() []MatchState {
	return []MatchState{MatchSuggested, MatchConfirmed, MatchRejected}
}

// Match is a media file seen at an item that is near a reference.
type Match struct {
	ID          string
	CaseID      string
	ItemID      string
	ReferenceID string
	Media       Private // the address of the media file
	Distance    int     // bits of 256
	Variant     string  // same, rot90, ..., flipminus
	Verdict     Verdict
	State       MatchState
	DecidedBy   string
	DecidedAt   time.Time
	SeenAt      time.Time
}

// Decide records a person's word. It may be changed while it is a word.
func (m *Match) Decide(to MatchState, by string, now time.Time) error {
	if to != MatchConfirmed && to != MatchRejected || m.State == to {
		return ErrStep
	}
	m.State, m.DecidedBy, m.DecidedAt = to, by, now
	return nil
}

// Reference is the perceptual hashes of one image the reporter gave.
type Reference struct {
	ID        string
	CaseID    string
	Label     Private
	Signature []byte // as internal/phash serialises it
	Quality   int    // of the PDQ hash, 0 to 100
	CreatedAt time.Time
}

// Confirms tells whether the decision confirms the item as well.
func (m Match) Confirms() bool { return m.State == MatchConfirmed }

// Holds tells whether the match still says that the media was there: it was
// near, or a person confirmed it, and nobody rejected it.
func (m Match) Holds() bool {
	return m.State == MatchConfirmed || m.State == MatchSuggested && m.Verdict == VerdictNear
}
