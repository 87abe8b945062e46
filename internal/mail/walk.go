package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/textproto"
)

// partHeader bounds what reading to a part's body may consume. Every level of nesting
// reads ahead by a buffer of 4 KiB.
const partHeader = maxHeader + maxDepth*4096

const maxHTML = 512 << 10

// text is the readable text of a part.
type text struct {
	body string
	html bool // it was HTML
}

func (t text) blank() bool { return strings.TrimSpace(t.body) == "" }

// walker goes through the parts of a mail, within bounds.
type walker struct {
	source   *meter
	reply    *Reply
	parts    int
	bounce   *Bounce
	original string // Message-ID of a returned mail
}

// walk reads one part and all below it. report says that the part is inside a
// multipart/report, where the machine-readable parts are.
func (w *walker) walk(entity *message.Entity, depth int, report bool) (text, error) {
	kind, params, err := entity.Header.ContentType()
	if err != nil {
		kind, params = brokenType(kind), nil
	}
	if !strings.HasPrefix(kind, "multipart/") {
		return w.leaf(entity, kind, params, report)
	}
	if depth >= maxDepth {
		return text{}, ErrHostile
	}
	if params["boundary"] == "" {
		w.reply.note(NoteNotDecodable)
		return text{}, nil
	}
	texts, err := w.children(entity, params["boundary"], depth, kind == "multipart/report")
	if kind == "multipart/alternative" {
		return best(texts), err
	}
	return join(texts), err
}

// brokenType is the type of a part whose Content-Type cannot be read: text if it says
// so, else nothing we look into.
func brokenType(field string) string {
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(field)), "text") {
		return "text/plain"
	}
	return "application/octet-stream"
}

func (w *walker) children(entity *message.Entity, boundary string, depth int, report bool) ([]text, error) {
	reader := textproto.NewMultipartReader(entity.Body, boundary)
	var texts []text
	for {
		w.source.left = min(w.source.left, partHeader)
		part, err := reader.NextPart()
		w.source.left = MaxMail
		switch {
		case errors.Is(err, io.EOF):
			return texts, nil
		case errors.Is(err, ErrHostile):
			return nil, ErrHostile
		case err != nil: // no closing boundary, or a header that is none
			w.reply.note(NoteCutShort)
			return texts, nil
		}
		if w.parts++; w.parts > maxParts {
			return nil, ErrHostile
		}
		dropOverlong(&part.Header, w.reply)
		child, err := w.walk(newEntity(part.Header, part, w.reply), depth+1, report)
		if err != nil {
			return nil, err
		}
		texts = append(texts, child)
		// What the child left unread must not count as the next part's header.
		if _, err := io.Copy(io.Discard, part); err != nil {
			w.reply.note(NoteCutShort)
			return texts, nil
		}
	}
}

// leaf reads a part that is no multipart.
func (w *walker) leaf(entity *message.Entity, kind string, params map[string]string, report bool) (text, error) {
	disposition, dispositionParams, err := entity.Header.ContentDisposition()
	if err != nil {
		disposition, dispositionParams = "", nil
	}
	name := dispositionParams["filename"]
	if name == "" {
		name = params["name"]
	}
	switch {
	case kind == "text/calendar":
		w.reply.note(NoteCalendar)
		return text{}, nil
	case report && kind == "message/delivery-status":
		w.readStatus(entity.Body)
		return text{}, nil
	case report && (kind == "message/rfc822" || kind == "text/rfc822-headers"):
		w.readOriginal(entity.Body)
		return text{}, nil
	case disposition != "attachment" && name == "" && kind == "text/plain":
		return text{body: w.readText(entity.Body, MaxText+4)}, nil
	case disposition != "attachment" && name == "" && kind == "text/html":
		return text{body: htmlText(w.readText(entity.Body, maxHTML)), html: true}, nil
	default:
		w.attachment(entity.Body, name)
		return text{}, nil
	}
}

// readText reads at most limit bytes of text; the first MaxText of them are kept later,
// and the extra ones tell that there was more.
func (w *walker) readText(body io.Reader, limit int64) string {
	raw, err := io.ReadAll(io.LimitReader(body, limit))
	if err != nil {
		w.broken(err)
	}
	return clean(string(raw))
}

// attachment keeps name, size and hash of a part, and lets its bytes go.
func (w *walker) attachment(body io.Reader, name string) {
	hash := sha256.New()
	size, err := io.Copy(hash, body)
	if err != nil {
		w.broken(err)
	}
	w.reply.Attachments = append(w.reply.Attachments, Attachment{
		Name: FileName(name), Size: size, SHA256: hex.EncodeToString(hash.Sum(nil)),
	})
}

func (w *walker) broken(err error) {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		w.reply.note(NoteCutShort)
		return
	}
	w.reply.note(NoteNotDecodable)
}

// best chooses among alternatives: plain text if it says anything, else HTML.
func best(texts []text) text {
	for _, html := range []bool{false, true} {
		for _, t := range texts {
			if t.html == html && !t.blank() {
				return t
			}
		}
	}
	return text{}
}

// join puts the parts of a mixed mail one below the other.
func join(texts []text) text {
	var joined text
	var bodies []string
	for _, t := range texts {
		if t.blank() {
			continue
		}
		bodies = append(bodies, strings.TrimRight(t.body, "\n"))
		joined.html = joined.html || t.html
	}
	joined.body = strings.Join(bodies, "\n\n")
	return joined
}
