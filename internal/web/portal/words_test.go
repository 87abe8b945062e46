package portal

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

func TestAWrongEntryComesFirstAndKeepsTheNumber(t *testing.T) {
	v := newHouse(t).visitor()
	v.lang = "en"
	v.get("/")
	v.has("I lost my phrase")
	for _, c := range []struct {
		number, phrase string
		status         int
		told           []string
	}{
		{deskNumber, "wrong", http.StatusNotFound, []string{"do not go together"}},
		{deskNumber, "", http.StatusUnprocessableEntity, []string{"Your phrase is missing"}},
		{"", deskPhrase, http.StatusUnprocessableEntity, []string{"Your number is missing"}},
		{"", "", http.StatusUnprocessableEntity, []string{"Your number is missing", "Your phrase is missing"}},
	} {
		v.post("/", "do", "enter", "f1", c.number, "f2", c.phrase)
		for _, told := range c.told {
			if got := strings.Count(v.page.body, told); v.page.status != c.status || got != 2 { // above, and beside the field
				t.Errorf("%q %q: %d, %q is told %d times", c.number, c.phrase, v.page.status, told, got)
			}
		}
		if strings.Count(v.page.body, `data-t="enter"`) != 1 || strings.Index(v.page.body, `data-t="enter"`) > strings.Index(v.page.body, "<h1>") {
			t.Errorf("%q %q: the form does not come first, once", c.number, c.phrase)
		}
		if c.number != "" {
			v.has(` value="` + deskNumber + `"`)
		}
		if strings.Contains(v.page.body, deskPhrase) {
			t.Error("the phrase is sent back")
		}
	}
}

func TestComingBackIsInTheLanguageOfTheCaseUnlessOneWasChosen(t *testing.T) {
	h := newHouse(t)
	h.desk.show = takedown.Progress{State: takedown.CaseOpen, Lang: takedown.English}
	v := h.visitor()
	v.lang = "fr"
	v.visitAgain()
	v.has("Your case")
	chosen := h.visitor()
	chosen.lang = "en"
	chosen.get("/")
	chosen.post("/", "lang", "fr")
	chosen.visitAgain()
	chosen.has("Votre dossier")
}

func TestMailsCanBeStoppedInTheSpace(t *testing.T) {
	p := progressOf(3)
	p.Contact = takedown.Contact{Email: takedown.NewPrivate("she@example.org"), Confirmed: true, Frequency: takedown.MailDaily}
	v := inSpace(t, p, "en")
	v.has("Once a day")
	v.post("/s", "do", "go-contact")
	v.has("Once a day")
	if !v.page.handle("mail-stop") || strings.Contains(v.page.body, "she@") {
		t.Error("mails cannot be stopped, or her address is shown")
	}
	v.post("/s", "do", "mail-stop")
	v.has("We will not write to you any more", "No mails")
	if v.page.handle("mail-stop") {
		t.Error("they can be stopped twice")
	}
}

// TestAnAddressThatIsNotConfirmedIsSaidFirst holds what she would else find by chance
// alone: she gave an address, and no mail comes.
func TestAnAddressThatIsNotConfirmedIsSaidFirst(t *testing.T) {
	p := progressOf(3)
	p.Contact = takedown.Contact{Email: takedown.NewPrivate("she@example.org"), Frequency: takedown.MailWeekly}
	v := inSpace(t, p, "en")
	v.has("Your e-mail address is not confirmed yet", "Confirm my e-mail")
	if strings.Contains(v.page.body, "Once a week") {
		t.Error("her space says that mails come")
	}
	v.post("/s", "do", "go-contact")
	if !v.page.handle("code-send") || strings.Contains(v.page.body, `value="go-contact" data-t="go-contact">Confirm`) {
		t.Error("the way there does not lead to the code, or is shown there too")
	}
	v.desk.show.Contact.Confirmed = true
	v.post("/s", "do", "go-first")
	v.has("Once a week")
	if strings.Contains(v.page.body, "not confirmed") {
		t.Error("it is said of a confirmed address")
	}
}

func TestMarksOfImagesCanBeDeletedInTheSpace(t *testing.T) {
	p := progressOf(3)
	v := inSpace(t, p, "en")
	if v.post("/s", "do", "go-contact"); v.page.handle("points-stop") {
		t.Error("one may delete what nobody allowed to keep")
	}
	p.MayUsePoints = true
	v = inSpace(t, p, "en")
	v.post("/s", "do", "go-contact")
	v.has("Delete these marks")
	v.post("/s", "do", "points-stop")
	v.has("The marks are deleted")
	if v.page.handle("points-stop") {
		t.Error("they can be deleted twice")
	}
}

