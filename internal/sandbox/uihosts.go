package sandbox

import (
	"net/http"
	"time"
)

// hostsPage shows the made-up hosts and how they answer.
type hostsPage struct {
	frame
	Hosts   []hostRow
	Engines []engineRow
	States  []State
}

type hostRow struct {
	Name, Domain, Recipient, Email string
	Behind                         []string // names of whom to ask next
	Pages                          []pageRow
}

type pageRow struct {
	ID, URL, See, What string
	State              State
	Next               []change // what is still to come
}

type engineRow struct {
	ID, Name, See string
	Listed, All   int
}

func (u *ui) hosts(w http.ResponseWriter, r *http.Request) {
	p := hostsPage{frame: u.frame(r, "hosts"), States: States()}
	all := 0
	for _, on := range sites {
		if len(on.pages) == 0 {
			continue
		}
		row, err := u.hostRow(on)
		if err != nil {
			failed(w, err)
			return
		}
		all += len(row.Pages)
		p.Hosts = append(p.Hosts, row)
	}
	for _, on := range sites {
		if len(on.pages) == 0 {
			p.Engines = append(p.Engines, engineRow{on.operator, on.name, see(on.www(), "/"), len(u.sandbox.listed(on.operator)), all})
		}
	}
	u.write(w, "hosts", p)
}

func (u *ui) hostRow(on site) (hostRow, error) {
	o := operatorOf(on.operator)
	row := hostRow{Name: on.name, Domain: on.domain, Recipient: o.ID, Email: o.email()}
	for _, id := range o.Behind {
		row.Behind = append(row.Behind, operatorOf(id).Name)
	}
	for _, p := range on.pages {
		state, err := u.sandbox.stateOf(p)
		if err != nil {
			return row, err
		}
		row.Pages = append(row.Pages, pageRow{
			ID: p.id, URL: address(on.www(), p.path), See: see(on.www(), p.path), What: p.what,
			State: state, Next: u.sandbox.next(p),
		})
	}
	return row, nil
}

// next lists what is still to come of a page.
func (s *Sandbox) next(p page) []change {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var out []change
	for now, i := s.Now(), 0; i < len(s.kept.Pages[p.id]); i++ {
		if c := s.kept.Pages[p.id][i]; c.At.After(now) {
			c.At = c.At.Add(time.Minute - 1).Truncate(time.Minute) // shown without seconds, never too early
			out = append(out, c)
		}
	}
	return out
}

func (u *ui) setHost(w http.ResponseWriter, r *http.Request) {
	for _, on := range sites {
		for _, p := range on.pages {
			if p.id != r.PostFormValue("page") {
				continue
			}
			if err := u.sandbox.set(State(r.PostFormValue("state")), p); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			back(w, r, "host")
			return
		}
	}
	http.NotFound(w, r)
}

// see is the path under which the page for people shows a made-up address: a
// browser knows none of the made-up names.
func see(host, path string) string { return "/see/" + host + path }

func (u *ui) see(w http.ResponseWriter, r *http.Request) {
	u.sandbox.show(w, visit{host: r.PathValue("host"), path: "/" + r.PathValue("path"), at: see})
}
