package console

import (
	"slices"
	"strings"

	"reprise/internal/casework"
	"reprise/internal/takedown"
	"reprise/internal/web"
)

// requests are those of a case by their id.
type requests map[string]casework.RequestView

func askedOf(v casework.CaseView) requests {
	out := requests{}
	for _, i := range v.Items {
		for _, r := range i.Requests {
			out[r.ID] = r
		}
	}
	return out
}

// why says why a recipient is asked: as the first one, beside it, again, or
// after whom.
func (of requests) why(l takedown.Lang, v casework.NoticeView) string {
	switch {
	case v.Kind == takedown.Reminder:
		return web.T(l, "why.reminder")
	case v.Recipient.Parallel:
		return web.T(l, "why.beside")
	}
	var after []string
	for _, r := range v.Requests {
		before, known := of[r.ParentID]
		if said := web.T(l, "why.after."+string(before.State), before.Recipient); known && before.State.Failed() && !slices.Contains(after, said) {
			after = append(after, said)
		}
	}
	if len(after) == 0 {
		return web.T(l, "why.first")
	}
	return strings.Join(after, "; ")
}

// follows says what comes after the requests of a notice failed: whom one asks
// next, or that nobody is left. "" when nothing more is to be asked.
func follows(l takedown.Lang, v casework.CaseView, failed casework.NoticeView) string {
	var next []string
	left := false
	for _, i := range v.Items {
		for _, r := range i.Requests {
			after := slices.ContainsFunc(failed.Requests, func(f takedown.Request) bool { return f.ID == r.ParentID })
			if after && r.State == takedown.RequestDrafted && !slices.Contains(next, r.Recipient) {
				next = append(next, r.Recipient)
			}
			own := slices.ContainsFunc(failed.Requests, func(f takedown.Request) bool { return f.ID == r.ID })
			left = left || own && i.Task == takedown.TaskNext
		}
	}
	switch {
	case len(next) > 0:
		return web.T(l, "follows.next", strings.Join(next, ", "))
	case left && !failed.Recipient.Parallel:
		return web.T(l, "follows.nobody")
	}
	return ""
}

// nextAnswer leads to the oldest notice beyond a thread that has an answer to
// be read, and is "" when there is none.
func nextAnswer(v casework.CaseView, thread []casework.NoticeView) string {
	for _, n := range v.Notices {
		here := slices.ContainsFunc(thread, func(t casework.NoticeView) bool { return t.ID == n.ID })
		if !here && waits(n.Replies) {
			return "/notices/" + n.ID
		}
	}
	return ""
}
