package main

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"maps"
	"math/bits"

	"github.com/corona10/goimagehash"

	"reprise/internal/keypoints"
	"reprise/internal/phash"
	"reprise/internal/picture"
	"reprise/internal/takedown"
)

// marks is all that is computed of one file, for us and for the rivals.
type marks struct {
	signature phash.Signature
	query     phash.Query
	points    keypoints.Set
	phash64   uint64
}

// mark computes them, with so many local features at most. Its error is a picture.Refusal for a file that has nothing to be known by.
func mark(file []byte, points int) (*marks, error) {
	p, err := picture.Decode(file)
	if err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	s, err := phash.Sign(p)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	q, err := phash.Ask(p)
	if err != nil {
		return nil, fmt.Errorf("ask: %w", err)
	}
	other, err := goimagehashOf(file)
	return &marks{s, q, keypoints.Find(p.Small(keypoints.MaxSide), points), other}, err
}

// goimagehashOf is what a program does that has goimagehash alone.
func goimagehashOf(file []byte) (uint64, error) {
	m, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		return 0, fmt.Errorf("decode for goimagehash: %w", err)
	}
	h, err := goimagehash.PerceptionHash(m)
	if err != nil {
		return 0, fmt.Errorf("goimagehash: %w", err)
	}
	return h.GetHash(), nil
}

// blank tells the error of a file that has nothing to be known by.
func blank(err error) bool {
	reason, refused := picture.ReasonOf(err)
	return refused && reason == picture.ReasonBlank
}

// kind is one way of holding a found picture against a reference.
type kind int

const (
	byPDQ      kind = iota // as platforms do
	byPHash64              // goimagehash
	byWhole                // the eight orientations
	bySegments             // the pictures found in both
	byCropped              // crops of one
	byBoth                 // crops of both
	byPoints               // local features: places that agree, and how much is seen of what should be
	kinds
)

func (k kind) String() string {
	return [kinds]string{"pdq", "phash64", "whole", "segments", "cropped", "both", "points"}[k]
}

// reading is what one kind of comparison tells: the distance, or for points how many agree, and the quality of the
// hashes, 0 to 100.
type reading struct{ value, quality int }

// none is the value where there was nothing to compare.
const none = -1

// all are the bits of a hash.
const all = 256

// evidence is what all kinds tell of a found picture and a reference.
type evidence [kinds]reading

func nothing() (e evidence) {
	for k := range e {
		e[k].value = none
	}
	return e
}

// comparison holds a found picture against a reference by some kinds or all.
type comparison func(reference, query *marks) evidence

// compare goes by all kinds, as within a case.
func compare(reference, query *marks) evidence {
	e := compareHashes(reference, query)
	a := keypoints.Compare(reference.points, query.points)
	e[byPoints] = reading{a.Proof(), a.Cover}
	return e
}

// compareHashes leaves local features out.
func compareHashes(reference, query *marks) evidence {
	e := compareWholes(reference, query)
	for i, f := range reference.signature.Compare(query.query) {
		e[byWhole+kind(i)] = reading{f.Distance, f.Quality}
	}
	return e
}

// compareWholes holds only whole pictures against each other, as among everybody's references.
func compareWholes(reference, query *marks) evidence {
	e := nothing()
	e[byPDQ] = reading{reference.signature.PDQ.Distance(query.signature.PDQ), 100}
	e[byPHash64] = reading{bits.OnesCount64(reference.phash64 ^ query.phash64), 100}
	nearest := all
	for _, h := range query.query.Variants {
		d := reference.signature.Upright.Distance(h)
		nearest = min(nearest, d, all-d) // of exchanged light and dark, every bit differs
	}
	e[byWhole] = reading{nearest, min(reference.signature.Quality, int(query.query.Quality))}
	return e
}

// rule is one of the rivals: what it takes for a match.
type rule struct {
	name   string
	accept func(e *evidence) bool
}

// hashRules judge a picture against the few references of one case by hashes, and globalRules against
// everybody's references.
func hashRules() []rule {
	return []rule{
		{"PDQ <= 31", within(byPDQ, 31)},
		{"pHash64 <= 11", within(byPHash64, 11)},
		{"PDQ, 8 orientations, <= 79", within(byWhole, 79)},
		{"Reprise, hashes", judged(takedown.ScopeCase, takedown.VerdictUnsure, hashKinds)},
		{"of these near", judged(takedown.ScopeCase, takedown.VerdictNear, hashKinds)},
	}
}

// caseRules judge by local features as well.
func caseRules() []rule {
	return append(hashRules(),
		rule{"Reprise, with local features", judged(takedown.ScopeCase, takedown.VerdictUnsure, allKinds())},
		rule{"of these near, with local features", judged(takedown.ScopeCase, takedown.VerdictNear, allKinds())})
}

func globalRules() []rule {
	return []rule{
		{"PDQ <= 31", within(byPDQ, 31)},
		{"pHash64 <= 11", within(byPHash64, 11)},
		{"PDQ, 8 orientations, <= 47", within(byWhole, 47)},
		{"Reprise", judged(takedown.ScopeGlobal, takedown.VerdictUnsure, hashKinds)},
	}
}

func within(k kind, limit int) func(*evidence) bool {
	return func(e *evidence) bool { return e[k].value != none && e[k].value <= limit }
}

// hashKinds are what the rule of the house calls the kinds that compare hashes.
var hashKinds = map[kind]takedown.MatchKind{
	byWhole: takedown.MatchWhole, bySegments: takedown.MatchSegment,
	byCropped: takedown.MatchCropped, byBoth: takedown.MatchCroppedBoth,
}

func allKinds() map[kind]takedown.MatchKind {
	out := maps.Clone(hashKinds)
	out[byPoints] = takedown.MatchPoints
	return out
}

// judged asks the rule of the house for the verdict, or a surer one, by any of the kinds.
func judged(scope takedown.Scope, verdict takedown.Verdict, by map[kind]takedown.MatchKind) func(*evidence) bool {
	return func(e *evidence) bool {
		for k, name := range by {
			f := takedown.Finding{Kind: name, Scope: scope, Distance: e[k].value, Quality: e[k].quality}
			if k == byPoints {
				f.Points = e[k].value
			}
			got := takedown.JudgeMatch(f)
			if got == takedown.VerdictNear || got == verdict {
				return true
			}
		}
		return false
	}
}
