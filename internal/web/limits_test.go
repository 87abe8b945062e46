package web

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"reprise/internal/takedown"
)

// allowed counts how many of n tries pass.
func allowed(b *brakes, l *Limit, key string, n int) int {
	passed := 0
	for range n {
		if b.brake(l, key) == nil {
			passed++
		}
	}
	return passed
}

func TestASVS_6_1_1_LimitsAreThoseWrittenDown(t *testing.T) {
	for _, c := range []struct {
		limit        *Limit
		minute, hour int // of SAFETY 2.4; 0: no such limit
	}{{LimitEnter, 5, 20}, {LimitLost, 5, 20}, {LimitProof, 10, 40}, {LimitReport, 0, 5}, {LimitDraft, 0, 120}, {LimitSignIn, 0, 10}, {LimitAccount, 5, 0}} {
		clock := &clock{now: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}
		b := newBrakes(clock.Now, 1)
		atOnce := c.minute
		if atOnce == 0 {
			atOnce = c.hour
		}
		if got := allowed(b, c.limit, "k", 200); got != atOnce {
			t.Errorf("%s: %d at once, want %d", c.limit.Name, got, atOnce)
		}
		if c.hour == 0 {
			continue
		}
		b = newBrakes(clock.Now, 1)
		total := 0
		for range 4 { // as fast as the minute allows, in less time than gives a try back
			total += allowed(b, c.limit, "k", 100)
			clock.add(time.Minute)
		}
		if most := c.hour + c.hour/20 + 2; total > most || total < c.hour {
			t.Errorf("%s: %d in four minutes, want %d", c.limit.Name, total, c.hour)
		}
	}
}

func TestLimitsSlowTheOneWhoTriesAndNobodyElse(t *testing.T) {
	clock := &clock{now: time.Now()}
	b := newBrakes(clock.Now, 1)
	allowed(b, LimitEnter, "guesser", 100)
	if b.brake(LimitEnter, "owner") != nil || b.brake(LimitSignIn, "guesser") != nil {
		t.Error("another network, or another action, is slowed as well")
	}
	clock.add(time.Minute)
	if b.brake(LimitEnter, "guesser") != nil {
		t.Error("a minute later there is still no try: that is a lock")
	}
}

func TestLimitsCanBeWidenedAndForgetWhoStayedAway(t *testing.T) {
	clock := &clock{now: time.Now()}
	b := newBrakes(clock.Now, 100)
	if got := allowed(b, LimitReport, "k", 1000); got != 500 {
		t.Errorf("%d, want 500", got)
	}
	clock.add(2 * time.Hour)
	if b.brake(LimitReport, "other") != nil || len(b.seen) != 1 {
		t.Errorf("%d keys are remembered", len(b.seen))
	}
}

func TestLimitsHaveNoOtherError(t *testing.T) {
	b := newBrakes(time.Now, 1)
	if b.brake(nil, "k") != nil {
		t.Error("a route without a limit is limited")
	}
	allowed(b, LimitReport, "k", 5)
	if err := b.brake(LimitReport, "k"); takedown.KindOf(err) != takedown.TooMany {
		t.Errorf("%v", err)
	}
}

func TestNetworksAreCutToThePrefix(t *testing.T) {
	for ip, want := range map[string]string{
		"192.0.2.77": "192.0.2.0/24", "::ffff:192.0.2.77": "192.0.2.0/24", "2001:db8:1:2ff::1": "2001:db8:1:200::/56",
		"": "none", "nobody": "none", "fe80::1%eth0": "fe80::/56",
	} {
		if got := prefix(ip); got != want {
			t.Errorf("%q: %q, want %q", ip, got, want)
		}
	}
}

func TestASVS_2_1_3_OverTheLimitIsTold(t *testing.T) {
	h := newHouse(t)
	for n := range 6 {
		a := h.get("/slow", "X-Forwarded-For", fmt.Sprintf("192.0.%d.1", n), "X-Real-IP", fmt.Sprintf("192.0.%d.1", n), "Forwarded", "for=192.0.2.1")
		switch {
		case n < 5 && a.status != http.StatusNoContent:
			t.Errorf("try %d: %d", n+1, a.status)
		case n == 5 && (a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == ""):
			t.Errorf("the sixth try, with other addresses forged: %d, Retry-After %q", a.status, a.header.Get("Retry-After"))
		}
	}
	for _, path := range []string{"/static/portal.css", "/out", "/"} {
		if a := h.get(path); a.status >= 400 {
			t.Errorf("%s is limited too: %d", path, a.status)
		}
	}
}
