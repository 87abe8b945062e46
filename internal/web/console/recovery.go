package console

import (
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"reprise/internal/casework"
	"reprise/internal/takedown"
	"reprise/internal/web"
)

// renewal is what two of the team have to know before they agree to another phrase
// in the place of a lost one.
type renewal struct {
	Facts  []fact
	Agreed bool // one has agreed
	Mine   bool // that one is who looks: another has to
	May    bool
}

// renewalOf gives it of a case, nil where nothing waits.
func (d *door) renewalOf(c *web.Ctx, v casework.CaseView) *renewal {
	l, r := c.Lang, v.Recovery
	if !r.Open(d.now()) {
		return nil
	}
	out := &renewal{
		Agreed: r.FirstBy != "", Mine: r.FirstBy == c.Actor.ID || r.State == takedown.RecoveryApproved, May: c.Actor.May(takedown.MayRenewPhrase),
	}
	add := func(key, value string) {
		out.Facts = append(out.Facts, fact{Key: web.T(l, "renewal."+key), Value: value})
	}
	add("asked", takedown.Day(l, r.AskedAt))
	add("ripe", takedown.Day(l, r.RipeAt()))
	agreed := "renewal.nobody"
	switch {
	case r.State == takedown.RecoveryApproved:
		agreed = "renewal.both"
	case out.Mine:
		agreed = "renewal.you"
	case out.Agreed:
		agreed = "renewal.one"
	}
	add("agreed", web.T(l, agreed))
	add("answers", takedown.Day(l, v.Case.AnswersAt))
	visits := web.T(l, "renewal.never")
	if len(v.Visits) > 0 {
		days := make([]string, 0, len(v.Visits))
		for _, visit := range v.Visits[:min(3, len(v.Visits))] {
			days = append(days, takedown.Day(l, visit.Day))
		}
		visits = strings.Join(days, " · ")
	}
	add("visits", visits)
	return out
}

// decideRecovery agrees to another phrase, or refuses it.
func (d *door) decideRecovery(c *web.Ctx) error {
	id, do, did := c.Param("id"), d.office.ApproveRecovery, "did.renewal.agree"
	switch c.Value("do") {
	case "agree":
	case "refuse":
		do, did = d.office.RefuseRecovery, "did.renewal.refuse"
	default:
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	if err := do(c.Request().Context(), c.Actor, id); err != nil {
		return refused(c, err, func(status int) error { return d.showTalk(c, status, rand.Text(), "") })
	}
	return d.done(c, "/cases/"+id+"/talk", web.T(c.Lang, did))
}
