package fetch

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
)

const here = "http://www.example.com/"

func TestDNSFixturesNeverLeadToAPrivateAddress(t *testing.T) {
	ok := map[string]bool{"h009": true, "h020": true}
	class := map[string]Class{"h011": ClassDNS, "h012": ClassNoName, "h013": ClassDNS, "h014": ClassDNS, "h015": ClassNoName}
	for _, row := range readRows(t, "dns_fixture.txt") {
		t.Run(row[0], func(t *testing.T) {
			l := newLab(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }))
			loadNames(t, l.names)
			want := class[row[0][:4]]
			if ok[row[0][:4]] {
				want = ClassOK
			} else if want == "" {
				want = ClassBlockedIP
			}
			got, err := l.client.Look(context.Background(), "http://"+row[0]+"/")
			mustClass(t, got, err, want)
			if want != ClassOK && len(l.dials) > 0 {
				t.Errorf("dialled %v", l.dials)
			}
			l.nothingPrivateDialed(t)
		})
	}
}

func TestRebindingBetweenTwoLooksIsSeen(t *testing.T) {
	l := newLab(t, http.NotFoundHandler())
	loadNames(t, l.names)
	got, err := l.client.Look(context.Background(), "http://h009.example.net/")
	mustClass(t, got, err, ClassOK)
	got, err = l.client.Look(context.Background(), "http://h009.example.net/")
	mustClass(t, got, err, ClassBlockedIP)
	if len(l.dials) != 1 || l.dials[0].Addr().String() != publicAddress {
		t.Errorf("dialled %v", l.dials)
	}
}

func TestAnswerOfTooManyAddressesIsRefused(t *testing.T) {
	l := newLab(t, http.NotFoundHandler())
	for n, want := range map[int]Class{64: ClassOK, 65: ClassBlockedIP} {
		l.names["many.example.net"] = publicAddress + strings.Repeat(","+publicAddress, n-1)
		got, err := l.client.Look(context.Background(), "http://many.example.net/")
		mustClass(t, got, err, want)
	}
}

func TestLiteralOfOurOwnAddressIsRefused(t *testing.T) {
	l := newLab(t, http.NotFoundHandler())
	got, err := l.client.Look(context.Background(), "http://198.41.0.4/")
	mustClass(t, got, err, ClassBlockedIP)
}

// redirectFixture answers as redirect_fixture.txt tells, and keeps every request.
func redirectFixture(seen *[]*http.Request) http.Handler {
	type answer struct {
		status   int
		location string
	}
	answers := map[string]answer{
		"i001.example.net": {302, "http://127.0.0.1/"},
		"i002.example.net": {302, "http://169.254.169.254/latest/"},
		"i003.example.net": {302, "file:///etc/passwd"},
		"i004.example.net": {302, "gopher://127.0.0.1:25/"},
		"i005.example.net": {302, "http://i005.example.net/"},
		"i006.example.net": {302, "x/"}, // one more hop for ever: the fourth is one too many
		"i007.example.net": {301, "https://www.example.com/"},
		"i008.example.net": {301, "http://www.example.com/"},
		"i010.example.net": {302, "//127.0.0.1/"},
		"i011.example.net": {302, "http://h009.example.net/"},
		"i012.example.net": {302, "http://user:pw@www.example.com/"},
		"i013.example.net": {302, "http://www.example.com:6379/"},
		"i014.example.net": {302, ""},
		"i017.example.net": {307, "http://127.0.0.1/"},
		"i018.example.net": {302, "http://www.example.com/" + strings.Repeat("a", 1<<20)},
		"j001.example.net": {302, "javascript:alert(1)"},
		"j002.example.net": {302, "http://www.example.com/\xff"},
		"j003.example.net": {302, "https:www.example.com"},
		"j004.example.net": {303, "http://www.example.com/" + strings.Repeat("a", 2048)},
		"j005.example.net": {308, "http://localhost/"},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*seen = append(*seen, r)
		w.Header().Set("Set-Cookie", "a=b")
		switch a, known := answers[r.Host]; {
		case known:
			if a.location != "" {
				w.Header()["Location"] = []string{a.location}
			}
			w.WriteHeader(a.status)
		case r.Host == "i009.example.net":
			conn, _, _ := w.(http.Hijacker).Hijack()
			fmt.Fprint(conn, "HTTP/1.1 302 Found\r\nLocation: http://www.example.com/\r\n\rX: y\r\n\r\n")
			conn.Close()
		case r.Host == "i016.example.net":
			w.Header().Set("Refresh", "0;url=http://127.0.0.1/")
		case r.Host == "i015.example.net":
			fmt.Fprint(w, `<html><base href="http://127.0.0.1/"><meta http-equiv=refresh content="0;url=http://127.0.0.1/"><script>location="http://127.0.0.1/"</script>`)
		}
	})
}

// wantedClasses reads the third column of redirect_fixture.txt; rows of our own
// follow.
func wantedClasses(t *testing.T) map[string]Class {
	want := map[string]Class{"j001.example.net": ClassBlockedScheme, "j002.example.net": ClassBlockedSyntax,
		"j003.example.net": ClassBlockedHost, "j004.example.net": ClassBlockedSyntax, "j005.example.net": ClassBlockedHost}
	for _, row := range readRows(t, "redirect_fixture.txt") {
		class, _, _ := strings.Cut(strings.Fields(row[2])[0], ",")
		want[row[0]] = Class(class)
	}
	want["i018.example.net"] = ClassBadResponse // the limit of the headers comes before the limit of an address
	want["i011.example.net"] = ClassOK          // on the first, public answer
	return want
}

