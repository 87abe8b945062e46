package phash

import "image"

// crop is a part of a rectangle, in thousandths of its sides.
type crop struct{ left, top, right, bottom int }

// of gives the part of r.
func (c crop) of(r image.Rectangle) box {
	w, h := r.Dx()*subpixel, r.Dy()*subpixel
	x, y := r.Min.X*subpixel, r.Min.Y*subpixel
	return box{x + w*c.left/1000, y + h*c.top/1000, x + w*c.right/1000, y + h*c.bottom/1000}
}

// shapes are those that pictures are often cropped to, width and height.
var shapes = [...][2]int{{1, 1}, {4, 5}, {5, 4}, {3, 4}, {4, 3}, {2, 3}, {3, 2}, {9, 16}, {16, 9}}

// referenceCrops are the parts of a reference that are hashed beside the whole: what somebody may have cut out of it.
// Up to 5 % of a side may be off for a hash to be near, so sizes and places go by 5 %.
func referenceCrops(r image.Rectangle) (all []crop) {
	for size := 950; size >= 700; size -= 50 { // in the shape of the whole, anywhere
		for top := 0; top <= 1000-size; top += 50 {
			for left := 0; left <= 1000-size; left += 50 {
				all = append(all, crop{left, top, left + size, top + size})
			}
		}
	}
	for size := 950; size >= 500; size -= 50 { // one side cut away
		if size != 650 && size != 550 {
			all = append(all, crop{0, 0, size, 1000}, crop{1000 - size, 0, 1000, 1000}, crop{0, 0, 1000, size}, crop{0, 1000 - size, 1000, 1000})
		}
	}
	for _, shape := range shapes {
		all = append(all, shaped(r, shape[0], shape[1])...)
	}
	return all
}

// shaped gives the largest parts of r that are width to height, in five places. A shape like that of r gives none.
func shaped(r image.Rectangle, width, height int) (all []crop) {
	w, h := 1000, r.Dx()*height*1000/(r.Dy()*width)
	if h > 1000 {
		w, h = r.Dy()*width*1000/(r.Dx()*height), 1000
	}
	if min(w, h) > 960 || min(w, h) < 300 {
		return nil
	}
	for place := range 5 {
		left, top := (1000-w)*place/4, (1000-h)*place/4
		all = append(all, crop{left, top, left + w, top + h})
	}
	return all
}

// queryCrops are the parts of a found picture that are hashed: the panels of a collage, and the middle of one
// that was put into something larger.
func queryCrops(image.Rectangle) []crop {
	return []crop{
		{0, 0, 500, 1000}, {500, 0, 1000, 1000}, {0, 0, 1000, 500}, {0, 500, 1000, 1000},
		{0, 0, 500, 500}, {500, 0, 1000, 500}, {0, 500, 500, 1000}, {500, 500, 1000, 1000},
		{50, 50, 950, 950}, {100, 100, 900, 900},
	}
}
