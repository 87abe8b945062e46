package keypoints

import (
	"math"
	"slices"
)

// Agreement says how much of a reference is seen in a query, and how.
type Agreement struct {
	Points   int     // of the reference that are seen in the query where they should be
	Visible  int     // that would be seen there if nothing were covered, cut off or drawn over
	Places   int     // parts of the reference, 16 along its longer side, with a point that is seen and beyond doubt by itself
	Cover    int     // per cent of the parts of the reference, 8 along its longer side, that are seen among those that should be
	Hole     int     // per cent of those parts that lie side by side where next to nothing agrees: another picture in the same frame
	Scale    float64 // size in the query of what has size 1 in the reference; 0 when nothing agrees
	Angle    float64 // degrees, above -180 and at most 180, clockwise on a screen, by which the reference is turned
	Mirrored bool    // left to right, after it was turned
	Seen     Box     // the part of the reference that is seen
	Where    Box     // the part of the query that shows it
}

// What a copy shows of what it should. In 300 copies by the 62 edits and 70 pairs of different photographs in one frame:
// copies cover 40 and more but when blurred, and have holes of 22 at most (a sticker); different photographs in the same
// screenshot, story or bar cover less or, but for few that are full of the same letters, have a larger hole.
const (
	furniture = 13 // the most that an agreement proves which other pictures in the same frame would give as well
	copyCover = 40
	copyHole  = 25
)

// Proof is what an agreement proves, for a table of decisions: Places, but no more than 13 where large parts that should
// agree do not, as of two photographs in one frame, under one watermark or among the same letters. Between unlike
// photographs it was 6 at most in 15,000 pairs (0.1 %), and fell about tenfold with each more: 10, by that fit, is one pair in ten
// million. Copies gave 25 to 140.
func (a Agreement) Proof() int {
	if a.Cover < copyCover || a.Hole > copyHole {
		return min(a.Places, furniture)
	}
	return a.Places
}

// Box is a part of a picture, in shares of its width and height.
type Box struct{ Left, Top, Right, Bottom float64 }

// The search for a map from the reference to the query.
const (
	hypotheses  = 200  // pairs, nearest first, each of which proposes a map
	refined     = 6    // best proposals that are refined
	leastPairs  = 4    // that a proposal must win
	seedSizes   = 3.0  // tolerance near the pair that proposes, in sizes of the point of the query
	seedShare   = 0.12 // and what its coarse size and direction add for each pixel away from it
	clearPlaces = 48   // beyond this the other way round need not be tried: not even the mirrored half of a symmetrical picture gives so many
	placeCells  = 16   // parts of the reference along its longer side that count as places
	leastLevel  = -2   // a pair may be this much smaller than its map says, in levels
	mostLevel   = 2    // or larger
	mostAngle   = 4    // or turned, in 1/64 turn
)

// tolerances of the rounds of refinement, in sizes of the point and as a share of the longer side of the query.
var tolerances = [...]struct{ sizes, share float64 }{{6, 0.02}, {4, 0.005}, {3, 0.005}, {3, 0.005}}

// Compare looks for the reference, or a part of it, in the query, as it is and mirrored. The same sets always give the
// same answer; the time is bounded by the product of the numbers of points.
func Compare(reference, query Set) Agreement {
	if !reference.sound() || !query.sound() {
		return Agreement{}
	}
	straight := newFit(reference, query)
	if straight.places >= clearPlaces {
		return straight.count()
	}
	turned := newFit(reference, query.mirrored())
	if turned.places <= straight.places {
		return straight.count()
	}
	a := turned.count()
	a.Mirrored = a.Points > 0
	a.Where.Left, a.Where.Right = 1-a.Where.Right, 1-a.Where.Left
	return a
}

// fit is the best map found between two sets.
type fit struct {
	reference, query Set
	pairs            []pair // points that look alike
	best             affine
	places           int // parts of the reference in which a pair agrees with best
}

func newFit(reference, query Set) *fit {
	f := &fit{reference: reference, query: query, pairs: alike(reference.Points, query.Points)}
	for _, m := range f.proposals() {
		m, in := f.refine(m)
		if places := f.placesOf(in); places > f.places {
			f.best, f.places = m, places
		}
	}
	return f
}

// frame is what a map asks of a pair besides its place.
type frame struct{ levels, angle int }

func (m affine) frame() frame {
	return frame{int(math.Round(perOctave * math.Log2(m.scale()))), int(math.Round(m.angle() * turn / (2 * math.Pi)))}
}

