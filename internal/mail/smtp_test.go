package mail_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"reprise/internal/mail"
	"reprise/internal/mailbox"
)

func TestSendHandsOverOneMailWithOneRecipient(t *testing.T) {
	server := office(t, mailbox.Options{})
	if err := sender(t, server).Send(within(t, 5*time.Second), notice()); err != nil {
		t.Fatal(err)
	}
	mails := server.Mails()
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	m := mails[0]
	if m.From != "notices@asso.test" || !slices.Equal(m.To, []string{"abuse@host.test"}) {
		t.Errorf("envelope %q -> %q", m.From, m.To)
	}
	if want := build(t, notice()); string(m.Raw) != string(want) {
		t.Errorf("on the way the mail became\n%s\nwant\n%s", m.Raw, want)
	}
}

func TestSendAddsOurCopyToTheEnvelopeAndNowhereElse(t *testing.T) {
	server := office(t, mailbox.Options{})
	m := notice()
	m.Bcc = "copies@asso.test"
	if err := sender(t, server).Send(within(t, 5*time.Second), m); err != nil {
		t.Fatal(err)
	}
	got := server.Mails()[0]
	if !slices.Equal(got.To, []string{"abuse@host.test", "copies@asso.test"}) {
		t.Errorf("envelope recipients %q", got.To)
	}
	if strings.Contains(string(got.Raw), "copies@") {
		t.Error("the copy's address is in the mail")
	}
}

// TestASVS_1_3_11 holds that nothing a person types adds a recipient or a header.
func TestASVS_1_3_11(t *testing.T) {
	server := office(t, mailbox.Options{})
	smtp := sender(t, server)
	count := countFields(t, build(t, notice()))
	var messages []mail.Message
	for _, row := range corpus(t, "email") {
		m := notice()
		m.To = row.input
		messages = append(messages, m)
		m = notice()
		m.ReplyTo = row.input
		messages = append(messages, m)
	}
	for _, row := range corpus(t, "header") {
		m := notice()
		m.Subject = row.input
		messages = append(messages, m)
		m = notice()
		m.FromName = row.input
		messages = append(messages, m)
	}
	sent := 0
	for _, m := range messages {
		err := smtp.Send(within(t, 5*time.Second), m)
		if err == nil {
			sent++
			continue
		}
		var failure *mail.SendError
		if !errors.As(err, &failure) || failure.Outcome != mail.Refused || failure.Step != "build" {
			t.Errorf("error %v, want refused at build", err)
		}
	}
	mails := server.Mails()
	if len(mails) != sent || sent == 0 {
		t.Fatalf("%d mails arrived, %d sent", len(mails), sent)
	}
	for _, m := range mails {
		if len(m.To) != 1 {
			t.Errorf("recipients %q, want one", m.To)
		}
		if got := countFields(t, m.Raw); got != count {
			t.Errorf("%d header fields, want %d:\n%s", got, count, m.Raw)
		}
	}
}

// TestSendTellsTheOutcomeOfEveryFailure goes through every step and way to fail.
func TestSendTellsTheOutcomeOfEveryFailure(t *testing.T) {
	const (
		no      = mail.NotSent
		refused = mail.Refused
		unknown = mail.Unknown
	)
	outcomes := map[mailbox.Step]map[mailbox.Action]mail.Outcome{
		mailbox.StepGreet: {mailbox.TempFail: no, mailbox.PermFail: no, mailbox.Drop: no, mailbox.Hang: no},
		mailbox.StepHello: {mailbox.TempFail: no, mailbox.PermFail: no, mailbox.Drop: no, mailbox.Hang: no},
		mailbox.StepMail:  {mailbox.TempFail: no, mailbox.PermFail: refused, mailbox.Drop: no, mailbox.Hang: no},
		mailbox.StepRcpt:  {mailbox.TempFail: no, mailbox.PermFail: refused, mailbox.Drop: no, mailbox.Hang: no},
		mailbox.StepData:  {mailbox.TempFail: no, mailbox.PermFail: refused, mailbox.Drop: no, mailbox.Hang: no},
		mailbox.StepDot: {mailbox.TempFail: no, mailbox.PermFail: refused, mailbox.Drop: unknown, mailbox.Hang: unknown,
			mailbox.LoseReply: unknown},
	}
	for step, actions := range outcomes {
		for action, want := range actions {
			t.Run(fmt.Sprintf("%s-%d", step, action), func(t *testing.T) {
				t.Parallel()
				testOutcome(t, step, action, want)
			})
		}
	}
}

