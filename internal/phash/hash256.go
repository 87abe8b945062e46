package phash

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math/bits"
)

// Hash256 is a perceptual hash of 256 bits. The first word holds the bits that are printed first.
type Hash256 [4]uint64

// hash256Bytes is the length of a Hash256 in bytes; its text is twice as long.
const (
	hash256Bits  = 256
	hash256Bytes = 32
)

// ErrHex says that a text is not a hash of 64 or 256 bits in hexadecimal digits.
var ErrHex = errors.New("not a hash: want 16 or 64 hexadecimal digits")

// ErrLengths says that two hashes of unlike length were to be compared.
var ErrLengths = errors.New("the two hashes differ in length: compare two of 16 or two of 64 hexadecimal digits")

// String gives the 64 hexadecimal digits that the PDQ reference prints.
func (h Hash256) String() string { return hex.EncodeToString(h.appendTo(nil)) }

// Distance is the number of bits, 0 to 256, in which h and o differ.
func (h Hash256) Distance(o Hash256) int {
	return bits.OnesCount64(h[0]^o[0]) + bits.OnesCount64(h[1]^o[1]) +
		bits.OnesCount64(h[2]^o[2]) + bits.OnesCount64(h[3]^o[3])
}

// ParseHash256 reads the 64 hexadecimal digits of String, in either case. Its error wraps ErrHex.
func ParseHash256(s string) (Hash256, error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != hash256Bytes {
		return Hash256{}, fmt.Errorf("parse a 256-bit hash of %d characters: %w", len(s), ErrHex)
	}
	return hash256From(b), nil
}

// Bytes gives the 32 bytes of a hash, those that are printed first at the front.
func (h Hash256) Bytes() []byte { return h.appendTo(nil) }

// Hash256FromBytes reads what Bytes gave. Its error wraps ErrHex.
func Hash256FromBytes(b []byte) (Hash256, error) {
	if len(b) != hash256Bytes {
		return Hash256{}, fmt.Errorf("read a 256-bit hash of %d bytes: %w", len(b), ErrHex)
	}
	return hash256From(b), nil
}

// Distance compares two hashes given as text, both of 16 or both of 64 hexadecimal digits.
// Its error wraps ErrHex or ErrLengths.
func Distance(hexA, hexB string) (int, error) {
	a, err := parseHex(hexA)
	if err != nil {
		return 0, fmt.Errorf("first hash: %w", err)
	}
	b, err := parseHex(hexB)
	if err != nil {
		return 0, fmt.Errorf("second hash: %w", err)
	}
	if len(a) != len(b) {
		return 0, ErrLengths
	}
	n := 0
	for i := range a {
		n += bits.OnesCount8(a[i] ^ b[i])
	}
	return n, nil
}

func parseHex(s string) ([]byte, error) {
	b, err := hex.DecodeString(s)
	if err != nil || (len(b) != 8 && len(b) != hash256Bytes) {
		return nil, ErrHex
	}
	return b, nil
}

// setBit sets bit k as PDQ counts them: bit 0 is printed last.
func (h *Hash256) setBit(k int) { h[3-k/64] |= 1 << (k % 64) }

func (h Hash256) appendTo(b []byte) []byte {
	for _, w := range h {
		b = binary.BigEndian.AppendUint64(b, w)
	}
	return b
}

func hash256From(b []byte) (h Hash256) {
	for i := range h {
		h[i] = binary.BigEndian.Uint64(b[8*i:])
	}
	return h
}
