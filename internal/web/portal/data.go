package portal

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

var (
	dataPages     = web.NewPage[dataPage]("portal", "data")
	readPages     = web.NewPage[readPage]("portal", "read")
	documentPages = web.NewPage[documentPage]("portal", "document")
	erasePages    = web.NewPage[erasePage]("portal", "erase")
	erasedPages   = web.NewPage[erasedPage]("portal", "erased")
)

type (
	// dataPage is the place of her data: read, take along, prove, erase.
	dataPage struct {
		spaceHead
		Parts []dataPart
	}

	// readPage shows one part of what is kept, some records at a time.
	readPage struct {
		spaceHead
		Part       dataPart
		Where      string // "1 to 25 of 400", "" when all are shown
		Prev, Next string // the number of the page before and after, "" for none
	}

	// documentPage is everything in one file that needs nothing beside it.
	documentPage struct {
		Lang  takedown.Lang
		Dir   string
		Made  string
		Parts []dataPart
	}

	erasePage struct {
		spaceHead
		PhraseError string
	}

	erasedPage struct {
		Frame   web.Frame
		Day, ID string
		Erased  []fact
	}
)

// recordsPerPage keeps a page of a large case light.
const recordsPerPage = 25

// Names of the files: they tell nothing.
const (
	fileHTML = "document.html"
	fileJSON = "document.json"
	filePDF  = "document.pdf"
)

func (d *door) dataPlace() place {
	acts := map[string]func(*web.Ctx) error{
		"data-html": d.takeHTML, "data-json": d.takeJSON, "proof-fr": d.proofIn(takedown.French), "proof-en": d.proofIn(takedown.English),
		"erase": d.askErase, "erase-yes": d.erase,
	}
	for _, part := range []string{partTold, partAddresses, partImages, partNotices, partTalk, partEvents} {
		acts["data-"+part] = func(c *web.Ctx) error { return d.readData(c, part) }
	}
	return place{"data", d.showData, acts}
}

func (d *door) dossier(c *web.Ctx) (takedown.Dossier, error) {
	return d.desk.Dossier(c.Request().Context(), c.Actor)
}

func (d *door) showData(c *web.Ctx) error {
	all, err := d.dossier(c)
	if err != nil {
		return err
	}
	return dataPages.Render(c, dataPage{d.headOf(c, nil), partsOf(c.Lang, all)})
}

// readData shows one part. Nothing but the button says which: to load the page
// again leads back to the list of parts.
func (d *door) readData(c *web.Ctx, name string) error {
	all, err := d.dossier(c)
	if err != nil {
		return err
	}
	parts := partsOf(c.Lang, all)
	n := slices.IndexFunc(parts, func(p dataPart) bool { return p.Name == name })
	return readPages.Render(c, cut(c.Lang, readPage{spaceHead: d.headOf(c, nil), Part: parts[n]}, c.Value("f1")))
}

// cut leaves the records of one page.
func cut(l takedown.Lang, p readPage, number string) readPage {
	all := len(p.Part.Records)
	if all <= recordsPerPage {
		return p
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || (n-1)*recordsPerPage >= all {
		n = 1
	}
	from, to := (n-1)*recordsPerPage, min(n*recordsPerPage, all)
	p.Part.Records = p.Part.Records[from:to]
	p.Where = web.T(l, "data.where", from+1, to, all)
	if n > 1 {
		p.Prev = strconv.Itoa(n - 1)
	}
	if to < all {
		p.Next = strconv.Itoa(n + 1)
	}
	return p
}

func (d *door) takeHTML(c *web.Ctx) error {
	all, err := d.dossier(c)
	if err != nil {
		return err
	}
	return documentPages.Attach(c, fileHTML, documentPage{c.Lang, web.Dir(c.Lang), moment(all.MadeAt), partsOf(c.Lang, all)})
}

func (d *door) takeJSON(c *web.Ctx) error {
	all, err := d.dossier(c)
	if err != nil {
		return err
	}
	body, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("write a dossier: %w", err)
	}
	return c.Attach(fileJSON, "application/json", body)
}

// proofIn gives the proof document in one of the two languages of the team, as she
// chose: it is for others to read.
func (d *door) proofIn(l takedown.Lang) func(*web.Ctx) error {
	return func(c *web.Ctx) error {
		if err := c.BrakeNetwork(web.LimitProof); err != nil {
			return d.spaceRefuses(c, err)
		}
		body, err := d.desk.Proof(c.Request().Context(), c.Actor, l)
		if err != nil {
			return err
		}
		return c.Attach(filePDF, "application/pdf", body)
	}
}

func (d *door) askErase(c *web.Ctx) error { return d.showErase(c, http.StatusOK, "") }

func (d *door) showErase(c *web.Ctx, status int, wrong string) error {
	var errs []web.FieldError
	if wrong != "" {
		errs = []web.FieldError{{Name: "f1", Text: wrong}}
	}
	return erasePages.RenderStatus(c, status, erasePage{d.headOf(c, errs), wrong})
}

// erase deletes everything, ends the visit and shows the receipt, which is kept
// nowhere: it is the answer itself.
func (d *door) erase(c *web.Ctx) error {
	if c.Value("f1") == "" {
		return d.showErase(c, http.StatusUnprocessableEntity, web.T(c.Lang, "enter.no_phrase"))
	}
	if err := c.BrakeNetwork(web.LimitEnter); err != nil {
		return d.eraseRefused(c, err)
	}
	done, err := d.desk.Erase(c.Request().Context(), c.Actor, takedown.NewPrivate(c.Value("f1")))
	if err != nil {
		return d.eraseRefused(c, err)
	}
	if err := c.Session.End(); err != nil {
		c.Note(err) // the row of the session went with the case
	}
	c.Actor = takedown.Actor{}
	c.ForgetTraces()
	return erasedPages.Render(c, erasedPageOf(c, done))
}

func (d *door) eraseRefused(c *web.Ctx, err error) error {
	sentence, status, ok := c.Refusal(err)
	if !ok {
		return err
	}
	return d.showErase(c, status, sentence)
}

func erasedPageOf(c *web.Ctx, e takedown.Erasure) erasedPage {
	p := erasedPage{Frame: c.Frame(), Day: web.Day(c.Lang, e.At), ID: e.ID}
	for _, row := range []struct{ table, part string }{
		{"items", "addresses"}, {"case_references", "images"}, {"observations", "looks"}, {"notices", "requests"}, {"replies", "answers"},
	} {
		p.Erased = append(p.Erased, fact{Key: web.T(c.Lang, "data.part."+row.part), Value: strconv.Itoa(e.Rows[row.table])})
	}
	return p
}
