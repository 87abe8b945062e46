package mail

import (
	"fmt"
	"io/fs"
	"strings"
	"text/template"

	"reprise/internal/takedown"
	"reprise/templates"
)

// texts holds the mails, parsed once. They are plain text: nothing is escaped,
// and nothing of them is ever shown as HTML.
var texts = parseTexts()

func parseTexts() map[string]*template.Template {
	out := map[string]*template.Template{}
	files, err := fs.Glob(templates.FS, "mail/*.*.txt")
	if err != nil {
		panic(err)
	}
	for _, file := range files {
		t := template.New(file).Option("missingkey=error")
		out[file] = template.Must(t.ParseFS(templates.FS, file))
	}
	return out
}

// Compose writes the exact text of a notice. It can say nothing but the facts
// it is given, and those have no field for the person.
func Compose(kind takedown.NoticeKind, lang takedown.Lang, facts takedown.NoticeFacts) (subject, body string, err error) {
	view := struct {
		Facts    takedown.NoticeFacts
		Reminder bool
		Flagger  string
		Date     string
	}{facts, kind == takedown.Reminder, "", takedown.Day(lang, facts.Date.UTC())}
	if facts.Ground.ID == takedown.GroundDSA22 {
		view.Flagger = facts.Notifier.FlaggerNumber
	}
	return render("notice", lang, view)
}

// ComposeUpdate writes the mail that says nothing: that there is news, and not
// about what, from whom or where. stop says that a STOP that comes back is read.
func ComposeUpdate(lang takedown.Lang, stop bool) (subject, body string, err error) {
	return render("update", lang, struct{ Stop bool }{stop})
}

// ComposeCode writes the mail that brings a code, and tells nothing of what it
// opens. long says that it can be used for a day instead of half an hour.
func ComposeCode(lang takedown.Lang, digits string, long bool) (subject, body string, err error) {
	return render("code", lang, struct {
		Digits string
		Long   bool
	}{digits, long})
}

func render(name string, lang takedown.Lang, view any) (subject, body string, err error) {
	t, ok := texts[fmt.Sprintf("mail/%s.%s.txt", name, lang)]
	if !ok {
		return "", "", fmt.Errorf("no text for a %s in %q", name, lang)
	}
	var s, b strings.Builder
	if err := t.ExecuteTemplate(&s, "subject", view); err != nil {
		return "", "", fmt.Errorf("write the subject of a %s: %w", name, err)
	}
	if err := t.ExecuteTemplate(&b, "body", view); err != nil {
		return "", "", fmt.Errorf("write a %s: %w", name, err)
	}
	return s.String(), b.String(), nil
}

// Local gives the part of a mail address before its last "@".
func Local(address string) string { return address[:max(0, strings.LastIndexByte(address, '@'))] }

// Domain gives the part of a mail address after its last "@".
func Domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }
