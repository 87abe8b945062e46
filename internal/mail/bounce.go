package mail

import (
	"bufio"
	"io"
	"regexp"
	"strings"

	"github.com/emersion/go-message/textproto"
)

// maxReports bounds the blocks of a delivery report: one for the mail and one for its
// single recipient, with room for odd servers.
const maxReports = 10

// Bounce is what a delivery report (RFC 3464) says. Anybody can write one: it suggests,
// and a person or a second look decides.
type Bounce struct {
	Status            string // enhanced code such as 5.1.1 (RFC 3463)
	Permanent         bool   // it will not be delivered
	OriginalMessageID string // of the mail that did not arrive
}

var statusCode = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}`)

// readStatus reads the machine part of a report. Reports of success are no bounce.
func (w *walker) readStatus(body io.Reader) {
	limited := bufio.NewReader(io.LimitReader(body, maxHeader))
	for range maxReports {
		block, err := textproto.ReadHeader(limited)
		action := strings.ToLower(strings.TrimSpace(block.Get("Action")))
		if action == "failed" || action == "delayed" {
			w.bounce = &Bounce{
				Status:    statusCode.FindString(strings.TrimSpace(block.Get("Status"))),
				Permanent: action == "failed",
			}
			return
		}
		if err != nil {
			return
		}
	}
}

// readOriginal takes the Message-ID from the returned mail or its header.
func (w *walker) readOriginal(body io.Reader) {
	limited := bufio.NewReader(io.LimitReader(body, maxHeader))
	// A returned header may be cut; what was read of it still counts.
	header, _ := textproto.ReadHeader(limited)
	w.original = firstID(header.Get("Message-Id"))
}
