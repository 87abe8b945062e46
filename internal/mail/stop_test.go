package mail_test

import (
	"strings"
	"testing"

	"reprise/internal/mail"
	"reprise/internal/takedown"
)

const quiet = "information@post.example"

// answered reads a mail to the address of a person's mails.
func answered(t *testing.T, header, body string) mail.Reply {
	t.Helper()
	raw := "From: someone@example.org\nTo: " + mail.QuietAddress(token, quiet) + "\nMessage-ID: <a@b>\n" +
		"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n" + header + "\n" + body
	r, err := mail.ParseReply([]byte(strings.ReplaceAll(raw, "\n", "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestOneWordAtTheTopSaysStop(t *testing.T) {
	quoted := "\n\nLe 2 mars 2026, Information a écrit :\n> Bonjour,\n> répondez STOP.\n"
	for body, want := range map[string]bool{
		"STOP": true, "stop": true, "  Stop.\n": true, "*STOP*": true, "«STOP»": true, "\n\nSTOP\n\n-- \nSent from my phone": true, "STOP" + quoted: true,
		"ARRET": true, "Arrêt": true, "ARRE\u0302T": true, "baja": true, "PARAR": true, "إيقاف": true, "ايقاف": true, "\u200fإيقاف\u200e": true, "Unsubscribe": true,
		"> Bonjour,\n\nSTOP": true, // what is new below the quotation
		"":                   false, "who is this?": false, "Do not stop": false, "stop it": false, "nonstop": false, "Hello\nSTOP": false, "> STOP": false,
		"Merci" + quoted: false, quoted: false, "S T O P": false, "STOPP": false,
	} {
		if got := answered(t, "Subject: Re: Information\n", body).SaysStop(); got != want {
			t.Errorf("%q says stop: %v", body, got)
		}
	}
	for subject, want := range map[string]bool{"STOP": true, "Re: STOP": true, "RE : Re: Arrêt": true, "=?utf-8?q?ARR=C3=8AT?=": true, "Re: Information": false, "Fwd: STOP": false, "Do not stop": false} {
		if got := answered(t, "Subject: "+subject+"\n", "Hello").SaysStop(); got != want {
			t.Errorf("the subject %q says stop: %v", subject, got)
		}
	}
}

func TestAProgramNeverSaysStop(t *testing.T) {
	for _, header := range []string{"Auto-Submitted: auto-replied\n", "Auto-Submitted: auto-generated (rule)\n", "Precedence: bulk\n", "Precedence: auto_reply\n", "Return-Path: <>\n"} {
		if answered(t, "Subject: STOP\n"+header, "STOP").SaysStop() {
			t.Errorf("%q: a program says stop", header)
		}
	}
	bounce := "Subject: STOP\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nSTOP\n\n" +
		"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nFinal-Recipient: rfc822; a@b\nAction: failed\nStatus: 5.1.1\n\n--b--\n"
	r, err := mail.ParseReply([]byte("From: a@b\nTo: c@d\n" + bounce))
	if err != nil || r.Bounce == nil || r.SaysStop() {
		t.Errorf("a bounce says stop: %v, %v", r.Bounce, err)
	}
}

func TestTokenOfTheNeutralSenderIsFoundAtHisNameAlone(t *testing.T) {
	for to, want := range map[string]string{
		"information+" + token + "@post.example": token, "<INFORMATION+" + strings.ToUpper(token) + "@POST.example>": token,
		"a@b, information+" + token + "@elsewhere.example": token, // another machine may have taken it in
		"r+" + token + "@post.example":                     "", "xinformation+" + token + "@post.example": "", "x.information+" + token + "@post.example": "",
		"information@post.example": "", "information+abc@post.example": "", "information+" + token + "x@post.example": "",
	} {
		r, err := mail.ParseReply([]byte("To: " + to + "\r\n\r\nSTOP"))
		if err != nil || r.QuietToken(quiet) != want {
			t.Errorf("%s: token %q, %v", to, r.QuietToken(quiet), err)
		}
	}
	if got := mail.QuietAddress(token, quiet); got != "information+"+token+"@post.example" {
		t.Error(got)
	}
}

func TestUpdateSaysHowToStopOnlyWhereAnAnswerIsRead(t *testing.T) {
	for _, lang := range []string{"fr", "en", "es", "ar"} {
		for _, read := range []bool{true, false} {
			_, body, err := mail.ComposeUpdate(takedown.Lang(lang), read)
			if err != nil || strings.Contains(body, "STOP") != read || strings.Contains(body, "\n\n\n") {
				t.Errorf("in %s, read %v: %q, %v", lang, read, body, err)
			}
		}
	}
}
