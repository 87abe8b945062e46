package mailbox

import (
	"bytes"
	"crypto/subtle"
	"errors"
	"io"
	"net"
	"sync"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Step is a place in the SMTP dialogue at which the server can be made to fail.
type Step string

// The steps, in the order in which a client meets them.
const (
	StepGreet Step = "greet"
	StepHello Step = "ehlo"
	StepMail  Step = "mail"
	StepRcpt  Step = "rcpt"
	// StepData comes before the mail is sent. It cannot fail after STARTTLS,
	// where the server's answers are no longer seen in the clear.
	StepData Step = "data"
	StepDot  Step = "dot" // after the final dot
)

// Action is what the server does at a step.
type Action int

// The actions. The zero value goes on as usual.
const (
	OK        Action = iota
	TempFail         // answer 451 (421 before EHLO and at DATA)
	PermFail         // answer 550 (554 before EHLO and at DATA)
	Drop             // close the connection without an answer; nothing is kept
	LoseReply        // do the step, keep the mail, and close without an answer
	Hang             // answer nothing until the server is closed
)

// Behave sets the hook that is asked at every SMTP step; from and to are empty
// until the client has named them. Nil makes the server faultless again.
func (s *Server) Behave(hook func(step Step, from, to string) Action) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.behave = hook
}

func (s *Server) action(step Step, from, to string) Action {
	s.mutex.Lock()
	hook := s.behave
	s.mutex.Unlock()
	if hook == nil {
		return OK
	}
	return hook(step, from, to)
}

var (
	errDropped = errors.New("mailbox: connection dropped on purpose")
	tempFail   = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Try again later"}
	permFail   = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "Not here"}
)

// fail carries out an action at a step whose answer go-smtp writes.
func (s *Server) fail(action Action, conn net.Conn) error {
	switch action {
	case TempFail:
		return tempFail
	case PermFail:
		return permFail
	case Hang:
		<-s.done
		return errDropped
	case Drop, LoseReply:
		conn.Close()
		return errDropped
	default:
		return nil
	}
}

// session is one SMTP dialogue.
type session struct {
	server *Server
	conn   net.Conn
	from   string
	to     []string
}

func (s *Server) newSMTPSession(c *smtp.Conn) (smtp.Session, error) {
	if err := s.fail(s.action(StepHello, "", ""), c.Conn()); err != nil {
		return nil, err
	}
	session := &session{server: s, conn: c.Conn()}
	if watched, ok := c.Conn().(*watchedConn); ok {
		watched.session = session
	}
	return session, nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if err := s.server.fail(s.server.action(StepMail, from, ""), s.conn); err != nil {
		return err
	}
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := s.server.fail(s.server.action(StepRcpt, s.from, to), s.conn); err != nil {
		return err
	}
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	action := s.server.action(StepDot, s.from, s.first())
	if action != OK && action != LoseReply {
		return s.server.fail(action, s.conn)
	}
	if _, err := s.server.accept(entry{from: s.from, to: s.to, raw: raw, sent: true}); err != nil {
		return err
	}
	return s.server.fail(action, s.conn)
}

func (s *session) first() string {
	if len(s.to) == 0 {
		return ""
	}
	return s.to[0]
}

func (s *session) Reset()        { s.from, s.to = "", nil }
func (s *session) Logout() error { return nil }

// AuthMechanisms offers PLAIN, with the account's own name and password.
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	want := s.server.options
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != want.User || subtle.ConstantTimeCompare([]byte(password), []byte(want.Password)) != 1 {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

// listener hands out watched connections and can close them all.
type listener struct {
	net.Listener
	server *Server

	mutex sync.Mutex
	open  map[*watchedConn]struct{}
}

// Accept applies the greeting's action, for go-smtp greets without asking.
func (l *listener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	watched := &watchedConn{Conn: conn, listener: l}
	l.mutex.Lock()
	if l.open == nil {
		l.open = map[*watchedConn]struct{}{}
	}
	l.open[watched] = struct{}{}
	l.mutex.Unlock()
	return watched, nil
}

func (l *listener) closeAll() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for conn := range l.open {
		conn.Conn.Close()
	}
}

// watchedConn replaces two answers that go-smtp gives without asking its
// backend: the greeting (220) and the permission to send data (354).
type watchedConn struct {
	net.Conn
	listener *listener
	session  *session
}

func (c *watchedConn) Write(answer []byte) (int, error) {
	server := c.listener.server
	var action Action
	switch {
	case bytes.HasPrefix(answer, []byte("220 ")) && c.session == nil:
		action = server.action(StepGreet, "", "")
	case bytes.HasPrefix(answer, []byte("354 ")) && c.session != nil:
		action = server.action(StepData, c.session.from, c.session.first())
	}
	if action == OK {
		return c.Conn.Write(answer)
	}
	return 0, c.refuse(action)
}

// refuse ends the dialogue: after such an answer go-smtp's idea of the dialogue
// and the client's would differ.
func (c *watchedConn) refuse(action Action) error {
	switch action {
	case TempFail:
		_, _ = c.Conn.Write([]byte("421 4.3.0 Try again later\r\n"))
	case PermFail:
		_, _ = c.Conn.Write([]byte("554 5.3.0 No\r\n"))
	case Hang:
		<-c.listener.server.done
	}
	c.Close()
	return errDropped
}

func (c *watchedConn) Close() error {
	c.listener.mutex.Lock()
	delete(c.listener.open, c)
	c.listener.mutex.Unlock()
	return c.Conn.Close()
}