func TestRedirectFixturesEndWhereTheyShould(t *testing.T) {
	for host, want := range wantedClasses(t) {
		t.Run(host, func(t *testing.T) {
			var seen []*http.Request
			l := newLab(t, redirectFixture(&seen))
			loadNames(t, l.names)
			scheme := "http://"
			if host == "i008.example.net" {
				scheme = "https://"
			}
			got, err := l.client.Look(context.Background(), scheme+host+"/")
			mustClass(t, got, err, want)
			l.nothingPrivateDialed(t)
			for _, r := range seen {
				if len(r.Header) != 4 || r.Header.Get("Connection") != "close" || r.Header.Get("User-Agent") != DefaultUserAgent ||
					r.Header.Get("Accept-Encoding") != "identity" || r.Header.Get("Accept") == "" {
					t.Errorf("request carries %v", r.Header)
				}
			}
			if (host == "i015.example.net" || host == "i016.example.net") && len(seen) != 1 {
				t.Errorf("%d requests", len(seen))
			}
		})
	}
}

func TestThreeRedirectsAreFollowedAndAFourthIsNot(t *testing.T) {
	l := newLab(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if steps := strings.Count(r.URL.Path, "x"); steps < len(r.Host)-len("x.example.net") {
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
		}
	}))
	got, err := l.client.Look(context.Background(), "http://3xxx.example.net/")
	mustClass(t, got, err, ClassOK)
	if got.Hops != 3 || got.FinalURL != "http://3xxx.example.net/xxx" || got.Status != 200 {
		t.Errorf("%+v", got)
	}
	got, err = l.client.Look(context.Background(), "http://4xxxx.example.net/")
	mustClass(t, got, err, ClassTooManyHops)
	if got.Hops != 3 || got.Status != 302 || len(l.dials) != 8 {
		t.Errorf("%+v after %d dials", got, len(l.dials))
	}
}

func TestAddressIsAskedAsItWasWritten(t *testing.T) {
	for path, want := range map[string]string{
		"":                    "/",
		"?b=1&a=%7e":          "/?b=1&a=%7e",
		"/a/../%61|{{7*7}}#x": "/a/../%61|{{7*7}}",
		"/été?é":              "/%C3%A9t%C3%A9?%C3%A9",
		"//www.other.org/a?":  "//www.other.org/a?",
		"//a|b%":              "//a%7Cb%25",
	} {
		var asked, host string
		l := newLab(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked, host = r.RequestURI, r.Host }))
		got, err := l.client.Look(context.Background(), "http://WWW.Example.com"+path)
		mustClass(t, got, err, ClassOK)
		if asked != want || host != "www.example.com" {
			t.Errorf("%q: asked %q of %q, want %q", path, asked, host, want)
		}
	}
}

func TestSocketGuardRefusesWhatTheResolverLetThrough(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	to := netip.MustParseAddrPort(ln.Addr().String())
	for _, a := range []netip.AddrPort{to, netip.MustParseAddrPort("127.0.0.1:80"), netip.MustParseAddrPort("[::1]:443"), netip.MustParseAddrPort("93.184.215.14:22")} {
		_, err := dialPinned(context.Background(), a, false)
		if got := explain(context.Background(), err, fail(ClassRefused, "")); got.Class != ClassBlockedIP {
			t.Errorf("dialled %s: %v", a, err)
		}
	}
	for _, exempt := range []bool{true, false} {
		checked := netip.MustParseAddrPort("93.184.215.14:443")
		guard := guardSocket(checked, exempt)
		if guard("tcp4", "93.184.215.14:443", nil) != nil || guard("tcp4", "93.184.215.15:443", nil) == nil || guard("tcp4", "localhost:443", nil) == nil {
			t.Error("a socket for another address than the checked one is let through, or the checked one is not")
		}
	}
	conn, err := dialPinned(context.Background(), to, true)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

func TestOnlyAMadeUpHostLeadsToLoopback(t *testing.T) {
	var looks atomic.Int32
	l := newLab(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { looks.Add(1) }))
	c := exceptional(l.server.Listener.Addr().String())
	got, err := c.Look(context.Background(), here)
	mustClass(t, got, err, ClassOK)
	loadNames(t, c.options.Resolver.(fixtureNames))
	for _, u := range []string{"http://h001.example.net/", "http://127.0.0.1/", "http://www.example.com:8082/", "http://a.www.example.com.localhost/"} {
		if got, err := c.Look(context.Background(), u); err == nil {
			t.Errorf("%s: %+v", u, got)
		}
	}
	if looks.Load() != 1 {
		t.Errorf("%d looks arrived", looks.Load())
	}
}

func TestProxyOfTheEnvironmentIsNotAsked(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1/")
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1/")
	l := newLab(t, http.NotFoundHandler())
	for _, u := range []string{"http://www.example.com/", "https://www.example.com/"} {
		got, err := l.client.Look(context.Background(), u)
		mustClass(t, got, err, ClassOK)
	}
	l.nothingPrivateDialed(t)
}
