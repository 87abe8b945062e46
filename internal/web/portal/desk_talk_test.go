package portal

import (
	"context"
	"errors"
	"time"

	"reprise/internal/takedown"
)

func (d *desk) CaseStanding(context.Context, takedown.Actor) (takedown.CaseStanding, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.standing
	s.State = d.show.State
	if errors.Is(d.failing, errAway) {
		return s, d.failing
	}
	return s, nil
}

func (d *desk) Say(_ context.Context, _ takedown.Actor, formKey, text string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := takedown.SayMessage(text, 0); err != nil {
		return err
	}
	for _, m := range d.show.Messages {
		if m.FormKey == formKey {
			return nil
		}
	}
	if d.failing == nil {
		d.show.Messages = append(d.show.Messages, takedown.Message{FormKey: formKey, Text: takedown.NewPrivate(text), SentAt: noon})
	}
	return d.failing
}

func (d *desk) ReadMessages(context.Context, takedown.Actor) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.standing.Unread = 0
	return d.failing
}

func (d *desk) Answer(_ context.Context, _ takedown.Actor, id string, given takedown.AnswerGiven) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.show.Questions {
		if q := &d.show.Questions[i]; q.ID == id {
			var references []takedown.Reference
			for _, i := range d.show.Images {
				references = append(references, takedown.Reference{ID: i.ID})
			}
			return q.Give(given, references, noon)
		}
	}
	return takedown.ErrNotFound
}

func (d *desk) rest(do func(*takedown.Case) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.failing != nil {
		return d.failing
	}
	c := takedown.Case{State: d.show.State, PausedAt: d.standing.PausedAt, LeavingAt: d.standing.LeavingAt, ClosedAt: noon.Add(-time.Hour)}
	err := do(&c)
	d.show.State = c.State
	d.standing = takedown.StandingOf(c, takedown.Recovery{}, nil, nil, noon)
	return err
}

func (d *desk) Pause(context.Context, takedown.Actor) error {
	return d.rest(func(c *takedown.Case) error { return c.Pause(noon) })
}

func (d *desk) Resume(context.Context, takedown.Actor) error {
	return d.rest(func(c *takedown.Case) error { return c.Resume() })
}

func (d *desk) AskToLeave(context.Context, takedown.Actor) error {
	return d.rest(func(c *takedown.Case) error { return c.AskToLeave(noon) })
}

func (d *desk) Reopen(context.Context, takedown.Actor) error {
	return d.rest(func(c *takedown.Case) error { return c.Reopen(noon) })
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func (d *desk) KeepWatching(context.Context, takedown.Actor) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.standing.WatchOver, d.kept = false, d.failing == nil
	return d.failing
}

func (d *desk) StopWatching(context.Context, takedown.Actor) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.standing.WatchOver = false
	return d.failing
}

func (d *desk) NameItem(_ context.Context, _ takedown.Actor, id string, label takedown.Private) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len([]rune(label.Reveal())) > takedown.MaxItemLabel {
		return takedown.Refuse(takedown.Invalid, "error.item_label")
	}
	for i := range d.show.Items {
		if d.show.Items[i].ID == id {
			d.show.Items[i].Label = label
			return d.failing
		}
	}
	return takedown.ErrNotFound
}
