package portal

import (
	"net/http"
	"strings"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// showFirst shows how things stand.
func (d *door) showFirst(c *web.Ctx) error { return d.first(c, http.StatusOK) }

func (d *door) first(c *web.Ctx, status int, errs ...web.FieldError) error {
	progress, err := d.desk.Progress(c.Request().Context(), c.Actor)
	if err != nil {
		return err
	}
	return spacePages.RenderStatus(c, status, spacePageOf(c, progress, d.headOf(c, errs)))
}

func (d *door) stopMails(c *web.Ctx) error {
	if err := d.desk.StopMails(c.Request().Context(), c.Actor); err != nil {
		return d.spaceRefuses(c, err)
	}
	return d.told(c, web.T(c.Lang, "mail.stopped"))
}

func (d *door) forgetPoints(c *web.Ctx) error {
	if err := d.desk.ForgetPoints(c.Request().Context(), c.Actor); err != nil {
		return d.spaceRefuses(c, err)
	}
	return d.told(c, web.T(c.Lang, "points.stopped"))
}

// showAdd shows where further addresses and images are added.
func (d *door) showAdd(c *web.Ctx) error {
	c.TakesImages()
	return addPages.Render(c, addPage{spaceHead: d.headOf(c, nil), P: stepAddresses, Room: takedown.MaxReferences, Marks: markOptions(c.Lang, false)})
}

// addAddresses takes further addresses. What cannot be kept comes back in the
// box with its reasons.
func (d *door) addAddresses(c *web.Ctx) error {
	text := strings.ReplaceAll(c.Value("f1"), "\r\n", "\n")
	if strings.TrimSpace(text) == "" {
		return d.goTo(c, "add")
	}
	added, err := d.desk.AddAddresses(c.Request().Context(), c.Actor, text)
	if err != nil {
		return d.addRefuses(c, text, err)
	}
	told := howMany(c.Lang, "space.added", added.New, added.Known)
	if len(added.Refused) == 0 {
		c.Session.Set(valuePlace, placeFirst)
		return d.told(c, told)
	}
	c.Alerts = []web.Alert{{Kind: "good", Text: told}}
	left := takedown.Pasted{Refused: added.Refused}
	page := addPage{spaceHead: d.headOf(c, nil), P: stepAddresses, Text: refusedText(left)}
	page.Remarks, page.More = remarks(c.Lang, left)
	return addPages.Render(c, page)
}

// addList takes the form of further addresses as it is sent without script. A file
// that was read is shown in the box first.
func (d *door) addList(c *web.Ctx, u *upload) error {
	c.Request().PostForm = u.form()
	switch {
	case u.refused != nil:
		return d.addRefuses(c, strings.ReplaceAll(c.Value("f1"), "\r\n", "\n"), u.refused)
	case u.files:
		return d.readFurther(c)
	}
	return d.pressed(c)
}

// readFurther shows what is read in further addresses before they are added.
func (d *door) readFurther(c *web.Ctx) error {
	text := strings.ReplaceAll(c.Value("f1"), "\r\n", "\n")
	read, err := d.desk.ReadAddresses(text)
	if err != nil {
		return d.addRefuses(c, text, err)
	}
	f := draft{Kept: len(read.Kept), Sites: sites(read.Kept)}
	page := addPage{spaceHead: d.headOf(c, nil), P: stepAddresses, Text: text, Report: f.howMany(c.Lang, "form.read")}
	page.Remarks, page.More = remarks(c.Lang, read)
	if page.Hosts, err = d.hostGroups(c.Request().Context(), c.Lang, read.Kept); err != nil {
		return err
	}
	return addPages.Render(c, page)
}

// howMany says how many things are new, and how many were there already.
func howMany(l takedown.Lang, key string, added, known int) string {
	told := web.Count(l, key, added)
	if known > 0 {
		told += " " + web.Count(l, "space.known", known)
	}
	return told
}

func (d *door) addRefuses(c *web.Ctx, text string, err error) error {
	sentence, status, ok := c.Refusal(err)
	if !ok {
		return err
	}
	errs := []web.FieldError{{Name: "f1", Text: sentence}}
	return addPages.RenderStatus(c, status, addPage{spaceHead: d.headOf(c, errs), P: stepAddresses, Text: text})
}

func refusedText(p takedown.Pasted) string {
	lines := make([]string, 0, len(p.Refused))
	for _, r := range p.Refused {
		lines = append(lines, r.Text)
	}
	return strings.Join(lines, "\n")
}

// addImages takes further images and shows a receipt for each; without one it
// opens the page for them.
func (d *door) addImages(c *web.Ctx) error {
	u, err := d.readFiles(c, takedown.MaxReferences, false)
	if err != nil {
		return err
	}
	switch {
	case u.lists():
		return d.addList(c, u)
	case u.fields["lang"] != "":
		c.UseLanguage(u.fields["lang"])
		return d.moreImages(c, u, pendingRows(c.Lang, u.images), http.StatusOK)
	case u.fields["do"] == "back":
		return d.goTo(c, placeFirst)
	case len(u.images) == 0, u.fields["stay"] != "":
		c.Alerts = append(c.Alerts, u.told()...)
		return d.moreImages(c, u, pendingRows(c.Lang, u.images), http.StatusOK)
	}
	given := references(u.images)
	if u.marks() {
		if err := d.desk.AllowPoints(c.Request().Context(), c.Actor); err != nil {
			return d.imagesRefuse(c, u, err)
		}
	}
	added, err := d.desk.AddReferences(c.Request().Context(), c.Actor, given)
	if err != nil {
		return d.imagesRefuse(c, u, err)
	}
	c.Alerts = append(u.told(), web.Alert{Kind: "good", Text: howMany(c.Lang, "space.images", added, len(given)-added)})
	return d.moreImages(c, u, imageRows(c.Lang, u.images), http.StatusOK)
}

// moreImages shows the page for further images.
func (d *door) moreImages(c *web.Ctx, u *upload, rows []imageRow, status int, errs ...web.FieldError) error {
	c.TakesImages()
	page := addImagesPage{
		Frame: formFrame(c), Errors: errs, Images: rows, Room: takedown.MaxReferences - len(rows), Sent: anySent(u.images), Marks: markOptions(c.Lang, u.marks()),
		Kinds: d.kinds(c.Lang),
	}
	return addImagePages.RenderStatus(c, status, page)
}

// imagesRefuse shows what was sent again with the reason why it was not kept.
func (d *door) imagesRefuse(c *web.Ctx, u *upload, err error) error {
	sentence, status, ok := c.Refusal(err)
	if !ok {
		return err
	}
	return d.moreImages(c, u, pendingRows(c.Lang, u.images), status, web.FieldError{Name: "f1", Text: sentence})
}
