package sandbox_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"reprise/internal/mail"
	"reprise/internal/mailbox"
	"reprise/internal/sandbox"
)

// expect is what an address answers some time after the beginning of a test.
type expect struct {
	after  time.Duration // since the line before
	status int
	says   string
}

func follow(t *testing.T, s *sandbox.Sandbox, address string, lines ...expect) {
	t.Helper()
	for n, want := range lines {
		if want.after > 0 {
			advance(t, s, want.after)
		}
		status, body := get(t, s, address)
		if status != want.status || !strings.Contains(body, want.says) {
			t.Errorf("line %d: %d, want %d and %q in %q", n, status, want.status, want.says, body)
		}
	}
}

const hour = time.Hour

func TestHostThatRemovesTakesThePageAndItsPicturesDownAfterItsDelay(t *testing.T) {
	s := open(t, "")
	e, direct := example(t, s, "removes"), example(t, s, "direct")
	follow(t, s, e.URL, expect{0, 200, "og:image"})
	notify(t, s, e.Recipient, e.URL, direct.URL)
	follow(t, s, e.URL, expect{0, 200, "og:image"}, expect{2*hour - time.Minute, 200, "og:image"}, expect{time.Minute, 404, "introuvable"})
	follow(t, s, direct.URL, expect{0, 404, "introuvable"})
}

func TestOtherPagesOfTheHostStay(t *testing.T) {
	s := open(t, "")
	notify(t, s, "photomur", s.Addresses()[0].URL)
	advance(t, s, day)
	if status, _ := get(t, s, s.Addresses()[2].URL); status != 200 {
		t.Errorf("a page nobody asked about answers %d", status)
	}
}

const day = 24 * time.Hour

func TestSilentHostDoesNothingAndItsHostingCompanyRemoves(t *testing.T) {
	s := open(t, "")
	e := example(t, s, "silent")
	notify(t, s, e.Recipient, e.URL)
	follow(t, s, e.URL, expect{30 * day, 200, "og:image"})
	if mails := inbox(t, s, mailbox.Inbox); len(mails) != 0 {
		t.Errorf("the silent host answered: %q", mails)
	}
	behind := recipient(t, s, e.Recipient).Behind
	notify(t, s, behind[0], e.URL)
	follow(t, s, e.URL, expect{0, 200, "og:image"}, expect{6 * hour, 404, "introuvable"})
}

func TestHostThatRefusesSaysSoInTheThreadAndItsNetworkRemoves(t *testing.T) {
	s := open(t, "")
	e := example(t, s, "refuses")
	notify(t, s, e.Recipient, e.URL)
	settle(t, s)
	mails := inbox(t, s, mailbox.Inbox)
	if len(mails) != 1 {
		t.Fatalf("%d answers, want 1", len(mails))
	}
	reply, err := mail.ParseReply([]byte(mails[0]))
	if err != nil {
		t.Fatal(err)
	}
	if hint := mail.Suggest(reply).Hint; hint != mail.HintRefused {
		t.Errorf("the answer reads as %q", hint)
	}
	if reply.InReplyTo != "toutvu.1@"+domain || !strings.Contains(mails[0], "r+toutvu@"+domain) {
		t.Errorf("the answer is not in the thread of the notice: %s", mails[0])
	}
	follow(t, s, e.URL, expect{7 * day, 200, "og:image"})
	notify(t, s, recipient(t, s, e.Recipient).Behind[0], e.URL)
	follow(t, s, e.URL, expect{hour, 404, "not found"})
}

func TestHostThatPretendsSaysRemovedAndChangesNothing(t *testing.T) {
	s := open(t, "")
	e := example(t, s, "pretends")
	notify(t, s, e.Recipient, e.URL)
	settle(t, s)
	reply, err := mail.ParseReply([]byte(inbox(t, s, mailbox.Inbox)[0]))
	if err != nil {
		t.Fatal(err)
	}
	if hint := mail.Suggest(reply).Hint; hint != mail.HintRemoved {
		t.Errorf("the answer reads as %q", hint)
	}
	follow(t, s, e.URL, expect{30 * day, 200, "og:image"})
}

func TestHostThatHidesTheStatusSaysNotFoundWith200(t *testing.T) {
	s := open(t, "")
	e := example(t, s, "soft")
	notify(t, s, e.Recipient, e.URL)
	follow(t, s, e.URL, expect{0, 200, "og:image"}, expect{3 * hour, 200, "Page introuvable"})
	if _, body := get(t, s, e.URL); strings.Contains(body, "<img") || strings.Contains(body, "og:image") {
		t.Error("the page still shows pictures")
	}
}

