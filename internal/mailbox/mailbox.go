// Package mailbox is a mail server in process: SMTP that takes every mail for
// everybody, and one IMAP account in which the mail of the association arrives.
//
// The trial house uses it as its post office, and the tests use it as the real
// thing to talk to. A platform's answer or bounce is put into the account with
// Answer and Bounce; Behave makes the server fail at any step of the SMTP dialogue.
// It knows nothing of notices and cases.
package mailbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-smtp"
)

const (
	// Inbox is the folder that answers and bounces arrive in.
	Inbox = "INBOX"
	// Copies is the folder for the copies of sent mail (see Options.Copies).
	Copies = "Copies"

	maxMail   = 2 << 20
	closeWait = 5 * time.Second
)

// Options says where to listen and what the account holds. The zero value listens
// on two free ports of the loopback address and keeps everything in memory.
type Options struct {
	SMTPAddr string // default 127.0.0.1:0
	IMAPAddr string // default 127.0.0.1:0

	// User and Password open the IMAP account. SMTP takes the same pair by
	// AUTH PLAIN, and also takes mail without it.
	User, Password string

	// TLS, if set, is offered by STARTTLS on SMTP. With Implicit both servers
	// speak TLS from the first byte.
	TLS      *tls.Config
	Implicit bool

	// Inbox and Copies say which envelope recipients belong to the account, and
	// in which of its two folders their mail lands. Nil means none.
	Inbox  func(address string) bool
	Copies func(address string) bool

	// Dir, if set, keeps every mail as an .eml file and is read again at the next start.
	Dir string
	// Now is the clock of the server. Nil means the clock of the machine.
	Now func() time.Time
}

// Server is a running mail server. Its methods may be called from anywhere at once.
type Server struct {
	options Options
	store   *store
	account *account

	smtp       *smtp.Server
	imap       *imapserver.Server
	smtpListen *listener
	imapListen net.Listener

	serving  sync.WaitGroup
	sessions sync.WaitGroup
	done     chan struct{}
	closing  sync.Once

	mutex   sync.Mutex
	behave  func(step Step, from, to string) Action
	changed chan struct{}
}

// Start listens on both addresses, reads what Dir holds, and serves until Close.
func Start(options Options) (*Server, error) {
	if options.Now == nil {
		options.Now = time.Now
	}
	s := &Server{
		options: options,
		account: newAccount(options.User, options.Password),
		done:    make(chan struct{}),
		changed: make(chan struct{}),
	}
	if err := s.load(); err != nil {
		return nil, err
	}
	if err := s.listen(); err != nil {
		return nil, err
	}
	s.serve()
	return s, nil
}

func (s *Server) load() error {
	var err error
	if s.store, err = openStore(s.options.Dir); err != nil {
		return fmt.Errorf("read the kept mail: %w", err)
	}
	for _, entry := range s.store.entries() {
		if err := s.deliver(entry); err != nil {
			return fmt.Errorf("put kept mail into the account: %w", err)
		}
	}
	return nil
}

func (s *Server) listen() error {
	plain, err := listenOn(s.options.SMTPAddr)
	if err != nil {
		return fmt.Errorf("listen for SMTP: %w", err)
	}
	imapPlain, err := listenOn(s.options.IMAPAddr)
	if err != nil {
		plain.Close()
		return fmt.Errorf("listen for IMAP: %w", err)
	}
	if s.options.Implicit {
		plain = tls.NewListener(plain, s.options.TLS)
		imapPlain = tls.NewListener(imapPlain, s.options.TLS)
	}
	s.smtpListen = &listener{Listener: plain, server: s}
	s.imapListen = imapPlain
	return nil
}

func listenOn(address string) (net.Listener, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	return net.Listen("tcp", address)
}

func (s *Server) serve() {
	quiet := log.New(io.Discard, "", 0)
	s.smtp = smtp.NewServer(smtp.BackendFunc(s.newSMTPSession))
	s.smtp.Domain = "mailbox.test"
	s.smtp.AllowInsecureAuth = true
	s.smtp.MaxMessageBytes = maxMail
	s.smtp.ErrorLog = quiet
	if !s.options.Implicit {
		s.smtp.TLSConfig = s.options.TLS
	}
	s.imap = imapserver.New(&imapserver.Options{
		NewSession:   s.newIMAPSession,
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}},
		InsecureAuth: true,
		Logger:       quiet,
	})
	// Both return when Close closes their listener; there is nothing to report then.
	s.serving.Go(func() { _ = s.smtp.Serve(s.smtpListen) })
	s.serving.Go(func() { _ = s.imap.Serve(s.imapListen) })
}

// Close stops both servers, releases every hanging dialogue and waits for them.
func (s *Server) Close() error {
	var err error
	s.closing.Do(func() {
		close(s.done)
		ctx, cancel := context.WithTimeout(context.Background(), closeWait)
		defer cancel()
		s.smtpListen.closeAll()
		err = errors.Join(s.smtp.Shutdown(ctx), s.imap.Close())
		// A server that is closed before it began to serve does not know its listener.
		s.smtpListen.Close()
		s.imapListen.Close()
		s.serving.Wait()
		s.sessions.Wait()
	})
	return err
}

// SMTPAddr is the host:port that SMTP listens on.
func (s *Server) SMTPAddr() string { return s.smtpListen.Addr().String() }

// IMAPAddr is the host:port that IMAP listens on.
func (s *Server) IMAPAddr() string { return s.imapListen.Addr().String() }

// Mails returns every mail that SMTP has accepted, oldest first.
func (s *Server) Mails() []Mail { return s.store.mails() }

// Wait returns the accepted mails as soon as there are at least n, or the error of ctx.
func (s *Server) Wait(ctx context.Context, n int) ([]Mail, error) {
	for {
		s.mutex.Lock()
		changed := s.changed
		s.mutex.Unlock()
		if mails := s.store.mails(); len(mails) >= n {
			return mails, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for %d mails: %w", n, ctx.Err())
		}
	}
}

// accept keeps a mail, shows it in the account if it is for it, and wakes who waits.
func (s *Server) accept(entry entry) (Mail, error) {
	entry.received = s.options.Now().UTC()
	entry, err := s.store.add(entry)
	if err != nil {
		return Mail{}, fmt.Errorf("keep a mail: %w", err)
	}
	if err := s.deliver(entry); err != nil {
		return Mail{}, fmt.Errorf("deliver a mail: %w", err)
	}
	s.mutex.Lock()
	close(s.changed)
	s.changed = make(chan struct{})
	s.mutex.Unlock()
	return entry.mail(), nil
}
