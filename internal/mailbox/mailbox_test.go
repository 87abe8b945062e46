package mailbox_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-smtp"

	"reprise/internal/mailbox"
)

const notice = "From: Asso <notices@asso.test>\r\n" +
	"To: <abuse@host.test>\r\n" +
	"Reply-To: <r+abc@asso.test>\r\n" +
	"Message-ID: <n1@asso.test>\r\n" +
	"Subject: =?utf-8?q?Demande_de_retrait_=C3=A9t=C3=A9?=\r\n" +
	"Content-Type: text/plain; charset=utf-8\r\n" +
	"\r\n" +
	"Bonjour\r\n.dot\r\n"

func start(t *testing.T, options mailbox.Options) *mailbox.Server {
	t.Helper()
	options.User, options.Password = "asso", "secret"
	if options.Inbox == nil {
		options.Inbox = func(a string) bool { return strings.HasSuffix(a, "@asso.test") }
	}
	server, err := mailbox.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return server
}

// send speaks SMTP with a deadline, so that a hanging server fails the test.
func send(server *mailbox.Server, to ...string) error {
	conn, err := net.Dial("tcp", server.SMTPAddr())
	if err != nil {
		return err
	}
	client := smtp.NewClient(conn)
	client.CommandTimeout, client.SubmissionTimeout = 300*time.Millisecond, 300*time.Millisecond
	defer client.Close()
	return client.SendMail("notices@asso.test", to, strings.NewReader(notice))
}

