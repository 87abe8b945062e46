package journey

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// visitor is a person at a door with a browser without script: it reads pages,
// fills in their forms as they stand and presses their buttons.
type visitor struct {
	t      testing.TB
	client *http.Client
	base   string
	at     string
	status int
	page   *html.Node
	raw    string
	set    map[string][]string // by field name, what was typed or chosen on this page
	files  map[string][][]byte
}

func newVisitor(t testing.TB, base string) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, base: base}
	v.client = &http.Client{Jar: jar}
	return v
}

func (v *visitor) open(path string) *visitor {
	v.t.Helper()
	req, err := http.NewRequest(http.MethodGet, v.base+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Accept-Language", "en")
	v.do(req)
	return v
}

func (v *visitor) do(req *http.Request) {
	v.t.Helper()
	res, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	v.status, v.raw, v.at = res.StatusCode, string(body), res.Request.URL.RequestURI()
	v.set, v.files = map[string][]string{}, map[string][][]byte{}
	if v.page, err = html.Parse(bytes.NewReader(body)); err != nil {
		v.t.Fatal(err)
	}
}

// all lists the elements that carry a handle.
func (v *visitor) all(handle string) []*html.Node {
	var out []*html.Node
	walk(v.page, func(n *html.Node) {
		if slices.Contains(strings.Fields(attr(n, "data-t")), handle) {
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
		v.t.Fatalf("at %s (status %d) there is no %q; the page says:\n%s", v.at, v.status, handle, v.text())
	}
	return found[0]
}

// fill types into a field, or replaces what stands there.
func (v *visitor) fill(handle, value string) *visitor {
	v.t.Helper()
	v.set[attr(v.one(handle), "name")] = []string{value}
	return v
}

// choose marks a radio button, a checkbox or an option.
func (v *visitor) choose(handle string) *visitor {
	v.t.Helper()
	for _, n := range v.all(handle) {
		name, value := attr(n, "name"), attr(n, "value")
		if attr(n, "type") == "radio" {
			v.set[name] = []string{value}
			return v
		}
		v.set[name] = append(v.set[name], value)
	}
	if !v.has(handle) {
		v.one(handle)
	}
	return v
}

func (v *visitor) attach(handle string, files ...[]byte) *visitor {
	v.t.Helper()
	name := attr(v.one(handle), "name")
	v.files[name] = append(v.files[name], files...)
	return v
}

// press presses the first button that carries a handle.
func (v *visitor) press(handle string) *visitor {
	v.t.Helper()
	v.pressNode(v.one(handle))
	return v
}

func (v *visitor) pressNode(button *html.Node) {
	v.t.Helper()
	form := v.formOf(button)
	if form == nil {
		if href := attr(button, "href"); href != "" {
			v.open(href)
			return
		}
		v.t.Fatalf("at %s a button without a form", v.at)
	}
	values := v.values(form)
	for name, set := range v.set {
		values[name] = set
	}
	if name := attr(button, "name"); name != "" {
		values[name] = []string{attr(button, "value")}
	}
	action := attr(form, "action")
	if f := attr(button, "formaction"); f != "" {
		action = f
	}
	if action == "" {
		action = v.at
	}
	if strings.EqualFold(attr(form, "method"), "get") {
		v.open(strings.SplitN(action, "?", 2)[0] + "?" + values.Encode())
		return
	}
	v.send(action, attr(form, "enctype"), values)
}

func (v *visitor) send(action, enctype string, values url.Values) {
	v.t.Helper()
	body, kind := io.Reader(strings.NewReader(values.Encode())), "application/x-www-form-urlencoded"
	if enctype == "multipart/form-data" {
		body, kind = v.multipart(values)
	}
	req, err := http.NewRequest(http.MethodPost, v.base+action, body)
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Origin", v.base)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Accept-Language", "en")
	v.do(req)
}

func (v *visitor) multipart(values url.Values) (io.Reader, string) {
	v.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names) // "c", the token, comes before the files as it does on the page
	for _, name := range names {
		for _, value := range values[name] {
			if err := w.WriteField(name, value); err != nil {
				v.t.Fatal(err)
			}
		}
	}
	for name, files := range v.files {
		for _, f := range files {
			part, err := w.CreateFormFile(name, "photo.jpg")
			if err != nil {
				v.t.Fatal(err)
			}
			if _, err := part.Write(f); err != nil {
				v.t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		v.t.Fatal(err)
	}
	return &b, w.FormDataContentType()
}

// formOf finds the form a button belongs to: the one it names, or the one it
// stands in.
func (v *visitor) formOf(n *html.Node) *html.Node {
	if id := attr(n, "form"); id != "" {
		var found *html.Node
		walk(v.page, func(f *html.Node) {
			if f.Data == "form" && attr(f, "id") == id {
				found = f
			}
		})
		return found
	}
	for p := n; p != nil; p = p.Parent {
		if p.Type == html.ElementNode && p.Data == "form" {
			return p
		}
	}
	return nil
}

// values gives what the form would send as it stands.
func (v *visitor) values(form *html.Node) url.Values {
	out := url.Values{}
	walk(v.page, func(n *html.Node) {
		name := attr(n, "name")
		if name == "" || v.formOf(n) != form || hasAttr(n, "disabled") {
			return
		}
		switch n.Data {
		case "input":
			v.inputValue(out, n, name)
		case "textarea":
			out.Set(name, strings.TrimPrefix(text(n), "\n"))
		case "select":
			out.Set(name, selected(n))
		}
	})
	return out
}

func (v *visitor) inputValue(out url.Values, n *html.Node, name string) {
	switch attr(n, "type") {
	case "submit", "button", "file", "image":
	case "radio", "checkbox":
		if hasAttr(n, "checked") {
			out.Add(name, attr(n, "value"))
		}
	default:
		out.Add(name, attr(n, "value"))
	}
}

func selected(n *html.Node) string {
	value, first := "", true
	walk(n, func(o *html.Node) {
		if o.Data == "option" && (first || hasAttr(o, "selected")) {
			value, first = attr(o, "value"), false
		}
	})
	return value
}

func (v *visitor) text() string {
	var main *html.Node
	walk(v.page, func(n *html.Node) {
		if n.Data == "main" {
			main = n
		}
	})
	if main == nil {
		return v.raw
	}
	return strings.Join(strings.Fields(text(main)), " ")
}

func walk(n *html.Node, do func(*html.Node)) {
	if n.Type == html.ElementNode {
		do(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, do)
	}
}

func text(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(text(c))
	}
	return b.String()
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}
