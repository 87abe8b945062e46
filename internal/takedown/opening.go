package takedown

// Given is an address that can be kept, as read from pasted text.
type Given struct {
	Line      int
	Raw       string // the bytes as they stand in the text, or as repaired
	Repaired  bool
	Canonical string // the one spelling, for comparing
	Host      string // in A-label form
}

// Refused is a piece of pasted text that cannot be kept as an address.
type Refused struct {
	Line  int
	Text  string
	Stage string // where it failed: "none" (no address there) or a stage of the guard
}

// Reason says why it cannot be kept: one of RefusedReasons. Its sentence stands in
// the catalogues of every language, as refused.REASON.
func (r Refused) Reason() string {
	switch r.Stage {
	case "ip":
		return "host"
	case "scheme", "userinfo", "host", "port", "syntax":
		return r.Stage
	}
	return "none"
}

// RefusedReasons lists why a piece of text cannot be kept.
func RefusedReasons() []string {
	return []string{"none", "scheme", "userinfo", "host", "port", "syntax"}
}

// Pasted is what was read from pasted text. Nothing is dropped: every line that
// is not blank is kept, refused with its reason, or counted as a duplicate.
type Pasted struct {
	Kept       []Given
	Refused    []Refused
	Duplicates int
}

// NewCase is a filled-in form. Key is the form's own random value: the same key
// gives the same case, however often it is sent.
type NewCase struct {
	Key        string
	Phrase     Private
	Age        Age
	Harm       Harm
	Lang       Lang
	OnBehalf   bool
	Capacity   Capacity
	Statements Statements
	Contact    Contact
	Addresses  string // the text as pasted
	References []GivenReference

	MayUsePoints bool // her answer: local features of her images may be kept
}

// Receipt is what the person gets once her case is kept.
type Receipt struct {
	CaseID string
	Number Private
	Items  int
	Images int
}

// Added tells what became of further addresses.
type Added struct {
	New     int
	Known   int
	Refused []Refused
}

// ProtectionChannel is a service for minors.
type ProtectionChannel struct {
	Name    string
	Country string // ISO 3166 code, "*" for everywhere
	Contact string
	About   Said
}

// HelpLine is a number to call, or a site to open, to talk to someone.
type HelpLine struct {
	Country string // as of a ProtectionChannel
	Contact string
	Name    Said
	About   Said
}
