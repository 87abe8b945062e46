package console

import (
	"slices"
	"strconv"
	"strings"

	"reprise/internal/casework"
	"reprise/internal/takedown"
	"reprise/internal/web"
)

// rowsPerPage bounds one page: four hundred items stand on one screen, five
// thousand do not.
const rowsPerPage = 500

// caseHead is what stands above every page of a case.
type caseHead struct {
	ID       string
	Number   string
	State    string
	Words    string
	Facts    []fact
	Tabs     []web.NavLink
	MayAct   bool
	Others   []web.Link // cases that have one of its images too
	Withdraw bool       // the person has ended it: nothing more may be asked
	Rests    string     // that it rests, in words; "": it does not
}

// casePage is the items of a case.
type casePage struct {
	Frame   web.Frame
	Head    caseHead
	Counts  []count
	Selects []selectField
	Keep    []hiddenField // the filter, for the form of the items
	Groups  []group
	Shown   int
	Reasons []option
	Where   string
	Prev    string
	Next    string
	Filled  bool   // a filter is set
	Text    string // addresses that could not be kept, to be looked at again
	Refused []refusedLine

	MoreRefused string // how many more there are
}

type count struct {
	Number int
	Text   string
}

type selectField struct {
	Name, Label, T string
	Options        []option
}

type hiddenField struct{ Name, Value string }

// group is the items of one host.
type group struct {
	Host  string
	Items []itemRow
}

type itemRow struct {
	ID       string
	Position int
	Address  string
	Presence string
	There    string // presence in words
	Triage   string
	Step     string
	Closed   string
	Asked    []askedRow
	Matches  string
	Reminder bool // a reminder about it waits for approval
	Ticked   bool
}

type askedRow struct {
	State   string
	ID      string // of the recipient
	Words   string // whom, where it stands, and until when
	Overdue bool
}

var caseTemplate = web.NewPage[casePage]("console", "case")

// showCase shows the items of a case, as they are filtered.
func (d *door) showCase(c *web.Ctx) error {
	v, err := d.caseView(c)
	if err != nil {
		return err
	}
	return caseTemplate.Render(c, d.casePage(c, v, filterOf(c.QueryParam), nil))
}

// caseView reads the case that the path names. ErrNotFound for an unknown one.
func (d *door) caseView(c *web.Ctx) (casework.CaseView, error) {
	return d.office.CaseView(c.Request().Context(), c.Actor, c.Param("id"))
}

// showAgain shows the items as they stand now, with what was ticked.
func (d *door) showAgain(c *web.Ctx, f filter, ticked []string) func(int) error {
	return func(status int) error {
		v, err := d.caseView(c)
		if err != nil {
			return err
		}
		return caseTemplate.RenderStatus(c, status, d.casePage(c, v, f, ticked))
	}
}

// casePage puts a case into its page. Counts and filters are of all its items,
// rows of those the filter shows.
func (d *door) casePage(c *web.Ctx, v casework.CaseView, f filter, ticked []string) casePage {
	shown := slices.DeleteFunc(slices.Clone(v.Items), func(i casework.ItemView) bool { return !f.shows(i) })
	p := casePage{
		Frame: c.Frame(), Head: d.head(c, v, "items"), Counts: stepCounts(c.Lang, v.Items), Selects: f.selects(c.Lang, v.Items),
		Keep: f.hidden(), Shown: len(shown), Filled: f.set(), Reasons: reasons(c.Lang),
	}
	p.Frame.Path += f.query()
	page := pageOf(c.Lang, list{len(shown), rowsPerPage}, f.Page, func(n int) string { return "/cases/" + v.Case.ID + f.at(n).query() })
	p.Where, p.Prev, p.Next = page.where, page.prev, page.next
	p.Groups = byHost(c.Lang, shown[page.from:page.to], ticked, reminded(v.Notices))
	return p
}

// pages is which part of a long list is shown, and the way to the others.
type pages struct {
	from, to          int
	where, prev, next string
}

// list is how long a list is, and how many rows of it a page shows.
type list struct{ all, perPage int }

