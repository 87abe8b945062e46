package phash

// Reason is why a file was not hashed. Its text is a stable code for programs and translations, not for people.
type Reason string

// The reasons. NotAnImage and Format are told from the first bytes of the file alone.
const (
	ReasonNotAnImage    Reason = "not-an-image"    // none of the kinds of picture we know
	ReasonFormat        Reason = "format"          // a picture, but not JPEG, PNG, GIF or WebP
	ReasonTooLarge      Reason = "too-large-bytes" // over MaxBytes
	ReasonTooManyPixels Reason = "too-many-pixels" // a side over MaxSide, or over MaxPixels in all
	ReasonDamaged       Reason = "damaged"         // the decoder gave up
	ReasonTooComplex    Reason = "too-complex"     // built to exhaust: too many parts, or too much memory
	ReasonTooSlow       Reason = "too-slow"        // over the limits of time
	ReasonBlank         Reason = "blank"           // nothing to tell it from another picture
)

// reasons gives each reason its number in the child's answer, which is its index plus one. Only append.
var reasons = [...]Reason{ReasonNotAnImage, ReasonFormat, ReasonTooLarge, ReasonTooManyPixels,
	ReasonDamaged, ReasonTooComplex, ReasonTooSlow, ReasonBlank}

// Refusal is the error for a file that is at fault itself: trying again will not help.
type Refusal struct{ Reason Reason }

// Error names the reason and nothing of the file.
func (r *Refusal) Error() string { return "image refused: " + string(r.Reason) }

func refuse(r Reason) error { return &Refusal{r} }
