package portal

import (
	"net/mail"
	"regexp"
	"strings"
)

// domain is a name of at least two labels, in ASCII, whose last is no number.
var domain = regexp.MustCompile(`^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$`)

// local is a dot-atom (RFC 5322, 3.2.3) that no program could read as an option.
var local = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~][A-Za-z0-9!#$%&'*+/=?^_`{|}~-]*(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")

// reachable tells whether a mail may be sent to the address: one plain address
// and nothing else (SAFETY, decision 20).
func reachable(address string) bool {
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || len(address) > 254 {
		return false
	}
	name, host, _ := strings.Cut(address, "@")
	return len(name) <= 64 && local.MatchString(name) && domain.MatchString(strings.ToLower(host))
}
