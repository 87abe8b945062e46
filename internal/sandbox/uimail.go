package sandbox

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"reprise/internal/mailbox"
)

// bounced is the answer that is none: the address does not exist.
const bounced = "bounce"

// presets are the answers that a person can give for a platform with one click.
var presets = []string{"acknowledged", "removed", "refused", "more", bounced}

// mailPage lists what was sent.
type mailPage struct {
	frame
	Mails []mailRow
}

type mailRow struct {
	mailbox.Mail
	For      string // whom it is for, without the copy to ourselves
	Operator string // name of the operator, "" for a person
}

func (u *ui) mail(w http.ResponseWriter, r *http.Request) {
	p := mailPage{frame: u.frame(r, "mail")}
	for _, m := range slices.Backward(u.sandbox.post.Mails()) {
		p.Mails = append(p.Mails, u.mailRow(m))
	}
	u.write(w, "mail", p)
}

func (u *ui) mailRow(m mailbox.Mail) mailRow {
	row := mailRow{Mail: m}
	for _, to := range m.To {
		if !strings.HasSuffix(to, "@"+u.sandbox.options.Domain) && row.For == "" {
			row.For = to
		}
		for _, o := range operators {
			if o.email() == to {
				row.Operator = o.Name
			}
		}
	}
	if row.For == "" && len(m.To) > 0 {
		row.For = m.To[0]
	}
	return row
}

// letterPage is one mail, and the ways to answer it.
type letterPage struct {
	frame
	mailRow
	Header, Text string
	Presets      []string
}

func (u *ui) letter(w http.ResponseWriter, r *http.Request) {
	m, ok := u.sent(r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	header, body, _ := bytes.Cut(m.Raw, []byte("\r\n\r\n"))
	p := letterPage{frame: u.frame(r, "mail"), mailRow: u.mailRow(m), Header: string(header), Text: m.Body, Presets: presets}
	if p.Text == "" {
		p.Text = string(body)
	}
	u.write(w, "letter", p)
}

func (u *ui) sent(id string) (mailbox.Mail, bool) {
	mails := u.sandbox.post.Mails()
	i := slices.IndexFunc(mails, func(m mailbox.Mail) bool { return m.ID == id })
	if i < 0 {
		return mailbox.Mail{}, false
	}
	return mails[i], true
}

// answer gives an answer in the platform's name: a preset, or the text of the form.
func (u *ui) answer(w http.ResponseWriter, r *http.Request) {
	m, ok := u.sent(r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	preset, text := r.PostFormValue("preset"), strings.TrimSpace(r.PostFormValue("text"))
	row := u.mailRow(m)
	if slices.Contains(presets, preset) {
		text = u.say(u.langFor(row), "answer."+preset)
	}
	var err error
	switch {
	case preset == bounced:
		err = u.sandbox.post.Bounce(m, "5.1.1")
	case text == "":
		back(w, r, "empty")
		return
	default:
		err = u.sandbox.post.Answer(m, row.For, text)
	}
	if err != nil {
		failed(w, err)
		return
	}
	back(w, r, "answer")
}

// langFor is the language of the operator that a mail went to.
func (u *ui) langFor(row mailRow) string {
	for _, o := range operators {
		if o.email() == row.For {
			return o.Lang
		}
	}
	return langs[0]
}

// formPage is the web form of a search engine.
type formPage struct {
	frame
	Engine, Name, Reference string
}

func (u *ui) form(w http.ResponseWriter, r *http.Request) {
	if p, ok := u.formPage(r); ok {
		u.write(w, "form", p)
		return
	}
	http.NotFound(w, r)
}

func (u *ui) formPage(r *http.Request) (formPage, bool) {
	for _, o := range operators {
		if o.ID == r.PathValue("engine") && o.Parallel {
			return formPage{frame: u.frame(r, "form"), Engine: o.ID, Name: o.Name}, true
		}
	}
	return formPage{}, false
}

func (u *ui) sendForm(w http.ResponseWriter, r *http.Request) {
	p, ok := u.formPage(r)
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.PostFormValue("addresses") == "" {
		back(w, r, "empty")
		return
	}
	reference, err := u.sandbox.delist(p.Engine, r.PostFormValue("addresses"))
	if err != nil {
		failed(w, err)
		return
	}
	p.Reference = reference
	u.write(w, "form", p)
}
