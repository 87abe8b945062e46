package fetch

import (
	"context"
	"sync"
)

// gate lets so many looks through at once, and so many per host. A look waits
// for its host first, so that many looks at one slow host do not take the places
// of all others.
type gate struct {
	perHost int
	total   chan struct{}
	mu      sync.Mutex
	hosts   map[string]*door
}

// door is one host's places; it is forgotten when nobody stands at it.
type door struct {
	places chan struct{}
	users  int
}

func newGate(perHost, total int) *gate {
	return &gate{perHost: perHost, total: make(chan struct{}, total), hosts: map[string]*door{}}
}

// enter waits for a place until ctx ends. The caller calls leave once.
func (g *gate) enter(ctx context.Context, host string) (leave func(), err error) {
	d := g.approach(host)
	select {
	case d.places <- struct{}{}:
	case <-ctx.Done():
		g.depart(host)
		return nil, ctx.Err()
	}
	select {
	case g.total <- struct{}{}:
	case <-ctx.Done():
		<-d.places
		g.depart(host)
		return nil, ctx.Err()
	}
	return func() {
		<-g.total
		<-d.places
		g.depart(host)
	}, nil
}

func (g *gate) approach(host string) *door {
	g.mu.Lock()
	defer g.mu.Unlock()
	d := g.hosts[host]
	if d == nil {
		d = &door{places: make(chan struct{}, g.perHost)}
		g.hosts[host] = d
	}
	d.users++
	return d
}

func (g *gate) depart(host string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	d := g.hosts[host]
	d.users--
	if d.users == 0 {
		delete(g.hosts, host)
	}
}
