package reporter

import (
	"context"
	"unicode/utf8"

	"reprise/internal/casework"
	"reprise/internal/takedown"
)

// KeepWatching is her answer that a closed case is to be watched as long again.
func (s Space) KeepWatching(ctx context.Context, actor takedown.Actor) error {
	return s.OwnChange(ctx, actor, takedown.MayFollowOwnCase, func(c *casework.Change, file takedown.Case) error {
		return c.KeepWatching(file)
	})
}

// StopWatching is her answer that it need not be watched any longer.
func (s Space) StopWatching(ctx context.Context, actor takedown.Actor) error {
	return s.OwnChange(ctx, actor, takedown.MayFollowOwnCase, func(c *casework.Change, file takedown.Case) error {
		return c.StopWatching(file)
	})
}

// NameItem keeps what she calls one of her addresses; an empty name takes it away.
// Over the bound it is refused, and never cut.
func (s Space) NameItem(ctx context.Context, actor takedown.Actor, itemID string, label takedown.Private) error {
	if utf8.RuneCountInString(label.Reveal()) > takedown.MaxItemLabel {
		return takedown.Refuse(takedown.Invalid, "error.item_label")
	}
	return s.OwnChange(ctx, actor, takedown.MayAddToOwnCase, func(c *casework.Change, _ takedown.Case) error {
		item, err := hersIn(c.Tx, actor, itemID)
		if err != nil {
			return err
		}
		item.Label = label
		if err := c.SaveItemLabel(item); err != nil {
			return err
		}
		return c.Event("item.name", item.CaseID, item.ID, "")
	})
}
