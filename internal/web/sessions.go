package web

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"reprise/internal/takedown"
)

// Row is a session as it is kept: found by the SHA-256 of the cookie's token.
type Row struct {
	TokenHash []byte
	Owner     string
	Data      []byte // JSON, sealed by the one who keeps it
	CreatedAt time.Time
	SeenAt    time.Time
}

// SessionRows keeps the sessions of one door. Load gives a refusal of kind
// NotFound when there is none.
type SessionRows interface {
	Load(ctx context.Context, tokenHash []byte) (Row, error)
	// Add keeps a new session.
	Add(ctx context.Context, r Row) error
	// Change rewrites the data of a session, in one piece with reading it, and notes
	// when it was seen. One that has ended meanwhile is not made anew: NotFound.
	Change(ctx context.Context, tokenHash []byte, at time.Time, data func([]byte) ([]byte, error)) error
	// Touch notes when the session was last seen and leaves all else as it is: a
	// request beside this one may just have saved it.
	Touch(ctx context.Context, tokenHash []byte, at time.Time) error
	End(ctx context.Context, tokenHash []byte) error
	// Actor gives whom a session's owner stands for now.
	Actor(ctx context.Context, owner string) (takedown.Actor, error)
}

// Session is one visit: nothing of it but a random token is in the browser.
type Session struct {
	inner *sessions.Session
	actor takedown.Actor
	ctx   *Ctx
	ended bool // in this request
	heavy bool // it counts among those that are
}

// heavySession is from how many bytes on a session is a heavy one, and heavyAtOnce how
// many requests with such a one are answered beside each other: each takes some
// fifty megabytes for as long as it lasts, however little was sent for it.
const (
	heavySession = 1 << 20
	heavyAtOnce  = 8
)

type heavyKey struct{}

// lift counts a heavy session, and refuses one too many; letGo ends that.
func (s *Server) lift(inner *sessions.Session, row Row) error {
	if len(row.Data) < heavySession {
		return nil
	}
	select {
	case s.heavy <- struct{}{}:
		inner.Values[heavyKey{}] = true
		return nil
	default:
		return echo.NewHTTPError(http.StatusServiceUnavailable)
	}
}

func (c *Ctx) letGo() {
	if c.Session != nil && c.Session.heavy {
		<-c.server.heavy
		c.Session.heavy = false
	}
}

const (
	valueToken  = "csrf"
	valueLang   = "lang"
	valueFlash  = "flash"
	valueBefore = "before"
	valueRests  = "rests"
	tokenBytes  = 32
	maxSession  = 12 << 20 // bytes: the longest text that is read, every byte escaped, and all its images
	touchEvery  = 30 * time.Second
)

func randomToken() string {
	b := make([]byte, tokenBytes)
	_, _ = rand.Read(b) // never returns an error
	return base64.RawURLEncoding.EncodeToString(b)
}

// Token gives the token that the session's forms carry, "" without a session.
func (s *Session) Token() string { return s.Get(valueToken) }

// Get gives a value of the session, "" when there is none.
func (s *Session) Get(name string) string {
	if s.inner == nil {
		return ""
	}
	v, _ := s.inner.Values[name].(string)
	return v
}

// Set keeps a value for this request and, after Save, for the next ones.
func (s *Session) Set(name, value string) {
	if s.inner == nil {
		return
	}
	if value == "" {
		delete(s.inner.Values, name)
		return
	}
	s.inner.Values[name] = value
}

// Rests tells whether nobody has come for so long that what the visit keeps is not
// shown before it is asked for.
func (s *Session) Rests() bool { return s.Get(valueRests) != "" }

// Rest lets the visit rest, and Wake ends that; both are kept by Save.
func (s *Session) Rest() { s.Set(valueRests, "1") }

// Wake lets what is kept be shown again.
func (s *Session) Wake() { s.Set(valueRests, "") }

// Save keeps the session and gives the browser its cookie if it has none.
func (s *Session) Save() error {
	if s.inner == nil {
		return fmt.Errorf("keep the session: this route has none")
	}
	if s.Token() == "" {
		s.Set(valueToken, randomToken())
	}
	if err := s.inner.Save(s.ctx.Request(), s.ctx.Response()); err != nil {
		return fmt.Errorf("keep the session: %w", err)
	}
	return nil
}

// Enter makes the session one of an owner, under a new token. What was kept
// before goes on only as far as keep names it.
func (s *Session) Enter(owner string, keep ...string) error {
	before := s.inner.ID
	if err := s.renew(owner, "", keep); err != nil || before == "" {
		return err
	}
	if err := s.ctx.server.Sessions.End(s.ctx.Request().Context(), hashOf(before)); err != nil {
		return fmt.Errorf("end the session before: %w", err)
	}
	return nil
}

