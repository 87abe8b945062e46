package fetch

import (
	"context"
	"errors"
	"net"
)

// Class says how a look ended. It is all that a log may know of it.
type Class string

// The classes. A blocked class means that no socket was opened for that hop.
const (
	ClassOK              Class = "ok"
	ClassBlockedSyntax   Class = "blocked-syntax"
	ClassBlockedScheme   Class = "blocked-scheme"
	ClassBlockedUserinfo Class = "blocked-userinfo"
	ClassBlockedPort     Class = "blocked-port"
	ClassBlockedHost     Class = "blocked-host"
	ClassBlockedIP       Class = "blocked-ip"    // a literal or an answer that is not public
	ClassNoName          Class = "dns-nxdomain"  // the name has no address
	ClassDNS             Class = "dns-temporary" // the resolver failed: ask again later
	ClassTimeout         Class = "timeout"       // a time of Limits ran out, or the body was too slow
	ClassTLS             Class = "tls"           // no certificate we may believe, or no handshake
	ClassRefused         Class = "refused"       // nobody listens, or no way there
	ClassTooManyHops     Class = "too-many-hops"
	ClassDowngrade       Class = "downgrade"   // a redirect from https to http
	ClassNoLocation      Class = "no-location" // a redirect that names no place
	ClassBadResponse     Class = "bad-response"
	ClassTooLarge        Class = "too-large"
	ClassCancelled       Class = "cancelled" // the caller gave up: nothing is known of the site
)

// Error is the only error of a look. Its text is fixed per cause and never holds
// an address, a host or what a server said.
type Error struct {
	Class  Class
	Reason string
	cause  error // context.Canceled or context.DeadlineExceeded of the caller, else nil
}

func (e *Error) Error() string { return "look ended as " + string(e.Class) + ": " + e.Reason }

// Unwrap gives the caller's own cancellation and nothing else: other causes have
// addresses in their text.
func (e *Error) Unwrap() error { return e.cause }

var (
	errTooSlow  = &Error{Class: ClassTimeout, Reason: "body arrives slower than the minimum rate"}
	errTooLarge = &Error{Class: ClassTooLarge, Reason: "body is larger than the limit"}
)

func fail(class Class, reason string) *Error { return &Error{Class: class, Reason: reason} }

func blocked(no *refusal) *Error { return fail(Class("blocked-"+no.stage), no.reason) }

// explain turns whatever ended a hop into an Error. An Error of ours stands; a
// time that ran out comes next; the rest is otherwise, what the step at hand says.
func explain(hop context.Context, err error, otherwise *Error) *Error {
	var ours *Error
	if errors.As(err, &ours) {
		return ours
	}
	var timer net.Error
	if hop.Err() != nil || errors.Is(err, context.DeadlineExceeded) || (errors.As(err, &timer) && timer.Timeout()) {
		return fail(ClassTimeout, "no answer in time")
	}
	return otherwise
}