// holds tells whether two points differ in size and direction, and not in kind, as the map says.
func (f frame) holds(r, q Point) bool {
	levels := int(q.Level) - int(r.Level) - f.levels
	angle := (int(q.Angle)-int(r.Angle)-f.angle+5*turn/2)%turn - turn/2
	return levels >= leastLevel && levels <= mostLevel && angle >= -mostAngle && angle <= mostAngle && q.Bright == r.Bright
}

// proposals are the maps worth refining, the best supported first. Any one pair proposes a map.
func (f *fit) proposals() []affine {
	type supported struct {
		m affine
		n int
	}
	var best []supported
	for _, seed := range f.pairs[:min(hypotheses, len(f.pairs))] {
		m := similarityOf(f.reference.Points[seed.r], f.query.Points[seed.q])
		in := f.around(m, seed)
		if len(in) < leastPairs || len(best) == refined && best[refined-1].n >= len(in) {
			continue
		}
		if m = f.similarity(in); !m.plausible() {
			continue
		}
		s := supported{m, len(in)}
		if slices.ContainsFunc(best, func(b supported) bool { return b.n >= s.n && f.same(b.m, m) }) {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, s, func(a, b supported) int {
			if a.n >= b.n { // earlier ones first
				return -1
			}
			return 1
		})
		best = slices.Insert(best, at, s)
		best = best[:min(refined, len(best))]
	}
	out := make([]affine, len(best))
	for i, b := range best {
		out[i] = b.m
	}
	return out
}

// around lists the pairs that agree with what one of them proposes; further away from it, less exactly.
func (f *fit) around(m affine, seed pair) []pair {
	frame := m.frame()
	sx, sy := f.query.Points[seed.q].at()
	return f.agreeing(frame, m, func(q Point) float64 {
		x, y := q.at()
		return seedSizes*q.size() + seedShare*(math.Abs(x-sx)+math.Abs(y-sy))
	})
}

// agreeing lists the pairs that a map takes to each other but for a tolerance in pixels.
func (f *fit) agreeing(frame frame, m affine, tolerance func(Point) float64) []pair {
	var in []pair
	for _, p := range f.pairs {
		r, q := f.reference.Points[p.r], f.query.Points[p.q]
		if !frame.holds(r, q) {
			continue
		}
		x, y := m.apply(r.at())
		u, v := q.at()
		if max(math.Abs(x-u), math.Abs(y-v)) <= tolerance(q) {
			in = append(in, p)
		}
	}
	return in
}

// same tells whether two maps take two points of the reference to about the same places.
func (f *fit) same(a, b affine) bool {
	w, h := float64(f.reference.Width), float64(f.reference.Height)
	near := (w + h) * a.scale() / 12
	for _, t := range [...]float64{0.25, 0.75} {
		ax, ay := a.apply(t*w, t*h)
		bx, by := b.apply(t*w, t*h)
		if math.Abs(ax-bx)+math.Abs(ay-by) > near {
			return false
		}
	}
	return true
}

// refine fits a map to the pairs that agree with it, again and again and ever closer, and gives those pairs. A map that
// comes apart keeps none.
func (f *fit) refine(m affine) (affine, []pair) {
	side := float64(max(f.query.Width, f.query.Height))
	var in []pair
	for round, t := range tolerances {
		if round == 1 {
			m = f.similarity(in)
		} else if round > 1 {
			m = f.affinity(in)
		}
		if !m.plausible() {
			return m, nil
		}
		in = f.agreeing(m.frame(), m, func(q Point) float64 { return t.sizes*q.size() + t.share*side })
		if len(in) < leastPairs {
			return m, nil
		}
	}
	return m, in
}

// placesOf counts the parts of the reference in which a pair lies: many points on one spot are one proof, not many.
func (f *fit) placesOf(in []pair) int {
	var seen [placeCells][placeCells]bool
	n := 0
	for _, p := range in {
		x, y := f.reference.cell(f.reference.Points[p.r], placeCells)
		if !seen[y][x] {
			seen[y][x] = true
			n++
		}
	}
	return n
}

// cell is the part of the picture, of so many along its longer side, that a point lies in.
func (s Set) cell(p Point, across int) (x, y int) {
	side := 16*max(s.Width, s.Height) + 1
	return int(p.X) * across / side, int(p.Y) * across / side
}
