package takedown

import (
	"regexp"
	"slices"
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
	start   = regexp.MustCompile(`(?i)(?:https?|hxxps?)(?:(?::|\[:\])[/\\]{2}|\[://\])`)
	glued   = regexp.MustCompile(`(?i)^[,;|'][,;|'"]{0,3}(?:https?|hxxps?)(?::|\[)`)
	stuckTo = regexp.MustCompile(`(?i)^https?://`)
	bare    = regexp.MustCompile(`(?i)^(?:www\.)?(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.|\[\.\]|\(\.\)|\[dot\]|\(dot\)))+\p{L}{2,24}(?::\d{1,5})?(?:[/?#][^\s<>"` + "`" + `]*)?$`)
	scheme  = regexp.MustCompile(`(?i)^[a-z][a-z0-9+.-]{0,20}:`)
	dots    = strings.NewReplacer(
		"[.]", ".", "(.)", ".", "[:]", ":", "[://]", "://",
		"[dot]", ".", "(dot)", ".", "[DOT]", ".", "(DOT)", ".", "&amp;", "&",
	)
	breaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")
)

// FindAddresses finds the addresses in any pasted text: one a line, a mail, a
// table, a page of notes. Every line that is not blank gives at least one
// address or one leftover, so that nothing is dropped in silence. Whether an
// address can be kept is judged afterwards, by the guard.
func FindAddresses(text string) ([]Found, []Leftover) {
	var found []Found
	var left []Leftover
	lines := strings.Split(breaks.Replace(text), "\n")
	column := columns(lines)
	for n, line := range lines {
		here := inLine(n+1, line, column)
		if len(here) == 0 && strings.TrimSpace(line) != "" {
			left = append(left, Leftover{n + 1, strings.TrimSpace(line)})
		}
		found = append(found, here...)
	}
	return found, left
}

func inLine(n int, line string, column rune) []Found {
	var out []Found
	alone, at := strip(line), 0
	for _, m := range start.FindAllStringIndex(line, -1) {
		end := m[1]
		if m[0] >= at {
			end += extent(line[m[1]:], cell(line[:m[0]], column))
		}
		if end == m[1] {
			continue // inside the address before it, or nothing follows
		}
		raw, repaired := repair(trim(line[m[0]:end]))
		out = append(append(out, unschemed(n, line[at:m[0]], alone)...), Found{n, raw, repaired})
		at = end
	}
	return append(out, unschemed(n, line[at:], alone)...)
}

// unschemed finds addresses without http in a part of a line. alone is the
// line without the punctuation around it.
func unschemed(n int, part, alone string) []Found {
	var out []Found
	for _, word := range strings.FieldsFunc(strings.ReplaceAll(part, "](", " "), between) {
		word = strings.TrimLeftFunc(word, around)
		word = trim(word[:extent(word, none)])
		switch {
		case bare.MatchString(word) && telling(word, alone):
			out = append(out, Found{n, "https://" + dots.Replace(word), true})
		case scheme.MatchString(word) && strip(word) == alone && !strings.EqualFold(scheme.FindString(word), "mailto:"):
			out = append(out, Found{n, word, false})
		}
	}
	return out
}

// none stands for no separator.
const none rune = -1

// columns gives the separator of a table whose first line names its columns.
// Without it a comma belongs to the address, as it does in many real ones.
func columns(lines []string) rune {
	head := lines[0]
	for _, sep := range ",;|" {
		lacks := func(l string) bool { return strings.TrimSpace(l) != "" && !strings.ContainsRune(l, sep) }
		named := strings.ContainsRune(head, sep) && !strings.Contains(head, string(sep)+" ")
		if named && !start.MatchString(head) && !slices.ContainsFunc(lines, lacks) {
			return sep
		}
	}
	return none
}

// cell gives the separator that ends an address which stands after before.
func cell(before string, column rune) rune {
	last, _ := utf8.DecodeLastRuneInString(before)
	switch {
	case strings.ContainsRune(",;|", last):
		return last
	case last == '"' || last == '\'':
		return none
	}
	return column
}

// extent gives how many bytes of the text belong to the address at its start:
// up to white space, a quotation mark, the separator of its cell, a bracket that
// it did not open, a closing tag of a forum or the next address of a list.
func extent(text string, separator rune) int {
	var open [3]int
	for i, r := range text {
		switch {
		case unicode.IsSpace(r) || strings.ContainsRune("<>\"`", r) || r == separator:
			return i
		case strings.ContainsRune(",;|'", r) && glued.MatchString(text[i:]):
			return i
		case stuck(text, i):
			return i
		case r == '[' && strings.HasPrefix(text[i:], "[/"):
			return i
		}
		if k := strings.IndexRune("([{", r); k >= 0 {
			open[k]++
		}
		if k := strings.IndexRune(")]}", r); k >= 0 {
			if open[k] == 0 {
				return i
			}
			open[k]--
		}
	}
	return len(text)
}

// stuck tells whether another address begins right there, with nothing between.
// After a sign, as in "/web/https://..." or "?u=https://...", it belongs to the
// address before it.
func stuck(text string, at int) bool {
	if at == 0 || !strings.HasPrefix(strings.ToLower(text[at:min(len(text), at+8)]), "http") {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	return (unicode.IsLetter(before) || unicode.IsDigit(before)) && stuckTo.MatchString(text[at:])
}

// telling keeps words such as "ok.Je" of running text from being read as
// addresses: a bare name needs a path, a www, or the line to itself.
func telling(word, alone string) bool {
	return strings.ContainsAny(word, "/?") || strings.HasPrefix(strings.ToLower(word), "www.") || strip(word) == alone
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

// trim takes off the punctuation of the sentence after an address.
func trim(word string) string {
	return strings.TrimRightFunc(word, func(r rune) bool {
		return strings.ContainsRune(".,;:!?'\"»”’*>", r) || unicode.Is(unicode.Cf, r)
	})
}

// strip takes off everything around the words of a line: space, brackets,
// quotation marks, bullets and the punctuation of the sentence.
func strip(line string) string {
	return trim(strings.TrimFunc(line, func(r rune) bool {
		return around(r) || strings.ContainsRune(")]}.,;:!?»”’", r)
	}))
}

func around(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune("([{<'\"«“‘*_>-•", r)
}
