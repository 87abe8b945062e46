package portal

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"reprise/internal/takedown"
	"reprise/internal/textfile"
	"reprise/internal/web"
)

// upload is a body of files as it was read: the other fields, and an image for
// each file.
type upload struct {
	door    *door
	ctx     *web.Ctx
	fields  map[string]string
	images  []image
	label   *string // of the fingerprint that comes next
	room    int     // how many images the case still takes
	parts   int     // how many were read
	cut     bool    // there were more than are read
	shut    bool    // it is not yet the time for images
	away    bool    // the database is: nothing will be kept
	box     bool    // the text of a box of addresses was there
	listed  bool    // the field of a file of addresses was there
	files   bool    // there were files
	refused error   // why a file of addresses was not read
}

// maxParts is how many parts of a body are read, beside labels: an image each for
// a whole case, and the fields of the form.
const maxParts = takedown.MaxReferences + 6

// The bytes of a part beside the files: a field, and a fingerprint as text.
const (
	maxField       = 1024
	maxFingerprint = 96 << 10
)

// readFiles reads the body as a stream: one image at a time is in memory, none
// is ever on a disk, and each is forgotten when its hashes are made.
func (d *door) readFiles(c *web.Ctx, room int, shut bool) (*upload, error) {
	return (&upload{door: d, ctx: c, fields: map[string]string{}, room: room, shut: shut}).read()
}

// listAgain reads the form of addresses, if it was sent with its file, while the
// database is away: who sent it cannot be told, and nothing is changed. Images are
// not shown again.
func (d *door) listAgain(c *web.Ctx) error {
	if !c.Uploading() || c.Request().PostForm != nil {
		return nil
	}
	u, err := (&upload{door: d, ctx: c, fields: map[string]string{}, shut: true, away: true}).read()
	if err != nil || !u.lists() {
		return echo.NewHTTPError(http.StatusServiceUnavailable)
	}
	c.Request().PostForm = u.form()
	return nil
}

func (u *upload) read() (*upload, error) {
	c := u.ctx
	c.Slowly(fileTime)
	heads := &bounded{ReadCloser: c.Request().Body}
	c.Request().Body = heads
	body, err := c.Request().MultipartReader()
	if err != nil {
		return nil, echo.NewHTTPError(http.StatusBadRequest)
	}
	for {
		heads.begin()
		part, err := body.NextPart()
		heads.end()
		if errors.Is(err, io.EOF) {
			return u, u.allowed()
		}
		if u.parts++; err == nil && u.parts > maxParts {
			return u, u.stop()
		}
		if err == nil {
			err = u.part(part)
		}
		if err == nil { // what is left of a file that is too large is no head of the next
			_, err = io.Copy(io.Discard, part)
		}
		if err != nil {
			return nil, unreadable(err)
		}
	}
}

// maxHead is how many bytes the head of a part may have, the name of a file among
// them. Where parts are read as they come, each may take ten megabytes for it.
const maxHead = 64 << 10

// bounded is a body of which the heads of the parts are bounded.
type bounded struct {
	io.ReadCloser
	inHead bool
	left   int
}

func (b *bounded) begin() { b.inHead, b.left = true, maxHead }
func (b *bounded) end()   { b.inHead = false }

