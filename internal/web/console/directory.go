package console

import (
	"net/http"
	"slices"
	"strings"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// directoryPage lists whom one may ask.
type directoryPage struct {
	Frame    web.Frame
	Query    string
	Rows     []directoryRow
	All      int
	MayEdit  bool
	MayRead  bool // cases, and so what is no image of anybody
	Verified int
}

type directoryRow struct {
	ID, Href, Name, Kind, Way, Domains, Verified string
	Askable                                      bool
}

// entryPage is one entry, and the form to change it.
type entryPage struct {
	Frame      web.Frame
	ID         string
	Name       string
	Facts      []fact
	Contact    string
	Verified   string
	Unverified bool
	MayVerify  bool
	MayEdit    bool
	Ladder     []web.Link // who stands behind it, in the order to ask
	Before     []web.Link // whom it stands behind
	Form       entryForm
}

// entryForm is an entry as it is typed.
type entryForm struct {
	Fields   []typedField
	Selects  []selectField
	Parallel bool
}

type typedField struct{ Name, Label, Value, Hint string }

// entryFields are the fields of the form.
var entryFields = []string{
	"name", "kind", "channel", "email", "form", "domains", "countries", "language", "behind", "parallel", "notes", "source",
}

var (
	directoryTemplate = web.NewPage[directoryPage]("console", "directory")
	entryTemplate     = web.NewPage[entryPage]("console", "entry")
)

func (d *door) directory(c *web.Ctx) error {
	all, err := d.office.Directory(c.Request().Context(), c.Actor)
	if err != nil {
		return err
	}
	p := directoryPage{Frame: c.Frame(), Query: c.QueryParam("q"), All: len(all), MayEdit: c.Actor.May(takedown.MayEditDirectory), MayRead: c.Actor.May(takedown.MayReadCases)}
	for _, r := range all {
		if r.Reachable() {
			p.Verified++
		}
		if found(r, p.Query) {
			p.Rows = append(p.Rows, directoryRowOf(c.Lang, r))
		}
	}
	return directoryTemplate.Render(c, p)
}

// found tells whether an entry's name or one of its domains holds the words.
func found(r takedown.Recipient, query string) bool {
	q := strings.ToLower(strings.TrimSpace(query))
	in := func(s string) bool { return strings.Contains(strings.ToLower(s), q) }
	return in(r.Name) || slices.ContainsFunc(r.Domains, in)
}

func directoryRowOf(l takedown.Lang, r takedown.Recipient) directoryRow {
	row := directoryRow{
		ID: r.ID, Href: "/directory/" + r.ID, Name: r.Name, Kind: word(l, "kind", r.Kind), Way: word(l, "channel", r.Channel),
		Domains: cut(strings.Join(r.Domains, ", "), 80), Askable: r.Askable(),
	}
	if r.Reachable() {
		row.Verified = takedown.Day(l, r.VerifiedAt)
	}
	return row
}

func (d *door) entry(c *web.Ctx) error {
	r, err := d.office.Recipient(c.Request().Context(), c.Actor, c.Param("id"))
	if err != nil {
		return err
	}
	return d.showEntry(c, http.StatusOK, r, r)
}

// showEntry shows an entry as it is, and the form with what was typed.
func (d *door) showEntry(c *web.Ctx, status int, is, typed takedown.Recipient) error {
	all, err := d.office.Directory(c.Request().Context(), c.Actor)
	if err != nil {
		return err
	}
	l := c.Lang
	trial := is
	p := entryPage{
		Frame: c.Frame(), ID: is.ID, Name: is.Name, Facts: entryFacts(l, is), Contact: contactOf(is, is.Channel), Unverified: !is.Reachable() && is.Askable(),
		MayVerify: c.Actor.May(takedown.MayVerifyContact) && !is.Reachable() && trial.Verify("asked", d.now()) == nil,
		MayEdit:   c.Actor.May(takedown.MayEditDirectory), Form: formOf(l, typed),
	}
	p.Frame.Path = "/directory/" + is.ID
	if is.Reachable() {
		p.Verified = takedown.Day(l, is.VerifiedAt)
	}
	directory := takedown.NewDirectory(all)
	for _, id := range is.Behind {
		if r, err := directory.ByID(id); err == nil {
			p.Ladder = append(p.Ladder, web.Link{Href: "/directory/" + r.ID, Text: r.Name})
		}
	}
	for _, r := range all {
		if slices.Contains(r.Behind, is.ID) {
			p.Before = append(p.Before, web.Link{Href: "/directory/" + r.ID, Text: r.Name})
		}
	}
	return entryTemplate.RenderStatus(c, status, p)
}

func entryFacts(l takedown.Lang, r takedown.Recipient) []fact {
	parallel := ""
	if r.Parallel {
		parallel = web.T(l, "entry.parallel_yes")
	}
	facts := []fact{
		{Key: web.T(l, "entry.kind"), Value: word(l, "kind", r.Kind)},
		{Key: web.T(l, "entry.channel"), Value: word(l, "channel", r.Channel)},
		{Key: web.T(l, "entry.domains"), Value: strings.Join(r.Domains, ", ")},
		{Key: web.T(l, "entry.countries"), Value: strings.Join(r.Countries, ", ")},
		{Key: web.T(l, "entry.language"), Value: web.T(l, "lang."+string(r.Lang))},
		{Key: web.T(l, "entry.parallel"), Value: parallel},
		{Key: web.T(l, "entry.notes"), Value: r.Notes},
		{Key: web.T(l, "entry.source"), Value: r.Source},
	}
	return slices.DeleteFunc(facts, func(f fact) bool { return f.Value == "" })
}

// verifyEntry records that a person checked the contact.
func (d *door) verifyEntry(c *web.Ctx) error {
	id := c.Param("id")
	if err := d.office.VerifyRecipient(c.Request().Context(), c.Actor, id); err != nil {
		return d.entryAgain(c, err)
	}
	return d.done(c, "/directory/"+id, web.T(c.Lang, "did.verify"))
}

// entryAgain shows an entry as it is now, with the sentence of a refusal.
func (d *door) entryAgain(c *web.Ctx, err error) error {
	return refused(c, err, func(status int) error {
		r, err := d.office.Recipient(c.Request().Context(), c.Actor, c.Param("id"))
		if err != nil {
			return err
		}
		return d.showEntry(c, status, r, r)
	})
}
