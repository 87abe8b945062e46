package fetch

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// lab is a small internet: every public address leads to one loopback server,
// and every dial is written down before it is made.
type lab struct {
	client *Client
	server *httptest.Server // http
	secure *httptest.Server // https
	names  fixtureNames

	mu    sync.Mutex
	dials []netip.AddrPort
}

const publicAddress = "93.184.215.14"

func newLab(t *testing.T, handler http.Handler) *lab {
	t.Helper()
	a := newAuthority(t)
	l := &lab{server: httptest.NewServer(handler), secure: httptest.NewUnstartedServer(handler), names: fixtureNames{}}
	l.secure.TLS = &tls.Config{Certificates: []tls.Certificate{a.issue(t, a.key, unspoilt)}}
	l.secure.Config.ErrorLog = quiet()
	l.secure.StartTLS()
	t.Cleanup(l.server.Close)
	t.Cleanup(l.secure.Close)
	l.client = New(Options{Resolver: l.names, OwnAddresses: []netip.Addr{netip.MustParseAddr("198.41.0.4")}, Limits: shortTimes()})
	l.client.roots = a.pool()
	l.client.dial = func(ctx context.Context, to netip.AddrPort, _ bool) (net.Conn, error) {
		l.mu.Lock()
		l.dials = append(l.dials, to)
		l.mu.Unlock()
		server := l.server
		if to.Port() == 443 {
			server = l.secure
		}
		return new(net.Dialer).DialContext(ctx, "tcp", server.Listener.Addr().String())
	}
	return l
}

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// nothingPrivateDialed is the promise behind all fixtures.
func (l *lab) nothingPrivateDialed(t *testing.T) {
	t.Helper()
	for _, to := range l.dials {
		if !Public(to.Addr()) || (to.Port() != 80 && to.Port() != 443) {
			t.Errorf("dialled %s", to)
		}
	}
}

// shortTimes is the production budget with its seconds made hundredths.
func shortTimes() Limits {
	l := DefaultLimits()
	for _, d := range []*time.Duration{&l.DNS, &l.Connect, &l.TLS, &l.FirstByte, &l.Total, &l.Video, &l.MinRateAfter} {
		*d /= 50
	}
	l.TLS, l.Connect, l.FirstByte, l.Total, l.Video = 20*l.TLS, 20*l.Connect, 20*l.FirstByte, 20*l.Total, 20*l.Video
	return l
}

// fixtureNames answers from dns_fixture.txt; a name it does not know is public.
type fixtureNames map[string]string

func loadNames(t testing.TB, into fixtureNames) {
	for _, row := range readRows(t, "dns_fixture.txt") {
		into[row[0]] = row[1]
	}
}

func (f fixtureNames) LookupNetIP(ctx context.Context, _, host string) ([]netip.Addr, error) {
	answer, known := f[host]
	kind, rest, _ := strings.Cut(answer, ":")
	switch {
	case !known:
		return addresses(publicAddress), nil
	case answer == "nxdomain":
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	case answer == "servfail", kind == "chain":
		return nil, &net.DNSError{Err: "server misbehaving", Name: host, IsTemporary: true}
	case answer == "timeout":
		<-ctx.Done()
		return nil, ctx.Err()
	case answer == "empty":
		return nil, nil
	case answer == "cname:localhost":
		return addresses("127.0.0.1,::1"), nil
	case kind == "many":
		return addresses(strings.Repeat(publicAddress+",", 100) + "10.1.2.3" + strings.Repeat(","+publicAddress, 99)), nil
	case kind == "seq":
		first, later, _ := strings.Cut(rest, ";")
		f[host] = later
		return addresses(first), nil
	}
	return addresses(answer), nil
}

func addresses(list string) []netip.Addr {
	var out []netip.Addr
	for s := range strings.SplitSeq(list, ",") {
		out = append(out, netip.MustParseAddr(s))
	}
	return out
}

// mustClass wants a look to end in a class, in the Look and in the error alike,
// with an error that tells nobody where it looked.
func mustClass(t *testing.T, l Look, err error, want Class) {
	t.Helper()
	if l.Class != want {
		t.Fatalf("class %q (%v), want %q", l.Class, err, want)
	}
	if want == ClassOK {
		if err != nil {
			t.Fatalf("error %v", err)
		}
		return
	}
	var e *Error
	if !errors.As(err, &e) || e.Class != want {
		t.Fatalf("error %#v, want class %q", err, want)
	}
	if u, parseErr := url.Parse(l.FinalURL); parseErr == nil && u.Hostname() != "" && strings.Contains(err.Error(), u.Hostname()) {
		t.Errorf("error %q names the host", err)
	}
	for _, secret := range []string{"http:", "example", "127.0", publicAddress} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("error %q says %q", err, secret)
		}
	}
}

// rawServer speaks whatever speak writes after a request was read. It gives a
// client whose only way leads there, and a channel closed when the first
// connection has ended on the client's side.
func rawServer(t *testing.T, speak func(net.Conn)) (*Client, <-chan struct{}) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	gone := make(chan struct{})
	go func() {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		defer close(gone)
		r := bufio.NewReader(conn)
		for line := "x"; line != "\r\n" && line != ""; {
			line, _ = r.ReadString('\n')
		}
		speak(conn)
		_ = conn.(*net.TCPConn).CloseWrite()
		_, _ = r.ReadByte()
	}()
	return exceptional(ln.Addr().String()), gone
}

// exceptional is a client for which www.example.com is a made-up host.
func exceptional(address string) *Client {
	return New(Options{Resolver: fixtureNames{}, Limits: shortTimes(),
		Exceptions: map[string]netip.AddrPort{"www.example.com": netip.MustParseAddrPort(address)}})
}

// whole is a raw server that says one text.
func whole(t *testing.T, text string) *Client {
	t.Helper()
	c, _ := rawServer(t, func(conn net.Conn) { _, _ = conn.Write([]byte(text)) })
	return c
}
