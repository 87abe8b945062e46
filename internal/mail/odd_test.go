package mail_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"reprise/internal/mail"
)

// oddServer speaks just enough SMTP to give unusual answers. Its map says what is
// answered to a verb; "." is the final dot. It returns its address and what it was told.
func oddServer(t *testing.T, answers map[string]string) (string, func() string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var heard strings.Builder
	var serving sync.WaitGroup
	serving.Go(func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		fmt.Fprint(conn, "220 odd.test\r\n")
		lines := bufio.NewScanner(conn)
		inData := false
		for lines.Scan() {
			heard.WriteString(lines.Text() + "\n")
			if inData && lines.Text() != "." {
				continue
			}
			verb := strings.ToUpper(strings.SplitN(lines.Text(), " ", 2)[0])
			inData = verb == "DATA"
			answer, odd := answers[verb]
			switch {
			case !odd && inData:
				answer = "354 go on"
			case !odd:
				answer = "250 fine"
			}
			fmt.Fprint(conn, answer+"\r\n")
		}
	})
	t.Cleanup(func() { listener.Close(); serving.Wait() })
	return listener.Addr().String(), func() string { listener.Close(); serving.Wait(); return heard.String() }
}

func TestOnlyAClearAnswerToTheFinalDotIsAnAnswer(t *testing.T) {
	for answer, want := range map[string]mail.Outcome{
		"251 somewhere else": mail.Unknown,
		"354 what":           mail.Unknown,
		"hello":              mail.Unknown,
		"":                   mail.Unknown,
		"999 no":             mail.Unknown,
		"451-a\r\n451 later": mail.NotSent,
		"554 spam":           mail.Refused,
	} {
		address, _ := oddServer(t, map[string]string{".": answer})
		smtp := parseSMTP(t, "smtp://"+address)
		smtp.FinalTimeout = 300 * time.Millisecond
		err := smtp.Send(within(t, 5*time.Second), notice())
		var failure *mail.SendError
		if !errors.As(err, &failure) || failure.Outcome != want {
			t.Errorf("%q gave %v, want %s", answer, err, want)
		}
	}
}

func TestAnswersOfTheServerStayOutOfTheError(t *testing.T) {
	address, _ := oddServer(t, map[string]string{"RCPT": "550 5.1.1 <abuse@host.test>: no such person https://x.test"})
	err := parseSMTP(t, "smtp://"+address).Send(within(t, 5*time.Second), notice())
	if err == nil || err.Error() != "mail refused for good: recipient answered with 550 5.1.1" {
		t.Errorf("error %v", err)
	}
	for ; err != nil; err = errors.Unwrap(err) {
		if strings.Contains(err.Error(), "host.test") {
			t.Errorf("the chain of errors names somebody: %v", err)
		}
	}
}

func TestSignInUsesLoginWherePlainIsMissing(t *testing.T) {
	address, heard := oddServer(t, map[string]string{
		"EHLO": "250-odd.test\r\n250 AUTH LOGIN", "AUTH": "334 UGFzc3dvcmQ6",
		"CEBZCW==": "235 ok", // the password in base64, upper-case like every verb here
	})
	if err := parseSMTP(t, "smtp://asso:p%40ss@"+address).Send(within(t, 5*time.Second), notice()); err != nil {
		t.Errorf("%v after\n%s", err, heard())
	}
}

func TestSignInFailsIfTheServerOffersNoWay(t *testing.T) {
	address, heard := oddServer(t, map[string]string{"EHLO": "250-odd.test\r\n250 AUTH XOAUTH2"})
	err := parseSMTP(t, "smtp://asso:p%40ss@"+address).Send(within(t, 5*time.Second), notice())
	var failure *mail.SendError
	if !errors.As(err, &failure) || failure.Outcome != mail.NotSent || !strings.Contains(err.Error(), "AUTH PLAIN") {
		t.Errorf("error %v", err)
	}
	if strings.Contains(heard(), "MAIL") {
		t.Error("a mail was offered without signing in")
	}
}

func TestServerIsGreetedByANeutralName(t *testing.T) {
	address, heard := oddServer(t, nil)
	smtp := parseSMTP(t, "smtp://"+address)
	smtp.Hello = "mail.example.org"
	if err := smtp.Send(within(t, 5*time.Second), notice()); err != nil {
		t.Fatal(err)
	}
	if first, _, _ := strings.Cut(heard(), "\n"); first != "EHLO mail.example.org" {
		t.Errorf("the server heard %q", first)
	}
}
