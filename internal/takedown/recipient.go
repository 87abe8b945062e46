package takedown

import (
	"slices"
	"strings"
	"time"
)

// RecipientKind is what sort of service a recipient runs.
type RecipientKind string

// The kinds of the directory.
const (
	KindPlatform  RecipientKind = "platform"
	KindAdult     RecipientKind = "adult"
	KindForum     RecipientKind = "forum"
	KindStorage   RecipientKind = "storage"
	KindHost      RecipientKind = "host"
	KindSearch    RecipientKind = "search"
	KindCDN       RecipientKind = "cdn"
	KindRegistrar RecipientKind = "registrar"
	KindAuthority RecipientKind = "authority"
)

// RecipientKinds lists the kinds.
func RecipientKinds() []RecipientKind {
	return []RecipientKind{
		KindPlatform, KindAdult, KindForum, KindStorage, KindHost,
		KindSearch, KindCDN, KindRegistrar, KindAuthority,
	}
}

// Publishes tells whether users put content there for the public.
func (k RecipientKind) Publishes() bool {
	return k == KindPlatform || k == KindAdult || k == KindForum || k == KindStorage
}

// asLast tells whether the kind gives way to another that covers a host as well.
func (k RecipientKind) asLast() bool { return k == KindSearch || k == KindRegistrar }

// Channel is how a recipient is asked.
type Channel string

// The channels. EscalateOnly gets no notice ever: its operator would only learn
// who complains. NoChannel is a recipient whose contact nobody has found yet.
const (
	ByMail       Channel = "email"
	ByForm       Channel = "web_form"
	InApp        Channel = "in_app"
	EscalateOnly Channel = "escalate_only"
	NoChannel    Channel = "none"
)

// Channels lists the channels.
func Channels() []Channel { return []Channel{ByMail, ByForm, InApp, EscalateOnly, NoChannel} }

// Recipient is an entry of the directory: whom one may ask, and how.
type Recipient struct {
	ID         string
	Name       string
	Kind       RecipientKind
	Channel    Channel
	Email      string
	FormURL    string
	Domains    []string // "example.com" covers its subdomains; "example.*" any ending
	Countries  []string // ISO 3166 codes
	Lang       Lang     // in which it is written to
	Behind     []string // ids of those who serve it: CDN, host, registrar, authority, in the order to ask
	Parallel   bool     // asked from the first day, beside the host (delisting)
	Confidence string   // how sure the shipped contact is: seen, low, none
	Notes      string
	Source     string
	VerifiedAt time.Time
	VerifiedBy string
}

// In tells whether the recipient is established in a country.
func (r Recipient) In(country string) bool { return slices.Contains(r.Countries, country) }

// InUnion tells whether the recipient is established in the European Union.
func (r Recipient) InUnion() bool {
	return slices.ContainsFunc(r.Countries, func(c string) bool {
		return slices.Contains(unionCountries, c)
	})
}

var unionCountries = []string{
	"AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "EU", "FI", "FR", "DE", "GR", "HU", "IE",
	"IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE",
}

// Askable tells whether a notice may be planned for the recipient at all.
func (r Recipient) Askable() bool { return r.Channel != EscalateOnly && r.Channel != NoChannel }

// Reachable tells whether the contact of the channel is filled in and verified
// by a person of the team. No mail goes to an unverified address.
func (r Recipient) Reachable() bool {
	if r.VerifiedAt.IsZero() {
		return false
	}
	return r.Channel == InApp || r.Channel == ByMail && r.Email != "" || r.Channel == ByForm && r.FormURL != ""
}

// ReachableBy is Reachable for a notice that goes by a channel: the one that was
// verified, and no other whose address was left in the entry.
func (r Recipient) ReachableBy(c Channel) bool { return r.Channel == c && r.Reachable() }

// Covers tells whether a host belongs to the recipient, and how long the domain
// is that says so (a longer one is a better answer).
func (r Recipient) Covers(host string) int {
	best := 0
	for _, d := range r.Domains {
		if covers(d, host) && len(d) > best {
			best = len(d)
		}
	}
	return best
}

// isEnding tells whether a name can stand after the last dot of "example.":
// com, fr, co.uk, com.au. Any two labels would give "google.evil.com" to Google.
func isEnding(name string) bool {
	second, top, two := strings.Cut(name, ".")
	if !two {
		return name != ""
	}
	return (second == "co" || second == "com") && len(top) == 2
}

func (r Recipient) same(other Recipient) bool { return r.ID == other.ID }

func covers(domain, host string) bool {
	if stem, ok := strings.CutSuffix(domain, ".*"); ok {
		labels := "." + host
		at := strings.LastIndex(labels, "."+stem+".")
		return at >= 0 && isEnding(labels[at+len(stem)+2:])
	}
	return host == domain || strings.HasSuffix(host, "."+domain)
}

// Sound tells whether the entry can be kept.
func (r Recipient) Sound() error {
	switch {
	case r.Name == "":
		return Refuse(Invalid, "error.recipient_name")
	case !slices.Contains(RecipientKinds(), r.Kind), !slices.Contains(Channels(), r.Channel):
		return Refuse(Invalid, "error.recipient_kind")
	case r.Channel == ByMail && r.Email == "":
		return Refuse(Invalid, "error.recipient_email")
	case r.Channel == ByForm && r.FormURL == "":
		return Refuse(Invalid, "error.recipient_form")
	}
	return nil
}

// Verify records that a person checked the contact. There must be one.
func (r *Recipient) Verify(by string, now time.Time) error {
	if !r.Askable() || r.Channel == ByMail && r.Email == "" || r.Channel == ByForm && r.FormURL == "" {
		return Refuse(Conflict, "error.recipient_no_contact")
	}
	r.VerifiedAt, r.VerifiedBy = now, by
	return nil
}
