package takedown

import (
	"slices"
	"testing"
	"time"
)

// everyRequests gives every set of up to two requests, the second of which may
// follow the first.
func everyRequests(f func([]Request)) {
	f(nil)
	for _, a := range RequestStates() {
		first := Request{ID: "1", State: a}
		f([]Request{first})
		for _, b := range RequestStates() {
			f([]Request{first, {ID: "2", State: b}})
			f([]Request{first, {ID: "2", State: b, ParentID: "1"}})
		}
	}
}

func TestThePersonReadsGoneOnlyWhenItIs(t *testing.T) {
	everyItem(func(i Item) {
		everyRequests(func(requests []Request) {
			for _, looked := range []time.Time{{}, noon} {
				i.LookedAt = looked
				holdStep(t, i, requests, StepOf(i, requests))
			}
		})
	})
}

// holdStep holds a step against what must be true of it.
func holdStep(t *testing.T, i Item, requests []Request, got Step) {
	t.Helper()
	in := func(states ...RequestState) bool {
		return slices.ContainsFunc(requests, func(r Request) bool { return slices.Contains(states, r.State) })
	}
	why := ""
	switch {
	case !slices.Contains(Steps(), got):
		why = "not a step"
	case got == StepGone && i.Presence != Removed && i.Presence != Delisted:
		why = "it is not gone"
	case got == StepGone && i.Closed != "" && !i.Closed.Reopens():
		why = "it was closed for another reason"
	case got == StepCannot && i.Closed != ClosedExhausted:
		why = "not everybody was asked"
	case got == StepStopped && i.Closed == "":
		why = "the work goes on"
	case got == StepAsked && !in(RequestSent):
		why = "nobody was asked"
	case got == StepAnswered && !in(RequestAcknowledged, RequestMoreInfo):
		why = "nobody answered"
	case got == StepReceived && in(RequestSent, RequestAcknowledged, RequestMoreInfo):
		why = "somebody was asked"
	case i.Presence == Reappeared && i.Closed == "" && got != StepBack:
		why = "it is back"
	}
	if why != "" {
		t.Errorf("%s, %s, closed %q, requests %v: reads %s, but %s", i.Triage, i.Presence, i.Closed, requests, got, why)
	}
}

func TestTheStepsOfOneItem(t *testing.T) {
	seen := Item{Triage: TriageConfirmed, Standing: Standing{Presence: Online}, LookedAt: noon}
	found := func(p Presence) Item {
		return Item{Triage: TriageConfirmed, Standing: Standing{Presence: p}, LookedAt: noon, SeenAt: noon}
	}
	with := func(p Presence, c Closing) Item {
		i := seen
		i.Presence, i.Closed = p, c
		return i
	}
	request := func(s RequestState) []Request { return []Request{{ID: "1", State: s}} }
	then := func(a, b RequestState) []Request {
		return []Request{{ID: "1", State: a}, {ID: "2", State: b, ParentID: "1"}}
	}
	for _, c := range []struct {
		name     string
		item     Item
		requests []Request
		want     Step
	}{
		{"just given", Item{Triage: TriageWaiting, Standing: Standing{Presence: Unseen}}, nil, StepReceived},
		{"cleared, not looked at yet", Item{Triage: TriageCleared, Standing: Standing{Presence: Unseen}}, nil, StepReceived},
		{"looked at", Item{Triage: TriageCleared, Standing: Standing{Presence: Online}, LookedAt: noon}, nil, StepChecking},
		{"confirmed unseen", Item{Triage: TriageConfirmed, Standing: Standing{Presence: Unseen}}, nil, StepChecking},
		{"drafted", seen, request(RequestDrafted), StepChecking},
		{"approved", seen, request(RequestApproved), StepChecking},
		{"sent", seen, request(RequestSent), StepAsked},
		{"acknowledged", seen, request(RequestAcknowledged), StepAnswered},
		{"asked for more", seen, request(RequestMoreInfo), StepAnswered},
		{"refused", seen, request(RequestRefused), StepStillThere},
		{"lapsed", seen, request(RequestLapsed), StepStillThere},
		{"bounced", seen, request(RequestBounced), StepStillThere},
		{"refused, the next is drafted", seen, then(RequestRefused, RequestDrafted), StepStillThere},
		{"refused, the next is asked", seen, then(RequestRefused, RequestSent), StepAsked},
		{"lapsed, the next answered", seen, then(RequestLapsed, RequestAcknowledged), StepAnswered},
		{"both refused", seen, then(RequestRefused, RequestRefused), StepStillThere},
		{"refused, the search engine is asked beside it", seen, []Request{{ID: "1", State: RequestRefused}, {ID: "2", State: RequestSent}}, StepStillThere},
		{"said to be removed, but not seen gone", seen, request(RequestRemoved), StepChecking},
		{"seen gone once", with(GoneOnce, ""), request(RequestSent), StepAsked},
		{"seen gone once, nobody asked", with(GoneOnce, ""), nil, StepChecking},
		{"gone", found(Removed), request(RequestSent), StepGone},
		{"gone after a refusal", found(Removed), request(RequestRefused), StepGone},
		{"gone and closed", with(Removed, ClosedRemoved), nil, StepGone},
		{"gone by the uploader", with(Removed, ClosedByUploader), nil, StepGone},
		{"delisted", with(Delisted, ClosedDelisted), nil, StepGone},
		{"back", with(Reappeared, ""), request(RequestRemoved), StepBack},
		{"back, reminded", with(Reappeared, ""), request(RequestSent), StepBack},
		{"never found, two looks agree", with(Removed, ""), nil, StepNothing},
		{"behind a login", with(LoginWall, ""), request(RequestSent), StepAsked},
		{"exhausted", with(Online, ClosedExhausted), request(RequestRefused), StepCannot},
		{"withdrawn", with(Online, ClosedWithdrawn), nil, StepStopped},
		{"withdrawn when gone", with(Removed, ClosedWithdrawn), nil, StepStopped},
		{"not the person", with(Removed, ClosedNotPerson), nil, StepStopped},
	} {
		if got := StepOf(c.item, c.requests); got != c.want {
			t.Errorf("%s: reads %s, want %s", c.name, got, c.want)
		}
	}
}
