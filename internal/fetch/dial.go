package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"slices"
	"syscall"

	"code.dny.dev/ssrf"
)

// destination is where one hop may connect to: addresses that were checked, and
// nothing else.
type destination struct {
	addrs  []netip.AddrPort
	exempt bool // a made-up host of the trial house
}

// dialFunc opens a socket to exactly one address.
type dialFunc func(ctx context.Context, to netip.AddrPort, exempt bool) (net.Conn, error)

// maxDials is how many addresses of one name are tried.
const maxDials = 3

// goResolver asks the configured name servers in Go: the C library would read
// "127.1" as an address. The root dot keeps search domains out.
type goResolver struct{}

func (goResolver) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	r := net.Resolver{PreferGo: true}
	return r.LookupNetIP(ctx, network, host+".")
}

// destination resolves a judged address. One answer that is not public refuses
// them all: a mixed answer is how a name is rebound.
func (c *Client) destination(ctx context.Context, t target) (destination, *Error) {
	if to, ok := c.options.Exceptions[t.host]; ok {
		return destination{[]netip.AddrPort{to}, true}, nil
	}
	answer, err := c.resolve(ctx, t.host)
	if err != nil {
		return destination{}, err
	}
	if len(answer) > c.options.Limits.Addresses {
		return destination{}, fail(ClassBlockedIP, "more addresses than any site needs")
	}
	var d destination
	for _, a := range answer {
		if !Public(a) || slices.Contains(c.options.OwnAddresses, a) {
			return destination{}, fail(ClassBlockedIP, "name leads to an address that is not public, or is ours")
		}
		d.addrs = append(d.addrs, netip.AddrPortFrom(a, t.port))
	}
	// IPv4 first: many small servers have no way out over IPv6.
	slices.SortStableFunc(d.addrs, func(a, b netip.AddrPort) int { return a.Addr().BitLen() - b.Addr().BitLen() })
	d.addrs = d.addrs[:min(len(d.addrs), maxDials)]
	return d, nil
}

func (c *Client) resolve(ctx context.Context, host string) ([]netip.Addr, *Error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, c.options.Limits.DNS)
	defer cancel()
	answer, err := c.options.Resolver.LookupNetIP(ctx, "ip", host)
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound, err == nil && len(answer) == 0:
		return nil, fail(ClassNoName, "name has no address")
	case err != nil:
		return nil, fail(ClassDNS, "name could not be resolved now")
	}
	return answer, nil
}

// connect opens a socket to the first address that answers.
func (c *Client) connect(ctx context.Context, d destination) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, c.options.Limits.Connect)
	defer cancel()
	var last error
	for _, to := range d.addrs {
		conn, err := c.dial(ctx, to, d.exempt)
		if err == nil {
			return conn, nil
		}
		last = err
	}
	return nil, explain(ctx, last, fail(ClassRefused, "no connection to the host"))
}

// secure makes the handshake. The certificate must be valid for the name.
func (c *Client) secure(ctx context.Context, conn net.Conn, host string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, c.options.Limits.TLS)
	defer cancel()
	config := c.tlsConfig()
	config.ServerName = host
	secured := tls.Client(conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, explain(ctx, err, fail(ClassTLS, "no trustworthy certificate or no handshake"))
	}
	return secured, nil
}

// dialPinned dials one address and checks, on the very sockaddr the kernel will
// use, that it is that address and public: twice, by two independent tables.
func dialPinned(ctx context.Context, to netip.AddrPort, exempt bool) (net.Conn, error) {
	d := net.Dialer{KeepAlive: -1, Control: guardSocket(to, exempt)}
	return d.DialContext(ctx, "tcp", to.String())
}

func guardSocket(to netip.AddrPort, exempt bool) func(network, address string, raw syscall.RawConn) error {
	guard := ssrf.New()
	return func(network, address string, raw syscall.RawConn) error {
		real, err := netip.ParseAddrPort(address)
		if err != nil || real != to {
			return fail(ClassBlockedIP, "socket is not for the checked address")
		}
		if exempt {
			return nil
		}
		if !Public(real.Addr()) || guard.Safe(network, address, raw) != nil {
			return fail(ClassBlockedIP, "socket is for an address that is not public")
		}
		return nil
	}
}
