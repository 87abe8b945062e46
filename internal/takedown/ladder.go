package takedown

import "slices"

// Directory is everyone one may ask.
type Directory struct{ recipients []Recipient }

// NewDirectory holds recipients in the order given.
func NewDirectory(recipients []Recipient) Directory { return Directory{recipients} }

// ByID finds an entry, and ErrNotFound when there is none.
func (d Directory) ByID(id string) (Recipient, error) {
	i := slices.IndexFunc(d.recipients, func(r Recipient) bool { return r.ID == id })
	if i < 0 {
		return Recipient{}, ErrNotFound
	}
	return d.recipients[i], nil
}

// ForHost finds the entry whose domain covers a host best, and ErrNotFound when
// none does. Of two that cover it equally well, search engines and registrars
// give way: they are asked for what they list, not as hosts.
func (d Directory) ForHost(host string) (Recipient, error) {
	best, length := Recipient{}, 0
	for _, r := range d.recipients {
		n := r.Covers(host)
		if n > length || n == length && n > 0 && best.Kind.asLast() && !r.Kind.asLast() {
			best, length = r, n
		}
	}
	if length == 0 {
		return Recipient{}, ErrNotFound
	}
	return best, nil
}

// First gives whom to ask first for an item on a host: its platform, or whoever
// stands behind it when the operator must not be told; and the search engines
// beside it. A host nobody knows gives the search engines alone.
func (d Directory) First(host string) []Recipient {
	var out []Recipient
	if next, ok := d.Next(host, nil); ok {
		out = append(out, next)
	}
	for _, r := range d.recipients {
		if r.Parallel && r.Askable() && !slices.ContainsFunc(out, r.same) {
			out = append(out, r)
		}
	}
	return out
}

// Next gives the first of the ladder of a host that was not asked yet: the
// platform, then those behind it in their order, then those behind them. false means that the ladder
// is at its end, or that the host is not in the directory.
func (d Directory) Next(host string, asked []string) (Recipient, bool) {
	platform, err := d.ForHost(host)
	if err != nil {
		return Recipient{}, false
	}
	ladder := []Recipient{platform}
	for rung := 0; rung < len(ladder); rung++ {
		at := ladder[rung]
		if at.Askable() && !slices.Contains(asked, at.ID) {
			return at, true
		}
		for _, id := range at.Behind {
			behind, err := d.ByID(id)
			if err == nil && !slices.ContainsFunc(ladder, behind.same) {
				ladder = append(ladder, behind)
			}
		}
	}
	return Recipient{}, false
}
