package mail_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"reprise/internal/mail"
)

// crlf writes a test mail with the line ends of the wire.
func crlf(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r\n")) }

func parse(t *testing.T, raw string) mail.Reply {
	t.Helper()
	reply, err := mail.ParseReply(crlf(raw))
	if err != nil {
		t.Fatal(err)
	}
	return reply
}

const head = "From: =?utf-8?q?=C3=89quipe?= <abuse@host.test>\nTo: <r+" + token + "@asso.test>\n" +
	"Message-ID: <a1@host.test>\nIn-Reply-To: <n4k2@asso.test>\nReferences: <x@y.test>\n <n4k2@asso.test>\nSubject: Re: Demande\nMIME-Version: 1.0\n"

func TestReplyIsReadWithItsThread(t *testing.T) { // I01
	r := parse(t, head+"Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nC'est fait, =E9videmment.\n")
	if r.MessageID != "a1@host.test" || r.InReplyTo != "n4k2@asso.test" || !slices.Equal(r.References, []string{"x@y.test", "n4k2@asso.test"}) {
		t.Errorf("ids %q %q %q", r.MessageID, r.InReplyTo, r.References)
	}
	if r.From != "Équipe <abuse@host.test>" || r.Subject != "Re: Demande" || r.Text != "C'est fait, évidemment." || r.Fresh != r.Text {
		t.Errorf("%+v", r)
	}
	if r.Token != token || r.AutoSubmitted || r.Bounce != nil || len(r.Notes) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestTokenIsFoundWhereverTheMailWasAddressed(t *testing.T) {
	address := "r+" + token + "@asso.test"
	for field, want := range map[string]string{
		"To: " + address: token,
		"To: a@b.test, \"Asso\" <" + address + ">":     token,
		"Cc: <" + strings.ToUpper(address) + ">":       token,
		"Delivered-To: " + address:                     token,
		"X-Original-To: " + address:                    token,
		"To: x@y.test\nTo: <" + address + ">":          token,
		"From: " + address:                             "",
		"Subject: " + address:                          "",
		"To: or+" + token + "@asso.test":               "",
		"To: r+" + token + "x@asso.test":               "",
		"To: r+" + token[1:] + "@asso.test":            "",
		"To: r+" + strings.Repeat("1", 26) + "@asso.t": "",
	} {
		if got := parse(t, field+"\n\ntext\n").Token; got != want {
			t.Errorf("%q gave token %q, want %q", field, got, want)
		}
	}
	other := strings.Repeat("b", 26)
	ours := parse(t, "Delivered-To: "+address+"\nTo: r+"+other+"@asso.test\n\ntext\n")
	if ours.Token != token {
		t.Error("a sender's To outweighed what our own server wrote")
	}
}

func TestOnlyTextIsShownAndHTMLLoadsNothing(t *testing.T) { // I03
	html := `<html><head><title>T</title><style>p{}</style></head><body><p>Hello <b>you</b>,</p>` +
		`<img src="http://tracker.test/p.gif?case=1"><script>alert(1)</script>` +
		`<p>see <a href="https://host.test/form?a=1&amp;b=2">the form</a> &lt;b&gt;</p>` +
		`<a href="javascript:alert(1)">click</a><br>end<blockquote>old<br>older</blockquote></body></html>`
	both := parse(t, head+"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html\n\n"+html+
		"\n--b\nContent-Type: text/plain\n\nthe plain one\n--b--\n")
	if both.Text != "the plain one" || slices.Contains(both.Notes, mail.NoteHTML) {
		t.Errorf("of two alternatives: %q, %q", both.Text, both.Notes)
	}
	only := parse(t, head+"Content-Type: text/html; charset=utf-8\n\n"+html+"\n")
	want := "Hello you,\n\nsee the form <https://host.test/form?a=1&b=2> <b>\n\nclick\nend\n> old\n> older"
	if only.Text != want {
		t.Errorf("HTML became\n%q, want\n%q", only.Text, want)
	}
	if !slices.Contains(only.Notes, mail.NoteHTML) || !slices.Contains(only.Notes, mail.NoteLinks) {
		t.Errorf("notes %q", only.Notes)
	}
	if strings.Contains(only.Fresh, "older") {
		t.Errorf("the quotation counts as new: %q", only.Fresh)
	}
}

func TestMixedPartsAreJoined(t *testing.T) {
	r := parse(t, head+"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>answer</p>\n--b\n\nfooter\n--b--\n")
	if r.Text != "answer\n\nfooter" {
		t.Errorf("text %q", r.Text)
	}
}

func TestAttachmentsAreNamedMeasuredAndForgotten(t *testing.T) { // I09
	content := strings.Repeat("MZ hostile ", 500)
	raw := head + "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nsee attached\n"
	names := []string{"invoice.pdf.exe", "a.docm", "page.html", "a.zip", "a.iso", "a.lnk"}
	for _, name := range names {
		raw += "--b\nContent-Type: application/octet-stream; name=\"" + name + "\"\nContent-Disposition: attachment\n" +
			"Content-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString([]byte(content)) + "\n"
	}
	raw += "--b\nContent-Type: text/html; name=x.html\n\n<p>not shown</p>\n--b\nContent-Type: image/png\n\nPNG\n--b--\n"
	r := parse(t, raw)
	if r.Text != "see attached" || len(r.Attachments) != len(names)+2 {
		t.Fatalf("text %q, attachments %+v", r.Text, r.Attachments)
	}
	hash := sha256.Sum256([]byte(content))
	for n, name := range names {
		if want := (mail.Attachment{Name: name, Size: int64(len(content)), SHA256: hex.EncodeToString(hash[:])}); r.Attachments[n] != want {
			t.Errorf("attachment %+v, want %+v", r.Attachments[n], want)
		}
	}
	if last := r.Attachments[len(names)+1]; last.Name != "unnamed" || last.Size != 3 {
		t.Errorf("a nameless part is %+v", last)
	}
}

func TestFileNamesFollowTheCorpus(t *testing.T) {
	want := map[string]string{ // the rows whose expectation is a word and not a name
		"F10": "_aux.txt", "F12": "a_gpj.exe", "F18": "=cmd().csv", "F20": "naïve été.pdf",
	}
	for _, row := range corpus(t, "filename") {
		expected, special := want[row.id]
		if !special {
			expected = strings.TrimPrefix(row.expect, "norm:")
		}
		if got := mail.FileName(row.input); got != expected {
			t.Errorf("%s: %q became %q, want %q", row.id, row.input, got, expected)
		}
	}
	for name, want := range map[string]string{
		"../../etc/passwd": "passwd", "a/": "unnamed", "CON": "_CON", "com1.log": "_com1.log", "console.log": "console.log",
		"x\x00.png": "x.png", ". .": "unnamed", "\xff.txt": "_.txt", "a.txt ": "a.txt", " .hidden": ".hidden", "a\u2066b": "a_b",
	} {
		if got := mail.FileName(name); got != want {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
	long := mail.FileName(strings.Repeat("é", 300) + ".pdf.exe")
	if utf8.RuneCountInString(long) != 100 || !strings.HasSuffix(long, ".pdf.exe") {
		t.Errorf("a long name became %q", long)
	}
}

func TestNameOfAnAttachmentIsDecoded(t *testing.T) {
	for parameter, want := range map[string]string{
		`filename*=UTF-8''na%C3%AFve%20%C3%A9t%C3%A9.pdf`: "naïve été.pdf",
		`filename="=?utf-8?q?=C3=A9t=C3=A9.pdf?="`:        "été.pdf",
		`filename="..\\..\\x.exe"`:                        "x.exe",
		`filename="=?utf-8?q?a.txt=0D=0AX:_y?="`:          "a.txt",
	} {
		r := parse(t, head+"Content-Type: application/pdf\nContent-Disposition: attachment; "+parameter+"\n\nx\n")
		if len(r.Attachments) != 1 || strings.ContainsAny(r.Attachments[0].Name, "\r\n/\\") {
			t.Fatalf("%s: %+v", parameter, r.Attachments)
		}
		if got := r.Attachments[0].Name; got != want {
			t.Errorf("%s gave %q, want %q", parameter, got, want)
		}
	}
}

func TestAutomaticMailsAreKnown(t *testing.T) { // I11
	for field, want := range map[string]bool{
		"Auto-Submitted: auto-replied": true, "Auto-Submitted: auto-generated (x)": true, "Auto-Submitted: no": false,
		"Precedence: bulk": true, "Return-Path: <>": true, "Return-Path: <a@b.test>": false, "X: y": false,
	} {
		if got := parse(t, field+"\n\ntext\n").AutoSubmitted; got != want {
			t.Errorf("%q: automatic %v, want %v", field, got, want)
		}
	}
}

func TestTheSameMailDeliveredThreeTimesHasOneHash(t *testing.T) { // I13
	body := head + "\nRemoved.\n"
	first := parse(t, "Received: by a\n"+body)
	second := parse(t, "Received: by b\nReceived: by c\nDelivered-To: x@asso.test\n"+body)
	if len(first.Hash) != 64 || first.Hash != second.Hash {
		t.Errorf("hashes %s and %s", first.Hash, second.Hash)
	}
	other := parse(t, strings.Replace(body, "Removed.", "Removed!", 1))
	renamed := parse(t, strings.Replace(body, "a1@", "a2@", 1))
	if other.Hash == first.Hash || renamed.Hash == first.Hash || other.Hash == renamed.Hash {
		t.Error("different mails share a hash")
	}
}

func TestLinksStayTextWithANote(t *testing.T) { // I15
	r := parse(t, head+"\nconfirm you are the person: http://evil.test/?x=<b>\n")
	if r.Text != "confirm you are the person: http://evil.test/?x=<b>" || !slices.Contains(r.Notes, mail.NoteLinks) {
		t.Errorf("%q %q", r.Text, r.Notes)
	}
}

func TestDecodedHeadersHoldNoLineEnds(t *testing.T) { // I17
	r := parse(t, "Subject: =?utf-8?q?Re=0D=0ABcc:_v@evil.test=00=E2=80=AE?=\nFrom: =?utf-8?b?YQ0KYg==?= <a@b.test>\n\ntext\n")
	if r.Subject != "Re Bcc: v@evil.test\uFFFD" || r.From != "a b <a@b.test>" {
		t.Errorf("subject %q, from %q", r.Subject, r.From)
	}
}

func TestInvitationIsDroppedWithANote(t *testing.T) { // I19
	r := parse(t, head+"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n--b--\n")
	if r.Text != "hello" || len(r.Attachments) != 0 || !slices.Contains(r.Notes, mail.NoteCalendar) {
		t.Errorf("%+v", r)
	}
}

func TestTextIsCutAt64KBAtACharacter(t *testing.T) {
	for _, kind := range []string{"text/plain; charset=utf-8", "text/html; charset=utf-8"} {
		r := parse(t, head+"Content-Type: "+kind+"\n\n"+strings.Repeat("é ", 100_000)+"\n")
		if len(r.Text) > mail.MaxText || len(r.Text) < mail.MaxText-8 || !utf8.ValidString(r.Text) || !slices.Contains(r.Notes, mail.NoteTextCut) {
			t.Errorf("%s: %d bytes, notes %q", kind, len(r.Text), r.Notes)
		}
	}
	short := parse(t, head+"\n"+strings.Repeat("a", mail.MaxText-2)+"\n")
	if slices.Contains(short.Notes, mail.NoteTextCut) {
		t.Error("a text that fits is called cut")
	}
}

func TestDamagedMailsAreReadAsFarAsTheyGo(t *testing.T) {
	for name, test := range map[string]struct{ raw, text, note string }{
		"no closing boundary": {"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n", "hello", mail.NoteCutShort},
		"unknown charset":     {"Content-Type: text/plain; charset=x-nowhere\n\nhello\n", "hello", mail.NoteCharset},
		"utf-7":               {"Content-Type: text/plain; charset=utf-7\n\n+ADw-script+AD4-\n", "+ADw-script+AD4-", mail.NoteCharset},
		"unknown encoding":    {"Content-Transfer-Encoding: x-rot13\n\nhello\n", "hello", mail.NoteNotDecodable},
		"broken base64":       {"Content-Transfer-Encoding: base64\n\naGVsbG8h!!!!\n", "hello!", mail.NoteNotDecodable},
		"no boundary":         {"Content-Type: multipart/mixed\n\nhello\n", "", mail.NoteNotDecodable},
		"broken type":         {"Content-Type: text; charset\n\nhello\n", "hello", ""},
		"8-bit":               {"Content-Type: text/plain\n\nh\xe9llo\x00\n", "h\uFFFDllo", ""},
	} {
		r := parse(t, head+test.raw)
		if r.Text != test.text || test.note != "" && !slices.Contains(r.Notes, test.note) {
			t.Errorf("%s: text %q, notes %q", name, r.Text, r.Notes)
		}
	}
	for _, raw := range []string{"", "\n\n", "no header at all", " folded first\nA: b\n\n"} {
		if _, err := mail.ParseReply(crlf(raw)); !errors.Is(err, mail.ErrUnreadable) {
			t.Errorf("%q gave %v", raw, err)
		}
	}
}

func TestOverlongFieldsAreDroppedUnread(t *testing.T) {
	r := parse(t, "Subject: "+strings.Repeat("a ", 2100)+"\nTo: r+"+token+"@asso.test\n\ntext\n")
	if r.Subject != "" || !slices.Contains(r.Notes, mail.NoteOverlongField) || r.Token != token || r.Text != "text" {
		t.Errorf("subject %.20q, notes %q, token %q", r.Subject, r.Notes, r.Token)
	}
	usual := parse(t, head+"Received: "+strings.Repeat("a ", 2100)+"\n\ntext\n")
	if len(usual.Notes) != 0 {
		t.Errorf("a long trace is noted: %q", usual.Notes)
	}
}

// nested builds multiparts one in the other.
func nested(depth int) string {
	var open, end strings.Builder
	for n := range depth {
		fmt.Fprintf(&open, "Content-Type: multipart/mixed; boundary=%d\n\n--%d\n", n, n)
		end.WriteString(fmt.Sprintf("\n--%d--\n", depth-1-n))
	}
	return open.String() + "\ndeep\n" + end.String()
}

func TestNestingIsReadToADepthOf10(t *testing.T) {
	if r := parse(t, head+nested(10)); r.Text != "deep" {
		t.Errorf("at depth 10 the text is %q", r.Text)
	}
	if _, err := mail.ParseReply(crlf(head + nested(11))); !errors.Is(err, mail.ErrHostile) {
		t.Errorf("depth 11 gave %v", err)
	}
}

func TestPartsAreReadToACountOf100(t *testing.T) {
	parts := func(n int) string {
		return head + "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n", n) + "--b--\n"
	}
	if r := parse(t, parts(100)); strings.Count(r.Text, "x") != 100 {
		t.Errorf("of 100 parts: %q", r.Text)
	}
	if _, err := mail.ParseReply(crlf(parts(101))); !errors.Is(err, mail.ErrHostile) {
		t.Errorf("101 parts gave %v", err)
	}
}

// TestHostileMailsCostLittle holds the bounds of SAFETY 4.3: each of these mails made
// some mail parser work for seconds.
func TestHostileMailsCostLittle(t *testing.T) {
	multipart := head + "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
	for name, test := range map[string]struct {
		raw     string
		hostile bool
	}{
		"1.3 KB of nested multiparts":    {head + nested(20), true},
		"nested without boundaries":      {head + strings.Repeat("Content-Type: multipart/mixed; boundary=\"\"\n\n--\n", 40), false},
		"one boundary at every depth":    {head + strings.Repeat("Content-Type: multipart/mixed; boundary=b\n\n--b\n", 5000), true},
		"100,000 parts":                  {multipart + strings.Repeat("\nx\n--b\n", 100_000), true},
		"5 MiB of encoded words":         {"Subject: " + strings.Repeat("=?utf-8?q?=41?= ", 5<<20/16) + "\n\ntext\n", true},
		"5 MiB of folded encoded words":  {"Subject: a\n" + strings.Repeat(" =?utf-8?b?QQ==?=\n", 5<<20/18) + "\ntext\n", true},
		"60 KB of encoded words":         {"Subject: " + strings.Repeat("=?utf-8?q?a?=", 60<<10/13) + "\n\ntext\n", false},
		"30 KB of unclosed encoded word": {"Subject: " + strings.Repeat("=?utf-8?q?", 3000) + "\n\ntext\n", false},
		"16,000 fields":                  {strings.Repeat("A:\n", 16_000) + "\ntext\n", false},
		"100,000 fields":                 {strings.Repeat("A: b\n", 100_000) + "\ntext\n", true},
		"100,000 fields in a part":       {multipart + strings.Repeat("A: b\n", 100_000) + "\ntext\n--b--\n", true},
		"60 KB of parameters":            {head + "Content-Type: text/plain" + strings.Repeat("; a*0*=b", 7000) + "\n\ntext\n", false},
		"4 KB of parameters":             {head + "Content-Type: text/plain" + strings.Repeat(";a*0*=b", 500) + "\n\ntext\n", false},
		"60 KB of addresses":             {"To: " + strings.Repeat("a@b.test,", 6800) + "\n\ntext\n", false},
		"60 KB of comments":              {"To: " + strings.Repeat("(", 60<<10) + "\n\ntext\n", false},
		"many references":                {"References: " + strings.Repeat("<a@b>", 800) + "\n\ntext\n", false},
		"long preamble":                  {head + "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("-\n", 400_000), false},
		"almost boundaries":              {multipart + "\n" + strings.Repeat("\n--b-", 200_000), false},
		"1 MB line":                      {multipart + "\n" + strings.Repeat("-", 1<<20), false},
		"deep HTML":                      {head + "Content-Type: text/html\n\n" + strings.Repeat("<div><blockquote>", 60_000), false},
		"open tag":                       {head + "Content-Type: text/html\n\n<a " + strings.Repeat("b=c ", 250_000), false},
		"open comment":                   {head + "Content-Type: text/html\n\n" + strings.Repeat("<!--", 250_000), false},
		"entities":                       {head + "Content-Type: text/html\n\n" + strings.Repeat("&amp", 250_000), false},
		"quoted lines":                   {head + "\n" + strings.Repeat("On 1 Jan 2026\n", 70_000), false},
		"almost attribution":             {head + "\nOn " + strings.Repeat("wrote ", 10_000) + "\n", false},
		"combining flood":                {head + "Content-Type: text/plain; charset=utf-8\n\nZ" + strings.Repeat("\u0337", 400_000), false},
	} {
		raw := crlf(test.raw)
		started := time.Now()
		reply, err := mail.ParseReply(raw)
		mail.Suggest(reply)
		took := time.Since(started)
		if errors.Is(err, mail.ErrHostile) != test.hostile {
			t.Errorf("%s: error %v", name, err)
		}
		if test.hostile && (reply.Text != "" || len(reply.Attachments) != 0) {
			t.Errorf("%s: a refused mail left text or attachments", name)
		}
		limit := 2 * time.Second // a busy machine and the race detector included
		if len(raw) < 2000 {
			limit = 50 * time.Millisecond
		}
		if took > limit {
			t.Errorf("%s: %v, want under %v", name, took, limit)
		}
		t.Logf("%-32s %8d bytes %10v", name, len(raw), took)
	}
}

func TestHostileMailStillComesBackToItsNotice(t *testing.T) {
	r, err := mail.ParseReply(crlf(head + nested(30)))
	if !errors.Is(err, mail.ErrHostile) || r.Token != token || r.MessageID != "a1@host.test" || len(r.Hash) != 64 {
		t.Errorf("%+v, %v", r, err)
	}
}

func FuzzParseReply(f *testing.F) {
	f.Add(crlf(head + "\ntext\n"))
	f.Add(crlf(head + nested(3)))
	f.Add(crlf(head + "Content-Type: text/html; charset=utf-16\n\n<p>a<blockquote>b"))
	f.Add(crlf("Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nA: b\n\nAction: failed\nStatus: 5.1.1\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <a@b>\n\n--b--\n"))
	f.Add(crlf(head + "Content-Type: a/b; name*0*=utf-8''%41; name*1=b\nContent-Transfer-Encoding: base64\n\nQUJD\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := mail.ParseReply(raw)
		if err != nil && !errors.Is(err, mail.ErrHostile) && !errors.Is(err, mail.ErrUnreadable) {
			t.Fatalf("error %v", err)
		}
		texts := []string{r.Text, r.Fresh, r.Subject, r.From, mail.Suggest(r).Because}
		for _, a := range r.Attachments {
			texts = append(texts, a.Name)
			if a.Name == "" || utf8.RuneCountInString(a.Name) > 101 || strings.ContainsAny(a.Name, "/\\\n") {
				t.Errorf("name %q", a.Name)
			}
		}
		for _, text := range texts {
			if len(text) > mail.MaxText || !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\r\x1b") {
				t.Errorf("text %.100q", text)
			}
		}
		if strings.ContainsAny(r.Subject+r.From, "\n") || len(r.Attachments) > 101 {
			t.Errorf("subject %q, from %q, %d attachments", r.Subject, r.From, len(r.Attachments))
		}
	})
}
