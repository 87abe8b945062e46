package browser

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
)

// calls are the hosts Chromium itself asks for updates and accounts, whatever its flags. They are refused like all
// others but not told, since no page of ours is behind them.
var calls = []string{"clients2.google.com", "update.googleapis.com", "accounts.google.com"}

// proxy is a forward proxy for plain HTTP to loopback. Everything else, every CONNECT included, is refused and noted.
type proxy struct {
	url  string
	pass *httputil.ReverseProxy

	mu        sync.Mutex
	strangers []string
}

func startProxy(tb testing.TB) *proxy {
	p := &proxy{pass: &httputil.ReverseProxy{
		Rewrite:   func(*httputil.ProxyRequest) {}, // a forward request already names its whole target
		Transport: &http.Transport{Proxy: nil},     // never on through another proxy of this machine
		ErrorLog:  log.New(io.Discard, "", 0),      // a server that went away is the test's business, told as 502
	}}
	server := httptest.NewServer(p)
	tb.Cleanup(server.Close)
	p.url = server.URL
	return p
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodConnect && isLoopback(r.URL.Hostname()) {
		p.pass.ServeHTTP(w, r)
		return
	}
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

// isLoopback asks no resolver: a name other than localhost is a stranger wherever it may point.
func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}
