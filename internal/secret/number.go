package secret

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	numberDigits = 9
	numberMax    = 64 // bytes a person may type for one
)

// damm is the quasigroup of H. M. Damm's thesis (Marburg, 2004): its check digit
// finds every single wrong digit and every swap of two neighbours.
var damm = [10]string{
	"0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
	"3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
}

// NewCaseNumber returns a random case number: nine digits, the last of which is
// the check digit. It is not secret and may repeat: the database says whether
// it is taken.
func NewCaseNumber() string {
	n, err := rand.Int(rand.Reader, big.NewInt(100_000_000))
	if err != nil {
		panic("secret: NewCaseNumber: " + err.Error()) // crypto/rand.Reader never fails
	}
	digits := fmt.Sprintf("%08d", n.Int64())
	return digits + string(dammDigit(digits))
}

// FormatNumber writes a case number in three groups, as it is shown and said.
// Anything that has not nine characters comes back as it is.
func FormatNumber(number string) string {
	if len(number) != numberDigits {
		return number
	}
	return number[:3] + " " + number[3:6] + " " + number[6:]
}

// ParseNumber reads what a person typed, with or without spaces, dashes and
// dots, into nine digits. Errors: ErrNumberShape, ErrNumberDigit.
func ParseNumber(s string) (string, error) {
	if len(s) > numberMax {
		return "", ErrNumberShape
	}
	digits := strings.Map(dropSeparator, norm.NFKC.String(s))
	if len(digits) != numberDigits || strings.Trim(digits, "0123456789") != "" {
		return "", ErrNumberShape
	}
	if dammDigit(digits) != '0' {
		return "", ErrNumberDigit
	}
	return digits, nil
}

func dropSeparator(r rune) rune {
	if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Cf, r) || r == '.' {
		return -1
	}
	return r
}

// dammDigit returns the check digit of a row of digits; that of a row that ends
// with its own check digit is '0'.
func dammDigit(digits string) byte {
	at := byte('0')
	for i := range len(digits) {
		at = damm[at-'0'][digits[i]-'0']
	}
	return at
}

// NewDigits returns six random digits, for a code that is sent by mail and soon
// forgotten.
func NewDigits() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic("secret: NewDigits: " + err.Error()) // crypto/rand.Reader never fails
	}
	return fmt.Sprintf("%06d", n)
}

// OnlyDigits keeps the digits of what a person typed, in whichever script of
// those that phones here have, and nothing else.
func OnlyDigits(s string) string {
	if len(s) > numberMax {
		return ""
	}
	return strings.Map(func(r rune) rune {
		switch {
		case '٠' <= r && r <= '٩':
			return r - '٠' + '0'
		case '۰' <= r && r <= '۹':
			return r - '۰' + '0'
		case '0' <= r && r <= '9':
			return r
		}
		return -1
	}, norm.NFKC.String(s))
}
