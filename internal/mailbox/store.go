package mailbox

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// entry is one kept mail: accepted by SMTP (sent), or put into the account for a platform.
type entry struct {
	number   int
	from     string
	to       []string
	raw      []byte
	received time.Time
	sent     bool
}

// The two trace fields that the last server puts above a mail it delivers
// (RFC 5321 section 4.4; X-Original-To is Postfix's). They carry the envelope.
const (
	returnPath = "Return-Path: <"
	originalTo = "X-Original-To: "
)

// delivered is the mail as the account shows it: the envelope above, the raw mail below.
func (e entry) delivered() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s%s>\r\n", returnPath, e.from)
	for _, to := range e.to {
		fmt.Fprintf(&b, "%s%s\r\n", originalTo, to)
	}
	b.Write(e.raw)
	return b.Bytes()
}

// undelivered takes the envelope off again.
func undelivered(kept []byte) entry {
	var e entry
	line, rest, _ := bytes.Cut(kept, []byte("\r\n"))
	if from, ok := strings.CutPrefix(string(line), returnPath); ok {
		e.from, kept = strings.TrimSuffix(from, ">"), rest
	}
	for {
		line, rest, _ := bytes.Cut(kept, []byte("\r\n"))
		to, ok := strings.CutPrefix(string(line), originalTo)
		if !ok {
			break
		}
		e.to, kept = append(e.to, to), rest
	}
	e.raw = kept
	return e
}

// store holds the entries in order, and in a folder if it has one.
type store struct {
	dir   string
	mutex sync.Mutex
	list  []entry
}

const (
	sentSuffix = "-sent.eml"
	inSuffix   = "-in.eml"
)

func openStore(dir string) (*store, error) {
	s := &store{dir: dir}
	if dir == "" {
		return s, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	files, err := os.ReadDir(dir) // sorted by name, and so by number
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".eml") {
			continue
		}
		if err := s.read(file.Name()); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *store) read(name string) error {
	path := filepath.Join(s.dir, name)
	kept, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	e := undelivered(kept)
	e.sent, e.received = strings.HasSuffix(name, sentSuffix), info.ModTime().UTC()
	if _, err := fmt.Sscanf(name, "%d-", &e.number); err != nil {
		return fmt.Errorf("mail file %q has no number: %w", name, err)
	}
	s.list = append(s.list, e)
	return nil
}

// add numbers an entry and keeps it; on disk first, so that what was accepted survives.
func (s *store) add(e entry) (entry, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	e.number = 1
	if n := len(s.list); n > 0 {
		e.number = s.list[n-1].number + 1
	}
	e.to, e.raw = slices.Clone(e.to), slices.Clone(e.raw)
	if err := s.write(e); err != nil {
		return entry{}, err
	}
	s.list = append(s.list, e)
	return e, nil
}

func (s *store) write(e entry) error {
	if s.dir == "" {
		return nil
	}
	suffix := inSuffix
	if e.sent {
		suffix = sentSuffix
	}
	path := filepath.Join(s.dir, fmt.Sprintf("%08d%s", e.number, suffix))
	if err := os.WriteFile(path, e.delivered(), 0o600); err != nil {
		return err
	}
	return os.Chtimes(path, e.received, e.received)
}

func (s *store) entries() []entry {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Clone(s.list)
}

func (s *store) mails() []Mail {
	var mails []Mail
	for _, e := range s.entries() {
		if e.sent {
			mails = append(mails, e.mail())
		}
	}
	return mails
}
