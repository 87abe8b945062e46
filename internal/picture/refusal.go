package picture

import "errors"

// Reason is why a picture was not taken. Its text is a stable code for programs and translations, not for people.
type Reason string

// The reasons. NotAnImage and Format are told from the first bytes of the file alone.
const (
	ReasonNotAnImage    Reason = "not-an-image"    // none of the kinds of picture we know
	ReasonFormat        Reason = "format"          // a picture of a kind that is not decoded here
	ReasonTooLarge      Reason = "too-large-bytes" // over MaxBytes
	ReasonTooManyPixels Reason = "too-many-pixels" // a side over MaxSide, or over MaxPixels in all
	ReasonDamaged       Reason = "damaged"         // the decoder gave up
	ReasonTooComplex    Reason = "too-complex"     // built to exhaust: too many parts, or too much memory
	ReasonTooSlow       Reason = "too-slow"        // over the limits of time
	ReasonBlank         Reason = "blank"           // nothing to tell it from another picture
)

// Refusal is the error for a file that is at fault itself: trying again will not help.
type Refusal struct{ Reason Reason }

// Error names the reason and nothing of the file.
func (r *Refusal) Error() string { return "image refused: " + string(r.Reason) }

// Refuse makes the Refusal for r.
func Refuse(r Reason) error { return &Refusal{r} }

// ReasonOf gives the reason of a Refusal anywhere in err, and false if there is none: then the fault is ours.
func ReasonOf(err error) (Reason, bool) {
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		return "", false
	}
	return refusal.Reason, true
}
