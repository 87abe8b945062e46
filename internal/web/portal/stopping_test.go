package portal

import (
	"testing"

	"reprise/internal/takedown"
)

func TestSheIsAskedWhetherAStopWasHersAndAnswersInOneTap(t *testing.T) {
	for button, said := range map[string]string{"mail-stop": "We will not write to you any more", "mail-keep": "check who else can read your e-mails"} {
		p := progressOf(3)
		p.Contact = takedown.Contact{Email: takedown.NewPrivate("she@example.org"), Confirmed: true, Frequency: takedown.MailEach, StoppedAt: p.OpenedAt}
		v := inSpace(t, p, "en")
		v.get("/s")
		v.has("We got a STOP by e-mail", `value="`+button+`"`, "No mails")
		v.post("/s", "do", "go-contact")
		v.has("We got a STOP by e-mail", "No mails")
		if v.page.handle("mail-stop") {
			t.Error("mails that are stopped can be stopped below")
		}
		v.post("/s", "do", "go-first")
		v.post("/s", "do", button)
		v.has(said)
		v.post("/s", "do", "go-first")
		if v.page.handle("mails-held") || v.desk.show.Contact.Email.Empty() != (button == "mail-stop") {
			t.Errorf("%s is not what was answered", button)
		}
	}
}
