package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
)

// faults are the pairs that a rule judged wrongly, for whoever tunes it.
type faults struct {
	mu   sync.Mutex
	rows [][]string
}

// maxFaults bounds them: a rule may be very wrong.
const maxFaults = 50_000

func (f *faults) add(what, rule, query, reference string, e *evidence) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.rows) >= maxFaults {
		return
	}
	row := []string{what, rule, query, reference}
	for _, got := range e {
		row = append(row, fmt.Sprint(got.value))
	}
	f.rows = append(f.rows, row)
}

func (f *faults) write(path string) error {
	slices.SortFunc(f.rows, func(a, b []string) int { return strings.Compare(strings.Join(a, ","), strings.Join(b, ",")) })
	head := []string{"fault", "rule", "query", "reference"}
	for k := range kinds {
		head = append(head, k.String())
	}
	return writeCSV(path, append([][]string{head}, f.rows...))
}

// maxValue is the most bits that differ, and more points than are ever compared.
const maxValue = 4096

// writeSpreads writes how often each value was seen, by kind, between like pairs and between unlike ones.
func writeSpreads(path string, like, unlike, pointed, more, global *tally) error {
	rows := [][]string{{"kind", "value", "like", "unlike in a case", "unlike with points", "unlike copies", "unlike globally"}}
	for k := range kinds {
		for distance := none; distance <= maxValue; distance++ {
			row, seen := []string{k.String(), fmt.Sprint(distance)}, 0
			for _, t := range []*tally{like, unlike, pointed, more, global} {
				row = append(row, fmt.Sprint(t.spread[k][distance]))
				seen += t.spread[k][distance]
			}
			if seen > 0 {
				rows = append(rows, row)
			}
		}
	}
	return writeCSV(path, rows)
}

// writeCSV writes a file, or nothing when nobody asked for one.
func writeCSV(path string, rows [][]string) error {
	if path == "" {
		return nil
	}
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("create a file of figures: %w", err)
	}
	if err := csv.NewWriter(file).WriteAll(rows); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	return file.Close()
}
