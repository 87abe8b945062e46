package casework

import (
	"context"
	"strconv"

	"reprise/internal/takedown"
)

// AllowPoints records the person's word that local features of her images may be
// kept. Those of images given before are gone with the images: only further ones,
// or the same ones given again, bring theirs.
func (o *Office) AllowPoints(ctx context.Context, actor takedown.Actor) error {
	return o.OwnChange(ctx, actor, takedown.MayAddToOwnCase, func(c *Change, file takedown.Case) error {
		if file.MayUsePoints {
			return nil
		}
		if err := c.SaveMayUsePoints(file.ID, true); err != nil {
			return err
		}
		return c.Event("points.allow", file.ID, "", "")
	})
}

// ForgetPoints takes that word back, and deletes what was kept by it. Her case
// goes on with the hashes alone.
func (o *Office) ForgetPoints(ctx context.Context, actor takedown.Actor) error {
	return o.OwnChange(ctx, actor, takedown.MayFollowOwnCase, func(c *Change, file takedown.Case) error {
		return c.forgetPoints(file)
	})
}

// forgetPoints deletes the local features of a case, and the word that let them
// be kept.
func (c *Change) forgetPoints(file takedown.Case) error {
	forgotten, err := c.Tx.ForgetPoints(file.ID)
	if err != nil || forgotten == 0 && !file.MayUsePoints {
		return err
	}
	if err := c.SaveMayUsePoints(file.ID, false); err != nil {
		return err
	}
	return c.Event("points.forget", file.ID, "", strconv.Itoa(forgotten))
}
