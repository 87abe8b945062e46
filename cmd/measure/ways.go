package main

import (
	"fmt"

	"reprise/internal/keypoints"
	"reprise/internal/phash"
	"reprise/internal/picture"
)

// hashing are the ways of hashing a file that are timed. The first is the one the others are held against. Ours come
// with the program's own decoder and with what is installed.
func hashing() []way {
	ways := []way{each("goimagehash, pHash alone", func(file []byte) error {
		_, err := goimagehashOf(file)
		return err
	})}
	for _, step := range []struct {
		name string
		hash func(picture.Picture) error
	}{
		{"decoding alone", func(picture.Picture) error { return nil }},
		{"PDQ in eight orientations", func(p picture.Picture) error { phash.Turned(p); return nil }},
		{"full signature of a reference", func(p picture.Picture) error { _, err := phash.Sign(p); return err }},
		{"full query of a found picture", func(p picture.Picture) error { _, err := phash.Ask(p); return err }},
		{"local features of a found picture", func(p picture.Picture) error {
			keypoints.Find(p.Small(keypoints.MaxSide), keypoints.ForQuery)
			return nil
		}},
	} {
		ways = append(ways,
			each("Reprise, "+step.name+", libraries as installed", decoded(picture.OpenLibraries, step.hash)),
			each("Reprise, "+step.name+", Go alone", decoded(withoutLibraries, step.hash)))
	}
	return ways
}

func withoutLibraries([]byte) (none picture.Libraries) { return none }

func decoded(open func([]byte) picture.Libraries, hash func(picture.Picture) error) func(file []byte) error {
	return func(file []byte) error {
		p, err := open(file).Decode(file)
		if err != nil {
			return fmt.Errorf("decode: %w", err)
		}
		return hash(p)
	}
}
