package takedown

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxPaste is how many bytes of pasted text are read at once.
const MaxPaste = 1 << 20

// Found is one address found in pasted text.
type Found struct {
	Line     int    // 1, 2, ... of the text
	Raw      string // the bytes as they stand there, or as repaired
	Repaired bool   // it was disguised (hxxp, [.]) or had no scheme
}

// Leftover is a line of the text in which no address was found.
type Leftover struct {
	Line int
	Text string
}

var (
	schemed = regexp.MustCompile(`(?i)\b(?:https?|hxxps?)(?::|\[:\])[/\\]{2}[^\s<>"` + "`" + `]+`)
	bare    = regexp.MustCompile(`(?i)^(?:www\.)?(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.|\[\.\]|\(\.\)))+\p{L}{2,24}(?::\d{1,5})?(?:[/?#][^\s<>"` + "`" + `]*)?$`)
	scheme  = regexp.MustCompile(`(?i)^[a-z][a-z0-9+.-]{0,20}:`)
	dots    = strings.NewReplacer("[.]", ".", "(.)", ".", "[:]", ":", "[dot]", ".", "(dot)", ".")
)

// FindAddresses finds the addresses in any pasted text: one a line, a mail, a
// table, a page of notes. Every line that is not blank gives at least one
// address or one leftover, so that nothing is dropped in silence. Whether an
// address can be kept is judged afterwards, by the guard.
func FindAddresses(text string) ([]Found, []Leftover) {
	var found []Found
	var left []Leftover
	for n, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		here := inLine(n+1, line)
		if len(here) == 0 && strings.TrimSpace(line) != "" {
			left = append(left, Leftover{n + 1, strings.TrimSpace(line)})
		}
		found = append(found, here...)
	}
	return found, left
}

func inLine(n int, line string) []Found {
	var out []Found
	rest := line
	for _, at := range schemed.FindAllString(line, -1) {
		raw, repaired := repair(trim(at))
		out = append(out, Found{n, raw, repaired})
		rest = strings.Replace(rest, at, " ", 1)
	}
	for _, word := range strings.FieldsFunc(rest, between) {
		word = trim(word)
		switch {
		case bare.MatchString(word) && telling(word, strings.TrimSpace(line)):
			out = append(out, Found{n, "https://" + dots.Replace(word), true})
		case scheme.MatchString(word) && trim(strings.TrimSpace(line)) == word:
			out = append(out, Found{n, word, false})
		}
	}
	return out
}

// telling keeps words such as "ok.Je" of running text from being read as
// addresses: a bare name needs a path, a www, or the line to itself.
func telling(word, line string) bool {
	return strings.ContainsAny(word, "/?") || strings.HasPrefix(strings.ToLower(word), "www.") || trim(line) == word
}

func between(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("<>\"`;,|", r)
}

// repair undoes the disguises in which addresses are passed on.
func repair(raw string) (string, bool) {
	plain := dots.Replace(raw)
	if lower := strings.ToLower(plain); strings.HasPrefix(lower, "hxxp") {
		plain = "http" + plain[len("hxxp"):]
	}
	return plain, plain != raw
}

// trim takes off the punctuation of the sentence around an address. A closing
// bracket stays when the address opened it.
func trim(word string) string {
	word = strings.TrimLeft(word, "([{<'\"«“‘*_>")
	for word != "" {
		last, size := utf8.DecodeLastRuneInString(word)
		switch {
		case strings.ContainsRune(".,;:!?'\"»”’*>", last):
		case strings.ContainsRune(")]}", last) && !opens(word, last):
		default:
			return word
		}
		word = word[:len(word)-size]
	}
	return word
}

func opens(word string, closing rune) bool {
	opening := map[rune]string{')': "(", ']': "[", '}': "{"}[closing]
	return strings.Count(word, opening) >= strings.Count(word, string(closing))
}
