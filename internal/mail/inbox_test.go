package mail_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"reprise/internal/mail"
	"reprise/internal/mailbox"
)

func deliver(t *testing.T, server *mailbox.Server, raw string) {
	t.Helper()
	if err := server.Deliver([]byte(raw)); err != nil {
		t.Fatal(err)
	}
}

func plainMail(id, text string) string {
	return "Message-ID: <" + id + ">\r\nTo: r+" + token + "@asso.test\r\nSubject: Re\r\n\r\n" + text + "\r\n"
}

func TestFetchGoesOnWhereItStopped(t *testing.T) {
	server := office(t, mailbox.Options{})
	box := inbox(t, server)
	ctx := within(t, 20*time.Second)
	if mails, _, err := box.Fetch(ctx, mail.Cursor{}); err != nil || len(mails) != 0 {
		t.Fatalf("an empty folder gave %d mails, %v", len(mails), err)
	}
	deliver(t, server, plainMail("1@h.test", "one"))
	deliver(t, server, plainMail("2@h.test", "two"))
	mails, at, err := box.Fetch(ctx, mail.Cursor{})
	if err != nil || len(mails) != 2 || !strings.Contains(string(mails[0].Bytes), "one") {
		t.Fatalf("%d mails, %v", len(mails), err)
	}
	if mails, again, err := box.Fetch(ctx, at); err != nil || len(mails) != 0 || again != at {
		t.Errorf("nothing new, but %d mails, %v -> %v, %v", len(mails), at, again, err)
	}
	deliver(t, server, plainMail("3@h.test", "three"))
	if mails, _, err := box.Fetch(ctx, at); err != nil || len(mails) != 1 || !strings.Contains(string(mails[0].Bytes), "three") {
		t.Errorf("after one more: %d mails, %v", len(mails), err)
	}
	renumbered := mail.Cursor{UIDValidity: at.UIDValidity + 1, UID: at.UID}
	if mails, _, err := box.Fetch(ctx, renumbered); err != nil || len(mails) != 3 {
		t.Errorf("after a renumbering: %d mails, %v, want all 3", len(mails), err)
	}
}

func TestFetchTakesAtMost100MailsAtOnce(t *testing.T) {
	server := office(t, mailbox.Options{})
	for n := range 105 {
		deliver(t, server, plainMail(fmt.Sprintf("%d@h.test", n), "text"))
	}
	ctx := within(t, 20*time.Second)
	first, at, err := inbox(t, server).Fetch(ctx, mail.Cursor{})
	if err != nil || len(first) != 100 {
		t.Fatalf("%d mails, %v", len(first), err)
	}
	rest, _, err := inbox(t, server).Fetch(ctx, at)
	if err != nil || len(rest) != 5 || rest[0].UID != first[99].UID+1 {
		t.Errorf("then %d mails, %v", len(rest), err)
	}
}

func TestFetchCutsAMailAt1MiBAndSaysSo(t *testing.T) {
	server := office(t, mailbox.Options{})
	deliver(t, server, plainMail("1@h.test", "text first\r\n"+strings.Repeat("x", mail.MaxMail)))
	deliver(t, server, plainMail("2@h.test", "small"))
	mails, _, err := inbox(t, server).Fetch(within(t, 20*time.Second), mail.Cursor{})
	if err != nil || len(mails) != 2 {
		t.Fatalf("%d mails, %v", len(mails), err)
	}
	if !mails[0].TooLarge || len(mails[0].Bytes) != mail.MaxMail || mails[1].TooLarge {
		t.Errorf("large %v with %d bytes, small %v", mails[0].TooLarge, len(mails[0].Bytes), mails[1].TooLarge)
	}
	reply, err := mail.ParseReply(mails[0].Bytes)
	if err != nil || !strings.HasPrefix(reply.Text, "text first") || reply.Token != token {
		t.Errorf("the beginning reads %.20q, token %q, %v", reply.Text, reply.Token, err)
	}
}

