package hasher

import (
	"errors"
	"fmt"
	"io"
	"os"

	"reprise/internal/keypoints"
	"reprise/internal/phash"
	"reprise/internal/picture"
)

// childCommand is the first argument of a hashing child. People never type it. The second is the task.
const childCommand = "hash-child"

// The tasks of a child.
const (
	taskSign       = "sign"        // of a picture that a person gave: Given without points
	taskSignPoints = "sign-points" // and with them
	taskAsk        = "ask"         // of a picture that was found: Found without points
	taskAskPoints  = "ask-points"  // and with them
	taskDescribe   = "describe"    // for `reprise hash`: a description
)

// The child's answer is one byte for the outcome, and its record if that byte is answerDone. Bytes from
// answerRefused on are refusals, by their number in reasons.
const (
	answerDone    = 0
	answerFailed  = 1 // a fault of ours
	answerRefused = 2
)

// answerBytes is the longest answer.
var answerBytes = 1 + lengthBytes + max(phash.SignatureBytes, phash.QueryBytes, descriptionBytes) + keypoints.MaxBytes

// Exit codes of the child.
const (
	exitAnswered   = 0
	exitUnconfined = 3 // it could not give up its rights, and decoded nothing
	exitBroken     = 4 // it could not read or answer
)

// RunChild ends the process as a limited child if its arguments say that it is one. The program's main, and that of
// tests which hash, call it before anything else is set up.
func RunChild() {
	switch {
	case len(os.Args) != 3:
	case os.Args[1] == childCommand:
		os.Exit(childMain(os.Args[2], os.Stdin, os.Stdout))
	case os.Args[1] == videoCommand:
		os.Exit(videoChildMain(os.Args[2]))
	}
}

// childMain is the whole of the child: it reads one picture from stdin to its end, opens the library that decodes such
// a picture, if there is one, gives up its rights for good, and only then looks further than at the first bytes. It
// writes the answer to stdout, and returns the exit code.
func childMain(task string, stdin io.Reader, stdout io.Writer) int {
	data, err := io.ReadAll(io.LimitReader(stdin, picture.MaxBytes+1))
	if err != nil {
		return exitBroken
	}
	libraries := picture.OpenLibraries(data)
	if err := confine(); err != nil {
		return exitUnconfined
	}
	if _, err := stdout.Write(answer(doSafely(libraries, task, data))); err != nil {
		return exitBroken
	}
	return exitAnswered
}

// doSafely decodes and hashes a file that may make a decoder panic.
func doSafely(libraries picture.Libraries, task string, data []byte) (record []byte, err error) {
	defer func() {
		if recover() != nil {
			record, err = nil, picture.Refuse(picture.ReasonDamaged)
		}
	}()
	p, err := libraries.Decode(data)
	if err != nil {
		return nil, err
	}
	switch task {
	case taskSign, taskSignPoints:
		return sign(p, task == taskSignPoints)
	case taskAsk, taskAskPoints:
		return ask(p, task == taskAskPoints)
	}
	return describe(p)
}

// reasons gives each reason its number in the child's answer, which is its index plus answerRefused. Only append.
var reasons = [...]picture.Reason{picture.ReasonNotAnImage, picture.ReasonFormat, picture.ReasonTooLarge,
	picture.ReasonTooManyPixels, picture.ReasonDamaged, picture.ReasonTooComplex, picture.ReasonTooSlow,
	picture.ReasonBlank}

func answer(record []byte, err error) []byte {
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
	return append([]byte{answerDone}, record...)
}

var errAnswer = errors.New("the hashing child gave no answer that we know")

// readAnswer is the parent's side of answer. It trusts nothing of what it reads.
func readAnswer(b []byte) (record []byte, err error) {
	switch {
	case len(b) > 1 && b[0] == answerDone:
		return b[1:], nil
	case len(b) == 1 && b[0] >= answerRefused && int(b[0]-answerRefused) < len(reasons):
		return nil, picture.Refuse(reasons[b[0]-answerRefused])
	}
	return nil, fmt.Errorf("%d bytes: %w", len(b), errAnswer)
}
