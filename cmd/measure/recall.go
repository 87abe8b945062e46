package main

import (
	"fmt"
	"io"
	"math"

	"reprise/internal/edits"
)

// recall measures which edits are found. The flags make a run shorter, or tell more.
type recall struct {
	Edits  []string `help:"only edits whose names begin so" placeholder:"NAME,..."`
	Every  int      `help:"only every n-th photograph" default:"1"`
	Points int      `help:"unlike pairs to try by local features too" default:"30000"`
	More   int      `help:"pairs of copies to try beside those within a case" default:"1000000"`
	Global int      `help:"pairs to try for the global scope" default:"20000000"`
	Pairs  string   `help:"write how often each distance was seen, as CSV" placeholder:"FILE"`
	Faults string   `help:"write what was missed and what was wrongly found, as CSV" placeholder:"FILE"`
}

func (c *recall) run(w io.Writer, folder string) error {
	t, err := c.prepare(folder)
	if err != nil {
		return err
	}
	like, byEdit := t.tryLike(inCase, caseRules())
	_, byEditGlobally := t.tryLike(globally, globalRules())
	progress("%d like pairs tried", like.pairs)
	unlike := t.tryUnlike(hashRules(), compareHashes, math.MaxInt)
	progress("%d unlike pairs tried within a case, by hashes", unlike.pairs)
	pointed := t.tryUnlike(caseRules(), compare, c.Points)
	progress("%d unlike pairs tried within a case, by local features too", pointed.pairs)
	more := t.tryCopies(inCase, hashRules(), compareHashes, c.More)
	progress("%d more unlike pairs tried within a case, by hashes", more.pairs)
	global := t.tryCopies(globally, globalRules(), compareWholes, c.Global)
	progress("%d unlike pairs tried for the global scope", global.pairs)

	heading(w, "Recall")
	fmt.Fprintf(w, "\n%d photographs, %d edits of each; %d copies were refused as blank and count as missed.\n",
		len(t.names), len(t.edits), t.refused)
	t.recallTable("Recall within a case, per cent of copies found", byEdit, true).write(w)
	falseTable("Unlike pairs within a case, by hashes", unlike).write(w)
	falseTable("Unlike pairs within a case, by hashes and local features", pointed).write(w)
	falseTable("Unlike pairs within a case, copies as references too, by hashes alone", more).write(w)
	falseTable("Unlike pairs, global scope, copies as references too", global).write(w)
	t.recallTable("Recall at the global scope, by hashes alone", byEditGlobally, false).write(w)
	if err := writeSpreads(c.Pairs, like, unlike, pointed, more, global); err != nil {
		return err
	}
	return t.faults.write(c.Faults)
}

// recallTable shows the share of copies found by each rule, by group and, if asked, by edit, and the means over both.
func (t *trial) recallTable(title string, byEdit []*tally, detailed bool) *table {
	rules := byEdit[0].rules
	out := table{title: title, head: []string{"edit"}}
	for _, r := range rules {
		out.head = append(out.head, r.name)
	}
	ofGroups, ofEdits := make([][]float64, len(rules)), make([][]float64, len(rules))
	for _, group := range edits.Groups() {
		whole := newTally(byEdit[0].scope, rules)
		var rows [][]string
		for i, e := range t.edits {
			if e.Group == group {
				whole.add(byEdit[i])
				rows = append(rows, byEdit[i].row(e.Name))
				byEdit[i].shares(ofEdits)
			}
		}
		if whole.pairs > 0 {
			out.add(whole.row("**" + group + "**")...)
			if detailed {
				out.rows = append(out.rows, rows...)
			}
			whole.shares(ofGroups)
		}
	}
	out.add(meanRow("**mean of the groups**", ofGroups)...)
	out.add(meanRow("**mean of the edits**", ofEdits)...)
	return &out
}

func (t *tally) row(name string) []string {
	cells := []string{name}
	for _, n := range t.accepted {
		cells = append(cells, percent(n, t.pairs))
	}
	return cells
}

// shares appends the share that each rule accepted to its list.
func (t *tally) shares(lists [][]float64) {
	for i, n := range t.accepted {
		lists[i] = append(lists[i], float64(n)/float64(t.pairs))
	}
}

func meanRow(name string, lists [][]float64) []string {
	cells := []string{name}
	for _, shares := range lists {
		cells = append(cells, mean(shares))
	}
	return cells
}

// falseTable shows how many unlike pairs each rule took for a match.
func falseTable(title string, t *tally) *table {
	out := table{title: title, head: []string{"rule", "pairs", "false", "per million"}}
	for i, r := range t.rules {
		out.add(r.name, fmt.Sprint(t.pairs), fmt.Sprint(t.accepted[i]),
			fmt.Sprintf("%.3f", 1e6*float64(t.accepted[i])/float64(max(t.pairs, 1))))
	}
	return &out
}

// percent shows a share; nothing of nothing is a dash.
func percent(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", 100*float64(part)/float64(whole))
}

// mean of shares, in per cent.
func mean(shares []float64) string {
	sum := 0.0
	for _, s := range shares {
		sum += s
	}
	return fmt.Sprintf("**%.1f**", math.Round(1000*sum/float64(max(len(shares), 1)))/10)
}
