package phash

import (
	"encoding/binary"
	"fmt"
)

// Query is what is computed of a found picture to be held against signatures. It is not kept.
type Query struct {
	Width, Height int   // of the picture as stored in the file
	Quality       uint8 // of Variants, 0 to 100

	// Variants are the PDQ hashes of the upright picture turned each way.
	Variants [Variants]Hash256

	// Parts are the whole upright picture, the pictures in it, and crops.
	Parts []Part
}

// Part is one hashed part of a found picture, turned each way.
type Part struct {
	Kind    RegionKind
	Box     Box
	Quality uint8 // 0 to 100
	Hashes  [Variants]Hash256
}

// Kind says which hashes were held against each other. The more there are, the more easily two are near by chance.
type Kind uint8

// The kinds of comparison.
const (
	Whole       Kind = iota // PDQ of both pictures as wholes
	Segments                // wholes, and the pictures found within them
	Cropped                 // a crop of one with a whole or a segment of the other
	BothCropped             // a crop of each
)

// Kinds is how many there are.
const Kinds = 4

// Finding is how near a found picture comes to a reference by the hashes of one kind.
type Finding struct {
	Kind     Kind
	Distance int     // bits, 0 to 256; or none
	Quality  int     // the lower one of the two, 0 to 100
	Variant  Variant // how the reference was turned to lie as the found picture does
	Inverted bool    // light and dark are exchanged
	Of       Box     // the part of the reference that was found
	In       Box     // where in the found picture
}

// None is the distance where there was nothing to compare.
const None = -1

// Compare gives the nearest finding of each kind.
func (s Signature) Compare(q Query) (all [Kinds]Finding) {
	for k := range all {
		all[k] = Finding{Kind: Kind(k), Distance: None}
	}
	all[Whole].takeNearer(
		&Region{Quality: uint8(s.Quality), Box: fullBox, Hash: s.Upright},
		&Part{Quality: q.Quality, Box: fullBox, Hashes: q.Variants})
	for i := range s.Regions {
		for j := range q.Parts {
			r, p := &s.Regions[i], &q.Parts[j]
			all[kindOf(r.Kind, p.Kind)].takeNearer(r, p)
		}
	}
	return all
}

func kindOf(r, p RegionKind) Kind {
	switch {
	case r == RegionCrop && p == RegionCrop:
		return BothCropped
	case r == RegionCrop || p == RegionCrop:
		return Cropped
	}
	return Segments
}

// takeNearer makes f the comparison of r with p in the variant that is nearest, if it is nearer than f. Opposite
// colours change every bit of a hash, so what is far from a hash is near its opposite.
func (f *Finding) takeNearer(r *Region, p *Part) {
	best, variant, inverted := f.Distance, Same, false
	for v := range p.Hashes {
		d := r.Hash.Distance(p.Hashes[v])
		opposite := d > hash256Bits/2
		if opposite {
			d = hash256Bits - d
		}
		if best == None || d < best {
			best, variant, inverted = d, Variant(v), opposite
		}
	}
	if best != f.Distance {
		*f = Finding{f.Kind, best, int(min(r.Quality, p.Quality)), variant, inverted, r.Box, p.Box}
	}
}

// maxParts bounds what a query may hold.
const maxParts = 64

// queryHead is what stands first in the bytes of a query.
type queryHead struct {
	Width, Height uint32
	Quality       uint8
	Variants      [Variants]Hash256
}

// QueryBytes is the most that MarshalBinary gives.
var QueryBytes = binary.Size(queryHead{}) + maxParts*binary.Size(Part{})

// MarshalBinary writes a query for another process of the same program; it is never kept.
func (q Query) MarshalBinary() ([]byte, error) {
	if len(q.Parts) > maxParts {
		return nil, fmt.Errorf("write a query of %d parts: %w", len(q.Parts), ErrSignature)
	}
	head := queryHead{uint32(q.Width), uint32(q.Height), q.Quality, q.Variants}
	b, err := binary.Append(nil, binary.BigEndian, head)
	if err != nil {
		return nil, fmt.Errorf("write a query: %w", err)
	}
	return binary.Append(b, binary.BigEndian, q.Parts)
}

// UnmarshalBinary reads what MarshalBinary wrote. It trusts nothing; its error wraps ErrSignature.
func (q *Query) UnmarshalBinary(b []byte) error {
	var head queryHead
	start, one := binary.Size(head), binary.Size(Part{})
	if len(b) < start || (len(b)-start)%one != 0 || len(b) > QueryBytes {
		return fmt.Errorf("read a query of %d bytes: %w", len(b), ErrSignature)
	}
	parts := make([]Part, (len(b)-start)/one)
	if _, err := binary.Decode(b, binary.BigEndian, &head); err != nil {
		return fmt.Errorf("read a query: %w", err)
	}
	if _, err := binary.Decode(b[start:], binary.BigEndian, parts); err != nil {
		return fmt.Errorf("read the parts of a query: %w", err)
	}
	good := head.Quality <= 100
	for _, p := range parts {
		good = good && p.Kind <= RegionCrop && p.Quality <= 100
	}
	if !good {
		return fmt.Errorf("read a query with impossible values: %w", ErrSignature)
	}
	*q = Query{int(head.Width), int(head.Height), head.Quality, head.Variants, parts}
	return nil
}
