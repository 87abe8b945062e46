package keypoints

const (
	turn    = 64 // directions
	reach   = 14 // radius, in pixels of the level, of the disc that gives a point its direction
	samples = 12 // of a description, along and across
	spacing = 37 // of two samples, in 1/16 pixel of the level
)

// quarter is 16384 cos(2 pi i / 64), rounded, for a quarter of a turn.
var quarter = [turn/4 + 1]int{16384, 16305, 16069, 15679, 15137, 14449, 13623, 12665, 11585, 10394, 9102, 7723, 6270, 4756, 3196, 1606, 0}

// cosine of direction k, times 16384.
func cosine(k int) int {
	switch k %= turn; {
	case k <= turn/4:
		return quarter[k]
	case k <= turn/2:
		return -quarter[turn/2-k]
	case k <= 3*turn/4:
		return -quarter[k-turn/2]
	default:
		return quarter[turn-k]
	}
}

// sine of direction k, times 16384.
func sine(k int) int { return cosine(k + 3*turn/4) }

// describe makes the point of a spot. Its place in 1/16 pixel is floor((2x+1) * 8 * W / w), and as high by the same
// rule, where W is the width of the picture and w that of the level. It is bright when xx of respond is not positive.
// Bit i says whether the first value of pair i of the patch is greater than the second.
func describe(l *level, s spot) Point {
	i := s.y*l.w + s.x
	angle := direction(l, s)
	p := Point{
		X:     uint16((2*s.x + 1) * 8 * l.wholeW / l.w),
		Y:     uint16((2*s.y + 1) * 8 * l.wholeH / l.h),
		Level: uint8(s.level), Angle: uint8(angle),
		Bright: l.smooth[i-2]-2*l.smooth[i]+l.smooth[i+2] <= 0,
	}
	v := values(look(l, s, angle))
	for k, half := range pairs {
		a, b := half[0], half[1]
		if v[a] > v[b] {
			p.Bits[k/32] |= 1 << (2 * k % 64)
		}
		if a, b = twins(a, b); v[a] > v[b] {
			p.Bits[k/32] |= 1 << (2*k%64 + 1)
		}
	}
	return p
}

// direction is where the centre of brightness of the disc around a spot lies: with mx and my the sums of dx and dy
// times the smoothed value over dx*dx + dy*dy <= reach*reach, the first k for which mx*cosine(k) + my*sine(k) is
// greatest.
func direction(l *level, s spot) int {
	mx, my := 0, 0
	for dy := -reach; dy <= reach; dy++ {
		row := l.smooth[(s.y+dy)*l.w:][:l.w]
		sum := 0
		for dx := -reach; dx <= reach; dx++ {
			if dx*dx+dy*dy <= reach*reach {
				v := int(row[s.x+dx])
				mx += dx * v
				sum += v
			}
		}
		my += dy * sum
	}
	best, at := mx*cosine(0)+my*sine(0), 0
	for k := 1; k < turn; k++ {
		if p := mx*cosine(k) + my*sine(k); p > best {
			best, at = p, k
		}
	}
	return at
}

// look samples the smoothed level around a spot on a square grid turned into direction k: sample (i, j) lies
// u = (2i-11) * spacing along and v = (2j-11) * spacing across the direction, in 1/32 pixel, so at the pixel
//
//	x + ((u*cosine(k) - v*sine(k) + 2^18) >> 19)    y + ((u*sine(k) + v*cosine(k) + 2^18) >> 19)
//
// with shifts that round down.
func look(l *level, s spot, k int) *[samples][samples]int32 {
	const half = 1 << 18
	cos, sin := cosine(k), sine(k)
	var patch [samples][samples]int32
	for j := range samples {
		v := (2*j - samples + 1) * spacing
		for i := range samples {
			u := (2*i - samples + 1) * spacing
			x := s.x + (u*cos-v*sin+half)>>19
			y := s.y + (u*sin+v*cos+half)>>19
			patch[j][i] = l.smooth[y*l.w+x]
		}
	}
	return &patch
}
