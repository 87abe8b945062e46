package fetch

import (
	"net/netip"
	"strings"
)

// deniedV4 is the IANA IPv4 special-purpose registry with everything in it, the
// globally reachable anycast blocks too (none of them holds a site), and the one
// public address that a cloud answers only to its own machines (168.63.129.16).
var deniedV4 = prefixes(`0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12
	192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24
	198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32`)

// globalV6 is the only block of IPv6 that IANA hands out; deniedV6 are the
// special-purpose blocks inside it: protocol assignments with Teredo and ORCHID,
// documentation, 6to4, AS112.
var (
	globalV6 = netip.MustParsePrefix("2000::/3")
	deniedV6 = prefixes(`2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20`)
)

// Public tells whether a socket may be opened to an address. IPv6 forms that
// carry an IPv4 address (mapped, compatible, NAT64, 6to4) are never public.
func Public(addr netip.Addr) bool {
	if !addr.IsValid() || addr.Zone() != "" {
		return false
	}
	if addr.Is4() {
		return !within(deniedV4, addr)
	}
	return globalV6.Contains(addr) && !within(deniedV6, addr)
}

func within(blocks []netip.Prefix, addr netip.Addr) bool {
	for _, b := range blocks {
		if b.Contains(addr) {
			return true
		}
	}
	return false
}

func prefixes(list string) []netip.Prefix {
	var out []netip.Prefix
	for s := range strings.FieldsSeq(list) {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}
