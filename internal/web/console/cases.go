package console

import (
	"net/http"
	"strings"
	"unicode"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// casesPage lists all cases.
type casesPage struct {
	Frame  web.Frame
	Rows   []caseRow
	Number string // as it was looked for
	Wrong  string
}

type caseRow struct {
	Href   string
	Number string
	Harm   string
	State  string
	Words  string
	Opened string
	Items  int
	Open   int
}

var casesTemplate = web.NewPage[casesPage]("console", "cases")

// cases lists all cases, the newest first.
func (d *door) cases(c *web.Ctx) error { return d.listCases(c, http.StatusOK, "", "") }

func (d *door) listCases(c *web.Ctx, status int, number, wrong string) error {
	rows, err := d.office.Cases(c.Request().Context(), c.Actor)
	if err != nil {
		return err
	}
	p := casesPage{Frame: c.Frame(), Number: number, Wrong: wrong}
	for _, r := range rows {
		p.Rows = append(p.Rows, caseRow{
			Href: "/cases/" + r.Case.ID, Number: groups(r.Case.Number.Reveal(), 3), Harm: word(c.Lang, "what", r.Case.Harm),
			State: string(r.Case.State), Words: word(c.Lang, "case_state", r.Case.State), Opened: takedown.Day(c.Lang, r.Case.CreatedAt),
			Items: r.Items, Open: r.Open,
		})
	}
	return casesTemplate.RenderStatus(c, status, p)
}

// findCase leads to the case of a number. The number is sent as a form, so that
// no address of a page holds it.
func (d *door) findCase(c *web.Ctx) error {
	digits := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, c.Value("number"))
	id, err := d.office.CaseByNumber(c.Request().Context(), c.Actor, digits)
	if takedown.KindOf(err) == takedown.NotFound {
		return d.listCases(c, http.StatusUnprocessableEntity, c.Value("number"), web.T(c.Lang, "cases.unknown"))
	}
	if err != nil {
		return err
	}
	return c.Redirect("/cases/" + id)
}
