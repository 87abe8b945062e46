package console

import (
	"slices"

	"reprise/internal/casework"
	"reprise/internal/takedown"
	"reprise/internal/web"
)

// queuePage is what needs a person now.
type queuePage struct {
	Frame web.Frame
	Rows  []queueRow
	Dead  string // told when work gave up, else ""
	Stuck string // told when notices do not leave, else ""
}

type queueRow struct {
	Kind   string
	Task   string
	Number string // of the case, "" for an answer that belongs to none
	Count  int
	Since  string
	Day    string
	Href   string
	Tone   string // the tag's: what burns, what waits
}

var queueTemplate = web.NewPage[queuePage]("console", "queue")

// queue shows what needs a person, in the order the office gives, and says above
// it when the machinery itself does.
func (d *door) queue(c *web.Ctx) error {
	ctx := c.Request().Context()
	rows, err := d.office.Queue(ctx, c.Actor)
	if err != nil {
		return err
	}
	dead, err := d.office.DeadJobs(ctx, c.Actor)
	if err != nil {
		return err
	}
	p := queuePage{Frame: c.Frame()}
	if len(dead) > 0 {
		p.Dead = many(c.Lang, "queue.dead", len(dead))
	}
	stuck := 0
	for _, r := range rows {
		if r.Task == takedown.TaskStuck {
			stuck += r.Count
		}
		p.Rows = append(p.Rows, d.queueRow(c.Lang, r))
	}
	if stuck > 0 {
		p.Stuck = many(c.Lang, "queue.stuck", stuck)
	}
	return queueTemplate.Render(c, p)
}

func (d *door) queueRow(l takedown.Lang, r casework.QueueRow) queueRow {
	return queueRow{
		Kind: string(r.Task), Task: r.Task.Label().In(l), Number: number(r.Number), Count: r.Count,
		Since: ago(l, d.now().Sub(r.Since)), Day: takedown.Day(l, r.Since), Href: whereTo(r), Tone: toneOf(r.Task),
	}
}

// whereTo leads to the place where a task is done.
func whereTo(r casework.QueueRow) string {
	at := "/cases/" + r.CaseID
	switch r.Task {
	case takedown.TaskReply:
		if r.CaseID == "" {
			return "/tray"
		}
		return at + "/notices"
	case takedown.TaskReappeared, takedown.TaskApprove, takedown.TaskForm, takedown.TaskUnknown, takedown.TaskStuck:
		return at + "/notices"
	case takedown.TaskMatch, takedown.TaskFlood:
		return at + "/matches"
	case takedown.TaskMessage, takedown.TaskNotPerson, takedown.TaskLeaving, takedown.TaskRecovery:
		return at + "/talk"
	}
	return at + "?task=" + string(r.Task)
}

// toneOf gives the state whose tag a task is told with.
func toneOf(t takedown.Task) string {
	switch t {
	case takedown.TaskMinor, takedown.TaskReappeared, takedown.TaskUnknown, takedown.TaskStuck, takedown.TaskLeaving:
		return "unknown"
	case takedown.TaskReply, takedown.TaskMessage:
		return "answered"
	}
	return "suggested"
}

// within tells whether a path belongs to an entry of the menu.
func within(entry, path string) bool {
	parts := map[string][]string{
		"/":          {"/"},
		"/cases":     {"/cases", "/items", "/notices"},
		"/tray":      {"/tray", "/answers"},
		"/directory": {"/directory", "/new-entry", "/negatives"},
		"/jobs":      {"/jobs"},
	}
	first := "/" + before(path[1:], "/")
	return slices.Contains(parts[entry], first)
}
