//go:build !race

package hasher

import (
	"fmt"
	"os"
)

// slowdown multiplies the limits of time: none in the program that ships.
const slowdown = 1

// memoryLimits are the child's limits of virtual memory in all and of memory that it can write to. The second is 1.5 GB;
// the first is 1.5 GB above what the Go runtime and the C library reserved at the start (1.3 GB and more), without
// ever using most of it.
func memoryLimits() (space, writable uint64, err error) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, 0, fmt.Errorf("read the size of this process: %w", err)
	}
	var pages uint64
	if _, err := fmt.Sscan(string(text), &pages); err != nil {
		return 0, 0, fmt.Errorf("read the size of this process: %w", err)
	}
	return pages*uint64(os.Getpagesize()) + childMemory, childMemory, nil
}

// childProgram is what a child runs.
func childProgram() string { return ownProgram }
