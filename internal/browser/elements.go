package browser

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// T selects the elements that carry a data-t handle, the names journeys know controls by.
func T(handle string) string { return `[data-t~="` + handle + `"]` }

// Click waits until the first match can be seen and used, scrolls to it and clicks its middle with the mouse.
// It does not wait for what the click sets off: follow it with WaitFor, or use Submit where a page follows.
func (p *Page) Click(selector string) {
	p.tb.Helper()
	p.do("click "+selector, click(selector))
}

// Submit clicks a button or link which leads to another page (or the same one anew), waits until that one is loaded,
// redirects followed, and returns its status code.
func (p *Page) Submit(selector string) int {
	p.tb.Helper()
	p.WaitFor(selector)
	return p.status("submit by "+selector, func(ctx context.Context, _ *chromedp.Target) (*network.Response, error) {
		return chromedp.RunResponse(ctx, click(selector))
	})
}

// Type replaces what a field holds with the text, in one go as a paste does, so that input and change handlers run.
func (p *Page) Type(selector, text string) {
	p.tb.Helper()
	p.do("type into "+selector, chromedp.Steps(
		chromedp.WaitEnabled(chromedp.CSS(selector)),
		chromedp.Focus(chromedp.CSS(selector), chromedp.NodeVisible),
		chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)),
		call(input.InsertText, input.InsertTextParams{Text: text}),
	))
}

// Press presses keys one after the other on whatever has the focus: letters, or the names of chromedp's kb package.
func (p *Page) Press(keys ...string) {
	p.tb.Helper()
	for _, key := range keys {
		p.do(fmt.Sprintf("press %q", key), chromedp.KeyEvent(key))
	}
}

// PressOn presses a key that leads to another page, as Enter on a button does, waits until that one is loaded, redirects
// followed, and returns its status code.
func (p *Page) PressOn(key string) int {
	p.tb.Helper()
	return p.status(fmt.Sprintf("go on by %q", key), func(ctx context.Context, _ *chromedp.Target) (*network.Response, error) {
		return chromedp.RunResponse(ctx, chromedp.KeyEvent(key))
	})
}

// SetFiles chooses files in a file field, as the device's own dialogue does. Paths must be absolute.
func (p *Page) SetFiles(selector string, paths ...string) {
	p.tb.Helper()
	p.do("choose files in "+selector, chromedp.SetUploadFiles(chromedp.CSS(selector), paths))
}

// WaitFor waits until the first match can be seen.
func (p *Page) WaitFor(selector string) {
	p.tb.Helper()
	p.do("wait for "+selector, chromedp.WaitVisible(chromedp.CSS(selector)))
}

// WaitGone waits until nothing matches any more.
func (p *Page) WaitGone(selector string) {
	p.tb.Helper()
	p.do("wait until gone: "+selector, chromedp.WaitNotPresent(chromedp.CSS(selector)))
}

// Text waits for the first match and returns its text as it is shown: hidden parts left out, styles applied.
func (p *Page) Text(selector string) string {
	p.tb.Helper()
	return run(p, "read "+selector, chromedp.Text(chromedp.CSS(selector)))
}

// Texts returns the shown text of every match there is now, in the order of the page.
func (p *Page) Texts(selector string) []string {
	p.tb.Helper()
	return Eval[[]string](p, fmt.Sprintf(`[...document.querySelectorAll(%s)].map(e => e.innerText)`, quote(selector)))
}

// Count is the number of matches there are now, shown or hidden.
func (p *Page) Count(selector string) int {
	p.tb.Helper()
	return Eval[int](p, fmt.Sprintf(`document.querySelectorAll(%s).length`, quote(selector)))
}

// Attr waits for the first match and returns an attribute, "" when it has none of that name.
func (p *Page) Attr(selector, name string) string {
	p.tb.Helper()
	what := "read " + name + " of " + selector
	return run(p, what, chromedp.AttributeValue(chromedp.CSS(selector), name)).Value
}

// Eval returns the value of a script expression on the page, awaited if it is a promise: for what no other method
// tells, such as the length of the history. It also works where the page's own script is off.
func Eval[V any](p *Page, expression string) V {
	p.tb.Helper()
	return run(p, "evaluate "+expression, chromedp.Evaluate[V](expression, chromedp.EvalAwaitPromise))
}

// Elapse lets the time pass that the page's script waits for next, on a page that is Still.
func (p *Page) Elapse() {
	p.tb.Helper()
	if !Eval[bool](p, `(function () { var next = window.waits.shift(); if (next) next(); return Boolean(next); })()`) {
		p.tb.Fatalf("browser: nothing waits on this page")
	}
}

func click(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(chromedp.WaitEnabled(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector)))
}

// quote writes a string as script source.
func quote(s string) string {
	source, _ := json.Marshal(s) // a string always has a JSON form
	return string(source)
}
