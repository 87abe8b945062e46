// Package hasher decodes and hashes what strangers send, at arm's length.
//
// Decoding a stranger's file is dangerous, and a decoder in Go cannot be stopped. So a Hasher starts its own program
// again for each picture, as a child that has no network, no files and little time and memory, and that answers with a
// record of fixed size. The program's main must hand over to ChildMain when its first argument is ChildCommand.
// No picture is ever written to disk.
package hasher

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"reprise/internal/picture"
)

// childWall is how long a child may take by the clock.
const childWall = 5 * slowdown * time.Second

// ownProgram names the running program even after its file was replaced, so parent and child never differ.
const ownProgram = "/proc/self/exe"

// ErrNoChild says that children cannot be started or cannot be confined here. No picture is decoded then.
var ErrNoChild = errors.New("the limited process for pictures does not start: " +
	"the kernel must offer seccomp filters, and /proc must be mounted")

// Hasher hashes pictures in limited children. It is safe for concurrent use.
type Hasher struct {
	places    chan struct{}
	namespace bool
}

// NewHasher makes a Hasher that runs at most parallel children at once, each up to 1.5 GB. It starts one to see that
// it is confined, in a network namespace of its own if the system allows it, and fails with ErrNoChild if not.
func NewHasher(ctx context.Context, parallel int) (*Hasher, error) {
	var err error
	for _, namespace := range []bool{true, false} {
		h := &Hasher{make(chan struct{}, max(parallel, 1)), namespace}
		_, err = h.run(ctx, taskSign, nil)
		if reason, refused := picture.ReasonOf(err); refused && reason == picture.ReasonNotAnImage {
			return h, nil
		}
	}
	return nil, fmt.Errorf("%w: %w", ErrNoChild, err)
}

// Confinement says what keeps the children from network and files, for the log and the health page.
func (h *Hasher) Confinement() string {
	if h.namespace {
		return "seccomp and network namespace"
	}
	return "seccomp"
}

// Sign hashes the picture whose whole file is data, as one that a person gave, and finds its local features if they
// are wanted. It waits for a free place. The error is a *picture.Refusal if the file is at fault, the context's if
// that ended, else wraps ErrNoChild or tells another fault of ours. So are those of Ask.
func (h *Hasher) Sign(ctx context.Context, data []byte, points bool) (g Given, err error) {
	task := taskSign
	if points {
		task = taskSignPoints
	}
	err = h.do(ctx, task, data, g.read)
	return g, err
}

// Ask does as Sign does for a picture that was found.
func (h *Hasher) Ask(ctx context.Context, data []byte, points bool) (f Found, err error) {
	task := taskAsk
	if points {
		task = taskAskPoints
	}
	err = h.do(ctx, task, data, f.read)
	return f, err
}

// do has a child do a task and reads its record.
func (h *Hasher) do(ctx context.Context, task string, data []byte, read func([]byte) error) error {
	if err := picture.Check(data); err != nil {
		return err
	}
	select {
	case h.places <- struct{}{}:
		defer func() { <-h.places }()
	case <-ctx.Done():
		return fmt.Errorf("wait to hash a picture: %w", ctx.Err())
	}
	record, err := h.run(ctx, task, bytes.NewReader(data))
	if err != nil {
		return err
	}
	return read(record)
}

func (h *Hasher) run(ctx context.Context, task string, file io.Reader) ([]byte, error) {
	walled, cancel := context.WithTimeout(ctx, childWall)
	defer cancel()
	var out limitedBuffer
	child := h.command(walled, task, file, &out)
	err := child.Run()
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("hash a picture: %w", ctx.Err())
	case walled.Err() != nil:
		return nil, picture.Refuse(picture.ReasonTooSlow)
	case err != nil:
		return nil, judge(err, child.ProcessState)
	}
	return readAnswer(out.b)
}

// command makes the child, which ends with ctx at the latest. Its environment holds nothing of ours, for ours may
// hold secrets.
func (h *Hasher) command(ctx context.Context, task string, in io.Reader, out io.Writer) *exec.Cmd {
	child := exec.CommandContext(ctx, childProgram(), childCommand, task)
	child.Env = []string{"GOTRACEBACK=none", "GOMAXPROCS=1", fmt.Sprintf("GOMEMLIMIT=%d", childHeap)}
	child.Dir = "/"
	child.Stdin, child.Stdout = in, out
	child.WaitDelay = time.Second
	child.SysProcAttr = &syscall.SysProcAttr{}
	if h.namespace {
		child.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET
	}
	return child
}

// judge tells why a child died: it ran out of time, it ran out of something else, or it never came to the picture.
func judge(err error, state *os.ProcessState) error {
	if state == nil || state.ExitCode() == exitUnconfined {
		return fmt.Errorf("%w: %w", ErrNoChild, err)
	}
	if state.ExitCode() == exitBroken {
		return fmt.Errorf("hash a picture: the child could not read or answer: %w", err)
	}
	// The limit of time kills at once. Memory that is not given ends a Go program by itself, but the system may also
	// kill for want of it, early on.
	killed := state.ExitCode() < 0
	if killed && state.UserTime()+state.SystemTime() > childCPU*time.Second/2 {
		return picture.Refuse(picture.ReasonTooSlow)
	}
	return picture.Refuse(picture.ReasonTooComplex)
}

// limitedBuffer takes the child's answer and no byte more.
type limitedBuffer struct{ b []byte }

func (l *limitedBuffer) Write(p []byte) (int, error) {
	if len(l.b)+len(p) > answerBytes {
		return 0, io.ErrShortBuffer
	}
	l.b = append(l.b, p...)
	return len(p), nil
}
