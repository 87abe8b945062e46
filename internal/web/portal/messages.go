package portal

import (
	"crypto/rand"
	"net/http"
	"strings"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

var messagePages = web.NewPage[messagePage]("portal", "messages")

type (
	// messagePage is what she and the team say to each other.
	messagePage struct {
		spaceHead
		Thread    []said
		Questions []question
		Key       string // of the form: one form sends one message
		Text      string
		Error     string
	}

	said struct {
		Own             bool
		Who, When, Text string
	}

	// question is one of the team with its ready answers.
	question struct {
		ID, Text, About string
		Words           string // of whoever asks
		Answers         []option
	}
)

// showMessages shows the thread, the newest at its end, and the form for more.
func (d *door) showMessages(c *web.Ctx) error {
	return d.thread(c, http.StatusOK, messagePage{Key: rand.Text()})
}

func (d *door) thread(c *web.Ctx, status int, page messagePage, errs ...web.FieldError) error {
	p, err := d.desk.Progress(c.Request().Context(), c.Actor)
	if err != nil {
		return err
	}
	page.spaceHead, page.Questions = d.headOf(c, errs), questionsOf(c.Lang, p, true)
	for _, m := range p.Messages {
		who := "messages.you"
		if m.FromTeam {
			who = "messages.team"
		}
		page.Thread = append(page.Thread, said{!m.FromTeam, web.T(c.Lang, who), web.Day(c.Lang, m.SentAt), m.Text.Reveal()})
	}
	return messagePages.RenderStatus(c, status, page)
}

// say sends a message. One that is refused stays in the box.
func (d *door) say(c *web.Ctx) error {
	text, key := strings.ReplaceAll(c.Value("f1"), "\r\n", "\n"), c.Value("f2")
	if key == "" {
		return d.goTo(c, "messages")
	}
	err := d.desk.Say(c.Request().Context(), c.Actor, key, text)
	if err == nil {
		return d.told(c, web.T(c.Lang, "messages.sent"))
	}
	sentence, status, ok := c.Refusal(err)
	if !ok {
		return err
	}
	return d.thread(c, status, messagePage{Key: key, Text: text, Error: sentence}, web.FieldError{Name: "f1", Text: sentence})
}

// answer takes one tap on a question, from whichever page it was shown on.
func (d *door) answer(c *web.Ctx) error {
	id, tapped, _ := strings.Cut(argument(c), ":")
	answer, image, _ := strings.Cut(tapped, ":")
	given := takedown.AnswerGiven{Answer: takedown.Answer(answer), ReferenceID: image}
	if err := d.desk.Answer(c.Request().Context(), c.Actor, id, given); err != nil {
		return d.spaceRefuses(c, err)
	}
	return d.told(c, web.T(c.Lang, "question.thanks"))
}

// questionsOf lists the open questions and, if wanted, those whose answer may
// still be changed.
func questionsOf(l takedown.Lang, p takedown.Progress, answered bool) []question {
	masked := map[string]string{}
	for _, i := range p.Items {
		masked[i.ID] = i.Masked
	}
	var out []question
	for _, q := range p.Questions {
		if !q.Open() && (!answered || !q.Waits()) {
			continue
		}
		row := question{ID: q.ID, Text: web.T(l, "question."+string(q.Kind)), About: masked[q.ItemID], Words: q.Words.Reveal()}
		for _, a := range q.Kind.Answers() {
			value := "answer:" + q.ID + ":" + string(a)
			if a == takedown.AnswerImage {
				row.Answers = append(row.Answers, imageAnswers(l, value, q.ReferenceID, p.Images)...)
				continue
			}
			row.Answers = append(row.Answers, option{Value: value, Text: web.T(l, "answer."+string(a)), Checked: q.Answer == a})
		}
		out = append(out, row)
	}
	return out
}

// imageAnswers gives one answer for each of her images, by its name alone.
func imageAnswers(l takedown.Lang, value, named string, images []takedown.OwnImage) []option {
	var out []option
	for n, i := range images {
		out = append(out, option{Value: value + ":" + i.ID, Text: ownName(l, i.Label.Reveal(), n+1), Checked: i.ID == named})
	}
	return out
}

// ownName is what an image is called: as she calls it, or by its number.
func ownName(l takedown.Lang, label string, number int) string {
	if label == "" {
		return web.T(l, "device.image", number)
	}
	return label
}
