package secret

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"strings"
)

// A sealed value is: algorithm (1 byte), key version (2 bytes, big endian),
// nonce (12 bytes), ciphertext with its 16-byte tag. testdata/sealed.txt holds
// values that every later version of the program must open.
const (
	algAESGCM  = 1
	sealHead   = 3
	sealNonce  = 12
	sealTag    = 16
	sealMinLen = sealHead + sealNonce + sealTag
)

// Field names the one place of the database that a value is sealed for. A
// sealed value copied to another row, column or table does not open.
type Field struct {
	Table, Column, Row string
}

// aad is the place as additional data. Names may not hold the separator, or two
// places could look alike.
func (f Field) aad() ([]byte, bool) {
	for _, part := range []string{f.Table, f.Column, f.Row} {
		if part == "" || strings.Contains(part, "|") {
			return nil, false
		}
	}
	return []byte("v1|" + f.Table + "|" + f.Column + "|" + f.Row), true
}

// Seal encrypts plain for one field with AES-256-GCM (NIST SP 800-38D) under the
// newest key and a random nonce; sealing twice gives two values. One key
// version is good for 2^32 values. A field with an empty name or a "|" in it is
// a mistake of the program, and panics.
func (k *Keys) Seal(field Field, plain []byte) []byte {
	aad, ok := field.aad()
	if !ok {
		panic("secret: Seal: field has an empty or ambiguous name")
	}
	sealed := make([]byte, sealHead+sealNonce, sealMinLen+len(plain))
	sealed[0] = algAESGCM
	binary.BigEndian.PutUint16(sealed[1:], k.state.newest)
	nonce := sealed[sealHead:]
	rand.Read(nonce) // crypto/rand.Read never returns an error; it ends the program instead
	return k.state.versions[k.state.newest].op.Seal(sealed, nonce, plain, aad)
}

// Open decrypts what Seal gave for the same field. It returns ErrSealed when the
// value was changed or moved, and ErrUnknownKey when its key is not in the key
// file; never a part of the value.
func (k *Keys) Open(field Field, sealed []byte) ([]byte, error) {
	aad, ok := field.aad()
	if !ok || len(sealed) < sealMinLen || sealed[0] != algAESGCM {
		return nil, openError(field, ErrSealed)
	}
	sub, ok := k.state.versions[SealedWith(sealed)]
	if !ok {
		return nil, openError(field, ErrUnknownKey)
	}
	nonce, body := sealed[sealHead:sealHead+sealNonce], sealed[sealHead+sealNonce:]
	plain, err := sub.op.Open(nil, nonce, body, aad)
	if err != nil {
		return nil, openError(field, ErrSealed)
	}
	return plain, nil
}

// SealedWith returns the key version in a sealed value, 0 if it is too short to
// hold one. A job that seals old values anew compares it with Newest.
func SealedWith(sealed []byte) uint16 {
	if len(sealed) < sealHead {
		return 0
	}
	return binary.BigEndian.Uint16(sealed[1:])
}

func openError(f Field, err error) error {
	return fmt.Errorf("open %s.%s of row %s: %w", f.Table, f.Column, f.Row, err)
}
