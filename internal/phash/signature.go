package phash

import (
	"encoding/binary"
	"errors"
	"fmt"

	"reprise/internal/picture"
)

// The versions of a signature. Version 1 knew the whole picture alone; it is read still, and compares as far as that goes.
const (
	versionWhole   = 1
	versionRegions = 2
)

// maxRegions bounds what a signature may hold.
const maxRegions = 600

// Signature is all that is kept of a picture a person gave. Nothing but PDQ and Upright is computed from more than the
// small upright picture (smallSide), in integers and rounded float32 and float64, so that a browser makes the same one.
type Signature struct {
	Version       int
	Width, Height int // of the picture as stored in the file

	// PDQ is the value to exchange: of the pixels as stored, without heed to EXIF, like the reference. Quality, 0 to
	// 100, is PDQ's own; platforms leave out what is below 50. Upright is the PDQ of the upright picture.
	PDQ, Upright Hash256
	Quality      int

	// Regions are the whole upright picture, the pictures in it, and crops of both.
	Regions []Region

	// The hashes of goimagehash, of the small upright picture.
	PHash64, DHash64, AHash64 uint64
	PHash256                  Hash256
}

// Region is one hashed part of an upright picture.
type Region struct {
	Kind    RegionKind
	Box     Box
	Quality uint8 // 0 to 100, on the scale of PDQ's
	Hash    Hash256
}

// RegionKind says how a region came about.
type RegionKind uint8

// The kinds of region.
const (
	RegionWhole   RegionKind = iota
	RegionSegment            // found in the picture: borders taken away, the panel of a collage
	RegionCrop               // of a fixed table
)

// Box is a rectangle of an upright picture, each side in 255ths of its width or height.
type Box struct{ Left, Top, Right, Bottom uint8 }

// ErrSignature says that bytes are not a signature, or are one of a version that we do not know.
var ErrSignature = errors.New("not a signature of a known version")

// The lengths of what is written, in bytes.
const (
	signatureBytesV1 = 1 + 1 + 4 + 4 + (1+Variants+1)*hash256Bytes + 3*8
	headBytes        = 1 + 1 + 4 + 4 + 3*hash256Bytes + 3*8 + 2
	regionBytes      = 1 + 1 + 4 + hash256Bytes
	SignatureBytes   = headBytes + maxRegions*regionBytes
)

// MarshalBinary gives 132 bytes, the first of which is the version, and 38 for each region.
func (s Signature) MarshalBinary() ([]byte, error) {
	if s.Version != versionRegions || len(s.Regions) > maxRegions {
		return nil, fmt.Errorf("write a signature of version %d with %d regions: %w", s.Version, len(s.Regions), ErrSignature)
	}
	b := append(make([]byte, 0, headBytes+len(s.Regions)*regionBytes), byte(s.Version), byte(s.Quality))
	b = binary.BigEndian.AppendUint32(b, uint32(s.Width))
	b = binary.BigEndian.AppendUint32(b, uint32(s.Height))
	for _, h := range []Hash256{s.PDQ, s.Upright, s.PHash256} {
		b = h.appendTo(b)
	}
	for _, h := range []uint64{s.PHash64, s.DHash64, s.AHash64} {
		b = binary.BigEndian.AppendUint64(b, h)
	}
	b = binary.BigEndian.AppendUint16(b, uint16(len(s.Regions)))
	for _, r := range s.Regions {
		b = append(b, byte(r.Kind), r.Quality, r.Box.Left, r.Box.Top, r.Box.Right, r.Box.Bottom)
		b = r.Hash.appendTo(b)
	}
	return b, nil
}

// UnmarshalBinary reads what this or an earlier version wrote. It trusts nothing; its error wraps ErrSignature.
func (s *Signature) UnmarshalBinary(b []byte) error {
	switch {
	case len(b) == signatureBytesV1 && b[0] == versionWhole:
		*s = readVersion1(b)
	case len(b) >= headBytes && b[0] == versionRegions:
		*s = readVersion2(b)
		n := int(binary.BigEndian.Uint16(b[headBytes-2:]))
		if n > maxRegions || len(b) != headBytes+n*regionBytes {
			return fmt.Errorf("read a signature of %d bytes: %w", len(b), ErrSignature)
		}
		s.readRegions(b[headBytes:])
	default:
		return fmt.Errorf("read a signature of %d bytes: %w", len(b), ErrSignature)
	}
	return s.sane()
}

// readVersion1 reads a signature of 354 bytes: the head, PDQ, the eight variants of which the first is kept, and the
// hashes of goimagehash.
func readVersion1(b []byte) Signature {
	s := readHead(b)
	rest := b[10+2*hash256Bytes+(Variants-1)*hash256Bytes:]
	s.PHash256 = hash256From(rest)
	s.readShort(rest[hash256Bytes:])
	return s
}

func readVersion2(b []byte) Signature {
	s := readHead(b)
	rest := b[10+2*hash256Bytes:]
	s.PHash256 = hash256From(rest)
	s.readShort(rest[hash256Bytes:])
	return s
}

// readHead reads what stands first in both versions.
func readHead(b []byte) Signature {
	return Signature{
		Version: int(b[0]), Quality: int(b[1]),
		Width: int(binary.BigEndian.Uint32(b[2:])), Height: int(binary.BigEndian.Uint32(b[6:])),
		PDQ: hash256From(b[10:]), Upright: hash256From(b[10+hash256Bytes:]),
	}
}

func (s *Signature) readShort(b []byte) {
	for _, h := range []*uint64{&s.PHash64, &s.DHash64, &s.AHash64} {
		*h, b = binary.BigEndian.Uint64(b), b[8:]
	}
}

func (s *Signature) readRegions(b []byte) {
	s.Regions = make([]Region, 0, len(b)/regionBytes)
	for ; len(b) > 0; b = b[regionBytes:] {
		s.Regions = append(s.Regions, Region{
			Kind: RegionKind(b[0]), Quality: b[1], Box: Box{b[2], b[3], b[4], b[5]}, Hash: hash256From(b[6:]),
		})
	}
}

// sane refuses what no picture can have. A person's device makes the signature, and may be made to lie.
func (s Signature) sane() error {
	good := s.Quality <= 100 && s.Width >= 1 && s.Height >= 1 && s.Width <= picture.MaxSide && s.Height <= picture.MaxSide
	wholes, segments := 0, 0
	for i, r := range s.Regions {
		good = good && r.Kind <= RegionCrop && r.Quality <= 100 && r.Box.Left < r.Box.Right && r.Box.Top < r.Box.Bottom
		switch r.Kind {
		case RegionWhole:
			wholes++
			good = good && i == 0 && r.Box == fullBox
		case RegionSegment:
			segments++
		}
	}
	good = good && wholes <= 1 && segments <= referenceSegments
	if !good {
		return fmt.Errorf("read a signature with impossible values: %w", ErrSignature)
	}
	return nil
}
