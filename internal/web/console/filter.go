package console

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"reprise/internal/casework"
	"reprise/internal/takedown"
	"reprise/internal/web"
)

// filter says which items of a case are shown. It stands in the address of the
// page, so the host is named by a key: a browser's history and a proxy's log
// must not tell where somebody was published.
type filter struct {
	Host     string // hostKey
	Presence string
	State    string // of any of its requests, or one of the two below
	Task     string
	Page     int // 1, 2, ...
}

// The states of a filter that are no state of a request.
const (
	stateNone    = "none"    // nobody was asked
	stateOverdue = "overdue" // the recipient's time is over
)

// filterOf reads a filter from a query or a form.
func filterOf(value func(string) string) filter {
	page, err := strconv.Atoi(value("page"))
	if err != nil || page < 1 || page > takedown.MaxItems {
		page = 1
	}
	return filter{value("host"), value("presence"), value("state"), value("task"), page}
}

// hostKey gives the same short key for the same host, everywhere.
func hostKey(host string) string {
	sum := sha256.Sum256([]byte(host))
	return hex.EncodeToString(sum[:5])
}

func (f filter) fields() []hiddenField {
	out := []hiddenField{{"host", f.Host}, {"presence", f.Presence}, {"state", f.State}, {"task", f.Task}}
	if f.Page > 1 {
		out = append(out, hiddenField{"page", strconv.Itoa(f.Page)})
	}
	return out
}

// hidden gives what is set, for a form.
func (f filter) hidden() []hiddenField {
	return slices.DeleteFunc(f.fields(), func(h hiddenField) bool { return h.Value == "" })
}

// query gives what is set, for an address: "" or "?...".
func (f filter) query() string {
	values := url.Values{}
	for _, h := range f.hidden() {
		values.Set(h.Name, h.Value)
	}
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}

func (f filter) at(page int) filter { f.Page = page; return f }

func (f filter) set() bool { return f != filter{Page: f.Page} }

func (f filter) shows(v casework.ItemView) bool {
	return (f.Host == "" || f.Host == hostKey(v.Item.Host.Reveal())) &&
		(f.Presence == "" || f.Presence == string(v.Item.Presence)) &&
		(f.Task == "" || f.Task == string(taskOf(v))) &&
		(f.State == "" || slices.Contains(statesOf(v), f.State))
}

// taskOf is the item's task, with the minors' route that the queue counts apart.
func taskOf(v casework.ItemView) takedown.Task {
	if v.Item.Closed == takedown.ClosedProtection {
		return takedown.TaskMinor
	}
	return v.Task
}

// statesOf lists what the filter of requests finds an item by.
func statesOf(v casework.ItemView) []string {
	if len(v.Requests) == 0 {
		return []string{stateNone}
	}
	var out []string
	for _, r := range v.Requests {
		out = append(out, string(r.State))
		if r.Overdue {
			out = append(out, stateOverdue)
		}
	}
	return out
}

// selects gives the filter's fields, each with the values that occur in the case.
func (f filter) selects(l takedown.Lang, items []casework.ItemView) []selectField {
	hosts, seen := tally{}, tally{}
	states, tasks := tally{}, tally{}
	names := map[string]string{}
	for _, v := range items {
		key := hostKey(v.Item.Host.Reveal())
		names[key] = v.Item.Host.Reveal()
		hosts.add(key)
		seen.add(string(v.Item.Presence))
		tasks.add(string(taskOf(v)))
		own := statesOf(v)
		slices.Sort(own)
		states.add(slices.Compact(own)...)
	}
	delete(tasks, "")
	return []selectField{
		{"task", web.T(l, "filter.task"), "filter-task", tasks.options(l, f.Task, func(s string) string { return takedown.Task(s).Label().In(l) })},
		{"host", web.T(l, "filter.host"), "filter-host", hosts.options(l, f.Host, func(s string) string { return names[s] })},
		{"presence", web.T(l, "filter.presence"), "filter-presence", seen.options(l, f.Presence, func(s string) string { return word(l, "presence", s) })},
		{"state", web.T(l, "filter.state"), "filter-state", states.options(l, f.State, func(s string) string { return word(l, "request", s) })},
	}
}

// tally counts values.
type tally map[string]int

func (t tally) add(values ...string) {
	for _, v := range values {
		t[v]++
	}
}

// options lists the values by their words, "all" first; one that is chosen and
// no longer occurs stays to be seen.
func (t tally) options(l takedown.Lang, chosen string, words func(string) string) []option {
	var out []option
	for v, n := range t {
		out = append(out, option{v, words(v) + " (" + strconv.Itoa(n) + ")", v == chosen})
	}
	if _, occurs := t[chosen]; chosen != "" && !occurs {
		out = append(out, option{chosen, web.T(l, "filter.gone"), true})
	}
	slices.SortFunc(out, func(a, b option) int { return strings.Compare(a.Text, b.Text) })
	return append([]option{{"", web.T(l, "filter.all"), chosen == ""}}, out...)
}
