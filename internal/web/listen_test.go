package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"reprise/internal/takedown"
)

// elsewhere is a connection over loopback that says it comes from another place.
type elsewhere struct {
	net.Conn
	from net.Addr
}

func (e elsewhere) RemoteAddr() net.Addr { return e.from }

// roads gives connections of the networks that are asked for.
type roads struct {
	net.Listener
	conns chan net.Conn
}

func (r *roads) Accept() (net.Conn, error) {
	c, ok := <-r.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (r *roads) from(t *testing.T, address string) net.Conn {
	t.Helper()
	here, there := net.Pipe()
	r.conns <- elsewhere{there, net.TCPAddrFromAddrPort(netip.MustParseAddrPort(address))}
	return here
}

// closed tells whether the other end has hung up.
func closed(c net.Conn) bool {
	_ = c.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	_, err := c.Read(make([]byte, 1))
	return errors.Is(err, io.EOF)
}

func TestANetworkTakesNoMoreThan64Places(t *testing.T) {
	r := &roads{conns: make(chan net.Conn, 600)}
	l := bounded(r, maxConnections, maxPerNetwork)
	accepted := make(chan net.Conn, 600)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				close(accepted)
				return
			}
			accepted <- c
		}
	}()
	var ends []net.Conn
	for n := range 520 {
		ends = append(ends, r.from(t, fmt.Sprintf("192.0.2.%d:1000", n%250)))
	}
	r.from(t, "203.0.113.1:1000")
	r.from(t, "[2001:db8::1]:1000")
	var taken []net.Conn
	for range 64 + 2 {
		taken = append(taken, <-accepted)
	}
	if got := networkOf(taken[65].RemoteAddr()); got != "2001:db8::/56" || len(accepted) != 0 {
		t.Errorf("the last one taken is of %s, %d too many", got, len(accepted))
	}
	if closed(ends[0]) || !closed(ends[64]) || !closed(ends[519]) {
		t.Error("the wrong ones were closed")
	}
	_ = taken[0].Close()
	_ = taken[0].Close() // twice gives back one place
	r.from(t, "192.0.2.9:1000")
	r.from(t, "192.0.2.9:1000")
	r.from(t, "198.51.100.1:1000")
	first, second := <-accepted, <-accepted
	if networkOf(first.RemoteAddr()) != "192.0.2.0/24" || networkOf(second.RemoteAddr()) != "198.51.100.0/24" {
		t.Error("one place became free, and not one was taken")
	}
	close(r.conns)
	if _, more := <-accepted; more {
		t.Error("more were taken")
	}
}

func TestBehindProxiesOfOnesOwnNetworksAreNotToldApart(t *testing.T) {
	for proxies, fairly := range map[int]bool{0: true, 1: false} {
		l, err := Listen(t.Context(), "127.0.0.1:0", []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}[:proxies]...)
		if err != nil {
			t.Fatal(err)
		}
		if _, got := l.(*fair); got != fairly {
			t.Errorf("%d proxies: %T", proxies, l)
		}
		_ = l.Close()
	}
}

func TestHomeAnswersWhileOneNetworkHoldsAllItsPlaces(t *testing.T) {
	l, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := newHouse(t).web
	s.host = l.Addr().String()
	server := s.HTTPServer()
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	var dialer net.Dialer
	for range 520 {
		c, err := dialer.DialContext(t.Context(), "tcp", s.host)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.host+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	another := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, 1)}} // loopback has networks too
	res, err := (&http.Transport{DialContext: another.DialContext}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("%d", res.StatusCode)
	}
}

// uploading is a door with a route that reads a body at a pace.
func uploading(t *testing.T, all, patience time.Duration) (*house, string) {
	t.Helper()
	h := newHouse(t)
	h.web.Mount(Route{
		Method: http.MethodPost, Path: "/slowly", May: takedown.MayFollowOwnCase, Body: UploadBody, Files: 1 << 20,
		Do: func(c *Ctx) error {
			c.paced(all, patience)
			if _, err := io.Copy(io.Discard, c.Request().Body); err != nil {
				h.wrote <- "cut"
				return err
			}
			h.wrote <- "read"
			return c.NoContent(http.StatusNoContent)
		},
	})
	cookie, _ := h.signIn("case")
	h.changed() // by signing in
	return h, cookie
}

// drip sends a part of a body for ever, until it is hung up on.
func drip(h *house, cookie, bytes string, every time.Duration) string {
	read, write := io.Pipe()
	tick := time.NewTicker(every)
	defer tick.Stop()
	go func() {
		r := h.ask(http.MethodPost, "/slowly", read, "Content-Type", "multipart/form-data; boundary=b", "Cookie", cookie)
		if res, err := new(http.Transport).RoundTrip(r); err == nil {
			_ = res.Body.Close()
		}
		_ = read.Close()
	}()
	for {
		select {
		case got := <-h.wrote:
			_ = write.Close()
			return got
		case <-tick.C:
			go func() { _, _ = io.WriteString(write, bytes) }()
		}
	}
}

func TestABodyThatHardlyComesIsCut(t *testing.T) {
	h, cookie := uploading(t, time.Minute, 100*time.Millisecond)
	start := time.Now()
	if got := drip(h, cookie, "x", 10*time.Millisecond); got != "cut" || time.Since(start) > 5*time.Second {
		t.Errorf("%s after %s", got, time.Since(start))
	}
}

func TestABodyThatNeverEndsIsCutAtItsOneTime(t *testing.T) {
	h, cookie := uploading(t, 200*time.Millisecond, time.Minute)
	start := time.Now()
	if got := drip(h, cookie, strings.Repeat("x", 1<<10), 20*time.Millisecond); got != "cut" || time.Since(start) > 5*time.Second {
		t.Errorf("%s after %s", got, time.Since(start))
	}
}

func TestABodyThatKeepsItsPaceIsRead(t *testing.T) {
	h, cookie := uploading(t, time.Minute, 2*time.Second)
	a := h.do(h.ask(http.MethodPost, "/slowly", strings.NewReader(strings.Repeat("x", 1<<19)), "Content-Type", "multipart/form-data; boundary=b", "Cookie", cookie))
	if a.status != http.StatusNoContent || <-h.wrote != "read" {
		t.Errorf("%d", a.status)
	}
}
