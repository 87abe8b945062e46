package hasher

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// BenchmarkHashInChild is what one small picture costs with the start of its process.
func BenchmarkHashInChild(b *testing.B) {
	data, h := photo(b, "kodak-1.jpg"), newTestHasher(b)
	perCPU(b, func() {
		if _, err := h.Sign(b.Context(), data, false); err != nil {
			b.Fatal(err)
		}
	})
}

func perCPU(b *testing.B, f func()) {
	start := cpuTime(b)
	for b.Loop() {
		f()
	}
	b.ReportMetric(float64((cpuTime(b)-start).Microseconds())/1000/float64(b.N), "cpu-ms/op")
}

func cpuTime(b *testing.B) (total time.Duration) {
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var u unix.Rusage
		if err := unix.Getrusage(who, &u); err != nil {
			b.Fatal(err)
		}
		total += time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	return total
}
