package reporter

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"

	"reprise/internal/mailbox"
	"reprise/internal/takedown"
)

// newKey makes a key that is good for a time, and gives its public part as well.
func (h *dataHouse) newKey(lives time.Duration) (*openpgp.Entity, takedown.Private) {
	h.t.Helper()
	config := packet.Config{Time: func() time.Time { return h.now }, KeyLifetimeSecs: uint32(lives.Seconds())}
	key, err := openpgp.NewEntity("She", "", "she@example.org", &config)
	h.must(err)
	var out bytes.Buffer
	w, err := armor.Encode(&out, openpgp.PublicKeyType, nil)
	h.must(err)
	h.must(key.Serialize(w))
	h.must(w.Close())
	return key, takedown.NewPrivate(out.String())
}

// decrypt gives what is inside an encrypted mail, with the header of that part.
func (h *dataHouse) decrypt(m mailbox.Mail, key *openpgp.Entity) string {
	h.t.Helper()
	parsed, err := netmail.ReadMessage(bytes.NewReader(m.Raw))
	h.must(err)
	_, values, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	h.must(err)
	parts := multipart.NewReader(parsed.Body, values["boundary"])
	_, err = parts.NextPart()
	h.must(err)
	sealed, err := parts.NextPart()
	h.must(err)
	block, err := armor.Decode(sealed)
	h.must(err)
	md, err := openpgp.ReadMessage(block.Body, openpgp.EntityList{key}, nil, nil)
	h.must(err)
	inside, err := io.ReadAll(md.UnverifiedBody)
	h.must(err)
	return string(inside)
}

func TestMailsAreEncryptedToHerKeyUntilSheDeletesIt(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		she, plain := h.mailed()
		if k, err := h.MailKey(h.ctx, she); err != nil || k != (takedown.MailKey{}) {
			t.Errorf("before: %+v, %v", k, err)
		}
		key, public := h.newKey(0)
		h.must(h.SetMailKey(h.ctx, she, public))
		if k, err := h.MailKey(h.ctx, she); err != nil || k.Trouble != nil || len(k.Fingerprint) != 49 {
			t.Errorf("her key: %+v, %v", k, err)
		}
		if n := h.hasNews(she); n != 3 {
			t.Fatalf("%d mails", n)
		}
		got := h.mails()[2]
		if strings.Contains(string(got.Raw), "Bonjour") || got.Subject != plain.Subject || got.ReplyTo != plain.ReplyTo {
			t.Errorf("it is readable outside, or its header changed: %s", got.Raw)
		}
		if inside := h.decrypt(got, key); !strings.Contains(inside, "Il y a du nouveau") || !strings.Contains(inside, "STOP") {
			t.Errorf("inside it says %q", inside)
		}
		h.must(h.SetMail(h.ctx, she, takedown.NewPrivate("new@example.org"), takedown.MailEach))
		h.now = h.now.Add(time.Minute)
		h.must(h.AskCode(h.ctx, she))
		code := h.mails()[3]
		if inside := h.decrypt(code, key); codeIn(code).Reveal() != "" || !strings.Contains(inside, "Votre code") {
			t.Errorf("a code: inside it says %q", inside)
		} else {
			code.Body = inside[strings.Index(inside, "\r\n\r\n"):]
			h.must(h.ConfirmMail(h.ctx, she, codeIn(code)))
		}
		h.must(h.ForgetMailKey(h.ctx, she))
		n := h.hasNews(she)
		if last := h.mails()[n-1]; n != 5 || !strings.Contains(last.Body, "Il y a du nouveau") {
			t.Errorf("after it is deleted: %d mails, %q", n, last.Body)
		}
		if k, err := h.MailKey(h.ctx, she); err != nil || k != (takedown.MailKey{}) {
			t.Errorf("after: %+v, %v", k, err)
		}
		if h.count("events WHERE verb = 'contact.key'") != 1 || h.count("events WHERE verb = 'contact.key_forget'") != 1 {
			t.Error("the audit does not say so")
		}
	})
}

func TestARefusedKeyChangesNothingAndAnExpiredOneIsNeverReplacedByPlainText(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		she, _ := h.mailed()
		_, public := h.newKey(100 * time.Hour)
		h.must(h.SetMailKey(h.ctx, she, public))
		if err := h.SetMailKey(h.ctx, she, takedown.NewPrivate("no key")); takedown.KindOf(err) != takedown.Invalid {
			t.Errorf("no key: %v", err)
		}
		if k, err := h.MailKey(h.ctx, she); err != nil || k.Fingerprint == "" {
			t.Errorf("the earlier key is gone: %+v, %v", k, err)
		}
		h.now = h.now.Add(100 * time.Hour)
		if n := h.hasNews(she); n != 2 {
			t.Errorf("%d mails left with a key that has expired", n-2)
		}
		if k, err := h.MailKey(h.ctx, she); err != nil || takedown.KindOf(k.Trouble) != takedown.Invalid {
			t.Errorf("her page says %+v, %v", k, err)
		}
		h.must(h.SetMail(h.ctx, she, takedown.NewPrivate("new@example.org"), takedown.MailEach))
		h.must(h.AskCode(h.ctx, she))
		if n := len(h.mails()); n != 2 {
			t.Errorf("%d codes left readable", n-2)
		}
		h.must(h.StopMails(h.ctx, she))
		if k, err := h.MailKey(h.ctx, she); err != nil || k != (takedown.MailKey{}) {
			t.Errorf("the key outlives the address: %+v, %v", k, err)
		}
	})
}

// TestAnswersEndWithTheKeyAndWithTheSecrecyTheyWereChosenUnder has somebody at a space
// that was left open, without her phrase, make her mails readable for himself.
func TestAnswersEndWithTheKeyAndWithTheSecrecyTheyWereChosenUnder(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		l := h.losing()
		_, armored := h.newKey(365 * 24 * time.Hour)
		_, other := h.newKey(365 * 24 * time.Hour)
		h.must(h.SetMailKey(h.ctx, l.Actor, armored))
		h.must(h.SetMailKey(h.ctx, l.Actor, armored))
		if h.progress(l.person).AnswersAt.IsZero() {
			t.Error("a first key, and the same again, take the answers away")
		}
		for name, opens := range map[string]func() error{
			"another key": func() error { return h.SetMailKey(h.ctx, l.Actor, other) },
			"no key":      func() error { return h.ForgetMailKey(h.ctx, l.Actor) },
			"readers":     func() error { return h.SetWishes(h.ctx, l.Actor, takedown.Wishes{Reads: takedown.ReadersMaybe}) },
		} {
			h.must(h.SetWishes(h.ctx, l.Actor, takedown.Wishes{Reads: takedown.ReadersNobody}))
			h.must(h.SetMailKey(h.ctx, l.Actor, armored))
			h.must(h.KeepAnswers(h.ctx, l.Actor, l.phrase, l.answers))
			h.must(opens())
			if !h.progress(l.person).AnswersAt.IsZero() {
				t.Errorf("%s: the answers stay", name)
			}
		}
	})
}
