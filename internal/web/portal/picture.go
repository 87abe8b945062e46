package portal

import (
	"strconv"

	"reprise/internal/takedown"
)

// bar is how things stand as one quiet bar: a part for each step, as long as
// there are addresses at it, in the order of the tally beside it.
type bar struct {
	Desc  string
	Parts []part
}

// part is a piece of the bar, in units of which the bar has barLength.
type part struct {
	Step     string
	X, Width string
}

const (
	barLength = 1000
	barGap    = 5
	barLeast  = 8 // one address of hundreds is still seen
)

// pictureOf draws what is over first, so that the bar fills from where one begins to read.
func pictureOf(desc string, p takedown.Progress) bar {
	out := bar{Desc: desc}
	room, shown := float64(barLength), 0
	for _, s := range takedown.Steps() {
		if p.Count(s) > 0 {
			shown++
		}
	}
	room -= float64(max(shown-1, 0)*barGap + shown*barLeast)
	x := 0.0
	for n := len(drawn) - 1; n >= 0; n-- {
		s := drawn[n]
		if p.Count(s) == 0 {
			continue
		}
		width := barLeast + room*float64(p.Count(s))/float64(len(p.Items))
		out.Parts = append(out.Parts, part{string(s), units(x), units(width)})
		x += width + barGap
	}
	return out
}

func units(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

// drawn is the order of the bar, from its end: what waits for us, what is asked, what is gone.
var drawn = []takedown.Step{
	takedown.StepStopped, takedown.StepCannot, takedown.StepNothing, takedown.StepReceived, takedown.StepChecking,
	takedown.StepBack, takedown.StepStillThere, takedown.StepAsked, takedown.StepAnswered, takedown.StepGone,
}
