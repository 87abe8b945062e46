// Package likeness holds what was found against what a person gave, and says how near
// the two are in the words of the rule: images against images, in whole, in parts and
// by local features, and videos against either. It keeps nothing and asks nobody.
package likeness

import (
	"slices"

	"reprise/internal/hasher"
	"reprise/internal/phash"
	"reprise/internal/takedown"
)

// References are what is held against one found file.
type References struct {
	Images []Image
	Clips  []Clip
}

// Surest gives the match with the one that a found image is surely nearest to.
func (r References) Surest(found hasher.Found) takedown.Match {
	best := Nothing()
	for _, h := range r.Images {
		best = surer(h.Against(found), best)
	}
	for _, h := range r.Clips {
		best = surer(h.Showing(found.Query), best)
	}
	return best
}

// WantPoints tells whether any reference has points to compare.
func (r References) WantPoints() bool {
	return slices.ContainsFunc(r.Images, func(h Image) bool { return len(h.points.Points) > 0 })
}

// SurestOfVideo is Surest for a found video. A frame of it that is near what is no image
// of anybody says nothing.
func (r References) SurestOfVideo(found phash.FoundClip, nobody []takedown.Negative) takedown.Match {
	best := Nothing()
	for _, h := range r.Clips {
		best = surer(h.Against(found), best)
	}
	for _, h := range r.Images {
		best = surer(h.Within(found, nobody), best)
	}
	return best
}

// Nothing is the match of what was compared with nothing.
func Nothing() takedown.Match {
	return takedown.Match{Distance: phash.None, Verdict: takedown.VerdictFar}
}

// surer gives the surer of two matches.
func surer(m, best takedown.Match) takedown.Match {
	if m.Distance != phash.None && (best.Distance == phash.None || m.Surer(best)) {
		return m
	}
	return best
}

// alike tells whether two PDQ hashes are within so many bits of 256. No hash is
// alike to none.
func alike(a, b []byte, within int) bool {
	x, errX := phash.Hash256FromBytes(a)
	y, errY := phash.Hash256FromBytes(b)
	return errX == nil && errY == nil && x.Distance(y) <= within
}

// Nobodys tells whether a hash is near what is no image of anybody.
func Nobodys(hash []byte, negatives []takedown.Negative) bool {
	return slices.ContainsFunc(negatives, func(n takedown.Negative) bool {
		return alike(hash, []byte(n.Hash.Reveal()), takedown.NegativeWithin)
	})
}

// Globally judges a found image that is near a reference of any case, by the exchange
// values alone.
func Globally(distance, quality int) takedown.Verdict {
	return takedown.JudgeMatch(takedown.Finding{
		Kind: takedown.MatchWhole, Scope: takedown.ScopeGlobal, Distance: distance, Quality: quality,
	})
}
