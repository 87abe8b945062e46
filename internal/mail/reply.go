package mail

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/charset"
	"github.com/emersion/go-message/textproto"
)

// MaxText is the length of Reply.Text at most, in bytes.
const MaxText = 64 << 10

const (
	maxHeader   = 64 << 10 // bytes of one header
	maxField    = 4 << 10  // bytes of one field that is looked at
	maxDepth    = 10       // nested multiparts
	maxParts    = 100
	maxShown    = 200 // runes of a subject or sender
	maxMailRefs = 50
)

// Errors of ParseReply. The mail stays in the mailbox: a person may look at it there.
var (
	// ErrHostile: more header, parts or nesting than any honest mail has.
	ErrHostile = errors.New("the mail has more header, parts or nesting than is read")
	// ErrUnreadable: not a mail at all.
	ErrUnreadable = errors.New("the mail has no readable header")
)

// What Reply.Notes may say of a mail.
const (
	NoteTooLarge      = "too_large"      // over MaxMail: the rest was not read
	NoteTextCut       = "text_cut"       // the text was over MaxText
	NoteCutShort      = "cut_short"      // the mail ends before its parts do
	NoteHTML          = "html"           // the text was taken from HTML
	NoteLinks         = "links"          // the text holds addresses: never a live link
	NoteCalendar      = "calendar"       // an invitation was dropped
	NoteCharset       = "charset"        // characters could not all be decoded
	NoteNotDecodable  = "not_decodable"  // a part's encoding is broken or unknown
	NoteOverlongField = "overlong_field" // a header field was dropped for its length
)

// Reply is what was read of a mail that came in. Every text is valid UTF-8 without
// control characters except line feed and tab; none of it may become a live link.
type Reply struct {
	MessageID  string // without brackets, like all ids here
	InReplyTo  string
	References []string
	Token      string // of the reply address it was sent to; "" if there is none
	From       string // for display only: anybody can write anything there
	Subject    string

	Text        string
	Fresh       string // Text above and between the quoted original
	Attachments []Attachment

	AutoSubmitted bool // written by a program: never answered
	Bounce        *Bounce
	Notes         []string
	Hash          string // SHA-256 of Message-ID and body, hex: the same mail twice is one

	sentTo []string // the fields that name its recipients
}

// QuietToken gives the token of the neutral sender's address that the mail was sent
// to, "" if it was sent to none.
func (r Reply) QuietToken(sender string) string { return findToken(tokenAt(Local(sender)), r.sentTo) }

// Attachment is what is kept of an attached file: its bytes are gone.
type Attachment struct {
	Name   string // fit to be shown; never a path
	Size   int64  // bytes, decoded
	SHA256 string // hex
}

func (r *Reply) note(note string) {
	if !slices.Contains(r.Notes, note) {
		r.Notes = append(r.Notes, note)
	}
}

// ParseReply reads a mail within bounds of size, header, depth, parts and text. With
// ErrHostile the header's part of the Reply may be filled, so that the mail
// can be shown as unreadable in its thread, but no text and no attachment is.
func ParseReply(raw []byte) (Reply, error) {
	var reply Reply
	if len(raw) > MaxMail {
		raw = raw[:MaxMail]
		reply.note(NoteTooLarge)
	}
	source := &meter{r: bytes.NewReader(raw), left: maxHeader}
	buffered := bufio.NewReader(source)
	header, err := textproto.ReadHeader(buffered)
	if err != nil {
		// The error of the library repeats the line it stumbled over.
		if errors.Is(err, ErrHostile) {
			return reply, ErrHostile
		}
		return reply, ErrUnreadable
	}
	if header.Len() == 0 {
		return reply, ErrUnreadable
	}
	dropOverlong(&header, &reply)
	reply.readHeader(header)
	reply.Hash = hashOf(reply.MessageID, raw)

	source.left = MaxMail
	walker := &walker{source: source, reply: &reply}
	text, err := walker.walk(newEntity(header, buffered, &reply), 0, false)
	if err != nil {
		reply.Attachments = nil
		return reply, err
	}
	if reply.Bounce = walker.bounce; reply.Bounce != nil {
		reply.Bounce.OriginalMessageID = walker.original
	}
	reply.setText(text)
	return reply, nil
}

// meter counts what is read from a mail, so that reading a header can be bounded even
// deep inside nested parts.
type meter struct {
	r    io.Reader
	left int
}

