package jobs

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"
)

// Permanent marks err as one that no retry can cure: the job is dead at once.
func Permanent(err error) error { return permanentError{err} }

type permanentError struct{ error }

func (e permanentError) Unwrap() error { return e.error }

// Snooze, returned by a handler, runs the job again after d. It is no failure and
// counts as no attempt.
func Snooze(d time.Duration) error { return snoozeError{d} }

type snoozeError struct{ after time.Duration }

func (e snoozeError) Error() string { return "not yet, again in " + e.after.String() }

// classified is all that is stored and logged of a failure: its text is its
// class, since an error's own text may carry what no log may hold.
type classified struct{ cause error }

func (e classified) Error() string { return class(e.cause) }
func (e classified) Unwrap() error { return e.cause }

// class names the kind of an error: what its Class method says, if any error it
// wraps has one, else the Go type of the innermost.
func class(err error) string {
	var named interface{ Class() string }
	switch {
	case errors.As(err, &named):
		return named.Class()
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	}
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return fmt.Sprintf("%T", err)
}

// panicError is what a handler's panic becomes.
type panicError struct{ value any }

func (e panicError) Error() string { return e.Class() }

// Class is the text of the Go runtime's own panics, which quote at most numbers
// and type names, and the mere type of any other panic's value.
func (e panicError) Class() string {
	if err, ok := e.value.(runtime.Error); ok {
		return "panic: " + err.Error()
	}
	return fmt.Sprintf("panic: %T", e.value)
}
