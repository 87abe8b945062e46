package phash

import (
	"errors"
	"fmt"
	"io"
)

// ChildCommand is the argument that makes the program a hashing child. People never type it.
const ChildCommand = "hash-child"

// The child's answer is one byte for the outcome, and a signature if that byte is answerSigned. Bytes from
// answerRefused on are refusals, by their number in reasons.
const (
	answerSigned  = 0
	answerFailed  = 1 // a fault of ours
	answerRefused = 2
	answerBytes   = 1 + signatureBytes
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
	data, err := io.ReadAll(io.LimitReader(stdin, MaxBytes+1))
	if err != nil {
		return exitBroken
	}
	if _, err := stdout.Write(answer(signSafely(data))); err != nil {
		return exitBroken
	}
	return exitAnswered
}

func answer(s Signature, err error) []byte {
	if reason, refused := ReasonOf(err); refused {
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
func readAnswer(b []byte) (s Signature, err error) {
	switch {
	case len(b) == answerBytes && b[0] == answerSigned:
		if err := s.UnmarshalBinary(b[1:]); err != nil {
			return Signature{}, err
		}
		return s, nil
	case len(b) == 1 && b[0] >= answerRefused && int(b[0]-answerRefused) < len(reasons):
		return Signature{}, refuse(reasons[b[0]-answerRefused])
	}
	return Signature{}, fmt.Errorf("%d bytes: %w", len(b), errAnswer)
}
