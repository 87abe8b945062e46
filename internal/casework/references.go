package casework

import (
	"context"
	"errors"
	"fmt"

	"reprise/internal/keypoints"
	"reprise/internal/likeness"
	"reprise/internal/phash"
	"reprise/internal/picture"
	"reprise/internal/secret"
	"reprise/internal/takedown"
)

// HashImage makes the hashes of one image in the limited child process, and its
// local features where the person agreed to them. The image is never written down
// and is forgotten when the method returns. Images wait in memory for their turn, so
// that only so many may: a further one is a refusal of kind TooMany.
func (o *Office) HashImage(ctx context.Context, image []byte, points bool) (takedown.GivenReference, error) {
	select {
	case o.images <- struct{}{}:
		defer func() { <-o.images }()
	default:
		return takedown.GivenReference{}, takedown.Refuse(takedown.TooMany, "error.image.again")
	}
	given, err := o.Hasher.Sign(ctx, image, points)
	var refused *picture.Refusal
	switch {
	case errors.As(err, &refused):
		return takedown.GivenReference{}, takedown.Refuse(takedown.Invalid, "error.image."+string(refused.Reason))
	case err != nil:
		return takedown.GivenReference{}, fmt.Errorf("hash an image: %w", err)
	}
	out := takedown.GivenReference{Kind: takedown.ReferenceImage, Quality: given.Signature.Quality}
	if out.Signature, err = given.Signature.MarshalBinary(); err == nil && points {
		out.Points, err = given.Points.MarshalBinary()
	}
	if err != nil {
		return takedown.GivenReference{}, fmt.Errorf("pack a signature: %w", err)
	}
	return out, nil
}

// ReadReference reads what the person's own device made of an image or a video,
// and of an image its local features, if there are any. Nothing is trusted: what
// cannot be read is refused.
func (o *Office) ReadReference(kind takedown.ReferenceKind, packed, points []byte) (takedown.GivenReference, error) {
	given := takedown.GivenReference{Kind: kind, Signature: packed, Points: points}
	var err error
	if kind == takedown.ReferenceClip {
		err = readClip(&given)
	} else {
		var sig phash.Signature
		err = sig.UnmarshalBinary(packed)
		given.Quality = sig.Quality
	}
	if err == nil && points != nil {
		err = new(keypoints.Set).UnmarshalBinary(points)
	}
	if err != nil {
		return takedown.GivenReference{}, takedown.Refuse(takedown.Invalid, "error.image.signature")
	}
	return given, nil
}

// readClip takes the quality of a clip from its best frame.
func readClip(given *takedown.GivenReference) error {
	var clip phash.Clip
	if err := clip.UnmarshalBinary(given.Signature); err != nil {
		return fmt.Errorf("read a given clip: %w", err)
	}
	given.Points = nil
	for _, f := range clip.Frames {
		given.Quality = max(given.Quality, f.Quality)
	}
	return nil
}

// AddReferences keeps further images' hashes in the person's own case and looks
// again at the items that were looked at without them.
func (o *Office) AddReferences(ctx context.Context, actor takedown.Actor, given []takedown.GivenReference) (int, error) {
	added := 0
	err := o.OwnChange(ctx, actor, takedown.MayAddToOwnCase, func(c *Change, file takedown.Case) (err error) {
		if added, err = addReferences(c, file, given); err != nil || added == 0 {
			return err
		}
		return lookAgain(c, file.ID)
	})
	return added, err
}

func lookAgain(c *Change, caseID string) error {
	items, err := c.ItemsOfCase(caseID)
	if err != nil {
		return err
	}
	for _, i := range items {
		if !i.Open() || !i.Watched() {
			continue
		}
		if err := c.Enqueue(JobLook, i.ID); err != nil {
			return err
		}
	}
	return nil
}

// addReferences keeps hashes of images and clips. Local features are kept only
// where the person said that they may be; for an image that the case has already
// without them, they are added to it.
func addReferences(c *Change, file takedown.Case, given []takedown.GivenReference) (int, error) {
	have, err := c.ReferencesOfCase(file.ID)
	if err != nil {
		return 0, err
	}
	if len(have)+len(given) > takedown.MaxReferences {
		return 0, takedown.Refuse(takedown.TooMany, "error.too_many_images")
	}
	added := 0
	for _, g := range given {
		r, err := newReference(c, file, g)
		if err != nil {
			return added, err
		}
		isNew, err := c.AddReference(r)
		if err == nil && !isNew && r.Points != nil {
			isNew, err = c.AddPoints(file.ID, r.Signature, r.Points)
		}
		if err != nil {
			return added, err
		}
		if isNew {
			added++
		}
	}
	if added == 0 {
		return 0, nil
	}
	return added, c.Event("reference.add", file.ID, "", fmt.Sprintf("%d", added))
}

func newReference(c *Change, file takedown.Case, g takedown.GivenReference) (takedown.Reference, error) {
	r := takedown.Reference{
		ID: secret.NewID(), CaseID: file.ID, Kind: g.Kind, Label: takedown.NewPrivate(g.Label),
		Signature: g.Signature, Quality: g.Quality, CreatedAt: c.Now,
	}
	if r.Kind == "" {
		r.Kind = takedown.ReferenceImage
	}
	if file.MayUsePoints {
		r.Points = g.Points
	}
	switch r.Kind {
	case takedown.ReferenceClip:
		if _, err := likeness.ClipOf(r); err != nil {
			return r, takedown.Refuse(takedown.Invalid, "error.image.signature")
		}
		return r, nil
	case takedown.ReferenceImage:
		h, err := likeness.ImageOf(r) // as a look will read it: a browser may have sent anything
		if err != nil {
			return r, takedown.Refuse(takedown.Invalid, "error.image.signature")
		}
		r.Exchange, r.Quality = h.PDQ()
		return r, nil
	}
	return r, takedown.Refuse(takedown.Invalid, "error.image.signature")
}
