package web

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"reprise/internal/takedown"
)

// Limit is how often one network, or one object, may try.
type Limit struct {
	Name      string
	PerMinute int
	PerHour   int
}

// The limits of SAFETY 2.4.
var (
	LimitEnter   = &Limit{"enter", 5, 20}
	LimitLost    = &Limit{"lost", 5, 20}
	LimitProof   = &Limit{"proof", 10, 40} // documents, each of which takes seconds in a large case
	LimitKey     = &Limit{"key", 5, 20}    // OpenPGP keys, whose signatures are checked
	LimitReport  = &Limit{"report", 0, 5}
	LimitDraft   = &Limit{"draft", 0, 120} // visits kept before there is a case
	LimitSignIn  = &Limit{"sign-in", 0, 10}
	LimitAccount = &Limit{"account", 5, 0}
)

// brakes counts tries in memory. It forgets a key that was not used for an hour.
type brakes struct {
	mu    sync.Mutex
	now   func() time.Time
	widen int
	seen  map[string]*brakeOf
	swept time.Time
}

type brakeOf struct {
	minute, hour *rate.Limiter
	last         time.Time
}

func newBrakes(now func() time.Time, widen int) *brakes {
	return &brakes{now: now, widen: widen, seen: map[string]*brakeOf{}}
}

var errSlowDown = takedown.Refuse(takedown.TooMany, "error.slow_down")

// brake counts one try. It slows the one who tries, never the object: nobody
// can lock a person out of her case.
func (b *brakes) brake(l *Limit, key string) error {
	if l == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	b.sweep(now)
	of := b.seen[l.Name+"|"+key]
	if of == nil {
		of = &brakeOf{b.limiter(l.PerMinute, time.Minute), b.limiter(l.PerHour, time.Hour), now}
		b.seen[l.Name+"|"+key] = of
	}
	of.last = now
	if !of.minute.AllowN(now, 1) || !of.hour.AllowN(now, 1) {
		return errSlowDown
	}
	return nil
}

func (b *brakes) limiter(n int, per time.Duration) *rate.Limiter {
	if n == 0 {
		return rate.NewLimiter(rate.Inf, 0)
	}
	n *= b.widen
	return rate.NewLimiter(rate.Every(per/time.Duration(n)), n)
}

func (b *brakes) sweep(now time.Time) {
	if now.Sub(b.swept) < time.Minute {
		return
	}
	b.swept = now
	for k, of := range b.seen {
		if now.Sub(of.last) > time.Hour {
			delete(b.seen, k)
		}
	}
}

// prefix gives the network of an address: /24 of IPv4, /56 of IPv6.
func prefix(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return "none"
	}
	addr = addr.Unmap()
	bits := 56
	if addr.Is4() {
		bits = 24
	}
	p, err := addr.Prefix(bits)
	if err != nil {
		return "none"
	}
	return p.String()
}
