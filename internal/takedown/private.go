package takedown

import (
	"fmt"
	"log/slog"
)

const placeholder = "[private]"

// Private is a personal value: an address of a page, a safe contact, a name.
// Whatever formats, logs or encodes it prints a placeholder; only Reveal gives
// the value. It sits behind a pointer because %+v walks unexported fields
// without calling methods.
type Private struct{ value *string }

// NewPrivate wraps a personal value.
func NewPrivate(value string) Private { return Private{&value} }

// Reveal gives the value, and "" when there is none.
func (p Private) Reveal() string {
	if p.value == nil {
		return ""
	}
	return *p.value
}

// Empty tells whether there is no value.
func (p Private) Empty() bool { return p.value == nil || *p.value == "" }

// String prints the placeholder (fmt.Stringer).
func (p Private) String() string { return placeholder }

// GoString prints the placeholder for %#v (fmt.GoStringer).
func (p Private) GoString() string { return placeholder }

// Format prints the placeholder for every verb (fmt.Formatter).
func (p Private) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(placeholder)) }

// LogValue logs the placeholder (slog.LogValuer).
func (p Private) LogValue() slog.Value { return slog.StringValue(placeholder) }

// MarshalJSON encodes the placeholder, so that no record leaks by accident.
func (p Private) MarshalJSON() ([]byte, error) { return []byte(`"` + placeholder + `"`), nil }

// MarshalText encodes the placeholder.
func (p Private) MarshalText() ([]byte, error) { return []byte(placeholder), nil }
