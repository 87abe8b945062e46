package web

import (
	"bytes"
	"compress/gzip"
	"crypto/subtle"
	"errors"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"reprise/internal/takedown"
	"reprise/static"
)

// Body is what a route takes in.
type Body int

// The bodies. NoBody refuses any.
const (
	NoBody Body = iota
	FormBody
	UploadBody // multipart/form-data, read by the handler as a stream
	EitherBody // a form, or files as UploadBody (Ctx.Uploading)
)

// Route is one row of a door's table. What is not in it cannot be reached.
type Route struct {
	Method string
	Path   string
	// May is the permission the visitor's actor must have; "" lets anyone come.
	May takedown.Permission
	// Free routes need neither session nor database (start of the way out).
	Free bool
	// First routes take a form from who has no session yet: its token is the
	// same for everybody and changes every day, so that the page of the form
	// sets no cookie.
	First  bool
	Body   Body
	Max    int64    // bytes of a form, 0: 64 KiB
	Files  int64    // bytes of a body of files
	Fields []string // the form's fields; others are refused
	Lists  []string // fields that may come more than once
	Limit  *Limit
	Do     func(*Ctx) error
	// Again shows the form as it was sent, for when the database is away: there
	// may be no session. Without it the page of the failure is shown.
	Again func(*Ctx) error
}

// Mount adds rows to the table.
func (s *Server) Mount(routes ...Route) {
	for _, r := range routes {
		s.routes = append(s.routes, r)
		s.echo.Add(r.Method, r.Path, s.handle(r))
		if r.Method == http.MethodGet {
			s.echo.Add(http.MethodHead, r.Path, s.handle(r))
		}
	}
}

// Routes gives the table, for the tests that walk it.
func (s *Server) Routes() []Route { return s.routes }

func (r Route) limit(files bool) int64 {
	switch {
	case files && r.Files > 0:
		return r.Files
	case r.Max > 0:
		return r.Max
	}
	return maxBody
}

func (s *Server) handle(r Route) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := s.plainContext(c)
		if r.Free {
			return r.Do(ctx)
		}
		err := ctx.answer(r)
		if err == nil || r.Again == nil || s.statusOf(err) != http.StatusServiceUnavailable {
			return err
		}
		return ctx.again(r, err)
	}
}

// answer runs one row: limit, session, permission, body, token, and then the
// handler.
func (c *Ctx) answer(r Route) error {
	if err := c.BrakeNetwork(r.Limit); err != nil {
		return err
	}
	defer c.letGo()
	if err := c.load(); err != nil {
		return err
	}
	if c.Request().Method == http.MethodGet {
		if done, err := c.showKept(); done || err != nil {
			return err
		}
	}
	if r.May != "" && !c.Actor.May(r.May) {
		return c.turnAway()
	}
	if err := c.readBody(r); err != nil {
		return err
	}
	if r.Method == http.MethodPost && c.Request().PostForm != nil {
		if err := c.checkToken(c.Value(fieldToken), r.First); err != nil {
			return err
		}
		c.honest = true
	}
	return r.Do(c)
}

// again shows a form as it was sent. Whoever sent it proved at least to come
// from our own pages; nothing is changed, so that no session is needed.
func (c *Ctx) again(r Route, cause error) error {
	c.Note(cause)
	if r.Method == http.MethodPost && c.Request().PostForm == nil {
		if err := c.readBody(r); err != nil || c.Request().PostForm == nil && !c.Uploading() {
			return cause
		}
	}
	c.resent = true
	return r.Again(c)
}

// turnAway answers a visitor who may not come here: who is not signed in is
// shown the way in, for the others there is nothing here.
func (c *Ctx) turnAway() error {
	if c.Actor.Role == takedown.RoleNobody && c.Request().Method == http.MethodGet {
		return c.Redirect("/")
	}
	if c.Actor.Role == takedown.RoleNobody {
		return errSessionOver
	}
	return takedown.ErrNotFound
}

var errSessionOver = takedown.Refuse(takedown.Forbidden, "error.session_over")

// readBody reads a form within its bounds: the declared fields, each once
// unless it is a list.
func (c *Ctx) readBody(r Route) error {
	req := c.Request()
	limit := r.limit(c.Uploading())
	if req.ContentLength > limit {
		return echo.NewHTTPError(http.StatusRequestEntityTooLarge)
	}
	req.Body = http.MaxBytesReader(c.Response(), req.Body, limit)
	if r.Method != http.MethodPost {
		return nil
	}
	if err := checkKind(req.Header, r.Body); err != nil {
		return err
	}
	if c.Uploading() {
		return nil
	}
	if err := req.ParseForm(); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return err
		}
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	return checkFields(req.PostForm, r)
}

