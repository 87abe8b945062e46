package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"reprise/internal/takedown"
	"reprise/templates"
)

// Frame is what the layout of every page needs. A page type embeds none of it:
// it has a field Frame.
type Frame struct {
	Lang          takedown.Lang
	Title         string
	CSRF          string
	OtherLang     takedown.Lang
	OtherLangName string
	Path          string
	Form          string // the id of the page's one form, or ""
	SignedIn      bool
	Actor         FrameActor
	Alerts        []Alert
	Help          []HelpLine
	Links         []Link
	Nav           []NavLink
	IdleAfter     int // seconds until the page says that the session ends soon, 0: never
	NoShift       bool
	HideOnSwitch  bool
}

// FrameActor is who is signed in, in words.
type FrameActor struct{ Name, Role string }

// Alert is something that has just happened, told above the page.
type Alert struct{ Kind, Title, Text string }

// HelpLine is a number to talk to someone.
type HelpLine struct{ Name, Number, Tel, Text string }

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
		Lang: c.Lang, Title: T(c.Lang, "title."+c.server.Door), CSRF: c.token(), Path: c.Request().URL.Path,
		SignedIn: c.Actor.Role != takedown.RoleNobody, Alerts: c.Alerts,
		Actor: FrameActor{c.Actor.Name, c.Actor.Role.Label().In(c.Lang)},
	}
	for _, l := range takedown.Langs() {
		if l != c.Lang {
			f.OtherLang, f.OtherLangName = l, T(l, "language.name")
		}
	}
	if c.Session.Token() != "" {
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
	return template.FuncMap{"t": T, "dict": dict, "list": list, "day": takedown.Day}
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

// catalogue holds every text by language and key.
var catalogue = once(func() map[takedown.Lang]map[string]string {
	out := map[takedown.Lang]map[string]string{}
	for _, l := range takedown.Langs() {
		out[l] = map[string]string{}
		files, err := fs.Glob(templates.FS, "i18n/*."+string(l)+".json")
		if err != nil {
			panic(err)
		}
		for _, f := range files {
			texts := map[string]string{}
			body, err := fs.ReadFile(templates.FS, f)
			if err != nil {
				panic(err)
			}
			if err := json.Unmarshal(body, &texts); err != nil {
				panic(fmt.Sprintf("the texts of %s: %v", path.Base(f), err))
			}
			for k, v := range texts {
				out[l][k] = v
			}
		}
	}
	return out
})

// T gives a text in a language; its "{}" are filled in turn. A key without a
// text gives the key, which the tests of the catalogues find.
func T(l takedown.Lang, key string, args ...any) string {
	text, ok := catalogue()[l][key]
	if !ok {
		return key
	}
	for _, a := range args {
		text = strings.Replace(text, "{}", fmt.Sprint(a), 1)
	}
	return text
}

// Count gives the text of key.one or key.many, as the language counts n, with n
// and the further arguments filled in.
func Count(l takedown.Lang, key string, n int, args ...any) string {
	form := ".many"
	if n == 1 || n == 0 && l == takedown.French {
		form = ".one"
	}
	return T(l, key+form, append([]any{n}, args...)...)
}

// Texts lists the keys of a language, for the tests of the catalogues.
func Texts(l takedown.Lang) map[string]string { return catalogue()[l] }

// Sentence says what happened, that nothing was lost, and what to do.
func Sentence(l takedown.Lang, err error, status int) string {
	if key := refusal(err); key != "" {
		if _, ok := catalogue()[l][key]; ok {
			return T(l, key)
		}
	}
	return T(l, fmt.Sprintf("error.%d", status))
}

// list makes a list for a partial that takes one.
func list(items ...any) []any { return items }
