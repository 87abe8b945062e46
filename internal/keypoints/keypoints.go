// Package keypoints finds local features of a picture and tells whether two pictures share enough of them, in the
// right places, to show the same thing: a crop, a small turn, a screenshot, a collage or a story, which no hash of a
// whole picture finds. It uses the standard library only and knows nothing of cases.
//
// Find is made of whole numbers alone, so that a module in another language gives the same bits from the same 8-bit
// luminance: pyramid.go, detect.go, describe.go and pattern.go say every step and every rounding. Compare is for one
// side only.
//
// A set says more of a picture than a hash does: a blurred outline can be drawn from it. It is sealed, forgotten with
// its case and never exchanged.
package keypoints

import "image"

// Bounds of a set.
const (
	MaxSide      = 1024 // longest side of a picture that Find takes
	MaxPoints    = 4000 // most points of a set
	ForReference = 1000 // points worth keeping of a reference
	ForQuery     = 2000 // points worth looking for in a found picture, which may show the reference small
)

// Point is one feature: a blob, its surroundings and which way they lie.
type Point struct {
	X, Y   uint16    // place in the picture, in 1/16 pixel from its upper left corner
	Level  uint8     // one pixel of the description is 2^(Level/4) pixels of the picture
	Bright bool      // brighter than what is around it
	Angle  uint8     // where the brighter side of its surroundings is, in 1/64 of a turn from the x axis to the y axis
	Bits   [4]uint64 // bit i of the description is Bits[i/64]>>(i%64)&1
}

// Set is the features of one picture.
type Set struct {
	Width, Height int // of the picture, in pixels
	Points        []Point
}

// Find gives at most limit features of a picture whose longest side is at most MaxSide: the coarsest first, and of one
// size those that stand out most in their part of the picture first. A larger picture gives an empty set, as a blank
// or tiny one does. The same pixels always give the same set.
func Find(g *image.Gray, limit int) Set {
	size := g.Bounds().Size()
	if size.X > MaxSide || size.Y > MaxSide || size.X < 1 || size.Y < 1 {
		return Set{}
	}
	set := Set{Width: size.X, Height: size.Y}
	levels := pyramid(g)
	for _, s := range choose(levels, min(limit, MaxPoints)) {
		set.Points = append(set.Points, describe(&levels[s.level], s))
	}
	return set
}

// mirrored is the set of the picture mirrored left to right. It is that of Find but for the rounding of places.
func (s Set) mirrored() Set {
	out := Set{Width: s.Width, Height: s.Height, Points: make([]Point, len(s.Points))}
	for i, p := range s.Points {
		p.X = uint16(max(0, 16*s.Width-int(p.X)))
		p.Angle = (turn/2 - p.Angle) % turn
		for k, b := range p.Bits { // the twin of a bit is its neighbour
			p.Bits[k] = b>>1&0x5555555555555555 | b<<1&0xaaaaaaaaaaaaaaaa
		}
		out.Points[i] = p
	}
	return out
}
