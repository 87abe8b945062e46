package main

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"math/bits"

	"github.com/corona10/goimagehash"

	"reprise/internal/phash"
	"reprise/internal/picture"
)

// marks is all that is computed of one file, for us and for the rivals.
type marks struct {
	signature phash.Signature
	query     phash.Query
	phash64   uint64
}

// mark computes them. Its error is a picture.Refusal for a file that has nothing to be known by.
func mark(file []byte) (*marks, error) {
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
	return &marks{s, q, other}, err
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

// kind is one way of holding a found picture against a reference.
type kind int

const (
	byPDQ     kind = iota // as platforms do
	byPHash64             // goimagehash
	byWhole               // the eight orientations
	bySegments            // the pictures found in both
	byCropped             // crops of one
	byBoth                // crops of both
	kinds
)

func (k kind) String() string { return [kinds]string{"pdq", "phash64", "whole", "segments", "cropped", "both"}[k] }

// blank tells the error of a file that has nothing to be known by.
func blank(err error) bool {
	reason, refused := picture.ReasonOf(err)
	return refused && reason == picture.ReasonBlank
}

// none is the distance where there was nothing to compare.
const none = 999

// evidence is how far a found picture is from a reference, by each kind.
type evidence [kinds]int

func nothing() (e evidence) {
	for k := range e {
		e[k] = none
	}
	return e
}

// compare holds a found picture against a reference by all kinds.
func compare(reference, query *marks) evidence { return compareHashes(reference, query) }

// compareHashes leaves local features out.
func compareHashes(reference, query *marks) evidence {
	e := nothing()
	e[byPDQ] = reference.signature.PDQ.Distance(query.signature.PDQ)
	e[byPHash64] = bits.OnesCount64(reference.phash64 ^ query.phash64)
	for i, f := range reference.signature.Compare(query.query) {
		if f.Distance != phash.None {
			e[byWhole+kind(i)] = f.Distance
		}
	}
	return e
}

// rule is one of the rivals: what it takes for a match.
type rule struct {
	name   string
	accept func(e *evidence) bool
}

// caseRules judge a picture against the few references of one case, globalRules against everybody's.
func caseRules() []rule {
	return []rule{
		{"PDQ <= 31", within(byPDQ, 31)},
		{"pHash64 <= 11", within(byPHash64, 11)},
		{"PDQ, 8 orientations, <= 79", within(byWhole, 79)},
	}
}

func globalRules() []rule {
	return []rule{
		{"PDQ <= 31", within(byPDQ, 31)},
		{"pHash64 <= 11", within(byPHash64, 11)},
		{"PDQ, 8 orientations, <= 47", within(byWhole, 47)},
	}
}

func within(k kind, limit int) func(*evidence) bool {
	return func(e *evidence) bool { return e[k] <= limit }
}
