package console

import (
	"net/http"
	"strconv"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// jobsPage is the work that gave up.
type jobsPage struct {
	Frame web.Frame
	Rows  []jobRow
}

type jobRow struct {
	ID       int64
	Kind     string
	Ref      string // our row the work was about
	Attempts int
	At       string
	Class    string // of the last failure
}

var jobsTemplate = web.NewPage[jobsPage]("console", "jobs")

func (d *door) deadJobs(c *web.Ctx) error { return d.showJobs(c, http.StatusOK) }

func (d *door) showJobs(c *web.Ctx, status int) error {
	dead, err := d.office.DeadJobs(c.Request().Context(), c.Actor)
	if err != nil {
		return err
	}
	p := jobsPage{Frame: c.Frame()}
	p.Frame.Path = "/jobs"
	for _, j := range dead {
		p.Rows = append(p.Rows, jobRow{j.ID, word(c.Lang, "job", j.Kind), j.Ref, j.Attempts, moment(c.Lang, j.At), j.ErrorClass})
	}
	return jobsTemplate.RenderStatus(c, status, p)
}

// retryJob lets work that gave up try again.
func (d *door) retryJob(c *web.Ctx) error {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return takedown.ErrNotFound
	}
	err = d.office.RetryJob(c.Request().Context(), c.Actor, id)
	if err != nil {
		return refused(c, err, func(status int) error { return d.showJobs(c, status) })
	}
	return d.done(c, "/jobs", web.T(c.Lang, "did.retry"))
}
