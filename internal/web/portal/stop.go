package portal

import (
	"context"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

var stopPages = web.NewPage[stopPage]("portal", "stop")

type (
	// stopPage is the place of everything that stops: a pause, the withdrawal.
	stopPage struct {
		spaceHead
		Withdrawn, Paused, Leaving bool
	}

	// rests says something on every page of the space, with what can be done about it.
	rests struct{ Text, Do, Way, Else, ElseWay string }
)

// restsOf lists what every page of the space says first: that somebody asked for
// another phrase, or has one, and that the case rests.
func restsOf(l takedown.Lang, s takedown.CaseStanding) (out []rests) {
	if !s.RecoveryAt.IsZero() {
		out = append(out, rests{Text: web.T(l, "rests.recovery", web.Day(l, s.RecoveryAt)), Do: "recovery-stop", Way: web.T(l, "rests.recovery.stop")})
	}
	if !s.PhraseNewAt.IsZero() {
		out = append(out, rests{Text: web.T(l, "rests.phrase", web.Day(l, s.PhraseNewAt)), Do: "phrase-mine", Way: web.T(l, "rests.phrase.mine"), Else: "go-messages", ElseWay: web.T(l, "rests.phrase.write")})
	}
	if r := restOf(l, s); r.Text != "" {
		out = append(out, r)
	}
	return out
}

func restOf(l takedown.Lang, s takedown.CaseStanding) rests {
	switch {
	case s.State == takedown.CaseWithdrawn && s.MayReopen:
		return rests{Text: web.T(l, "rests.withdrawn"), Do: "reopen", Way: web.T(l, "rests.reopen")}
	case s.State == takedown.CaseWithdrawn:
		return rests{}
	case !s.LeavingAt.IsZero():
		return rests{Text: web.T(l, "rests.leaving", web.Day(l, s.LeavingAt)), Do: "resume", Way: web.T(l, "rests.stay")}
	case !s.PausedAt.IsZero():
		return rests{Text: web.T(l, "rests.paused", web.Day(l, s.PausedAt)), Do: "resume", Way: web.T(l, "rests.resume")}
	case s.WatchOver:
		return rests{web.T(l, "watch.over"), "watch-keep", web.T(l, "watch.keep"), "watch-stop", web.T(l, "watch.stop")}
	}
	return rests{}
}

// stopActs are the buttons of that place, and of what it leads to.
func (d *door) stopActs() map[string]func(*web.Ctx) error {
	return map[string]func(*web.Ctx) error{
		"pause":        d.resting("rests.done.pause", d.desk.Pause),
		"resume":       d.resting("rests.done.resume", d.desk.Resume),
		"watch-keep":   d.resting("watch.kept", d.desk.KeepWatching),
		"watch-stop":   d.resting("watch.stopped", d.desk.StopWatching),
		"reopen":       d.resting("rests.done.reopen", d.desk.Reopen),
		"withdraw":     func(c *web.Ctx) error { return withdrawPages.Render(c, withdrawPage{Frame: c.Frame()}) },
		"withdraw-yes": d.resting("rests.done.leaving", d.desk.AskToLeave),
	}
}

// resting does one of them and tells so on the first page.
func (d *door) resting(done string, do func(context.Context, takedown.Actor) error) func(*web.Ctx) error {
	return func(c *web.Ctx) error {
		if err := do(c.Request().Context(), c.Actor); err != nil {
			return d.spaceRefuses(c, err)
		}
		c.Session.Set(valuePlace, placeFirst)
		return d.told(c, web.T(c.Lang, done))
	}
}

// showStop shows how everything is stopped.
func (d *door) showStop(c *web.Ctx) error {
	s := standingOf(c)
	return stopPages.Render(c, stopPage{
		spaceHead: d.headOf(c, nil), Withdrawn: s.State == takedown.CaseWithdrawn, Paused: !s.PausedAt.IsZero(), Leaving: !s.LeavingAt.IsZero(),
	})
}
