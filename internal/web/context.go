package web

import (
	"fmt"
	"net/http"
	"strings"

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
}

// plainContext is the context of a request that needs no session.
func (s *Server) plainContext(c echo.Context) *Ctx {
	if ctx, ok := c.Get("ctx").(*Ctx); ok {
		return ctx
	}
	return &Ctx{Context: c, server: s, Session: &Session{}, Lang: accepted(c.Request())}
}

// context loads the session and the actor it stands for.
func (s *Server) context(c echo.Context) (*Ctx, error) {
	ctx := s.plainContext(c)
	session, err := s.loadSession(ctx)
	if err != nil {
		return nil, err
	}
	ctx.Session, ctx.Actor = session, session.actor
	if l := session.Get("lang"); l != "" {
		ctx.Lang = takedown.LangOf(l)
	}
	c.Set("ctx", ctx)
	return ctx, nil
}

// accepted gives the language the browser asks for: English when it asks for
// English before French, French otherwise.
func accepted(r *http.Request) takedown.Lang {
	for _, part := range strings.Split(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		tag, _, _ = strings.Cut(tag, "-")
		for _, l := range takedown.Langs() {
			if strings.EqualFold(tag, string(l)) {
				return l
			}
		}
	}
	return takedown.French
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
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
		return fmt.Errorf("a redirect that leaves the house")
	}
	return c.Context.Redirect(http.StatusSeeOther, to)
}

// Brake counts one try against a limit of its own, beside that of the route.
func (c *Ctx) Brake(l *Limit, key string) error { return c.server.brakes.brake(l, key) }

// SwitchLanguage takes up the language that the form's switch asks for, and
// tells whether it did.
func (c *Ctx) SwitchLanguage() bool {
	l := c.Value("lang")
	if l == "" {
		return false
	}
	c.Lang = takedown.LangOf(l)
	c.Session.Set("lang", string(c.Lang))
	return true
}

// prefixKey names the network a request comes from (/24 or /56) by a keyed hash
// that changes every day.
func (s *Server) prefixKey(c echo.Context) string {
	return s.RateKey(s.Now(), prefix(c.RealIP()))
}
