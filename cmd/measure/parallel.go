package main

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// parallel calls do for 0 to n-1 on every processor. A worker's calls follow each other, so that what belongs to a
// worker needs no lock.
func parallel(n int, do func(worker, i int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for worker := range workers() {
		all.Go(func() {
			for i := int(next.Add(1) - 1); i < n; i = int(next.Add(1) - 1) {
				do(worker, i)
			}
		})
	}
	all.Wait()
}

func workers() int { return runtime.GOMAXPROCS(0) }
