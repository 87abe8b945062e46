package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"testing"
)

// steadyServer answers a small page at once.
func steadyServer(b *testing.B) *Client {
	b.Helper()
	page := "<html><title>a</title>" + strings.Repeat("<p>text</p>", 1000)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, page) }))
	b.Cleanup(s.Close)
	o := Options{Total: 8, Exceptions: map[string]netip.AddrPort{}}
	for i := range 8 {
		o.Exceptions[fmt.Sprintf("h%d.example.com", i)] = netip.MustParseAddrPort(s.Listener.Addr().String())
	}
	return New(o)
}

// BenchmarkLook measures eight workers, each at a host of its own, with the media
// of every page found. It reports looks per second and the heap after a
// collection, before and after.
func BenchmarkLook(b *testing.B) {
	c := steadyServer(b)
	before := heap()
	work := make(chan struct{})
	done := make(chan error)
	for i := range 8 {
		go func() {
			var failed error
			for range work {
				l, err := c.Look(context.Background(), fmt.Sprintf("http://h%d.example.com/", i))
				if err != nil {
					failed = err
				}
				FindMedia(l.Body, l.Declared, l.FinalURL)
			}
			done <- failed
		}()
	}
	b.ResetTimer()
	for range b.N {
		work <- struct{}{}
	}
	close(work)
	for range 8 {
		if err := <-done; err != nil {
			b.Error(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "looks/s")
	b.ReportMetric(float64(before)/1024, "KiB-before")
	b.ReportMetric(float64(heap())/1024, "KiB-after")
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
