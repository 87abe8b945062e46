package portal

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// upload is a body of files as it was read: the other fields, and an image for
// each file.
type upload struct {
	door   *door
	ctx    *web.Ctx
	fields map[string]string
	images []image
	room   int  // how many images the case still takes
	parts  int  // how many were read
	cut    bool // there were more than are read
}

// maxParts is how many parts of a body are read: an image each for a whole case,
// and the fields of the form.
const maxParts = takedown.MaxReferences + 6

// maxField is how many bytes a field beside the files may have.
const maxField = 1024

// readFiles reads the body as a stream: one image at a time is in memory, none
// is ever on a disk, and each is forgotten when its hashes are made.
func (d *door) readFiles(c *web.Ctx, room int) (*upload, error) {
	c.Slowly(fileTime)
	body, err := c.Request().MultipartReader()
	if err != nil {
		return nil, echo.NewHTTPError(http.StatusBadRequest)
	}
	u := &upload{door: d, ctx: c, fields: map[string]string{}, room: room}
	for {
		part, err := body.NextPart()
		if errors.Is(err, io.EOF) {
			return u, u.allowed()
		}
		if u.parts++; err == nil && u.parts > maxParts {
			return u, u.stop()
		}
		if err == nil {
			err = u.part(part)
		}
		if err != nil {
			return nil, unreadable(err)
		}
	}
}

// stop lets what is left of the body go by unread, so that the answer arrives.
func (u *upload) stop() error {
	u.cut = true
	if err := u.allowed(); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, u.ctx.Request().Body)
	return unreadable(err)
}

// unreadable leaves an error that has a status as it is; any other means that
// the body is none.
func unreadable(err error) error {
	var tooLarge *http.MaxBytesError
	var known *echo.HTTPError
	if err == nil || errors.As(err, &tooLarge) || errors.As(err, &known) || takedown.KindOf(err) != 0 {
		return err
	}
	return echo.NewHTTPError(http.StatusBadRequest)
}

func (u *upload) part(p *multipart.Part) error {
	name := p.FormName()
	if name == "f1" {
		return u.file(p)
	}
	_, twice := u.fields[name]
	if twice || !slices.Contains([]string{"c", "do", "p", "lang", "stay"}, name) || p.FileName() != "" {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	value, err := io.ReadAll(io.LimitReader(p, maxField+1))
	if len(value) > maxField {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	u.fields[name] = string(value)
	return err
}

// allowed checks the token, which stands before the files.
func (u *upload) allowed() error { return u.ctx.CheckToken(u.fields["c"]) }

func (u *upload) file(p *multipart.Part) error {
	if err := u.allowed(); err != nil {
		return err
	}
	body, err := io.ReadAll(io.LimitReader(p, maxImage+1))
	if err != nil {
		return err
	}
	if len(body) == 0 { // a field left empty is sent as a file without a name
		return nil
	}
	made := image{Name: plainName(p.FileName())}
	switch {
	case u.room == 0:
		made.Problem = "error.too_many_images"
	case len(body) > maxImage:
		made.Problem = "error.image.too-large-bytes"
	default:
		u.hash(&made, body)
	}
	u.images = append(u.images, made)
	return nil
}

func (u *upload) hash(made *image, body []byte) {
	given, err := u.door.desk.HashImage(u.ctx.Request().Context(), body)
	var refused *takedown.Error
	switch {
	case err == nil:
		made.Signature, made.Quality = given.Signature, given.Quality
		u.room--
	case errors.As(err, &refused):
		made.Problem = refused.Key
	default:
		u.ctx.Note(fmt.Errorf("hash an image: %w", err))
		made.Problem = "error.image.again"
	}
}

// plainName gives what a file is called, for the person to know it by: a few
// letters in one line, without the folder.
func plainName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	if r := []rune(name); len(r) > 40 {
		name = string(r[:24]) + "…" + string(r[len(r)-12:])
	}
	return name
}

// takeImages takes the step of the images. Files are hashed and listed before
// the person goes on.
func (d *door) takeImages(c *web.Ctx, f draft) error {
	if f.Reached < stepImages {
		return echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	f.Step = stepImages
	u, err := d.readFiles(c, takedown.MaxReferences-len(f.Images))
	if err != nil {
		return err
	}
	made, refused := u.sorted()
	f.Images = append(f.Images, made...)
	do := u.fields["do"]
	switch {
	case u.fields["lang"] != "":
		c.UseLanguage(u.fields["lang"])
	case strings.HasPrefix(do, "drop-"):
		f.drop(strings.TrimPrefix(do, "drop-"))
	case len(u.images) == 0 && !u.cut && u.fields["stay"] == "":
		return d.move(c, f, do)
	}
	if err := d.save(c, &f); err != nil {
		return err
	}
	if len(refused) == 0 && !u.cut {
		return c.Redirect(pathForm)
	}
	return d.showRefused(c, f, u, refused)
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

// drop takes an image out of the form again.
func (f *draft) drop(number string) {
	for n := range f.Images {
		if fmt.Sprint(n) == number {
			f.Images = slices.Delete(f.Images, n, n+1)
			return
		}
	}
}