func (m *meter) Read(p []byte) (int, error) {
	if m.left <= 0 {
		return 0, ErrHostile
	}
	n, err := m.r.Read(p[:min(len(p), m.left)])
	m.left -= n
	return n, err
}

// dropOverlong removes fields that are longer than any we look at: parsing them is
// where the quadratic costs were found.
func dropOverlong(header *textproto.Header, reply *Reply) {
	fields := header.Fields()
	for fields.Next() {
		if len(fields.Value()) > maxField {
			if fields.Key() != "References" && fields.Key() != "Received" {
				reply.note(NoteOverlongField)
			}
			fields.Del()
		}
	}
}

// newEntity decodes a part's transfer encoding and charset. The entity is usable even
// if one of them is unknown.
func newEntity(header textproto.Header, body io.Reader, reply *Reply) *message.Entity {
	entity, err := message.New(message.Header{Header: header}, body)
	switch {
	case message.IsUnknownCharset(err):
		reply.note(NoteCharset)
	case err != nil:
		reply.note(NoteNotDecodable)
	}
	return entity
}

func (r *Reply) readHeader(h textproto.Header) {
	r.MessageID = firstID(h.Get("Message-Id"))
	r.InReplyTo = firstID(h.Get("In-Reply-To"))
	r.References = allIDs(h.Get("References"))
	r.From = shown(h.Get("From"))
	r.Subject = shown(h.Get("Subject"))
	// Our own server writes the first two; To and Cc are the sender's.
	for _, key := range []string{"Delivered-To", "X-Original-To", "To", "Cc"} {
		r.sentTo = append(r.sentTo, h.Values(key)...)
	}
	r.Token = findToken(replyToken, r.sentTo)
	auto := strings.ToLower(strings.TrimSpace(h.Get("Auto-Submitted")))
	precedence := strings.ToLower(strings.TrimSpace(h.Get("Precedence")))
	r.AutoSubmitted = auto != "" && !strings.HasPrefix(auto, "no") ||
		slices.Contains([]string{"bulk", "junk", "auto_reply"}, precedence) ||
		strings.TrimSpace(h.Get("Return-Path")) == "<>"
}

var bracketedID = regexp.MustCompile(`<([!-;=?-~]{1,250})>`)

func firstID(field string) string {
	if ids := allIDs(field); len(ids) > 0 {
		return ids[0]
	}
	return ""
}

func allIDs(field string) []string {
	var ids []string
	for _, found := range bracketedID.FindAllStringSubmatch(field, maxMailRefs) {
		ids = append(ids, found[1])
	}
	return ids
}

// shown decodes a header field for display: one line, at most maxShown runes.
func shown(field string) string {
	decoder := mime.WordDecoder{CharsetReader: charset.Reader}
	text, err := decoder.DecodeHeader(field)
	if err != nil {
		text = field
	}
	text = strings.Join(strings.Fields(clean(text)), " ")
	if runes := []rune(text); len(runes) > maxShown {
		text = string(runes[:maxShown-1]) + "…"
	}
	return text
}

// clean makes text safe to keep and show: valid UTF-8, \n for line ends, no control
// characters, and direction overrides replaced so that they can be seen.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r' || r == 0x2028 || r == 0x2029:
			return '\n'
		case unicode.IsControl(r):
			return -1
		case isBidiControl(r) && r != 0x200e && r != 0x200f:
			return '\uFFFD'
		}
		return r
	}, s)
}

var link = regexp.MustCompile(`(?i)\b(?:https?://|www\.)\S`)

func (r *Reply) setText(t text) {
	body := strings.TrimSpace(t.body)
	if len(body) > MaxText {
		r.note(NoteTextCut)
		body = cutBytes(body, MaxText)
	}
	if t.html {
		r.note(NoteHTML)
	}
	if link.MatchString(body) {
		r.note(NoteLinks)
	}
	r.Text, r.Fresh = body, Fresh(body)
}

// cutBytes cuts at a character, never inside one.
func cutBytes(s string, n int) string {
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// hashOf covers the body as it came, below the header that changes on every way.
func hashOf(messageID string, raw []byte) string {
	body := raw
	for _, blank := range []string{"\r\n\r\n", "\n\n"} {
		if _, after, found := bytes.Cut(raw, []byte(blank)); found {
			body = after
			break
		}
	}
	hash := sha256.New()
	hash.Write([]byte(messageID + "\n"))
	hash.Write(body)
	return hex.EncodeToString(hash.Sum(nil))
}
