package web

import (
	"crypto/rand"
	"net"
	"net/netip"
	"sync"

	"golang.org/x/net/netutil"
)

// bounded keeps a listener to n connections at once, and to each of one network
// where each is more than 0.
func bounded(l net.Listener, n, each int) net.Listener {
	l = netutil.LimitListener(l, n)
	if each == 0 {
		return l
	}
	return &fair{Listener: l, each: each, open: map[string]int{}}
}

// fair is a listener that closes at once what a network (/24, /56) opens beyond
// its share, so that none can take the places of all others.
type fair struct {
	net.Listener
	each int
	mu   sync.Mutex
	open map[string]int
}

// Accept gives the next connection of a network that has a place left
// (net.Listener).
func (f *fair) Accept() (net.Conn, error) {
	for {
		conn, err := f.Listener.Accept()
		if err != nil {
			return nil, err
		}
		network := networkOf(conn.RemoteAddr())
		if f.take(network) {
			return &placed{Conn: conn, free: sync.OnceFunc(func() { f.leave(network) })}, nil
		}
		_ = conn.Close() // it was told nothing yet
	}
}

func (f *fair) take(network string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open[network] >= f.each {
		return false
	}
	f.open[network]++
	return true
}

func (f *fair) leave(network string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open[network]--; f.open[network] == 0 {
		delete(f.open, network)
	}
}

// placed is a connection that gives its place back when it is closed.
type placed struct {
	net.Conn
	free func()
}

// Close ends the connection (net.Conn).
func (p *placed) Close() error {
	defer p.free()
	return p.Conn.Close()
}

// networkOf gives the network of a peer.
func networkOf(peer net.Addr) string {
	at, err := netip.ParseAddrPort(peer.String())
	if err != nil {
		return "none"
	}
	return prefix(at.Addr().String())
}

// newNumber gives the random number of a request.
func newNumber() string { return rand.Text()[:12] }

// once runs a loader at first use.
func once[T any](load func() T) func() T { return sync.OnceValue(load) }
