package web

import (
	"crypto/rand"
	"net"
	"sync"

	"golang.org/x/net/netutil"
)

// bounded keeps a listener to n connections at once.
func bounded(l net.Listener, n int) net.Listener { return netutil.LimitListener(l, n) }

// newNumber gives the random number of a request.
func newNumber() string { return rand.Text()[:12] }

// once runs a loader at first use.
func once[T any](load func() T) func() T { return sync.OnceValue(load) }
