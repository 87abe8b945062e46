package secret

import (
	_ "embed" // the common passwords
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	passwordMin      = 15 // characters
	passwordMax      = 128
	passwordMaxBytes = passwordMax * utf8.UTFMax

	contextMin = 4 // letters; shorter names are in too many good passwords
	unitMin    = 6 // characters; a shorter text repeated is not a long password
)

//go:embed words/passwords.txt
var commonPasswords string

// keyboardRows are what fingers find without thinking.
var keyboardRows = []string{
	"abcdefghijklmnopqrstuvwxyz", "01234567890123456789",
	"azertyuiopqsdfghjklmwxcvbn", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm",
}

// CheckPassword judges a new password of the staff by NIST SP 800-63B and ASVS
// 5.0 section 6.2: 15 to 128 characters of any kind, no rules of composition,
// not common, and without the name of the service, the account's e-mail name or
// any of the given names (the association's). It returns nil or one of the
// ErrPassword errors.
func CheckPassword(pw, email string, names ...string) error {
	if len(pw) > passwordMaxBytes {
		return ErrPasswordLong
	}
	if !utf8.ValidString(pw) {
		return ErrPasswordText
	}
	length := utf8.RuneCountInString(norm.NFC.String(pw))
	switch folded := fold(pw); {
	case length < passwordMin:
		return ErrPasswordShort
	case length > passwordMax:
		return ErrPasswordLong
	case common(pw, folded):
		return ErrPasswordCommon
	case holdsName(folded, email, names):
		return ErrPasswordContext
	}
	return nil
}

// common finds a listed password, also when it is repeated or padded with digits
// and signs up to the length asked for, a short text repeated, and a run over
// the keyboard.
func common(pw, folded string) bool {
	unit := smallestUnit(strings.ToLower(pw))
	core := strings.TrimFunc(unit, func(r rune) bool { return !unicode.IsLetter(r) })
	if utf8.RuneCountInString(unit) < unitMin {
		return true
	}
	list := strings.Split(strings.TrimSpace(commonPasswords), "\n") // sorted
	for _, candidate := range []string{unit, core} {
		if _, found := slices.BinarySearch(list, candidate); found {
			return true
		}
	}
	return keyboardRun(folded)
}

// smallestUnit returns what a text repeats: "ab" of "ababab", else the text.
func smallestUnit(s string) string {
	at := strings.Index((s + s)[1:], s) + 1
	return s[:at]
}

func keyboardRun(folded string) bool {
	for _, row := range keyboardRows {
		back := []byte(row)
		slices.Reverse(back)
		if folded != "" && (strings.Contains(row+row, folded) || strings.Contains(string(back)+string(back), folded)) {
			return true
		}
	}
	return false
}

func holdsName(folded, email string, names []string) bool {
	local, _, _ := strings.Cut(email, "@")
	names = append([]string{"reprise", local}, names...)
	names = append(names, strings.FieldsFunc(local, func(r rune) bool { return !unicode.IsLetter(r) })...)
	for _, name := range names {
		if name = fold(name); len(name) >= contextMin && strings.Contains(folded, name) {
			return true
		}
	}
	return false
}

// fold keeps letters without marks, in lower case, and digits.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKD.String(s))
}
