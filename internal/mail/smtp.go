package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

const (
	stepTimeout  = time.Minute
	finalTimeout = 2 * time.Minute
	totalTimeout = 4 * time.Minute
	quitTimeout  = 2 * time.Second
)

// SMTP hands mails to one server. Set its fields before the first Send; after that it
// may be used from several goroutines. Every Send is a connection of its own.
type SMTP struct {
	// Hello is the name given to the server. It must say nothing of what we do.
	Hello string
	// RootCAs verify the server's certificate; nil means those of the system.
	RootCAs *x509.CertPool
	// Now dates the mails.
	Now func() time.Time
	// StepTimeout bounds the wait for each answer, FinalTimeout the wait for the
	// answer to the final dot, where patience avoids an unknown outcome.
	StepTimeout, FinalTimeout time.Duration

	server server
}

// ParseSMTP reads smtp(s)://user:password@host:port. smtps speaks TLS from the first
// byte (port 465 if none is given); smtp (port 25) demands STARTTLS unless the host is
// loopback. There is no fallback to plain text.
func ParseSMTP(text string) (*SMTP, error) {
	s, err := parseServer(scheme{name: "smtp", plainPort: "25", sPort: "465"}, text)
	if err != nil {
		return nil, fmt.Errorf("read the SMTP setting: %w", err)
	}
	if s.path != "" || len(s.query) > 0 {
		return nil, errors.New("read the SMTP setting: nothing may follow the port")
	}
	return &SMTP{
		Hello: "localhost", Now: time.Now,
		StepTimeout: stepTimeout, FinalTimeout: finalTimeout, server: s,
	}, nil
}

// Send hands the mail over. Nil means that the server has taken it for its recipient
// (and for the copy). Otherwise the error is a *SendError, whose Outcome says
// whether to try again, to give up, or to ask the oracle first.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	raw, err := Build(m, s.Now())
	if err != nil {
		return &SendError{Outcome: Refused, Step: "build", Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, totalTimeout)
	defer cancel()
	client, stop, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer client.Close()
	defer stop()
	if err := envelope(ctx, client, m); err != nil {
		return err
	}
	if err := transfer(ctx, client, m, raw); err != nil {
		return err
	}
	client.CommandTimeout = quitTimeout
	_ = client.Quit() // the mail is accepted whatever the server says now
	return nil
}

// connect greets, encrypts and signs in. Any failure here is about our own server and
// says nothing of the recipient: the mail waits, even after a 5xx. Until stop is
// called, the end of ctx cuts the connection.
func (s *SMTP) connect(ctx context.Context) (*smtp.Client, func() bool, error) {
	conn, raw, err := s.server.dial(ctx, s.RootCAs)
	if err != nil {
		return nil, nil, notSent(ctx, "connect", err)
	}
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	client, err := s.greet(conn, raw)
	if err != nil {
		err = notSent(ctx, "greeting", err)
	} else if err = s.signIn(client); err != nil {
		err = notSent(ctx, "sign-in", err)
	}
	if err != nil {
		stop()
		raw.Close()
		return nil, nil, err
	}
	return client, stop, nil
}

func (s *SMTP) greet(conn, raw net.Conn) (*smtp.Client, error) {
	if s.server.implicit || s.server.loopback() {
		client := smtp.NewClient(conn)
		s.limit(client)
		return client, client.Hello(s.Hello)
	}
	// This constructor talks to the server before a shorter patience can be set.
	patience := time.AfterFunc(s.StepTimeout, func() { raw.Close() })
	defer patience.Stop()
	client, err := smtp.NewClientStartTLS(conn, s.server.tlsConfig(s.RootCAs))
	if err != nil {
		return nil, err
	}
	s.limit(client)
	return client, client.Hello(s.Hello)
}

func (s *SMTP) limit(client *smtp.Client) {
	client.CommandTimeout, client.SubmissionTimeout = s.StepTimeout, s.FinalTimeout
}

func (s *SMTP) signIn(client *smtp.Client) error {
	if s.server.password == nil {
		return nil
	}
	user, password := s.server.user, *s.server.password
	switch {
	case client.SupportsAuth(sasl.Plain):
		return client.Auth(sasl.NewPlainClient("", user, password))
	case client.SupportsAuth(sasl.Login):
		return client.Auth(sasl.NewLoginClient(user, password))
	default:
		return errNoAuth
	}
}

// envelope names the sender, the recipient, and our own mailbox for the copy. If one
// of them is refused nothing is sent to the other: a notice without its copy could not
// be found again, and a copy without its notice would be a lie.
func envelope(ctx context.Context, client *smtp.Client, m Message) error {
	if err := client.Mail(m.From, nil); err != nil {
		return failed(ctx, "sender", err)
	}
	if err := client.Rcpt(m.To, nil); err != nil {
		return failed(ctx, "recipient", err)
	}
	if m.Bcc == "" {
		return nil
	}
	if err := client.Rcpt(m.Bcc, nil); err != nil {
		return notSent(ctx, "copy", err) // our mailbox's fault, even after a 5xx
	}
	return nil
}

// transfer sends the mail. Until the final dot is written the server must not deliver
// it; afterwards only its answer tells.
func transfer(ctx context.Context, client *smtp.Client, m Message, raw []byte) error {
	data, err := client.Data()
	if err != nil {
		return failed(ctx, "data", err)
	}
	if _, err := data.Write(raw); err != nil {
		return notSent(ctx, "text", err)
	}
	if ctx.Err() != nil {
		return notSent(ctx, "text", ctx.Err())
	}
	if m.AtEnd != nil {
		if err := m.AtEnd(ctx); err != nil {
			return notSent(ctx, "before the final dot", err)
		}
	}
	if err := data.Close(); err != nil {
		return afterDot(ctx, err)
	}
	return nil
}
