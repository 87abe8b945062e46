package console

import (
	"net/http"
	"strings"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// formOf puts an entry into its form.
func formOf(l takedown.Lang, r takedown.Recipient) entryForm {
	field := func(name, value string) typedField {
		f := typedField{Name: name, Label: web.T(l, "entry."+name), Value: value}
		if hint := "entry." + name + ".hint"; web.T(l, hint) != hint {
			f.Hint = web.T(l, hint)
		}
		return f
	}
	f := entryForm{
		Fields: []typedField{
			field("name", r.Name), field("email", r.Email), field("form", r.FormURL), field("domains", strings.Join(r.Domains, " ")),
			field("countries", strings.Join(r.Countries, " ")), field("behind", strings.Join(r.Behind, " ")),
			field("notes", r.Notes), field("source", r.Source),
		},
		Parallel: r.Parallel,
	}
	kinds := selectField{Name: "kind", Label: web.T(l, "entry.kind")}
	for _, k := range takedown.RecipientKinds() {
		kinds.Options = append(kinds.Options, option{string(k), word(l, "kind", k), k == r.Kind})
	}
	channels := selectField{Name: "channel", Label: web.T(l, "entry.channel")}
	for _, ch := range takedown.Channels() {
		channels.Options = append(channels.Options, option{string(ch), word(l, "channel", ch), ch == r.Channel})
	}
	langs := selectField{Name: "language", Label: web.T(l, "entry.language")}
	for _, g := range takedown.Langs() {
		langs.Options = append(langs.Options, option{string(g), web.T(l, "lang."+string(g)), g == r.Lang})
	}
	f.Selects = []selectField{kinds, channels, langs}
	return f
}

// typed reads the form into an entry.
func typed(c *web.Ctx, id string) takedown.Recipient {
	words := func(name string) []string {
		return strings.FieldsFunc(c.Value(name), func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\n' || r == '\r' })
	}
	return takedown.Recipient{
		ID: id, Name: strings.TrimSpace(c.Value("name")), Kind: takedown.RecipientKind(c.Value("kind")),
		Channel: takedown.Channel(c.Value("channel")), Email: strings.TrimSpace(c.Value("email")), FormURL: strings.TrimSpace(c.Value("form")),
		Domains: words("domains"), Countries: words("countries"), Lang: takedown.LangOf(c.Value("language")), Behind: words("behind"),
		Parallel: c.Value("parallel") != "", Notes: strings.TrimSpace(c.Value("notes")), Source: strings.TrimSpace(c.Value("source")),
	}
}

// editEntry keeps a changed entry. A change of its contact takes the
// verification away, which is said.
func (d *door) editEntry(c *web.Ctx) error {
	ctx, id := c.Request().Context(), c.Param("id")
	was, err := d.office.Recipient(ctx, c.Actor, id)
	if err != nil {
		return err
	}
	if _, err := d.office.SaveRecipient(ctx, c.Actor, typed(c, id)); err != nil {
		return refused(c, err, func(status int) error { return d.showEntry(c, status, was, typed(c, id)) })
	}
	now, err := d.office.Recipient(ctx, c.Actor, id)
	if err != nil {
		return err
	}
	said := web.T(c.Lang, "did.edit")
	if was.Reachable() && !now.Reachable() {
		said += " " + web.T(c.Lang, "did.edit_unverified")
	}
	return d.done(c, "/directory/"+id, said)
}

// newEntryPage is the form of a new entry.
type newEntryPage struct {
	Frame web.Frame
	Form  entryForm
}

var newEntryTemplate = web.NewPage[newEntryPage]("console", "new-entry")

func (d *door) newEntry(c *web.Ctx) error {
	empty := takedown.Recipient{Kind: takedown.KindPlatform, Channel: takedown.ByMail, Lang: takedown.English}
	return newEntryTemplate.RenderStatus(c, http.StatusOK, newEntryPage{c.Frame(), formOf(c.Lang, empty)})
}

// addEntry keeps a new entry.
func (d *door) addEntry(c *web.Ctx) error {
	id, err := d.office.SaveRecipient(c.Request().Context(), c.Actor, typed(c, ""))
	if err != nil {
		return refused(c, err, func(status int) error {
			p := newEntryPage{c.Frame(), formOf(c.Lang, typed(c, ""))}
			p.Frame.Path = "/new-entry"
			return newEntryTemplate.RenderStatus(c, status, p)
		})
	}
	return d.done(c, "/directory/"+id, web.T(c.Lang, "did.add_entry"))
}
