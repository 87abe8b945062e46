package takedown

import (
	"fmt"
	"strings"
)

// Box is a rectangle of a picture, in per mille of its width and height. The
// zero Box says that nothing is known; the whole picture is WholeBox.
type Box struct{ Left, Top, Right, Bottom int }

// WholeBox is all of a picture.
var WholeBox = Box{0, 0, 1000, 1000}

// String writes a box as it is kept: "0,0,1000,850", and "" for the zero Box.
func (b Box) String() string {
	if b == (Box{}) {
		return ""
	}
	return fmt.Sprintf("%d,%d,%d,%d", b.Left, b.Top, b.Right, b.Bottom)
}

// ReadBox reads what String wrote. Anything else is the zero Box, of which
// nothing is said.
func ReadBox(text string) Box {
	var b Box
	if n, err := fmt.Sscanf(text, "%d,%d,%d,%d", &b.Left, &b.Top, &b.Right, &b.Bottom); n != 4 || err != nil || strings.Count(text, ",") != 3 {
		return Box{}
	}
	return b
}

func (b Box) holds(o Box) bool {
	return b.Left <= o.Left && b.Top <= o.Top && b.Right >= o.Right && b.Bottom >= o.Bottom
}

func (b Box) flat() bool { return b.Right <= b.Left || b.Bottom <= b.Top }

// within cuts off what lies outside of the picture.
func (b Box) within() Box {
	return Box{max(b.Left, 0), max(b.Top, 0), min(b.Right, WholeBox.Right), min(b.Bottom, WholeBox.Bottom)}
}

// through gives where a picture lies that is known by one part of it: from is the
// part as it lies in that picture, to the same part as it lies in another one.
func through(from, to Box) Box {
	x := func(at int) int { return to.Left + (at-from.Left)*(to.Right-to.Left)/(from.Right-from.Left) }
	y := func(at int) int { return to.Top + (at-from.Top)*(to.Bottom-to.Top)/(from.Bottom-from.Top) }
	return Box{x(WholeBox.Left), y(WholeBox.Top), x(WholeBox.Right), y(WholeBox.Bottom)}.within()
}

// lay is one of the eight ways to lay a picture: rows and columns exchanged, then
// left and right, then top and bottom.
type lay struct{ transpose, mirror, upend bool }

var lays = map[string]lay{
	"same": {}, "rot90": {true, false, true}, "rot180": {false, true, true}, "rot270": {true, true, false},
	"flipx": {false, false, true}, "flipy": {false, true, false}, "flipplus": {true, false, false}, "flipminus": {true, true, true},
}

// laid gives a part of a picture as it lies once the picture is laid.
func (b Box) laid(l lay) Box {
	if l.transpose {
		b = b.transposed()
	}
	return b.turned(l)
}

// raised takes laid back.
func (b Box) raised(l lay) Box {
	b = b.turned(l)
	if l.transpose {
		return b.transposed()
	}
	return b
}

func (b Box) transposed() Box { return Box{b.Top, b.Left, b.Bottom, b.Right} }

func (b Box) turned(l lay) Box {
	if l.mirror {
		b.Left, b.Right = WholeBox.Right-b.Right, WholeBox.Right-b.Left
	}
	if l.upend {
		b.Top, b.Bottom = WholeBox.Bottom-b.Bottom, WholeBox.Bottom-b.Top
	}
	return b
}

// boxes gives how much of the reference is seen, and where in the found picture.
// Points and crops tell it themselves. A picture found within both, or a crop of
// each, is only a part of what both show: the rest follows from where it lies.
func (m Match) boxes() (seen, where Box) {
	seen, where = m.ReferenceBox, m.FoundBox
	if seen.flat() {
		seen = WholeBox
	}
	if where.flat() {
		where = WholeBox
	}
	if m.Kind != MatchSegment && m.Kind != MatchCroppedBoth {
		return seen, where
	}
	l := lays[m.Variant]
	laid := seen.laid(l)
	return through(where, laid).raised(l), through(laid, where)
}
