// Package phash tells whether two pictures look alike, without keeping either.
//
// A Hasher turns the bytes of a JPEG, PNG, GIF or WebP file into a Signature: PDQ as Meta's reference computes it,
// bit for bit, in all eight orientations, and the hashes of goimagehash.
//
// Decoding a stranger's file is dangerous, and a decoder in Go cannot be stopped. So a Hasher starts its own program
// again for each picture, as a child that has no network, no files and little time and memory, and that answers with a
// record of fixed size. The program's main must hand over to ChildMain when its first argument is ChildCommand.
// No picture is ever written to disk.
//
// HEIC and AVIF are refused with ReasonFormat.
package phash

import (
	"errors"
	"fmt"
	"image"
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

// sign decodes and hashes a file within this process. Errors are Refusals, but for faults of our own.
func sign(data []byte) (Signature, error) {
	p, err := decode(data)
	if err != nil {
		return Signature{}, err
	}
	r := newRaster(p.img)
	results := pdq8(r)
	if results[Same].detail < minDetail {
		return Signature{}, refuse(ReasonBlank)
	}
	hashes, err := hashImage(p, r)
	if err != nil {
		return Signature{}, fmt.Errorf("hash a picture of %d x %d: %w", r.width, r.height, err)
	}
	s := Signature{
		Version: signatureVersion, Width: r.width, Height: r.height,
		PDQ: results[Same].hash, Quality: results[Same].quality,
		PHash64: hashes.perception, PHash256: hashes.perception256, DHash64: hashes.difference, AHash64: hashes.average,
	}
	var raw [Variants]Hash256
	for v := range raw {
		raw[v] = results[v].hash
	}
	s.Variants = upright(raw, p.upright)
	return s, nil
}

// hashImage gives goimagehash a small upright picture as it is, so that its values are those of everyone, and the
// thumbnail of one that is large or lies on its side.
func hashImage(p picture, r raster) (imageHashes, error) {
	var small image.Image = p.img
	if max(r.width, r.height) > exactThumbSide || p.upright != (turn{}) {
		small = r.thumb(p.upright)
	}
	return hashThumb(small)
}

// signSafely is sign for bytes that may make a decoder panic.
func signSafely(data []byte) (s Signature, err error) {
	defer func() {
		if recover() != nil {
			s, err = Signature{}, refuse(ReasonDamaged)
		}
	}()
	return sign(data)
}

// ReasonOf gives the reason of a Refusal anywhere in err, and false if there is none: then the fault is ours.
func ReasonOf(err error) (Reason, bool) {
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		return "", false
	}
	return refusal.Reason, true
}
