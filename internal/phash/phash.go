// Package phash tells whether two pictures look alike, without keeping either.
//
// Sign turns a decoded picture into a Signature: PDQ as Meta's reference computes it, bit for bit, in all eight
// orientations, and the hashes of goimagehash. It reads luminance alone and knows nothing of files and processes:
// package picture decodes, and package hasher does both in a limited child.
package phash

import (
	"fmt"
	"image"

	"reprise/internal/picture"
)

// signatureVersion is the version that new signatures get. A change in any step of hashing needs a new one.
const signatureVersion = 1

// minDetail is the median size of the PDQ frequencies, on the scale of 8-bit luminance, below which a picture is
// blank. Plain areas, gradients and vignettes are below 0.5 and faint noise below 0.75; photographs start at 9, and at
// 0.95 when darkened to a twentieth.
const minDetail = 0.8

// exactThumbSide is the longest side up to which goimagehash gets the picture as decoded, not a thumbnail.
const exactThumbSide = 1024

// Signature is all that is kept of a picture.
type Signature struct {
	Version       int
	Width, Height int // of the picture as stored in the file

	// PDQ is the value to exchange: of the pixels as stored, without heed to EXIF, like the reference. Quality, 0 to
	// 100, is PDQ's own; platforms leave out what is below 50.
	PDQ     Hash256
	Quality int

	// Variants are the PDQ hashes of the upright picture (turned as EXIF says) and of its turns and mirrors.
	Variants [Variants]Hash256

	// The hashes of goimagehash, of the upright picture.
	PHash64  uint64
	PHash256 Hash256
	DHash64  uint64
	AHash64  uint64
}

// Sign hashes a picture. Its error is a picture.Refusal with ReasonBlank for one that has nothing to tell it from
// others, and a fault of ours else.
func Sign(p picture.Picture) (Signature, error) {
	results := pdq8(p)
	if results[Same].detail < minDetail {
		return Signature{}, picture.Refuse(picture.ReasonBlank)
	}
	hashes, err := hashImage(p)
	if err != nil {
		return Signature{}, fmt.Errorf("hash a picture of %d x %d: %w", p.Width, p.Height, err)
	}
	s := Signature{
		Version: signatureVersion, Width: p.Width, Height: p.Height,
		PDQ: results[Same].hash, Quality: results[Same].quality,
		PHash64: hashes.perception, PHash256: hashes.perception256, DHash64: hashes.difference, AHash64: hashes.average,
	}
	var raw [Variants]Hash256
	for v := range raw {
		raw[v] = results[v].hash
	}
	s.Variants = upright(raw, p.Upright)
	return s, nil
}

// hashImage gives goimagehash a small upright picture as it is, so that its values are those of everyone, and the
// thumbnail of one that is large or lies on its side.
func hashImage(p picture.Picture) (imageHashes, error) {
	var small image.Image
	if max(p.Width, p.Height) > exactThumbSide || p.Upright != (picture.Turn{}) {
		small = p.Small(thumbSide)
	} else {
		small = p.Image()
	}
	return hashThumb(small)
}
