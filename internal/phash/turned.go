package phash

import "reprise/internal/picture"

// Turned gives the PDQ hashes of the upright picture turned each way, and their quality, 0 to 100: all that is needed
// to look a picture up in a list of PDQ hashes, and what Ask does before it looks for parts.
func Turned(p picture.Picture) (hashes [Variants]Hash256, quality int) {
	whole, hashes := pdqTurned(sampled(p, p.Upright))
	return hashes, whole.quality
}
