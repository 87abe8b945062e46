package console

import (
	"context"
	"net/http"
	"testing"
	"time"

	"reprise/internal/takedown"
)

// bigCase has four hundred items, each asked of its host and of two search
// engines, all sent and none answered.
func bigCase(t testing.TB) (*visitor, string) {
	h := newHouse(t)
	id := h.opens(hundreds(400)...)
	for _, n := range h.asked(id) {
		h.sent(n)
	}
	return h.staff(takedown.RoleCaseworker), id
}

func TestCaseOfFourHundredItemsIsSmallAndQuick(t *testing.T) {
	v, id := bigCase(t)
	best := time.Hour
	for range 5 {
		start := time.Now()
		v.open("/cases/" + id)
		best = min(best, time.Since(start))
	}
	v.want(http.StatusOK)
	same(t, "rows", len(v.all("item-row")), 400)
	t.Logf("%d requests, %d bytes, %v", len(v.all("request-row")), len(v.body), best)
	if len(v.all("request-row")) < 800 {
		t.Error("the requests are not all shown")
	}
	if len(v.body) > 300<<10 {
		t.Errorf("the page has %d bytes, want at most %d", len(v.body), 300<<10)
	}
}

func BenchmarkCaseOfFourHundredItems(b *testing.B) {
	v, id := bigCase(b)
	for b.Loop() {
		v.open("/cases/" + id)
	}
}

func BenchmarkCaseViewAlone(b *testing.B) {
	v, id := bigCase(b)
	for b.Loop() {
		if _, err := v.office.CaseView(context.Background(), worker, id); err != nil {
			b.Fatal(err)
		}
	}
}
