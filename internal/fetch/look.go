package fetch

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind is what the first bytes of an answer are.
type Kind string

// The kinds.
const (
	KindPage  Kind = "page"  // HTML or plain text
	KindImage Kind = "image" // a picture of pixels; SVG is KindOther
	KindVideo Kind = "video"
	KindOther Kind = "other"
)

// Look is what one look at one address showed.
type Look struct {
	Class       Class
	Status      int    // of the last answer; 0 if there was none
	FinalURL    string // the last address that was asked; empty if none was
	Hops        int    // redirects followed
	ContentType string // media type by the first bytes
	Declared    string // Content-Type as the server wrote it, for FindMedia
	RetryAfter  time.Duration
	Kind        Kind

	// Body is the decompressed body of a page, of an image asked for by
	// Client.Media, or of a video asked for by Client.Video; nil for all else. With ClassTooLarge it is the beginning of a
	// page, or nil: good for finding media, never for judging that they are gone.
	Body []byte
}

// Look fetches one address, spelt as it was given, and follows at most
// Limits.Hops redirects. The error is always an *Error and repeats Look.Class;
// the Look carries what was seen before it. An HTTP status is no error.
func (c *Client) Look(ctx context.Context, rawURL string) (Look, error) {
	return c.journey(ctx, rawURL, KindPage)
}

// Media is Look for an address of which the picture is wanted: the body is kept
// when it is an image, and nothing else is read.
func (c *Client) Media(ctx context.Context, rawURL string) (Look, error) {
	return c.journey(ctx, rawURL, KindImage)
}

// Video is Look for an address of which the video is wanted: the body is kept
// when it is one, and nothing else is read. It may take longer, and hold more
// memory, than the other two: ask for one at a time.
func (c *Client) Video(ctx context.Context, rawURL string) (Look, error) {
	return c.journey(ctx, rawURL, KindVideo)
}

// journey goes from hop to hop. Each address is judged from the beginning.
func (c *Client) journey(ctx context.Context, address string, want Kind) (Look, error) {
	l := Look{Class: ClassOK}
	left := c.options.Limits.Total
	if want == KindVideo {
		left = c.options.Limits.Video
	}
	for {
		t, no := inspect(address)
		if no != nil {
			return l.end(blocked(no))
		}
		if strings.HasPrefix(lowerASCII(l.FinalURL), "https:") && t.scheme == "http" {
			return l.end(fail(ClassDowngrade, "redirect from https to http"))
		}
		leave, err := c.gate.enter(ctx, t.host)
		if err != nil {
			return l.end(&Error{Class: ClassCancelled, Reason: "the caller gave up waiting", cause: err})
		}
		start := time.Now()
		l.FinalURL = address
		location, failed := c.hop(ctx, left, t, want, &l)
		left -= time.Since(start)
		leave()
		switch {
		case ctx.Err() != nil && failed != nil:
			return l.end(&Error{Class: ClassCancelled, Reason: "the caller gave up", cause: ctx.Err()})
		case failed != nil:
			return l.end(failed)
		case location == "":
			return l, nil
		case l.Hops == c.options.Limits.Hops:
			return l.end(fail(ClassTooManyHops, "more redirects than allowed"))
		}
		l.Hops++
		address = resolve(address, location)
	}
}

func (l Look) end(err *Error) (Look, error) {
	l.Class = err.Class
	return l, err
}

// hop asks one address once. It gives the place a redirect names, or fills in l.
func (c *Client) hop(ctx context.Context, left time.Duration, t target, want Kind, l *Look) (string, *Error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ctx, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	d, failed := c.destination(ctx, t)
	if failed != nil {
		return "", failed
	}
	resp, err := c.transport(t, d).RoundTrip(c.request(ctx, t))
	if err != nil {
		return "", explain(ctx, err, fail(ClassBadResponse, "answer is not proper HTTP"))
	}
	defer resp.Body.Close()
	if resp.ProtoMajor != 1 || resp.StatusCode < 200 || resp.StatusCode > 599 {
		return "", fail(ClassBadResponse, "answer is not proper HTTP")
	}
	l.Status = resp.StatusCode
	l.RetryAfter = retryAfter(resp.Header.Get("Retry-After"), time.Now())
	if redirects(resp.StatusCode) {
		return place(resp.Header["Location"])
	}
	return "", c.receive(ctx, stop, resp, want, l)
}

// transport is made for one hop and can reach nothing but d. It asks no proxy,
// keeps no connection, and speaks HTTP/1.1 only.
func (c *Client) transport(t target, d destination) *http.Transport {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy: nil,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return c.connect(ctx, d)
		},
		DialTLSContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			conn, err := c.connect(ctx, d)
			if err != nil {
				return nil, err
			}
			return c.secure(ctx, conn, t.host)
		},
		Protocols:              &protocols,
		DisableKeepAlives:      true,
		DisableCompression:     true,
		ResponseHeaderTimeout:  c.options.Limits.FirstByte,
		MaxResponseHeaderBytes: c.options.Limits.HeaderBytes,
	}
}

// request carries nothing that differs from one look to the next but the address.
func (c *Client) request(ctx context.Context, t target) *http.Request {
	r := &http.Request{
		Method: http.MethodGet, URL: t.wire(), Host: t.authority(),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{
			"User-Agent":      {c.options.UserAgent},
			"Accept":          {"text/html,application/xhtml+xml,image/*,*/*;q=0.8"},
			"Accept-Encoding": {"identity"},
		},
	}
	return r.WithContext(ctx)
}

// wire gives path and query as they were written, with only what is not ASCII
// escaped. A path that begins with two slashes goes through net/url, which would
// otherwise take it for a host.
func (t target) wire() *url.URL {
	rest, _, _ := strings.Cut(t.rest, "#")
	if !strings.HasPrefix(rest, "/") {
		rest = "/" + rest
	}
	u := &url.URL{Scheme: t.scheme, Host: t.authority()}
	if !strings.HasPrefix(rest, "//") {
		u.Opaque = escapeNonASCII(rest)
		return u
	}
	path, query, asked := strings.Cut(rest, "?")
	mended := mendPercent(path)
	decoded, err := url.PathUnescape(mended)
	if err != nil {
		panic("fetch: a mended path always decodes: " + err.Error())
	}
	u.Path, u.RawPath, u.RawQuery, u.ForceQuery = decoded, mended, escapeNonASCII(query), asked
	return u
}

func redirects(status int) bool {
	return slices.Contains([]int{301, 302, 303, 307, 308}, status)
}

func place(locations []string) (string, *Error) {
	switch {
	case len(locations) == 0 || locations[0] == "":
		return "", fail(ClassNoLocation, "redirect without a place")
	case len(locations) > 1:
		return "", fail(ClassBadResponse, "redirect to several places")
	}
	return locations[0], nil
}

// maxRetryAfter bounds what a site may ask us to wait.
const maxRetryAfter = 30 * 24 * time.Hour

// retryAfter reads seconds or a date (RFC 9110 10.2.3); 0 if there is none.
func retryAfter(value string, now time.Time) time.Duration {
	var wait time.Duration
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		wait = at.Sub(now)
	}
	return max(0, min(wait, maxRetryAfter))
}