// pageOf gives the page n (1, 2, ...) of a list; at gives the address of another.
func pageOf(l takedown.Lang, of list, n int, at func(int) string) pages {
	from := min((n-1)*of.perPage, of.all)
	p := pages{from: from, to: min(from+of.perPage, of.all)}
	if of.all <= of.perPage {
		return p
	}
	p.where = web.T(l, "pages.where", p.from+1, p.to, of.all)
	if n > 1 {
		p.prev = at(n - 1)
	}
	if p.to < of.all {
		p.next = at(n + 1)
	}
	return p
}

// head puts together what stands above every page of a case; the tabs count
// what waits for a person.
func (d *door) head(c *web.Ctx, v casework.CaseView, current string) caseHead {
	file, l := v.Case, c.Lang
	h := caseHead{
		ID: file.ID, Number: number(file.Number), State: string(file.State), Words: word(l, "case_state", file.State),
		MayAct: c.Actor.May(takedown.MayTriage), Withdraw: file.State == takedown.CaseWithdrawn,
		Facts: []fact{
			{Key: web.T(l, "case.harm"), Value: word(l, "what", file.Harm)},
			{Key: web.T(l, "case.language"), Value: web.T(file.Lang, "language.name")},
			{Key: web.T(l, "case.opened"), Value: takedown.Day(l, file.CreatedAt)},
			{Key: web.T(l, "case.images"), Value: strconv.Itoa(v.Images)},
			{Key: web.T(l, "case.statements"), Value: statements(l, file)},
		},
	}
	switch {
	case h.Withdraw:
	case !file.LeavingAt.IsZero():
		h.Rests = web.T(l, "case.leaving", takedown.Day(l, file.LeavingAt))
	case !file.PausedAt.IsZero():
		h.Rests = web.T(l, "case.paused", takedown.Day(l, file.PausedAt))
	}
	if !file.WatchUntil.IsZero() {
		h.Facts = append(h.Facts, fact{Key: web.T(l, "case.watched"), Value: takedown.Day(l, file.WatchUntil)})
	}
	for _, o := range v.Others {
		h.Others = append(h.Others, web.Link{Href: "/cases/" + o.ID, Text: web.T(l, "case.other", number(o.Number))})
	}
	suggested, drafted := 0, 0
	for _, i := range v.Items {
		for _, m := range i.Matches {
			if toConfirm(i.Item, m) {
				suggested++
			}
		}
	}
	for _, n := range v.Notices {
		if n.Task(d.now()) != "" || waits(n.Replies) {
			drafted++
		}
	}
	at := "/cases/" + file.ID
	h.Tabs = []web.NavLink{
		{Href: at, Text: many(l, "tab.items", len(v.Items)), Current: current == "items"},
		{Href: at + "/matches", Text: web.T(l, "tab.matches"), Count: suggested, Current: current == "matches"},
		{Href: at + "/notices", Text: web.T(l, "tab.notices"), Count: drafted, Current: current == "notices"},
		{Href: at + "/talk", Text: web.T(l, "tab.talk"), Count: unread(v), Current: current == "talk"},
		{Href: at + "/history", Text: web.T(l, "tab.history"), Current: current == "history"},
	}
	return h
}

func statements(l takedown.Lang, file takedown.Case) string {
	key := "case.statements.missing"
	if file.Statements.Complete() {
		key = "case.statements.complete"
	}
	if file.OnBehalf {
		return web.T(l, key) + " " + web.T(l, "case.on_behalf", word(l, "case.capacity", file.Capacity))
	}
	return web.T(l, key)
}

func waits(replies []takedown.Reply) bool {
	return slices.ContainsFunc(replies, func(r takedown.Reply) bool { return r.State == takedown.ReplyNew })
}

// stepCounts counts the items by what the person reads of them.
func stepCounts(l takedown.Lang, items []casework.ItemView) []count {
	var out []count
	for _, s := range takedown.Steps() {
		n := 0
		for _, i := range items {
			if i.Step == s {
				n++
			}
		}
		if n > 0 {
			out = append(out, count{n, web.T(l, "step."+string(s)+".label")})
		}
	}
	return out
}

