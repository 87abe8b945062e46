package keypoints

import "math"

const (
	guided      = 85  // bits the descriptions of points may differ in that lie where they should
	seenSizes   = 2.5 // how far from there they may lie, in sizes of the point
	seenPixels  = 2.0 // and in pixels
	coverCells  = 8   // parts of the reference along its longer side
	seenShare   = 6   // a part is seen when at least one in so many of its points is
	holeExpects = 2   // points that must be expected in a part before their absence means anything
	holeShare   = 4   // a part is empty with fewer than one in so many of those expected
	edgeShare   = 0.1 // where points are seen this near to the last that could be, nothing is cut off
)

// count looks for every point of the reference where the best map says it should be.
func (f *fit) count() Agreement {
	if f.places == 0 {
		return Agreement{}
	}
	m, frame := f.best, f.best.frame()
	a := Agreement{Places: f.places, Scale: m.scale(), Angle: m.angle() * 180 / math.Pi}
	top := 0
	for _, q := range f.query.Points {
		top = max(top, int(q.Level))
	}
	index := newIndex(f.query)
	used := make([]bool, len(f.query.Points))
	var could, seen extent
	var shown, agreed [coverCells][coverCells]int
	for _, r := range f.reference.Points {
		size := r.size() * a.Scale
		x, y := m.apply(r.at())
		level := int(r.Level) + frame.levels
		if !f.query.covers(x, y, margin*size) || level < 0 || level > top {
			continue
		}
		a.Visible++
		cx, cy := f.reference.cell(r, coverCells)
		shown[cy][cx]++
		could.add(r)
		if q := index.find(r, x, y, frame, used); q >= 0 {
			used[q] = true
			a.Points++
			agreed[cy][cx]++
			seen.add(r)
		}
	}
	a.Cover = coverOf(&shown, &agreed)
	a.Hole = holeOf(&shown, &agreed, a)
	f.boxes(&a, could, seen)
	return a
}

// coverOf is the per cent of parts seen among those that should be.
func coverOf(shown, agreed *[coverCells][coverCells]int) int {
	should, are := 0, 0
	for y := range shown {
		for x, n := range shown[y] {
			if n > 0 {
				should++
			}
			if n > 0 && agreed[y][x]*seenShare >= n {
				are++
			}
		}
	}
	return 100 * are / max(1, should)
}

// holeOf is the per cent of the parts that should be seen which lie side by side and are not: as many points agree
// elsewhere, several would have to in each of them, and next to none does.
func holeOf(shown, agreed *[coverCells][coverCells]int, a Agreement) int {
	var empty [coverCells][coverCells]bool
	should := 0
	for y := range shown {
		for x, n := range shown[y] {
			expected := n * a.Points // times Visible
			empty[y][x] = expected >= holeExpects*a.Visible && agreed[y][x]*a.Visible*holeShare < expected
			if n > 0 {
				should++
			}
		}
	}
	largest := 0
	for y := range empty {
		for x := range empty[y] {
			largest = max(largest, flood(&empty, x, y))
		}
	}
	return 100 * largest / max(1, should)
}

// flood counts the parts side by side with one, and takes them away.
func flood(empty *[coverCells][coverCells]bool, x, y int) int {
	if x < 0 || y < 0 || x >= coverCells || y >= coverCells || !empty[y][x] {
		return 0
	}
	empty[y][x] = false
	return 1 + flood(empty, x-1, y) + flood(empty, x+1, y) + flood(empty, x, y-1) + flood(empty, x, y+1)
}

// covers tells whether a place is inside the picture, and not within a border of it.
func (s Set) covers(x, y, border float64) bool {
	return x >= border && y >= border && x <= float64(s.Width)-border && y <= float64(s.Height)-border
}

// extent is the box around points.
type extent struct {
	any                      bool
	left, top, right, bottom float64
}

func (e *extent) add(p Point) {
	x, y := p.at()
	if !e.any {
		*e = extent{true, x, y, x, y}
	}
	e.left, e.right = min(e.left, x), max(e.right, x)
	e.top, e.bottom = min(e.top, y), max(e.bottom, y)
}

// boxes says which part of the reference is seen, and where. What the map takes out of the query is cut off; and where
// points could be seen far beyond the last that are, the copy is cut off inside the query, as in a screenshot.
func (f *fit) boxes(a *Agreement, could, seen extent) {
	if !seen.any {
		return
	}
	w, h := float64(f.reference.Width), float64(f.reference.Height)
	frame := around(f.best.inverse(), 0, 0, float64(f.query.Width), float64(f.query.Height))
	left, top, right, bottom := max(0, frame.left), max(0, frame.top), min(w, frame.right), min(h, frame.bottom)
	near := edgeShare * max(w, h)
	if seen.left-could.left > near {
		left = seen.left
	}
	if seen.top-could.top > near {
		top = seen.top
	}
	if could.right-seen.right > near {
		right = seen.right
	}
	if could.bottom-seen.bottom > near {
		bottom = seen.bottom
	}
	a.Seen = Box{left / w, top / h, right / w, bottom / h}
	w, h = float64(f.query.Width), float64(f.query.Height)
	where := around(f.best, left, top, right, bottom)
	a.Where = Box{max(0, where.left/w), max(0, where.top/h), min(1, where.right/w), min(1, where.bottom/h)}
}

// around is the box around what a map makes of a box.
func around(m affine, left, top, right, bottom float64) extent {
	var e extent
	for _, c := range [...][2]float64{{left, top}, {right, top}, {left, bottom}, {right, bottom}} {
		x, y := m.apply(c[0], c[1])
		if !e.any {
			e = extent{true, x, y, x, y}
		}
		e.left, e.right = min(e.left, x), max(e.right, x)
		e.top, e.bottom = min(e.top, y), max(e.bottom, y)
	}
	return e
}

// index finds the points of a set near a place: the numbers of the points of each square of indexSide pixels.
type index struct {
	set          Set
	across, down int
	squares      [][]int32
}

const indexSide = 16

func newIndex(s Set) *index {
	ix := &index{set: s, across: s.Width/indexSide + 1, down: s.Height/indexSide + 1}
	ix.squares = make([][]int32, ix.across*ix.down)
	for i, p := range s.Points {
		at := int(p.Y)/16/indexSide*ix.across + int(p.X)/16/indexSide
		ix.squares[at] = append(ix.squares[at], int32(i))
	}
	return ix
}

// find gives the unused point that looks most like r near where it should be, or -1.
func (ix *index) find(r Point, x, y float64, frame frame, used []bool) int {
	near := seenSizes*r.size()*math.Exp2(float64(frame.levels)/perOctave) + seenPixels
	square := func(v float64, most int) int { return min(max(int(v/indexSide), 0), most-1) }
	best, found := guided+1, -1
	for sy := square(y-near, ix.down); sy <= square(y+near, ix.down); sy++ {
		for sx := square(x-near, ix.across); sx <= square(x+near, ix.across); sx++ {
			for _, i := range ix.squares[sy*ix.across+sx] {
				q := ix.set.Points[i]
				qx, qy := q.at()
				if used[i] || max(math.Abs(qx-x), math.Abs(qy-y)) > near || !frame.holds(r, q) {
					continue
				}
				if d := distance(&r.Bits, &q.Bits); d < best {
					best, found = d, int(i)
				}
			}
		}
	}
	return found
}