func testOutcome(t *testing.T, step mailbox.Step, action mailbox.Action, want mail.Outcome) {
	server := office(t, mailbox.Options{})
	server.Behave(func(at mailbox.Step, _, _ string) mailbox.Action {
		if at == step {
			return action
		}
		return mailbox.OK
	})
	smtp := sender(t, server)
	smtp.StepTimeout, smtp.FinalTimeout = 500*time.Millisecond, 500*time.Millisecond
	m := notice()
	m.Bcc = "copies@asso.test"
	err := smtp.Send(within(t, 5*time.Second), m)
	var failure *mail.SendError
	if !errors.As(err, &failure) {
		t.Fatalf("error %v", err)
	}
	if failure.Outcome != want {
		t.Errorf("outcome %s (%v), want %s", failure.Outcome, err, want)
	}
	if answered := action == mailbox.TempFail || action == mailbox.PermFail; answered != (failure.Code != 0) {
		t.Errorf("code %d", failure.Code)
	}
	if strings.Contains(err.Error(), "@") || strings.Contains(err.Error(), "test") {
		t.Errorf("the error names somebody: %v", err)
	}
	kept := len(server.Mails()) > 0
	if kept != (action == mailbox.LoseReply) {
		t.Errorf("the server kept the mail: %v", kept)
	}
	if want == mail.Unknown {
		found, err := inbox(t, server).Has(within(t, 5*time.Second), m.ID)
		if err != nil || found != kept {
			t.Errorf("the oracle says %v, %v; the mail was kept: %v", found, err, kept)
		}
	}
}

func TestSendStopsWhenItsContextEnds(t *testing.T) {
	for step, want := range map[mailbox.Step]mail.Outcome{
		mailbox.StepGreet: mail.NotSent, mailbox.StepHello: mail.NotSent, mailbox.StepMail: mail.NotSent,
		mailbox.StepRcpt: mail.NotSent, mailbox.StepData: mail.NotSent, mailbox.StepDot: mail.Unknown,
	} {
		t.Run(string(step), func(t *testing.T) {
			t.Parallel()
			server := office(t, mailbox.Options{})
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			server.Behave(func(at mailbox.Step, _, _ string) mailbox.Action {
				if at == step {
					cancel()
					return mailbox.Hang
				}
				return mailbox.OK
			})
			err := sender(t, server).Send(ctx, notice())
			var failure *mail.SendError
			if !errors.As(err, &failure) || failure.Outcome != want {
				t.Errorf("error %v, want %s", err, want)
			}
			if !errors.Is(err, context.Canceled) {
				t.Errorf("error %v does not say that it was cancelled", err)
			}
		})
	}
}

func TestSendDoesNotStartWithAnEndedContext(t *testing.T) {
	server := office(t, mailbox.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var failure *mail.SendError
	if err := sender(t, server).Send(ctx, notice()); !errors.As(err, &failure) || failure.Outcome != mail.NotSent {
		t.Errorf("error %v", err)
	}
	if n := len(server.Mails()); n != 0 {
		t.Errorf("%d mails left", n)
	}
}

func TestSendIsAllOrNothingBetweenRecipientAndCopy(t *testing.T) {
	for refused, want := range map[string]mail.Outcome{"abuse@host.test": mail.Refused, "copies@asso.test": mail.NotSent} {
		server := office(t, mailbox.Options{})
		server.Behave(func(step mailbox.Step, _, to string) mailbox.Action {
			if step == mailbox.StepRcpt && to == refused {
				return mailbox.PermFail
			}
			return mailbox.OK
		})
		m := notice()
		m.Bcc = "copies@asso.test"
		err := sender(t, server).Send(within(t, 5*time.Second), m)
		var failure *mail.SendError
		if !errors.As(err, &failure) || failure.Outcome != want || failure.Code != 550 || failure.Detail != "5.1.1" {
			t.Errorf("%s refused: error %v, want %s", refused, err, want)
		}
		if n := len(server.Mails()); n != 0 {
			t.Errorf("%s refused, but %d mails left", refused, n)
		}
	}
}

func TestSendVerifiesTheServerOverImplicitTLS(t *testing.T) {
	config, roots := certificate(t, "127.0.0.1")
	server := office(t, mailbox.Options{TLS: config, Implicit: true})
	smtp := parseSMTP(t, "smtps://asso:p%40ss@"+server.SMTPAddr())
	err := smtp.Send(within(t, 5*time.Second), notice())
	var failure *mail.SendError
	if !errors.As(err, &failure) || failure.Outcome != mail.NotSent || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("an unknown authority gave %v", err)
	}
	smtp.RootCAs = roots
	if err := smtp.Send(within(t, 5*time.Second), notice()); err != nil {
		t.Error(err)
	}
	if n := len(server.Mails()); n != 1 {
		t.Errorf("%d mails, want 1", n)
	}
}