// Read reads on, unless it is a head that has no end (io.Reader).
func (b *bounded) Read(p []byte) (int, error) {
	if !b.inHead {
		return b.ReadCloser.Read(p)
	}
	if b.left <= 0 {
		return 0, echo.NewHTTPError(http.StatusBadRequest)
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= n
	return n, err
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
	switch {
	case name == "f1" && !isFile(p) && u.box, name == "f2" && u.listed: // their text would grow without a bound
		return echo.NewHTTPError(http.StatusBadRequest)
	case name == "f1" && !isFile(p):
		u.box = true
		text, err := readText(p, maxForm)
		u.fields[name] = text
		return err
	case name == "f2" && isFile(p):
		u.listed = true
		return u.list(p)
	case (name == "f1" || name == "f4") && u.shut:
		return echo.NewHTTPError(http.StatusUnsupportedMediaType)
	case name == "f1":
		return u.file(p)
	case name == "f4" && p.FileName() == "":
		return u.fingerprint(p)
	case name == "f5" && p.FileName() == "":
		return u.name(p)
	}
	_, twice := u.fields[name]
	if twice || !slices.Contains([]string{"c", "do", "p", "lang", "stay", "f6"}, name) || p.FileName() != "" {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	value, err := readText(p, maxField)
	u.fields[name] = value
	return err
}

// readText reads a part that is no file.
func readText(p *multipart.Part, most int) (string, error) {
	value, err := io.ReadAll(io.LimitReader(p, int64(most)+1))
	if err == nil && (len(value) > most || broken(string(value))) {
		return "", echo.NewHTTPError(http.StatusBadRequest)
	}
	return string(value), err
}

// broken tells whether a value is no text that both databases keep alike.
func broken(v string) bool { return !utf8.ValidString(v) || strings.ContainsRune(v, 0) }

// allowed checks the token, which stands before the files.
func (u *upload) allowed() error {
	if u.away {
		return nil
	}
	return u.ctx.CheckToken(u.fields["c"])
}

// lists tells whether the body is the form of addresses: there f1 is the box.
func (u *upload) lists() bool { return u.box }

// isFile tells whether a part is that of a field of files, be it left empty.
func isFile(p *multipart.Part) bool {
	_, params, err := mime.ParseMediaType(p.Header.Get(echo.HeaderContentDisposition))
	_, named := params["filename"]
	return err == nil && named
}

// list reads a file of addresses into the box, below what stands there.
func (u *upload) list(p *multipart.Part) error {
	if err := u.allowed(); err != nil {
		return err
	}
	body, err := io.ReadAll(io.LimitReader(p, takedown.MaxPaste+1))
	if err != nil || len(body) == 0 { // a field left empty is sent as a file without a name
		return err
	}
	u.files = true
	text, err := textOf(body)
	if err != nil {
		u.refused = err
		return nil
	}
	u.fields["f1"] = join(u.fields["f1"], text)
	return nil
}

// form gives the fields as those of a form without files.
func (u *upload) form() url.Values {
	out := url.Values{}
	for name, value := range u.fields {
		out.Set(name, value)
	}
	return out
}

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
	u.files = true
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

// fingerprint takes what the person's own device made of an image: the letter of
// its kind, and its bytes in the base64 of addresses.
func (u *upload) fingerprint(p *multipart.Part) error {
	if err := u.allowed(); err != nil {
		return err
	}
	text, err := readText(p, maxFingerprint)
	if err != nil {
		return err
	}
	made := image{Here: true, sent: text}
	if u.label != nil {
		made.Label, u.label = *u.label, nil
	}
	if u.room == 0 {
		made.Problem = "error.too_many_images"
	} else {
		given, err := u.reference(text)
		u.take(&made, given, err)
	}
	u.images = append(u.images, made)
	return nil
}

// name reads what the person calls the image whose fingerprint comes next.
func (u *upload) name(p *multipart.Part) error {
	text, err := readText(p, maxField)
	if err == nil && u.label != nil {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	label := plainLabel(text)
	u.label = &label
	u.parts--
	return err
}

func (u *upload) reference(text string) (takedown.GivenReference, error) {
	kinds := map[string]takedown.ReferenceKind{"p": takedown.ReferenceImage, "v": takedown.ReferenceClip}
	kind, known := kinds[text[:min(1, len(text))]]
	if !known {
		return takedown.GivenReference{}, errSignature
	}
	first, second, _ := strings.Cut(text[1:], ".")
	packed, err := base64.RawURLEncoding.DecodeString(first)
	points, err2 := base64.RawURLEncoding.DecodeString(second)
	if err != nil || err2 != nil {
		return takedown.GivenReference{}, errSignature
	}
	if !u.marks() || len(points) == 0 {
		points = nil
	}
	return u.door.desk.ReadReference(kind, packed, points)
}

// marks tells whether she said that local features may be kept. The question
// stands before the images.
func (u *upload) marks() bool { return u.fields["f6"] == "yes" }

var errSignature = takedown.Refuse(takedown.Invalid, "error.image.signature")

func (u *upload) hash(made *image, body []byte) {
	given, err := u.door.desk.HashImage(u.ctx.Request().Context(), body, u.marks())
	u.take(made, given, err)
}

// take notes what became of an image: its hashes, or why there are none.
func (u *upload) take(made *image, given takedown.GivenReference, err error) {
	var refused *takedown.Error
	switch {
	case err == nil:
		made.Signature, made.Quality = given.Signature, given.Quality
		made.Kind, made.Points = given.Kind, given.Points
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

// plainLabel gives what the person calls an image: some letters in one line.
func plainLabel(label string) string {
	label = strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, label))
	if r := []rune(label); len(r) > maxLabel {
		label = string(r[:maxLabel])
	}
	return label
}

// maxLabel is how many letters a label may have.
const maxLabel = 60

// textOf reads a file of addresses. Where it cannot, the text in the box stays.
func textOf(body []byte) (string, error) {
	if len(body) > takedown.MaxPaste {
		return "", takedown.Refuse(takedown.Invalid, "error.list.too_long")
	}
	text, err := textfile.Read(body)
	if err != nil {
		return "", takedown.Refuse(takedown.Invalid, "error.list.no_text")
	}
	return text, nil
}
