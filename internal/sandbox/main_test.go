package sandbox_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/smtp"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"reprise/internal/hasher"
	"reprise/internal/sandbox"
)

// TestMain makes the test binary the hashing child, as the program's main does.
func TestMain(m *testing.M) {
	hasher.RunChild()
	os.Exit(m.Run())
}

const (
	domain = "asso.essai"
	from   = "notices@" + domain
)

// open starts a sandbox in a folder, a new one if it is "".
func open(t *testing.T, dir string) *sandbox.Sandbox {
	t.Helper()
	if dir == "" {
		dir = t.TempDir()
	}
	s, err := sandbox.New(sandbox.Options{
		Dir: dir, Domain: domain, Portal: "http://127.0.0.1:8080", Console: "http://127.0.0.1:8081",
		SignIns: func() []sandbox.SignIn {
			return []sandbox.SignIn{{Role: "caseworker", Email: "c@asso.essai", Password: "pass", Code: "123456"}}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// visitor is a browser that finds the made-up hosts and follows no redirect.
func visitor(s *sandbox.Sandbox) *http.Client {
	hosts := s.Exceptions()
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DisableKeepAlives: true,
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				host, _, _ := net.SplitHostPort(addr)
				to, ok := hosts[host]
				if !ok {
					return nil, fmt.Errorf("%s is not a made-up host", host)
				}
				var d net.Dialer
				return d.DialContext(ctx, network, to.String())
			},
		},
	}
}

// get gives status and body of an address on a made-up host.
func get(t *testing.T, s *sandbox.Sandbox, address string) (int, string) {
	t.Helper()
	return read(t)(visitor(s).Get(address))
}

func read(t *testing.T) func(*http.Response, error) (int, string) {
	return func(resp *http.Response, err error) (int, string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(body)
	}
}

// example gives the first address that is an example of something.
func example(t *testing.T, s *sandbox.Sandbox, what string) sandbox.Example {
	t.Helper()
	for _, e := range s.Addresses() {
		if e.What == what {
			return e
		}
	}
	t.Fatalf("no example of %s", what)
	return sandbox.Example{}
}

func recipient(t *testing.T, s *sandbox.Sandbox, id string) sandbox.Recipient {
	t.Helper()
	for _, r := range s.Recipients() {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("no recipient %s", id)
	return sandbox.Recipient{}
}

// notify sends a notice about addresses to a recipient, with the usual copy to ourselves.
func notify(t *testing.T, s *sandbox.Sandbox, id string, addresses ...string) {
	t.Helper()
	to := recipient(t, s, id).Email
	token := strings.ToLower(strings.NewReplacer("-", "", "@", "").Replace(id))
	text := fmt.Sprintf("From: Asso <%s>\r\nTo: <%s>\r\nReply-To: <r+%s@%s>\r\nMessage-ID: <%s.1@%s>\r\n"+
		"Subject: Demande\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nAdresses exactes\r\n%s\r\n",
		from, to, token, domain, token, domain, strings.Join(addresses, "\r\n"))
	post(t, s, text, to, from)
}

func post(t *testing.T, s *sandbox.Sandbox, text string, to ...string) {
	t.Helper()
	u, err := url.Parse(s.SMTP())
	if err != nil {
		t.Fatal(err)
	}
	if err := smtp.SendMail(u.Host, nil, from, to, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

// inbox gives the raw mails of a folder of the association, by real IMAP.
func inbox(t *testing.T, s *sandbox.Sandbox, folder string) []string {
	t.Helper()
	u, err := url.Parse(s.IMAP())
	if err != nil {
		t.Fatal(err)
	}
	client, err := imapclient.DialInsecure(u.Host, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	password, _ := u.User.Password()
	if err := client.Login(u.User.Username(), password).Wait(); err != nil {
		t.Fatal(err)
	}
	selected, err := client.Select(folder, nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	if selected.NumMessages == 0 {
		return nil
	}
	whole, all := &imap.FetchItemBodySection{}, imap.SeqSet{}
	all.AddRange(1, selected.NumMessages)
	found, err := client.Fetch(all, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{whole}}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	var mails []string
	for _, m := range found {
		mails = append(mails, string(m.FindBodySection(whole)))
	}
	return mails
}

func settle(t *testing.T, s *sandbox.Sandbox) {
	t.Helper()
	if err := s.Settle(); err != nil {
		t.Fatal(err)
	}
}

func advance(t *testing.T, s *sandbox.Sandbox, d time.Duration) {
	t.Helper()
	if err := s.Advance(d); err != nil {
		t.Fatal(err)
	}
}

// person is a browser on the page for people, with its cookies.
func person(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

func loopback(t *testing.T, addr netip.AddrPort) {
	t.Helper()
	if !addr.Addr().IsLoopback() {
		t.Errorf("%s is not this machine", addr)
	}
}
