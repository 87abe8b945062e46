// Package web is what all doors share: the server with its limits and headers,
// the table of routes, sessions, typed pages, the words of errors and the
// brakes on those who try too often.
//
// A door is a Server with a table of routes. What is not in the table cannot be
// reached, and every row names who may come, what body it takes and how often.
// The package knows the language of takedown; it knows neither the store nor a
// use case, and below it nobody knows a status code.
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"reprise/internal/takedown"
)

// Limits of every listener (SAFETY row 93).
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 30 * time.Second
	idleTimeout       = 10 * time.Second
	maxHeader         = 16 << 10
	maxBody           = 64 << 10
	maxConnections    = 512
	maxPerNetwork     = 64
)

// Options say what a door is made of.
type Options struct {
	Door        string // "portal" or "console": the folder of its templates, the owner of its sessions
	URL         string // the public address; https decides the cookie's name and HSTS
	Sessions    SessionRows
	Idle        time.Duration // a session unused for so long ends
	Absolute    time.Duration // a session older than that ends
	Kept        time.Duration // a visit without an owner is kept for so long after it was last seen, from Idle on at rest; 0: Idle
	KeptAtMost  time.Duration // and so long in all
	Now         func() time.Time
	Log         *slog.Logger
	RateKey     func(day time.Time, prefix string) string // keyed, so that no address is kept
	Unavailable func(error) bool                          // the database is locked, full or gone
	Proxies     []netip.Prefix                            // whose X-Forwarded-For is believed; nobody's without
	Widen       int                                       // multiplies every rate limit; 0 and 1: as written
	// Merge makes one of a value of a session that two requests changed beside each other:
	// as both had it, as it is kept now, and as the later one wants it. nil: that one.
	Merge func(name, before, now, ours string) string
	// Discreet doors show by a GET the page that a POST made (Ctx.show). Every path
	// of theirs that takes a form has a page, too.
	Discreet bool
}

// Server is one door.
type Server struct {
	Options
	echo     *echo.Echo
	host     string
	secure   bool
	store    sessions.Store
	origin   *http.CrossOriginProtection
	brakes   *brakes
	ending   chan struct{}
	heavy    chan struct{}
	routes   []Route
	failure  Page[Failure]
	decorate func(*Ctx, *Frame)
}

// New makes a door without routes.
func New(o Options) (*Server, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("the public address of the %s is not an address: set it like https://name.example", o.Door)
	}
	s := &Server{
		Options: o, echo: echo.New(), host: u.Host, secure: u.Scheme == "https",
		origin: http.NewCrossOriginProtection(), brakes: newBrakes(o.Now, max(o.Widen, 1)), failure: NewPage[Failure](o.Door, "failure"),
		ending: make(chan struct{}, endings), heavy: make(chan struct{}, heavyAtOnce),
	}
	s.store = &rowStore{s}
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.IPExtractor = visitorAt(o.Proxies)
	s.echo.HTTPErrorHandler = s.fail
	s.echo.Pre(s.frame)
	s.mountStatic()
	return s, nil
}

// visitorAt tells where a request comes from: the peer itself, unless it is one of
// our own proxies, which names the visitor it speaks for. Anybody else's
// X-Forwarded-For is an invention.
func visitorAt(proxies []netip.Prefix) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range proxies {
		trust = append(trust, echo.TrustIPRange(&net.IPNet{
			IP: p.Masked().Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen()),
		}))
	}
	return echo.ExtractIPFromXFFHeader(trust...)
}

// Handler gives the door as an http.Handler.
func (s *Server) Handler() http.Handler { return s.echo }

// HTTPServer gives the door as a server with the limits of every listener.
func (s *Server) HTTPServer() *http.Server {
	return &http.Server{
		Handler: s.echo, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // its lines carry addresses of visitors
	}
}

// Listen opens the listener of a door: at most 512 connections at once, and 64 of
// one network. Behind proxies of one's own, which speak for everybody, only they
// can tell networks apart.
func Listen(ctx context.Context, addr string, proxies ...netip.Prefix) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	if len(proxies) > 0 {
		return bounded(l, maxConnections, 0), nil
	}
	return bounded(l, maxConnections, maxPerNetwork), nil
}

// requestKey holds the number of a request in its echo context.
const requestKey = "request"

// retryAfter is how many seconds we ask one who tried too often to wait.
const retryAfter = "60"

