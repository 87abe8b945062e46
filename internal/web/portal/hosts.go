package portal

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// maxListed is how many addresses of a host are listed; the box holds them all.
const maxListed = 100

// hostGroup is the addresses of one host that were read.
type hostGroup struct {
	Name, Host string // the platform as the directory calls it, "" where it knows none
	Many       string
	Addresses  []string
	More       string
	count      int
}

// hostGroups sorts what was read by host, the largest first.
func (d *door) hostGroups(ctx context.Context, l takedown.Lang, kept []takedown.Given) ([]hostGroup, error) {
	at := map[string]*hostGroup{}
	var hosts []string
	for _, g := range kept {
		of := at[g.Host]
		if of == nil {
			of = &hostGroup{Host: g.Host}
			at[g.Host], hosts = of, append(hosts, g.Host)
		}
		if of.count++; of.count <= maxListed {
			of.Addresses = append(of.Addresses, g.Raw)
		}
	}
	names, err := d.desk.PlatformsOf(ctx, hosts)
	if err != nil {
		return nil, err
	}
	out := make([]hostGroup, 0, len(hosts))
	for _, h := range hosts {
		g := *at[h]
		g.Name, g.Many = names[h], web.Count(l, "check.addresses", g.count)
		if rest := g.count - len(g.Addresses); rest > 0 {
			g.More = web.Count(l, "form.more", rest)
		}
		out = append(out, g)
	}
	slices.SortStableFunc(out, func(a, b hostGroup) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.Host, b.Host))
	})
	return out, nil
}

// join puts the text of a file below what stands in the box.
func join(box, file string) string {
	if strings.TrimSpace(box) == "" {
		return file
	}
	return strings.TrimRight(box, "\n") + "\n" + file
}
