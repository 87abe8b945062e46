package portal

import (
	"net/http"
	"strings"
	"testing"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

func TestAKeyIsGivenComparedAndDeleted(t *testing.T) {
	p := progressOf(3)
	p.Contact = takedown.Contact{Email: takedown.NewPrivate("she@example.org"), Confirmed: true, Frequency: takedown.MailEach}
	v := inSpace(t, p, "en")
	v.post("/s", "do", "go-contact")
	v.has("Encrypt the e-mails", "may look odd to someone who sees your mailbox")

	v.post("/s", "do", "key-set", "f7", "no <b>key</b>")
	if v.page.status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong key: %d", v.page.status)
	}
	v.has("do not give it to anyone", "no &lt;b&gt;key&lt;/b&gt;")
	for _, away := range []bool{false, true} { // refused, and while the database is away
		if away {
			v.desk.failing = errAway
		}
		v.post("/s", "do", "key-set", "f7", "-----BEGIN PGP PRIVATE KEY BLOCK-----\nsecret\n")
		if strings.Contains(v.page.body, "secret") {
			t.Errorf("a private key is shown again, away %v", away)
		}
	}
	v.post("/s", "do", "key-set", "f7", "a key typed\nwhile away")
	v.has("a key typed\nwhile away")
	v.desk.failing = nil

	v.post("/s", "do", "key-set", "f7", strings.ReplaceAll(deskKey, "\n", "\r\n"))
	v.has("Key kept", "ABCD 0123")
	v.desk.keyTrouble = takedown.Refuse(takedown.Invalid, "error.key_expired")
	v.post("/s", "do", "go-contact")
	v.has("The time of this key is over", "No e-mail is sent while this key is here")
	v.post("/s", "do", "key-forget")
	v.has("Key deleted", `data-t="key-set"`)
	if v.page.handle("key-print") {
		t.Error("the key is still there")
	}
}

func TestKeysAreReadAFewTimesAMinute(t *testing.T) {
	h := newHouse(t, func(o *web.Options) { o.Widen = 1 })
	h.desk.show = progressOf(1)
	h.desk.show.Contact = takedown.Contact{Email: takedown.NewPrivate("she@example.org"), Confirmed: true, Frequency: takedown.MailEach}
	v := h.visitor()
	v.lang = "en"
	v.visitAgain()
	for range 5 {
		v.post("/s", "do", "key-set", "f7", "no key")
	}
	if v.page.status != http.StatusUnprocessableEntity {
		t.Errorf("the fifth: %d", v.page.status)
	}
	v.post("/s", "do", "key-set", "f7", deskKey)
	v.has("BEGIN PGP PUBLIC KEY BLOCK")
	if v.page.status != http.StatusTooManyRequests || !h.desk.show.Contact.Key.Empty() {
		t.Errorf("the sixth of a minute: %d", v.page.status)
	}
}
