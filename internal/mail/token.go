package mail

import (
	"crypto/rand"
	"encoding/base32"
	"regexp"
	"strings"
)

// tokenBytes makes 128 bits. As base32 that is 26 characters (22 would be 110 bits).
const tokenBytes = 16

// NoticeLocal is the local part of the addresses that answers to notices go to.
const NoticeLocal = "r"

var replyToken = tokenAt(NoticeLocal)

// tokenAt finds an address with a token behind a local part inside a header field.
// The character before it must not belong to a longer local part.
func tokenAt(local string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[^a-z0-9._+-])` + regexp.QuoteMeta(local) + `\+([a-z2-7]{26})@`)
}

// NewToken returns 128 random bits as 26 lower-case characters of the base32 alphabet
// (RFC 4648), fit for the local part of an address. An answer is matched to its notice
// by this token alone.
func NewToken() string {
	random := make([]byte, tokenBytes)
	rand.Read(random) // never fails: the program stops if there is no randomness
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random))
}

// ReplyAddress is the address that brings an answer back to the holder of a token.
func ReplyAddress(token, domain string) string { return NoticeLocal + "+" + token + "@" + domain }

// QuietAddress is the address that brings back what a person answers to a mail of the
// neutral sender. It looks like his own.
func QuietAddress(token, sender string) string {
	return Local(sender) + "+" + token + "@" + Domain(sender)
}

// MessageID makes the Message-ID of a mail, without brackets, from the random id of
// what it carries. The same id and domain give the same Message-ID at every attempt.
func MessageID(id, domain string) string { return id + "@" + domain }

// findToken returns the first token in header fields, or "".
func findToken(pattern *regexp.Regexp, fields []string) string {
	for _, field := range fields {
		if found := pattern.FindStringSubmatch(field); found != nil {
			return strings.ToLower(found[1])
		}
	}
	return ""
}