func TestServicesForMinorsCanBeCalledAndOpened(t *testing.T) {
	of := func(contact string) channel {
		return channelOf(takedown.French, takedown.ProtectionChannel{Name: "N", Contact: contact})
	}
	for contact, want := range map[string]channel{
		"3018": {Tel: "3018"}, "+33 1 23 45": {Tel: "+3312345"}, "pointdecontact.net": {Site: "pointdecontact.net"},
		"internet-signalement.gouv.fr": {Site: "internet-signalement.gouv.fr"}, "javascript:alert(1)": {}, "evil.example/\"x": {}, "": {},
	} {
		want.Name, want.Contact = "N", contact
		if got := of(contact); got != want {
			t.Errorf("%q: %+v", contact, got)
		}
	}
	v := newHouse(t).visitor()
	v.get("/f")
	v.post("/f", "f1", "minor", "do", "next")
	v.has(`<a href="tel:3018" dir="ltr">3018</a>`, `<a href="https://pointdecontact.net" rel="noreferrer noopener nofollow" dir="ltr">pointdecontact.net</a>`)
	if strings.Contains(v.page.body, "Childline") {
		t.Error("the services of another country are shown")
	}
}

func TestWhoWeAreIsSaidInTheTextOfTheFirstPageAlone(t *testing.T) {
	v := newHouse(t).visitor()
	v.lang = "en"
	v.get("/")
	v.has("We are The Harbour. You can reach us at team@harbour.example.")
	head, _, _ := strings.Cut(v.page.body, "<main")
	if v.get("/f"); strings.Contains(head, "Harbour") || strings.Contains(v.page.body, "Harbour") {
		t.Error("it is said elsewhere")
	}
}

func TestAThreatWithNothingPublishedIsNotLeftStuck(t *testing.T) {
	v := newHouse(t).visitor()
	v.lang = "en"
	v.get("/f")
	v.post("/f", "f1", "adult", "do", "next")
	v.post("/f", "f1", "threat", "do", "next")
	v.post("/f", "f1", "self", "do", "next")
	v.has("Is nothing online yet?", "at least one address or one image", `href="tel:3018"`)
	v.post("/f", "f1", "", "do", "next")
	v.upload("/f", "next")
	v.has("at least one address or one image")
}

func TestClosingReasonsSpeakToThePerson(t *testing.T) {
	for _, why := range takedown.Closings() {
		for _, l := range web.Langs("portal") {
			if key := "space.why." + string(why); web.T(l, key) == key {
				t.Errorf("%s has no words in %s", key, l)
			}
		}
	}
	p := progressOf(0)
	p.State = takedown.CaseWithdrawn
	p.Items = []takedown.ItemProgress{
		{Step: takedown.StepGone, Closed: takedown.ClosedRemoved}, {Step: takedown.StepStopped, Closed: takedown.ClosedWithdrawn},
	}
	v := inSpace(t, p, "en")
	v.has("You asked us to stop.")
	if strings.Contains(v.page.body, "keep looking") {
		t.Error("after the withdrawal we say that we look")
	}
}

func TestNumbersAreThoseOfACountryElseThoseForEveryone(t *testing.T) {
	d := &door{words: Words{Country: "FR", Help: []takedown.HelpLine{
		{Country: "US", Contact: "1-844-878-2274", Name: takedown.Said{"en": "Images"}, About: takedown.Said{"fr": "jour et nuit"}},
		{Country: "FR", Contact: "3018", Name: takedown.Said{"fr": "En ligne", "ar": "على الإنترنت"}},
		{Country: "*", Contact: "help.example", Name: takedown.Said{"en": "Near you"}},
	}}}
	for country, want := range map[string]web.HelpLine{
		"":   {Name: "على الإنترنت", Number: "3018", Tel: "3018"},
		"US": {Name: "Images", Number: "1-844-878-2274", Tel: "18448782274", Text: "jour et nuit"},
		"XX": {Name: "Near you", Number: "help.example", Site: "help.example"},
	} {
		if got := d.help("ar", country); len(got) != 1 || got[0] != want {
			t.Errorf("%q: %+v", country, got)
		}
	}
}

// TestThePortalSpeaksFromTheCatalogueAlone keeps out what is written for the
// team, in its two languages.
func TestThePortalSpeaksFromTheCatalogueAlone(t *testing.T) {
	teams := regexp.MustCompile(`takedown\.(?:Day|Text|LangOf|Langs)\b|\.Label\(\)|\.Explanation\(\)`)
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, f := range files {
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if found := teams.Find(source); found != nil && !strings.HasSuffix(f, "_test.go") {
			t.Errorf("%s says %s", f, found)
		}
	}
}
