//go:build !race

package phash

import (
	"fmt"
	"os"
)

// addressSpace is the child's limit of virtual memory: 1.5 GB above what the Go runtime and the C library reserved
// when the program started, most of which (1.3 GB) is never used.
func addressSpace() (uint64, error) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, fmt.Errorf("read the size of this process: %w", err)
	}
	var pages uint64
	if _, err := fmt.Sscan(string(text), &pages); err != nil {
		return 0, fmt.Errorf("read the size of this process: %w", err)
	}
	return pages*uint64(os.Getpagesize()) + childMemory, nil
}
