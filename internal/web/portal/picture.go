package portal

import (
	"strconv"

	"reprise/internal/takedown"
)

// bar is how things stand as one quiet bar: a part for each step, as long as
// there are addresses at it, in the order of the legend beneath it.
type bar struct {
	Desc  string
	Parts []part
}

// part is a piece of the bar, in units of which the bar has barLength. It is drawn
// as bands: a step is known by its shape where its colour says little.
type part struct {
	Step     string
	X, Width string
	Bands    []band
}

// band is a stroke of a part, in units of which the bar is barHeight high.
type band struct{ Y, Height int }

const (
	barLength = 1000
	barHeight = 20
	barGap    = 8 // three pixels on a phone: neighbours are told apart by it, whatever their colours
	barLeast  = 8 // one address of hundreds is still seen
)

// bandsOf fills the bar where something is under way or done. What we have only
// received is a thin line, what was not found is hollow.
func bandsOf(s takedown.Step) []band {
	switch s {
	case takedown.StepReceived:
		return []band{{7, 6}}
	case takedown.StepNothing:
		return []band{{0, 5}, {barHeight - 5, 5}}
	}
	return []band{{0, barHeight}}
}

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
		out.Parts = append(out.Parts, part{string(s), units(x), units(width), bandsOf(s)})
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
