package secret

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// SAFETY decision 7: 19 MiB, t=2, p=1, 2 running and 50 waiting.
func TestCostIsTheOneOfTheSafetyDocument(t *testing.T) {
	r := newTestKeys(t).current()
	if got := r.String(); got != "argon2id$v=19$m=19456,t=2,p=1,pepper=1" {
		t.Errorf("recipe %s", got)
	}
	if kdfRunning != 2 || kdfWaiting != 50 || saltSize < 16 {
		t.Errorf("%d running, %d waiting, salt of %d bytes", kdfRunning, kdfWaiting, saltSize)
	}
}

func TestRecipeIsReadBackAndNothingElseIs(t *testing.T) {
	want := recipe{memory: 65536, time: 3, threads: 4, pepper: 7}
	if got, err := parseRecipe(want.String()); err != nil || got != want {
		t.Errorf("%v, %v", got, err)
	}
	for _, s := range []string{
		"", "argon2id", "argon2i$v=19$m=19456,t=2,p=1,pepper=1", "argon2id$v=18$m=19456,t=2,p=1,pepper=1",
		"argon2id$v=19$m=19456,t=2,p=1", "argon2id$v=19$m=19456,t=2,p=1,pepper=1 ", "argon2id$v=19$m=019456,t=2,p=1,pepper=1",
		"argon2id$v=19$m=4,t=2,p=1,pepper=1", "argon2id$v=19$m=4294967295,t=2,p=1,pepper=1", "argon2id$v=19$m=19456,t=0,p=1,pepper=1",
		"argon2id$v=19$m=19456,t=99,p=1,pepper=1", "argon2id$v=19$m=19456,t=2,p=0,pepper=1", "argon2id$v=19$m=19456,t=2,p=1,pepper=70000",
	} {
		if got, err := parseRecipe(s); !errors.Is(err, ErrRecipe) {
			t.Errorf("%q: %v, %v; want ErrRecipe", s, got, err)
		}
	}
}

func TestGateRunsTwoHolds50AndRefusesTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, release := newGate(), make(chan struct{})
		var running, done sync.Map
		for i := range kdfRunning + kdfWaiting {
			go func() {
				err := g.do(t.Context(), func() { running.Store(i, true); <-release })
				done.Store(i, err)
			}()
		}
		synctest.Wait()
		if got := count(&running); got != 2 {
			t.Errorf("%d run at once, want 2", got)
		}
		if err := g.do(t.Context(), func() { t.Error("the 53rd ran") }); !errors.Is(err, ErrBusy) {
			t.Errorf("the 53rd: %v, want ErrBusy", err)
		}
		close(release)
		synctest.Wait()
		if count(&running) != 52 || count(&done) != 52 {
			t.Errorf("%d ran and %d came back, want 52", count(&running), count(&done))
		}
		done.Range(func(i, err any) bool {
			if err != nil {
				t.Errorf("caller %v: %v", i, err)
			}
			return true
		})
		if err := g.do(t.Context(), func() {}); err != nil {
			t.Errorf("after the crowd: %v", err)
		}
	})
}

func count(m *sync.Map) (n int) {
	m.Range(func(any, any) bool { n++; return true })
	return n
}

func TestWhoStopsWaitingLeavesThePlaceToOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, release := newGate(), make(chan struct{})
		for range kdfRunning {
			go func() { _ = g.do(t.Context(), func() { <-release }) }()
		}
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		errs := make(chan error, kdfWaiting)
		for range kdfWaiting {
			go func() { errs <- g.do(ctx, func() { t.Error("ran after its caller had left") }) }()
		}
		synctest.Wait()
		cancel()
		for range kdfWaiting {
			if err := <-errs; !errors.Is(err, context.Canceled) {
				t.Errorf("error %v, want context.Canceled", err)
			}
		}
		close(release)
		synctest.Wait()
		if len(g.admitted) != 0 || len(g.running) != 0 {
			t.Errorf("%d places and %d turns are still taken", len(g.admitted), len(g.running))
		}
	})
}

func TestCancelledCallerCostsNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 50 { // select chooses by chance
		if err := newGate().do(ctx, func() { t.Error("ran") }); !errors.Is(err, context.Canceled) {
			t.Fatalf("error %v, want context.Canceled", err)
		}
	}
}

// SAFETY row 68: the cost is measured at start, and too cheap is refused.
func TestASVS_11_4_2_CheapDerivationIsRefused(t *testing.T) {
	cost, err := MeasureKDF(time.Microsecond)
	if err != nil || cost <= 0 {
		t.Errorf("cost %v, %v", cost, err)
	}
	if cost, err := MeasureKDF(math.MaxInt64); !errors.Is(err, ErrKDFCheap) || cost <= 0 {
		t.Errorf("cost %v, error %v; want ErrKDFCheap", cost, err)
	}
}

func BenchmarkKDF(b *testing.B) {
	r := recipe{memory: kdfMemory, time: kdfTime, threads: kdfThreads}
	b.ReportAllocs()
	for b.Loop() {
		r.derive(make([]byte, 32), make([]byte, saltSize), 64)
	}
}
