package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"reprise/internal/takedown"
)

// The tests stand a door on loopback with a small table of routes, so that all
// that is asked goes through the whole of it.

var errAway = errors.New("the database is away")

type rows struct {
	mu      sync.Mutex
	kept    map[string]Row
	failing error
	touched int // loads, saves and ends
}

func (r *rows) Load(_ context.Context, hash []byte) (Row, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.touched++
	row, ok := r.kept[string(hash)]
	if !ok && r.failing == nil {
		return Row{}, takedown.ErrNotFound
	}
	return row, r.failing
}

func (r *rows) Add(_ context.Context, row Row) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.touched++
	if r.failing == nil {
		r.kept[string(row.TokenHash)] = row
	}
	return r.failing
}

func (r *rows) Change(_ context.Context, hash []byte, at time.Time, data func([]byte) ([]byte, error)) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.touched++
	row, ok := r.kept[string(hash)]
	switch {
	case r.failing != nil:
		return r.failing
	case !ok:
		return takedown.ErrNotFound
	}
	var err error
	if row.Data, err = data(row.Data); err != nil {
		return err
	}
	row.SeenAt = at
	r.kept[string(hash)] = row
	return nil
}

func (r *rows) End(_ context.Context, hash []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.touched++
	if r.failing == nil {
		delete(r.kept, string(hash))
	}
	return r.failing
}

func (r *rows) Actor(_ context.Context, owner string) (takedown.Actor, error) {
	if owner == "ended" {
		return takedown.Actor{}, takedown.ErrNotFound
	}
	return takedown.Actor{Role: takedown.RoleReporter, ID: owner}, nil
}

func (r *rows) away(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failing = err
}

func (r *rows) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.kept)
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// logs is a log that can be read while it is written.
type logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

type house struct {
	t     *testing.T
	url   string
	rows  *rows
	clock *clock
	log   *logs
	web   *Server
	wrote chan string // what handlers changed
}

type option func(*Options)

func at(url string) option { return func(o *Options) { o.URL = url } }

