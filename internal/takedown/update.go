package takedown

import "slices"

// Step is what the person reads about an item: a short vocabulary derived from
// what is there and what was asked. It is stored nowhere.
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

// Sentence gives the step in words. Asked is completed with the names of whom
// we asked by the page.
func (s Step) Sentence() Text {
	switch s {
	case StepReceived:
		return Text{"Nous avons bien reçu cette adresse.", "We have received this address."}
	case StepChecking:
		return Text{"Nous vérifions cette adresse.", "We are checking this address."}
	case StepAsked:
		return Text{"Nous avons demandé le retrait.", "We have asked for it to be taken down."}
	case StepAnswered:
		return Text{"Nous avons reçu une réponse et nous la suivons.", "We have had an answer and are following it up."}
	case StepGone:
		return Text{"C’est retiré. Nous l’avons vérifié.", "It is gone. We have checked."}
	case StepStillThere:
		return Text{"C’est encore en ligne. Nous préparons l’étape suivante.", "It is still there. We are preparing the next step."}
	case StepCannot:
		return Text{"Nous n’avons pas pu faire retirer cette adresse. Voici ce qui reste possible.", "We could not get this one taken down. Here is what is left."}
	case StepBack:
		return Text{"C’est de nouveau en ligne. Nous reprenons les démarches.", "It is back online. We are taking it up again."}
	case StepNothing:
		return Text{"Nous n’avons rien trouvé à cette adresse. Vous pouvez la vérifier et nous en donner une autre.", "We found nothing at this address. You can check it and give us another."}
	case StepStopped:
		return Text{"Nous avons arrêté pour cette adresse.", "We have stopped for this address."}
	}
	return Text{}
}

// Label gives the step in one or two words, for tags and counts.
func (s Step) Label() Text {
	switch s {
	case StepReceived:
		return Text{"Reçu", "Received"}
	case StepChecking:
		return Text{"En vérification", "Being checked"}
	case StepAsked:
		return Text{"Demandé", "Asked"}
	case StepAnswered:
		return Text{"Réponse reçue", "Answered"}
	case StepGone:
		return Text{"Retiré", "Gone"}
	case StepStillThere:
		return Text{"Encore en ligne", "Still there"}
	case StepCannot:
		return Text{"Pas retiré", "Not removed"}
	case StepBack:
		return Text{"De nouveau en ligne", "Back online"}
	case StepNothing:
		return Text{"Rien trouvé", "Nothing found"}
	case StepStopped:
		return Text{"Arrêté", "Stopped"}
	}
	return Text{}
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
