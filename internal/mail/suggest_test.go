package mail_test

import (
	"strings"
	"testing"

	"reprise/internal/mail"
)

func TestFreshLeavesTheOriginalOut(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"nothing quoted":     {"Hello.\n\nBye.", "Hello.\n\nBye."},
		"marked below":       {"Removed.\n\nOn 4 March 2026, Asso wrote:\n> please\n> remove", "Removed."},
		"French attribution": {"Fait.\n\nLe mer. 4 mars 2026 à 10:00, Asso <n@asso.test> a écrit :\n> merci", "Fait."},
		"folded attribution": {"Done.\n\nOn Wed, Mar 4, 2026 at 10:00 AM Association <notices@asso.test>\nwrote:\n\n> please", "Done."},
		"not marked":         {"Done.\n\nOn 4 March 2026, Asso wrote:\n\nplease remove\nit was removed", "Done."},
		"answered between":   {"> first?\nyes\n> second?\nno", "yes\nno"},
		"answered below":     {"On 4 March 2026, Asso wrote:\n> please\n\nDone.", "Done."},
		"Outlook":            {"Done.\n\n-----Original Message-----\nFrom: Asso\nplease", "Done."},
		"Outlook French":     {"Fait.\n\n________________________________\nDe : Asso\nEnvoyé : mercredi\nmerci", "Fait."},
		"copied header":      {"Fait.\n\nDe : Asso <n@asso.test>\nEnvoyé : mercredi 4 mars\nÀ : x\nmerci", "Fait."},
		"ticket system":      {"##- Please type your reply above this line -##\n\nWe removed it.", "We removed it."},
		"letter with From":   {"From our records:\nnothing was found.", "From our records:\nnothing was found."},
		"only quoted":        {"> all\n> old", ""},
		"a sentence on":      {"On 4 March 2026 we removed it.\nRegards", "On 4 March 2026 we removed it.\nRegards"},
	} {
		if got := mail.Fresh(test.text); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestSuggestReadsWhatPlatformsWrite(t *testing.T) {
	for text, want := range map[string]mail.Hint{
		"Thank you for your report. We have removed the content.":                               mail.HintRemoved,
		"The content you reported has been\nremoved from our platform.":                         mail.HintRemoved,
		"Bonjour, l’image a été supprimée. Cordialement":                                        mail.HintRemoved,
		"Nous avons retiré le contenu signalé.":                                                 mail.HintRemoved,
		"Les URL ont été déréférencées ; elles ne sont plus accessibles.":                       mail.HintRemoved,
		"We have received your request and will review it shortly.":                             mail.HintAcknowledged,
		"Nous avons bien reçu votre signalement, il est en cours de traitement.":                mail.HintAcknowledged,
		"Nous accusons réception de votre demande.":                                             mail.HintAcknowledged,
		"Thanks for contacting us. If we need more information we will get back to you.":        mail.HintAcknowledged,
		"We received your report. If the content has been removed already, ignore this.":        mail.HintAcknowledged,
		"Thank you for your report. We reviewed it and it does not violate our guidelines.":     mail.HintRefused,
		"The content cannot be removed.":                                                        mail.HintRefused,
		"Nous ne sommes pas l'hébergeur de ce site.":                                            mail.HintRefused,
		"Après examen, ce contenu n'enfreint pas nos règles. Il n'a donc pas été supprimé.":     mail.HintRefused,
		"We received your request. Please provide the exact URL.":                               mail.HintMoreInfo,
		"Merci de préciser l'adresse exacte. Si le contenu a été supprimé, ignorez ce message.": mail.HintMoreInfo,
		"Merci de nous avoir contactés. Votre demande a été prise en compte.":                   mail.HintAcknowledged,
		"This mailbox is not monitored. Use our web form.":                                      mail.HintBounced,
		"I am on leave until Monday.":                                                           "",
		"":                                                                                      "",
	} {
		got := mail.Suggest(mail.Reply{Fresh: text})
		if got.Hint != want {
			t.Errorf("%q suggests %q (%q), want %q", text, got.Hint, got.Because, want)
		}
		if (got.Because == "") != (want == "") || !strings.Contains(strings.Join(strings.Fields(text), " "), got.Because) {
			t.Errorf("%q: because of %q", text, got.Because)
		}
	}
}

func TestSuggestIgnoresWhatIsQuoted(t *testing.T) {
	r := parse(t, head+"\nHello.\n\nOn 4 March 2026, Asso wrote:\n> the content has been removed\n")
	if got := mail.Suggest(r); got.Hint != "" {
		t.Errorf("our own words suggest %q", got.Hint)
	}
}

func TestReferenceNumberIsFound(t *testing.T) {
	for text, want := range map[string]string{
		"Your ticket #48213 was created.":       "48213",
		"Re: Demande [Ticket#2026030410000123]": "2026030410000123",
		"Case number: ABC-2026-0042.":           "ABC-2026-0042",
		"Votre demande n° 123456 est en cours":  "123456",
		"Référence : SIG-00912":                 "SIG-00912",
		"[GH-123456] Re: Demande":               "GH-123456",
		"(#987654)":                             "987654",
		"Your request information will follow":  "",
		"It was removed on 4 March 2026.":       "",
		"Call 12":                               "",
	} {
		if got := mail.Suggest(mail.Reply{Fresh: text}).Reference; got != want {
			t.Errorf("%q: reference %q, want %q", text, got, want)
		}
	}
	both := mail.Suggest(mail.Reply{Subject: "[Ticket#111222]", Fresh: "ticket 333444"})
	if both.Reference != "111222" {
		t.Errorf("reference %q, want the subject's", both.Reference)
	}
}

func TestReportOfSuccessIsNoBounce(t *testing.T) {
	report := "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nok\n--b\nContent-Type: message/delivery-status\n\n" +
		"Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.test\nAction: %s\nStatus: %s\n\n--b--\n"
	for action, want := range map[string]*mail.Bounce{
		"delivered": nil, "relayed": nil, "failed": {Status: "5.7.1", Permanent: true}, "Delayed": {Status: "5.7.1"},
	} {
		text := strings.Replace(strings.Replace(report, "%s", action, 1), "%s", "5.7.1 (policy)", 1)
		got := parse(t, text).Bounce
		if (got == nil) != (want == nil) || got != nil && *got != *want {
			t.Errorf("%s: %+v, want %+v", action, got, want)
		}
	}
	outside := parse(t, "Content-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\n")
	if outside.Bounce != nil {
		t.Error("a status outside a report counts as a bounce")
	}
}
