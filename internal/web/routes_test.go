package web

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestASVS_4_1_4_OtherMethodsAreRefusedEverywhere(t *testing.T) {
	h := newHouse(t)
	for _, method := range []string{"TRACE", "PUT", "PATCH", "DELETE", "OPTIONS", "FOO", "PROPFIND"} {
		for _, path := range []string{"/", "/own", "/static/portal.css", "/out", "/nothing"} {
			a := h.do(h.ask(method, path, nil))
			if a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") == "" {
				t.Errorf("%s %s: %d, Allow %q", method, path, a.status, a.header.Get("Allow"))
			}
		}
	}
	if got := h.raw("CONNECT / HTTP/1.1\r\nHost: " + h.host() + "\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 405") {
		t.Errorf("CONNECT: %s", got)
	}
}

func TestP17_ChangesAreNotMadeByGET(t *testing.T) {
	h := newHouse(t)
	cookie, _ := h.signIn("case")
	h.changed()
	if a := h.get("/none", "Cookie", cookie); a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") == "" {
		t.Errorf("GET: %d, Allow %q", a.status, a.header.Get("Allow"))
	}
	if h.changed() {
		t.Error("a GET has changed something")
	}
}

func TestHEADAnswersAsGETWithoutABody(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{"/", "/nothing", "/static/portal.css", "/fault"} {
		get, head := h.get(path), h.do(h.ask(http.MethodHead, path, nil))
		if get.status != head.status || head.body != "" {
			t.Errorf("%s: GET %d, HEAD %d with %d bytes", path, get.status, head.status, len(head.body))
		}
	}
}

func TestASVS_8_2_1_WhoMayNotComeIsTurnedAway(t *testing.T) {
	h := newHouse(t)
	cookie, token := h.signIn("case")
	for _, c := range []struct {
		method, path, cookie string
		status               int
	}{
		{"GET", "/own", "", 303}, {"POST", "/own", "", 403}, {"GET", "/own", cookie, 200}, {"POST", "/own", cookie, 303},
		{"GET", "/staff", "", 303}, {"GET", "/staff", cookie, 404}, {"GET", "/nothing", cookie, 404},
	} {
		var a answer
		if c.method == http.MethodPost {
			a = h.post(c.path, "c", token, "Cookie", c.cookie)
		} else {
			a = h.get(c.path, "Cookie", c.cookie)
		}
		if a.status != c.status {
			t.Errorf("%s %s with %q: %d, want %d", c.method, c.path, c.cookie, a.status, c.status)
		}
	}
}

func TestASVS_3_5_1_ForgedFormsAreRefusedAndChangeNothing(t *testing.T) {
	h := newHouse(t)
	cookie, token := h.signIn("case")
	_, other := h.signIn("other case")
	for h.changed() {
	}
	for name, pairs := range map[string][]string{
		"no token":                {},
		"an empty token":          {"c", ""},
		"another session's token": {"c", other},
		"the token of the day":    {"c", h.web.dayToken(0)},
		"cross-site":              {"c", token, "Sec-Fetch-Site", "cross-site"},
		"same-site":               {"c", token, "Sec-Fetch-Site", "same-site"},
		"P15 origin null":         {"c", token, "Origin", "null"},
		"origin evil":             {"c", token, "Origin", "https://evil.example"},
		"origin of another port":  {"c", token, "Origin", "http://127.0.0.1:1"},
		"no session":              {"c", token, "Cookie", ""},
	} {
		if name != "no session" {
			pairs = append(pairs, "Cookie", cookie)
		}
		if a := h.post("/own", append(pairs, "text", "forged")...); a.status != http.StatusForbidden {
			t.Errorf("%s: %d", name, a.status)
		}
		if h.changed() {
			t.Errorf("%s: something was changed", name)
		}
	}
	for _, none := range []string{"", h.web.dayToken(0)} {
		if a := h.post("/any", "c", none, "text", "forged"); a.status != http.StatusForbidden || h.changed() {
			t.Errorf("without a session, the token %q: %d", none, a.status)
		}
	}
	if a := h.post("/own", "c", token, "Cookie", cookie, "Origin", h.url, "Sec-Fetch-Site", "same-origin"); a.status != http.StatusSeeOther || !h.changed() {
		t.Errorf("the honest form: %d", a.status)
	}
}

