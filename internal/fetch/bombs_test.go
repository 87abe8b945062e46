package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The tests of this file carry the numbers of the hostile responses that the
// security document promises to survive.

const okHead = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"

func TestDefaultLimitsAreThePromisedBudget(t *testing.T) {
	s := time.Second
	want := Limits{3 * s, 5 * s, 5 * s, 5 * s, 15 * s, 40 * s, 64 << 10, 2 << 20, 5 << 20, 8 << 20, 64 << 20, 512, 1024, 3 * s, 3, 64}
	if got := New(Options{}).options; got.Limits != want || got.Total != 4 || got.PerHost != 1 || got.UserAgent != DefaultUserAgent {
		t.Errorf("options %+v", got)
	}
}

func TestBomb01SilenceEndsAtTheHeaderTimeout(t *testing.T) {
	c, gone := rawServer(t, func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) })
	c.options.Limits.FirstByte = 50 * time.Millisecond
	before, start := runtime.NumGoroutine(), time.Now()
	l, err := c.Look(context.Background(), here)
	mustClass(t, l, err, ClassTimeout)
	if time.Since(start) >= c.options.Limits.Total {
		t.Error("ended by the total time only")
	}
	<-gone
	for range 1000 { // the transport's goroutines end by themselves, at once
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.Gosched()
	}
	t.Errorf("%d goroutines before, %d after", before, runtime.NumGoroutine())
}

// drip writes a byte at every tick until the other side has gone.
func drip(head string, every time.Duration) func(net.Conn) {
	return func(conn net.Conn) {
		_, err := io.WriteString(conn, head)
		for tick := time.NewTicker(every); err == nil; <-tick.C {
			_, err = conn.Write([]byte("a"))
		}
	}
}

func TestBomb02DrippingHeadersEndAtATimeout(t *testing.T) {
	c, gone := rawServer(t, drip("HTTP/1.1 200 OK\r\nX-A: ", 5*time.Millisecond))
	c.options.Limits.Total = 100 * time.Millisecond
	l, err := c.Look(context.Background(), here)
	mustClass(t, l, err, ClassTimeout)
	<-gone
}

func TestTotalTimeIsSpentOverAllHopsTogether(t *testing.T) {
	l := newLab(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(slowHop):
		case <-r.Context().Done():
		}
		http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
	}))
	l.client.options.Limits.Total = 2*slowHop + slowHop/2
	got, err := l.client.Look(context.Background(), "http://www.example.com/")
	mustClass(t, got, err, ClassTimeout)
	if got.Hops == 0 {
		t.Error("no hop was made before the time ran out")
	}
}

const slowHop = 100 * time.Millisecond

func TestBomb03DrippingBodyEndsAtTheMinimumRate(t *testing.T) {
	c, gone := rawServer(t, drip(okHead+"\r\n<html>", 5*time.Millisecond))
	start := time.Now()
	l, err := c.Look(context.Background(), here)
	mustClass(t, l, err, ClassTimeout)
	if !strings.Contains(err.Error(), "minimum rate") || time.Since(start) > 2*c.options.Limits.MinRateAfter+time.Second || l.Body != nil {
		t.Errorf("%v after %s", err, time.Since(start))
	}
	<-gone
}

// flood writes for ever.
func flood(head, piece string) func(net.Conn) {
	return func(conn net.Conn) {
		_, err := io.WriteString(conn, head)
		for block := strings.Repeat(piece, 1+(16<<10)/len(piece)); err == nil; {
			_, err = io.WriteString(conn, block)
		}
	}
}

func TestBomb04EndlessChunksStopAtTheWireLimit(t *testing.T) {
	c, gone := rawServer(t, flood(okHead+"Transfer-Encoding: chunked\r\n\r\n6\r\n<html>\r\n", "5\r\naaaaa\r\n"))
	l, err := c.Look(context.Background(), here)
	mustClass(t, l, err, ClassTooLarge)
	if len(l.Body) != 2<<20 {
		t.Errorf("%d bytes of body", len(l.Body))
	}
	<-gone
}

