package web

import (
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestForwardedForIsBelievedFromOurProxiesAlone(t *testing.T) {
	ours := []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct {
		name, peer, header string
		proxies            []netip.Prefix
		want               string
	}{
		{"no proxy named", "192.0.2.7:1", "203.0.113.9", nil, "192.0.2.7"},
		{"a stranger", "192.0.2.7:1", "203.0.113.9", ours, "192.0.2.7"},
		{"loopback, not named", "127.0.0.1:1", "203.0.113.9", ours, "127.0.0.1"},
		{"our proxy", "10.1.2.3:1", "203.0.113.9", ours, "203.0.113.9"},
		{"our proxy over IPv6", "[fd00::1]:1", "2001:db8::7", ours, "2001:db8::7"},
		{"a visitor who invents one before", "10.1.2.3:1", "198.51.100.1, 203.0.113.9", ours, "203.0.113.9"},
		{"two of our proxies", "10.1.2.3:1", "203.0.113.9, 10.1.9.9", ours, "203.0.113.9"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		r.Header.Set("X-Forwarded-For", c.header)
		if got := visitorAt(c.proxies)(r); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
