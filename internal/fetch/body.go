package fetch

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// receive reads as much of the body as its kind deserves. What it learns before
// it fails stays in l.
func (c *Client) receive(ctx context.Context, stop context.CancelCauseFunc, resp *http.Response, want Kind, l *Look) *Error {
	limits := c.options.Limits
	l.Declared = firstBytes(resp.Header.Get("Content-Type"), 200)
	flow := &counter{r: resp.Body}
	defer c.watchRate(flow, stop)()

	wire, keep := limits.WireBytes, limits.BodyBytes
	switch want {
	case KindImage:
		wire, keep = limits.MediaBytes, limits.MediaBytes
	case KindVideo:
		wire, keep = limits.VideoBytes, limits.VideoBytes
	}
	decoded, zipped, failed := decode(resp.Header["Content-Encoding"], &capped{r: flow, left: wire})
	if failed != nil {
		return failed
	}
	body := bufio.NewReaderSize(&capped{r: decoded, left: keep}, int(limits.PeekBytes))
	head, err := body.Peek(int(limits.PeekBytes))
	if err != nil && !errors.Is(err, io.EOF) {
		return explain(ctx, err, fail(ClassBadResponse, "body is broken"))
	}
	if zipped && bytes.HasPrefix(head, gzipMagic) {
		return fail(ClassBadResponse, "compressed more than once")
	}
	l.ContentType, l.Kind = Sniff(head, l.Declared)
	if l.Kind != want {
		return nil
	}
	if resp.ContentLength > wire {
		return errTooLarge
	}
	l.Body, err = io.ReadAll(body)
	if err == nil {
		return nil
	}
	if !errors.Is(err, errTooLarge) || want != KindPage {
		l.Body = nil
	}
	return explain(ctx, err, fail(ClassBadResponse, "body is broken"))
}

var gzipMagic = []byte{0x1f, 0x8b}

// decode undoes one layer of gzip, although none was asked for, and nothing else.
func decode(encodings []string, body io.Reader) (r io.Reader, zipped bool, failed *Error) {
	var layers []string
	for name := range strings.SplitSeq(strings.Join(encodings, ","), ",") {
		if name = lowerASCII(strings.TrimSpace(name)); name != "" && name != "identity" {
			layers = append(layers, name)
		}
	}
	switch {
	case len(layers) == 0:
		return body, false, nil
	case len(layers) > 1 || (layers[0] != "gzip" && layers[0] != "x-gzip"):
		return nil, false, fail(ClassBadResponse, "compressed in a way that was not asked for")
	}
	return &gunzip{body: body}, true, nil
}

// gunzip waits with the gzip header until the first read, so that its errors are
// errors of reading. An empty body is no broken one.
type gunzip struct {
	body io.Reader
	z    *gzip.Reader
}

func (g *gunzip) Read(p []byte) (int, error) {
	if g.z == nil {
		z, err := gzip.NewReader(g.body)
		if err != nil {
			return 0, err
		}
		g.z = z
	}
	return g.z.Read(p)
}

// capped fails with errTooLarge where io.LimitReader would end in silence.
type capped struct {
	r    io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	if c.left <= 0 {
		var one [1]byte
		n, err := io.ReadFull(c.r, one[:])
		if n > 0 {
			return 0, errTooLarge
		}
		return 0, err
	}
	n, err := c.r.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}

// counter counts what passes, for watchRate.
type counter struct {
	r io.Reader
	n atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// watchRate stops the hop when its body averages less than Limits.MinRate. The
// function it returns ends the watch.
func (c *Client) watchRate(flow *counter, stop context.CancelCauseFunc) func() {
	start, every := time.Now(), c.options.Limits.MinRateAfter
	ctx, done := context.WithCancel(context.Background())
	go func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if float64(flow.n.Load()) < time.Since(start).Seconds()*float64(c.options.Limits.MinRate) {
					stop(errTooSlow)
					return
				}
			}
		}
	}()
	return done
}

// Sniff gives the media type of an answer by its first bytes, with the declared
// type as help where bytes do not tell, and its kind.
func Sniff(head []byte, declared string) (string, Kind) {
	says, _, err := mime.ParseMediaType(declared)
	if err != nil {
		says = ""
	}
	found, _, _ := strings.Cut(sniffBytes(head), ";")
	switch {
	case says == "image/svg+xml" || bytes.Contains(head, []byte("<svg")) && found != "text/html":
		return "image/svg+xml", KindOther
	case found == "text/html" || says == "application/xhtml+xml" && strings.HasPrefix(found, "text/"):
		return "text/html", KindPage
	case strings.HasPrefix(found, "image/") && !strings.Contains(found, "icon"):
		return found, KindImage
	case strings.HasPrefix(found, "video/"):
		return found, KindVideo
	case strings.HasPrefix(found, "text/") && len(head) > 0 && (says == "" || strings.HasPrefix(says, "text/")):
		return textKind(says)
	case strings.HasPrefix(says, "video/") || says == "application/vnd.apple.mpegurl" || says == "application/x-mpegurl":
		return says, KindVideo
	case found == "application/octet-stream" && says != "" && !strings.HasPrefix(says, "image/"), len(head) == 0:
		return says, KindOther
	}
	return found, KindOther
}

// textKind believes the server about what text is: a fragment of HTML looks plain.
func textKind(says string) (string, Kind) {
	switch says {
	case "text/html":
		return says, KindPage
	case "", "text/plain":
		return "text/plain", KindPage
	}
	return says, KindOther
}

// sniffBytes adds to the standard algorithm the containers of today's phones and
// sites: ISO media files (by their brand), and playlists.
func sniffBytes(head []byte) string {
	if bytes.HasPrefix(head, []byte("#EXTM3U")) {
		return "video/mpegurl"
	}
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return http.DetectContentType(head)
	}
	switch string(head[8:12]) {
	case "avif", "avis":
		return "image/avif"
	case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1":
		return "image/heic"
	case "qt  ":
		return "video/quicktime"
	case "M4A ", "M4B ":
		return "audio/mp4"
	}
	return "video/mp4"
}

func firstBytes(s string, n int) string { return s[:min(len(s), n)] }
