package phash

import (
	"fmt"
	"image"

	"github.com/corona10/goimagehash"

	"reprise/internal/picture"
)

// exactThumbSide is the longest side up to which goimagehash gets the picture as decoded; of a larger one it gets the
// luminance made smaller to thumbSide, which is ten times faster and a few bits away.
const (
	exactThumbSide = 1024
	thumbSide      = 512
)

// ImageHashes are the hashes of 64 bits of github.com/corona10/goimagehash, as everyone has them who uses it.
type ImageHashes struct{ Average, Difference, Perception uint64 }

// HashImage has goimagehash hash the upright picture.
func HashImage(p picture.Picture) (ImageHashes, error) {
	if max(p.Width, p.Height) > exactThumbSide || p.Upright != (picture.Turn{}) {
		return hashImage(p.Small(thumbSide))
	}
	return hashImage(p.Image())
}

func hashImage(g image.Image) (ImageHashes, error) {
	average, err := goimagehash.AverageHash(g)
	if err != nil {
		return ImageHashes{}, fmt.Errorf("average hash: %w", err)
	}
	difference, err := goimagehash.DifferenceHash(g)
	if err != nil {
		return ImageHashes{}, fmt.Errorf("difference hash: %w", err)
	}
	perception, err := goimagehash.PerceptionHash(g)
	if err != nil {
		return ImageHashes{}, fmt.Errorf("perception hash: %w", err)
	}
	return ImageHashes{average.GetHash(), difference.GetHash(), perception.GetHash()}, nil
}