// frame stands around everything a door answers: a request number, the headers,
// the host, the origin, panics and one log line without personal data.
func (s *Server) frame(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		start := s.Now()
		number := newNumber()
		c.Set(requestKey, number)
		s.headers(c.Response().Header())
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic: %T", r)
			}
			if err != nil {
				s.fail(err, c)
				err = nil
			}
			s.Log.Info("request", "door", s.Door, "request", number, "method", known(c.Request().Method),
				"route", c.Path(), "status", c.Response().Status, "ms", s.Now().Sub(start).Milliseconds())
		}()
		if !strings.EqualFold(c.Request().Host, s.host) {
			return echo.NewHTTPError(http.StatusMisdirectedRequest)
		}
		if known(c.Request().Method) == "other" {
			c.Response().Header().Set(echo.HeaderAllow, "GET, HEAD, POST")
			return echo.NewHTTPError(http.StatusMethodNotAllowed)
		}
		if err := s.origin.Check(c.Request()); err != nil {
			return errOrigin
		}
		return next(c)
	}
}

var errOrigin = echo.NewHTTPError(http.StatusForbidden)

func known(method string) string {
	switch method {
	case http.MethodGet, http.MethodPost, http.MethodHead:
		return method
	}
	return "other"
}

// headers sets the exact values of SAFETY 1.2 on every answer.
func (s *Server) headers(h http.Header) {
	for name, value := range fixedHeaders {
		h.Set(name, value)
	}
	if s.secure && !strings.HasSuffix(hostname(s.host), ".onion") {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
}

func hostname(hostport string) string {
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		return h
	}
	return hostport
}

// The policies. Every answer has the first, but for two kinds. A page that takes images starts our own worker, which
// trusted types call a script, and reads a video of the person's own; it may ask for no more than any other page. The
// worker, which sees the images, may ask for nothing at all, of us as little as of others.
const (
	policy     = pagePolicy + "trusted-types 'none'"
	imagesPage = pagePolicy + "trusted-types worker; media-src blob:"
	workers    = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

	pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; "
)

const headerPolicy = "Content-Security-Policy"

// TakesImages gives the page of this answer the policy of one that makes the fingerprints of images on the device.
func (c *Ctx) TakesImages() { c.Response().Header().Set(headerPolicy, imagesPage) }

var fixedHeaders = map[string]string{
	headerPolicy:                   policy,
	"Referrer-Policy":              "same-origin",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Embedder-Policy": "require-corp",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Cache-Control":                "no-store",
	"Permissions-Policy": "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), " +
		"geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), " +
		"publickey-credentials-get=(), screen-wake-lock=(), serial=(), sync-xhr=(), usb=(), xr-spatial-tracking=()",
	"X-Frame-Options":        "DENY",
	"X-Content-Type-Options": "nosniff",
	"X-Robots-Tag":           "noindex, noarchive",
	"X-DNS-Prefetch-Control": "off",
	"Origin-Agent-Cluster":   "?1",
}

// statusOf puts an error into a status. Anything that is no refusal is our fault.
func (s *Server) statusOf(err error) int {
	if errors.Is(err, errSessionOver) { // no secret: the form itself says that there was a session
		return http.StatusForbidden
	}
	switch takedown.KindOf(err) {
	case takedown.Invalid:
		return http.StatusUnprocessableEntity
	case takedown.NotFound:
		return http.StatusNotFound
	case takedown.Forbidden:
		if s.Door == "portal" {
			return http.StatusNotFound
		}
		return http.StatusForbidden
	case takedown.Conflict:
		return http.StatusConflict
	case takedown.TooMany:
		return http.StatusTooManyRequests
	}
	var he *echo.HTTPError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &he):
		return he.Code
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	case s.Unavailable != nil && s.Unavailable(err):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// Failure is the page of a request that could not be answered.
type Failure struct {
	Frame   Frame
	Text    string
	Request string // shown with our own faults, so that it can be told to us
}

// fail answers a request that ended in an error: what happened, that nothing
// was lost, and what to do.
func (s *Server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	status := s.statusOf(err)
	number, _ := c.Get(requestKey).(string)
	if status >= http.StatusInternalServerError {
		s.Log.Error("failed", "door", s.Door, "request", number, "route", c.Path(), "error", err.Error())
	}
	if status == http.StatusTooManyRequests {
		c.Response().Header().Set("Retry-After", retryAfter)
	}
	ctx := s.plainContext(c)
	page := Failure{Frame: ctx.Frame(), Text: Sentence(ctx.Lang, err, status)}
	page.Frame.Others, page.Frame.IdleAfter = nil, 0 // what failed cannot be shown again in another language
	if status == http.StatusInternalServerError {
		page.Request = number
	}
	if renderErr := s.failure.render(ctx, status, page); renderErr != nil {
		s.Log.Error("failed to tell of a failure", "request", number, "error", renderErr.Error())
		_ = c.String(status, http.StatusText(status))
	}
}

// refusal gives the key of a refusal's sentence, "" when err is none.
func refusal(err error) string {
	var e *takedown.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}
