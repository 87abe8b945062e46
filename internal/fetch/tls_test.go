package fetch

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// authority signs the certificates of the lab.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t testing.TB) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "lab"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{cert, key}
}

func (a authority) pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.cert)
	return p
}

// issue signs key for the lab's names; change may spoil the certificate.
func (a authority) issue(t testing.TB, key crypto.Signer, change func(*x509.Certificate)) tls.Certificate {
	t.Helper()
	c := &x509.Certificate{SerialNumber: big.NewInt(2), DNSNames: []string{"www.example.com", "*.example.net"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	change(c)
	der, err := x509.CreateCertificate(rand.Reader, c, a.cert, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func unspoilt(*x509.Certificate) {}

// hugeKey is an RSA key of 65536 bits that can be shown but not used.
type hugeKey struct{ n *big.Int }

func (k hugeKey) Public() crypto.PublicKey { return &rsa.PublicKey{N: k.n, E: 65537} }
func (k hugeKey) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return make([]byte, 8192), nil
}

// tlsServer serves config behind the name www.example.com.
func tlsServer(t *testing.T, a authority, config *tls.Config) *Client {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Proto", r.Proto)
		_, _ = io.WriteString(w, "<html>"+r.Proto)
	}))
	s.Config.ErrorLog = quiet()
	s.EnableHTTP2 = true
	s.TLS = config
	s.StartTLS()
	t.Cleanup(s.Close)
	c := exceptional(s.Listener.Addr().String())
	c.roots = a.pool()
	return c
}

// Row 20: no way round a certificate.
func TestBomb20CertificatesThatProveNothingAreRefused(t *testing.T) {
	a, stranger := newAuthority(t), newAuthority(t)
	good := a.issue(t, a.key, unspoilt)
	long := good
	for range 3000 {
		long.Certificate = append(long.Certificate, good.Certificate[0])
	}
	n := new(big.Int).Lsh(big.NewInt(1), 65535)
	n.SetBit(n, 0, 1)
	for name, config := range map[string]*tls.Config{
		"expired":     {Certificates: []tls.Certificate{a.issue(t, a.key, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })}},
		"self-signed": {Certificates: []tls.Certificate{stranger.issue(t, stranger.key, unspoilt)}},
		"wrong name":  {Certificates: []tls.Certificate{a.issue(t, a.key, func(c *x509.Certificate) { c.DNSNames = []string{"www.example.org"} })}},
		"TLS 1.0":     {Certificates: []tls.Certificate{good}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10},
		"long chain":  {Certificates: []tls.Certificate{long}},
		"huge key":    {Certificates: []tls.Certificate{a.issue(t, hugeKey{n}, unspoilt)}},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := tlsServer(t, a, config).Look(context.Background(), "https://www.example.com/")
			mustClass(t, l, err, ClassTLS)
		})
	}
}

// Row 19: HTTP/2 is never spoken, though the server offers it.
func TestBomb19OnlyHTTP11IsSpoken(t *testing.T) {
	a := newAuthority(t)
	c := tlsServer(t, a, &tls.Config{Certificates: []tls.Certificate{a.issue(t, a.key, unspoilt)}})
	l, err := c.Look(context.Background(), "https://www.example.com/")
	mustClass(t, l, err, ClassOK)
	if string(l.Body) != "<html>HTTP/1.1" {
		t.Errorf("body %q", l.Body)
	}
	settings := "\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x05\xff\xff\xff\xff"
	l, err = whole(t, settings).Look(context.Background(), here)
	mustClass(t, l, err, ClassBadResponse)
}

// Row 21: a handshake that never ends, and a session that goes on for ever.
func TestBomb21EndlessHandshakesEnd(t *testing.T) {
	c, gone := rawServer(t, func(conn net.Conn) {
		_, _ = io.Copy(io.Discard, conn)
	})
	c.options.Limits.TLS /= 20
	l, err := c.Look(context.Background(), "https://www.example.com/")
	mustClass(t, l, err, ClassTimeout)
	<-gone

	a := newAuthority(t)
	s := tlsServer(t, a, &tls.Config{Certificates: []tls.Certificate{a.issue(t, a.key, unspoilt)}})
	if s.tlsConfig().Renegotiation != tls.RenegotiateNever || s.tlsConfig().InsecureSkipVerify {
		t.Error("renegotiation or a way round certificates is on")
	}
}
