package main

import "slices"

// tryLike holds every copy against its own reference.
func (t *trial) tryLike(scope string, rules []rule) (all *tally, byEdit []*tally) {
	all = newTally(scope, rules)
	for range t.edits {
		byEdit = append(byEdit, newTally(scope, rules))
	}
	for i := range t.copies {
		c := &t.copies[i]
		e := nothing()
		if c.marks != nil {
			e = compare(t.references[c.shows[0]], c.marks)
		}
		accepted := byEdit[c.edit].count(&e)
		for r, found := range accepted {
			if !found {
				t.faults.add("missed "+scope, rules[r].name, t.nameOf(c), t.names[c.shows[0]], &e)
			}
		}
	}
	for _, one := range byEdit {
		all.add(one)
	}
	return all, byEdit
}

// tryUnlike holds copies against the references of all photographs that they do not show, in so many pairs at most.
func (t *trial) tryUnlike(rules []rule, hold comparison, pairs int) *tally {
	each, sum := perWorker(inCase, rules)
	all := len(t.copies) * len(t.references)
	step := max(all/max(pairs, 1), 1)
	for step > 1 && len(t.references)%step == 0 {
		step++ // or some references would never come
	}
	parallel(len(t.copies), func(worker, i int) {
		c := &t.copies[i]
		if c.marks == nil {
			return
		}
		for r, reference := range t.references {
			if (i*len(t.references)+r)%step != 0 || slices.Contains(c.shows, r) {
				continue
			}
			e := hold(reference, c.marks)
			t.judgeUnlike(each[worker], &e, c, t.names[r])
		}
	})
	return sum()
}

// tryCopies takes copies as references too, to come to many pairs.
func (t *trial) tryCopies(scope string, rules []rule, hold comparison, pairs int) *tally {
	each, sum := perWorker(scope, rules)
	n := len(t.copies)
	count := min(n, pairs/n+pairs/n/20+1) // a twentieth more, for pairs that show the same
	parallel(count, func(worker, i int) {
		reference := &t.copies[i*n/count]
		for j := range t.copies {
			query := &t.copies[j]
			if reference.marks == nil || query.marks == nil || sharing(reference.shows, query.shows) {
				continue
			}
			e := hold(reference.marks, query.marks)
			t.judgeUnlike(each[worker], &e, query, t.nameOf(reference))
		}
	})
	return sum()
}

func (t *trial) judgeUnlike(into *tally, e *evidence, query *copied, reference string) {
	for r, found := range into.count(e) {
		if found {
			t.faults.add("false "+into.scope, into.rules[r].name, t.nameOf(query), reference, e)
		}
	}
}

func sharing(a, b []int) bool {
	return slices.ContainsFunc(a, func(i int) bool { return slices.Contains(b, i) })
}

func (t *trial) nameOf(c *copied) string { return t.edits[c.edit].Name + " of " + t.names[c.shows[0]] }
