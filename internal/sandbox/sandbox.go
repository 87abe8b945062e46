// Package sandbox is the small made-up internet of the trial house: a handful of
// hosts with pages and pictures, a post office, and a clock that can be moved.
//
// Each host has an operator with a conduct of its own: one removes on notice, one
// stays silent, one refuses, one only says that it removed. What a page shows
// follows from the notices that arrived by real SMTP and from the clock; a person
// can also set it by hand on the sandbox's own page. The parts are a web server for
// all made-up hosts (told apart by their name), the mail server of
// internal/mailbox, and the page for people. Tests start it on free ports.
//
// The ending ".essai" is nobody's: should such an address ever reach a real
// browser or resolver, it leads nowhere.
package sandbox

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"reprise/internal/mailbox"
)

// Options says where the sandbox listens and what it knows of the house around it.
type Options struct {
	UIAddr    string // the page for people; default 127.0.0.1:0, like the next three
	HostsAddr string // the made-up hosts
	SMTPAddr  string
	IMAPAddr  string

	Dir    string // keeps the mails, the state of the pages and, without Clock, the clock
	Domain string // of the association: mail to it lands in its mailbox
	Clock  string // file with the offset of the trial clock in seconds

	Portal, Console string          // addresses that the start page names
	SignIns         func() []SignIn // asked at each load of the start page; nil means none
}

// SignIn is an account of the trial house with its code of this moment.
type SignIn struct{ Role, Email, Password, Code string }

const (
	loopback     = "127.0.0.1:0"
	account      = "association"
	copiesTo     = "notices@"
	closeWait    = time.Second
	headerWithin = 10 * time.Second
)

// Sandbox is a running made-up internet. Its methods may be called from anywhere at once.
type Sandbox struct {
	options  Options
	password string // of the IMAP account
	post     *mailbox.Server
	pictures *album
	ui       *ui

	uiListen, hostsListen net.Listener
	servers               []*http.Server

	stop    context.CancelFunc
	running sync.WaitGroup

	mutex sync.Mutex // guards kept
	kept  kept
}

// New starts the whole sandbox: page, hosts, SMTP and IMAP. What an earlier one
// kept in the same folder is taken up again.
func New(o Options) (*Sandbox, error) {
	if o.Dir == "" || o.Domain == "" {
		return nil, fmt.Errorf("start the sandbox: Dir and Domain must be set")
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the sandbox's folder: %w", err)
	}
	if o.Clock == "" {
		o.Clock = filepath.Join(o.Dir, "clock")
	}
	s := &Sandbox{options: o, password: rand.Text(), pictures: newAlbum(), stop: func() {}}
	if err := s.open(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Sandbox) open() (err error) {
	if s.kept, err = load(s.file()); err != nil {
		return err
	}
	if s.ui, err = newUI(s); err != nil {
		return err
	}
	domain := "@" + s.options.Domain
	s.post, err = mailbox.Start(mailbox.Options{
		SMTPAddr: s.options.SMTPAddr, IMAPAddr: s.options.IMAPAddr,
		User: account, Password: s.password,
		Inbox: func(to string) bool {
			return strings.HasSuffix(to, domain) && !strings.HasPrefix(to, copiesTo)
		},
		Copies: func(to string) bool { return to == copiesTo+s.options.Domain },
		Dir:    filepath.Join(s.options.Dir, "mail"), Now: s.Now,
	})
	if err != nil {
		return fmt.Errorf("start the post office: %w", err)
	}
	if s.uiListen, err = s.serve(s.options.UIAddr, s.ui.handler()); err != nil {
		return err
	}
	if s.hostsListen, err = s.serve(s.options.HostsAddr, http.HandlerFunc(s.serveHosts)); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.running.Go(func() { s.readPost(ctx) })
	return nil
}

func (s *Sandbox) serve(addr string, h http.Handler) (net.Listener, error) {
	if addr == "" {
		addr = loopback
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen for the sandbox: %w", err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: headerWithin}
	s.servers = append(s.servers, server)
	// Serve returns when Close closes its listener; there is nothing to report then.
	s.running.Go(func() { _ = server.Serve(l) })
	return l, nil
}

// Close stops everything and waits for it.
func (s *Sandbox) Close() error {
	s.stop()
	ctx, cancel := context.WithTimeout(context.Background(), closeWait)
	defer cancel()
	var errs []error
	for _, server := range s.servers {
		if server.Shutdown(ctx) != nil { // a browser keeps connections that it never used
			errs = append(errs, server.Close())
		}
	}
	if s.post != nil {
		errs = append(errs, s.post.Close())
	}
	for _, l := range []net.Listener{s.uiListen, s.hostsListen} {
		if l != nil { // a server that was closed before it began to serve does not know its listener
			_ = l.Close()
		}
	}
	s.running.Wait()
	return errors.Join(errs...)
}

// URL is the address of the page for people, without a slash at the end.
func (s *Sandbox) URL() string { return "http://" + s.uiListen.Addr().String() }

// SMTP is the address of the mail server, as REPRISE_SMTP wants it.
func (s *Sandbox) SMTP() string { return "smtp://" + s.post.SMTPAddr() }

// IMAP is the address of the association's mailbox, as REPRISE_INBOX wants it.
func (s *Sandbox) IMAP() string {
	return fmt.Sprintf("imap://%s:%s@%s/%s", account, s.password, s.post.IMAPAddr(), mailbox.Inbox)
}

// Mailbox is the mail server, for tests that make it fail or read what left.
func (s *Sandbox) Mailbox() *mailbox.Server { return s.post }

// Exceptions are the names of all made-up hosts with the one place that serves them.
func (s *Sandbox) Exceptions() map[string]netip.AddrPort {
	at := netip.MustParseAddrPort(s.hostsListen.Addr().String())
	out := map[string]netip.AddrPort{}
	for _, site := range sites {
		for _, name := range site.names() {
			out[name] = at
		}
	}
	return out
}
