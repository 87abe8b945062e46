package portal

import (
	"strconv"
	"strings"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

type (
	// accessPage says how far everyone can use the portal, and how that was checked.
	accessPage struct {
		Frame    web.Frame
		Counts   []count
		Checks   []string
		Themes   []theme
		Mail     string
		InFrance bool
	}

	// theme is the criteria of RGAA on one subject.
	theme struct {
		Title, Many string
		Criteria    []criterion
	}

	criterion struct {
		ID, Title, State, Words, By, Why string
		Lang                             takedown.Lang // of the title
	}
)

// access shows the statement of accessibility. It is asked for by a form, so that
// no address tells of it.
func (d *door) access(c *web.Ctx) error {
	c.SwitchLanguage()
	return accessPages.Render(c, d.accessPageOf(c))
}

func (d *door) accessPageOf(c *web.Ctx) accessPage {
	l := c.Lang
	p := accessPage{Frame: formFrame(c), Mail: d.words.Mail, InFrance: d.words.Country == "FR"}
	n, checks := map[string]int{}, map[string]bool{}
	for _, g := range d.words.Grid {
		n[g.State]++
		if g.By != "" && !checks[g.By] {
			checks[g.By] = true
			p.Checks = append(p.Checks, web.T(l, "access.by."+g.By))
		}
		subject, _, _ := strings.Cut(g.ID, ".")
		title := web.T(l, "access.theme."+subject)
		if at := len(p.Themes); at == 0 || p.Themes[at-1].Title != title {
			p.Themes = append(p.Themes, theme{Title: title})
		}
		last := &p.Themes[len(p.Themes)-1]
		last.Criteria = append(last.Criteria, criterionOf(l, g))
		last.Many = web.Count(l, "access.count", len(last.Criteria))
	}
	for _, state := range takedown.CriterionStates() {
		if n[state] > 0 {
			p.Counts = append(p.Counts, count{strconv.Itoa(n[state]), web.T(l, "access."+state)})
		}
	}
	return p
}

func criterionOf(l takedown.Lang, g takedown.Criterion) criterion {
	out := criterion{ID: g.ID, Title: g.Title.In(l), State: g.State, Words: web.T(l, "access."+g.State), Lang: l}
	if g.Title[l] == "" {
		out.Lang = takedown.English
	}
	if g.By != "" {
		out.By = web.T(l, "access.by."+g.By)
	}
	if g.State == takedown.CriterionNot {
		out.Why = web.T(l, "access.why."+g.ID)
	}
	return out
}
