//go:build race

package hasher

import "golang.org/x/sys/unix"

// slowdown is about what the race detector costs a decoder: with it the limits
// mean as much work as without.
const slowdown = 5

// memoryLimits are none under the race detector, which reserves terabytes.
func memoryLimits() (space, writable uint64, err error) {
	return unix.RLIM_INFINITY, unix.RLIM_INFINITY, nil
}
