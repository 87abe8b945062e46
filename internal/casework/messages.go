package casework

import (
	"context"
	"time"

	"reprise/internal/secret"
	"reprise/internal/takedown"
)

// Write sends a message to the person. The same form sends it once.
func (o *Office) Write(ctx context.Context, actor takedown.Actor, m takedown.Message) error {
	return o.Change(ctx, actor, takedown.MayWrite, func(c *Change) error {
		if err := takedown.SayMessage(m.Text.Reveal(), 0); err != nil {
			return err
		}
		if _, err := c.CaseByID(m.CaseID); err != nil {
			return err
		}
		m.ID, m.FromTeam, m.SentAt = secret.NewID(), true, c.Now
		isNew, err := c.AddMessage(m)
		if err != nil || !isNew {
			return err
		}
		if err := c.MarkNews(m.CaseID); err != nil {
			return err
		}
		return c.Event("message.write", m.CaseID, "", "")
	})
}

// Ask puts a question with ready answers to the person of q's case, about an item
// or, with position 0, about the case. The same question about the same thing is
// put once as long as it is open; with other words beside it, it is refused: Conflict.
func (o *Office) Ask(ctx context.Context, actor takedown.Actor, q takedown.Question, position int) error {
	return o.Change(ctx, actor, takedown.MayWrite, func(c *Change) error {
		q.ID, q.AskedBy, q.AskedAt = secret.NewID(), actor.ID, c.Now
		items, err := c.ItemsOfCase(q.CaseID)
		if err != nil {
			return err
		}
		for _, i := range items {
			if i.Position == position {
				q.ItemID = i.ID
			}
		}
		if position != 0 && q.ItemID == "" {
			return takedown.Refuse(takedown.Invalid, "error.ask")
		}
		references, err := c.ReferencesOfCase(q.CaseID)
		if err != nil {
			return err
		}
		if err := q.Ask(len(references)); err != nil {
			return err
		}
		already, err := c.QuestionsOfCase(q.CaseID)
		if err != nil {
			return err
		}
		for _, a := range already {
			if !a.Open() || a.Kind != q.Kind || a.ItemID != q.ItemID {
				continue
			}
			if a.Words.Reveal() != q.Words.Reveal() {
				return takedown.Refuse(takedown.Conflict, "error.ask_open")
			}
			return nil
		}
		if err := c.AddQuestion(q); err != nil {
			return err
		}
		if err := c.MarkNews(q.CaseID); err != nil {
			return err
		}
		return c.Event("question.ask", q.CaseID, q.ItemID, string(q.Kind))
	})
}

// ReadTalk notes that the team has read what the person wrote and answered until
// the time of the page that showed it.
func (o *Office) ReadTalk(ctx context.Context, actor takedown.Actor, caseID string, until time.Time) error {
	return o.Change(ctx, actor, takedown.MayWrite, func(c *Change) error {
		if err := c.MarkMessagesRead(caseID, false, until, c.Now); err != nil {
			return err
		}
		if err := c.MarkAnswersSeen(caseID, until, c.Now); err != nil {
			return err
		}
		return c.Event("message.read", caseID, "", "")
	})
}