func TestBomb05HugeLengthIsRefusedFromTheHeader(t *testing.T) {
	c, gone := rawServer(t, flood(okHead+"Content-Length: 10737418240\r\n\r\n<html>", "a"))
	l, err := c.Look(context.Background(), here)
	mustClass(t, l, err, ClassTooLarge)
	if l.Body != nil || l.Status != 200 {
		t.Errorf("%+v", l)
	}
	<-gone
}

func TestBomb06OnlyTheStatedLengthIsRead(t *testing.T) {
	c, gone := rawServer(t, flood(okHead+"Content-Length: 5\r\n\r\n", "abcde"))
	l, err := c.Look(context.Background(), here)
	mustClass(t, l, err, ClassOK)
	if string(l.Body) != "abcde" {
		t.Errorf("body %q", l.Body)
	}
	<-gone
}

// badAnswers holds the rows whose answer is no proper HTTP.
var badAnswers = map[string]string{
	"07 negative length":     okHead + "Content-Length: -1\r\n\r\n<html>",
	"07 doubled length":      okHead + "Content-Length: 5, 5\r\n\r\n<html>",
	"07 contradicting":       okHead + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n<html>",
	"07 length in letters":   okHead + "Content-Length: abc\r\n\r\n<html>",
	"09 gzip thrice":         okHead + "Content-Encoding: gzip, gzip, gzip\r\n\r\n<html>",
	"09 gzip in two headers": okHead + "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n\r\n<html>",
	"09 gzip in gzip":        okHead + "Content-Encoding: gzip\r\n\r\n" + zip(zip("<html>")),
	"10 deflate":             okHead + "Content-Encoding: deflate\r\n\r\n<html>",
	"10 brotli":              okHead + "Content-Encoding: br\r\n\r\n<html>",
	"10 zstd":                okHead + "Content-Encoding: ZSTD\r\n\r\n<html>",
	"11 truncated gzip":      okHead + "Content-Encoding: gzip\r\n\r\n" + zip("<html>" + strings.Repeat("abcd", 5000))[:60],
	"11 bad checksum":        okHead + "Content-Encoding: gzip\r\n\r\n" + strings.TrimSuffix(zip("<html>"), "\x00\x00\x00\x00")[:len(zip("<html>"))-8] + "12345678",
	"12 huge header":         okHead + "X-A: " + strings.Repeat("a", 1<<20) + "\r\n\r\n",
	"12 many headers":        okHead + strings.Repeat("X-A: b\r\n", 100_000) + "\r\n",
	"12 folded headers":      okHead + "X-A: b\r\n" + strings.Repeat(" c\r\n", 100_000) + "\r\n",
	"13 NUL in a header":     okHead + "X-A: a\x00b\r\n\r\n",
	"13 bare CR":             okHead + "X-A: a\rX-B: c\r\n\r\n",
	"13 non-ASCII name":      okHead + "X-É: a\r\n\r\n",
	"14 long status":         "HTTP/1.1 999999999999\r\n\r\n",
	"14 status 999":          "HTTP/1.1 999 OK\r\n\r\n",
	"14 HTTP/0.9":            "HTTP/0.9 200 OK\r\n\r\n",
	"14 bare HTML":           "<html>hello</html>",
	"14 ICY":                 "ICY 200 OK\r\n\r\n",
	"14 SMTP":                "220 mail.example.com ESMTP\r\n",
	"14 SSH":                 "SSH-2.0-OpenSSH_9.2\r\n",
	"14 nothing":             "",
	"14 switching protocols": "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
	"15 100 Continue flood":  strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 1_000_000) + okHead + "\r\n",
	"16 103 flood":           strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 100_000) + okHead + "\r\n",
	"18 endless trailers":    okHead + "Transfer-Encoding: chunked\r\n\r\n6\r\n<html>\r\n0\r\n" + strings.Repeat("X-A: b\r\n", 128<<10) + "\r\n",
	"28 two places":          "HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\n\r\n",
}

func zip(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, s)
	_ = w.Close()
	return b.String()
}

func TestBombs07To18AnswersThatAreNotProperHTTP(t *testing.T) {
	for name, answer := range badAnswers {
		t.Run(name, func(t *testing.T) {
			l, err := whole(t, answer).Look(context.Background(), here)
			mustClass(t, l, err, ClassBadResponse)
			if l.Body != nil {
				t.Errorf("body kept: %.40q", l.Body)
			}
		})
	}
}

