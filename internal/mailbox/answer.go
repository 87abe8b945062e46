package mailbox

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"mime"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-message"
	// The body of a mail may be in any of the usual charsets.
	_ "github.com/emersion/go-message/charset"
	gomail "github.com/wneessen/go-mail"
)

// Mail is a mail that SMTP accepted: its envelope, its bytes, and what a person
// would want to see of it. Body is decoded text, empty if the mail is multipart.
type Mail struct {
	ID       string
	From     string   // of the envelope
	To       []string // of the envelope
	Raw      []byte
	Received time.Time

	Subject   string
	MessageID string // without brackets
	ReplyTo   string // the bare address
	Body      string
}

func (e entry) mail() Mail {
	m := Mail{
		ID: strconv.Itoa(e.number), From: e.from, To: e.to, Raw: e.raw, Received: e.received,
	}
	parsed, err := message.Read(bytes.NewReader(e.raw))
	if err != nil {
		return m
	}
	m.Subject, _ = parsed.Header.Text("Subject")
	m.MessageID = strings.Trim(parsed.Header.Get("Message-Id"), "<> ")
	if address, err := mail.ParseAddress(parsed.Header.Get("Reply-To")); err == nil {
		m.ReplyTo = address.Address
	}
	if kind, _, _ := parsed.Header.ContentType(); strings.HasPrefix(kind, "text/") {
		body, _ := io.ReadAll(parsed.Body)
		m.Body = strings.ReplaceAll(string(body), "\r\n", "\n")
	}
	return m
}

// Deliver puts a whole mail into the account's inbox, as a server elsewhere would.
func (s *Server) Deliver(raw []byte) error {
	_, err := s.accept(entry{raw: raw})
	return err
}

// Answer puts a platform's answer to a mail into the inbox: to its Reply-To (or its
// sender), in its thread, with the original quoted below the text.
func (s *Server) Answer(to Mail, from, text string) error {
	target := to.ReplyTo
	if target == "" {
		target = to.From
	}
	answer := gomail.NewMsg(gomail.WithEncoding(gomail.EncodingQP), gomail.WithNoDefaultUserAgent())
	if err := answer.From(from); err != nil {
		return fmt.Errorf("answer a mail: its sender: %w", err)
	}
	if err := answer.To(target); err != nil {
		return fmt.Errorf("answer a mail: its recipient: %w", err)
	}
	answer.Subject("Re: " + to.Subject)
	answer.SetDateWithValue(s.options.Now().UTC())
	answer.SetMessageIDWithValue(rand.Text() + "@answers.test")
	answer.SetGenHeader(gomail.HeaderInReplyTo, "<"+to.MessageID+">")
	answer.SetGenHeader(gomail.HeaderReferences, "<"+to.MessageID+">")
	answer.SetBodyString(gomail.TypeTextPlain, text+"\n\n"+quoted(to))
	var raw bytes.Buffer
	if _, err := answer.WriteTo(&raw); err != nil {
		return fmt.Errorf("answer a mail: %w", err)
	}
	_, err := s.accept(entry{from: from, to: []string{target}, raw: raw.Bytes()})
	return err
}

func quoted(m Mail) string {
	lines := strings.Split(strings.TrimRight(m.Body, "\n"), "\n")
	return fmt.Sprintf("On %s, you wrote:\n> %s\n", m.Received.Format("2 January 2006"), strings.Join(lines, "\n> "))
}

// Bounce puts a delivery report (RFC 3464) for a mail into the inbox. The status is
// an enhanced code (RFC 3463): 5.x.x says it failed for good, 4.x.x that it is late.
func (s *Server) Bounce(m Mail, status string) error {
	action := "failed"
	if strings.HasPrefix(status, "4.") {
		action = "delayed"
	}
	header, _, _ := bytes.Cut(m.Raw, []byte("\r\n\r\n"))
	recipient := strings.Join(m.To[:min(1, len(m.To))], "")
	fields := map[string]string{
		"from":     "MAILER-DAEMON@mailbox.test",
		"to":       m.From,
		"date":     s.options.Now().UTC().Format(time.RFC1123Z),
		"id":       rand.Text() + "@mailbox.test",
		"subject":  mime.QEncoding.Encode("utf-8", "Undelivered Mail Returned to Sender"),
		"boundary": rand.Text(),
		"to-final": recipient,
		"action":   action,
		"status":   status,
		"header":   string(header),
	}
	raw := []byte(expand(bounceText, fields))
	_, err := s.accept(entry{from: "", to: []string{m.From}, raw: raw})
	return err
}

func expand(text string, fields map[string]string) string {
	pairs := make([]string, 0, 2*len(fields)+2)
	for name, value := range fields {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(append(pairs, "\n", "\r\n")...).Replace(text)
}

const bounceText = `From: Mail Delivery System <{from}>
To: <{to}>
Date: {date}
Message-ID: <{id}>
Subject: {subject}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"

--{boundary}
Content-Type: text/plain; charset=utf-8

Your message could not be delivered.

--{boundary}
Content-Type: message/delivery-status

Reporting-MTA: dns; mailbox.test

Final-Recipient: rfc822; {to-final}
Action: {action}
Status: {status}

--{boundary}
Content-Type: text/rfc822-headers

{header}

--{boundary}--
`