// folder returns the raw mails of a folder of the account.
func folder(t *testing.T, server *mailbox.Server, name string) []string {
	t.Helper()
	client, err := imapclient.DialInsecure(server.IMAPAddr(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := client.Login("asso", "secret").Wait(); err != nil {
		t.Fatal(err)
	}
	selected, err := client.Select(name, nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	if selected.NumMessages == 0 {
		return nil
	}
	whole := &imap.FetchItemBodySection{}
	all := imap.SeqSet{}
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

func TestSMTPTakesEveryMailAndReadsIt(t *testing.T) {
	server := start(t, mailbox.Options{})
	if err := send(server, "abuse@host.test", "copies@elsewhere.test"); err != nil {
		t.Fatal(err)
	}
	mails := server.Mails()
	if len(mails) != 1 {
		t.Fatalf("got %d mails, want 1", len(mails))
	}
	m := mails[0]
	if m.From != "notices@asso.test" || !slices.Equal(m.To, []string{"abuse@host.test", "copies@elsewhere.test"}) {
		t.Errorf("envelope %q -> %q", m.From, m.To)
	}
	if m.Subject != "Demande de retrait été" || m.MessageID != "n1@asso.test" || m.ReplyTo != "r+abc@asso.test" {
		t.Errorf("header read as %q %q %q", m.Subject, m.MessageID, m.ReplyTo)
	}
	if m.Body != "Bonjour\n.dot\n" || string(m.Raw) != notice {
		t.Errorf("body %q, raw %q", m.Body, m.Raw)
	}
	if got := folder(t, server, mailbox.Inbox); len(got) != 0 {
		t.Errorf("a mail for others reached the inbox: %q", got)
	}
}

func TestMailForTheAccountReachesItsFolderOnce(t *testing.T) {
	server := start(t, mailbox.Options{Copies: func(a string) bool { return a == "copies@asso.test" },
		Inbox: func(a string) bool { return strings.HasPrefix(a, "r+") }})
	if err := send(server, "r+a@asso.test", "r+b@asso.test", "copies@asso.test"); err != nil {
		t.Fatal(err)
	}
	inbox, copies := folder(t, server, mailbox.Inbox), folder(t, server, mailbox.Copies)
	if len(inbox) != 1 || len(copies) != 1 {
		t.Fatalf("inbox %d, copies %d, want 1 and 1", len(inbox), len(copies))
	}
	if !strings.Contains(inbox[0], "X-Original-To: r+a@asso.test\r\n") {
		t.Errorf("the delivered mail does not name its recipient: %q", inbox[0])
	}
}

func TestAnswerComesBackToTheReplyAddressInItsThread(t *testing.T) {
	server := start(t, mailbox.Options{})
	if err := send(server, "abuse@host.test"); err != nil {
		t.Fatal(err)
	}
	if err := server.Answer(server.Mails()[0], "abuse@host.test", "C'est supprimé."); err != nil {
		t.Fatal(err)
	}
	inbox := folder(t, server, mailbox.Inbox)
	if len(inbox) != 1 {
		t.Fatalf("inbox holds %d mails, want 1", len(inbox))
	}
	for _, want := range []string{"To: <r+abc@asso.test>", "In-Reply-To: <n1@asso.test>", "References: <n1@asso.test>", "C'est supprim", "> Bonjour"} {
		if !strings.Contains(inbox[0], want) {
			t.Errorf("the answer lacks %q:\n%s", want, inbox[0])
		}
	}
	if n := len(server.Mails()); n != 1 {
		t.Errorf("the answer was listed as a sent mail: %d mails", n)
	}
}

func TestBounceNamesTheOriginalAndItsStatus(t *testing.T) {
	server := start(t, mailbox.Options{})
	if err := send(server, "nobody@host.test"); err != nil {
		t.Fatal(err)
	}
	if err := server.Bounce(server.Mails()[0], "5.1.1"); err != nil {
		t.Fatal(err)
	}
	inbox := folder(t, server, mailbox.Inbox)
	if len(inbox) != 1 {
		t.Fatalf("inbox holds %d mails, want 1", len(inbox))
	}
	for _, want := range []string{"Return-Path: <>", "Status: 5.1.1", "Action: failed", "Message-ID: <n1@asso.test>"} {
		if !strings.Contains(inbox[0], want) {
			t.Errorf("the bounce lacks %q", want)
		}
	}
}

func TestDirKeepsMailsAndAnswersOverARestart(t *testing.T) {
	dir := t.TempDir()
	first := start(t, mailbox.Options{Dir: dir})
	if err := send(first, "abuse@host.test"); err != nil {
		t.Fatal(err)
	}
	if err := first.Answer(first.Mails()[0], "abuse@host.test", "Removed."); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := start(t, mailbox.Options{Dir: dir})
	before, after := first.Mails(), second.Mails()
	if len(after) != 1 || string(after[0].Raw) != notice || !slices.Equal(after[0].To, before[0].To) || after[0].From != before[0].From {
		t.Fatalf("after the restart: %+v", after)
	}
	if len(folder(t, second, mailbox.Inbox)) != 1 {
		t.Error("the answer was lost")
	}
	if err := send(second, "abuse@host.test"); err != nil {
		t.Fatal(err)
	}
	if mails := second.Mails(); mails[1].ID == mails[0].ID {
		t.Errorf("two mails share the id %q", mails[0].ID)
	}
}

func TestBehaveFailsAtTheStepAndKeepsOnlyWhatWasAccepted(t *testing.T) {
	steps := []mailbox.Step{mailbox.StepGreet, mailbox.StepHello, mailbox.StepMail, mailbox.StepRcpt, mailbox.StepData, mailbox.StepDot}
	actions := []mailbox.Action{mailbox.TempFail, mailbox.PermFail, mailbox.Drop, mailbox.LoseReply, mailbox.Hang}
	for _, step := range steps {
		for _, action := range actions {
			t.Run(fmt.Sprintf("%s-%d", step, action), func(t *testing.T) {
				t.Parallel()
				server := start(t, mailbox.Options{})
				server.Behave(func(s mailbox.Step, _, _ string) mailbox.Action {
					if s == step {
						return action
					}
					return mailbox.OK
				})
				if err := send(server, "abuse@host.test"); err == nil {
					t.Error("the client was told that all is well")
				}
				want := 0
				if step == mailbox.StepDot && action == mailbox.LoseReply {
					want = 1
				}
				if got := len(server.Mails()); got != want {
					t.Errorf("%d mails kept, want %d", got, want)
				}
				server.Behave(nil)
				if err := send(server, "abuse@host.test"); err != nil {
					t.Errorf("faultless again, but: %v", err)
				}
			})
		}
	}
}

func TestWrongPasswordOpensNeitherDoor(t *testing.T) {
	server := start(t, mailbox.Options{})
	client, err := imapclient.DialInsecure(server.IMAPAddr(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := client.Login("asso", "wrong").Wait(); err == nil {
		t.Error("IMAP let a wrong password in")
	}
	conn, err := net.Dial("tcp", server.SMTPAddr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "EHLO x\r\nAUTH PLAIN AGFzc28Ad3Jvbmc=\r\nQUIT\r\n")
	dialogue, _ := io.ReadAll(conn)
	if !strings.Contains(string(dialogue), "\n535 ") {
		t.Errorf("SMTP did not refuse a wrong password: %s", dialogue)
	}
}

func TestManySendersAtOnceLoseNothing(t *testing.T) {
	server := start(t, mailbox.Options{Dir: t.TempDir()})
	const senders = 20
	var group sync.WaitGroup
	for range senders {
		group.Go(func() {
			if err := send(server, "r+x@asso.test"); err != nil {
				t.Error(err)
			}
		})
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if _, err := server.Wait(ctx, senders); err != nil {
		t.Fatal(err)
	}
	group.Wait()
	if got := len(folder(t, server, mailbox.Inbox)); got != senders {
		t.Errorf("inbox holds %d mails, want %d", got, senders)
	}
}

func TestCloseLeavesNoGoroutine(t *testing.T) {
	before := runtime.NumGoroutine()
	server := start(t, mailbox.Options{})
	server.Behave(func(step mailbox.Step, _, _ string) mailbox.Action {
		if step == mailbox.StepRcpt {
			return mailbox.Hang
		}
		return mailbox.OK
	})
	if err := send(server, "abuse@host.test"); err == nil {
		t.Fatal("a hanging server answered")
	}
	folder(t, server, mailbox.Inbox)
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	// A goroutine that has done its last act may still be counted for a moment.
	for range 10_000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.Gosched()
	}
	stacks := make([]byte, 1<<16)
	t.Fatalf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
}

func TestCloseRightAfterStartReturns(t *testing.T) {
	for range 50 {
		if err := start(t, mailbox.Options{}).Close(); err != nil {
			t.Fatal(err)
		}
	}
}
