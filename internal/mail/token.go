package mail

import (
	"crypto/rand"
	"encoding/base32"
	"regexp"
	"strings"
)

// tokenBytes makes 128 bits. As base32 that is 26 characters (22 would be 110 bits).
const tokenBytes = 16

// replyToken finds the local part of a reply address inside a header field. The
// character before it must not belong to a longer local part.
var replyToken = regexp.MustCompile(`(?i)(?:^|[^a-z0-9._+-])r\+([a-z2-7]{26})@`)

// NewToken returns 128 random bits as 26 lower-case characters of the base32 alphabet
// (RFC 4648), fit for the local part of an address. An answer is matched to its notice
// by this token alone.
func NewToken() string {
	random := make([]byte, tokenBytes)
	rand.Read(random) // never fails: the program stops if there is no randomness
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random))
}

// ReplyAddress is the address that brings an answer back to the holder of a token.
func ReplyAddress(token, domain string) string { return "r+" + token + "@" + domain }

// MessageID makes the Message-ID of a mail, without brackets, from the random id of
// what it carries. The same id and domain give the same Message-ID at every attempt.
func MessageID(id, domain string) string { return id + "@" + domain }

// findToken returns the token in a header field, or "".
func findToken(field string) string {
	found := replyToken.FindStringSubmatch(field)
	if found == nil {
		return ""
	}
	return strings.ToLower(found[1])
}
