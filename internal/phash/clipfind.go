package phash

import "time"

// The bounds of comparing clips. Frames are compared as Meta's vPDQ does (facebook/ThreatExchange, vpdq), each of one
// side with all of the other; frames with less than FrameQuality are not asked, since plain frames look like others.
// vPDQ's radius is 31; the wider one of a near image finds bars, logos and moving scenes too, and the nearest frames of
// unlike videos were 88 bits apart.
const (
	FrameRadius  = 47
	FrameQuality = 50
)

// spanGap is how many moments in a row of one span may be missing: a short scene may be cut out or painted over.
const spanGap = 5

// Share counts the moments of one side that are seen on the other. Moments of a reference are the times of its frames;
// those of a found video are its seconds, one of which is matched when any frame of it is.
type Share struct {
	Matched int
	Of      int // moments that were asked
	LeftOut int // moments whose frames are all of too low a quality to be asked
}

// Percent is Matched in hundredths of Of, rounded down; 0 of none.
func (s Share) Percent() int {
	if s.Of == 0 {
		return 0
	}
	return 100 * s.Matched / s.Of
}

// Span is a stretch of time from its first matched moment to its last.
type Span struct{ From, To time.Duration }

// ClipFinding is what comparing two videos found, in both directions: of a long video that holds a short one, the
// share of the short one is large and that of the long one small.
type ClipFinding struct {
	Variant   Variant // how the found video lies, where its frames agree best
	Nearest   int     // bits, the smallest distance of two frames that were asked; None if none were
	Reference Share   // of the reference, found in the other
	Found     Share   // of the found video, found in the reference

	// The longest stretches that are seen on the other side, and zero if there are none.
	ReferenceSpan, FoundSpan Span
}

// Compare holds a found video against the reference c, in all eight ways that the found one may lie, with its bars and
// without. All frames of one side are compared with all of the other: cutting, speed and order do not matter.
func (c Clip) Compare(found FoundClip) ClipFinding {
	best := ClipFinding{Nearest: None}
	var refs []Frame
	var frames []FoundFrame
	var moments, seconds []time.Duration // of the frames that are asked
	refs, moments, best.Reference = asked(c.Frames, func(f Frame) (int, time.Duration) { return f.Quality, f.At })
	frames, seconds, best.Found = asked(found.Frames, func(f FoundFrame) (int, time.Duration) { return f.Quality, f.At.Truncate(time.Second) })
	if len(refs) == 0 || len(frames) == 0 {
		return best
	}
	shares := best
	for v := range Variant(Variants) {
		f := shares
		seen, found := f.lying(v, refs, frames)
		f.Reference.Matched, f.ReferenceSpan = matched(seen, moments)
		f.Found.Matched, f.FoundSpan = matched(found, seconds)
		if best.Nearest == None || f.better(best) {
			best = f
		}
	}
	return best
}

// asked picks the frames of enough quality, with the moment of each, and counts the moments.
func asked[F any](all []F, of func(F) (quality int, moment time.Duration)) (good []F, moments []time.Duration, s Share) {
	every := 0
	var last, lastGood time.Duration = -1, -1
	for _, f := range all {
		quality, moment := of(f)
		if moment != last {
			every++
		}
		last = moment
		if quality < FrameQuality {
			continue
		}
		if moment != lastGood {
			s.Of++
		}
		lastGood = moment
		good, moments = append(good, f), append(moments, moment)
	}
	s.LeftOut = every - s.Of
	return good, moments, s
}

// lying compares all frames with all, the found ones lying as v, and tells which are seen on the other side.
func (c *ClipFinding) lying(v Variant, refs []Frame, frames []FoundFrame) (inReference, inFound []bool) {
	inReference, inFound = make([]bool, len(refs)), make([]bool, len(frames))
	c.Variant, c.Nearest = v, hash256Bits
	for i, r := range refs {
		for j, f := range frames {
			d := f.distance(r.PDQ, v)
			c.Nearest = min(c.Nearest, d)
			if d <= FrameRadius {
				inReference[i], inFound[j] = true, true
			}
		}
	}
	return inReference, inFound
}

// matched counts the moments of which a frame was seen, and gives the longest stretch of them.
func matched(seen []bool, moments []time.Duration) (n int, longest Span) {
	var span Span
	missed := 0
	for i := 0; i < len(seen); {
		at, hit := moments[i], false
		for ; i < len(seen) && moments[i] == at; i++ {
			hit = hit || seen[i]
		}
		if !hit {
			missed++
			continue
		}
		if n++; n == 1 || missed > spanGap {
			span.From = at
		}
		span.To, missed = at, 0
		if n == 1 || span.To-span.From > longest.To-longest.From {
			longest = span
		}
	}
	return n, longest
}

// better prefers more agreement, then nearer frames.
func (c ClipFinding) better(than ClipFinding) bool {
	a, b := c.Reference.Matched+c.Found.Matched, than.Reference.Matched+than.Found.Matched
	return a > b || a == b && c.Nearest < than.Nearest
}

// NearestFrame gives the frame of a clip that is nearest to a found picture, whose variants are given, and how the
// picture lies; distance is None if the clip has no frame that may be asked.
func (c Clip) NearestFrame(picture [Variants]Hash256) (best Frame, v Variant, distance int) {
	distance = None
	for _, f := range c.Frames {
		for w, h := range picture {
			if d := f.PDQ.Distance(h); f.Quality >= FrameQuality && (distance == None || d < distance) {
				best, v, distance = f, Variant(w), d
			}
		}
	}
	return best, v, distance
}

// NearestStill gives the frame of a found video that is nearest to a picture's hash, and how the frame lies;
// distance is None if the video has no frame that may be asked.
func (c FoundClip) NearestStill(picture Hash256) (best FoundFrame, v Variant, distance int) {
	distance = None
	for _, f := range c.Frames {
		for w := range Variant(Variants) {
			if d := f.distance(picture, w); f.Quality >= FrameQuality && (distance == None || d < distance) {
				best, v, distance = f, w, d
			}
		}
	}
	return best, v, distance
}
