package keypoints

import (
	"cmp"
	"slices"
)

// spot is a place worth describing.
type spot struct {
	level, x, y int // the pixel of that level
	response    int32
}

const (
	leastResponse = 600 // below this a blob is noise
	cellsAcross   = 10  // parts of the picture along its longer side, each of which has a say
)

// respond measures how much each pixel looks like the middle of a dark or bright blob: the determinant of the second
// derivatives of the smoothed level s, in steps of two pixels,
//
//	xx = s(x-2,y) - 2 s(x,y) + s(x+2,y)        yy likewise
//	xy = s(x-1,y-1) + s(x+1,y+1) - s(x+1,y-1) - s(x-1,y+1)
//	response = (xx*yy - xy*xy) >> 4, rounded down
//
// and 0 where xx > 0 and yy > 0 are not both true or both false (ridges, saddles) and on the outer margin-1 pixels.
// It stays below 2^31.
func respond(l *level) []int32 {
	out := make([]int32, l.w*l.h)
	s, w := l.smooth, l.w
	for y := margin - 1; y <= l.h-margin; y++ {
		for i := y*w + margin - 1; i <= y*w+w-margin; i++ {
			xx := s[i-2] - 2*s[i] + s[i+2]
			yy := s[i-2*w] - 2*s[i] + s[i+2*w]
			if (xx > 0) != (yy > 0) {
				continue
			}
			xy := s[i-w-1] + s[i+w+1] - s[i-w+1] - s[i+w-1]
			out[i] = (xx*yy - xy*xy) >> 4
		}
	}
	return out
}

// choose gives at most limit spots. The coarsest level comes first; level n may fill the share of what is left that
// its weight (shrinkBy[n%4] >> n/4, which is its width to all intents) is of the weights of itself and the finer
// levels, rounded down. What a level leaves goes to the finer ones.
func choose(levels []level, limit int) []spot {
	weight := func(n int) int { return shrinkBy[n%perOctave] >> (n / perOctave) }
	whole := 0
	for n := range levels {
		whole += weight(n)
	}
	var chosen []spot
	for n := len(levels) - 1; n >= 0; n-- {
		quota := (limit - len(chosen)) * weight(n) / whole
		whole -= weight(n)
		found := inTurn(peaks(levels, n), &levels[n])
		chosen = append(chosen, found[:min(quota, len(found))]...)
	}
	return chosen
}

// peaks lists the spots of a level, row by row, whose response is at least leastResponse and the highest around.
func peaks(levels []level, n int) []spot {
	l := &levels[n]
	var found []spot
	for y := margin; y < l.h-margin; y++ {
		for x := margin; x < l.w-margin; x++ {
			s := spot{n, x, y, l.response[y*l.w+x]}
			if s.response >= leastResponse && highest(l, s) && !beaten(l, s, levels, n-1) && !beaten(l, s, levels, n+1) {
				found = append(found, s)
			}
		}
	}
	return found
}

// highest tells whether none of the eight neighbours responds more, and none before it in reading order as much.
func highest(l *level, s spot) bool {
	for j := s.y - 1; j <= s.y+1; j++ {
		for i := s.x - 1; i <= s.x+1; i++ {
			before := j < s.y || j == s.y && i < s.x
			if v := l.response[j*l.w+i]; v > s.response || v == s.response && before {
				return false
			}
		}
	}
	return true
}

// beaten tells whether another level responds more at the same place: at the pixel
// (floor((2x+1) * otherW / 2w), floor((2y+1) * otherH / 2h)) or one of its eight neighbours.
func beaten(l *level, s spot, levels []level, other int) bool {
	if other < 0 || other >= len(levels) {
		return false
	}
	o := &levels[other]
	x, y := (2*s.x+1)*o.w/(2*l.w), (2*s.y+1)*o.h/(2*l.h)
	for j := max(y-1, 0); j <= min(y+1, o.h-1); j++ {
		for i := max(x-1, 0); i <= min(x+1, o.w-1); i++ {
			if o.response[j*o.w+i] > s.response {
				return true
			}
		}
	}
	return false
}

// inTurn orders the spots of a level so that every part of the picture gives its best before any gives its second:
// letters outshine everything else, and would otherwise take all there is. The part of a spot is
// (floor(10 x / longer side), floor(10 y / longer side)). Spots come by their rank in their part, then the higher
// response, then reading order.
func inTurn(found []spot, l *level) []spot {
	slices.SortStableFunc(found, func(a, b spot) int { return cmp.Compare(b.response, a.response) })
	type ranked struct {
		spot
		rank int
	}
	side := max(l.w, l.h)
	var taken [cellsAcross * cellsAcross]int
	order := make([]ranked, len(found))
	for i, s := range found {
		at := s.y*cellsAcross/side*cellsAcross + s.x*cellsAcross/side
		order[i] = ranked{s, taken[at]}
		taken[at]++
	}
	slices.SortStableFunc(order, func(a, b ranked) int { return cmp.Compare(a.rank, b.rank) })
	for i, r := range order {
		found[i] = r.spot
	}
	return found
}