// EnterFrom is Enter with a session before that goes on until the browser comes
// with the new token: an answer that got lost on its way can be asked for again.
func (s *Session) EnterFrom(owner string, keep ...string) error {
	return s.renew(owner, s.inner.ID, keep)
}

func (s *Session) renew(owner, before string, keep []string) error {
	values := map[any]any{rowKey{}: Row{Owner: owner}}
	for _, k := range append(keep, valueLang) {
		if v := s.Get(k); v != "" {
			values[k] = v
		}
	}
	if before != "" {
		values[valueBefore] = base64.RawURLEncoding.EncodeToString(hashOf(before))
	}
	s.inner.ID, s.inner.Values = "", values
	return s.Save()
}

// endBefore ends the session before, once the browser has come with the new one.
func (s *Session) endBefore() error {
	before, err := base64.RawURLEncoding.DecodeString(s.Get(valueBefore))
	if err != nil || len(before) == 0 {
		return err
	}
	if err := s.ctx.server.Sessions.End(s.ctx.Request().Context(), before); err != nil {
		return fmt.Errorf("end the session before: %w", err)
	}
	s.Set(valueBefore, "")
	return s.Save()
}

// End forgets the session and takes the cookie back.
func (s *Session) End() error {
	if err := s.forget(); err != nil {
		return err
	}
	if s.inner.ID != "" {
		http.SetCookie(s.ctx.Response(), s.ctx.server.cookie("", -1))
	}
	s.inner.Values, s.inner.ID, s.actor, s.ended = map[any]any{}, "", takedown.Actor{}, true
	return nil
}

// endings bounds how many sessions are being ended behind the backs of those who
// left; over it, a session ends by its clock.
const endings = 16

// EndSoon takes the cookie back at once and ends the session of it without being
// waited for, on a route that must not need the database. Another site cannot
// make a person leave: its requests come without her cookie.
func (c *Ctx) EndSoon() {
	cookie, err := c.Cookie(c.server.cookieName())
	if err != nil {
		return
	}
	http.SetCookie(c.Response(), c.server.cookie("", -1))
	select {
	case c.server.ending <- struct{}{}:
		go c.server.end(hashOf(cookie.Value))
	default:
	}
}

func (s *Server) end(tokenHash []byte) {
	defer func() { <-s.ending }()
	ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
	defer cancel()
	if err := s.Sessions.End(ctx, tokenHash); err != nil {
		s.Log.Error("failed to end a session", "door", s.Door, "error", err.Error())
	}
}

// ForgetTraces asks the browser to forget what it kept of the door. Without
// https the cookies of other doors would go as well.
func (c *Ctx) ForgetTraces() {
	traces := `"cache", "storage"`
	if c.server.secure {
		traces = `"cache", "cookies", "storage"`
	}
	c.Response().Header().Set("Clear-Site-Data", traces)
}

func (s *Session) forget() error {
	if s.inner.ID == "" {
		return nil
	}
	return s.ctx.server.Sessions.End(s.ctx.Request().Context(), hashOf(s.inner.ID))
}

// loadSession finds the session of a request; without one, or with one that is
// over, it gives an empty one that sets no cookie until it is saved.
func (s *Server) loadSession(c *Ctx) (*Session, error) {
	session := &Session{ctx: c}
	inner, err := s.store.New(c.Request(), s.cookieName())
	session.heavy = inner != nil && inner.Values[heavyKey{}] != nil
	c.Session = session // it is let go of even if it cannot be read
	if err != nil {
		return nil, err
	}
	session.inner = inner
	if err := session.endBefore(); err != nil {
		return nil, err
	}
	row, _ := inner.Values[rowKey{}].(Row)
	if row.Owner == "" {
		return session, session.restIfLeft(row)
	}
	session.actor, err = s.Sessions.Actor(c.Request().Context(), row.Owner)
	if takedown.KindOf(err) == takedown.NotFound { // the account ended meanwhile
		return session, session.End()
	}
	return session, err
}

// restIfLeft lets a visit without an owner rest that nobody has come back to for as
// long as a session with one would last.
func (s *Session) restIfLeft(row Row) error {
	server := s.ctx.server
	if row.TokenHash == nil || s.Rests() || server.Now().Sub(row.SeenAt) < server.Idle {
		return nil
	}
	s.Rest()
	return s.Save()
}

// cookieName is "__Host-s" where the door is reached by https, as the prefix
// demands.
func (s *Server) cookieName() string {
	switch {
	case s.secure:
		return "__Host-s"
	case s.Door == "portal":
		return "s"
	}
	return "s-" + s.Door // without https doors share a host, and cookies know no ports
}

// cookie holds the token alone: no age, so that it goes with the browser.
func (s *Server) cookie(value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: s.cookieName(), Value: value, Path: "/", MaxAge: maxAge,
		Secure: s.secure, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}
