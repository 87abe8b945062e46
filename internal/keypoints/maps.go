package keypoints

import "math"

// affine takes (x, y) of the reference to (a x + b y + c, d x + e y + f) of the query, in pixels.
type affine struct{ a, b, c, d, e, f float64 }

func (m affine) apply(x, y float64) (float64, float64) {
	return m.a*x + m.b*y + m.c, m.d*x + m.e*y + m.f
}

// inverse is the way back. It asks for a map that is plausible.
func (m affine) inverse() affine {
	det := m.a*m.e - m.b*m.d
	n := affine{a: m.e / det, b: -m.b / det, d: -m.d / det, e: m.a / det}
	x, y := n.apply(m.c, m.f)
	n.c, n.f = -x, -y
	return n
}

// scale is the size in the query of what has size 1 in the reference.
func (m affine) scale() float64 { return math.Sqrt(math.Abs(m.a*m.e - m.b*m.d)) }

// angle is by how much the map turns, in radians from the x axis to the y axis.
func (m affine) angle() float64 { return math.Atan2(m.d-m.b, m.a+m.e) }

const (
	mostScale   = 16.0 // larger or smaller than this is no copy
	mostStretch = 2.0  // nor is what is stretched more in one direction than in another
)

// plausible tells whether copies are made like this: not mirrored (that is tried apart), neither shrunk to nothing nor
// stretched beyond likeness.
func (m affine) plausible() bool {
	det := m.a*m.e - m.b*m.d
	if !(det > 1/(mostScale*mostScale) && det < mostScale*mostScale) { // written so that NaN is not plausible
		return false
	}
	squares := m.a*m.a + m.b*m.b + m.d*m.d + m.e*m.e // sum of the squared singular values; det is their product
	return squares/det < mostStretch+1/mostStretch
}

// at is the place in pixels.
func (p Point) at() (x, y float64) { return float64(p.X) / 16, float64(p.Y) / 16 }

// size is that of a pixel of the description, in pixels.
func (p Point) size() float64 {
	return float64(int(1)<<(p.Level/perOctave)) * levelSizes[p.Level%perOctave]
}

// levelSizes is 2^(i/4).
var levelSizes = [perOctave]float64{1, 1.189207115002721, 1.4142135623730951, 1.681792830507429}

// similarityOf is the turn, scale and shift that takes one point to another, with its size and direction.
func similarityOf(r, q Point) affine {
	s := q.size() / r.size()
	sin, cos := math.Sincos(float64(int(q.Angle)-int(r.Angle)) * 2 * math.Pi / turn)
	m := affine{a: s * cos, b: -s * sin, d: s * sin, e: s * cos}
	rx, ry := r.at()
	qx, qy := q.at()
	x, y := m.apply(rx, ry)
	m.c, m.f = qx-x, qy-y
	return m
}

// sums are the moments of pairs about their middles: (x, y) of the reference, (u, v) of the query.
type sums struct{ x, y, u, v, xx, xy, yy, xu, yu, xv, yv float64 }

func (f *fit) sums(in []pair) sums {
	var s sums
	n := float64(len(in))
	for _, p := range in {
		x, y := f.reference.Points[p.r].at()
		u, v := f.query.Points[p.q].at()
		s.x, s.y, s.u, s.v = s.x+x/n, s.y+y/n, s.u+u/n, s.v+v/n
	}
	for _, p := range in {
		x, y := f.reference.Points[p.r].at()
		u, v := f.query.Points[p.q].at()
		x, y, u, v = x-s.x, y-s.y, u-s.u, v-s.v
		s.xx, s.xy, s.yy = s.xx+x*x, s.xy+x*y, s.yy+y*y
		s.xu, s.yu, s.xv, s.yv = s.xu+x*u, s.yu+y*u, s.xv+x*v, s.yv+y*v
	}
	return s
}

// similarity is the turn, scale and shift that fits pairs best, by least squares.
func (f *fit) similarity(in []pair) affine {
	s := f.sums(in)
	a, b := (s.xu+s.yv)/(s.xx+s.yy), (s.xv-s.yu)/(s.xx+s.yy)
	return affine{a, -b, s.u - a*s.x + b*s.y, b, a, s.v - b*s.x - a*s.y}
}

const (
	leastForAffine = 8    // pairs, for a map with six unknowns to mean anything
	leastBreadth   = 0.01 // of the pairs, over their length (squared): on a line a stretch across it means nothing
)

// affinity is the affine map that fits pairs best, or the similarity where they do not suffice.
func (f *fit) affinity(in []pair) affine {
	s := f.sums(in)
	det := s.xx*s.yy - s.xy*s.xy
	if len(in) < leastForAffine || det < leastBreadth*(s.xx+s.yy)*(s.xx+s.yy) {
		return f.similarity(in)
	}
	m := affine{
		a: (s.xu*s.yy - s.yu*s.xy) / det, b: (s.yu*s.xx - s.xu*s.xy) / det,
		d: (s.xv*s.yy - s.yv*s.xy) / det, e: (s.yv*s.xx - s.xv*s.xy) / det,
	}
	m.c, m.f = s.u-m.a*s.x-m.b*s.y, s.v-m.d*s.x-m.e*s.y
	return m
}
