package takedown

import (
	"slices"
	"time"
)

// Verdict is what a finding says by itself. A person decides.
type Verdict string

// The three verdicts.
const (
	VerdictNear   Verdict = "near"
	VerdictUnsure Verdict = "unsure"
	VerdictFar    Verdict = "far"
)

// MatchKind is by which way a found picture is near a reference.
type MatchKind string

// The ways, the surest first.
const (
	MatchWhole       MatchKind = "whole"        // picture against picture, in one of eight orientations
	MatchSegment     MatchKind = "segment"      // with a picture found within: a border, a screenshot, a collage
	MatchCropped     MatchKind = "cropped"      // against a part of the reference, or a part of the found picture
	MatchCroppedBoth MatchKind = "cropped_both" // a part of the one against a part of the other
	MatchPoints      MatchKind = "points"       // local features in the same arrangement
	MatchClip        MatchKind = "clip"         // frames of a video
)

// MatchKinds lists every way.
func MatchKinds() []MatchKind {
	return []MatchKind{MatchWhole, MatchSegment, MatchCropped, MatchCroppedBoth, MatchPoints, MatchClip}
}

// Scope is among which references one looks.
type Scope string

// The two scopes. The more references, the rarer a false one must be.
const (
	ScopeCase   Scope = "case"   // the few of the item's own case
	ScopeGlobal Scope = "global" // those of all cases
)

// Scopes lists both.
func Scopes() []Scope { return []Scope{ScopeCase, ScopeGlobal} }

// Finding is how near a found file is to one reference, by one way.
type Finding struct {
	Kind     MatchKind
	Scope    Scope
	Distance int    // bits of 256, the least over the orientations; negative: nothing was compared
	Quality  int    // of the two hashes the lower one, 0 to 100; of points, how much of what should be seen is seen
	Points   int    // places of the reference, apart from each other, in which local features agree
	Shares   Shares // of a clip
}

// Shares are how many frames in a hundred of the reference are seen in the found
// clip, and of the found clip in the reference; and how many of the reference in all.
type Shares struct{ Reference, Found, Moments int }

// momentsUnsure is how many frames of a reference make a found clip worth asking
// about, though they are a small part of both: a scene of one long video in
// another. Videos have a title card or two in common, hardly more.
const momentsUnsure = 3

// bound is what a finding has to reach: at most so many bits, or at least so many
// points or frames in a hundred, with at least the quality.
type bound struct{ value, quality int }

// judgement is one line of the rule.
type judgement struct {
	kind         MatchKind
	scope        Scope
	near, unsure bound
}

// plain is the quality below which PDQ calls an image too plain to compare.
const plain = 50

// judgements is the rule. What has no line is far: among all cases nothing but the
// exchange value of the whole picture is compared.
//
// Within a case each unsure bound is where none of 600,738 unlike pairs of photographs
// and edited copies was near any more; at the global scope none of 20.7 million was
// (cmd/measure, figures in its README).
var judgements = []judgement{
	{MatchWhole, ScopeCase, bound{47, plain}, bound{72, 0}},
	{MatchSegment, ScopeCase, bound{41, plain}, bound{60, 0}},
	{MatchCropped, ScopeCase, bound{31, plain}, bound{37, 0}},
	{MatchCroppedBoth, ScopeCase, bound{31, plain}, bound{42, 0}},
	{MatchPoints, ScopeCase, bound{14, 30}, bound{10, 0}},
	{MatchClip, ScopeCase, bound{50, 0}, bound{15, 0}},
	{MatchWhole, ScopeGlobal, bound{31, plain}, bound{31, plain}},
}

// GlobalWithin is how near, in bits of 256, the exchange values of two pictures
// are that may be the same in two cases.
const GlobalWithin = 31

// JudgeMatch gives the verdict on a finding.
func JudgeMatch(f Finding) Verdict {
	for _, j := range judgements {
		switch {
		case j.kind != f.Kind || j.scope != f.Scope:
		case f.reaches(j.near):
			return VerdictNear
		case f.reaches(j.unsure):
			return VerdictUnsure
		}
	}
	if f.Kind == MatchClip && f.Scope == ScopeCase && f.Shares.Moments >= momentsUnsure {
		return VerdictUnsure
	}
	return VerdictFar
}

func (f Finding) reaches(b bound) bool {
	switch {
	case f.Quality < b.quality:
		return false
	case f.Kind == MatchPoints:
		return f.Points >= b.value
	case f.Kind == MatchClip:
		return max(f.Shares.Reference, f.Shares.Found) >= b.value
	}
	return f.Distance >= 0 && f.Distance <= b.value
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
	Inverted     bool   // light and dark are exchanged
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

// Suggested tells whether the match waits for a person's word.
func (m Match) Suggested() bool { return m.State == MatchSuggested }

// Held tells whether a flood keeps the match back.
func (m Match) Held() bool { return m.State == MatchHeld }

// Undecided tells whether nobody has decided about the match, suggested or held.
func (m Match) Undecided() bool { return m.Suggested() || m.Held() }

// Hold keeps a suggested match back for a flood.
func (m *Match) Hold(floodID string) error {
	if m.State != MatchSuggested {
		return ErrStep
	}
	m.State, m.FloodID = MatchHeld, floodID
	return nil
}

// Release suggests a match that was held back.
func (m *Match) Release() error {
	if m.State != MatchHeld {
		return ErrStep
	}
	m.State = MatchSuggested
	return nil
}

// Confirms tells whether the decision confirms the item as well.
func (m Match) Confirms() bool { return m.State == MatchConfirmed }

// Holds tells whether the match still says that the media was there: it was
// near, or a person confirmed it, and nobody rejected it.
func (m Match) Holds() bool {
	return m.Confirms() || m.Undecided() && m.Verdict == VerdictNear
}

// AsSure tells whether m says at least as much as a match that a person
// confirmed, by the same way: then what was confirmed still stands.
func (m Match) AsSure(confirmed Match) bool {
	switch {
	case m.Kind != confirmed.Kind:
		return false
	case m.Kind == MatchPoints:
		return m.Points >= confirmed.Points
	case m.Kind == MatchClip && m.Share+confirmed.Share > 0: // no share: one still
		return confirmed.Share > 0 && m.Share >= confirmed.Share
	}
	return m.Distance >= 0 && m.Distance <= confirmed.Distance
}

// Surer tells whether m says more than another match of the same file: by its
// verdict, then by its distance.
func (m Match) Surer(than Match) bool {
	if m.Verdict != than.Verdict {
		return m.Verdict.Surer(than.Verdict)
	}
	return m.Distance < than.Distance
}

// Surer tells whether v says more than another verdict.
func (v Verdict) Surer(than Verdict) bool {
	rank := []Verdict{VerdictFar, VerdictUnsure, VerdictNear}
	return slices.Index(rank, v) > slices.Index(rank, than)
}
