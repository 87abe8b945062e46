// Package fetch looks at addresses that strangers gave us, without ever being
// led where it should not go.
//
// [Judge] gives the verdict on an address before any DNS question. [Client]
// looks at one address over HTTP/1.1: it resolves the name itself, refuses the
// whole answer if one address of it is not public, dials exactly the address it
// checked, judges every redirect again from the beginning, and stops at the
// limits of [Limits]. [FindMedia] lists the pictures and videos of a page and
// [PageSays] reads what a page says of itself.
//
// The package knows nothing of cases or people. Its errors carry a class and a
// fixed sentence, never an address.
package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/netip"
	"time"
)

// DefaultUserAgent is what a look calls itself when Options names nothing: a
// common browser, so that the site's log does not single out who looked.
const DefaultUserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// Limits is the budget of one look. DefaultLimits gives the values promised in
// the security document; tests shorten the times.
type Limits struct {
	DNS       time.Duration // one question to the resolver
	Connect   time.Duration // all dials of one hop together
	TLS       time.Duration // one handshake
	FirstByte time.Duration // from the request sent to the headers received
	Total     time.Duration // the whole look, waiting for a free place excepted
	Video     time.Duration // Total of a look for a video

	HeaderBytes int64 // headers of one answer, and separately its 1xx answers
	WireBytes   int64 // body of a page as it travels
	BodyBytes   int64 // body of a page after decompression
	MediaBytes  int64 // body of an image
	VideoBytes  int64 // body of a video
	PeekBytes   int64 // body of anything else

	MinRate      int64         // bytes per second a body must average
	MinRateAfter time.Duration // when the rate is judged for the first time

	Hops      int // redirects followed
	Addresses int // addresses in one DNS answer
}

// DefaultLimits is the production budget.
func DefaultLimits() Limits {
	return Limits{
		DNS: 3 * time.Second, Connect: 5 * time.Second, TLS: 5 * time.Second,
		FirstByte: 5 * time.Second, Total: 15 * time.Second, Video: 40 * time.Second,
		HeaderBytes: 64 << 10, WireBytes: 2 << 20, BodyBytes: 5 << 20,
		MediaBytes: 8 << 20, VideoBytes: 64 << 20, PeekBytes: 512,
		MinRate: 1 << 10, MinRateAfter: 3 * time.Second,
		Hops: 3, Addresses: 64,
	}
}

// Resolver answers the one question a look asks: the addresses of a name. The
// host has no trailing dot; the answer must come from absolute look-up.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Options say how a Client looks. The zero value is the production client.
type Options struct {
	UserAgent string   // DefaultUserAgent if empty
	Resolver  Resolver // Go's own resolver, never the C library's, if nil

	// Exceptions are the trial house's made-up hosts: the only names that may
	// lead to an address that is not public. Keys are host names in lower case
	// that Judge accepts; both ports 80 and 443 lead to the one address given.
	Exceptions map[string]netip.AddrPort

	// OwnAddresses are this server's public addresses: it never looks at itself.
	OwnAddresses []netip.Addr

	PerHost int // looks at one host at once; 1 if zero
	Total   int // looks at once; 4 if zero

	Limits Limits // DefaultLimits if zero
}

// Client looks at addresses. It is safe for concurrent use, and keeps nothing
// between two looks: no cookie, no connection, no cached answer.
type Client struct {
	options Options
	gate    *gate
	roots   *x509.CertPool
	dial    dialFunc
}

// New returns a Client with the defaults of Options filled in.
func New(o Options) *Client {
	if o.UserAgent == "" {
		o.UserAgent = DefaultUserAgent
	}
	if o.Resolver == nil {
		o.Resolver = goResolver{}
	}
	if o.PerHost <= 0 {
		o.PerHost = 1
	}
	if o.Total <= 0 {
		o.Total = 4
	}
	if o.Limits == (Limits{}) {
		o.Limits = DefaultLimits()
	}
	return &Client{options: o, gate: newGate(o.PerHost, o.Total), dial: dialPinned}
}

// tlsConfig verifies certificates against the system's roots, without a way
// round, and offers nothing but HTTP/1.1.
func (c *Client) tlsConfig() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, RootCAs: c.roots}
}
