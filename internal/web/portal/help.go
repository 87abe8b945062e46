package portal

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// everywhere is the country of a line or a service that is open to all.
const everywhere = "*"

// ofCountry gives what a country has, and then what is open to all.
func ofCountry[T any](all []T, country string, of func(T) string) (own, open []T) {
	for _, a := range all {
		switch of(a) {
		case country:
			own = append(own, a)
		case everywhere:
			open = append(open, a)
		}
	}
	return own, open
}

// help gives the numbers to talk to someone of a country, "" for that of the
// association. A country without numbers of its own gets those for everyone.
func (d *door) help(l takedown.Lang, country string) []web.HelpLine {
	if country == "" {
		country = d.words.Country
	}
	lines, open := ofCountry(d.words.Help, country, func(h takedown.HelpLine) string { return h.Country })
	if len(lines) == 0 {
		lines = open
	}
	out := make([]web.HelpLine, 0, len(lines))
	for _, h := range lines {
		tel, site := wayTo(h.Contact)
		out = append(out, web.HelpLine{Name: h.Name.In(l), Number: h.Contact, Tel: tel, Site: site, Text: h.About.In(l)})
	}
	return out
}

// protection gives the services for minors of a country, "" for that of the
// association, and then those for everyone.
func (d *door) protection(l takedown.Lang, country string) (out []channel) {
	if country == "" {
		country = d.words.Country
	}
	own, open := ofCountry(d.words.Channels, country, func(c takedown.ProtectionChannel) string { return c.Country })
	for _, ch := range append(own, open...) {
		out = append(out, channelOf(l, ch))
	}
	return out
}

// elsewhere is the choice of a country of which the data has nothing.
const elsewhere = "ZZ"

// countries lists those of which the data has services or numbers, by their names
// in a language, and any other last.
func (d *door) countries(l takedown.Lang) []option {
	names := display.Regions(language.Make(string(l)))
	var out []option
	add := func(code string) {
		region, err := language.ParseRegion(code)
		if err != nil || slices.ContainsFunc(out, func(o option) bool { return o.Value == code }) {
			return // everywhere, or listed already
		}
		out = append(out, option{Value: code, Text: names.Name(region)})
	}
	for _, ch := range d.words.Channels {
		add(ch.Country)
	}
	for _, h := range d.words.Help {
		add(h.Country)
	}
	collate.New(language.Make(string(l))).Sort(byName(out))
	return append(out, option{Value: elsewhere, Text: web.T(l, "care.elsewhere")})
}

// byName sorts options as a language does (collate.Lister).
type byName []option

func (b byName) Len() int           { return len(b) }
func (b byName) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }
func (b byName) Bytes(i int) []byte { return []byte(b[i].Text) }

// channelOf makes a way of what a channel is reached by, and leaves what is
// neither a number nor a site as words.
func channelOf(l takedown.Lang, ch takedown.ProtectionChannel) channel {
	out := channel{Name: ch.Name, Contact: ch.Contact, About: ch.About.In(l)}
	out.Tel, out.Site = wayTo(ch.Contact)
	return out
}

func wayTo(contact string) (tel, site string) {
	switch {
	case callable.MatchString(contact):
		tel = strings.NewReplacer(" ", "", "-", "").Replace(contact)
	case domain.MatchString(contact):
		site = contact
	}
	return tel, site
}

var callable = regexp.MustCompile(`^\+?[0-9][0-9 -]*$`)
