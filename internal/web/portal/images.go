package portal

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// takeImages takes the step of the images. Files are hashed and listed before
// the person goes on; what her own device hashed she has seen.
func (d *door) takeImages(c *web.Ctx, f draft) error {
	if f.Reached < stepAddresses {
		return echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	f.Step = stepImages
	u, err := d.readFiles(c, takedown.MaxReferences-len(f.Images), f.Reached < stepImages)
	if err != nil {
		return err
	}
	if u.lists() {
		return d.takeList(c, f, u)
	}
	if f.Reached < stepImages {
		return echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	made, refused := u.sorted()
	f.Images = append(f.Images, made...)
	if left := f.mark(u.marks()); left > 0 {
		c.Alerts = append(c.Alerts, web.Alert{Kind: "care", Text: web.Count(c.Lang, "marks.full", left)})
		u.fields["stay"] = max(u.fields["stay"], "1")
	}
	do := u.fields["do"]
	switch {
	case u.fields["lang"] != "":
		c.UseLanguage(u.fields["lang"])
	case strings.HasPrefix(do, "drop-"):
		f.drop(strings.TrimPrefix(do, "drop-"))
	case !u.files && len(refused) == 0 && !u.cut && u.fields["stay"] == "":
		return d.move(c, f, do)
	}
	if err := d.save(c, &f); err != nil {
		return err
	}
	if len(refused) == 0 && !u.cut && len(c.Alerts) == 0 || u.fields["stay"] == stayAway {
		return kept(c, u.fields["stay"])
	}
	return d.showRefused(c, f, u, refused)
}

// takeList takes the form of addresses as it is sent without script. A file that
// was read is shown in the box before she goes on.
func (d *door) takeList(c *web.Ctx, f draft, u *upload) error {
	c.Request().PostForm = u.form()
	f.Step = stepAddresses
	f.take(c)
	if u.refused != nil && c.Value("stay") != stayAway {
		return d.refuse(c, f, u.refused)
	}
	do := c.Value("do")
	if u.files && do != "back" {
		do = "read"
	}
	return d.move(c, f, do)
}

// showRefused tells, in this answer only, which files made no fingerprint.
func (d *door) showRefused(c *web.Ctx, f draft, u *upload, refused []image) error {
	c.Alerts = append(c.Alerts, u.told()...)
	f.Images = append(f.Images, refused...)
	return d.showStep(c, f, http.StatusOK)
}

// sorted parts the images whose hashes were made from the others.
func (u *upload) sorted() (made, refused []image) {
	for _, i := range u.images {
		if i.Problem == "" {
			made = append(made, i)
		} else {
			refused = append(refused, i)
		}
	}
	return made, refused
}

// told says that files were left unread.
func (u *upload) told() []web.Alert {
	if !u.cut {
		return nil
	}
	return []web.Alert{{Kind: "care", Text: web.T(u.ctx.Lang, "form.unread")}}
}

// maxMarks is how many bytes of local features a form holds: with the hashes of
// 200 images beside, as much as a session takes.
const maxMarks = 3 << 20

// mark notes her answer about local features. Without her yes none stay; with it
// those for which there is room, and left tells for how many there is none.
func (f *draft) mark(yes bool) (left int) {
	f.Marks = yes
	room := maxMarks
	for n := range f.Images {
		i := &f.Images[n]
		if yes && len(i.Points) > room {
			left++
		}
		if !yes || len(i.Points) > room {
			i.Points = nil
		}
		room -= len(i.Points)
	}
	return left
}

// drop takes an image out of the form again.
func (f *draft) drop(number string) {
	for n := range f.Images {
		if fmt.Sprint(n) == number {
			f.Images = slices.Delete(f.Images, n, n+1)
			return
		}
	}
}
