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

// MatchKind is by which way a found picture is near a reference.
type MatchKind string

// The ways, the surest first.
const (
	MatchWhole       MatchKind = "whole"        // picture against picture, in one of eight orientations
	MatchTrimmed     MatchKind = "trimmed"      // without its border or bars
	MatchSegment     MatchKind = "segment"      // a part of the found picture: a screenshot, a collage
	MatchCropped     MatchKind = "cropped"      // against a part of the reference, or a part of the found picture
	MatchCroppedBoth MatchKind = "cropped_both" // a part of the one against a part of the other
	MatchPoints      MatchKind = "points"       // local features in the same arrangement
	MatchClip        MatchKind = "clip"         // frames of a video
)

// MatchKinds lists every way.
func MatchKinds() []MatchKind {
	return []MatchKind{MatchWhole, MatchTrimmed, MatchSegment, MatchCropped, MatchCroppedBoth, MatchPoints, MatchClip}
}

// MatchState is what a person decided about a match.
type MatchState string

// The states of a match. One that is held waits until a person has looked at
// the image that matches unusually often.
const (
	MatchSuggested MatchState = "suggested"
	MatchHeld      MatchState = "held"
	MatchConfirmed MatchState = "confirmed"
	MatchRejected  MatchState = "rejected"
)

// MatchStates lists every state.
func MatchStates() []MatchState {
	return []MatchState{MatchSuggested, MatchHeld, MatchConfirmed, MatchRejected}
}

// Match is a media file seen at an item that is near a reference.
type Match struct {
	ID           string
	CaseID       string
	ItemID       string
	ReferenceID  string
	Media        Private // the address of the media file
	Found        Private // the PDQ hash of the media file, 32 bytes; empty: none was made
	Kind         MatchKind
	Distance     int    // bits of 256
	Variant      string // same, rot90, ..., flipminus
	Points       int    // local features that agree
	Angle        int    // degrees the found picture is turned by, beyond its variant; -45 to 45
	Share        int    // per cent of the frames of a clip that agree
	ReferenceBox Box    // the part of the reference that is seen
	FoundBox     Box    // where in the found picture it is
	Span         Span   // when in the found clip it is
	Verdict      Verdict
	State        MatchState
	NegativeID   string // it was rejected as near this one
	FloodID      string // it is, or was, held back by this one
	DecidedBy    string
	DecidedAt    time.Time
	SeenAt       time.Time
}

// Decide records a person's word. It may be changed while it is a word.
func (m *Match) Decide(to MatchState, by string, now time.Time) error {
	if to != MatchConfirmed && to != MatchRejected || m.State == to {
		return ErrStep
	}
	m.State, m.DecidedBy, m.DecidedAt = to, by, now
	return nil
}

// Confirms tells whether the decision confirms the item as well.
func (m Match) Confirms() bool { return m.State == MatchConfirmed }

// Holds tells whether the match still says that the media was there: it was
// near, or a person confirmed it, and nobody rejected it.
func (m Match) Holds() bool {
	undecided := m.State == MatchSuggested || m.State == MatchHeld
	return m.State == MatchConfirmed || undecided && m.Verdict == VerdictNear
}
