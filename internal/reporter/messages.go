package reporter

import (
	"context"
	"time"

	"reprise/internal/casework"
	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// Say sends a message to the team. The same form sends it once, however often it
// arrives. Errors: Invalid for an empty one, TooMany over the bounds of a message.
func (s Space) Say(ctx context.Context, actor takedown.Actor, formKey, text string) error {
	return s.Change(ctx, actor, takedown.MayFollowOwnCase, func(c *casework.Change) error {
		today, err := c.CountMessagesSince(actor.ID, c.Now.Add(-24*time.Hour))
		if err != nil {
			return err
		}
		isNew, err := c.AddMessage(takedown.Message{
			ID: secret.NewID(), CaseID: actor.ID, FormKey: formKey, Text: takedown.NewPrivate(text), SentAt: c.Now,
		})
		if err != nil || !isNew {
			return err
		}
		if err := takedown.SayMessage(text, today); err != nil {
			return err // and nothing of it is kept
		}
		return c.Event("message.say", actor.ID, "", "")
	})
}

// CaseStanding gives what every page of her space says of her case.
func (s Space) CaseStanding(ctx context.Context, actor takedown.Actor) (takedown.CaseStanding, error) {
	var out takedown.CaseStanding
	err := s.Read(ctx, actor, takedown.MayFollowOwnCase, func(tx *store.Tx) error {
		file, err := tx.CaseByID(actor.ID)
		if err != nil {
			return err
		}
		messages, err := tx.MessagesOfCase(file.ID)
		if err != nil {
			return err
		}
		questions, err := tx.QuestionsOfCase(file.ID)
		if err != nil {
			return err
		}
		recovery, err := tx.RecoveryOfCase(file.ID)
		out = takedown.StandingOf(file, recovery, messages, questions, takedown.Moment(s.Now()))
		return err
	})
	return out, err
}

// ReadMessages notes that she has read what the team wrote.
func (s Space) ReadMessages(ctx context.Context, actor takedown.Actor) error {
	return s.Change(ctx, actor, takedown.MayFollowOwnCase, func(c *casework.Change) error {
		return c.MarkMessagesRead(actor.ID, true, c.Now, c.Now)
	})
}

// Answer answers a question of the team about her own case. Errors: NotFound for a
// question of another case, Invalid for an answer it does not have or an image that
// is not hers, Conflict once the team has read the answer.
func (s Space) Answer(ctx context.Context, actor takedown.Actor, questionID string, given takedown.AnswerGiven) error {
	return s.Change(ctx, actor, takedown.MayFollowOwnCase, func(c *casework.Change) error {
		questions, err := c.QuestionsOfCase(actor.ID)
		if err != nil {
			return err
		}
		for _, q := range questions {
			if q.ID != questionID {
				continue
			}
			references, err := c.ReferencesOfCase(actor.ID)
			if err != nil {
				return err
			}
			if err := q.Give(given, references, c.Now); err != nil {
				return err
			}
			if err := c.SaveAnswer(q); err != nil {
				return err
			}
			return c.Event("question.answer", actor.ID, q.ItemID, string(q.Kind))
		}
		return takedown.ErrNotFound
	})
}
