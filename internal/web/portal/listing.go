package portal

import (
	"slices"
	"strconv"
	"strings"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// pageOf is how many addresses one page of the list has.
const pageOf = 50

// filtersFrom is how many addresses there are before the list can be narrowed:
// fewer are read at a glance, and the legend of the bar asks for nothing.
const filtersFrom = 9

// What the session keeps of how she reads the list.
const (
	valueStep = "list-step"
	valueHost = "list-host"
	valuePage = "list-page"
)

// listing is the list of addresses as it is shown: narrowed, and one page of it.
type listing struct {
	Legend     []filter // of the bar: each step with how many there are
	All        *filter  // before them where they narrow the list, else nil
	Hosts      []option
	Narrowed   bool // in a way that All does not undo
	Groups     []group
	Where      string // which part this is, "" when it is all
	Prev, Next int    // pages, 0 for none
}

// filter shows the addresses at one step.
type filter struct {
	Value, Text, Number string
	Current             bool
	Bands               []band // as the bar has them
}

func (d *door) firstPlace() place {
	return place{placeFirst, d.showFirst, map[string]func(*web.Ctx) error{
		"answer": d.answer, "filter-step": d.narrow(valueStep), "filter-host": d.narrow(valueHost), "page": d.narrow(valuePage), "filter-none": d.showAll,
	}}
}

// argument is what a button asks for beside its verb: "page:2" asks for 2.
func argument(c *web.Ctx) string {
	_, what, _ := strings.Cut(c.Value("do"), ":")
	return what
}

// narrow keeps how the list is shown. What makes no sense any more when it is
// shown (of a page left open) is read as nothing.
func (d *door) narrow(value string) func(*web.Ctx) error {
	return func(c *web.Ctx) error {
		what := argument(c)
		if value == valueHost {
			what = c.Value("f1")
		}
		if len(what) > 20 {
			what = ""
		}
		c.Session.Set(valuePage, "")
		c.Session.Set(value, what)
		return d.goTo(c, placeFirst)
	}
}

func (d *door) showAll(c *web.Ctx) error {
	for _, v := range []string{valueStep, valueHost, valuePage} {
		c.Session.Set(v, "")
	}
	return d.goTo(c, placeFirst)
}

// listOf gives the part of the list that the session asks for.
func listOf(c *web.Ctx, p takedown.Progress) listing {
	l := c.Lang
	host := hostAt(p, c.Session.Get(valueHost))
	step := takedown.Step(c.Session.Get(valueStep))
	if !slices.Contains(order, step) || p.Count(step) == 0 {
		step = ""
	}
	out := listing{Legend: legendOf(l, p, step)}
	if len(p.Items) >= filtersFrom {
		out.Hosts = hostOptions(l, p, host)
		if len(out.Legend) > 1 {
			out.All = &filter{Text: web.T(l, "list.all"), Number: strconv.Itoa(len(p.Items)), Current: step == ""}
		}
	}
	out.Narrowed = host != "" || step != "" && out.All == nil
	kept := slices.DeleteFunc(slices.Clone(p.Items), func(i takedown.ItemProgress) bool {
		return step != "" && i.Step != step || host != "" && siteOf(i) != host
	})
	slices.SortStableFunc(kept, func(a, b takedown.ItemProgress) int {
		return slices.Index(order, a.Step) - slices.Index(order, b.Step)
	})
	from, to := out.turn(l, c.Session.Get(valuePage), len(kept))
	out.Groups = groupsOf(l, p.State, kept[from:to])
	return out
}

// turn sets the way through n addresses and gives the bounds of the page.
func (out *listing) turn(l takedown.Lang, asked string, n int) (from, to int) {
	pages := max(1, (n+pageOf-1)/pageOf)
	at, _ := strconv.Atoi(asked)
	at = min(max(at, 1), pages)
	from, to = (at-1)*pageOf, min(at*pageOf, n)
	if pages > 1 {
		out.Where, out.Prev = web.T(l, "list.where", from+1, to, n), at-1
		if at < pages {
			out.Next = at + 1
		}
	}
	return from, to
}

// legendOf lists the steps at which there are addresses, in the order of the bar.
func legendOf(l takedown.Lang, p takedown.Progress, now takedown.Step) []filter {
	var out []filter
	for _, s := range slices.Backward(drawn) {
		if n := p.Count(s); n > 0 {
			out = append(out, filter{string(s), web.T(l, "step."+string(s)+".label"), strconv.Itoa(n), s == now, bandsOf(s)})
		}
	}
	return out
}

// siteOf groups addresses by who runs their host, else by the host.
func siteOf(i takedown.ItemProgress) string {
	if i.Platform != "" {
		return i.Platform
	}
	return i.Host.Reveal()
}

// hostAt finds the site of the address with a position: the session and the page
// hold that number and no name.
func hostAt(p takedown.Progress, position string) string {
	for _, i := range p.Items {
		if strconv.Itoa(i.Position) == position {
			return siteOf(i)
		}
	}
	return ""
}

// hostOptions lists the sites. A platform is called by its name; a host that
// nobody knows is masked as its addresses are.
func hostOptions(l takedown.Lang, p takedown.Progress, now string) []option {
	out := []option{{Text: web.T(l, "list.sites")}}
	seen := map[string]bool{}
	for _, i := range p.Items {
		site := siteOf(i)
		if site == "" || seen[site] {
			continue
		}
		seen[site] = true
		text := i.Platform
		if text == "" {
			text = takedown.MaskHost(i.Host.Reveal())
		}
		out = append(out, option{Value: strconv.Itoa(i.Position), Text: text, Checked: site == now})
	}
	if len(out) < 3 { // one site: nothing to choose
		return nil
	}
	return out
}
