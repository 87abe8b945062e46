package mail

import (
	"errors"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

var (
	// ErrAddress says that a text is no single, plain mail address.
	ErrAddress = errors.New("not a mail address that can be written to: give one plain address like name@example.org")
	// ErrHeader says that a text cannot stand in a header field.
	ErrHeader = errors.New("not fit for a header: one line of at most 120 characters, without control characters")
)

const (
	maxAddress    = 254 // RFC 5321 section 4.5.3.1.3, without the angle brackets
	maxLocalPart  = 64  // RFC 5321 section 4.5.3.1.1
	maxHeaderText = 120 // runes
)

// Address accepts exactly one plain address and returns it with its domain in ASCII.
// Outer spaces are cut. Display names, comments, quoted local parts, address
// literals, single-label domains and domains that mix scripts are refused with
// ErrAddress, though net/mail takes most of them.
func Address(s string) (string, error) {
	s = strings.Trim(s, " ")
	if len(s) > maxAddress {
		return "", ErrAddress
	}
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Address != s {
		return "", ErrAddress
	}
	at := strings.LastIndexByte(s, '@')
	local, domain := s[:at], s[at+1:]
	if !localPart(local) {
		return "", ErrAddress
	}
	ascii, err := asciiDomain(domain)
	if err != nil || len(local)+1+len(ascii) > maxAddress {
		return "", ErrAddress
	}
	return local + "@" + ascii, nil
}

// localPart tells whether s is a dot-atom (RFC 5322 section 3.2.3) in ASCII that no
// program could take for an option.
func localPart(s string) bool {
	if s == "" || len(s) > maxLocalPart || s[0] == '-' {
		return false
	}
	for _, atom := range strings.Split(s, ".") {
		if atom == "" || strings.IndexFunc(atom, notAtext) >= 0 {
			return false
		}
	}
	return true
}

func notAtext(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return false
	default:
		return !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
	}
}

// asciiDomain returns a domain of at least two labels as it is asked in DNS. ASCII
// stays as typed; other scripts must come back the same from their ASCII form
// (IDNA 2008), which refuses full-width letters and other look-alikes of ASCII.
func asciiDomain(domain string) (string, error) {
	profile := idna.New(idna.MapForLookup(), idna.BidiRule(), idna.CheckJoiners(true),
		idna.CheckHyphens(true), idna.StrictDomainName(true), idna.VerifyDNSLength(true))
	ascii, err := profile.ToASCII(domain)
	if err != nil {
		return "", ErrAddress
	}
	shown, err := profile.ToUnicode(ascii)
	if err != nil {
		return "", ErrAddress
	}
	labels := strings.Split(shown, ".")
	if len(labels) < 2 || !named(labels[len(labels)-1]) {
		return "", ErrAddress
	}
	for _, label := range labels {
		if label == "" || mixesScripts(label) {
			return "", ErrAddress
		}
	}
	if isASCII(domain) {
		return domain, nil
	}
	if shown != strings.ToLower(domain) {
		return "", ErrAddress
	}
	return ascii, nil
}

// named tells a top-level domain from the end of an IP address.
func named(label string) bool {
	return strings.IndexFunc(label, unicode.IsLetter) == 0
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// mixesScripts tells whether the letters of a label come from more than one script.
// The scripts that Chinese, Japanese and Korean mix in ordinary words count as one.
func mixesScripts(label string) bool {
	var first string
	for _, r := range label {
		script := scriptOf(r)
		if script == "" {
			continue
		}
		if first != "" && script != first {
			return true
		}
		first = script
	}
	return false
}

// scriptOf names the script of a rune; "" if all scripts share it (digits, hyphens, marks).
func scriptOf(r rune) string {
	if unicode.In(r, unicode.Common, unicode.Inherited) {
		return ""
	}
	if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo) {
		return "CJK"
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return "unknown"
}

// Header accepts a text for a subject or a display name and returns it unchanged.
// ErrHeader if it holds a control character or line separator, invalid UTF-8, or more
// than 120 characters. Text that looks like an encoded word is fine: Build encodes it.
func Header(s string) (string, error) {
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > maxHeaderText {
		return "", ErrHeader
	}
	for _, r := range s {
		if unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) || isBidiControl(r) {
			return "", ErrHeader
		}
	}
	return s, nil
}

// isBidiControl tells the characters that reorder the text around them.
func isBidiControl(r rune) bool {
	return r == 0x061c || r == 0x200e || r == 0x200f || 0x202a <= r && r <= 0x202e || 0x2066 <= r && r <= 0x2069
}