func newHouse(t *testing.T, configure ...option) *house {
	t.Helper()
	listener := httptest.NewUnstartedServer(nil)
	h := &house{
		t: t, url: "http://" + listener.Listener.Addr().String(), rows: &rows{kept: map[string]Row{}}, log: &logs{},
		clock: &clock{now: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}, wrote: make(chan string, 1000),
	}
	o := Options{
		Door: "portal", URL: h.url, Sessions: h.rows, Idle: 15 * time.Minute, Absolute: time.Hour, Now: h.clock.Now,
		Log:         slog.New(slog.NewJSONHandler(h.log, nil)),
		RateKey:     func(day time.Time, prefix string) string { return day.Format(time.DateOnly) + "-" + prefix },
		Unavailable: func(err error) bool { return errors.Is(err, errAway) },
	}
	for _, c := range configure {
		c(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	h.web = s
	s.Mount(h.table()...)
	listener.Config = s.HTTPServer()
	listener.Start()
	t.Cleanup(listener.Close)
	return h
}

// table is a row of each sort.
func (h *house) table() []Route {
	write := func(c *Ctx) error {
		h.wrote <- c.Value("text")
		return c.Redirect("/")
	}
	return []Route{
		{Method: http.MethodGet, Path: "/", Do: func(c *Ctx) error { return c.String(http.StatusOK, c.Frame().CSRF) }},
		{Method: http.MethodPost, Path: "/", First: true, Body: FormBody, Fields: []string{"owner"}, Do: h.enter},
		{Method: http.MethodGet, Path: "/own", May: takedown.MayFollowOwnCase, Do: func(c *Ctx) error { return c.String(http.StatusOK, c.Frame().CSRF) }},
		{Method: http.MethodPost, Path: "/own", May: takedown.MayFollowOwnCase, Body: FormBody, Fields: []string{"text"}, Lists: []string{"many"}, Do: write, Again: sent},
		{Method: http.MethodPost, Path: "/files", May: takedown.MayFollowOwnCase, Body: UploadBody, Files: 1 << 20, Do: readAll},
		{Method: http.MethodPost, Path: "/any", Body: FormBody, Fields: []string{"text"}, Do: write},
		{Method: http.MethodPost, Path: "/none", May: takedown.MayFollowOwnCase, Do: write},
		{Method: http.MethodGet, Path: "/staff", May: takedown.MayReadCases, Do: func(c *Ctx) error { return c.NoContent(http.StatusOK) }},
		{Method: http.MethodGet, Path: "/slow", Limit: LimitEnter, Do: func(c *Ctx) error { return c.NoContent(http.StatusNoContent) }},
		{Method: http.MethodGet, Path: "/out", Free: true, Do: func(c *Ctx) error { c.EndSoon(); return c.NoContent(http.StatusNoContent) }},
		{Method: http.MethodGet, Path: "/fault", Do: func(*Ctx) error { return errors.New("the pump is broken") }},
		{Method: http.MethodGet, Path: "/away", Do: func(*Ctx) error { return errAway }},
		{Method: http.MethodGet, Path: "/panic", Do: func(*Ctx) error { panic("secret words") }},
		{Method: http.MethodGet, Path: "/late", Do: func(c *Ctx) error { _ = c.String(http.StatusOK, "begun"); panic("secret words") }},
		{Method: http.MethodGet, Path: "/refuse/:kind", Do: refuseAs},
		{Method: http.MethodPost, Path: "/leave", May: takedown.MayFollowOwnCase, Body: FormBody, Do: func(c *Ctx) error {
			if err := c.Session.End(); err != nil {
				return err
			}
			c.ForgetTraces()
			return c.Redirect("/")
		}},
	}
}

func (h *house) enter(c *Ctx) error {
	if owner := c.Value("owner"); owner != "" {
		if err := c.Session.Enter(owner); err != nil {
			return err
		}
	} else if c.SwitchLanguage() {
		if err := c.Session.Save(); err != nil {
			return err
		}
	}
	h.wrote <- "enter"
	return c.Redirect("/")
}

func sent(c *Ctx) error {
	return c.String(http.StatusServiceUnavailable, "again "+c.Value("text")+" "+c.Frame().CSRF)
}

func readAll(c *Ctx) error {
	if _, err := io.Copy(io.Discard, c.Request().Body); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func refuseAs(c *Ctx) error {
	kinds := map[string]takedown.Kind{
		"invalid": takedown.Invalid, "missing": takedown.NotFound, "forbidden": takedown.Forbidden,
		"conflict": takedown.Conflict, "many": takedown.TooMany,
	}
	return takedown.Refuse(kinds[c.Param("kind")], "error.age")
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (h *house) do(r *http.Request) answer {
	h.t.Helper()
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(body)}
}

func (h *house) ask(method, path string, body io.Reader, header ...string) *http.Request {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.url+path, body)
	if err != nil {
		h.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	return r
}

func (h *house) get(path string, header ...string) answer {
	h.t.Helper()
	return h.do(h.ask(http.MethodGet, path, nil, header...))
}

const formType = "application/x-www-form-urlencoded"

// post sends a form; pairs whose name has a capital first letter are headers.
func (h *house) post(path string, pairs ...string) answer {
	h.t.Helper()
	form, header := url.Values{}, []string{"Content-Type", formType}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i][0] >= 'A' && pairs[i][0] <= 'Z' {
			header = append(header, pairs[i], pairs[i+1])
			continue
		}
		form.Add(pairs[i], pairs[i+1])
	}
	return h.do(h.ask(http.MethodPost, path, strings.NewReader(form.Encode()), header...))
}

// signIn gives the cookie and the token of a new session of the owner.
func (h *house) signIn(owner string) (cookie, token string) {
	h.t.Helper()
	first := h.get("/").body
	a := h.post("/", "c", first, "owner", owner)
	cookie = cookieOf(h.t, a)
	return cookie, h.get("/own", "Cookie", cookie).body
}

func cookieOf(t *testing.T, a answer) string {
	t.Helper()
	pair, _, ok := strings.Cut(a.header.Get("Set-Cookie"), ";")
	if !ok {
		t.Fatalf("no cookie was set (%d): %v", a.status, a.header)
	}
	return pair
}

// changed tells whether a handler changed something since it was asked last.
func (h *house) changed() bool {
	select {
	case <-h.wrote:
		return true
	default:
		return false
	}
}

func (r *rows) Touch(_ context.Context, hash []byte, at time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	row, ok := r.kept[string(hash)]
	r.touched++
	if ok && r.failing == nil {
		row.SeenAt = at
		r.kept[string(hash)] = row
	}
	return r.failing
}
