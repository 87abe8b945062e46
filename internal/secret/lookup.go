package secret

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Index returns a 32-byte HMAC-SHA-256 of a value, for finding a row by a value
// that is stored only sealed. Different purposes give unrelated results. It
// comes from the oldest key version, so that a rotation loses no row.
func (k *Keys) Index(purpose string, value []byte) []byte {
	mac := hmac.New(sha256.New, k.state.versions[k.state.oldest].index)
	sum := sha256.Sum256([]byte(purpose)) // fixed length: purpose and value cannot run into each other
	mac.Write(sum[:])
	mac.Write(value)
	return mac.Sum(nil)
}

// RateKey returns the name under which requests from an address prefix are
// counted on one day (UTC): 32 hex digits that cannot be linked to another day.
func (k *Keys) RateKey(day time.Time, prefix string) string {
	rate := k.state.versions[k.state.newest].rate
	daily, err := hkdf.Key(sha256.New, rate, nil, day.UTC().Format(time.DateOnly), sha256.Size)
	if err != nil {
		panic("secret: RateKey: " + err.Error()) // only for a length over 255 hashes
	}
	mac := hmac.New(sha256.New, daily)
	mac.Write([]byte(prefix))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
