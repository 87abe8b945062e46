package secret

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// NewID returns a random id of 26 lower-case base32 characters (RFC 4648),
// 130 bits. It tells nothing about when or in which order it was made.
func NewID() string { return strings.ToLower(rand.Text()) }

// NewToken returns a random 256-bit bearer token in URL-safe base64, 43
// characters. Only its TokenHash is stored.
func NewToken() string {
	raw := make([]byte, 32)
	rand.Read(raw) // never returns an error
	return base64.RawURLEncoding.EncodeToString(raw)
}

// TokenHash returns the SHA-256 of a token, the form in which it is stored. A
// token has 256 random bits, so it needs neither salt nor cost.
func TokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
