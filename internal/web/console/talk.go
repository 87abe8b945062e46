package console

import (
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"
	"time"

	"reprise/internal/casework"
	"reprise/internal/takedown"
	"reprise/internal/web"
)

// talkPage is what the team and the person of a case say to each other.
type talkPage struct {
	Frame     web.Frame
	Head      caseHead
	Thread    []saidRow
	Questions []questionRow
	Reach     []fact // how she wants to be reached by hand
	Kinds     []option
	Unread    bool
	MayWrite  bool
	Renewal   *renewal
	Key       string // of the form: one form sends one message
	Until     int64  // when the page was made, in microseconds: what came later is not read by it
	Text      string // of a message that was refused
	Position  string // of a question that was refused
	Words     string // likewise
}

type saidRow struct {
	Own             bool
	Who, When, Text string
}

type questionRow struct {
	Asked, Text, About, Words, Answer string
	NotHer                            notHer
}

// notHer offers to close an item of which its person says that it is not her.
type notHer struct {
	Case     string // "": there is nothing to offer
	Position int
	Reason   takedown.Closing
	Why      string // the reason in words
}

// notHerOf offers it for an open item of which she says so. Nothing is closed by her
// word alone: a tap may have slipped.
func notHerOf(c *web.Ctx, i takedown.Item, denied bool) notHer {
	if !denied || !i.Open() || !c.Actor.May(takedown.MayClose) {
		return notHer{}
	}
	return notHer{i.CaseID, i.Position, takedown.ClosedNotPerson, takedown.ClosedNotPerson.Label().In(c.Lang)}
}

var talkTemplate = web.NewPage[talkPage]("console", "talk")

// unread counts what the person wrote and answered that nobody has read.
func unread(v casework.CaseView) int {
	n := 0
	for _, m := range v.Messages {
		if !m.FromTeam && m.ReadAt.IsZero() {
			n++
		}
	}
	for _, q := range v.Questions {
		if q.Waits() {
			n++
		}
	}
	return n
}

func (d *door) talk(c *web.Ctx) error { return d.showTalk(c, http.StatusOK, rand.Text(), "") }

func (d *door) showTalk(c *web.Ctx, status int, key, text string) error {
	v, err := d.caseView(c)
	if err != nil {
		return err
	}
	l := c.Lang
	p := talkPage{
		Frame: c.Frame(), Head: d.head(c, v, "talk"), Unread: unread(v) > 0, MayWrite: c.Actor.May(takedown.MayWrite), Key: key, Text: text,
		Position: c.Value("position"), Words: c.Value("words"),
		Until: d.now().UnixMicro(),
	}
	p.Renewal = d.renewalOf(c, v)
	p.Reach = reachOf(l, v.Case.Contact.Wishes)
	for _, m := range v.Messages {
		who := web.T(l, "talk.person")
		if m.FromTeam {
			who = web.T(l, "talk.team")
		}
		p.Thread = append(p.Thread, saidRow{m.FromTeam, who, takedown.Day(l, m.SentAt), m.Text.Reveal()})
	}
	items, denied := map[string]takedown.Item{}, takedown.Denied(v.Questions)
	for _, i := range v.Items {
		items[i.Item.ID] = i.Item
	}
	for _, q := range v.Questions {
		row := questionRow{Asked: takedown.Day(l, q.AskedAt), Text: word(l, "question", q.Kind), Words: q.Words.Reveal(), Answer: web.T(l, "talk.answer.none")}
		if i, known := items[q.ItemID]; known {
			row.About, row.NotHer = web.T(l, "talk.address", i.Position), notHerOf(c, i, denied[i.ID].ID == q.ID)
		}
		if !q.Open() {
			row.Answer = answerOf(l, q, v.ImageOf)
		}
		p.Questions = append(p.Questions, row)
	}
	for _, k := range takedown.QuestionKinds() {
		p.Kinds = append(p.Kinds, option{Value: string(k), Text: word(l, "question", k), Checked: string(k) == c.Value("kind")})
	}
	return talkTemplate.RenderStatus(c, status, p)
}

// answerOf says what the person answered; an image she named has the number it has
// beside its matches.
func answerOf(l takedown.Lang, q takedown.Question, imageOf map[string]int) string {
	if n := imageOf[q.ReferenceID]; n > 0 {
		return web.T(l, "match.image", n)
	}
	return word(l, "answer", q.Answer)
}

// reachOf lists what she said of how to reach her; what she left empty is not there.
func reachOf(l takedown.Lang, w takedown.Wishes) (out []fact) {
	add := func(key, value string) {
		if value != "" {
			out = append(out, fact{Key: web.T(l, "reach."+key), Value: value})
		}
	}
	add("other", w.Other)
	if w.Other != "" {
		add("leave", web.T(l, map[bool]string{true: "reach.yes", false: "reach.no"}[w.Leave]))
	}
	add("word", w.CodeWord)
	if w.Reads != takedown.ReadersUnsaid {
		add("reads", web.T(l, "reach.reads."+string(w.Reads)))
	}
	return out
}

// write sends a message to the person.
func (d *door) write(c *web.Ctx) error {
	id := c.Param("id")
	err := d.office.Write(c.Request().Context(), c.Actor, takedown.Message{
		CaseID: id, FormKey: c.Value("key"), Text: takedown.NewPrivate(c.Value("text")),
	})
	if err != nil {
		return refused(c, err, func(status int) error { return d.showTalk(c, status, c.Value("key"), c.Value("text")) })
	}
	return d.done(c, "/cases/"+id+"/talk", web.T(c.Lang, "did.write"))
}

// ask puts a question with ready answers to the person.
func (d *door) ask(c *web.Ctx) error {
	id, position := c.Param("id"), 0
	if text := c.Value("position"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			n = -1 // no address has it
		}
		position = n
	}
	err := d.office.Ask(c.Request().Context(), c.Actor, takedown.Question{
		CaseID: id, Kind: takedown.QuestionKind(c.Value("kind")), Words: takedown.NewPrivate(strings.TrimSpace(c.Value("words"))),
	}, position)
	if err != nil {
		return refused(c, err, func(status int) error { return d.showTalk(c, status, rand.Text(), "") })
	}
	return d.done(c, "/cases/"+id+"/talk", web.T(c.Lang, "did.ask"))
}

// readTalk notes that all of it has been read.
func (d *door) readTalk(c *web.Ctx) error {
	id := c.Param("id")
	until, err := strconv.ParseInt(c.Value("until"), 10, 64)
	if err != nil {
		return c.Redirect("/cases/" + id + "/talk")
	}
	if err := d.office.ReadTalk(c.Request().Context(), c.Actor, id, time.UnixMicro(until).UTC()); err != nil {
		return err
	}
	return d.done(c, "/cases/"+id+"/talk", web.T(c.Lang, "did.read"))
}
