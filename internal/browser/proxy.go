package browser

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// calls are the hosts Chromium itself asks for updates and accounts, whatever its flags. They are refused like all
// others but not told, since no page of ours is behind them.
var calls = []string{"clients2.google.com", "update.googleapis.com", "accounts.google.com"}

// proxy is where Chromium sends everything that is not for loopback. It refuses all of it and notes for whom it was.
type proxy struct {
	url string

	mu        sync.Mutex
	strangers []string
}

func startProxy(tb testing.TB) *proxy {
	p := &proxy{}
	server := httptest.NewServer(p)
	tb.Cleanup(server.Close)
	p.url = server.URL
	return p
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !slices.Contains(calls, strings.TrimSuffix(r.Host, ":443")) {
		p.note(r.Host)
	}
	http.Error(w, "the browser tests reach loopback only", http.StatusForbidden)
}

func (p *proxy) note(host string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.strangers = append(p.strangers, host)
}

func (p *proxy) refused() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.strangers)
}
