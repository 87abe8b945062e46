package web

import (
	"crypto/subtle"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"

	"github.com/labstack/echo/v4"

	"reprise/internal/takedown"
	"reprise/static"
)

// Body is what a route takes in.
type Body int

// The bodies. None refuses any.
const (
	NoBody Body = iota
	FormBody
	UploadBody // multipart/form-data, read by the handler as a stream
)

// Route is one row of a door's table. What is not in it cannot be reached.
type Route struct {
	Method string
	Path   string
	// May is the permission the visitor's actor must have; "" lets anyone come.
	May takedown.Permission
	// Free routes need neither session nor database (start of the way out).
	Free   bool
	Body   Body
	Max    int64    // bytes of the body, 0: 64 KiB
	Fields []string // the form's fields; others are refused
	Lists  []string // fields that may come more than once
	Limit  *Limit
	Do     func(*Ctx) error
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

// handle runs one row: limit, session, permission, body, token, and then the
// handler.
func (s *Server) handle(r Route) echo.HandlerFunc {
	return func(c echo.Context) error {
		if r.Free {
			return r.Do(s.plainContext(c))
		}
		if err := s.brakes.brake(r.Limit, s.prefixKey(c)); err != nil {
			return err
		}
		ctx, err := s.context(c)
		if err != nil {
			return err
		}
		if r.May != "" && !ctx.Actor.May(r.May) {
			return s.turnAway(ctx)
		}
		if err := ctx.readBody(r); err != nil {
			return err
		}
		if r.Method == http.MethodPost && r.Body == FormBody {
			if err := ctx.checkToken(ctx.Value("c")); err != nil {
				return err
			}
		}
		return r.Do(ctx)
	}
}

// turnAway answers a visitor who may not come here: who is not signed in is
// shown the way in, for the others there is nothing here.
func (s *Server) turnAway(c *Ctx) error {
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
	limit := r.Max
	if limit == 0 {
		limit = maxBody
	}
	if req.ContentLength > limit {
		return echo.NewHTTPError(http.StatusRequestEntityTooLarge)
	}
	req.Body = http.MaxBytesReader(c.Response(), req.Body, limit)
	if r.Method != http.MethodPost {
		return nil
	}
	kind, _, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
	want := map[Body]string{FormBody: "application/x-www-form-urlencoded", UploadBody: "multipart/form-data"}[r.Body]
	if err != nil || kind != want {
		return echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	if r.Body == UploadBody {
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

// checkFields refuses a field that the row does not name, and one that comes
// twice where one is meant: first-wins here and last-wins there is how a
// request says two things.
func checkFields(form map[string][]string, r Route) error {
	for name, values := range form {
		many := has(r.Lists, name)
		if !many && !has(r.Fields, name) && !has(everyForm, name) {
			return echo.NewHTTPError(http.StatusBadRequest)
		}
		if len(values) > 1 && !many {
			return echo.NewHTTPError(http.StatusBadRequest)
		}
	}
	return nil
}

// everyForm are the fields that the frame of a page brings: the token, the
// language, and the wish to stay.
var everyForm = []string{"c", "lang", "stay"}

func has(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// checkToken compares the token of a form with the session's.
func (c *Ctx) checkToken(given string) error {
	want := c.Session.Token()
	if want == "" || subtle.ConstantTimeCompare([]byte(given), []byte(want)) != 1 {
		return errSessionOver
	}
	return nil
}

// CheckToken is checkToken for a handler that reads its body as a stream.
func (c *Ctx) CheckToken(given string) error { return c.checkToken(given) }

// mountStatic serves the embedded files by a map made once: no path of a
// request ever reaches a file system.
func (s *Server) mountStatic() {
	files := staticFiles()
	s.Mount(Route{Method: http.MethodGet, Path: "/static/:name", Free: true, Do: func(c *Ctx) error {
		body, ok := files[c.Param("name")]
		if !ok {
			return takedown.ErrNotFound
		}
		return c.Blob(http.StatusOK, mime.TypeByExtension(path.Ext(c.Param("name"))), body)
	}})
}

var staticFiles = once(func() map[string][]byte {
	out := map[string][]byte{}
	entries, _ := fs.ReadDir(static.FS, ".")
	for _, e := range entries {
		if body, err := fs.ReadFile(static.FS, e.Name()); err == nil {
			out[e.Name()] = body
		}
	}
	return out
})
