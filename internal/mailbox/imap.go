package mailbox

import (
	"bytes"
	"fmt"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// account is the one IMAP account of the server.
type account struct {
	server *imapmemserver.Server
	user   *imapmemserver.User
}

func newAccount(name, password string) *account {
	a := &account{server: imapmemserver.New(), user: imapmemserver.NewUser(name, password)}
	for _, folder := range []string{Inbox, Copies} {
		// A new user has no folders, so creating these two cannot fail.
		_ = a.user.Create(folder, nil)
	}
	a.server.AddUser(a.user)
	return a
}

func (a *account) put(folder string, e entry) error {
	literal := literal{bytes.NewReader(e.delivered())}
	if _, err := a.user.Append(folder, literal, &imap.AppendOptions{Time: e.received}); err != nil {
		return fmt.Errorf("append to a folder: %w", err)
	}
	return nil
}

// literal is a mail of known size, as the memory server wants it.
type literal struct{ *bytes.Reader }

// deliver puts an entry into the folders its recipients belong to, once each.
func (s *Server) deliver(e entry) error {
	if !e.sent {
		return s.account.put(Inbox, e)
	}
	for _, rule := range []struct {
		folder string
		has    func(string) bool
	}{{Inbox, s.options.Inbox}, {Copies, s.options.Copies}} {
		if rule.has == nil || !anyOf(e.to, rule.has) {
			continue
		}
		if err := s.account.put(rule.folder, e); err != nil {
			return err
		}
	}
	return nil
}

func anyOf(addresses []string, has func(string) bool) bool {
	for _, address := range addresses {
		if has(address) {
			return true
		}
	}
	return false
}

// imapSession counts itself, so that Close can wait for it.
type imapSession struct {
	imapserver.SessionIMAP4rev2
	server *Server
}

func (s *Server) newIMAPSession(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
	inner, ok := s.account.server.NewSession().(imapserver.SessionIMAP4rev2)
	if !ok {
		return nil, nil, fmt.Errorf("open an IMAP session: the memory server no longer speaks IMAP4rev2")
	}
	s.sessions.Add(1)
	return &imapSession{SessionIMAP4rev2: inner, server: s}, nil, nil
}

func (s *imapSession) Close() error {
	defer s.server.sessions.Done()
	return s.SessionIMAP4rev2.Close()
}
