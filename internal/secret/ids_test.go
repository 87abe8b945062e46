package secret

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"testing"
)

func TestIDsAreRandomLowerCaseText(t *testing.T) {
	form := regexp.MustCompile(`^[a-z2-7]{26}$`)
	seen := map[string]bool{}
	for range 100_000 {
		id := NewID()
		if seen[id] || !form.MatchString(id) {
			t.Fatalf("id %q repeats or has another form", id)
		}
		seen[id] = true
	}
}

func TestTokenHas256BitsAndIsStoredAsItsSHA256(t *testing.T) {
	token, other := NewToken(), NewToken()
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 32 || token == other {
		t.Fatalf("token of %d bytes, %v", len(raw), err)
	}
	want := sha256.Sum256([]byte(token))
	if got := TokenHash(token); string(got) != string(want[:]) {
		t.Errorf("hash %x, want %x", got, want)
	}
}