func TestHostBehindALoginShowsNothing(t *testing.T) {
	s := open(t, "")
	follow(t, s, example(t, s, "login").URL, expect{0, 200, `type="password"`})
	follow(t, s, example(t, s, "forbidden").URL, expect{0, 403, `type="password"`})
}

func TestImageReappearsAfterTenDaysAndGoesForGoodAfterAReminder(t *testing.T) {
	s := open(t, "")
	e := example(t, s, "returns")
	notify(t, s, e.Recipient, e.URL)
	follow(t, s, e.URL, expect{hour, 404, ""}, expect{9 * day, 404, ""}, expect{day, 200, "og:image"})
	notify(t, s, e.Recipient, e.URL)
	follow(t, s, e.URL, expect{hour, 404, ""}, expect{60 * day, 404, ""})
}

func TestHostsWithoutRelationToAPageCannotTakeItDown(t *testing.T) {
	s := open(t, "")
	e := example(t, s, "silent")
	notify(t, s, "photomur", e.URL)
	follow(t, s, e.URL, expect{day, 200, "og:image"})
}

func TestCopiesAndMailToTheAssociationLandInTheirFolders(t *testing.T) {
	s := open(t, "")
	notify(t, s, "lentimages", example(t, s, "silent").URL)
	post(t, s, "From: <x@elsewhere.essai>\r\nSubject: Bonjour\r\n\r\nA\r\n", "contact@"+domain)
	if copies := inbox(t, s, mailbox.Copies); len(copies) != 1 || !strings.Contains(copies[0], "lentimages.1@") {
		t.Errorf("copies: %q", copies)
	}
	if in := inbox(t, s, mailbox.Inbox); len(in) != 1 || !strings.Contains(in[0], "Bonjour") {
		t.Errorf("inbox: %q", in)
	}
}

func TestEveryAnswerReadsAsWhatItSays(t *testing.T) {
	s := open(t, "")
	for _, id := range []string{"photomur", "toutvu"} { // one answers in French, one in English
		for preset, want := range map[string]mail.Hint{
			"acknowledged": mail.HintAcknowledged, "removed": mail.HintRemoved, "refused": mail.HintRefused,
			"more": mail.HintMoreInfo, "bounce": mail.HintBounced,
		} {
			notify(t, s, id, "http://elsewhere.essai/")
			sent := s.Mailbox().Mails()
			before := len(inbox(t, s, mailbox.Inbox))
			send(t, person(t), s.URL()+"/mail/"+sent[len(sent)-1].ID, "preset", preset)
			in := inbox(t, s, mailbox.Inbox)
			if len(in) != before+1 {
				t.Fatalf("%s: %d answers", preset, len(in)-before)
			}
			reply, err := mail.ParseReply([]byte(in[before]))
			if err != nil {
				t.Fatal(err)
			}
			if got := mail.Suggest(reply).Hint; got != want {
				t.Errorf("%s of %s reads as %q", preset, id, got)
			}
		}
	}
}

func TestStateMailAndClockOutliveAStop(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	e := example(t, s, "refuses")
	notify(t, s, "ondelivre", e.URL)
	notify(t, s, e.Recipient, e.URL)
	advance(t, s, hour)
	before := s.Now()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir)
	follow(t, again, e.URL, expect{0, 404, ""})
	if again.Now().Before(before) {
		t.Errorf("the clock went back from %s to %s", before, again.Now())
	}
	settle(t, again)
	if mails, answers := len(again.Mailbox().Mails()), len(inbox(t, again, mailbox.Inbox)); mails != 2 || answers != 2 {
		t.Errorf("%d mails and %d answers, want 2 and 2", mails, answers)
	}
}

func TestMailThatCameWhileNobodyReadIsActedOnAtTheNextStart(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	e := example(t, s, "removes")
	notify(t, s, e.Recipient, e.URL)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "sandbox.json")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	again := open(t, dir)
	follow(t, again, e.URL, expect{2 * hour, 404, ""})
}

func TestUnreadableStateIsSaidAndNotThrownAway(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "sandbox.json")
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := sandbox.New(sandbox.Options{Dir: dir, Domain: domain})
	if err == nil || !strings.Contains(err.Error(), "remove sandbox.json") {
		t.Errorf("got %v", err)
	}
}