func TestBomb08GzipOfZerosStopsAfterDecompression(t *testing.T) {
	// One gibibyte, as 64 members of 16 MiB: a gzip stream may have many.
	bomb := zip("<html>") + strings.Repeat(zip(strings.Repeat("\x00", 16<<20)), 64)
	c := whole(t, okHead+"Content-Encoding: gzip\r\n\r\n"+bomb)
	l, err := c.Look(context.Background(), here)
	mustClass(t, l, err, ClassTooLarge)
	if len(l.Body) != 5<<20 {
		t.Errorf("%d bytes of body", len(l.Body))
	}
}

func TestOneLayerOfGzipIsRead(t *testing.T) {
	for _, encoding := range []string{"gzip", "X-GZIP", "identity, gzip"} {
		l, err := whole(t, okHead+"Content-Encoding: "+encoding+"\r\n\r\n"+zip("<html>hello")).Look(context.Background(), here)
		mustClass(t, l, err, ClassOK)
		if string(l.Body) != "<html>hello" {
			t.Errorf("body %q", l.Body)
		}
	}
}

func TestBomb17BodyWhereThereMustBeNoneIsIgnored(t *testing.T) {
	for _, status := range []string{"204 No Content", "304 Not Modified"} {
		l, err := whole(t, "HTTP/1.1 "+status+"\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>").Look(context.Background(), here)
		mustClass(t, l, err, ClassOK)
		if len(l.Body) > 0 || l.Kind != KindOther {
			t.Errorf("%+v", l)
		}
	}
}

func TestBomb22CookiesAreDropped(t *testing.T) {
	var cookies []string
	l := newLab(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cookies = append(cookies, r.Header["Cookie"]...)
		for i := range 1000 {
			w.Header().Add("Set-Cookie", fmt.Sprintf("a%d=b", i))
		}
		if r.URL.Path == "/" {
			http.Redirect(w, r, "/b", http.StatusFound)
		}
	}))
	for range 2 {
		got, err := l.client.Look(context.Background(), "http://www.example.com/")
		mustClass(t, got, err, ClassOK)
	}
	if len(cookies) > 0 {
		t.Errorf("cookies %v", cookies)
	}
}

// Rows 25 and 26: what is no page is known by its first bytes only.
func TestBomb25And26BodiesOfOtherKindsAreNotRead(t *testing.T) {
	for declared, head := range map[string]string{
		"application/pdf": "%PDF-1.7\n", "application/zip": "PK\x03\x04", "image/svg+xml": "<svg onload=alert(1)>",
		"video/mp4": "\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", "image/jpeg": "\xff\xd8\xff\xe0", "application/json": "{\"a\":1",
	} {
		kind := map[string]Kind{"video/mp4": KindVideo, "image/jpeg": KindImage}[declared]
		if kind == "" {
			kind = KindOther
		}
		c, gone := rawServer(t, flood("HTTP/1.1 200 OK\r\nContent-Type: "+declared+"\r\nContent-Length: 10737418240\r\n\r\n"+head, "a"))
		l, err := c.Look(context.Background(), here)
		mustClass(t, l, err, ClassOK)
		if l.Body != nil || l.Kind != kind || l.ContentType != declared && declared != "application/json" {
			t.Errorf("%s: %s %s, %d bytes", declared, l.Kind, l.ContentType, len(l.Body))
		}
		<-gone
	}
}

func TestMediaGivesTheBodyOfAnImageAndOfNothingElse(t *testing.T) {
	for name, row := range map[string]struct {
		head string
		size int
		want Class
		body int
	}{
		"image":       {"\x89PNG\r\n\x1a\n", 3 << 20, ClassOK, 3 << 20},
		"at limit":    {"\xff\xd8\xff\xe0", 8 << 20, ClassOK, 8 << 20},
		"over limit":  {"\xff\xd8\xff\xe0", 8<<20 + 1, ClassTooLarge, 0},
		"page":        {"<html>", 1000, ClassOK, 0},
		"video":       {"\x1a\x45\xdf\xa3", 1000, ClassOK, 0},
		"false image": {"MZ\x90\x00", 1000, ClassOK, 0},
	} {
		answer := "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + row.head + strings.Repeat("\x00", row.size-len(row.head))
		l, err := whole(t, answer).Media(context.Background(), here)
		mustClass(t, l, err, row.want)
		if len(l.Body) != row.body || (l.Body != nil) != (row.body > 0) {
			t.Errorf("%s: %d bytes, want %d", name, len(l.Body), row.body)
		}
	}
}

