package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// shownFor is how long a page waits for its GET. What nobody came for is dropped.
const shownFor = time.Minute

// valueShown keeps the page that a POST made until the GET that follows shows it.
const valueShown = "shown"

// shown is such a page.
type shown struct {
	At     time.Time
	Path   string
	Status int
	Policy string
	HTML   []byte
}

// show answers with a page. A browser keeps what a POST carried together with the
// page it got for it: in its history, to send it again, and in the files by which
// it restores its tabs. So at a discreet door a page made by a POST is shown by a GET. It is shown at
// once where nothing can be kept: while the database is away, when the session has
// just ended, to who begins visits too often, and to who has no session and did
// not come from a page of ours: a form of a visit that is over takes no other
// visit's place.
func (c *Ctx) show(status int, html []byte) error {
	if c.Request().Method != http.MethodPost || status >= http.StatusInternalServerError || !c.mayKeep() {
		return c.HTMLBlob(status, html)
	}
	page, err := json.Marshal(shown{c.server.Now(), c.Request().URL.Path, status, c.Response().Header().Get(headerPolicy), html})
	if err != nil {
		return fmt.Errorf("keep a page: %w", err)
	}
	c.Session.Set(valueShown, string(page))
	if err := c.Session.Save(); err != nil {
		c.Note(err)
		return c.HTMLBlob(status, html)
	}
	return c.Redirect(c.Request().URL.Path)
}

// mayKeep tells whether this visit may be kept, if it is not yet: one without a
// session is counted against its network first.
func (c *Ctx) mayKeep() bool {
	switch {
	case !c.server.Discreet || c.Session.inner == nil || c.Session.ended:
		return false
	case c.Session.inner.ID != "":
		return true
	}
	c.braked.Do(func() { c.may = c.honest && c.BrakeNetwork(LimitDraft) == nil })
	return c.may
}

// showKept shows the page that the last POST of this session made for the path,
// and tells whether there was one.
func (c *Ctx) showKept() (bool, error) {
	kept := c.Session.Get(valueShown)
	if kept == "" {
		return false, nil
	}
	var page shown
	if err := json.Unmarshal([]byte(kept), &page); err != nil {
		return false, fmt.Errorf("read a kept page: %w", err)
	}
	old := c.server.Now().Sub(page.At) >= shownFor
	if !old && page.Path != c.Request().URL.Path {
		return false, nil // of another tab, whose GET is on its way
	}
	c.Session.Set(valueShown, "")
	if err := c.Session.Save(); err != nil || old {
		return false, err
	}
	c.Response().Header().Set(headerPolicy, page.Policy)
	if page.Status == http.StatusTooManyRequests {
		c.Response().Header().Set("Retry-After", retryAfter)
	}
	return true, c.HTMLBlob(page.Status, page.HTML)
}
