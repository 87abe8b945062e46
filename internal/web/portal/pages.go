package portal

import (
	"fmt"
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
	}

	reachPage struct {
		spaceHead
		Often  string
		Mails  bool   // mails that say nothing are sent, or will be once confirmed
		Waits  bool   // the address waits for its code
		Error  string // beside the code
		Points bool   // local features of her images may be kept: she may have them deleted

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

// showStep shows the step the form is at.
func (d *door) showStep(c *web.Ctx, f draft, status int, errs ...web.FieldError) error {
	s := d.stepOf(c, f, errs)
	switch f.Step {
	case stepHarm:
		return harmPage.RenderStatus(c, status, choicePage{s, harmOptions(c.Lang, f)})
	case stepWho:
		return whoPage.RenderStatus(c, status, choicePage{s, whoOptions(c.Lang, f)})
	case stepCapacity:
		return capacityPage.RenderStatus(c, status, choicePage{s, capacityOptions(c.Lang, f)})
	case stepAddresses:
		return d.showAddresses(c, f, status, s)
	case stepImages:
		c.TakesImages()
		rows := imageRows(c.Lang, f.Images)
		return imagesPage.RenderStatus(c, status, imagePage{s, f.tip(c.Lang, "images"), rows, takedown.MaxReferences - len(f.hashed()), anySent(f.Images), markOptions(c.Lang, f.Marks)})
	case stepContact:
		return contactsPage.RenderStatus(c, status, contactOf(c.Lang, f, s))
	case stepStatements:
		return statementsPage.RenderStatus(c, status, statementPage{s, f.sentences(c.Lang), statementOptions(c.Lang, f)})
	case stepCheck:
		return checkPages.RenderStatus(c, status, checkPage{s, checkRows(c.Lang, f), f.plan(c.Lang)})
	}
	return agePage.RenderStatus(c, status, choicePage{s, ageOptions(c.Lang, f)})
}

func (d *door) showAddresses(c *web.Ctx, f draft, status int, s step) error {
	p := addressPage{step: s, Text: f.Addresses, Tip: f.tip(c.Lang, "urls")}
	if f.Looked {
		read, err := d.desk.ReadAddresses(f.Addresses)
		if err != nil {
			return d.refuse(c, draft{Step: f.Step, Addresses: f.Addresses}, err)
		}
		f.Kept, f.Sites = len(read.Kept), sites(read.Kept)
		p.Report = f.howMany(c.Lang, "form.read")
		if p.Hosts, err = d.hostGroups(c.Request().Context(), c.Lang, read.Kept); err != nil {
			return err
		}
		p.Remarks, p.More = remarks(c.Lang, read)
		if read.Duplicates > 0 {
			p.Report += " " + web.Count(c.Lang, "form.twice", read.Duplicates)
		}
	}
	return addressesPage.RenderStatus(c, status, p)
}

// Bounds of the list of remarks: the text itself is in the box, whole.
const (
	maxRemarks   = 100 // lines
	maxRemarkLen = 300 // characters of each
)

// remarks lists the first lines that cannot be kept or were repaired, and says
// how many more there are, "" for none.
func remarks(l takedown.Lang, read takedown.Pasted) (out []remark, more string) {
	rest := 0
	add := func(kind string, line int, text string, why func() string) {
		if len(out) == maxRemarks {
			rest++
			return
		}
		out = append(out, remark{kind, web.T(l, "form.line", line), begin(text), why()})
	}
	for _, r := range read.Refused {
		add("refused", r.Line, r.Text, func() string { return web.T(l, "refused."+r.Reason()) })
	}
	for _, g := range read.Kept {
		if g.Repaired {
			add("repaired", g.Line, g.Raw, func() string { return web.T(l, "form.repaired") })
		}
	}
	if rest > 0 {
		more = web.Count(l, "form.more", rest)
	}
	return out, more
}

// begin gives as much of a line as is needed to find it in the box.
func begin(line string) string {
	n := 0
	for at := range line {
		if n == maxRemarkLen {
			return line[:at] + "…"
		}
		n++
	}
	return line
}

// anySent tells whether a file was sent to be hashed by us: the page then no longer
// promises that all of them stay on the device.
func anySent(images []image) bool {
	return slices.ContainsFunc(images, func(i image) bool { return !i.Here })
}

func imageRows(l takedown.Lang, images []image) []imageRow {
	out := make([]imageRow, 0, len(images))
	for n, i := range images {
		row := imageRow{Number: n, Name: i.name(l, n), State: "hashed", Text: web.T(l, "form.hashed")}
		if i.Here {
			row.Text = web.T(l, "device.hashed")
		}
		if i.Problem != "" {
			row.State, row.Text = "refused", web.T(l, i.Problem)
		}
		out = append(out, row)
	}
	return out
}

// pendingRows lists images that were sent but are not kept: what the person's
// device made of them goes along with the page.
func pendingRows(l takedown.Lang, images []image) []imageRow {
	here := slices.DeleteFunc(slices.Clone(images), func(i image) bool { return !i.Here && i.Problem == "" })
	rows := imageRows(l, here)
	for n, i := range here {
		if i.Problem == "" {
			rows[n].Value, rows[n].Label = i.sent, i.Label
		}
	}
	return rows
}

// name is what an image is called on a page: as she calls it, or by its number.
func (i image) name(l takedown.Lang, n int) string {
	switch {
	case i.Label != "":
		return i.Label
	case i.Here:
		return web.T(l, "device.image", n+1)
	}
	return i.Name
}

// markOptions is the one box of the question about local features.
func markOptions(l takedown.Lang, yes bool) []option {
	return []option{{"yes", web.T(l, "marks"), web.T(l, "marks.hint"), "points", yes}}
}

func ageOptions(l takedown.Lang, f draft) []option {
	out := make([]option, 0, len(takedown.Ages()))
	for _, a := range takedown.Ages() {
		name := string(a)
		out = append(out, option{name, web.T(l, "age."+name), "", "age-" + name, f.Adult && a == takedown.AgeAdult})
	}
	return out
}

func harmOptions(l takedown.Lang, f draft) []option {
	out := make([]option, 0, len(takedown.Harms()))
	for _, h := range takedown.Harms() {
		name := string(h)
		out = append(out, option{name, web.T(l, "harm."+name), web.T(l, "harm."+name+".hint"), "kind-" + name, f.Harm == h})
	}
	return out
}

func whoOptions(l takedown.Lang, f draft) []option {
	return []option{
		{"self", web.T(l, "who.self"), "", "who-self", !f.OnBehalf},
		{"other", web.T(l, "who.other"), web.T(l, "who.other.hint"), "who-other", f.OnBehalf},
	}
}

func contactOf(l takedown.Lang, f draft, s step) contactPage {
	p := contactPage{step: s, Email: f.Email, Options: []option{
		{"none", web.T(l, "contact.none"), web.T(l, "contact.none.hint"), "contact-none", !f.Mail},
		{"mail", web.T(l, "contact.mail"), web.T(l, "contact.mail.hint"), "contact-email", f.Mail},
	}}
	for _, often := range takedown.Frequencies() {
		if often == takedown.MailNever {
			continue
		}
		p.Frequencies = append(p.Frequencies, option{Value: string(often), Text: web.T(l, "often."+string(often)), Checked: f.Frequency == often})
	}
	return p
}

func capacityOptions(l takedown.Lang, f draft) []option {
	out := make([]option, 0, len(takedown.Capacities()))
	for _, k := range takedown.Capacities() {
		name := string(k)
		out = append(out, option{name, web.T(l, "capacity."+name), "", "capacity-" + name, f.Capacity == k})
	}
	return out
}

// sentences are the statements that the notices need, in her words or in those of
// who acts for somebody.
func (f draft) sentences(l takedown.Lang) []string {
	whose := ""
	if f.OnBehalf {
		whose = ".other"
	}
	return []string{web.T(l, "statement.consent"+whose), web.T(l, "statement.mandate"+whose), web.T(l, "statement.faith")}
}

// statementOptions is one box for all of them: none can be left out, and each tick
// is an effort.
func statementOptions(l takedown.Lang, f draft) []option {
	return []option{{"yes", web.T(l, "statement.yes"), "", "statement", f.Stated}}
}

// tip says on a page what helps in her situation, "" where nothing has to be said.
func (f draft) tip(l takedown.Lang, page string) string {
	key := "tip." + page + "." + string(f.Harm)
	if text := web.T(l, key); text != key {
		return text
	}
	return ""
}

// plan says in three lines what we will do.
func (f draft) plan(l takedown.Lang) []string {
	key := "plan." + string(f.Harm)
	first := key + ".1"
	if f.Harm == takedown.HarmThreat && f.Kept > 0 { // something is online already
		first = "plan.published.1"
	}
	return []string{web.T(l, first), web.T(l, key+".2"), web.T(l, key+".3")}
}

func checkRows(l takedown.Lang, f draft) []fact {
	who, contact := web.T(l, "who.self"), web.T(l, "contact.none")
	if f.OnBehalf {
		who = web.T(l, "who.other") + "\n" + web.T(l, "capacity."+string(f.Capacity))
	}
	if f.Mail {
		contact = f.Email + "\n" + web.T(l, "often."+string(f.Frequency))
	}
	row := func(n int, key, value string) fact {
		return fact{web.T(l, "check."+key), value, "do", fmt.Sprintf("step-%d", n), web.T(l, "check.change")}
	}
	return []fact{
		row(stepAge, "age", web.T(l, "age.adult")),
		row(stepHarm, "harm", web.T(l, "harm."+string(f.Harm))),
		row(stepWho, "who", who),
		row(stepAddresses, "addresses", f.howMany(l, "check.addresses")),
		row(stepImages, "images", web.Count(l, "check.images", len(f.hashed()))),
		row(stepContact, "contact", contact),
		row(stepStatements, "statements", web.T(l, "check.given")),
	}
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
