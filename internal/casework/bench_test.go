package casework

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"reprise/internal/pgtest"
	"reprise/internal/secret"
	"reprise/internal/takedown"
)

// BenchmarkSubmit400 keeps a form of 400 addresses as a case: key derivation,
// items, events and first looks, durably, in one transaction. Aim: 300 ms.
func BenchmarkSubmit400(b *testing.B) {
	for name, database := range map[string]func() string{
		"sqlite":   func() string { return filepath.Join(b.TempDir(), "reprise.db") },
		"postgres": func() string { return pgtest.Start(b) },
	} {
		b.Run(name, func(b *testing.B) {
			h := newHouseFor(b, database(), false)
			for b.Loop() {
				if _, err := h.OpenCase(h.ctx, takedown.Actor{}, form(h, 400, "photomur.net")); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func form(h *house, n int, host string) takedown.NewCase {
	var addresses strings.Builder
	for i := range n {
		fmt.Fprintf(&addresses, "http://%s/album/%d\n", host, i)
	}
	return takedown.NewCase{
		Key: secret.NewID(), Phrase: h.NewPhrase(takedown.French), Age: takedown.AgeAdult, Harm: takedown.HarmPublished, Lang: takedown.French,
		Statements: takedown.Statements{NotConsented: true, GoodFaith: true, Mandate: true}, Addresses: addresses.String(),
	}
}

// BenchmarkCaseView400 reads everything of a case with 400 items.
func BenchmarkCaseView400(b *testing.B) {
	h := newHouseFor(b, filepath.Join(b.TempDir(), "reprise.db"), false)
	receipt, err := h.OpenCase(h.ctx, takedown.Actor{}, form(h, 400, "photomur.net"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := h.CaseView(h.ctx, h.staff, receipt.CaseID); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLooks looks at pages of a server on this machine, 8 at once, from
// the item to the recorded observation; without references, so that nothing is
// hashed. Aim: 100 a second on 2 cores.
func BenchmarkLooks(b *testing.B) {
	h := newHouseFor(b, filepath.Join(b.TempDir(), "reprise.db"), false)
	hosts := make([]string, 8)
	for i := range hosts {
		hosts[i] = fmt.Sprintf("photo%d.photomur.net", i)
		for n := range 50 {
			h.site.set(fmt.Sprintf("%s/album/%d", hosts[i], n), func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				_, _ = w.Write([]byte("<title>Album</title><h1>Album</h1><p>Some text of a page that stands.</p>"))
			})
		}
	}
	var ids []string
	for _, host := range hosts {
		receipt, err := h.OpenCase(h.ctx, takedown.Actor{}, form(h, 50, host))
		if err != nil {
			b.Fatal(err)
		}
		view, err := h.CaseView(h.ctx, h.staff, receipt.CaseID)
		if err != nil {
			b.Fatal(err)
		}
		for _, i := range view.Items {
			ids = append(ids, i.Item.ID)
		}
	}
	b.SetParallelism(4)
	var turn = make(chan string)
	go func() {
		for n := 0; ; n++ {
			turn <- ids[n*50%len(ids)+n/8%50]
		}
	}()
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if err := h.Look(h.ctx, <-turn); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "looks/s")
}
