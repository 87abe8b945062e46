package fetch

import (
	"math"
	"net/url"
	"regexp"
	"strings"
)

// personalBits is the entropy from which an address may have been made for one
// reader: about 16 random letters and digits, or 24 hex digits.
const personalBits = 96

var uuid = regexp.MustCompile(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// LooksPersonal tells an address that may have been planted to learn that it was
// opened: one with a UUID or a long random token in its host, its path or its
// query.
//
// The rule: every part between / ? & = . is cut at - _ + ~ and the like into runs
// of letters and digits. A run counts when it looks random: letters mixed with digits, cases that
// change as no word does, hardly a vowel, or 29 digits or more. The runs of a part
// are summed (4 bits for a hex digit, 5.2 for lower case and digits, 5.95 for
// mixed case); 96 bits or more make it personal. Numbers, YouTube ids (11
// characters), short codes, slugs and names of servers stay below. Names that
// are content hashes (32 hex digits) do not: one cannot tell them from a token,
// and a wrong yes costs a caseworker one click while a wrong no may tell the planter.
func LooksPersonal(canonical string) bool {
	_, rest, _ := strings.Cut(canonical, "://")
	if decoded, err := url.PathUnescape(rest); err == nil {
		rest = decoded
	}
	if uuid.MatchString(rest) {
		return true
	}
	for part := range strings.FieldsFuncSeq(rest, func(r rune) bool { return strings.ContainsRune("/?&=.:;,", r) }) {
		if partBits(part) >= personalBits {
			return true
		}
	}
	return false
}

func partBits(part string) float64 {
	var bits float64
	notRun := func(r rune) bool { return r < 0x80 && !isAlnum(byte(r)) }
	for run := range strings.FieldsFuncSeq(part, notRun) {
		if isASCII(run) {
			bits += runBits(run)
		}
	}
	return bits
}

// runBits is the entropy of a run if it was drawn at random, or 0 if it reads
// like a word or a number.
func runBits(run string) float64 {
	n := float64(len(run))
	switch digits, changes := digitShape(run); {
	case digits == len(run) && digits >= 29:
		return n * math.Log2(10)
	case digits == len(run), changes <= 1 && !erratic(run):
		return 0
	case strings.Trim(strings.ToLower(run), "0123456789abcdef") == "":
		return n * 4
	case run == strings.ToLower(run):
		return n * math.Log2(36)
	}
	return n * math.Log2(62)
}

// digitShape counts digits, and the changes between digits and letters:
// "video123" has one change, a random token many.
func digitShape(run string) (digits, changes int) {
	for i := range len(run) {
		isDigit := run[i] <= '9'
		if isDigit {
			digits++
		}
		if i > 0 && isDigit != (run[i-1] <= '9') {
			changes++
		}
	}
	return digits, changes
}

// erratic tells letters that no language writes: hardly a vowel, or capitals
// that often follow small letters and as often capitals (words joined by
// capitals have the one, abbreviations the other).
func erratic(run string) bool {
	if len(run) < 8 {
		return false
	}
	vowels, afterSmall, afterCapital := 0, 0, 0
	for i := range len(run) {
		if strings.IndexByte("aeiouyAEIOUY", run[i]) >= 0 {
			vowels++
		}
		switch {
		case i == 0 || run[i] < 'A' || run[i] > 'Z':
		case run[i-1] >= 'a':
			afterSmall++
		default:
			afterCapital++
		}
	}
	return vowels*7 < len(run) || min(afterSmall, afterCapital)*10 > len(run)
}