// elsewhere is the server's address written so that it does not look like loopback.
func elsewhere(server *mailbox.Server) string {
	_, port, _ := net.SplitHostPort(server.SMTPAddr())
	return "0.0.0.0:" + port
}

func TestSendDemandsSTARTTLSUnlessLoopback(t *testing.T) {
	plain := office(t, mailbox.Options{})
	var failure *mail.SendError
	err := parseSMTP(t, "smtp://asso:p%40ss@"+elsewhere(plain)).Send(within(t, 5*time.Second), notice())
	if !errors.As(err, &failure) || failure.Outcome != mail.NotSent || len(plain.Mails()) != 0 {
		t.Errorf("without STARTTLS: error %v, %d mails", err, len(plain.Mails()))
	}

	config, roots := certificate(t, "0.0.0.0")
	secure := office(t, mailbox.Options{TLS: config})
	smtp := parseSMTP(t, "smtp://asso:p%40ss@"+elsewhere(secure))
	if err := smtp.Send(within(t, 5*time.Second), notice()); !errors.As(err, &failure) || len(secure.Mails()) != 0 {
		t.Errorf("an unknown authority gave %v", err)
	}
	smtp.RootCAs = roots
	if err := smtp.Send(within(t, 5*time.Second), notice()); err != nil {
		t.Error(err)
	}
}

func TestSendRefusesACertificateForAnotherName(t *testing.T) {
	config, roots := certificate(t, "192.0.2.1")
	server := office(t, mailbox.Options{TLS: config, Implicit: true})
	smtp := parseSMTP(t, "smtps://"+server.SMTPAddr())
	smtp.RootCAs = roots
	if err := smtp.Send(within(t, 5*time.Second), notice()); err == nil {
		t.Error("a certificate for another address was accepted")
	}
}

func TestWrongPasswordKeepsTheMailWaiting(t *testing.T) {
	server := office(t, mailbox.Options{})
	err := parseSMTP(t, "smtp://asso:wrong@"+server.SMTPAddr()).Send(within(t, 5*time.Second), notice())
	var failure *mail.SendError
	if !errors.As(err, &failure) || failure.Outcome != mail.NotSent || failure.Code != 535 || failure.Step != "sign-in" {
		t.Errorf("error %v", err)
	}
	if strings.Contains(err.Error(), "wrong") {
		t.Errorf("the error holds the password: %v", err)
	}
}

func TestUnreachableServerKeepsTheMailWaiting(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	err = parseSMTP(t, "smtp://"+address).Send(within(t, 5*time.Second), notice())
	var failure *mail.SendError
	if !errors.As(err, &failure) || failure.Outcome != mail.NotSent || !strings.Contains(err.Error(), "cannot connect") {
		t.Errorf("error %v", err)
	}
}

func TestSettingsAreReadOrRefusedWithoutRepeatingThePassword(t *testing.T) {
	for setting, ok := range map[string]bool{
		"smtp://127.0.0.1:25":                  true,
		"smtp://[::1]:25":                      true,
		"smtps://u:hidden@mail.example.org":    true,
		"smtp://u:hidden@mail.example.org:587": true,
		"http://u:hidden@mail.example.org":     false,
		"smtp://":                              false,
		"mail.example.org:25":                  false,
		"smtp://u:hid%zz@mail.example.org":     false,
		"smtp://u:hidden@mail.example.org/x":   false,
		"smtp://u:hidden@mail.example.org?x=y": false,
		"smtp://u:hidden@mail.example.org#x":   false,
		"":                                     false,
	} {
		s, err := mail.ParseSMTP(setting)
		if (err == nil) != ok {
			t.Errorf("%q: error %v", setting, err)
		}
		if text := fmt.Sprintf("%v %+v %#v %v", s, s, s, err); strings.Contains(text, "hid") {
			t.Errorf("the password is printed: %s", text)
		}
	}
	for setting, ok := range map[string]bool{
		"imap://u:hidden@127.0.0.1:143":                       true,
		"imaps://u:hidden@mail.example.org/INBOX?copies=Sent": true,
		"imap://u:hidden@mail.example.org":                    false,
		"imaps://mail.example.org":                            false,
		"smtp://u:hidden@mail.example.org":                    false,
	} {
		i, err := mail.ParseInbox(setting)
		if (err == nil) != ok {
			t.Errorf("%q: error %v", setting, err)
		}
		if text := fmt.Sprintf("%v %+v %#v %v", i, i, i, err); strings.Contains(text, "hid") {
			t.Errorf("the password is printed: %s", text)
		}
	}
}
