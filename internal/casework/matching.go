package casework

import (
	"context"
	"fmt"
	"slices"

	"reprise/internal/likeness"
	"reprise/internal/phash"
	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// NotAnImage records a person's word that the found file of a match is a logo, a
// placeholder or a blank: whatever is near it is rejected in every case, and
// never suggested again. It tells how many matches were rejected.
func (o *Office) NotAnImage(ctx context.Context, actor takedown.Actor, matchID string) (int, error) {
	rejected := 0
	err := o.Change(ctx, actor, takedown.MayDecideMatch, func(c *Change) error {
		m, err := c.MatchByID(matchID)
		if err != nil {
			return err
		}
		if m.Found.Empty() {
			return takedown.ErrStep
		}
		id, err := c.addNegative(m.Found, takedown.NegativeLogo, m.CaseID, m.ItemID)
		if err != nil {
			return err
		}
		open, err := c.OpenMatches()
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(open, func(o takedown.Match) bool { return o.ID == m.ID }) {
			open = append(open, m) // it was confirmed before
		}
		rejected, err = c.rejectNear(open, takedown.Negative{ID: id, Hash: m.Found})
		return err
	})
	return rejected, err
}

// addNegative keeps a hash as no image of anybody. One that is nearly an image
// which a person gave needs a supervisor: whoever published her image may have
// faded a copy until it looks blank, and PDQ hardly sees the difference.
func (c *Change) addNegative(hash takedown.Private, why takedown.NegativeWhy, caseID, itemID string) (string, error) {
	h, err := phash.Hash256FromBytes([]byte(hash.Reveal()))
	if err != nil {
		return "", fmt.Errorf("read the hash of a negative: %w", err)
	}
	if len(c.office.everybody.near(h)) > 0 && !c.Actor.May(takedown.MayEditNegatives) {
		return "", takedown.Refuse(takedown.Forbidden, "error.negative.given")
	}
	id, err := c.KeepNegative(takedown.Negative{ID: secret.NewID(), Hash: hash, Why: why, AddedBy: c.Actor.ID, AddedAt: c.Now})
	if err != nil {
		return "", err
	}
	return id, c.Event("negative.add", caseID, itemID, id)
}

// rejectNear rejects those of the matches whose found file is near a negative.
func (c *Change) rejectNear(matches []takedown.Match, n takedown.Negative) (int, error) {
	rejected := 0
	for _, m := range matches {
		if !likeness.Nobodys([]byte(m.Found.Reveal()), []takedown.Negative{n}) {
			continue
		}
		m.NegativeID = n.ID
		if err := c.rejectMatch(m); err != nil {
			return rejected, err
		}
		rejected++
	}
	return rejected, nil
}

func (c *Change) rejectMatch(m takedown.Match) error {
	was := m.State
	if err := m.Decide(takedown.MatchRejected, c.Actor.ID, c.Now); err != nil {
		return err
	}
	if err := c.SaveMatch(m, was); err != nil {
		return err
	}
	return c.Event("match.rejected", m.CaseID, m.ItemID, m.ID)
}

// NegativeView is a negative with what it did.
type NegativeView struct {
	takedown.Negative
	By       string // the name of whoever added it, "" when the account is gone
	Rejected int    // matches that were rejected as near it
}

// Negatives lists what is no image of anybody, the newest first.
func (o *Office) Negatives(ctx context.Context, actor takedown.Actor) ([]NegativeView, error) {
	var out []NegativeView
	err := o.Read(ctx, actor, takedown.MayReadCases, func(tx *store.Tx) error {
		negatives, err := tx.Negatives()
		if err != nil {
			return err
		}
		counts, err := tx.RejectedByNegative()
		if err != nil {
			return err
		}
		for _, n := range slices.Backward(negatives) {
			v := NegativeView{Negative: n, Rejected: counts[n.ID]}
			if a, err := tx.AccountByID(n.AddedBy); err == nil {
				v.By = a.Name.Reveal()
			}
			out = append(out, v)
		}
		return nil
	})
	return out, err
}

// RemoveNegative lets what is near it be suggested again. What was rejected stays
// rejected: a person may still confirm it.
func (o *Office) RemoveNegative(ctx context.Context, actor takedown.Actor, id string) error {
	return o.Change(ctx, actor, takedown.MayEditNegatives, func(c *Change) error {
		if err := c.Tx.RemoveNegative(id); err != nil {
			return err
		}
		return c.Event("negative.remove", "", "", id)
	})
}
