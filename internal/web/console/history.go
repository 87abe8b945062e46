package console

import (
	"slices"
	"strconv"
	"strings"

	"reprise/internal/casework"
	"reprise/internal/takedown"
	"reprise/internal/web"
)

const eventsPerPage = 100

// historyPage is what happened in a case, the newest first.
type historyPage struct {
	Frame web.Frame
	Head  caseHead
	Days  []eventDay
	Where string
	Prev  string
	Next  string
}

// eventDay is what happened on one day.
type eventDay struct {
	Day  string
	Rows []eventRow
}

// eventRow is one thing that happened, once or to many items at one moment.
type eventRow struct {
	At, Who, What string
	Whom          []string // the recipients it concerns
	Items, Href   string   // the addresses it concerns; a link when it is one
	Times         int

	event takedown.Event // the newest of them
	items []string       // their ids
}

var historyTemplate = web.NewPage[historyPage]("console", "history")

func (d *door) history(c *web.Ctx) error {
	v, err := d.caseView(c)
	if err != nil {
		return err
	}
	names := recipientsOf(v)
	var rows []eventRow
	for _, e := range slices.Backward(v.Events) {
		rows = together(rows, e, names[e.Detail])
	}
	p := historyPage{Frame: c.Frame(), Head: d.head(c, v, "history")}
	at := "/cases/" + v.Case.ID + "/history"
	page := pageOf(c.Lang, list{len(rows), eventsPerPage}, filterOf(c.QueryParam).Page, func(n int) string { return at + filter{Page: n}.query() })
	p.Where, p.Prev, p.Next = page.where, page.prev, page.next
	p.Days = byDay(c, v, rows[page.from:page.to])
	return historyTemplate.Render(c, p)
}

// recipientsOf names the recipient by every id that an event may tell of.
func recipientsOf(v casework.CaseView) map[string]string {
	out := map[string]string{}
	for _, i := range v.Items {
		for _, r := range i.Requests {
			out[r.ID], out[r.RecipientID] = r.Recipient, r.Recipient
		}
	}
	for _, n := range v.Notices {
		out[n.ID] = n.Recipient.Name
		for _, r := range n.Replies {
			out[r.ID] = n.Recipient.Name
		}
	}
	return out
}

// together adds an event, or counts it with the one before when the same was
// done at the same moment: what one form did to four hundred items is one line,
// which names them all.
func together(rows []eventRow, e takedown.Event, recipient string) []eventRow {
	if len(rows) == 0 || !alike(rows[len(rows)-1].event, e) {
		rows = append(rows, eventRow{event: e})
	}
	row := &rows[len(rows)-1]
	row.Times++
	if recipient != "" && !slices.Contains(row.Whom, recipient) {
		row.Whom = append(row.Whom, recipient)
	}
	if e.ItemID != "" {
		row.items = append(row.items, e.ItemID)
	}
	return rows
}

func alike(a, b takedown.Event) bool {
	return a.At.Equal(b.At) && a.Actor == b.Actor && a.Role == b.Role && a.Verb == b.Verb && told(a) == told(b)
}

// told gives the word of an event's detail that is told beside its verb.
func told(e takedown.Event) string {
	if slices.Contains([]string{"item.close", "item.reject", "item.look", "item.overrule"}, e.Verb) {
		return e.Detail
	}
	return ""
}

// byDay puts the rows of a page into words, beneath their days.
func byDay(c *web.Ctx, v casework.CaseView, rows []eventRow) []eventDay {
	positions := map[string]int{}
	for _, i := range v.Items {
		positions[i.Item.ID] = i.Item.Position
	}
	var out []eventDay
	for _, row := range rows {
		e := row.event
		row.At, row.Who, row.What = e.At.UTC().Format("15:04")+" UTC", who(c, e), what(c.Lang, e)
		row.name(c.Lang, positions)
		day := takedown.Day(c.Lang, e.At)
		if len(out) == 0 || out[len(out)-1].Day != day {
			out = append(out, eventDay{Day: day})
		}
		last := &out[len(out)-1]
		last.Rows = append(last.Rows, row)
	}
	return out
}

// name writes which addresses of the case a row concerns.
func (row *eventRow) name(l takedown.Lang, positions map[string]int) {
	var places []int
	for _, id := range row.items {
		places = append(places, positions[id])
	}
	slices.Sort(places)
	places = slices.Compact(places)
	switch len(places) {
	case 0:
	case 1:
		row.Items, row.Href = web.T(l, "item.nth", places[0]), "/items/"+row.items[0]
	default:
		row.Items = web.T(l, "item.several", ranges(places))
	}
}

// ranges writes numbers in order, those that follow each other as "1–4".
func ranges(numbers []int) string {
	var out []string
	for from := 0; from < len(numbers); {
		to := from
		for to+1 < len(numbers) && numbers[to+1] == numbers[to]+1 {
			to++
		}
		part := strconv.Itoa(numbers[from])
		if to > from {
			part += "–" + strconv.Itoa(numbers[to])
		}
		out = append(out, part)
		from = to + 1
	}
	return strings.Join(out, ", ")
}

// what puts an event into words, with what was seen, said or given as a reason.
func what(l takedown.Lang, e takedown.Event) string {
	said := word(l, "event", e.Verb)
	switch e.Verb {
	case "item.close", "item.reject":
		return web.T(l, "history.with", said, takedown.Closing(e.Detail).Label().In(l))
	case "item.look":
		return web.T(l, "history.with", said, word(l, "saw", e.Detail))
	case "item.overrule":
		return web.T(l, "history.with", said, word(l, "presence", e.Detail))
	}
	return said
}

// who names an actor by role: the audit holds no names.
func who(c *web.Ctx, e takedown.Event) string {
	if e.Actor != "" && e.Actor == c.Actor.ID {
		return web.T(c.Lang, "who.you")
	}
	return e.Role.Label().In(c.Lang)
}
