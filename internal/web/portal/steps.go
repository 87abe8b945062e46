package portal

import (
	"slices"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

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
		return imagesPage.RenderStatus(c, status, imagePage{s, f.tip(c.Lang, "images"), rows, takedown.MaxReferences - len(f.hashed()), anySent(f.Images), markOptions(c.Lang, f.Marks), d.kinds(c.Lang)})
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
