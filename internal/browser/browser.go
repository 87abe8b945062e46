// Package browser drives Debian's Chromium in tests: the last ring, in which a page is seen and used as a person
// sees and uses it. Only tests import it.
//
// A test starts one Browser, gives each person a Page of their own (cookies are not shared) and acts on elements by
// selector, most often by their data-t handle (see T). Every method that cannot do what it says within Patience fails the
// test at the caller's line; nothing here returns an error or sleeps a fixed time.
//
// The browser reaches loopback alone. All else goes to a proxy which notes and refuses it, so that "no third party is
// contacted" is observed on the wire, background workers included.
package browser

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Patience is how long any one step may take before the test fails.
const Patience = 20 * time.Second

// Browser is one running Chromium with a profile of its own, which ends with the test that started it.
type Browser struct {
	ctx   context.Context
	proxy *proxy
}

// Start runs Chromium for the test and its subtests. Without Chromium the test fails and names the Debian package.
func Start(tb testing.TB) *Browser {
	tb.Helper()
	b, end := start(tb)
	tb.Cleanup(end)
	return b
}

// Visit runs Chromium for one visit whose profile is kept in dir, as on a person's own device, and ends it in order: what
// is in dir afterwards is what the visit left behind.
func Visit(tb testing.TB, dir string, o Options, visit func(*Browser, *Page)) {
	tb.Helper()
	b, end := start(tb, chromedp.UserDataDir(dir))
	visit(b, b.open(tb, o))
	end()
}

// start runs Chromium and gives what ends it in order.
func start(tb testing.TB, more ...chromedp.ExecAllocatorOption) (*Browser, func()) {
	tb.Helper()
	path, err := find(exec.LookPath)
	if err != nil {
		tb.Fatal(err)
	}
	proxy := startProxy(tb)
	alloc, stop := chromedp.NewExecAllocator(context.Background(), append(flags(path, proxy.url), more...)...)
	ctx, _ := chromedp.NewContext(alloc)
	end := func() {
		if err := chromedp.Cancel(ctx); err != nil {
			tb.Errorf("browser: Chromium did not end in order: %v", err)
		}
		stop()
	}
	if err := chromedp.Do(ctx); err != nil {
		end()
		tb.Fatalf("browser: start %s: %v", path, err)
	}
	return &Browser{ctx: ctx, proxy: proxy}, end
}

// Strangers lists, in order, every host outside loopback that a page, worker or prefetch of this browser tried to reach.
// All were refused. An empty list is the proof that no third party is contacted. Encrypted ones end in ":443".
func (b *Browser) Strangers() []string { return b.proxy.refused() }

// find names the Chromium to run. Debian's own program comes before its launcher in the path, which adds service keys
// and extensions.
func find(look func(string) (string, error)) (string, error) {
	for _, name := range []string{"/usr/lib/chromium/chromium", "chromium", "chromium-browser", "google-chrome"} {
		if path, err := look(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("browser: no Chromium on this machine: run `make setup`, or `apt-get install chromium`")
}

// flags keep Chromium quiet: no sandbox because tests may run as root in a container, no calls home, and
// all but loopback (which Chromium exempts by itself) to the proxy. A page left is not kept alive for Back but loaded anew: the
// protocol client would go on acting on the page that was left.
func flags(path, proxyURL string) []chromedp.ExecAllocatorOption {
	quiet := []string{
		"no-sandbox", "disable-gpu", "disable-quic", "disable-component-update", "disable-domain-reliability",
		"disable-search-engine-choice-screen", "disable-field-trial-config",
		"disable-component-extensions-with-background-pages", "no-pings",
	}
	options := slices.Clone(chromedp.DefaultExecAllocatorOptions[:])
	for _, name := range quiet {
		options = append(options, chromedp.Flag(name, true))
	}
	return append(options,
		chromedp.ExecPath(path),
		chromedp.ProxyServer(proxyURL),
		chromedp.Flag("disable-features", "Translate,OptimizationHints,MediaRouter,AutofillServerCommunication,"+
			"CertificateTransparencyComponentUpdater,HttpsUpgrades,BackForwardCache"),
	)
}
