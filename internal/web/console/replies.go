package console

import (
	"net/http"
	"slices"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// replyRow is an answer as it is shown: its words as text, whatever they hold.
type replyRow struct {
	ID         string
	From       string
	Subject    string
	Text       string
	At         string
	State      string
	Words      string
	New        bool
	Late       bool   // nothing it answers waits any more
	Whole      string // the page of the whole text, when this is its beginning
	Suggestion string // what it seems to say, in words, "" for nothing
	Reference  string
	Moves      []option
}

// replyRowOf puts an answer into words, with the moves a person may apply; what
// it suggests is chosen beforehand, and nothing when it suggests nothing.
func replyRowOf(l takedown.Lang, r takedown.Reply) replyRow {
	row := replyRow{
		ID: r.ID, From: shown(r.From.Reveal()), Subject: shown(r.Subject.Reveal()), Text: shown(r.Text.Reveal()), At: moment(l, r.ReceivedAt),
		State: string(r.State), Words: word(l, "reply", r.State), New: r.State == takedown.ReplyNew, Reference: shown(r.Reference),
	}
	if r.Suggestion != "" {
		row.Suggestion = word(l, "move", r.Suggestion)
	}
	// An answer that says "removed" is believed by looking.
	for _, m := range append([]takedown.RequestMove{takedown.MoveConfirm}, takedown.Applicable()...) {
		row.Moves = append(row.Moves, option{string(m), word(l, "move", m), m == r.Suggestion})
	}
	if !slices.ContainsFunc(row.Moves, func(o option) bool { return o.Checked }) {
		row.Moves = append([]option{{Text: web.T(l, "reply.choose")}}, row.Moves...)
	}
	return row
}

var errNoMove = takedown.Refuse(takedown.Invalid, "reply.no_move")

// settleReply records what a person made of an answer.
func (d *door) settleReply(c *web.Ctx) error {
	ctx, reply, move := c.Request().Context(), c.Param("reply"), takedown.RequestMove(c.Value("move"))
	if c.Value("do") == "dismiss" {
		return d.onNotice(c, "did.dismiss", func(string) error { return d.office.DismissReply(ctx, c.Actor, reply) })
	}
	if move == takedown.MoveConfirm {
		return d.onNotice(c, "did.reply_look", func(string) error { return d.office.ApplyReply(ctx, c.Actor, reply, move) })
	}
	err := errNoMove
	if slices.Contains(takedown.Applicable(), move) {
		err = d.office.ApplyReply(ctx, c.Actor, reply, move)
	}
	if err != nil {
		return refused(c, err, func(status int) error { return d.showThread(c, status) })
	}
	said, err := d.recorded(c, move)
	if err != nil {
		return err
	}
	return d.done(c, "/notices/"+c.Param("id"), said)
}

// recorded says what an answer was recorded as, and what follows from it.
func (d *door) recorded(c *web.Ctx, move takedown.RequestMove) (string, error) {
	ctx := c.Request().Context()
	said := web.T(c.Lang, "did.reply."+string(move))
	if to, err := takedown.RequestSent.After(move); err != nil || !to.Failed() {
		return said, nil
	}
	thread, err := d.office.NoticeView(ctx, c.Actor, c.Param("id"))
	if err != nil {
		return "", err
	}
	for _, n := range thread {
		v, err := d.office.CaseView(ctx, c.Actor, n.CaseID)
		if err != nil {
			return "", err
		}
		if next := follows(c.Lang, v, n); next != "" {
			return said + " " + next, nil
		}
	}
	return said, nil
}

// The tray is open to every sender of the world: a page of it stays small.
const (
	repliesPerPage = 50
	replySigns     = 1000 // of the text
	headSigns      = 200  // of sender and subject
)

// trayPage is the answers that belong to no notice.
type trayPage struct {
	Frame web.Frame
	Rows  []replyRow
	Where string
	Prev  string
	Next  string
}

// answerPage is the whole of one of them.
type answerPage struct {
	Frame web.Frame
	Reply replyRow
}

var (
	trayTemplate   = web.NewPage[trayPage]("console", "tray")
	answerTemplate = web.NewPage[answerPage]("console", "answer")
)

func (d *door) tray(c *web.Ctx) error { return d.showTray(c, http.StatusOK) }

func (d *door) showTray(c *web.Ctx, status int) error {
	replies, err := d.office.Tray(c.Request().Context(), c.Actor)
	if err != nil {
		return err
	}
	p := trayPage{Frame: c.Frame()}
	p.Frame.Path = "/tray"
	page := pageOf(c.Lang, list{len(replies), repliesPerPage}, filterOf(c.QueryParam).Page, func(n int) string { return "/tray" + filter{Page: n}.query() })
	p.Where, p.Prev, p.Next = page.where, page.prev, page.next
	for _, r := range replies[page.from:page.to] {
		row := replyRowOf(c.Lang, r)
		row.shorten()
		p.Rows = append(p.Rows, row)
	}
	return trayTemplate.RenderStatus(c, status, p)
}

// shorten leaves the beginning of an answer, and the way to the whole of it.
func (r *replyRow) shorten() {
	whole := *r
	r.From, r.Subject, r.Text = cut(r.From, headSigns), cut(r.Subject, headSigns), cut(r.Text, replySigns)
	if r.From != whole.From || r.Subject != whole.Subject || r.Text != whole.Text {
		r.Whole = "/answers/" + r.ID
	}
}

// answer shows the whole of an answer of the tray. ErrNotFound for one that is
// not there, or no more.
func (d *door) answer(c *web.Ctx) error {
	replies, err := d.office.Tray(c.Request().Context(), c.Actor)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(replies, func(r takedown.Reply) bool { return r.ID == c.Param("reply") })
	if at < 0 {
		return takedown.ErrNotFound
	}
	return answerTemplate.Render(c, answerPage{c.Frame(), replyRowOf(c.Lang, replies[at])})
}

// dismissFromTray puts an answer away that belongs to no notice.
func (d *door) dismissFromTray(c *web.Ctx) error {
	if err := d.office.DismissReply(c.Request().Context(), c.Actor, c.Param("reply")); err != nil {
		return refused(c, err, func(status int) error { return d.showTray(c, status) })
	}
	return d.done(c, "/tray", web.T(c.Lang, "did.dismiss"))
}
