package mail

import (
	"strings"

	"golang.org/x/net/html"
)

const (
	maxTokens   = 50_000
	maxHTMLText = MaxText + 4
	maxHref     = 500
)

// htmlText turns HTML into text, token by token: no tree is built, nothing is loaded.
// Links keep their address as text; quoted blocks get the "> " of plain mail.
func htmlText(source string) string {
	tokens := html.NewTokenizer(strings.NewReader(source))
	tokens.SetMaxBuf(maxHTML)
	var w htmlWriter
	for range maxTokens {
		if w.out.Len() > maxHTMLText || !w.take(tokens) {
			break
		}
	}
	return clean(w.out.String())
}

// htmlWriter is the text so far and where in the page we are.
type htmlWriter struct {
	out    strings.Builder
	hidden string // the element whose text is not for reading, such as script
	quotes int
	href   string
	space  bool // a space is due before the next word
	lines  int  // line feeds at the end of out
}

// take handles one token; false at the end.
func (w *htmlWriter) take(tokens *html.Tokenizer) bool {
	switch tokens.Next() {
	case html.ErrorToken:
		return false
	case html.TextToken:
		if w.hidden == "" {
			w.words(string(tokens.Text()))
		}
	case html.StartTagToken:
		w.open(tokens, false)
	case html.SelfClosingTagToken:
		w.open(tokens, true)
	case html.EndTagToken:
		name, _ := tokens.TagName()
		w.close(string(name))
	}
	return true
}

func (w *htmlWriter) open(tokens *html.Tokenizer, closed bool) {
	raw, hasAttributes := tokens.TagName()
	name := string(raw)
	switch name {
	case "script", "style", "title", "template", "noscript", "textarea", "select", "svg", "iframe":
		if w.hidden == "" && !closed {
			w.hidden = name
		}
	case "br":
		w.line(w.lines + 1)
	case "blockquote":
		w.line(1)
		w.quotes = min(w.quotes+1, maxDepth)
	case "a":
		w.href = ""
		if hasAttributes {
			w.href = hrefOf(tokens)
		}
	case "p", "div", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre":
		w.line(lineFeeds(name))
	}
}

func (w *htmlWriter) close(name string) {
	if w.hidden != "" {
		if name == w.hidden {
			w.hidden = ""
		}
		return
	}
	switch name {
	case "blockquote":
		w.line(1)
		w.quotes = max(w.quotes-1, 0)
	case "a":
		if w.href != "" && !strings.HasSuffix(w.out.String(), w.href) {
			w.words(" <" + w.href + "> ")
		}
		w.href = ""
	case "p", "div", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre":
		w.line(lineFeeds(name))
	case "td", "th":
		w.space = true
	}
}

// lineFeeds says how far apart blocks stand: a paragraph leaves an empty line.
func lineFeeds(name string) int {
	if name == "p" || name == "table" || strings.HasPrefix(name, "h") {
		return 2
	}
	return 1
}

// words writes text with its spaces collapsed.
func (w *htmlWriter) words(s string) {
	fields := strings.Fields(s)
	if len(fields) == 0 {
		w.space = w.space || s != ""
		return
	}
	if s[0] == ' ' || s[0] == '\n' || s[0] == '\t' || s[0] == '\r' {
		w.space = true
	}
	w.startLine()
	if w.space && w.lines == 0 && w.out.Len() > 0 {
		w.out.WriteByte(' ')
	}
	w.out.WriteString(strings.Join(fields, " "))
	w.lines = 0
	w.space = strings.TrimRight(s, " \n\t\r") != s
}

func (w *htmlWriter) startLine() {
	if w.quotes > 0 && (w.lines > 0 || w.out.Len() == 0) {
		w.out.WriteString(strings.Repeat("> ", w.quotes))
		w.lines, w.space = 0, false
	}
}

// line makes sure that the text ends in n line feeds (at most two).
func (w *htmlWriter) line(n int) {
	if w.hidden != "" || w.out.Len() == 0 {
		return
	}
	for w.lines < min(n, 2) {
		w.out.WriteByte('\n')
		w.lines++
	}
	w.space = false
}

func hrefOf(tokens *html.Tokenizer) string {
	for {
		key, value, more := tokens.TagAttr()
		href := strings.TrimSpace(string(value))
		if string(key) == "href" {
			lower := strings.ToLower(href)
			if len(href) <= maxHref && (strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "http://")) {
				return strings.Join(strings.Fields(href), "%20")
			}
			return ""
		}
		if !more {
			return ""
		}
	}
}
