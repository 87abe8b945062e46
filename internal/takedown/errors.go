package takedown

import "errors"

// Kind says what sort of refusal an error is. The doors turn it into a status;
// nobody below them knows one.
type Kind int

// The five kinds of refusal. Anything else is our own fault.
const (
	Invalid   Kind = iota + 1 // what was given cannot be used (422)
	NotFound                  // there is no such thing, or not for this actor (404)
	Forbidden                 // the actor may not do this (403; 404 at the portal)
	Conflict                  // somebody else was faster, or the state does not allow it (409)
	TooMany                   // a limit was reached (429)
)

// Error is a refusal with a key of the sentence that explains it to people.
// Key names an entry of the catalogues in templates/i18n; it never carries
// what was typed.
type Error struct {
	Kind Kind
	Key  string
}

// Error returns the key alone, because errors reach logs.
func (e *Error) Error() string { return e.Key }

// Is makes two refusals with the same kind and key equal for errors.Is.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && t.Key == e.Key
}

// Refuse makes a refusal of a kind with the key of its sentence.
func Refuse(kind Kind, key string) error { return &Error{Kind: kind, Key: key} }

// KindOf tells the kind of a refusal anywhere in the chain of err, and 0 when
// there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return 0
}

// Refusals that several rules share.
var (
	ErrNotFound  = Refuse(NotFound, "error.not_found")
	ErrForbidden = Refuse(Forbidden, "error.forbidden")
	ErrConflict  = Refuse(Conflict, "error.conflict")
	ErrStep      = Refuse(Conflict, "error.step")
	ErrReason    = Refuse(Invalid, "error.reason_needed")
)
