package browser

import (
	"context"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Options say on what a Page is looked at. The zero value is a desktop screen, script on, light, Chromium's language.
type Options struct {
	Width, Height int    // in CSS pixels; 1280 x 900 when zero
	NoScript      bool   // the page's own script does not run
	Dark          bool   // the person's device asks for dark colours
	Still         bool   // what the page's script does after a minute or more waits for Elapse
	Lang          string // Accept-Language and navigator.language, as "fr" or "fr-FR,fr"
}

// Page is one person's tab. It must be used by one goroutine at a time.
type Page struct {
	tb       testing.TB
	ctx      context.Context
	noScript bool

	mu       sync.Mutex // the listener writes from the tab's own loop
	requests []string
	problems []string
}

// Page opens an empty tab with cookies and storage of its own; it closes with the test.
func (b *Browser) Page(tb testing.TB, o Options) *Page {
	tb.Helper()
	return b.open(tb, o, chromedp.WithNewBrowserContext())
}

// open opens a tab; without a browser context of its own it shares the profile's cookies and storage.
func (b *Browser) open(tb testing.TB, o Options, more ...chromedp.ContextOption) *Page {
	tb.Helper()
	p := &Page{tb: tb, noScript: o.NoScript}
	ctx, cancel := chromedp.NewContext(b.ctx, append(more, chromedp.WithListener(p.listen))...)
	tb.Cleanup(cancel)
	p.ctx = ctx
	// The first step binds the tab's life to its context, so it must not carry a deadline.
	if err := chromedp.Do(ctx, prepare(o)...); err != nil {
		tb.Fatalf("browser: open a page: %v", err)
	}
	return p
}

func prepare(o Options) []chromedp.Action[chromedp.Void] {
	if o.Width == 0 {
		o.Width, o.Height = 1280, 900
	}
	steps := []chromedp.Action[chromedp.Void]{chromedp.EmulateViewport(int64(o.Width), int64(o.Height))}
	if o.NoScript {
		steps = append(steps, call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
	}
	if o.Still {
		still := page.AddScriptToEvaluateOnNewDocumentParams{Source: `(function (wait) {
			window.waits = [];
			window.setTimeout = function (f, ms) { return ms < 60000 ? wait(f, ms) : window.waits.push(f); };
		})(window.setTimeout)`}
		steps = append(steps, call(page.AddScriptToEvaluateOnNewDocument, still))
	}
	if o.Dark {
		dark := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}
		steps = append(steps, call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: dark}))
	}
	if o.Lang != "" {
		steps = append(steps, speak(o.Lang))
	}
	return steps
}

// speak sets the language of requests and of script. The protocol sets it only together with the user agent, which
// therefore is read first and kept as it is.
func speak(lang string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		v, err := cdp.Call(ctx, t, browser.GetVersion, cdp.Empty{})
		if err != nil {
			return err
		}
		override := emulation.SetUserAgentOverrideParams{UserAgent: v.UserAgent, AcceptLanguage: lang}
		_, err = cdp.Call(ctx, t, emulation.SetUserAgentOverride, override)
		return err
	})
}

// Goto opens an address as if typed into the address bar, waits until it is loaded, and returns its status code.
func (p *Page) Goto(url string) int {
	p.tb.Helper()
	return p.status("go to "+url, chromedp.NavigateResponse(url))
}

// Back returns to the page before this one in the tab's history, as the Back button does, and waits until it is loaded.
func (p *Page) Back() {
	p.tb.Helper()
	p.do("go back", chromedp.NavigateBack())
}

// Title is the title of the page as the tab shows it.
func (p *Page) Title() string {
	p.tb.Helper()
	return run(p, "read the title", chromedp.Title())
}

// URL is the address the address bar shows.
func (p *Page) URL() string {
	p.tb.Helper()
	return run(p, "read the address", chromedp.Location())
}

// Screenshot writes a PNG picture of the whole page, however long, to path.
func (p *Page) Screenshot(path string) {
	p.tb.Helper()
	png := run(p, "take a screenshot", chromedp.FullScreenshot(100))
	if err := os.WriteFile(path, png, 0o644); err != nil {
		p.tb.Fatalf("browser: keep the screenshot: %v", err)
	}
}

// Requests lists every address this tab asked for since it was opened, redirects included, in order. Requests made by
// background workers are not among them; Browser.Strangers sees those too.
func (p *Page) Requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests)
}

func (p *Page) status(what string, a chromedp.Action[*network.Response]) int {
	p.tb.Helper()
	response := run(p, what, a)
	if response == nil {
		p.tb.Fatalf("browser: %s: there was no answer", what)
	}
	return int(response.Status)
}

func (p *Page) do(what string, a chromedp.Action[chromedp.Void]) {
	p.tb.Helper()
	run(p, what, a)
}

// run does one step within Patience, or fails the test saying what was tried and where.
func run[T any](p *Page, what string, a chromedp.Action[T]) T {
	p.tb.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, Patience)
	defer cancel()
	value, err := chromedp.Run(ctx, a)
	if err != nil {
		where, _ := chromedp.Run(p.ctx, chromedp.Location())
		p.tb.Fatalf("browser: %s, on %s: %v", what, where, err)
	}
	return value
}

// call makes a step of one protocol command whose answer does not matter.
func call[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}
