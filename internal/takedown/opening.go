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

// Sentence says why it cannot be kept.
func (r Refused) Sentence() Text {
	switch r.Stage {
	case "scheme":
		return Text{"Ce n’est pas l’adresse d’une page web (http ou https).", "This is not the address of a web page (http or https)."}
	case "userinfo":
		return Text{"L’adresse contient un nom d’utilisateur ou un « @ » mal placé.", "The address contains a user name or a misplaced “@”."}
	case "host", "ip":
		return Text{"Le nom du site n’est pas celui d’un site public.", "The site’s name is not that of a public site."}
	case "port":
		return Text{"Le numéro de port n’est pas valable.", "The port number is not valid."}
	case "syntax":
		return Text{"L’adresse contient un caractère qui ne peut pas s’y trouver, ou elle est trop longue.", "The address contains a character that cannot be in one, or it is too long."}
	}
	return Text{"Nous n’avons pas trouvé d’adresse sur cette ligne.", "We found no address on this line."}
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
	About   Text
}
