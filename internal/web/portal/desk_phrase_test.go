package portal

import (
	"context"
	"time"

	"reprise/internal/takedown"
)

// lostWay is what the desk was told of a lost phrase.
type lostWay struct {
	asked   []string // numbers
	kept    []string // answers
	changed string   // the phrase that took the place of hers
	stopped bool
	arrived int // how often a new phrase was shown
}

func (d *desk) KeepAnswers(_ context.Context, _ takedown.Actor, phrase takedown.Private, given []takedown.Private) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if phrase.Reveal() != deskPhrase {
		return takedown.Refuse(takedown.Invalid, "error.phrase_wrong")
	}
	for _, g := range given {
		if len(g.Reveal()) < 4 {
			return takedown.Refuse(takedown.Invalid, "error.answers")
		}
		d.lostWay.kept = append(d.lostWay.kept, g.Reveal())
	}
	d.show.AnswersAt = noon
	return d.failing
}

func (d *desk) ForgetAnswers(context.Context, takedown.Actor) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lostWay.kept = nil
	return d.failing
}

func (d *desk) ChangePhrase(_ context.Context, _ takedown.Actor, known, fresh takedown.Private) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if known.Reveal() != deskPhrase {
		return takedown.Refuse(takedown.Invalid, "error.phrase_wrong")
	}
	d.lostWay.changed = fresh.Reveal()
	return d.failing
}

func (d *desk) AskForPhrase(_ context.Context, number takedown.Private, _ []takedown.Private) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lostWay.asked = append(d.lostWay.asked, number.Reveal())
	return d.failing
}

func (d *desk) OwnPhrase(context.Context, takedown.Actor) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.standing.PhraseNewAt = time.Time{}
	return d.failing
}

func (d *desk) StopRecovery(context.Context, takedown.Actor) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lostWay.stopped = true
	return d.failing
}

func (d *desk) RenewPhrase(_ context.Context, number takedown.Private, given []takedown.Private, code, _ takedown.Private) (takedown.Receipt, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if number.Reveal() != deskNumber || code.Reveal() != deskCode || given[2].Reveal() != "violet" {
		return takedown.Receipt{}, takedown.Refuse(takedown.Invalid, "error.renew")
	}
	return takedown.Receipt{CaseID: "case-1", Number: takedown.NewPrivate(deskNumber)}, d.failing
}

func (d *desk) PhraseArrived(context.Context, takedown.Actor, takedown.Private) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lostWay.arrived++
	return d.failing
}
