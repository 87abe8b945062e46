package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// wanted are the headers of SAFETY 1.2, written down a second time: a value
// changed in one place only is found.
var wanted = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; " +
		"base-uri 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
	"Referrer-Policy":              "same-origin",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Embedder-Policy": "require-corp",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Cache-Control":                "no-store",
	"X-Frame-Options":              "DENY",
	"X-Content-Type-Options":       "nosniff",
	"X-Robots-Tag":                 "noindex, noarchive",
	"X-Dns-Prefetch-Control":       "off",
	"Origin-Agent-Cluster":         "?1",
}

// everyAnswer asks for an answer of each status.
func (h *house) everyAnswer() map[string]answer {
	cookie, token := h.signIn("case")
	many := h.get("/slow")
	for range 5 {
		many = h.get("/slow")
	}
	return map[string]answer{
		"200": h.get("/"), "200 static": h.get("/static/portal.css"), "303": h.get("/own"), "303 post": h.post("/own", "c", token, "Cookie", cookie),
		"400": h.post("/own", "odd", "1", "Cookie", cookie), "403": h.post("/own", "c", "wrong", "Cookie", cookie),
		"403 origin": h.post("/own", "c", token, "Cookie", cookie, "Origin", "https://evil.example"),
		"404":        h.get("/nothing"), "404 static": h.get("/static/nothing.css"), "404 refused": h.get("/refuse/missing"),
		"405": h.do(h.ask(http.MethodPut, "/", nil)), "405 get": h.get("/none"), "409": h.get("/refuse/conflict"),
		"413": h.post("/own", "text", strings.Repeat("a", 200<<10), "Cookie", cookie),
		"415": h.do(h.ask(http.MethodPost, "/own", strings.NewReader("a=b"), "Content-Type", "text/plain", "Cookie", cookie)),
		"422": h.get("/refuse/invalid"), "429": many, "500": h.get("/fault"), "500 panic": h.get("/panic"), "503": h.get("/away"),
		"421": h.stranger(),
	}
}

func (h *house) stranger() answer {
	r := h.ask(http.MethodGet, "/", nil)
	r.Host = "evil.example"
	return h.do(r)
}

func TestASVS_3_4_EveryAnswerHasTheExactHeaders(t *testing.T) {
	for name, a := range newHouse(t).everyAnswer() {
		if !strings.HasPrefix(name, http.StatusText(a.status)) && name[:3] != itoa(a.status) {
			t.Errorf("%s: the status is %d", name, a.status)
		}
		for header, want := range wanted {
			if got := a.header.Values(header); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
		for _, none := range []string{"Server", "X-Powered-By", "Access-Control-Allow-Origin", "Strict-Transport-Security", "Etag", "Last-Modified"} {
			if got := a.header.Get(none); got != "" {
				t.Errorf("%s: %s says %q", name, none, got)
			}
		}
	}
}

func itoa(n int) string {
	return string([]byte{byte('0' + n/100), byte('0' + n/10%10), byte('0' + n%10)})
}

func TestASVS_3_4_ValuesAreOnesBrowsersKnow(t *testing.T) {
	allowed := map[string][]string{
		"Referrer-Policy":              {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"},
		"Cross-Origin-Opener-Policy":   {"same-origin", "same-origin-allow-popups", "unsafe-none", "noopener-allow-popups"},
		"Cross-Origin-Embedder-Policy": {"unsafe-none", "require-corp", "credentialless"},
		"Cross-Origin-Resource-Policy": {"same-site", "same-origin", "cross-origin"},
		"X-Frame-Options":              {"DENY", "SAMEORIGIN"}, "X-Content-Type-Options": {"nosniff"}, "Origin-Agent-Cluster": {"?1", "?0"},
	}
	h := newHouse(t).get("/").header
	for name, values := range allowed {
		if !slices.Contains(values, h.Get(name)) {
			t.Errorf("%s: no browser knows %q", name, h.Get(name))
		}
	}
	for feature := range strings.SplitSeq(h.Get("Permissions-Policy"), ", ") {
		if !strings.HasSuffix(feature, "=()") {
			t.Errorf("the feature %q is not switched off", feature)
		}
	}
	for _, feature := range []string{"camera", "microphone", "geolocation", "fullscreen", "serial", "usb"} {
		if !strings.Contains(h.Get("Permissions-Policy"), feature+"=()") {
			t.Errorf("%s is allowed", feature)
		}
	}
}

func TestASVS_3_4_1_HTTPSIsHeldToExceptOnOnions(t *testing.T) {
	for url, want := range map[string]string{
		"https://info.example": "max-age=63072000; includeSubDomains", "http://info.example": "", "https://abcdef.onion": "",
	} {
		h := newHouse(t, at(url))
		r := h.ask(http.MethodGet, "/nothing", nil)
		_, r.Host, _ = strings.Cut(url, "://")
		if got := h.do(r).header.Get("Strict-Transport-Security"); got != want {
			t.Errorf("%s: %q, want %q", url, got, want)
		}
	}
}

func TestASVS_4_1_1_EveryBodyNamesItsTypeAndCharset(t *testing.T) {
	for name, a := range newHouse(t).everyAnswer() {
		if a.body != "" && !strings.Contains(strings.ToLower(a.header.Get("Content-Type")), "charset=utf-8") {
			t.Errorf("%s: %q", name, a.header.Get("Content-Type"))
		}
	}
}

func TestStaticFilesAreServedByNameAlone(t *testing.T) {
	h := newHouse(t)
	for path, want := range map[string]string{
		"/static/portal.css": "text/css; charset=utf-8", "/static/portal.js": "text/javascript; charset=utf-8",
		"/static/favicon.svg": "image/svg+xml; charset=utf-8", "/static/favicon.ico": "image/x-icon", "/favicon.ico": "image/x-icon",
	} {
		if a := h.get(path); a.status != http.StatusOK || a.header.Get("Content-Type") != want || a.body == "" {
			t.Errorf("%s: %d %q", path, a.status, a.header.Get("Content-Type"))
		}
	}
	for _, path := range []string{"/static/", "/static", "/static/static.go", "/static/..%2fgo.mod", "/static/%2e%2e/go.mod", "/static/scss/portal.scss", "/static/portal.css/"} {
		if a := h.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}
