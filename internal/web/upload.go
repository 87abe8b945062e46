package web

import (
	"io"
	"net/http"
	"time"
)

// A body of files over a slow line may take its time, but must move: patience is
// how long it may stand still in all, and every paceBytes give a second more.
const (
	patience  = 20 * time.Second
	paceBytes = 4 << 10
)

// Slowly gives the request d from now on to be read and answered, once and for
// all its files, as long as its body keeps coming.
func (c *Ctx) Slowly(d time.Duration) { c.paced(d, patience) }

func (c *Ctx) paced(d, patience time.Duration) {
	control := http.NewResponseController(c.Response())
	end := time.Now().Add(d)                            //nolint:forbidigo // sockets know only the time of the machine
	_ = control.SetWriteDeadline(end.Add(writeTimeout)) // a server that keeps no time has none to give
	c.Request().Body = &paced{ReadCloser: c.Request().Body, control: control, end: end, left: patience}
}

// paced is a body that has to come at a pace. Only the time spent waiting for it
// counts, not what its reader does in between.
type paced struct {
	io.ReadCloser
	control *http.ResponseController
	end     time.Time
	left    time.Duration // how long it may still be waited for
}

func (p *paced) Read(b []byte) (int, error) {
	start := time.Now() //nolint:forbidigo // as above
	_ = p.control.SetReadDeadline(earlier(p.end, start.Add(p.left)))
	n, err := p.ReadCloser.Read(b)
	p.left += time.Duration(n)*time.Second/paceBytes - time.Since(start)
	if err != nil { // what reads on for the end of the connection must not end the request
		_ = p.control.SetReadDeadline(p.end)
	}
	return n, err
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