// checkKind refuses a body that is not what the row takes in. A form sent as
// text/plain needs no question before it crosses origins; a packed one has no
// bounds that count.
func checkKind(h http.Header, body Body) error {
	kind, params, err := mime.ParseMediaType(h.Get(echo.HeaderContentType))
	form := kind == echo.MIMEApplicationForm && (body == FormBody || body == EitherBody)
	files := kind == echo.MIMEMultipartForm && (body == UploadBody || body == EitherBody)
	charset := strings.ToLower(params["charset"])
	if err != nil || !form && !files || charset != "" && charset != "utf-8" || h.Get(echo.HeaderContentEncoding) != "" {
		return echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	return nil
}

// checkFields refuses a field that the row does not name, and one that comes
// twice where one is meant: first-wins here and last-wins there is how a
// request says two things.
func checkFields(form map[string][]string, r Route) error {
	for name, values := range form {
		many := has(r.Lists, name)
		if !many && !has(r.Fields, name) && !has(everyForm, name) {
			return echo.NewHTTPError(http.StatusBadRequest)
		}
		if len(values) > 1 && !many || slices.ContainsFunc(values, broken) {
			return echo.NewHTTPError(http.StatusBadRequest)
		}
	}
	return nil
}

// everyForm are the fields that the frame of a page brings: the token, the
// language, and the wish to stay.
var everyForm = []string{"c", "lang", "stay"}

func has(list []string, s string) bool { return slices.Contains(list, s) }

// broken tells whether a value is no text that both databases keep alike.
func broken(v string) bool { return !utf8.ValidString(v) || strings.ContainsRune(v, 0) }

const fieldToken = "c"

// checkToken compares the token of a form with that of the session or, where
// there is none yet, of the day: today's or, over midnight, yesterday's.
func (c *Ctx) checkToken(given string, first bool) error {
	wanted := []string{c.Session.Token()}
	if wanted[0] == "" && first {
		wanted = []string{c.server.dayToken(0), c.server.dayToken(-1)}
	}
	for _, want := range wanted {
		if want != "" && subtle.ConstantTimeCompare([]byte(given), []byte(want)) == 1 {
			return nil
		}
	}
	return errSessionOver
}

// CheckToken compares the token of a form with that of the session, for a
// handler that reads its body as a stream.
func (c *Ctx) CheckToken(given string) error { return c.checkToken(given, false) }

// dayToken is the token of forms that are filled in without a session.
func (s *Server) dayToken(days int) string { return s.RateKey(s.Now().AddDate(0, 0, days), "form") }

// token is what the forms of this page carry: the session's token, or the one
// that was sent when the session could not be read, or that of the day.
func (c *Ctx) token() string {
	if t := c.Session.Token(); t != "" {
		return t
	}
	if c.resent {
		return c.Value(fieldToken)
	}
	if c.Request().Method == http.MethodPost && c.mayKeep() { // the page will be shown by a GET of this session
		c.Session.Set(valueToken, randomToken())
		return c.Session.Token()
	}
	return c.server.dayToken(0)
}

// mountStatic serves the embedded files by a map made once: no path of a
// request ever reaches a file system.
func (s *Server) mountStatic() {
	files := staticFiles()
	serve := func(c *Ctx, name string) error {
		body, ok := files[name]
		if !ok || staticTypes[path.Ext(name)] == "" {
			return takedown.ErrNotFound
		}
		if _, worker := workerFiles[name]; worker {
			c.Response().Header().Set(headerPolicy, workers)
		}
		c.Response().Header().Set(echo.HeaderVary, echo.HeaderAcceptEncoding)
		if packed, ok := files[name+".gz"]; ok && takesGzip(c.Request()) {
			c.Response().Header().Set(echo.HeaderContentEncoding, "gzip")
			body = packed
		}
		return c.Blob(http.StatusOK, staticTypes[path.Ext(name)], body)
	}
	s.Mount(
		Route{Method: http.MethodGet, Path: "/static/:name", Free: true, Do: func(c *Ctx) error { return serve(c, c.Param("name")) }},
		Route{Method: http.MethodGet, Path: "/favicon.ico", Free: true, Do: func(c *Ctx) error { return serve(c, "favicon.ico") }},
	)
}

// workerFiles are the scripts that see the pixels of a person's images, each with the files that it is made of: a worker
// of ours may load nothing.
var workerFiles = map[string][]string{
	"hash.js":   {"pdq.js", "signature.js", "worker.js"},
	"points.js": {"pdq.js", "signature.js", "keypoints.js", "worker.js"},
}

// staticTypes are said here and not asked of the machine, whose tables differ.
var staticTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml; charset=utf-8", ".ico": "image/x-icon",
}

var staticFiles = once(func() map[string][]byte {
	out := map[string][]byte{}
	entries, _ := fs.ReadDir(static.FS, ".")
	for _, e := range entries {
		if body, err := fs.ReadFile(static.FS, e.Name()); err == nil {
			out[e.Name()] = body
		}
	}
	for worker, parts := range workerFiles {
		for _, part := range parts {
			out[worker] = append(out[worker], out[part]...)
		}
	}
	for name, body := range maps.Clone(out) {
		out[name+".gz"] = gzipped(body)
	}
	return out
})

// gzipped packs a file once, for every old phone that loads it. Pages are never
// packed: their length would tell what stands beside the token.
func gzipped(body []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is a known one
	_, _ = w.Write(body)                                  // to memory: no error
	_ = w.Close()
	return b.Bytes()
}

// takesGzip tells whether a browser says plainly that it can unpack.
func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get(echo.HeaderAcceptEncoding), ",") {
		if strings.TrimSpace(part) == "gzip" {
			return true
		}
	}
	return false
}
