package web

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"time"

	"reprise/internal/takedown"
	"reprise/templates"
)

// Frame is what the layout of every page needs. A page type embeds none of it:
// it has a field Frame.
type Frame struct {
	Lang         takedown.Lang
	Dir          string // the way the language is written
	Title        string
	CSRF         string
	Others       []LangChoice // the door's other languages; none where the page cannot be shown again
	Path         string
	Form         string // the id of the page's one form, or ""
	SignedIn     bool
	Actor        FrameActor
	Alerts       []Alert
	Help         []HelpLine
	Links        []Link
	Nav          []NavLink
	IdleAfter    int // seconds until the page says that the session ends soon, 0: never
	NoShift      bool
	HideOnSwitch bool
}

// LangChoice is a language that a page can be read in, named in itself.
type LangChoice struct {
	Lang      takedown.Lang
	Name, Dir string
}

// FrameActor is who is signed in, in words.
type FrameActor struct{ Name, Role string }

// Alert is something that has just happened, told above the page.
type Alert struct{ Kind, Title, Text string }

// HelpLine is a number to talk to someone, or a site to open (Tel or Site).
type HelpLine struct{ Name, Number, Tel, Site, Text string }

// Link leads to another page of the door.
type Link struct{ Href, Text string }

// NavLink is an entry of the console's menu.
type NavLink struct {
	Href, Text string
	Current    bool
	Count      int
}

// FieldError is what has to be looked at again in a form.
type FieldError struct{ Name, Text string }

// Page is a template bound to the type it shows. It is parsed once at start.
type Page[T any] struct {
	door, name string
	parsed     *template.Template
}

// NewPage binds templates/DOOR/NAME.html, in its door's layout, to its type. A
// template that cannot be parsed is a fault of the program and panics at start.
// A partial may be left without a key of its dict; fields of T are checked by
// the tests.
func NewPage[T any](door, name string) Page[T] {
	t := template.New(name).Option("missingkey=zero").Funcs(Funcs())
	files := []string{door + "/" + name + ".html"}
	for _, pattern := range []string{"_*.html", door + "/_*.html"} {
		found, err := fs.Glob(templates.FS, pattern)
		if err != nil {
			panic(err)
		}
		files = append(found, files...)
	}
	return Page[T]{door, name, template.Must(t.ParseFS(templates.FS, files...))}
}

// Template gives the parsed template, for the test that checks it against T.
func (p Page[T]) Template() *template.Template { return p.parsed }

// Name gives the door and the name of the page.
func (p Page[T]) Name() string { return p.door + "/" + p.name }

// Render answers with the page, whole or not at all.
func (p Page[T]) Render(c *Ctx, data T) error { return p.render(c, http.StatusOK, data) }

// RenderStatus is Render with another status, for a form to be looked at again.
func (p Page[T]) RenderStatus(c *Ctx, status int, data T) error { return p.render(c, status, data) }

func (p Page[T]) render(c *Ctx, status int, data T) error {
	var b bytes.Buffer
	if err := p.parsed.ExecuteTemplate(&b, "layout", data); err != nil {
		return fmt.Errorf("render %s: %w", p.Name(), err)
	}
	return c.show(status, b.Bytes())
}

// Frame gives the frame of a page for this request.
func (c *Ctx) Frame() Frame {
	f := Frame{
		Lang: c.Lang, Dir: Dir(c.Lang), Title: T(c.Lang, "title."+c.server.Door), CSRF: c.token(), Path: c.Request().URL.Path,
		SignedIn: c.Actor.Role != takedown.RoleNobody, Alerts: c.Alerts,
		Actor: FrameActor{c.Actor.Name, c.Actor.Role.Label().In(c.Lang)},
	}
	for _, l := range c.server.langs() {
		if l != c.Lang {
			f.Others = append(f.Others, LangChoice{l, T(l, "language.name"), Dir(l)})
		}
	}
	if c.Session.Token() != "" && !c.Session.Rests() {
		f.IdleAfter = int((c.server.Idle - 2*time.Minute).Seconds())
	}
	if c.server.decorate != nil {
		c.server.decorate(c, &f)
	}
	return f
}

// Decorate lets a door add to the frame of each of its pages: its menu, its
// numbers to talk to someone.
func (s *Server) Decorate(f func(*Ctx, *Frame)) { s.decorate = f }

// Funcs are the functions of every template.
func Funcs() template.FuncMap {
	return template.FuncMap{"t": T, "dict": dict, "list": list, "day": Day, "counts": Counts}
}

// dict makes the one argument of a partial from names and values.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: a name without a value")
	}
	out := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: a name that is no text")
		}
		out[name] = pairs[i+1]
	}
	return out, nil
}

// list makes a list for a partial that takes one.
func list(items ...any) []any { return items }