// reasons lists why one may set aside or close. None is chosen beforehand: it
// cannot be taken back, and it is done to hundreds at once.
func reasons(l takedown.Lang) []option {
	out := []option{{Text: web.T(l, "act.reason")}}
	for _, r := range takedown.ByHand() {
		out = append(out, option{Value: string(r), Text: r.Label().In(l)})
	}
	return out
}

// byHost puts the items of each host together, in the order of their first one.
func byHost(l takedown.Lang, items []casework.ItemView, ticked []string, reminded map[string]bool) []group {
	var out []group
	at := map[string]int{}
	for _, i := range items {
		host := i.Item.Host.Reveal()
		n, known := at[host]
		if !known {
			n = len(out)
			at[host] = n
			name := host
			if i.Recipient != "" {
				name += " · " + i.Recipient
			}
			out = append(out, group{Host: name})
		}
		row := itemRowOf(l, i)
		row.Reminder = reminded[i.Item.ID]
		row.Ticked = slices.Contains(ticked, strconv.Itoa(i.Item.Position))
		out[n].Items = append(out[n].Items, row)
	}
	return out
}

// reminded tells which items a drafted reminder speaks of.
func reminded(notices []casework.NoticeView) map[string]bool {
	out := map[string]bool{}
	for _, n := range notices {
		for _, r := range n.Requests {
			if n.Kind == takedown.Reminder && n.State == takedown.NoticeDrafted {
				out[r.ItemID] = true
			}
		}
	}
	return out
}

const addressSigns = 110

// itemRowOf puts an item into words. Its host stands above its group.
func itemRowOf(l takedown.Lang, v casework.ItemView) itemRow {
	i := v.Item
	row := itemRow{
		ID: i.ID, Position: i.Position, Address: cut(path(i.Address.Reveal()), addressSigns),
		Presence: string(i.Presence), There: word(l, "presence", i.Presence), Step: web.T(l, "step."+string(v.Step)+".label"),
		Triage: triageWords(l, v), Matches: matchWords(l, v.Matches),
	}
	if !i.Open() {
		row.Closed = i.Closed.Label().In(l)
	}
	requests := slices.Clone(v.Requests)
	slices.SortStableFunc(requests, func(a, b casework.RequestView) int { return strings.Compare(a.Recipient, b.Recipient) })
	slices.SortStableFunc(requests, func(a, b casework.RequestView) int { return a.CreatedAt.Compare(b.CreatedAt) })
	for _, r := range requests {
		row.Asked = append(row.Asked, askedRowOf(l, r))
	}
	return row
}

// triageWords says where an item stands between its coming and its requests: one
// that was looked at is not said to wait for a look.
func triageWords(l takedown.Lang, v casework.ItemView) string {
	i := v.Item
	switch {
	case i.Triage != takedown.TriageCleared || i.LookedAt.IsZero():
		return word(l, "triage", i.Triage)
	case v.Task == takedown.TaskReview && !i.NothingThere():
		return web.T(l, "triage.no_match")
	case v.Task != "":
		return web.T(l, "triage.to_decide")
	}
	return web.T(l, "triage.looked")
}

// askedRowOf says in one line whom one asked, where it stands, and until when.
func askedRowOf(l takedown.Lang, r casework.RequestView) askedRow {
	a := askedRow{
		State: string(r.State), ID: r.RecipientID, Overdue: r.Overdue,
		Words: web.T(l, "request.words", r.Recipient, word(l, "request", r.State)),
	}
	switch {
	case r.Overdue:
		a.Words = web.T(l, "request.words", r.Recipient, word(l, "request", stateOverdue)) + " " + web.T(l, "request.over", shortDay(l, r.DueAt))
	case r.State.Waiting() && !r.DueAt.IsZero():
		a.Words += " " + web.T(l, "request.due", shortDay(l, r.DueAt))
	}
	return a
}

// matchWords says in a few signs what was found at an item: the nearest match,
// and what a person said of it.
func matchWords(l takedown.Lang, matches []takedown.Match) string {
	if len(matches) == 0 {
		return ""
	}
	best := slices.MinFunc(matches, func(a, b takedown.Match) int { return a.Distance - b.Distance })
	return web.T(l, "match.in_row", best.Distance, word(l, "match", best.State))
}
