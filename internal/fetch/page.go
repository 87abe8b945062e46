package fetch

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
)

// Bounds of reading one page. The page is only cut into tokens, never built into
// a tree: building has been quadratic or endless on hostile pages.
const (
	maxTokenBytes = 1 << 20
	maxTokens     = 200_000
	maxReading    = time.Second
	maxText       = 20_000 // bytes of Page.Text
	maxTitle      = 300    // bytes of Page.Title and Page.Heading
	maxScript     = 256 << 10
	maxAttributes = 100 // of one tag; the rest are passed over
)

// Page is what was found on a page. All text is valid UTF-8.
type Page struct {
	Title   string
	Heading string // text of the first h1
	Text    string // visible text with single spaces, cut at 20,000 bytes
	Media   []Found

	// Truncated means that a bound was reached: what is missing from Media may
	// still be there.
	Truncated bool

	password, challenge bool
}

// FindMedia reads a page as it came, with the Content-Type its server declared.
// Base is the address it came from; <base href> serves for resolving only.
// When the type is an image or a video, base itself is the one thing found.
func FindMedia(page []byte, contentType, base string) Page {
	if _, kind := Sniff(page[:min(len(page), 512)], contentType); kind == KindImage || kind == KindVideo {
		f := newFinder(base)
		f.add(candidate{url: base, kind: FoundKind(kind), from: "direct"})
		return Page{Media: f.ranked()}
	}
	text, whole := decodeText(page, contentType)
	r := reader{finder: newFinder(base), started: time.Now()}
	r.page.Truncated = !whole
	r.read(text)
	r.page.Title = tidy(r.title.String(), maxTitle)
	r.page.Heading = tidy(r.heading.String(), maxTitle)
	r.page.Text = tidy(r.text.String(), maxText)
	r.page.Media = r.finder.ranked()
	r.page.Truncated = r.page.Truncated || r.finder.cut
	return r.page
}

// decodeText gives UTF-8, by the mark, the declared charset or the first 1 KiB,
// else by trying UTF-8 on the whole, else as windows-1252. It tells whether
// everything could be decoded.
func decodeText(page []byte, contentType string) (string, bool) {
	encoding, _, certain := charset.DetermineEncoding(page, contentType)
	if !certain && utf8.Valid(page) {
		encoding = unicode.UTF8
	}
	limit := int64(3*len(page) + 1)
	decoded, err := io.ReadAll(io.LimitReader(encoding.NewDecoder().Reader(bytes.NewReader(page)), limit))
	return strings.ToValidUTF8(string(decoded), "\uFFFD"), err == nil
}

// tidy makes single spaces and cuts at a whole character.
func tidy(s string, limit int) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "")
}

// reader keeps what the tokens so far have opened.
type reader struct {
	page    Page
	finder  *finder
	started time.Time

	title, heading, text strings.Builder

	raw      string // element whose raw text comes next: title, script, style, ...
	rawType  string // its type attribute
	hidden   int    // open noscript, template and select elements: no visible text
	titled   bool
	headings int // h1 elements begun; only the first is read
	inH1     bool
	inSVG    bool
}

func (r *reader) read(text string) {
	z := html.NewTokenizer(strings.NewReader(text))
	z.SetMaxBuf(maxTokenBytes)
	for n := 0; ; n++ {
		if n == maxTokens || (n%256 == 0 && time.Since(r.started) > maxReading) {
			r.page.Truncated = true
			return
		}
		switch z.Next() {
		case html.ErrorToken:
			r.page.Truncated = r.page.Truncated || !errors.Is(z.Err(), io.EOF)
			return
		case html.TextToken:
			r.onText(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken:
			if r.onStart(z) == "noscript" {
				z.NextIsNotRawText() // lazy pages keep their pictures there
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			r.onEnd(string(name))
		}
	}
}

func (r *reader) onText(text []byte) {
	switch r.raw {
	case "title":
		if !r.titled && !r.inSVG {
			grow(&r.title, text, maxTitle)
			r.titled = r.title.Len() > 0
		}
	case "script":
		r.onScript(text)
	case "":
		if r.hidden > 0 {
			return
		}
		grow(&r.text, text, maxText)
		if r.inH1 {
			grow(&r.heading, text, maxTitle)
		}
	}
}

// grow adds text with spaces around, until there is more than enough to cut.
func grow(b *strings.Builder, text []byte, limit int) {
	text = bytes.TrimSpace(text)
	if len(text) > 0 && b.Len() < 2*limit {
		b.Write(text[:min(len(text), 2*limit)])
		b.WriteByte(' ')
	}
}

func (r *reader) onScript(text []byte) {
	if strings.Contains(r.rawType, "ld+json") {
		if len(text) > maxScript {
			r.page.Truncated = true
			return
		}
		r.finder.structured(text)
		return
	}
	r.page.challenge = r.page.challenge || hasChallenge(string(text[:min(len(text), maxScript)]))
}

// onStart takes one tag. Attributes are bounded by the token's own bound.
func (r *reader) onStart(z *html.Tokenizer) string {
	nameBytes, more := z.TagName()
	name := string(nameBytes)
	a := attributes{}
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		if _, twice := a[string(key)]; !twice && len(a) < maxAttributes {
			a[string(key)] = string(value)
		}
	}
	r.raw = ""
	switch name {
	case "title", "script", "style", "textarea", "xmp", "iframe", "noembed", "noframes", "plaintext":
		r.raw, r.rawType = name, lowerASCII(a["type"])
	case "noscript", "template":
		r.hidden++
	case "svg":
		r.inSVG = true
	case "h1":
		r.headings++
		r.inH1 = r.headings == 1
	case "input":
		r.page.password = r.page.password || lowerASCII(a["type"]) == "password"
	}
	if len(a) > 0 {
		r.page.challenge = r.page.challenge || hasChallenge(a["src"]+" "+a["class"]+" "+a["id"]+" "+a["action"])
	}
	r.finder.element(name, a)
	return name
}

func (r *reader) onEnd(name string) {
	r.raw = ""
	switch name {
	case "noscript", "template":
		r.hidden = max(0, r.hidden-1)
	case "svg":
		r.inSVG = false
	case "h1":
		r.inH1 = false
	}
	r.finder.end(name)
}
