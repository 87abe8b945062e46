// Package mail sends what Reprise writes and reads what comes back.
//
// Out: a Message is built by Build and handed to a server by SMTP.Send, whose error
// says whether the mail certainly did not leave, was refused for good, or may have
// left (then it must not be sent again blindly: Inbox.Has is the oracle). In: Inbox
// fetches mails in bounds, ParseReply reads them with limits on everything and
// throws the bytes of attachments away, Suggest guesses what an answer means.
//
// Every mail has one recipient, text only, and a Message-ID that never changes. No
// error of this package holds an address, a subject or a word of a mail.
package mail

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"
)

// MaxBody is the largest mail that is sent, in bytes, header included.
const MaxBody = 64 << 10

const maxReferences = 20

// Errors of Build. They are permanent: the same message will fail again.
var (
	ErrTooLarge  = errors.New("the mail is over 64 KB: shorten its text")
	ErrText      = errors.New("the text of the mail is not valid UTF-8 or holds a NUL")
	ErrMessageID = errors.New("a Message-ID is missing or malformed")
)

// Message is one mail to one recipient.
type Message struct {
	ID       string // Message-ID without brackets; the same at every attempt
	From     string // bare address; also the envelope's sender, where bounces go
	FromName string // may be empty
	To       string
	ReplyTo  string // may be empty
	Subject  string
	Body     string // plain text, lines ended by \n

	// Key, if set, is whom the body is encrypted to. The header stays readable.
	Key *Key

	InReplyTo  string   // Message-ID without brackets, may be empty
	References []string // the same, oldest first

	// Bcc is our own mailbox for copies, the oracle of SMTP.Send. It gets its own
	// RCPT and is never in the header. May be empty.
	Bcc string

	// AutoSubmitted marks the mail as not typed by a person (RFC 3834), so that
	// automatic answers stay away.
	AutoSubmitted bool

	// AtEnd, if set, is called once, before the final dot is written: until then
	// the server cannot have accepted the mail. Its error keeps it from being sent.
	AtEnd func(context.Context) error
}

var (
	ownID     = regexp.MustCompile(`^[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+$`)
	foreignID = regexp.MustCompile(`^[!-;=?-~]{1,250}$`)
)

// Build writes the mail as it goes over the wire (RFC 5322, CRLF). The same message
// and date give the same bytes, unless it is encrypted. It refuses whatever Address and Header refuse.
func Build(m Message, date time.Time) (_ []byte, err error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	out := gomail.NewMsg(
		gomail.WithCharset(gomail.CharsetUTF8),
		gomail.WithEncoding(gomail.EncodingQP),
		gomail.WithNoDefaultUserAgent(),
	)
	out.SetDateWithValue(date.UTC())
	out.SetMessageIDWithValue(m.ID)
	out.SetGenHeaderPreformatted("From", formatFrom(m.FromName, m.From))
	out.ToMailAddress(&mail.Address{Address: m.To})
	if m.ReplyTo != "" {
		out.ReplyToMailAddress(&mail.Address{Address: m.ReplyTo})
	}
	out.Subject(encodeHeader(m.Subject))
	setThread(out, m)
	if m.AutoSubmitted {
		out.SetGenHeader("Auto-Submitted", "auto-generated")
	}
	encrypted := ""
	if m.Key == nil {
		out.SetBodyString(gomail.TypeTextPlain, m.Body)
	} else if encrypted, err = m.Key.encrypt(m.Body); err != nil {
		return nil, err
	}

	var raw bytes.Buffer
	if _, err := out.WriteTo(&raw); err != nil {
		return nil, fmt.Errorf("write the mail: %w", err)
	}
	raw.WriteString(encrypted)
	if raw.Len() > MaxBody {
		return nil, ErrTooLarge
	}
	return raw.Bytes(), nil
}

func (m Message) check() error {
	for _, field := range []struct{ name, address string }{
		{"From", m.From}, {"To", m.To}, {"Reply-To", m.ReplyTo}, {"copy", m.Bcc},
	} {
		optional := field.name == "Reply-To" || field.name == "copy"
		if optional && field.address == "" {
			continue
		}
		if clean, err := Address(field.address); err != nil || clean != field.address {
			return fmt.Errorf("the %s address of the mail: %w", field.name, ErrAddress)
		}
	}
	for name, text := range map[string]string{"subject": m.Subject, "sender's name": m.FromName} {
		if _, err := Header(text); err != nil {
			return fmt.Errorf("the %s of the mail: %w", name, err)
		}
	}
	if !utf8.ValidString(m.Body) || strings.ContainsRune(m.Body, 0) {
		return ErrText
	}
	return m.checkThread()
}

func (m Message) checkThread() error {
	if len(m.ID) > 250 || !ownID.MatchString(m.ID) {
		return ErrMessageID
	}
	ids := m.References
	if m.InReplyTo != "" {
		ids = append([]string{m.InReplyTo}, ids...)
	}
	for _, id := range ids {
		if !foreignID.MatchString(id) {
			return fmt.Errorf("the thread of the mail: %w", ErrMessageID)
		}
	}
	return nil
}

func setThread(out *gomail.Msg, m Message) {
	if m.InReplyTo != "" {
		out.SetGenHeader(gomail.HeaderInReplyTo, "<"+m.InReplyTo+">")
	}
	refs := m.References[max(0, len(m.References)-maxReferences):]
	if len(refs) > 0 {
		out.SetGenHeader(gomail.HeaderReferences, "<"+strings.Join(refs, "> <")+">")
	}
}

// formatFrom writes the From field; a long encoded name is folded.
func formatFrom(name, address string) string {
	plain := mail.Address{Name: name, Address: address}
	encoded := encodeHeader(name)
	if encoded == name {
		return plain.String()
	}
	return strings.ReplaceAll(encoded, " ", "\r\n ") + " <" + address + ">"
}

// encodeHeader makes text fit for a header field (RFC 2047). Text that already looks
// encoded is encoded again, for its reader must see exactly what was written.
func encodeHeader(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r > '~' }) < 0 && !strings.Contains(s, "=?") {
		return s
	}
	const perWord = 42 // bytes: with its frame an encoded word stays under 75 characters
	var words []string
	for len(s) > 0 {
		n := min(perWord, len(s))
		for n < len(s) && !utf8.RuneStart(s[n]) {
			n--
		}
		words = append(words, "=?utf-8?b?"+base64.StdEncoding.EncodeToString([]byte(s[:n]))+"?=")
		s = s[n:]
	}
	return strings.Join(words, " ")
}
