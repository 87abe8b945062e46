package fetch

import (
	"fmt"
	"strconv"
	"strings"
)

// canonical is the one spelling of an address that may be stored.
func (t target) canonical() string {
	rest, _, _ := strings.Cut(t.rest, "#")
	path, query, hasQuery := strings.Cut(rest, "?")
	out := t.scheme + "://" + t.authority() + removeDots("/"+strings.TrimPrefix(normalPercent(path), "/"))
	if hasQuery {
		out += "?" + normalPercent(query)
	}
	return out
}

// authority writes host and, unless it is the scheme's own, port.
func (t target) authority() string {
	host := t.host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if t.port != ownPort(t.scheme) {
		host += ":" + strconv.Itoa(int(t.port))
	}
	return host
}

// normalPercent writes escapes in upper case, undoes those of unreserved
// characters (RFC 3986 6.2.2), and escapes what is not ASCII. A percent sign
// that escapes nothing becomes %25, so that it cannot join with what follows.
func normalPercent(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch v, ok := unhex(s[i:]); {
		case ok && unreserved(v):
			b.WriteByte(v)
			i += 2
		case ok:
			b.WriteString(strings.ToUpper(s[i : i+3]))
			i += 2
		case c == '%' || c >= 0x80:
			fmt.Fprintf(&b, "%%%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// escapeNonASCII escapes what a request line cannot carry, and nothing else.
func escapeNonASCII(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if s[i] >= 0x80 {
			fmt.Fprintf(&b, "%%%02X", s[i])
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// mendPercent escapes the percent signs that escape nothing, and nothing else.
func mendPercent(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteByte(s[i])
		if _, ok := unhex(s[i:]); s[i] == '%' && !ok {
			b.WriteString("25")
		}
	}
	return b.String()
}

// unhex reads an escape at the beginning of s.
func unhex(s string) (byte, bool) {
	if len(s) < 3 || s[0] != '%' {
		return 0, false
	}
	v, err := strconv.ParseUint(s[1:3], 16, 8)
	return byte(v), err == nil && s[1] != '+'
}

func unreserved(c byte) bool {
	return isAlnum(c) || c == '-' || c == '.' || c == '_' || c == '~'
}

// removeDots resolves "." and ".." in a path that begins with "/", in one pass
// (RFC 3986 5.2.4).
func removeDots(path string) string {
	var kept []string
	segments := strings.Split(path[1:], "/")
	for i, s := range segments {
		last := i == len(segments)-1
		switch {
		case s == ".." && len(kept) > 0:
			kept = kept[:len(kept)-1]
		case s != "." && s != "..":
			kept = append(kept, s)
			continue
		}
		if last {
			kept = append(kept, "")
		}
	}
	return "/" + strings.Join(kept, "/")
}

// resolve makes an absolute address of a reference found in one that was judged
// (RFC 3986 5.2), without cleaning or decoding anything: the result is judged
// like any other address.
func resolve(base, ref string) string {
	if hasScheme(ref) {
		return ref
	}
	scheme, after, _ := strings.Cut(base, "://")
	after, _, _ = strings.Cut(after, "#")
	authority, rest := after, ""
	if i := strings.IndexAny(after, "/?"); i >= 0 {
		authority, rest = after[:i], after[i:]
	}
	path, _, _ := strings.Cut(rest, "?")
	root := scheme + "://" + authority
	switch {
	case strings.HasPrefix(ref, "//"):
		return scheme + ":" + ref
	case strings.HasPrefix(ref, "/"):
		return root + removeDotsOf(ref)
	case ref == "" || strings.HasPrefix(ref, "#"):
		return root + rest + ref
	case strings.HasPrefix(ref, "?"):
		return root + path + ref
	}
	dir := path[:strings.LastIndexByte(path, '/')+1]
	return root + removeDotsOf("/"+strings.TrimPrefix(dir, "/")+ref)
}

// removeDotsOf resolves the dots of the path part only.
func removeDotsOf(ref string) string {
	path := ref
	if i := strings.IndexAny(ref, "?#"); i >= 0 {
		path = ref[:i]
	}
	return removeDots(path) + ref[len(path):]
}

// hasScheme tells "name:" at the beginning, as RFC 3986 3.1 spells names.
func hasScheme(ref string) bool {
	for i := range len(ref) {
		c := ref[i]
		switch {
		case c == ':':
			return i > 0
		case 'a' <= c|0x20 && c|0x20 <= 'z':
		case i > 0 && (isAlnum(c) || c == '+' || c == '-' || c == '.'):
		default:
			return false
		}
	}
	return false
}
