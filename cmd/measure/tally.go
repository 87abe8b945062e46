package main

// The scopes: among which references one looks.
const (
	inCase   = "in a case"
	globally = "globally"
)

// tally counts what each rule takes for a match, and how far pairs are apart by each kind.
type tally struct {
	scope    string
	rules    []rule
	pairs    int
	accepted []int
	spread   [kinds]map[int]int
}

func newTally(scope string, rules []rule) *tally {
	t := &tally{scope: scope, rules: rules, accepted: make([]int, len(rules))}
	for k := range t.spread {
		t.spread[k] = map[int]int{}
	}
	return t
}

// count judges one pair, and tells which rules accept it.
func (t *tally) count(e *evidence) (accepted []bool) {
	t.pairs++
	for k, got := range e {
		t.spread[k][got.value]++
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
func perWorker(scope string, rules []rule) (each []*tally, sum func() *tally) {
	for range workers() {
		each = append(each, newTally(scope, rules))
	}
	return each, func() *tally {
		total := newTally(scope, rules)
		for _, t := range each {
			total.add(t)
		}
		return total
	}
}
