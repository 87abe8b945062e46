package portal

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// showForm shows the step the person is at; before the first answer there is
// neither session nor cookie. Once the form is sent it shows what to write down.
func (d *door) showForm(c *web.Ctx) error {
	if c.Actor.Role == takedown.RoleReporter {
		return d.showReceipt(c)
	}
	if c.Session.Rests() {
		return c.Redirect(pathStart) // which asks whether to go on
	}
	f, err := readDraft(c)
	if err != nil {
		return err
	}
	return d.showStep(c, f, http.StatusOK)
}

// takeForm takes one step of the form. A page left open may send an earlier
// step than the one shown last: the step on the page counts.
func (d *door) takeForm(c *web.Ctx) error {
	if c.Actor.Role == takedown.RoleReporter {
		return d.takeReceipt(c)
	}
	switch c.Value("do") {
	case "afresh":
		if err := c.Session.End(); err != nil {
			return err
		}
		return c.Redirect(pathForm)
	case "resume":
		return d.wake(c)
	}
	c.Session.Wake()
	f, err := readDraft(c)
	if err != nil {
		return err
	}
	if c.Uploading() {
		return d.takeImages(c, f)
	}
	step, err := strconv.Atoi(c.Value("p"))
	if err != nil || step < stepAge || step > f.Reached {
		return c.Redirect(pathForm)
	}
	f.Step = step
	if step == stepAge && isMinor(c) {
		if c.Value("stay") == stayAway {
			return kept(c, stayAway)
		}
		return d.care(c)
	}
	f.take(c)
	return d.move(c, f, c.Value("do"))
}

// wake shows again what was filled in, to who asks for it.
func (d *door) wake(c *web.Ctx) error {
	if c.Session.Rests() {
		c.Session.Wake()
		if err := c.Session.Save(); err != nil {
			return err
		}
	}
	return c.Redirect(pathForm)
}

// kept leads back to the form or, if nobody is at the page any more, lets it rest:
// its script sent what was typed when the time was over.
func kept(c *web.Ctx, stay string) error {
	if stay != stayAway {
		return c.Redirect(pathForm)
	}
	c.Session.Rest()
	if err := c.Session.Save(); err != nil {
		return err
	}
	return c.Redirect(pathStart)
}

// stayAway is how the script of a page left alone sends its form.
const stayAway = "away"

// inLanguage leads to a page, in another language if the form asks for one.
func (d *door) inLanguage(c *web.Ctx, path string) error {
	if c.SwitchLanguage() {
		if err := braked(c); err != nil {
			return err
		}
		if err := c.Session.Save(); err != nil {
			return err
		}
	}
	return c.Redirect(path)
}

// braked counts a visit that is about to be kept for the first time. One that is
// kept already goes on, whatever others of its network do.
func braked(c *web.Ctx) error {
	if c.Session.Token() != "" {
		return nil
	}
	return c.BrakeNetwork(web.LimitDraft)
}

var errTooMuchText = takedown.Refuse(takedown.Invalid, "error.too_much_text")

// move does what the pressed button says: another language, back, or on.
func (d *door) move(c *web.Ctx, f draft, do string) error {
	if err := braked(c); err != nil {
		return d.refuse(c, f, err)
	}
	if len(f.Addresses) > takedown.MaxPaste {
		return d.refuse(c, f, errTooMuchText)
	}
	switch {
	case c.SwitchLanguage() || c.Value("stay") != "":
	case do == "back":
		f.back()
	case do == "read" && f.Step == stepAddresses:
		if _, err := d.look(c, &f); err != nil {
			return d.refuse(c, f, err)
		}
	case strings.HasPrefix(do, "step-"):
		f.goTo(strings.TrimPrefix(do, "step-"))
	case do == "submit" && f.Step == stepCheck:
		return d.submit(c, f)
	default:
		on, err := d.finish(c, &f)
		if err != nil {
			return d.refuse(c, f, err)
		}
		if on {
			f.next()
		}
	}
	if err := d.save(c, &f); err != nil {
		return err
	}
	return kept(c, c.Value("stay"))
}

