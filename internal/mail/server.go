package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

const dialTimeout = 10 * time.Second

// server is how to reach a mail server, read from an address of the settings. The
// password is behind a pointer, so that printing the struct does not show it.
type server struct {
	host, port string
	implicit   bool // TLS from the first byte
	user       string
	password   *string
	path       string
	query      url.Values
}

// scheme says which ports belong to a pair of schemes such as smtp and smtps.
type scheme struct {
	name             string
	plainPort, sPort string
}

// parseServer reads `name(s)://user:password@host:port`. The errors never repeat the
// text, which holds a password.
func parseServer(s scheme, text string) (server, error) {
	u, err := url.Parse(text)
	if err != nil {
		return server{}, fmt.Errorf("not an address like %ss://user:password@host:port: percent-encode special characters of the password", s.name)
	}
	if u.Scheme != s.name && u.Scheme != s.name+"s" {
		return server{}, fmt.Errorf("must begin with %s:// or %ss://", s.name, s.name)
	}
	if u.Hostname() == "" || u.Opaque != "" || u.Fragment != "" {
		return server{}, errors.New("must name a host, and nothing after a #")
	}
	result := server{
		host: u.Hostname(), port: u.Port(), implicit: u.Scheme == s.name+"s",
		path: strings.Trim(u.Path, "/"), query: u.Query(),
	}
	if result.port == "" {
		result.port = s.plainPort
		if result.implicit {
			result.port = s.sPort
		}
	}
	if u.User != nil {
		password, _ := u.User.Password()
		result.user, result.password = u.User.Username(), &password
	}
	return result, nil
}

// loopback tells whether the server is on this machine by its name alone.
func (s server) loopback() bool {
	ip := net.ParseIP(s.host)
	return s.host == "localhost" || ip != nil && ip.IsLoopback()
}

func (s server) tlsConfig(roots *x509.CertPool) *tls.Config {
	return &tls.Config{ServerName: s.host, RootCAs: roots, MinVersion: tls.VersionTLS12}
}

// dial connects, with TLS if it is implicit. It returns the connection to talk over
// and the one below it, whose closing interrupts everything at once.
func (s server) dial(ctx context.Context, roots *x509.CertPool) (conn, raw net.Conn, err error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	var dialer net.Dialer
	raw, err = dialer.DialContext(ctx, "tcp", net.JoinHostPort(s.host, s.port))
	if err != nil || !s.implicit {
		return raw, raw, err
	}
	secure := tls.Client(raw, s.tlsConfig(roots))
	if err := secure.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, nil, err
	}
	return secure, raw, nil
}

// reason says in fixed words why a connection failed. The library's own texts may
// carry what the other side sent.
func reason(err error) string {
	var certificate *tls.CertificateVerificationError
	var timeout net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "timed out"
	case errors.As(err, &certificate):
		return "the server's certificate is not valid for it: check the host name and the certificate authority"
	}
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return "cannot connect: check the server's name, port and firewall"
	}
	return "the connection failed"
}
