package portal

import (
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var loaded = regexp.MustCompile(`<(?:link|script|img)\b[^>]*\b(?:href|src)="([^"]+)"`)

// TestTheFirstPageWeighsLessThan60KB counts what an old phone receives before it
// shows the first page, and whom it asks.
func TestTheFirstPageWeighsLessThan60KB(t *testing.T) {
	v := newHouse(t).visitor()
	page := v.get("/")
	all, plain := len(page.body), len(page.body)
	for _, m := range loaded.FindAllStringSubmatch(page.body, -1) {
		if !strings.HasPrefix(m[1], "/static/") {
			t.Errorf("the first page loads %s", m[1])
			continue
		}
		r := v.request(http.MethodGet, m[1], nil)
		r.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
		file := v.do(r)
		all += len(file.body)
		if file.header.Get("Content-Encoding") != "gzip" || file.header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s is not packed", m[1])
			continue
		}
		unpacked, err := gzip.NewReader(strings.NewReader(file.body))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(unpacked)
		if err != nil || string(body) != v.get(m[1]).body {
			t.Errorf("%s is another file when it is packed: %v", m[1], err)
		}
		plain += len(body)
		if p := v.get(m[1] + ".gz"); p.status != http.StatusNotFound {
			t.Errorf("%s.gz is a file of its own: %d", m[1], p.status)
		}
	}
	t.Logf("%d bytes are sent, %d without packing", all, plain)
	if all >= 60_000 {
		t.Errorf("the first page weighs %d bytes", all)
	}
}

// BenchmarkFirstPage is the server's time for the first page, through the whole
// door but the network.
func BenchmarkFirstPage(b *testing.B) {
	v := newHouse(b).visitor()
	for b.Loop() {
		v.get("/")
	}
}
