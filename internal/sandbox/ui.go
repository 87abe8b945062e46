package sandbox

import (
	"bytes"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"reprise/static"
	"reprise/templates"
)

const (
	sheetPath  = "/static/sandbox.css"
	langCookie = "sandbox-lang" // cookies are shared by all ports of a machine: the name is our own
	policy     = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	maxForm    = 1 << 20
)

// ui is the page for people.
type ui struct {
	words
	sandbox   *Sandbox
	templates *template.Template
}

func newUI(s *Sandbox) (*ui, error) {
	texts, err := loadWords()
	if err != nil {
		return nil, err
	}
	u := &ui{words: texts, sandbox: s}
	u.templates, err = template.New("sandbox").Funcs(template.FuncMap{"t": texts.say, "moment": moment}).
		ParseFS(templates.FS, "sandbox/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the pages of the sandbox: %w", err)
	}
	return u, nil
}

// handler serves the page for people to this machine alone: a page elsewhere that
// points its name here is refused, and so is a form that another site sends.
func (u *ui) handler() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /{$}", u.start)
	m.HandleFunc("GET /hosts", u.hosts)
	m.HandleFunc("POST /hosts", u.setHost)
	m.HandleFunc("GET /see/{host}/{path...}", u.see)
	m.HandleFunc("GET /mail", u.mail)
	m.HandleFunc("GET /mail/{id}", u.letter)
	m.HandleFunc("POST /mail/{id}", u.answer)
	m.HandleFunc("GET /forms/{engine}", u.form)
	m.HandleFunc("POST /forms/{engine}", u.sendForm)
	m.HandleFunc("POST /clock", u.clock)
	m.HandleFunc("POST /lang", u.lang)
	m.HandleFunc("GET /pictures/{name}", u.picture)
	m.HandleFunc("GET "+sheetPath, serveSheet)
	m.Handle("GET /static/favicon.svg", http.StripPrefix("/static/", http.FileServerFS(static.FS)))
	guarded := http.NewCrossOriginProtection().Handler(m)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !local(r.Host) {
			http.Error(w, "the sandbox answers on this machine only", http.StatusMisdirectedRequest)
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		guarded.ServeHTTP(w, r)
	})
}

func local(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return host == "localhost" || err == nil && addr.IsLoopback()
}

func serveSheet(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, files, "files/sandbox.css")
}

// frame is what every page of the sandbox has around it.
type frame struct {
	Lang, Other, Path, At string
	Now                   time.Time
	Ahead                 time.Duration // of the machine's clock
	Portal, Console       string
	Done                  string // key of what has just been done
}

func (u *ui) frame(r *http.Request, at string) frame {
	lang := u.langOf(r)
	ahead, _ := u.sandbox.offset() // a broken clock file counts as none, as for Now
	done := "done." + r.URL.Query().Get("done")
	if _, known := u.words[lang][done]; !known {
		done = ""
	}
	return frame{
		Lang: lang, Other: langs[1-slices.Index(langs, lang)], Path: r.URL.Path, At: at,
		Now: u.sandbox.Now(), Ahead: ahead, Portal: u.sandbox.options.Portal, Console: u.sandbox.options.Console,
		Done: done,
	}
}

// Days and Hours are how far the trial clock is ahead.
func (f frame) Days() int  { return int(f.Ahead / day) }
func (f frame) Hours() int { return int(f.Ahead % day / time.Hour) }

func (u *ui) langOf(r *http.Request) string {
	if c, err := r.Cookie(langCookie); err == nil && slices.Contains(langs, c.Value) {
		return c.Value
	}
	if strings.HasPrefix(r.Header.Get("Accept-Language"), "en") {
		return "en"
	}
	return langs[0]
}

// write renders a page whole or not at all.
func (u *ui) write(w http.ResponseWriter, name string, page any) {
	var out bytes.Buffer
	if err := u.templates.ExecuteTemplate(&out, name, page); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(out.Bytes()) // the reader may have left
}

// back leads to the page a form came from, and nowhere else.
func back(w http.ResponseWriter, r *http.Request, done string) {
	to := r.PostFormValue("to")
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\?#") {
		to = "/"
	}
	http.Redirect(w, r, to+"?done="+url.QueryEscape(done), http.StatusSeeOther)
}

// failed tells a person what went wrong; nothing here is secret.
func failed(w http.ResponseWriter, err error) {
	http.Error(w, err.Error(), http.StatusInternalServerError)
}

func (u *ui) lang(w http.ResponseWriter, r *http.Request) {
	if lang := r.PostFormValue("lang"); slices.Contains(langs, lang) {
		http.SetCookie(w, &http.Cookie{Name: langCookie, Value: lang, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	}
	back(w, r, "")
}

// moves are the buttons of the clock.
var moves = []time.Duration{time.Hour, day, 7 * day}

func (u *ui) clock(w http.ResponseWriter, r *http.Request) {
	seconds, err := strconv.Atoi(r.PostFormValue("by"))
	by := time.Duration(seconds) * time.Second
	if err != nil || !slices.Contains(moves, by) {
		http.Error(w, "the clock moves by an hour, a day or seven days", http.StatusBadRequest)
		return
	}
	if err := u.sandbox.Advance(by); err != nil {
		failed(w, err)
		return
	}
	back(w, r, "clock")
}

func (u *ui) picture(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	if !slices.Contains(References(), name) {
		http.NotFound(w, r)
		return
	}
	http.ServeFileFS(w, r, files, "files/pictures/"+name)
}

// startPage is the first page: the walk.
type startPage struct {
	frame
	Paste    string // all addresses, one a line
	Examples []Example
	Pictures []string
	SignIns  []SignIn
}

func (u *ui) start(w http.ResponseWriter, r *http.Request) {
	p := startPage{frame: u.frame(r, "start"), Examples: u.sandbox.Addresses(), Pictures: References()}
	var lines []string
	for _, e := range p.Examples {
		lines = append(lines, e.URL)
	}
	p.Paste = strings.Join(lines, "\n")
	if u.sandbox.options.SignIns != nil {
		p.SignIns = u.sandbox.options.SignIns()
	}
	u.write(w, "start", p)
}
