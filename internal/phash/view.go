package phash

import (
	"image"

	"reprise/internal/picture"
)

// smallSide is the longest side of the small picture that regions are taken from.
const smallSide = 1024

// Bounds of the pictures that are looked for within a picture. A reference is mostly one; a found picture may be a
// page of them.
const (
	referenceSegments = 3
	querySegments     = 14
)

// view is an upright picture, made small, and the pictures found in it.
type view struct {
	small    *image.Gray
	sums     integral
	segments []image.Rectangle
}

func newView(p picture.Picture, most int) view {
	small := p.Small(smallSide)
	return view{small, newIntegral(small), segments(small, most)}
}

func (v view) whole() image.Rectangle { return image.Rectangle{Max: v.small.Rect.Size()} }

// wholes are the rectangles that crops are taken of: the whole, and the largest picture found in it if that is most of
// it. Both, because a clear sky looks like a border.
func (v view) wholes() []image.Rectangle {
	whole := v.whole()
	if len(v.segments) > 0 && 2*area(v.segments[0]) > area(whole) {
		return []image.Rectangle{whole, v.segments[0]}
	}
	return []image.Rectangle{whole}
}

// piece is a rectangle to be hashed.
type piece struct {
	kind RegionKind
	box  box
}

// pieces are the whole, the pictures found, and the crops, as far as they are large enough.
func (v view) pieces(crops func(image.Rectangle) []crop) (all []piece) {
	all = append(all, piece{RegionWhole, pixelBox(v.whole())})
	for _, s := range v.segments {
		all = append(all, piece{RegionSegment, pixelBox(s)})
	}
	for _, r := range v.wholes() {
		for _, c := range crops(r) {
			all = append(all, piece{RegionCrop, c.of(r)})
		}
	}
	kept := all[:0]
	for _, p := range all {
		if p.kind == RegionWhole || p.box.large() {
			kept = append(kept, p)
		}
	}
	return kept
}

// of gives b in 255ths of the whole.
func (v view) of(b box) Box {
	part := func(n, side int) uint8 { return uint8((n*255 + side*subpixel/2) / (side * subpixel)) }
	w, h := v.sums.width, v.sums.height
	return Box{part(b.left, w), part(b.top, h), part(b.right, w), part(b.bottom, h)}
}

// fullBox is the whole of a picture.
var fullBox = Box{0, 0, 255, 255}
