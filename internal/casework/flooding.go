package casework

import (
	"context"

	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// keepMatches keeps what a look found near, and holds it back when one image
// matches unusually often.
func (c *Change) keepMatches(matches []takedown.Match) error {
	for _, m := range matches {
		m.ID, m.SeenAt = secret.NewID(), c.Now
		if err := c.AddMatch(m); err != nil {
			return err
		}
		if err := c.restrainReference(m); err != nil {
			return err
		}
		if err := c.restrainFound(m); err != nil {
			return err
		}
	}
	return nil
}

// restrainReference holds back the matches of a reference that has too many.
func (c *Change) restrainReference(m takedown.Match) error {
	last, err := c.FloodOfReference(m.ReferenceID)
	if err != nil && takedown.KindOf(err) != takedown.NotFound {
		return err
	}
	undecided, err := c.SuggestedOfReference(m.ReferenceID, takedown.CountsFrom(last.DecidedAt, c.Now))
	if err != nil {
		return err
	}
	if last.State != takedown.FloodOpen {
		hosts, err := c.hostsOf(undecided)
		if err != nil || !takedown.Floods(len(undecided), hosts) {
			return err
		}
		last = takedown.Flood{ReferenceID: m.ReferenceID}
		if err := c.beginFlood(&last, m); err != nil {
			return err
		}
	}
	return c.hold(undecided, last.ID)
}

func (c *Change) hostsOf(matches []takedown.Match) (int, error) {
	hosts := map[string]bool{}
	for _, m := range matches {
		item, err := c.ItemByID(m.ItemID)
		if err != nil {
			return 0, err
		}
		hosts[item.Host.Reveal()] = true
	}
	return len(hosts), nil
}

// restrainFound holds back the matches of a found file that is near references
// of too many cases. What a person called real is not held back again.
func (c *Change) restrainFound(m takedown.Match) error {
	if m.Found.Empty() {
		return nil
	}
	last, err := c.FloodOfFound(m.Found)
	if err != nil && takedown.KindOf(err) != takedown.NotFound || last.State == takedown.FloodReal {
		return err
	}
	all, err := c.MatchesOfFound(m.Found)
	if err != nil {
		return err
	}
	var undecided []takedown.Match
	cases := map[string]bool{}
	for _, one := range all {
		if one.Undecided() {
			cases[one.CaseID] = true
		}
		if one.Suggested() {
			undecided = append(undecided, one)
		}
	}
	if last.State != takedown.FloodOpen {
		if !takedown.FloodsCases(len(cases)) {
			return nil
		}
		last = takedown.Flood{}
		if err := c.beginFlood(&last, m); err != nil {
			return err
		}
	}
	return c.hold(undecided, last.ID)
}

func (c *Change) beginFlood(f *takedown.Flood, m takedown.Match) error {
	f.ID, f.State, f.Since = secret.NewID(), takedown.FloodOpen, c.Now
	found := m.Found
	if f.ReferenceID != "" {
		found = takedown.Private{}
	}
	if err := c.AddFlood(*f, found); err != nil {
		return err
	}
	return c.Event("flood.begin", m.CaseID, "", f.ID)
}

func (c *Change) hold(matches []takedown.Match, floodID string) error {
	for _, m := range matches {
		was := m.State
		if err := m.Hold(floodID); err != nil {
			return err
		}
		if err := c.SaveMatch(m, was); err != nil {
			return err
		}
	}
	return nil
}

// DecideFlood records a person's word on an image that matches unusually often.
// Real: its matches are suggested. Rejected: it is no image of anybody, here and
// in every other case. It tells how many matches the word moved.
func (o *Office) DecideFlood(ctx context.Context, actor takedown.Actor, id string, to takedown.FloodState) (int, error) {
	moved := 0
	err := o.Change(ctx, actor, takedown.MayDecideMatch, func(c *Change) error {
		f, err := c.FloodByID(id)
		if err != nil {
			return err
		}
		was := f.State
		if err := f.Decide(to, actor.ID, c.Now); err != nil {
			return err
		}
		if err := c.SaveFlood(f, was); err != nil {
			return err
		}
		held, err := c.heldBy(f)
		if err != nil {
			return err
		}
		if len(held) > 0 {
			if err := c.Event("flood."+string(to), held[0].CaseID, "", f.ID); err != nil {
				return err
			}
		}
		moved = len(held)
		if to == takedown.FloodReal {
			return c.release(held)
		}
		return c.drain(f, held)
	})
	return moved, err
}

func (c *Change) heldBy(f takedown.Flood) ([]takedown.Match, error) {
	all, err := c.MatchesOfFlood(f.ID)
	var held []takedown.Match
	for _, m := range all {
		if m.Held() {
			held = append(held, m)
		}
	}
	return held, err
}

func (c *Change) release(held []takedown.Match) error {
	for _, m := range held {
		was := m.State
		if err := m.Release(); err != nil {
			return err
		}
		if err := c.SaveMatch(m, was); err != nil {
			return err
		}
	}
	return nil
}

// drain rejects what a flood held, and makes its image a negative.
func (c *Change) drain(f takedown.Flood, held []takedown.Match) error {
	for _, m := range held {
		if err := c.rejectMatch(m); err != nil {
			return err
		}
	}
	if len(held) == 0 {
		return nil
	}
	hash, caseID := held[0].Found, held[0].CaseID
	if f.ReferenceID != "" {
		r, err := c.ReferenceByID(f.ReferenceID)
		if err != nil {
			return err
		}
		hash, caseID = takedown.NewPrivate(string(r.Exchange)), r.CaseID
	}
	if hash.Empty() {
		return nil
	}
	id, err := c.addNegative(hash, takedown.NegativeFlood, caseID, "")
	if err != nil {
		return err
	}
	open, err := c.OpenMatches()
	if err != nil {
		return err
	}
	_, err = c.rejectNear(open, takedown.Negative{ID: id, Hash: hash})
	return err
}

// FloodView is an image that matches unusually often, as a case shows it.
type FloodView struct {
	takedown.Flood
	Held  int // matches it holds back, in all cases
	Cases int // how many cases those are of
	Item  string
}

// floodsOf gives the floods that hold matches of a case back.
func floodsOf(tx *store.Tx, items []ItemView) ([]FloodView, error) {
	var out []FloodView
	seen := map[string]bool{}
	for _, i := range items {
		for _, m := range i.Matches {
			if !m.Held() || seen[m.FloodID] {
				continue
			}
			seen[m.FloodID] = true
			v, err := floodView(tx, m)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
	}
	return out, nil
}

func floodView(tx *store.Tx, example takedown.Match) (FloodView, error) {
	f, err := tx.FloodByID(example.FloodID)
	if err != nil {
		return FloodView{}, err
	}
	all, err := tx.MatchesOfFlood(f.ID)
	v := FloodView{Flood: f, Item: example.ItemID}
	cases := map[string]bool{}
	for _, m := range all {
		if m.Held() {
			v.Held++
			cases[m.CaseID] = true
		}
	}
	v.Cases = len(cases)
	return v, err
}
