package portal

import (
	"net/http"
	"strings"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

var (
	itemPages     = web.NewPage[itemPage]("portal", "item")
	itemStopPages = web.NewPage[itemStopPage]("portal", "itemstop")
)

const (
	placeItem = "item"
	valueItem = "item" // the address she reads about
)

// itemPage is what was seen and done about one address.
type itemPage struct {
	spaceHead
	Item  item
	Label string
	Lines []historyLine
	Open  bool
	ID    string
	Name  string // what she calls it, or as it was sent
	Error string
}

// itemStopPage asks once more whether the work on one address is to end.
type itemStopPage struct {
	Frame web.Frame
	ID    string
}

type historyLine struct{ Day, Text string }

func (d *door) itemPlace() place {
	return place{placeItem, d.showItem, map[string]func(*web.Ctx) error{
		"history": d.openItem, "item-stop": d.askItemStop, "item-stop-yes": d.stopItem, "label": d.nameItem,
	}}
}

// openItem leads to the page of an address, if it is hers.
func (d *door) openItem(c *web.Ctx) error {
	if _, err := d.desk.ItemHistory(c.Request().Context(), c.Actor, argument(c)); err != nil {
		return err
	}
	c.Session.Set(valueItem, argument(c))
	return d.goTo(c, placeItem)
}

func (d *door) showItem(c *web.Ctx) error { return d.itemAgain(c, http.StatusOK, "", "") }

// itemAgain shows the page with a name that was refused, and why.
func (d *door) itemAgain(c *web.Ctx, status int, name, wrong string) error {
	h, err := d.desk.ItemHistory(c.Request().Context(), c.Actor, c.Session.Get(valueItem))
	if takedown.KindOf(err) == takedown.NotFound {
		return d.first(c, http.StatusOK)
	}
	if err != nil {
		return err
	}
	var errs []web.FieldError
	if wrong == "" {
		name = h.Item.Label.Reveal()
	} else {
		errs = []web.FieldError{{Name: "f1", Text: wrong}}
	}
	page := itemPage{
		ID: h.Item.ID, Name: name, Error: wrong,
		spaceHead: d.headOf(c, errs), Item: itemOf(c.Lang, h.Item), Label: web.T(c.Lang, "step."+string(h.Item.Step)+".label"), Open: h.Item.Closed == "",
	}
	for _, line := range h.Lines {
		page.Lines = append(page.Lines, historyLine{web.Day(c.Lang, line.At), lineOf(c.Lang, line)})
	}
	return itemPages.RenderStatus(c, status, page)
}

// lineOf says one line in words.
func lineOf(l takedown.Lang, line takedown.HistoryLine) string {
	switch line.What {
	case takedown.WasGone:
		if web.Day(l, line.First) == web.Day(l, line.At) || line.First.IsZero() {
			return web.T(l, "history.gone")
		}
		return web.T(l, "history.gone.twice", web.Day(l, line.First), web.Day(l, line.At))
	case takedown.WasAnswered:
		if line.State == "" {
			return web.T(l, "history.answered", line.Who)
		}
		return web.T(l, "history.answered."+line.State, line.Who)
	case takedown.WasClosed:
		return web.T(l, "space.why."+line.State)
	}
	return web.T(l, "history."+string(line.What), line.Who)
}

// nameItem keeps what she calls the address the page is about, which may be another
// than the one she reads about in a second tab.
func (d *door) nameItem(c *web.Ctx) error {
	c.Session.Set(valueItem, argument(c))
	name := strings.TrimSpace(c.Value("f1"))
	err := d.desk.NameItem(c.Request().Context(), c.Actor, argument(c), takedown.NewPrivate(name))
	if err == nil {
		return d.told(c, web.T(c.Lang, "item.named"))
	}
	sentence, status, ok := c.Refusal(err)
	if !ok {
		return err
	}
	return d.itemAgain(c, status, name, sentence)
}

// askItemStop asks once more.
func (d *door) askItemStop(c *web.Ctx) error {
	return itemStopPages.Render(c, itemStopPage{c.Frame(), argument(c)})
}

func (d *door) stopItem(c *web.Ctx) error {
	c.Session.Set(valueItem, argument(c))
	if err := d.desk.StopItem(c.Request().Context(), c.Actor, argument(c)); err != nil {
		return d.spaceRefuses(c, err)
	}
	return d.told(c, web.T(c.Lang, "item.stopped"))
}
