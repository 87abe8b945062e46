package web

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/labstack/echo/v4"

	"reprise/internal/takedown"
)

// Ctx is one request at a door, with who comes and in which language.
type Ctx struct {
	echo.Context
	server  *Server
	Session *Session
	Actor   takedown.Actor
	Lang    takedown.Lang
	Alerts  []Alert
	braked  sync.Once // counts this visit once against its network
	may     bool      // and it may be kept
	honest  bool      // the form that was sent carried the token of a page of ours
	resent  bool      // a form is shown again without a session, with the token it was sent with
}

// plainContext is the context of a request that needs no session.
func (s *Server) plainContext(c echo.Context) *Ctx {
	if ctx, ok := c.Get(contextKey).(*Ctx); ok {
		return ctx
	}
	ctx := &Ctx{Context: c, server: s, Session: &Session{}, Lang: s.accepted(c.Request())}
	c.Set(contextKey, ctx)
	return ctx
}

// contextKey holds the Ctx of a request in its echo context.
const contextKey = "ctx"

// load finds the session, the actor it stands for, and what it has to tell.
func (c *Ctx) load() error {
	session, err := c.server.loadSession(c)
	if err != nil {
		return err
	}
	c.Session, c.Actor = session, session.actor
	if l := takedown.Lang(session.Get(valueLang)); c.server.speaks(l) {
		c.Lang = l
	}
	if c.Request().Method != http.MethodGet || session.Get(valueFlash) == "" {
		return nil
	}
	var told Alert
	if err := json.Unmarshal([]byte(session.Get(valueFlash)), &told); err != nil {
		return fmt.Errorf("read what was to be told: %w", err)
	}
	c.Alerts = append(c.Alerts, told)
	session.Set(valueFlash, "")
	return session.Save()
}

// Flash tells something above the next page that is shown in this session. It
// is kept by Session.Save.
func (c *Ctx) Flash(a Alert) error {
	told, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("keep what is to be told: %w", err)
	}
	c.Session.Set(valueFlash, string(told))
	return nil
}

// langs lists the languages of the door, the default first.
func (s *Server) langs() []takedown.Lang {
	if l := Langs(s.Door); len(l) > 0 {
		return l
	}
	return takedown.Langs()
}

func (s *Server) speaks(l takedown.Lang) bool { return slices.Contains(s.langs(), l) }

// accepted gives the first of the languages the browser asks for that the door
// speaks, and the door's own for none.
func (s *Server) accepted(r *http.Request) takedown.Lang {
	for _, part := range strings.Split(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		tag, _, _ = strings.Cut(tag, "-")
		if l := takedown.Lang(strings.ToLower(tag)); s.speaks(l) {
			return l
		}
	}
	return s.langs()[0]
}

// Value gives a field of the form that was sent, and "" when it was not.
func (c *Ctx) Value(name string) string {
	if v := c.Request().PostForm[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Values gives a field that may come more than once.
func (c *Ctx) Values(name string) []string { return c.Request().PostForm[name] }

// Redirect answers with the way to one of our own pages. The target is written
// by the handler, never taken from the request.
func (c *Ctx) Redirect(to string) error {
	if !ours(to) {
		return fmt.Errorf("a redirect that leaves the house")
	}
	return c.Context.Redirect(http.StatusSeeOther, to)
}

// ours tells whether every browser takes the target for a path of this house.
func ours(to string) bool {
	odd := func(r rune) bool { return r == '\\' || unicode.IsControl(r) }
	return strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") && !strings.ContainsFunc(to, odd)
}

// Brake counts one try against a limit of its own, beside that of the route.
func (c *Ctx) Brake(l *Limit, key string) error { return c.server.brakes.brake(l, key) }

// BrakeNetwork counts one try of the network the request comes from.
func (c *Ctx) BrakeNetwork(l *Limit) error { return c.Brake(l, c.server.prefixKey(c.Context)) }

// Refusal puts a refusal into a sentence and a status, for a form that is shown
// again. It is not ok for an error that is our own fault, nor while the database
// is away: such an error is returned by the handler.
func (c *Ctx) Refusal(err error) (sentence string, status int, ok bool) {
	if refusal(err) == "" {
		return "", 0, false
	}
	status = c.server.statusOf(err)
	if status == http.StatusTooManyRequests {
		c.Response().Header().Set("Retry-After", retryAfter)
	}
	return Sentence(c.Lang, err, status), status, true
}

// Note logs an error that is not told: it must carry no personal value.
func (c *Ctx) Note(err error) {
	c.server.Log.Error("failed", "door", c.server.Door, "request", c.Get(requestKey), "route", c.Path(), "error", err.Error())
}

// Uploading tells whether the body is one of files, to be read as a stream.
func (c *Ctx) Uploading() bool {
	kind, _, err := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType))
	return err == nil && kind == echo.MIMEMultipartForm
}

// SwitchLanguage takes up the language that the form's switch asks for, and
// tells whether it did.
func (c *Ctx) SwitchLanguage() bool {
	l := c.Value("lang")
	if l == "" {
		return false
	}
	c.UseLanguage(l)
	return true
}

// ChoseLanguage tells whether a language was chosen in this session.
func (c *Ctx) ChoseLanguage() bool { return c.Session.Get(valueLang) != "" }

// UseLanguage takes up a language of the door for this page and, after Save, the
// next ones. A language that the door does not speak changes nothing.
func (c *Ctx) UseLanguage(tag string) {
	if l := takedown.Lang(tag); c.server.speaks(l) {
		c.Lang = l
		c.Session.Set(valueLang, tag)
	}
}

// prefixKey names the network a request comes from (/24 or /56) by a keyed hash
// that changes every day.
func (s *Server) prefixKey(c echo.Context) string {
	return s.RateKey(s.Now(), prefix(c.RealIP()))
}