func TestFirstFormsCarryTheTokenOfTheDayUntilThereIsASession(t *testing.T) {
	h := newHouse(t)
	first := h.get("/")
	if first.header.Get("Set-Cookie") != "" || first.body == "" {
		t.Fatalf("the first page sets a cookie, or has no token: %q", first.body)
	}
	if a := h.post("/", "c", "wrong", "owner", "case"); a.status != http.StatusForbidden || h.changed() {
		t.Errorf("a wrong token: %d", a.status)
	}
	if a := h.post("/", "c", first.body, "owner", "case", "Origin", "https://evil.example"); a.status != http.StatusForbidden || h.changed() {
		t.Errorf("from another site: %d", a.status)
	}
	h.clock.add(14 * time.Hour)
	if a := h.post("/", "c", first.body, "owner", "case"); a.status != http.StatusSeeOther {
		t.Errorf("over midnight: %d", a.status)
	}
	h.clock.add(24 * time.Hour)
	if a := h.post("/", "c", first.body, "owner", "case"); a.status != http.StatusForbidden {
		t.Errorf("two days later: %d", a.status)
	}
	cookie, _ := h.signIn("case")
	if a := h.post("/", "c", h.web.dayToken(0), "owner", "case", "Cookie", cookie); a.status != http.StatusForbidden {
		t.Errorf("with a session the token of the day still counts: %d", a.status)
	}
}

func TestFormShapes(t *testing.T) {
	h := newHouse(t)
	cookie, token := h.signIn("case")
	form := "c=" + url.QueryEscape(token) + "&text=a"
	post := func(body string, header ...string) *http.Request {
		return h.ask(http.MethodPost, "/own", strings.NewReader(body), append([]string{"Cookie", cookie}, header...)...)
	}
	for h.changed() {
	}
	for name, c := range map[string]struct {
		request *http.Request
		status  int
	}{
		"P01 200 KiB":                  {post(form+strings.Repeat("a", 200<<10), "Content-Type", formType), 413},
		"P01 200 KiB in chunks":        {chunked(post(form+strings.Repeat("a", 200<<10), "Content-Type", formType)), 413},
		"P03 the same field ten times": {post(form+strings.Repeat("&text=b", 9), "Content-Type", formType), 400},
		"P03 two tokens":               {post(form+"&c=x", "Content-Type", formType), 400},
		"P04 a field too many":         {post(form+"&role=supervisor", "Content-Type", formType), 400},
		"P05 multipart":                {post("--x\r\n\r\n--x--", "Content-Type", "multipart/form-data; boundary=x"), 415},
		"P07 text/plain":               {post(form, "Content-Type", "text/plain"), 415},
		"JSON":                         {post("{}", "Content-Type", "application/json"), 415},
		"no type":                      {post(form), 415},
		"another charset":              {post(form, "Content-Type", formType+"; charset=utf-16"), 415},
		"packed":                       {post(form, "Content-Type", formType, "Content-Encoding", "gzip"), 415},
		"X12 NUL":                      {post(form+"%00b", "Content-Type", formType), 400},
		"broken UTF-8":                 {post(form+"%ff%fe", "Content-Type", formType), 400},
		"a bad escape":                 {post(form+"%zz", "Content-Type", formType), 400},
	} {
		if a := h.do(c.request); a.status != c.status {
			t.Errorf("%s: %d, want %d", name, a.status, c.status)
		}
		if h.changed() {
			t.Errorf("%s: something was changed", name)
		}
	}
	for name, r := range map[string]*http.Request{
		"P11 another method in a header":  post(form, "Content-Type", formType, "X-HTTP-Method-Override", "DELETE"),
		"a list":                          post(form+"&many=1&many=2", "Content-Type", formType),
		"the charset named":               post(form, "Content-Type", formType+"; charset=UTF-8"),
		"P02 a field twice, in the query": h.ask(http.MethodPost, "/own?text=b&role=x", strings.NewReader(form), "Cookie", cookie, "Content-Type", formType),
	} {
		if a := h.do(r); a.status != http.StatusSeeOther || len(h.wrote) != 1 || <-h.wrote != "a" {
			t.Errorf("%s: %d", name, a.status)
		}
	}
}

