//go:build race

package hasher

import (
	"cmp"
	"os"

	"golang.org/x/sys/unix"
)

// slowdown is about what the race detector costs a decoder: with it the limits
// mean as much work as without.
const slowdown = 5

// memoryLimits are none under the race detector, which reserves terabytes.
func memoryLimits() (space, writable uint64, err error) {
	return unix.RLIM_INFINITY, unix.RLIM_INFINITY, nil
}

// childProgram is the program built without the race detector, if the tests name one: pictures are decoded by
// one process with one thread, where there is nothing to race, and thirty times faster.
func childProgram() string { return cmp.Or(os.Getenv("REPRISE_PLAIN_CHILD"), ownProgram) }
