package console

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// visitor is a browser without script at the console.
type visitor struct {
	*house
	cookie string
	token  string
	from   string // the address it comes from, "" for the usual one
	status int
	at     string // the path of the last page
	body   string
	page   *html.Node
}

func (h *house) visitor() *visitor { return &visitor{house: h} }

func (v *visitor) send(r *http.Request) *visitor {
	v.t.Helper()
	r.Host = strings.TrimPrefix(publicURL, "https://")
	r.Header.Set("Accept-Language", "en")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if v.from != "" {
		r.RemoteAddr = v.from
	}
	if v.cookie != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-s", Value: v.cookie})
	}
	w := httptest.NewRecorder()
	v.server.Handler().ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if v.cookie = c.Value; c.MaxAge < 0 {
			v.cookie = ""
		}
	}
	if to := w.Header().Get("Location"); to != "" {
		return v.open(to)
	}
	body, err := io.ReadAll(w.Body)
	v.must(err)
	v.status, v.body, v.at = w.Code, string(body), r.URL.RequestURI()
	v.page, err = html.Parse(strings.NewReader(v.body))
	v.must(err)
	if t := v.fieldValue("c"); t != "" {
		v.token = t
	}
	return v
}

func (v *visitor) open(path string) *visitor {
	v.t.Helper()
	return v.send(httptest.NewRequest(http.MethodGet, path, nil))
}

// post sends a form: names and values in turn; a name may come again.
func (v *visitor) post(path string, pairs ...string) *visitor {
	v.t.Helper()
	form := url.Values{"c": {v.token}}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.send(r)
}

// ticked gives the pairs of a form for a list of values of one name.
func ticked(name string, values []string) []string {
	var out []string
	for _, value := range values {
		out = append(out, name, value)
	}
	return out
}

func (v *visitor) all(handle string) []*html.Node {
	var out []*html.Node
	walk(v.page, func(n *html.Node) {
		if attr(n, "data-t") == handle {
			out = append(out, n)
		}
	})
	return out
}

func (v *visitor) has(handle string) bool { return len(v.all(handle)) > 0 }

func (v *visitor) one(handle string) *html.Node {
	v.t.Helper()
	found := v.all(handle)
	if len(found) == 0 {
		v.t.Fatalf("at %s (%d) there is no %q:\n%s", v.at, v.status, handle, v.text())
	}
	return found[0]
}

func (v *visitor) fieldValue(name string) string {
	value := ""
	walk(v.page, func(n *html.Node) {
		if n.Data == "input" && attr(n, "name") == name && value == "" {
			value = attr(n, "value")
		}
	})
	return value
}

// checked lists the values of the boxes of a name that are ticked.
func (v *visitor) checked(name string) []string {
	var out []string
	walk(v.page, func(n *html.Node) {
		if attr(n, "name") == name && has(n, "checked") {
			out = append(out, attr(n, "value"))
		}
	})
	return out
}

func (v *visitor) text() string { return strings.Join(strings.Fields(text(v.page)), " ") }

func (v *visitor) want(status int, said ...string) {
	v.t.Helper()
	if v.status != status {
		v.t.Fatalf("%s answered %d, want %d: %s", v.at, v.status, status, v.text())
	}
	for _, s := range said {
		if !strings.Contains(v.text(), s) {
			v.t.Fatalf("%s does not say %q:\n%s", v.at, s, v.text())
		}
	}
}

func walk(n *html.Node, do func(*html.Node)) {
	if n == nil {
		return
	}
	if n.Type == html.ElementNode {
		do(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, do)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func text(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(text(c))
		b.WriteByte(' ')
	}
	return b.String()
}

func same[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
