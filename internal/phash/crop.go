package phash

import "image"

// crop is a part of a rectangle, in hundredths of its sides.
type crop struct{ left, top, right, bottom int }

// of gives the part of r.
func (c crop) of(r image.Rectangle) box {
	w, h := r.Dx()*subpixel, r.Dy()*subpixel
	x, y := r.Min.X*subpixel, r.Min.Y*subpixel
	return box{x + w*c.left/100, y + h*c.top/100, x + w*c.right/100, y + h*c.bottom/100}
}

// referenceCrops are the parts of a reference that are hashed beside the whole: what somebody may have cut out of it.
var referenceCrops = newReferenceCrops()

func newReferenceCrops() (all []crop) {
	for _, grid := range []struct{ size, step int }{{90, 5}, {80, 5}, {70, 10}} {
		for y := 0; y+grid.size <= 100; y += grid.step {
			for x := 0; x+grid.size <= 100; x += grid.step {
				all = append(all, crop{x, y, x + grid.size, y + grid.size})
			}
		}
	}
	// One side alone, to a square or to the shape of a phone.
	for _, size := range []int{75, 66, 56} {
		for _, from := range []int{0, (100 - size) / 2, 100 - size} {
			all = append(all, crop{from, 0, from + size, 100}, crop{0, from, 100, from + size})
		}
	}
	return all
}

// queryCrops are the parts of a found picture that are hashed: the panels of a collage, and the middle of one
// that was put into something larger.
var queryCrops = []crop{
	{0, 0, 50, 100}, {50, 0, 100, 100}, {0, 0, 100, 50}, {0, 50, 100, 100},
	{0, 0, 50, 50}, {50, 0, 100, 50}, {0, 50, 50, 100}, {50, 50, 100, 100},
	{5, 5, 95, 95}, {10, 10, 90, 90},
}
