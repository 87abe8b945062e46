package fetch

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestOneHostIsAskedByOneLookAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(1, 4)
		var mu sync.Mutex
		inside, most, total, mostTotal := map[string]int{}, 0, 0, 0
		var all sync.WaitGroup
		for i := range 60 {
			all.Go(func() {
				host := string(rune('a' + i%6))
				leave, err := g.enter(t.Context(), host)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				inside[host]++
				total++
				most, mostTotal = max(most, inside[host]), max(mostTotal, total)
				mu.Unlock()
				time.Sleep(time.Second) // of the bubble: no test waits for it
				mu.Lock()
				inside[host]--
				total--
				mu.Unlock()
				leave()
			})
		}
		all.Wait()
		if most != 1 || mostTotal != 4 {
			t.Errorf("%d at one host, %d in all", most, mostTotal)
		}
		if len(g.hosts) != 0 {
			t.Errorf("%d hosts remembered", len(g.hosts))
		}
	})
}

func TestManyLooksAtOneSlowHostLeaveTheOthersTheirPlaces(t *testing.T) {
	g := newGate(1, 2)
	leave, err := g.enter(t.Context(), "slow")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	for range 10 {
		go func() {
			_, err := g.enter(ctx, "slow")
			ended <- err
		}()
	}
	other, err := g.enter(t.Context(), "quick")
	if err != nil {
		t.Fatal(err)
	}
	other()
	cancel()
	for range 10 {
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("waiting ended with %v", err)
		}
	}
	leave()
	if len(g.hosts) != 0 || len(g.total) != 0 {
		t.Errorf("left behind: %d hosts, %d places", len(g.hosts), len(g.total))
	}
}

func TestWaitingForAPlaceEndsWithTheCaller(t *testing.T) {
	c := newLab(t, http.NotFoundHandler()).client
	leave, err := c.gate.enter(t.Context(), "www.example.com")
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l, lookErr := c.Look(ctx, "http://www.example.com/")
	mustClass(t, l, lookErr, ClassCancelled)
	if !errors.Is(lookErr, context.Canceled) {
		t.Errorf("error %v", lookErr)
	}
}
