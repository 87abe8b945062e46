package takedown

import "time"

// ReferenceKind is what a reference is made of.
type ReferenceKind string

// The two kinds.
const (
	ReferenceImage ReferenceKind = "image"
	ReferenceClip  ReferenceKind = "clip" // hashes of frames with their times
)

// Known tells whether the kind is one of the two.
func (k ReferenceKind) Known() bool { return k == ReferenceImage || k == ReferenceClip }

// Reference is the perceptual hashes of one image or video the reporter gave.
type Reference struct {
	ID        string
	CaseID    string
	Kind      ReferenceKind
	Label     Private
	Signature []byte // of an image, as internal/phash serialises it; of a clip, as internal/video does
	Exchange  []byte // the PDQ hash that is compared with all cases, 32 bytes; nil: with its own case alone
	Points    []byte // local features, as internal/keypoints serialises them; nil: none, or she said no
	Quality   int    // of the PDQ hash, 0 to 100
	CreatedAt time.Time
}

// GivenReference is the hashes of one image or video, made before the case is
// opened. No Kind is an image.
type GivenReference struct {
	Label     string
	Kind      ReferenceKind
	Signature []byte // as in Reference
	Points    []byte // kept only when the case's answer to the question is yes
	Quality   int
}

// Span is a part of a clip, in seconds from its beginning. The zero Span says
// nothing.
type Span struct{ From, To int }

// Negative is the hash of what is no image of anybody: a blank, a logo, a
// placeholder. What is near it is never a match.
type Negative struct {
	ID      string
	Hash    Private // PDQ, 32 bytes
	Why     NegativeWhy
	AddedBy string
	AddedAt time.Time
}

// NegativeWhy says what a negative shows.
type NegativeWhy string

// What a person may say it is.
const (
	NegativeLogo  NegativeWhy = "logo"  // a logo, a placeholder, a blank
	NegativeFlood NegativeWhy = "flood" // said of an image that matched unusually often
)

// NegativeWithin is how near, in bits of 256 of the whole picture's PDQ hash, a
// found image is to a negative that is not to be matched.
const NegativeWithin = 31
