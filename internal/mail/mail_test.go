package mail_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"strings"
	"testing"
	"time"

	"reprise/internal/mail"
)

func build(t *testing.T, m mail.Message) []byte {
	t.Helper()
	raw, err := mail.Build(m, date)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestBuildWritesOnlyTheHeadersItPromises(t *testing.T) {
	m := notice()
	m.InReplyTo, m.References = "a@b.test", []string{"c@d.test", "a@b.test"}
	header := fields(t, build(t, m))
	want := map[string]string{
		"Message-Id":                "<n4k2@asso.test>",
		"Date":                      "Wed, 04 Mar 2026 10:00:00 +0000",
		"To":                        "<abuse@host.test>",
		"Reply-To":                  "<r+" + token + "@asso.test>",
		"Subject":                   "Demande de retrait",
		"Auto-Submitted":            "auto-generated",
		"In-Reply-To":               "<a@b.test>",
		"References":                "<c@d.test> <a@b.test>",
		"Mime-Version":              "1.0",
		"Content-Type":              "text/plain; charset=UTF-8",
		"Content-Transfer-Encoding": "quoted-printable",
	}
	for key, value := range want {
		if got := header.Values(key); len(got) != 1 || got[0] != value {
			t.Errorf("%s is %q, want %q once", key, got, value)
		}
	}
	from := header.Get("From")
	if name, err := new(mime.WordDecoder).DecodeHeader(from); err != nil || name != "Association Été <notices@asso.test>" {
		t.Errorf("From reads %q, %v", name, err)
	}
	if header.Len() != len(want)+1 {
		t.Errorf("%d header fields, want %d: %v", header.Len(), len(want)+1, header.Map())
	}
}

func TestBuildSaysNothingOfTheMachine(t *testing.T) {
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	raw := strings.ToLower(string(build(t, notice())))
	for _, word := range []string{"user-agent", "x-mailer", "go-mail", "@" + strings.ToLower(host), "received:", "bcc"} {
		if strings.Contains(raw, word) {
			t.Errorf("the mail says %q:\n%s", word, raw)
		}
	}
}

func TestBuildIsTheSameAtEveryAttemptExceptItsDate(t *testing.T) {
	m := notice()
	m.Bcc = "copies@asso.test"
	first := build(t, m)
	if !bytes.Equal(first, build(t, m)) {
		t.Error("the same message and date gave other bytes")
	}
	later, err := mail.Build(m, date.Add(time.Hour).In(time.FixedZone("CET", 3600)))
	if err != nil {
		t.Fatal(err)
	}
	withDate := strings.Replace(string(first), "10:00:00", "11:00:00", 1)
	if string(later) != withDate {
		t.Errorf("an hour later:\n%s", later)
	}
}

func TestBuildKeepsTheTextExactly(t *testing.T) {
	m := notice()
	m.Body = "Adresses :\nhttps://host.test/é?a=b\n.\n..\nFrom here\n" + strings.Repeat("long ", 300) + "\n= \t\nfin\n"
	_, body, _ := strings.Cut(string(build(t, m)), "\r\n\r\n")
	for line := range strings.Lines(body) {
		if len(line) > 78 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
	decoded, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(body)))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.ReplaceAll(string(decoded), "\r\n", "\n"); got != m.Body {
		t.Errorf("the text became %q", got)
	}
}

func TestBuildShowsSubjectAndNameAsWritten(t *testing.T) {
	for _, text := range []string{
		"plain", "été", "=?utf-8?q?a?=", "é =?utf-8?q?a?=", "a, b <c@d.test>", `say "x\y"`, "(comment)", "a@b.test",
		strings.Repeat("é", 120), strings.Repeat("=?", 60), strings.Repeat("👩‍👧", 40), strings.Repeat("mot ", 30),
	} {
		m := notice()
		m.Subject, m.FromName = text, text
		raw := build(t, m)
		header := fields(t, raw)
		subject, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject"))
		if err != nil || subject != strings.TrimRight(text, " ") {
			t.Errorf("subject %q reads %q, %v", text, subject, err)
		}
		if from := readFrom(t, header.Get("From")); from != text {
			t.Errorf("name %q reads %q", text, from)
		}
		for line := range strings.Lines(string(raw)) {
			if len(line) > 998 {
				t.Errorf("a header line of %d bytes", len(line))
			}
		}
	}
}

func TestBuildRefusesWhatItCannotSendSafely(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*mail.Message)
		want   error
	}{
		"two recipients":       {func(m *mail.Message) { m.To = "a@b.test, c@d.test" }, mail.ErrAddress},
		"no recipient":         {func(m *mail.Message) { m.To = "" }, mail.ErrAddress},
		"space around":         {func(m *mail.Message) { m.To = " a@b.test" }, mail.ErrAddress},
		"injected sender":      {func(m *mail.Message) { m.From = "a@b.com>\r\nBcc: v@evil.example" }, mail.ErrAddress},
		"injected reply-to":    {func(m *mail.Message) { m.ReplyTo = "a@b.com\nX: y" }, mail.ErrAddress},
		"copy to a list":       {func(m *mail.Message) { m.Bcc = "a@b.test,c@d.test" }, mail.ErrAddress},
		"subject of two lines": {func(m *mail.Message) { m.Subject = "a\r\nBcc: v@evil.example" }, mail.ErrHeader},
		"name of two lines":    {func(m *mail.Message) { m.FromName = "a\nb" }, mail.ErrHeader},
		"no id":                {func(m *mail.Message) { m.ID = "" }, mail.ErrMessageID},
		"id with a bracket":    {func(m *mail.Message) { m.ID = "a@b>\r\nX: y" }, mail.ErrMessageID},
		"injected thread":      {func(m *mail.Message) { m.InReplyTo = "a@b> <c@d" }, mail.ErrMessageID},
		"injected reference":   {func(m *mail.Message) { m.References = []string{"a\r\nb@c"} }, mail.ErrMessageID},
		"NUL":                  {func(m *mail.Message) { m.Body = "a\x00b" }, mail.ErrText},
		"invalid UTF-8":        {func(m *mail.Message) { m.Body = "\xff" }, mail.ErrText},
		"over 64 KB":           {func(m *mail.Message) { m.Body = strings.Repeat("a line of text\n", 64<<10/15) }, mail.ErrTooLarge},
	} {
		m := notice()
		test.change(&m)
		if _, err := mail.Build(m, date); !errors.Is(err, test.want) {
			t.Errorf("%s: error %v, want %v", name, err, test.want)
		}
	}
}

func TestTokenHas128BitsInTheReplyAddress(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		token := mail.NewToken()
		if len(token) != 26 || strings.Trim(token, "abcdefghijklmnopqrstuvwxyz234567") != "" {
			t.Fatalf("token %q", token)
		}
		seen[token] = true
		if _, err := mail.Address(mail.ReplyAddress(token, "asso.test")); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != 1000 {
		t.Errorf("only %d different tokens of 1000", len(seen))
	}
}

// readFrom reads the display name the way mail programs do.
func readFrom(t *testing.T, field string) string {
	t.Helper()
	parsed, err := netmail.ParseAddress(strings.ReplaceAll(field, "\r\n ", " "))
	if err != nil {
		t.Fatalf("From %q: %v", field, err)
	}
	return parsed.Name
}
