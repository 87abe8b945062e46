package portal

import (
	"net/http"
	"slices"
	"strings"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// showContact shows how the person is told, and lets her change it.
func (d *door) showContact(c *web.Ctx) error { return d.reach(c, http.StatusOK, reachPage{}) }

// reach shows the page of contact. What was typed and refused comes with it.
func (d *door) reach(c *web.Ctx, status int, page reachPage, errs ...web.FieldError) error {
	p, err := d.desk.Progress(c.Request().Context(), c.Actor)
	if err != nil {
		return err
	}
	if page.Wishes == nil {
		page.Wishes = &p.Contact.Wishes
	}
	if err := d.readKey(c, p, &page.Key); err != nil {
		return err
	}
	l := c.Lang
	page.choices(l)
	page.Held = p.Contact.Held()
	page.Mails, page.Points, page.Waits, page.Often = mails(p), p.MayUsePoints, mailWaits(p), often(l, p)
	page.spaceHead = d.headOf(c, errs)
	return reachPages.RenderStatus(c, status, page)
}

// choices fills in what can be chosen from, and what of it is hers.
func (page *reachPage) choices(l takedown.Lang) {
	for _, f := range takedown.Frequencies() {
		if f != takedown.MailNever {
			page.Frequencies = append(page.Frequencies, option{Value: string(f), Text: web.T(l, "often."+string(f)), Checked: f == takedown.MailWeekly})
		}
	}
	for _, h := range takedown.AllHours() {
		page.Hours = append(page.Hours, option{Value: string(h), Text: web.T(l, "hours."+named(h)), Checked: h == page.Wishes.Hours})
	}
	for _, day := range takedown.AllDays() {
		page.Days = append(page.Days, option{Value: string(day), Text: web.T(l, "days."+named(day)), Checked: day == page.Wishes.Days})
	}
	for _, r := range takedown.AllReaders() {
		page.Readers = append(page.Readers, option{Value: string(r), Text: web.T(l, "readers."+named(r)), Checked: r == page.Wishes.Reads})
	}
	page.Leave = []option{{"leave", web.T(l, "wishes.leave"), "", "leave", page.Wishes.Leave}}
}

// reachAgain shows what was typed there, while the database is away.
func (d *door) reachAgain(c *web.Ctx, page reachPage) error {
	if page.Wishes == nil {
		page.Wishes = &takedown.Wishes{}
	}
	page.spaceHead = d.headOf(c, nil)
	page.choices(c.Lang)
	return reachPages.RenderStatus(c, http.StatusServiceUnavailable, page)
}

// named gives the value as the key of its text: "" is any.
func named[V ~string](v V) string {
	if v == "" {
		return "any"
	}
	return string(v)
}

// setMail takes the address of mails that say nothing.
func (d *door) setMail(c *web.Ctx) error {
	email := strings.TrimSpace(c.Value("f1"))
	if !reachable(email) {
		wrong := web.T(c.Lang, "error.email")
		return d.reach(c, http.StatusUnprocessableEntity, reachPage{Email: email, MailError: wrong}, web.FieldError{Name: "f1", Text: wrong})
	}
	if err := d.desk.SetMail(c.Request().Context(), c.Actor, takedown.NewPrivate(email), takedown.Frequency(c.Value("f2"))); err != nil {
		return d.contactRefuses(c, err)
	}
	return d.told(c, web.T(c.Lang, "mail.set"))
}

// setWishes takes how and when she wants to be reached.
func (d *door) setWishes(c *web.Ctx) error {
	w := wishesOf(c)
	err := d.desk.SetWishes(c.Request().Context(), c.Actor, w)
	if err == nil {
		done := "wishes.done"
		if w.Reads == takedown.ReadersMaybe {
			done = "wishes.none"
		}
		return d.told(c, web.T(c.Lang, done))
	}
	sentence, status, ok := c.Refusal(err)
	if !ok {
		return err
	}
	return d.reach(c, status, reachPage{Wishes: &w}, web.FieldError{Text: sentence})
}

// wishesOf reads what was sent.
func wishesOf(c *web.Ctx) takedown.Wishes {
	return takedown.Wishes{
		Hours: takedown.Hours(c.Value("f1")), Days: takedown.Days(c.Value("f2")), CodeWord: strings.TrimSpace(c.Value("f3")),
		Other: strings.TrimSpace(c.Value("f4")), Reads: takedown.Readers(c.Value("f5")), Leave: slices.Contains(c.Values("s"), "leave"),
	}
}

// often says how often mails come.
func often(l takedown.Lang, p takedown.Progress) string {
	switch {
	case !mails(p) || p.Contact.Held():
		return web.T(l, "mail.none")
	case p.Contact.Unconfirmed():
		return web.T(l, "mail.waits")
	}
	return web.T(l, "often."+string(p.Contact.Frequency))
}

// askCode has a code sent to her address.
func (d *door) askCode(c *web.Ctx) error {
	if err := d.desk.AskCode(c.Request().Context(), c.Actor); err != nil {
		return d.contactRefuses(c, err)
	}
	return d.told(c, web.T(c.Lang, "code.sent"))
}

// confirmMail takes the code she read there.
func (d *door) confirmMail(c *web.Ctx) error {
	typed := takedown.NewPrivate(c.Value("f6"))
	if typed.Empty() {
		wrong := web.T(c.Lang, "code.none")
		return d.reach(c, http.StatusUnprocessableEntity, reachPage{Error: wrong}, web.FieldError{Name: "f6", Text: wrong})
	}
	if err := d.desk.ConfirmMail(c.Request().Context(), c.Actor, typed); err != nil {
		return d.contactRefuses(c, err)
	}
	return d.told(c, web.T(c.Lang, "code.right"))
}

func (d *door) contactRefuses(c *web.Ctx, err error) error {
	sentence, status, ok := c.Refusal(err)
	if !ok {
		return err
	}
	return d.reach(c, status, reachPage{Error: sentence}, web.FieldError{Name: "f6", Text: sentence})
}
