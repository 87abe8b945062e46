package main

import (
	"fmt"
	"slices"
	"strings"

	"reprise/internal/edits"
	"reprise/internal/keypoints"
)

// copied is an edited photograph and what is known of it.
type copied struct {
	edit  int   // of trial.edits
	shows []int // photographs, the edited one first
	marks *marks
}

// trial is one run: photographs, each the reference of its edited copies.
type trial struct {
	edits      []edits.Edit
	names      []string
	references []*marks
	copies     []copied
	refused    int // copies that have nothing to be known by
	faults     faults
}

// prepare makes every copy, and the marks of photographs and copies.
func (c *recall) prepare(folder string) (*trial, error) {
	photographs, err := edits.Load(folder)
	if err != nil {
		return nil, fmt.Errorf("load the photographs: %w", err)
	}
	t := &trial{edits: c.chosenEdits()}
	var chosen []edits.Photograph
	for i := 0; i < len(photographs); i += max(c.Every, 1) {
		chosen = append(chosen, photographs[i])
		t.names = append(t.names, photographs[i].Name)
	}
	if len(chosen) < 2 || len(t.edits) == 0 {
		return nil, fmt.Errorf("%d photographs in %s and %d edits: nothing to measure", len(chosen), folder, len(t.edits))
	}
	t.references = make([]*marks, len(chosen))
	t.copies = make([]copied, len(chosen)*len(t.edits))
	failures := make([]error, workers())
	parallel(len(chosen), func(worker, i int) {
		if err := t.take(i, chosen); err != nil {
			failures[worker] = err
		}
		progress("photograph %d of %d", i+1, len(chosen))
	})
	for i := range t.copies {
		if t.copies[i].marks == nil {
			t.refused++
		}
	}
	return t, firstOf(failures)
}

func (c *recall) chosenEdits() []edits.Edit {
	return slices.DeleteFunc(edits.All(), func(e edits.Edit) bool {
		begins := func(start string) bool { return strings.HasPrefix(e.Name, start) }
		return len(c.Edits) > 0 && !slices.ContainsFunc(c.Edits, begins)
	})
}

// take makes the copies of the i-th photograph. Their neighbours come from the chosen ones, whose places are known.
func (t *trial) take(i int, chosen []edits.Photograph) error {
	reference, err := mark(chosen[i].File, keypoints.ForReference)
	if err != nil {
		return fmt.Errorf("reference %s: %w", chosen[i].Name, err)
	}
	t.references[i] = reference
	for e, edit := range t.edits {
		made, err := edit.Apply(chosen[i], chosen)
		if err != nil {
			return fmt.Errorf("edit %s: %w", edit.Name, err)
		}
		c := copied{edit: e, shows: []int{i}}
		for _, name := range made.Beside {
			c.shows = append(c.shows, slices.Index(t.names, name))
		}
		if c.marks, err = mark(made.File, keypoints.ForQuery); err != nil && !blank(err) {
			return fmt.Errorf("%s of %s: %w", edit.Name, chosen[i].Name, err)
		}
		t.copies[i*len(t.edits)+e] = c
	}
	return nil
}

func firstOf(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
