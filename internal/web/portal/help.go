package portal

import (
	"regexp"
	"strings"

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
