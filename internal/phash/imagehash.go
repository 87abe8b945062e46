package phash

import (
	"fmt"
	"image"

	"github.com/corona10/goimagehash"
)

// thumbSide is the longest side of the picture that goimagehash is given: twice what its largest hash looks at, and
// ten times faster than a photograph of 12 megapixels.
const thumbSide = 512

// imageHashes are the hashes of github.com/corona10/goimagehash, all taken from one thumbnail.
type imageHashes struct {
	average, difference, perception uint64
	perception256                   Hash256
}

// hashThumb computes the four hashes of g. The extended hash is asked for squares only: it panics on others.
func hashThumb(g image.Image) (h imageHashes, err error) {
	average, err := goimagehash.AverageHash(g)
	if err != nil {
		return h, fmt.Errorf("average hash: %w", err)
	}
	difference, err := goimagehash.DifferenceHash(g)
	if err != nil {
		return h, fmt.Errorf("difference hash: %w", err)
	}
	perception, err := goimagehash.PerceptionHash(g)
	if err != nil {
		return h, fmt.Errorf("perception hash: %w", err)
	}
	extended, err := goimagehash.ExtPerceptionHash(g, pdqFreqs, pdqFreqs)
	if err != nil {
		return h, fmt.Errorf("extended perception hash: %w", err)
	}
	h = imageHashes{average.GetHash(), difference.GetHash(), perception.GetHash(), Hash256{}}
	copy(h.perception256[:], extended.GetHash())
	return h, nil
}
