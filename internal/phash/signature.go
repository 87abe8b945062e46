package phash

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrSignature says that bytes are not a signature, or are one of a version that we do not know.
var ErrSignature = errors.New("not a signature of a known version")

// SignatureBytes is the length of a signature of version 1: the version, quality and sides, nine PDQ hashes, PHash256,
// and three hashes of 64 bits.
const SignatureBytes = 1 + 1 + 4 + 4 + (1+Variants+1)*hash256Bytes + 3*8

// MarshalBinary gives 354 bytes, the first of which is the version.
func (s Signature) MarshalBinary() ([]byte, error) {
	if s.Version != signatureVersion {
		return nil, fmt.Errorf("write a signature of version %d: %w", s.Version, ErrSignature)
	}
	b := append(make([]byte, 0, SignatureBytes), byte(s.Version), byte(s.Quality))
	b = binary.BigEndian.AppendUint32(b, uint32(s.Width))
	b = binary.BigEndian.AppendUint32(b, uint32(s.Height))
	b = s.PDQ.appendTo(b)
	for _, h := range s.Variants {
		b = h.appendTo(b)
	}
	b = s.PHash256.appendTo(b)
	for _, h := range []uint64{s.PHash64, s.DHash64, s.AHash64} {
		b = binary.BigEndian.AppendUint64(b, h)
	}
	return b, nil
}

// UnmarshalBinary reads what MarshalBinary wrote. Its error wraps ErrSignature.
func (s *Signature) UnmarshalBinary(b []byte) error {
	if len(b) != SignatureBytes || b[0] != signatureVersion {
		return fmt.Errorf("read a signature of %d bytes: %w", len(b), ErrSignature)
	}
	*s = Signature{
		Version: int(b[0]), Quality: int(b[1]),
		Width: int(binary.BigEndian.Uint32(b[2:])), Height: int(binary.BigEndian.Uint32(b[6:])),
	}
	b = b[10:]
	hashes := []*Hash256{&s.PDQ}
	for v := range s.Variants {
		hashes = append(hashes, &s.Variants[v])
	}
	for _, h := range append(hashes, &s.PHash256) {
		*h, b = hash256From(b), b[hash256Bytes:]
	}
	for _, h := range []*uint64{&s.PHash64, &s.DHash64, &s.AHash64} {
		*h, b = binary.BigEndian.Uint64(b), b[8:]
	}
	return nil
}