func TestP19_BodiesTooLargeAreRefusedBeforeTheyAreSent(t *testing.T) {
	h := newHouse(t)
	cookie, _ := h.signIn("case")
	head := "POST /own HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nContent-Type: " + formType + "\r\nContent-Length: 9999999\r\nExpect: 100-continue\r\n\r\n"
	if got := h.raw(fmt.Sprintf(head, h.host(), cookie)); !strings.HasPrefix(got, "HTTP/1.1 413") {
		t.Errorf("%q", got)
	}
}

// chunked sends the body without saying how long it is.
func chunked(r *http.Request) *http.Request {
	r.ContentLength = -1
	r.Body = struct {
		*bufio.Reader
		nothing
	}{bufio.NewReader(r.Body), nothing{}}
	return r
}

type nothing struct{}

func (nothing) Close() error { return nil }

func TestFilesHaveTheirOwnBound(t *testing.T) {
	h := newHouse(t)
	cookie, _ := h.signIn("case")
	const multi = "multipart/form-data; boundary=x"
	for size, want := range map[int]int{100 << 10: 204, 2 << 20: 413} {
		body := bytes.NewReader(make([]byte, size))
		if a := h.do(h.ask(http.MethodPost, "/files", body, "Content-Type", multi, "Cookie", cookie)); a.status != want {
			t.Errorf("%d bytes: %d, want %d", size, a.status, want)
		}
	}
	if a := h.post("/files", "Cookie", cookie); a.status != http.StatusUnsupportedMediaType {
		t.Errorf("a form where files are meant: %d", a.status)
	}
}

func TestP13_AnotherHostIsNotAnswered(t *testing.T) {
	h := newHouse(t)
	for host, want := range map[string]int{
		"evil.example": 421, "127.0.0.1": 421, h.host() + ".evil.example": 421, strings.ToUpper(h.host()): 200,
	} {
		r := h.ask(http.MethodGet, "/", nil, "X-Forwarded-Host", h.host())
		r.Host = host
		if a := h.do(r); a.status != want {
			t.Errorf("Host %q: %d, want %d", host, a.status, want)
		}
	}
}

func TestASVS_4_2_1_RequestsThatSayTwoThingsAreClosed(t *testing.T) {
	h := newHouse(t)
	for name, request := range map[string]string{
		"two lengths":        "POST /own HTTP/1.1\r\nHost: %s\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
		"a folded header":    "GET / HTTP/1.1\r\nHost: %s\r\nX-A: b\r\n c: d\r\nX B: c\r\n\r\n",
		"two hosts":          "GET / HTTP/1.1\r\nHost: %s\r\nHost: evil.example\r\n\r\n",
		"an unknown packing": "POST /own HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
		"a huge header":      "GET / HTTP/1.1\r\nHost: %s\r\nX-A: " + strings.Repeat("a", 64<<10) + "\r\n\r\n",
	} {
		if got := h.raw(fmt.Sprintf(request, h.host())); !strings.HasPrefix(got, "HTTP/1.1 4") && !strings.HasPrefix(got, "HTTP/1.1 501") {
			t.Errorf("%s: %.40q", name, got)
		}
	}
}

func (h *house) host() string { return strings.TrimPrefix(h.url, "http://") }

// raw sends bytes as they are and gives the beginning of the answer.
func (h *house) raw(request string) string {
	h.t.Helper()
	conn, err := (&net.Dialer{}).DialContext(h.t.Context(), "tcp", h.host())
	if err != nil {
		h.t.Fatal(err)
	}
	defer conn.Close()
	_, _ = conn.Write([]byte(request)) // the server may close before it has read all
	line, _ := bufio.NewReader(conn).ReadString('\n')
	return line
}

func TestRedirectsStayInTheHouse(t *testing.T) {
	for to, ok := range map[string]bool{
		"/": true, "/s": true, "//evil.example/": false, "https://evil.example": false, "": false, "evil": false,
		`/\evil.example`: false, "/\t/evil.example": false, "/s\r\nSet-Cookie: x=1": false,
	} {
		if ours(to) != ok {
			t.Errorf("%q: %v", to, !ok)
		}
	}
}
