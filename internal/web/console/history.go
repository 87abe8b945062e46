package console

import (
	"slices"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// historyPage is what happened in a case, the newest first.
type historyPage struct {
	Frame web.Frame
	Head  caseHead
	Rows  []eventRow
	Where string
	Prev  string
	Next  string
}

// eventRow is one thing that happened, once or to many items at one moment.
type eventRow struct {
	At, Who, What string
	Item, Href    string // when it happened to one item
	Times         int
}

var historyTemplate = web.NewPage[historyPage]("console", "history")

func (d *door) history(c *web.Ctx) error {
	v, err := d.caseView(c)
	if err != nil {
		return err
	}
	positions := map[string]int{}
	for _, i := range v.Items {
		positions[i.Item.ID] = i.Item.Position
	}
	var rows []eventRow
	for _, e := range slices.Backward(v.Events) {
		row := eventRow{At: moment(c.Lang, e.At), Who: who(c, e), What: word(c.Lang, "event", e.Verb), Times: 1}
		if n := positions[e.ItemID]; n > 0 {
			row.Item, row.Href = web.T(c.Lang, "item.nth", n), "/items/"+e.ItemID
		}
		rows = together(rows, row)
	}
	p := historyPage{Frame: c.Frame(), Head: d.head(c, v, "history")}
	at := "/cases/" + v.Case.ID + "/history"
	page := pageOf(c.Lang, len(rows), filterOf(c.QueryParam).Page, func(n int) string { return at + filter{Page: n}.query() })
	p.Rows, p.Where, p.Prev, p.Next = rows[page.from:page.to], page.where, page.prev, page.next
	return historyTemplate.Render(c, p)
}

// together adds a row, or counts it with the one before when the same was done
// at the same moment: what one form did to four hundred items is one line.
func together(rows []eventRow, next eventRow) []eventRow {
	if len(rows) == 0 {
		return append(rows, next)
	}
	last := &rows[len(rows)-1]
	if last.At != next.At || last.Who != next.Who || last.What != next.What {
		return append(rows, next)
	}
	last.Times++
	last.Item, last.Href = "", ""
	return rows
}

// who names an actor by role: the audit holds no names.
func who(c *web.Ctx, e takedown.Event) string {
	if e.Actor != "" && e.Actor == c.Actor.ID {
		return web.T(c.Lang, "who.you")
	}
	return e.Role.Label().In(c.Lang)
}
