// Package textfile reads a file that a person gives as text, whatever wrote it: a note, a
// table, a saved mail.
package textfile

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// ErrNoText means that a file is none: a picture, a document, something packed.
var ErrNoText = errors.New("textfile: not a file of text")

// Read gives the text of a file: plain text, a table or a mail, in UTF-8, UTF-16 with its
// mark, or Windows-1252. Of a mail it gives the words of its parts. Error: ErrNoText.
func Read(body []byte) (string, error) {
	text, err := decoded(body)
	if err != nil {
		return "", err
	}
	if m, err := mail.ReadMessage(strings.NewReader(text)); err == nil && m.Header.Get("From") != "" {
		if said := mailText(m.Header.Get, m.Body, maxMailDepth); said != "" {
			text = said
		}
	}
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), "�"), nil
}

func decoded(body []byte) (string, error) {
	for mark, order := range map[string]binary.ByteOrder{"\xff\xfe": binary.LittleEndian, "\xfe\xff": binary.BigEndian} {
		if wide, ok := bytes.CutPrefix(body, []byte(mark)); ok {
			units := make([]uint16, len(wide)/2)
			for n := range units {
				units[n] = order.Uint16(wide[2*n:])
			}
			return plainText(string(utf16.Decode(units)))
		}
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	if utf8.Valid(body) {
		return plainText(string(body))
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(body)
	if err != nil {
		return "", ErrNoText
	}
	return plainText(string(text))
}

// plainText refuses what holds characters that no text has: a picture, a document
// of a word processor, a packed file.
func plainText(text string) (string, error) {
	odd := func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\r\f\v", r) || r == 0x7f }
	if strings.ContainsFunc(text, odd) || strings.HasPrefix(text, "%PDF-") {
		return "", ErrNoText
	}
	return text, nil
}

// maxMailDepth is how deep the parts of a mail are read.
const maxMailDepth = 4

// mailText gives the words of a mail, part after part. A part that cannot be read
// is left as it stands.
func mailText(header func(string) string, body io.Reader, depth int) string {
	kind, params, err := mime.ParseMediaType(header("Content-Type"))
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") && depth > 0 {
		var out strings.Builder
		parts := multipart.NewReader(body, params["boundary"])
		for {
			p, err := parts.NextRawPart()
			if err != nil {
				return out.String()
			}
			out.WriteString(mailText(p.Header.Get, p, depth-1) + "\n")
		}
	}
	if !strings.HasPrefix(kind, "text/") {
		return ""
	}
	switch strings.ToLower(header("Content-Transfer-Encoding")) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	raw, _ := io.ReadAll(body) // what was read of it is shown
	text, err := decoded(raw)
	if err != nil {
		return ""
	}
	return text
}
