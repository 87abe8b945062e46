package hasher

import (
	"errors"
	"fmt"
	"io"

	"reprise/internal/phash"
	"reprise/internal/picture"
)

// ChildCommand is the argument that makes the program a hashing child. People never type it.
const ChildCommand = "hash-child"

// The child's answer is one byte for the outcome, and a signature if that byte is answerSigned. Bytes from
// answerRefused on are refusals, by their number in reasons.
const (
	answerSigned  = 0
	answerFailed  = 1 // a fault of ours
	answerRefused = 2
	answerBytes   = 1 + phash.SignatureBytes
)

// Exit codes of the child.
const (
	exitAnswered   = 0
	exitUnconfined = 3 // it could not give up its rights, and read nothing
	exitBroken     = 4 // it could not read or answer
)

// ChildMain is the whole of the child: it gives up its rights for good, reads one picture from stdin to its end,
// writes the answer to stdout, and returns the exit code.
func ChildMain(stdin io.Reader, stdout io.Writer) int {
	if err := confine(); err != nil {
		return exitUnconfined
	}
	data, err := io.ReadAll(io.LimitReader(stdin, picture.MaxBytes+1))
	if err != nil {
		return exitBroken
	}
	if _, err := stdout.Write(answer(signSafely(data))); err != nil {
		return exitBroken
	}
	return exitAnswered
}

// signSafely decodes and hashes a file that may make a decoder panic.
func signSafely(data []byte) (s phash.Signature, err error) {
	defer func() {
		if recover() != nil {
			s, err = phash.Signature{}, picture.Refuse(picture.ReasonDamaged)
		}
	}()
	p, err := picture.Decode(data)
	if err != nil {
		return phash.Signature{}, err
	}
	return phash.Sign(p)
}

// reasons gives each reason its number in the child's answer, which is its index plus answerRefused. Only append.
var reasons = [...]picture.Reason{picture.ReasonNotAnImage, picture.ReasonFormat, picture.ReasonTooLarge,
	picture.ReasonTooManyPixels, picture.ReasonDamaged, picture.ReasonTooComplex, picture.ReasonTooSlow,
	picture.ReasonBlank}

func answer(s phash.Signature, err error) []byte {
	if reason, refused := picture.ReasonOf(err); refused {
		for i, r := range reasons {
			if r == reason {
				return []byte{answerRefused + byte(i)}
			}
		}
	}
	if err != nil {
		return []byte{answerFailed}
	}
	record, err := s.MarshalBinary()
	if err != nil {
		return []byte{answerFailed}
	}
	return append([]byte{answerSigned}, record...)
}

var errAnswer = errors.New("the hashing child gave no answer that we know")

// readAnswer is the parent's side of answer. It trusts nothing of what it reads.
func readAnswer(b []byte) (s phash.Signature, err error) {
	switch {
	case len(b) == answerBytes && b[0] == answerSigned:
		if err := s.UnmarshalBinary(b[1:]); err != nil {
			return phash.Signature{}, err
		}
		return s, nil
	case len(b) == 1 && b[0] >= answerRefused && int(b[0]-answerRefused) < len(reasons):
		return phash.Signature{}, picture.Refuse(reasons[b[0]-answerRefused])
	}
	return phash.Signature{}, fmt.Errorf("%d bytes: %w", len(b), errAnswer)
}
