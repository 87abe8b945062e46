package main

// tally counts what each rule takes for a match, and how far pairs are apart by each kind.
type tally struct {
	rules    []rule
	pairs    int
	accepted []int
	spread   [kinds]map[int]int
}

func newTally(rules []rule) *tally {
	t := &tally{rules: rules, accepted: make([]int, len(rules))}
	for k := range t.spread {
		t.spread[k] = map[int]int{}
	}
	return t
}

// count judges one pair, and tells which rules accept it.
func (t *tally) count(e *evidence) (accepted []bool) {
	t.pairs++
	for k, distance := range e {
		t.spread[k][distance]++
	}
	accepted = make([]bool, len(t.rules))
	for i, r := range t.rules {
		if accepted[i] = r.accept(e); accepted[i] {
			t.accepted[i]++
		}
	}
	return accepted
}

func (t *tally) add(o *tally) {
	t.pairs += o.pairs
	for i, n := range o.accepted {
		t.accepted[i] += n
	}
	for k := range t.spread {
		for distance, n := range o.spread[k] {
			t.spread[k][distance] += n
		}
	}
}

// perWorker makes a tally for each worker, and their sum when all are done.
func perWorker(rules []rule) (each []*tally, sum func() *tally) {
	for range workers() {
		each = append(each, newTally(rules))
	}
	return each, func() *tally {
		total := newTally(rules)
		for _, t := range each {
			total.add(t)
		}
		return total
	}
}
