package mail_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message/textproto"

	"reprise/internal/mail"
	"reprise/internal/mailbox"
)

var date = time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)

// notice is a mail as the outbox would send it.
func notice() mail.Message {
	return mail.Message{
		ID: mail.MessageID("n4k2", "asso.test"), From: "notices@asso.test", FromName: "Association Été",
		To: "abuse@host.test", ReplyTo: mail.ReplyAddress(token, "asso.test"),
		Subject: "Demande de retrait", Body: "Bonjour,\n\nMerci de retirer ce contenu.\n", AutoSubmitted: true,
	}
}

const token = "abcdefghijklmnopqrstuvwx27"

// office starts a mail server whose account gets what is sent to asso.test, and the
// copies apart.
func office(t *testing.T, options mailbox.Options) *mailbox.Server {
	t.Helper()
	options.User, options.Password = "asso", "p@ss"
	options.Inbox = func(a string) bool { return strings.HasSuffix(a, "@asso.test") && a != "copies@asso.test" }
	options.Copies = func(a string) bool { return a == "copies@asso.test" }
	server, err := mailbox.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return server
}

func sender(t *testing.T, server *mailbox.Server) *mail.SMTP {
	t.Helper()
	return parseSMTP(t, "smtp://"+server.SMTPAddr())
}

func parseSMTP(t *testing.T, setting string) *mail.SMTP {
	t.Helper()
	s, err := mail.ParseSMTP(setting)
	if err != nil {
		t.Fatal(err)
	}
	s.Now = func() time.Time { return date }
	return s
}

func inbox(t *testing.T, server *mailbox.Server) *mail.Inbox {
	t.Helper()
	return parseInbox(t, "imap://asso:p%40ss@"+server.IMAPAddr()+"/INBOX?copies=Copies")
}

func parseInbox(t *testing.T, setting string) *mail.Inbox {
	t.Helper()
	i, err := mail.ParseInbox(setting)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

// fields parses the header of a mail.
func fields(t *testing.T, raw []byte) textproto.Header {
	t.Helper()
	header, err := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return header
}

// corpusRow is one line of the hostile corpus.
type corpusRow struct{ id, expect, input string }

func corpus(t *testing.T, class string) []corpusRow {
	t.Helper()
	file, err := os.ReadFile("testdata/hostile_inputs.txt")
	if err != nil {
		t.Fatal(err)
	}
	var rows []corpusRow
	for line := range strings.Lines(string(file)) {
		columns := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if columns[1] != class {
			continue
		}
		input, err := strconv.Unquote(columns[3])
		if err != nil {
			t.Fatalf("%s: %v", columns[0], err)
		}
		rows = append(rows, corpusRow{columns[0], columns[2], expand(input)})
	}
	if len(rows) == 0 {
		t.Fatalf("the corpus has no rows of class %q", class)
	}
	return rows
}

// expand writes out @@a*65@@ as 65 times "a".
func expand(input string) string {
	before, rest, found := strings.Cut(input, "@@")
	middle, after, closed := strings.Cut(rest, "@@")
	what, times, counted := strings.Cut(middle, "*")
	n, err := strconv.Atoi(times)
	if !found || !closed || !counted || err != nil {
		return input
	}
	return before + strings.Repeat(what, n) + expand(after)
}

// certificate makes an authority and a server certificate for an address.
func certificate(t *testing.T, ip string) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		IPAddresses: []net.IP{net.ParseIP(ip)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, roots
}

func countFields(t *testing.T, raw []byte) int {
	t.Helper()
	header := fields(t, raw)
	return header.Len()
}
