package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"log/slog"
)

// masterSize is the length of K0, the server key, in bytes.
const masterSize = 32

// Keys is the server key in all its versions. The newest version seals; every
// version opens. It is safe for use by many goroutines, and prints as "[keys]".
type Keys struct {
	state *keyState
	gate  *gate
}

// keyState stands behind a pointer so that %+v of a struct around Keys prints no key.
type keyState struct {
	newest   uint16
	oldest   uint16
	versions map[uint16]subkeys
}

// subkeys are derived from one version of K0 by HKDF-SHA-256 (RFC 5869), one per use.
type subkeys struct {
	op             cipher.AEAD
	index          []byte
	rate           []byte
	phrasePepper   []byte
	passwordPepper []byte
}

// Newest returns the version that seals now.
func (k *Keys) Newest() uint16 { return k.state.newest }

// String hides the keys.
func (k *Keys) String() string { return "[keys]" }

// Format hides the keys under every verb.
func (k *Keys) Format(f fmt.State, _ rune) { fmt.Fprint(f, "[keys]") }

// LogValue hides the keys in logs.
func (k *Keys) LogValue() slog.Value { return slog.StringValue("[keys]") }

// MarshalJSON hides the keys.
func (k *Keys) MarshalJSON() ([]byte, error) { return []byte(`"[keys]"`), nil }

func newKeys(masters []master) (*Keys, error) {
	s := &keyState{versions: make(map[uint16]subkeys, len(masters))}
	for _, m := range masters {
		sub, err := derive(m)
		if err != nil {
			return nil, err
		}
		s.versions[m.version] = sub
	}
	s.oldest, s.newest = masters[0].version, masters[len(masters)-1].version
	return &Keys{state: s, gate: newGate()}, nil
}

func derive(m master) (subkeys, error) {
	names := []string{"op", "index", "rate", "pepper phrase", "pepper password"}
	keys := make([][]byte, len(names))
	for i, name := range names {
		key, err := hkdf.Key(sha256.New, m.key, nil, "reprise v1 "+name, masterSize)
		if err != nil {
			return subkeys{}, fmt.Errorf("derive the %s key: %w", name, err)
		}
		keys[i] = key
	}
	block, err := aes.NewCipher(keys[0])
	if err != nil {
		return subkeys{}, fmt.Errorf("make the sealing cipher: %w", err)
	}
	op, err := cipher.NewGCM(block)
	if err != nil {
		return subkeys{}, fmt.Errorf("make the sealing cipher: %w", err)
	}
	return subkeys{op: op, index: keys[1], rate: keys[2], phrasePepper: keys[3], passwordPepper: keys[4]}, nil
}