// goTo leads back to a step from the last page.
func (f *draft) goTo(step string) {
	if n, err := strconv.Atoi(step); err == nil && n >= stepAge && n <= f.Reached {
		f.Step = n
	}
}

// next leads on: to the end again, when only one answer was changed there.
func (f *draft) next() {
	if f.Reached == stepCheck && (f.Step != stepWho || !f.OnBehalf || f.Capacity != takedown.NoCapacity) {
		f.Step = stepCheck
		return
	}
	for f.Step++; !f.asks(f.Step); {
		f.Step++
	}
}

// back leads to the question before.
func (f *draft) back() {
	for f.Step = max(f.Step-1, stepAge); !f.asks(f.Step); {
		f.Step--
	}
}

func isMinor(c *web.Ctx) bool {
	age := takedown.Age(c.Value("f1"))
	return age == takedown.AgeMinor || age == takedown.AgeUnsure
}

// take reads the fields of the step into the form, right or wrong: nothing that
// was typed is lost.
func (f *draft) take(c *web.Ctx) {
	switch f.Step {
	case stepAge:
		f.Adult = takedown.Age(c.Value("f1")) == takedown.AgeAdult
	case stepHarm:
		f.Harm = takedown.Harm(c.Value("f1"))
	case stepWho:
		f.OnBehalf = c.Value("f1") == "other"
		if !f.OnBehalf {
			f.Capacity = takedown.NoCapacity
		}
	case stepCapacity:
		f.Capacity = takedown.Capacity(c.Value("f1"))
	case stepAddresses:
		text := strings.ReplaceAll(c.Value("f1"), "\r\n", "\n")
		f.Looked = f.Looked && text == f.Addresses
		f.Addresses = text
	case stepContact:
		f.Mail, f.Email, f.Frequency = c.Value("f1") == "mail", strings.TrimSpace(c.Value("f2")), takedown.Frequency(c.Value("f3"))
	case stepStatements:
		f.Stated = c.Value("s") != ""
	}
}

// finish tells whether the step is done: an error says what has to be looked at
// again, and false that there is something to be read first.
func (d *door) finish(c *web.Ctx, f *draft) (bool, error) {
	switch f.Step {
	case stepAge:
		if !f.Adult {
			return false, takedown.Refuse(takedown.Invalid, "error.age")
		}
	case stepHarm:
		if !f.Harm.Known() { // a question that is passed over
			f.Harm = takedown.HarmUnsaid
		}
	case stepCapacity:
		if !f.Capacity.Known() {
			f.Capacity = takedown.CapacityUnsaid
		}
	case stepAddresses:
		return d.readAddresses(c, f)
	case stepImages:
		if f.Kept == 0 && len(f.hashed()) == 0 {
			return false, takedown.Refuse(takedown.Invalid, "error.nothing_given")
		}
	case stepContact:
		return f.contactDone()
	case stepStatements:
		if !f.statements().Complete() {
			return false, takedown.Refuse(takedown.Invalid, "error.statements")
		}
	}
	return true, nil
}

// readAddresses counts the addresses of the text. Where there is something to
// remark it is shown once, and the person may go on as it is.
func (d *door) readAddresses(c *web.Ctx, f *draft) (bool, error) {
	looked := f.Looked
	some, err := d.look(c, f)
	if err != nil || some && !looked {
		return false, err
	}
	if f.Kept > 0 {
		return true, c.Flash(web.Alert{Kind: "good", Text: f.howMany(c.Lang, "form.read")})
	}
	return true, nil
}

// look reads the text of the form: its page tells from now on what was read. some
// says that there is something to remark.
func (d *door) look(c *web.Ctx, f *draft) (some bool, err error) {
	read, err := d.desk.ReadAddresses(f.Addresses)
	if err != nil {
		return false, err
	}
	f.Kept, f.Sites, f.Looked = len(read.Kept), sites(read.Kept), true
	list, _ := remarks(c.Lang, read)
	return len(list) > 0, nil
}