func TestFetchAndHasLeaveTheMailboxUntouched(t *testing.T) {
	server := office(t, mailbox.Options{})
	deliver(t, server, plainMail("1@h.test", "one"))
	ctx := within(t, 20*time.Second)
	if _, _, err := inbox(t, server).Fetch(ctx, mail.Cursor{}); err != nil {
		t.Fatal(err)
	}
	if _, err := inbox(t, server).Has(ctx, "1@h.test"); err != nil {
		t.Fatal(err)
	}
	client, err := imapclient.DialInsecure(server.IMAPAddr(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := client.Login("asso", "p@ss").Wait(); err != nil {
		t.Fatal(err)
	}
	status, err := client.Status(mailbox.Inbox, &imap.StatusOptions{NumUnseen: true}).Wait()
	if err != nil || *status.NumUnseen != 1 {
		t.Errorf("unseen %v, %v, want 1", status, err)
	}
}

func TestHasFindsTheCopyByItsWholeMessageID(t *testing.T) {
	server := office(t, mailbox.Options{})
	m := notice()
	m.Bcc = "copies@asso.test"
	if err := sender(t, server).Send(within(t, 5*time.Second), m); err != nil {
		t.Fatal(err)
	}
	box := inbox(t, server)
	for id, want := range map[string]bool{m.ID: true, m.ID[1:]: false, m.ID[:len(m.ID)-1]: false, "other@asso.test": false} {
		if got, err := box.Has(within(t, 5*time.Second), id); err != nil || got != want {
			t.Errorf("Has(%q) = %v, %v, want %v", id, got, err, want)
		}
	}
	if mails, _, err := box.Fetch(within(t, 5*time.Second), mail.Cursor{}); err != nil || len(mails) != 0 {
		t.Errorf("the copy came back as an answer: %d mails, %v", len(mails), err)
	}
	if _, err := box.Has(within(t, 5*time.Second), "a\r\nb"); !errors.Is(err, mail.ErrMessageID) {
		t.Errorf("a malformed id gave %v", err)
	}
}

func TestHasIsAnErrorAndNotANoWhenTheOracleIsAway(t *testing.T) {
	server := office(t, mailbox.Options{})
	for name, setting := range map[string]string{
		"wrong password": "imap://asso:wrong@" + server.IMAPAddr(),
		"no such folder": "imap://asso:p%40ss@" + server.IMAPAddr() + "/Nowhere",
		"no such copies": "imap://asso:p%40ss@" + server.IMAPAddr() + "/INBOX?copies=Nowhere",
	} {
		if _, err := parseInbox(t, setting).Has(within(t, 5*time.Second), "a@b.test"); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := inbox(t, server).Has(within(t, 5*time.Second), "a@b.test"); err == nil {
		t.Error("a closed server: no error")
	}
}

func TestInboxVerifiesTheServerOverTLS(t *testing.T) {
	config, roots := certificate(t, "127.0.0.1")
	server := office(t, mailbox.Options{TLS: config, Implicit: true})
	deliver(t, server, plainMail("1@h.test", "one"))
	box := parseInbox(t, "imaps://asso:p%40ss@"+server.IMAPAddr())
	if _, _, err := box.Fetch(within(t, 5*time.Second), mail.Cursor{}); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("an unknown authority gave %v", err)
	}
	box.RootCAs = roots
	if mails, _, err := box.Fetch(within(t, 5*time.Second), mail.Cursor{}); err != nil || len(mails) != 1 {
		t.Errorf("%d mails, %v", len(mails), err)
	}
}

func TestFetchStopsWhenItsContextEnds(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	_, _, err = parseInbox(t, "imap://u:p@"+silent.Addr().String()).Fetch(within(t, 200*time.Millisecond), mail.Cursor{})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a silent server gave %v", err)
	}
}

func TestAnswersAndBouncesComeBackToTheirNotice(t *testing.T) {
	server := office(t, mailbox.Options{})
	if err := sender(t, server).Send(within(t, 5*time.Second), notice()); err != nil {
		t.Fatal(err)
	}
	sent := server.Mails()[0]
	if err := server.Answer(sent, "someone.else@ticket.test", "Ticket #48213.\n\nLe contenu a été supprimé."); err != nil {
		t.Fatal(err)
	}
	if err := server.Bounce(sent, "5.1.1"); err != nil {
		t.Fatal(err)
	}
	if err := server.Bounce(sent, "4.4.1"); err != nil {
		t.Fatal(err)
	}
	mails, _, err := inbox(t, server).Fetch(within(t, 5*time.Second), mail.Cursor{})
	if err != nil || len(mails) != 3 {
		t.Fatalf("%d mails, %v", len(mails), err)
	}
	var replies []mail.Reply
	for _, raw := range mails {
		reply, err := mail.ParseReply(raw.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		replies = append(replies, reply)
	}
	answer, bounce, late := replies[0], replies[1], replies[2]
	if answer.Token != token || answer.InReplyTo != notice().ID || answer.Fresh != "Ticket #48213.\n\nLe contenu a été supprimé." {
		t.Errorf("answer %+v", answer)
	}
	if s := mail.Suggest(answer); s.Hint != mail.HintRemoved || s.Reference != "48213" {
		t.Errorf("suggestion %+v", s)
	}
	if bounce.Bounce == nil || *bounce.Bounce != (mail.Bounce{Status: "5.1.1", Permanent: true, OriginalMessageID: notice().ID}) {
		t.Errorf("bounce %+v", bounce.Bounce)
	}
	if s := mail.Suggest(bounce); s.Hint != mail.HintBounced || !bounce.AutoSubmitted {
		t.Errorf("suggestion %+v, automatic %v", s, bounce.AutoSubmitted)
	}
	if late.Bounce == nil || late.Bounce.Permanent || mail.Suggest(late).Hint != "" {
		t.Errorf("a delay was read as %+v, %+v", late.Bounce, mail.Suggest(late))
	}
}