func TestBomb29AnswersThatDifferAreTwoLooks(t *testing.T) {
	status := http.StatusOK
	l := newLab(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "max-age=3600")
		w.WriteHeader(status)
		status = http.StatusNotFound
	}))
	for _, want := range []int{200, 404} {
		got, err := l.client.Look(context.Background(), "http://www.example.com/")
		mustClass(t, got, err, ClassOK)
		if got.Status != want {
			t.Errorf("status %d, want %d", got.Status, want)
		}
	}
}

// Row 31: a site learns nothing from two looks that it does not learn from one.
func TestBomb31TwoLooksAskInTheSameWords(t *testing.T) {
	var asked []string
	l := newLab(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked = append(asked, fmt.Sprint(r.RequestURI, r.Header))
	}))
	for range 2 {
		got, err := l.client.Look(context.Background(), "http://www.example.com/a?src=1")
		mustClass(t, got, err, ClassOK)
	}
	if len(asked) != 2 || asked[0] != asked[1] {
		t.Errorf("asked %q", asked)
	}
}

func TestRefusedAndCancelledAreToldApart(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := ln.Addr().String()
	ln.Close()
	l, lookErr := exceptional(closed).Look(context.Background(), here)
	mustClass(t, l, lookErr, ClassRefused)
	ctx, cancel := context.WithCancel(context.Background())
	c, _ := rawServer(t, func(conn net.Conn) { cancel(); _, _ = io.Copy(io.Discard, conn) })
	l, lookErr = c.Look(ctx, here)
	mustClass(t, l, lookErr, ClassCancelled)
}

func TestRetryAfterIsRead(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{"120": 2 * time.Minute, "Sun, 01 Mar 2026 13:00:00 GMT": time.Hour,
		"-5": 0, "": 0, "soon": 0, "99999999": maxRetryAfter, "Sun, 01 Mar 2020 13:00:00 GMT": 0} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
}

func TestSniffTellsKinds(t *testing.T) {
	for _, row := range []struct {
		head, declared, want string
		kind                 Kind
	}{
		{"<!doctype html>", "image/jpeg", "text/html", KindPage},
		{"<p>a fragment", "text/html; charset=utf-8", "text/html", KindPage},
		{"plain", "text/html", "text/html", KindPage},
		{"404 not found", "", "text/plain", KindPage},
		{"<?xml version='1.0'?><html>", "application/xhtml+xml", "text/html", KindPage},
		{"body{}", "text/css", "text/css", KindOther},
		{"\xff\xd8\xff\xe0", "text/html", "image/jpeg", KindImage},
		{"RIFF\x00\x00\x00\x00WEBPVP", "", "image/webp", KindImage},
		{"\x00\x00\x00\x1cftypavif", "", "image/avif", KindImage},
		{"\x00\x00\x00\x1cftypheic", "application/octet-stream", "image/heic", KindImage},
		{"\x00\x00\x00\x1cftypqt  ", "", "video/quicktime", KindVideo},
		{"#EXTM3U\n", "text/plain", "video/mpegurl", KindVideo},
		{"G@\x11\x10\x00", "video/mp2t", "video/mp2t", KindVideo},
		{"<svg xmlns='x'>", "image/png", "image/svg+xml", KindOther},
		{"\x00\x00\x01\x00", "image/x-icon", "image/x-icon", KindOther},
		{"MZ\x90\x00\x03", "image/png", "application/octet-stream", KindOther},
		{"", "text/html", "text/html", KindOther},
	} {
		if got, kind := Sniff([]byte(row.head), row.declared); got != row.want || kind != row.kind {
			t.Errorf("%q declared %q: %s %s, want %s %s", row.head, row.declared, got, kind, row.want, row.kind)
		}
	}
}
