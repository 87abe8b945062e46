package portal

import (
	"slices"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// The pages, each bound to its type.
var (
	startPages     = web.NewPage[startPage]("portal", "start")
	agePage        = web.NewPage[choicePage]("portal", "age")
	harmPage       = web.NewPage[choicePage]("portal", "harm")
	whoPage        = web.NewPage[choicePage]("portal", "who")
	capacityPage   = web.NewPage[choicePage]("portal", "capacity")
	addressesPage  = web.NewPage[addressPage]("portal", "addresses")
	imagesPage     = web.NewPage[imagePage]("portal", "images")
	contactsPage   = web.NewPage[contactPage]("portal", "contact")
	statementsPage = web.NewPage[statementPage]("portal", "statements")
	checkPages     = web.NewPage[checkPage]("portal", "check")
	carePage       = web.NewPage[careChannels]("portal", "care")
	wordsPages     = web.NewPage[wordsPage]("portal", "words")
	receiptPages   = web.NewPage[receiptPage]("portal", "receipt")
	spacePages     = web.NewPage[spacePage]("portal", "space")
	accessPages    = web.NewPage[accessPage]("portal", "access")
	addPages       = web.NewPage[addPage]("portal", "add")
	addImagePages  = web.NewPage[addImagesPage]("portal", "addimages")
	reachPages     = web.NewPage[reachPage]("portal", "reach")
	withdrawPages  = web.NewPage[withdrawPage]("portal", "withdraw")
)

type (
	// startPage is the first page: what this is, and the two ways on.
	startPage struct {
		Frame       web.Frame
		Errors      []web.FieldError
		Number      string
		NumberError string // beside its field, as the next
		Phrase      string
		PhraseError string
		Going       bool // a form is being filled in
		Rests       bool // nobody has come back to it for a while
		We, Reach   string
	}

	// step is what every step of the form has.
	step struct {
		Frame  web.Frame
		Errors []web.FieldError
		Error  string // beside the field
		P      int    // the step, as it is sent
		Of     string // "Question 2 of 6"
	}

	option struct {
		Value, Text, Hint, T string
		Checked              bool
	}

	choicePage struct {
		step
		Options []option
	}

	statementPage struct {
		step
		Sentences []string
		Options   []option
	}

	addressPage struct {
		step
		Text    string
		Tip     string // what helps in her situation, "" for nothing
		Report  string // how many were read
		Hosts   []hostGroup
		Remarks []remark
		More    string // how many further lines are not shown
	}

	// remark is one line of a pasted text that was repaired or cannot be kept.
	remark struct {
		Kind, Line, Text, Reason string
	}

	imagePage struct {
		step
		Tip    string
		Images []imageRow
		Room   int  // how many more the case takes
		Sent   bool // a file of hers was sent to be hashed by us
		Marks  []option
		Kinds  string // which images we read
	}

	imageRow struct {
		Number            int
		Name, State, Text string
		Value, Label      string // of one that is not kept yet, as it was sent
	}

	contactPage struct {
		step
		Options     []option
		Email       string
		Frequencies []option
	}

	checkPage struct {
		step
		Rows []fact
		Plan []string // what will be done, in a few lines
	}

	fact struct{ Key, Value, Name, Do, Label string }

	careChannels struct {
		Frame     web.Frame
		Answer    string
		Countries []option
		Channels  []channel
	}

	// channel is a service with a way to it: a number to call, a site to open.
	channel struct{ Name, Contact, About, Tel, Site string }

	receiptPage struct {
		Frame  web.Frame
		Number string
		Phrase string
		Words  []string // of the phrase, for the card
		Fresh  bool     // another phrase may be drawn, and the words have not been checked
		Again  bool     // it has taken the place of another
	}

	// wordsPage asks for two words of the phrase, so that a slip is found now.
	wordsPage struct {
		Frame        web.Frame
		Errors       []web.FieldError
		Third, Sixth wordField
	}

	wordField struct{ Value, Error string }

	addPage struct {
		spaceHead
		Text    string
		P       int    // the step of the form that reads addresses, as it is sent
		Report  string // how many were read
		Hosts   []hostGroup
		Remarks []remark
		More    string // how many further lines are not shown
		Room    int    // how many images she may add at once, 0: addresses alone
		Marks   []option
		Kinds   string // which images we read
	}

	reachPage struct {
		spaceHead
		Often  string
		Mails  bool   // mails that say nothing are sent, or will be once confirmed
		Waits  bool   // the address waits for its code
		Error  string // beside the code
		Held   bool   // a STOP came by mail: she is asked whether it was hers
		Points bool   // local features of her images may be kept: she may have them deleted

		Key mailKey

		Email, MailError string // an address that was refused
		Frequencies      []option
		Wishes           *takedown.Wishes // hers, or as they were sent
		Hours, Days      []option
		Readers, Leave   []option
	}

	addImagesPage struct {
		Frame  web.Frame
		Errors []web.FieldError
		Images []imageRow
		Room   int
		Sent   bool // as above
		Marks  []option
		Kinds  string
	}

	withdrawPage struct{ Frame web.Frame }
)

// formFrame is the frame of a page with one form, whose text the switch of the
// language takes along.
func formFrame(c *web.Ctx) web.Frame {
	f := c.Frame()
	f.Form = "f"
	return f
}

func (d *door) stepOf(c *web.Ctx, f draft, errs []web.FieldError) step {
	s := step{Frame: formFrame(c), Errors: errs, P: f.Step}
	if len(errs) > 0 {
		s.Error = errs[0].Text
	}
	if f.Step < stepCheck {
		n, all := f.question(f.Step)
		s.Of = web.T(c.Lang, "form.question", n, all)
	}
	return s
}

// carePageOf shows the services of a country, "" for that of the association. The
// choice is in the form of the page alone.
func (d *door) carePageOf(c *web.Ctx, l takedown.Lang, answer, country string) careChannels {
	known := d.countries(l)
	if !slices.ContainsFunc(known, func(o option) bool { return o.Value == country }) {
		country = d.words.Country
	}
	for n := range known {
		known[n].Checked = known[n].Value == country
	}
	p := careChannels{Frame: formFrame(c), Answer: answer, Countries: known, Channels: d.protection(l, country)}
	p.Frame.Help = d.help(l, country)
	return p
}

// spaced writes a case number as it is read out: three, three and three digits.
func spaced(number string) string {
	if len(number) != 9 {
		return number
	}
	return number[:3] + " " + number[3:6] + " " + number[6:]
}