// howMany says how many addresses were read and, of several, on how many sites.
func (f *draft) howMany(l takedown.Lang, key string) string {
	told := web.Count(l, key, f.Kept)
	if f.Kept > 1 {
		told += "\n" + web.Count(l, "form.sites", f.Sites)
	}
	return told
}

func sites(kept []takedown.Given) int {
	seen := map[string]bool{}
	for _, g := range kept {
		seen[g.Host] = true
	}
	return len(seen)
}

func (f *draft) contactDone() (bool, error) {
	if !f.Mail {
		f.Email = ""
		return true, nil
	}
	if !reachable(f.Email) {
		return false, takedown.Refuse(takedown.Invalid, "error.email")
	}
	if f.Frequency == takedown.MailNever || !slices.Contains(takedown.Frequencies(), f.Frequency) {
		f.Frequency = takedown.MailWeekly
	}
	return true, nil
}

// refuse shows the step again with what has to be looked at; what was typed
// stays. It is shown to nobody if the page was left alone.
func (d *door) refuse(c *web.Ctx, f draft, err error) error {
	sentence, status, ok := c.Refusal(err)
	if !ok {
		return err
	}
	if c.Value("stay") == stayAway && c.Session.Token() == "" {
		return c.Redirect(pathStart)
	}
	if c.Value("stay") == stayAway {
		return kept(c, stayAway)
	}
	return d.showStep(c, f, status, web.FieldError{Name: fieldOf[f.Step], Text: sentence})
}

var fieldOf = map[int]string{
	stepAge: "f1", stepHarm: "f1", stepAddresses: "f1", stepImages: "f1", stepContact: "f2", stepStatements: "s",
}

// formAgain shows the step as it was sent, while the database is away. Images that
// were sent are not shown again: nothing of them is kept.
func (d *door) formAgain(c *web.Ctx) error {
	if err := d.listAgain(c); err != nil {
		return err
	}
	f, err := readDraft(c)
	if err != nil {
		return err
	}
	if step, err := strconv.Atoi(c.Value("p")); err == nil && step >= stepAge && step <= stepCheck {
		f.Step = step
	}
	f.take(c)
	c.Alerts = []web.Alert{away(c)}
	return d.showStep(c, f, http.StatusServiceUnavailable)
}

// away tells that nothing can be kept just now.
func away(c *web.Ctx) web.Alert { return web.Alert{Kind: "care", Text: web.T(c.Lang, "error.503")} }

// care is the minors' route: the competent services, at once. Nothing is kept,
// not even the answer.
func (d *door) care(c *web.Ctx) error {
	c.SwitchLanguage()
	lang, answer, country := c.Lang, c.Value("f1"), c.Value("f2")
	if err := c.Session.End(); err != nil {
		return err
	}
	return carePage.Render(c, d.carePageOf(c, lang, answer, country))
}

// submit opens the case. The same form gives the same case, number and phrase,
// however often it is sent.
func (d *door) submit(c *web.Ctx, f draft) error {
	if err := f.opening().Allowed(); err != nil {
		return d.refuse(c, f, err)
	}
	if _, err := f.contactDone(); err != nil { // she may have left that question by the way back
		f.Step = stepContact
		return d.refuse(c, f, err)
	}
	if !f.Counted {
		if err := c.BrakeNetwork(web.LimitReport); err != nil {
			return d.refuse(c, f, err)
		}
		f.Counted = true
		if err := d.save(c, &f); err != nil {
			return err
		}
	}
	receipt, err := d.desk.OpenCase(c.Request().Context(), c.Actor, f.newCase())
	if err != nil {
		return d.refuse(c, f, err)
	}
	c.Session.Set(valueNumber, receipt.Number.Reveal())
	c.Session.Set(valuePhrase, f.Phrase)
	if err := c.Session.EnterFrom(receipt.CaseID, valueNumber, valuePhrase); err != nil {
		return err
	}
	return c.Redirect(pathForm)
}
