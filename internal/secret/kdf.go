package secret

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
)

const (
	kdfMemory  = 19 * 1024 // KiB: 19 MiB
	kdfTime    = 2
	kdfThreads = 1

	kdfRunning = 2  // at once
	kdfWaiting = 50 // beyond these, ErrBusy

	saltSize = 16
)

// recipe is how one stored secret was derived. It stands beside the secret, so
// that the cost can rise without locking anybody out.
type recipe struct {
	memory  uint32 // KiB
	time    uint32
	threads uint8
	pepper  uint16 // key version whose pepper was mixed in
}

// current is the recipe for new secrets: Argon2id with the first of the
// parameters that OWASP's password storage cheat sheet recommends.
func (k *Keys) current() recipe {
	return recipe{memory: kdfMemory, time: kdfTime, threads: kdfThreads, pepper: k.state.newest}
}

const recipeForm = "argon2id$v=19$m=%d,t=%d,p=%d,pepper=%d"

func (r recipe) String() string {
	return fmt.Sprintf(recipeForm, r.memory, r.time, r.threads, r.pepper)
}

// parseRecipe reads what String wrote. It refuses costs that nobody chose: a
// damaged row must not eat the memory of the server.
func parseRecipe(s string) (recipe, error) {
	var r recipe
	if _, err := fmt.Sscanf(s, recipeForm, &r.memory, &r.time, &r.threads, &r.pepper); err != nil || r.String() != s {
		return recipe{}, ErrRecipe
	}
	if r.memory < 8 || r.memory > 1<<20 || r.time < 1 || r.time > 16 || r.threads < 1 || r.threads > 16 {
		return recipe{}, ErrRecipe
	}
	return r, nil
}

func (r recipe) derive(peppered, salt []byte, size uint32) []byte {
	return argon2.IDKey(peppered, salt, r.time, r.memory, r.threads, size)
}

// gate lets two derivations run and fifty wait, so that a flood of guesses costs
// at most 38 MiB and two processors.
type gate struct {
	admitted chan struct{} // running or waiting
	running  chan struct{}
}

func newGate() *gate {
	return &gate{
		admitted: make(chan struct{}, kdfRunning+kdfWaiting),
		running:  make(chan struct{}, kdfRunning),
	}
}

// do runs work when its turn comes. Errors: ErrBusy when too many wait already;
// the context's when it ends first. Work that has begun is finished.
func (g *gate) do(ctx context.Context, work func()) error {
	select {
	case g.admitted <- struct{}{}:
		defer func() { <-g.admitted }()
	default:
		return ErrBusy
	}
	select {
	case g.running <- struct{}{}:
		defer func() { <-g.running }()
	case <-ctx.Done():
		return fmt.Errorf("wait for a key derivation: %w", ctx.Err())
	}
	if ctx.Err() != nil { // both were ready, and select chose by chance
		return fmt.Errorf("wait for a key derivation: %w", ctx.Err())
	}
	work()
	return nil
}

// MeasureKDF returns what one derivation costs on this machine, the median of
// five. If that is less than floor it returns ErrKDFCheap beside it: guessing
// would be cheap as well.
func MeasureKDF(floor time.Duration) (time.Duration, error) {
	r := recipe{memory: kdfMemory, time: kdfTime, threads: kdfThreads}
	costs := make([]time.Duration, 5)
	for i := range costs {
		start := time.Now()
		r.derive(make([]byte, 32), make([]byte, saltSize), 64)
		costs[i] = time.Since(start)
	}
	slices.Sort(costs)
	cost := costs[len(costs)/2]
	if cost < floor {
		return cost, fmt.Errorf("%w: %v, wanted at least %v", ErrKDFCheap, cost.Round(time.Millisecond), floor)
	}
	return cost, nil
}

// splitPHC cuts "$recipe$salt$hash" into its three parts.
func splitPHC(s string) (recipeText, salt, hash string, ok bool) {
	rest, found := strings.CutPrefix(s, "$")
	parts := strings.Split(rest, "$")
	if !found || len(parts) != 5 {
		return "", "", "", false
	}
	return strings.Join(parts[:3], "$"), parts[3], parts[4], true
}
