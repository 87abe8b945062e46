package takedown

import "slices"

// Step is what the person reads about an item: a short vocabulary derived from
// what is there and what was asked. It is stored nowhere. Its words stand in the
// catalogues of every language, as step.NAME and step.NAME.label; a test asks for them.
type Step string

// The steps. Back is a still there of its own, since she was told that it was
// gone; Nothing tells a mistyped address from a removal; Stopped covers every end that is neither gone nor exhausted.
const (
	StepReceived   Step = "received"
	StepChecking   Step = "checking"
	StepAsked      Step = "asked"
	StepAnswered   Step = "answered"
	StepGone       Step = "gone"
	StepStillThere Step = "still_there"
	StepCannot     Step = "cannot"
	StepStopped    Step = "stopped"
	StepBack       Step = "back"          // it was gone and has come back
	StepNothing    Step = "nothing_there" // no look ever found anything at the address
)

// Steps lists the steps in the order a person meets them.
func Steps() []Step {
	return []Step{
		StepReceived, StepChecking, StepAsked, StepAnswered,
		StepBack, StepStillThere, StepNothing, StepGone, StepCannot, StepStopped,
	}
}

// StepOf derives what the person reads of an item from its presence and its
// requests. One look that found it gone changes nothing she reads.
func StepOf(i Item, requests []Request) Step {
	switch {
	case i.NothingThere() && !asked(requests):
		return StepNothing
	case i.Gone() && (i.Open() || i.Closed.Reopens()):
		return StepGone
	case i.Closed == ClosedExhausted:
		return StepCannot
	case !i.Open():
		return StepStopped
	case i.Presence == Reappeared:
		return StepBack
	}
	return openStep(i, requests)
}

func asked(requests []Request) bool {
	return slices.ContainsFunc(requests, func(r Request) bool { return !r.SentAt.IsZero() })
}

func openStep(i Item, requests []Request) Step {
	any := func(f func(Request) bool) bool { return slices.ContainsFunc(requests, f) }
	switch {
	case any(func(r Request) bool { return r.State == RequestAcknowledged || r.State == RequestMoreInfo }):
		return StepAnswered
	case any(func(r Request) bool { return r.State.Failed() }) && !any(followsFailure):
		return StepStillThere
	case any(func(r Request) bool { return r.State.Waiting() }):
		return StepAsked
	case i.Triage == TriageWaiting || i.LookedAt.IsZero() && i.Triage != TriageConfirmed:
		return StepReceived
	}
	return StepChecking
}

// followsFailure tells whether a request that follows a failed one has left.
func followsFailure(r Request) bool { return r.ParentID != "" && r.State.Waiting() }
