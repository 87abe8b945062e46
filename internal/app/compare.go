package app

import (
	"encoding/json"
	"errors"
	"fmt"

	"reprise/internal/hasher"
	"reprise/internal/likeness"
	"reprise/internal/takedown"
)

type compareCmd struct {
	Reference string   `arg:"" help:"image file to look for"`
	Files     []string `arg:"" help:"image files that may show it"`
}

// comparison is the answer for one file. Distance is in bits of 256, Points are the local features that agree, and
// boxes are in thousandths of the sides: left, top, right, bottom. Where a file could not be compared Error says why.
type comparison struct {
	File         string  `json:"file"`
	Verdict      string  `json:"verdict"`
	Kind         string  `json:"kind"`
	Variant      string  `json:"variant"`
	Distance     int     `json:"distance"`
	Points       int     `json:"points"`
	ReferenceBox string  `json:"reference_box"`
	FoundBox     string  `json:"found_box"`
	Why          string  `json:"why"`
	Error        *string `json:"error"`
}

// Run prints one line a file, judged as within a case whose person allows local features.
func (c compareCmd) Run(e *env) error {
	limited, err := hasher.NewHasher(e.ctx, 1)
	if err != nil {
		return err
	}
	reference, err := hasher.ReadFile(c.Reference)
	if err != nil {
		return fmt.Errorf("the reference: %w", err)
	}
	failed := false
	for _, f := range c.Files {
		out := comparison{File: f}
		m, err := matchOf(e, limited, reference, f)
		if err == nil {
			out.fill(m)
		} else {
			if e.ctx.Err() != nil || errors.Is(err, hasher.ErrNoChild) {
				return err
			}
			text := err.Error()
			out.Error, failed = &text, true
		}
		if err := json.NewEncoder(e.out).Encode(out); err != nil {
			return fmt.Errorf("write a comparison: %w", err)
		}
	}
	if failed {
		return errSaid
	}
	return nil
}

func matchOf(e *env, limited *hasher.Hasher, reference []byte, file string) (takedown.Match, error) {
	found, err := hasher.ReadFile(file)
	if err != nil {
		return takedown.Match{}, err
	}
	return likeness.Of(e.ctx, limited, reference, found)
}

func (c *comparison) fill(m takedown.Match) {
	c.Verdict, c.Kind, c.Variant, c.Distance, c.Points = string(m.Verdict), string(m.Kind), m.Variant, m.Distance, m.Points
	c.ReferenceBox, c.FoundBox = m.ReferenceBox.String(), m.FoundBox.String()
	if m.Verdict != takedown.VerdictFar {
		c.Why = m.Explanation().In(takedown.English)
	}
}
