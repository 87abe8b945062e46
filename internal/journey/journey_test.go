package journey

import (
	"strings"
	"testing"
	"time"
)

const day = 24 * time.Hour

func TestRemovedAndConfirmed(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		// Given a person who pastes an address of a host that removes on notice, and two images,
		h.opensCase(h.example("removes"))
		h.confirms()
		h.turn()
		h.want(h.reads(), []string{"checking"}, "she reads")
		// when a caseworker confirms the match, reads the notice and approves it,
		h.signsIn()
		h.confirmsMatches()
		h.selects()
		h.pressAction("plan")
		h.want(h.notices(), []string{}, "mails before anybody approved")
		h.approves()
		// then one notice leaves, and she reads that we asked;
		h.want(h.notices(), []string{"abuse@photomur.essai"}, "mails")
		h.want(h.reads(), []string{"asked"}, "she reads")
		// after one look that finds it gone nothing is claimed,
		h.later(6 * time.Hour)
		h.want(h.presences(), []string{"gone_once"}, "after one look")
		if got := h.reads(); got[0] == "gone" {
			t.Fatal("told as gone after one look")
		}
		// and after a second a day later it is gone, told by a mail that says nothing.
		h.later(30 * time.Hour)
		h.want(h.reads(), []string{"gone"}, "she reads")
		h.want(h.notices(), []string{"abuse@photomur.essai"}, "mails in all")
		h.saysNothing()
	})
}

// saysNothing checks the mails to the person.
func (h *house) saysNothing() {
	h.t.Helper()
	told := 0
	for _, m := range h.trial.Sandbox.Mailbox().Mails() {
		if m.To[0] != "elle@example.org" {
			continue
		}
		told++
		for _, word := range []string{"http", "photomur", h.number, "image", "retrait", "removed", "case", "dossier", "reprise"} {
			if strings.Contains(strings.ToLower(m.Subject+m.Body), word) {
				h.t.Errorf("a mail to the person says %q", word)
			}
		}
	}
	if told == 0 {
		h.t.Error("the person wanted a mail and got none")
	}
}

func TestSoftNotFoundCountsAsGone(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		// Given a host that answers a notice with a page that says "not found" and status 200,
		h.opensCase(h.example("soft"))
		h.turn()
		h.signsIn()
		// when it was asked and two looks a day apart agree,
		h.asks()
		h.later(48 * time.Hour)
		// then it is gone.
		h.want(h.reads(), []string{"gone"}, "she reads")
	})
}

func TestRemovedThenReappeared(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		// Given an address that was removed and confirmed,
		h.opensCase(h.example("returns"))
		h.turn()
		h.signsIn()
		h.asks()
		h.later(3 * day)
		h.want(h.reads(), []string{"gone"}, "she reads")
		// when the host lets the image reappear,
		h.later(28 * day)
		// then the case is taken up again, a reminder in the same thread waits for a person,
		h.want(h.presences(), []string{"reappeared"}, "what is there")
		h.want(h.reads(), []string{"back"}, "she reads")
		h.want(len(h.notices()), 1, "mails before the reminder was approved")
		h.approves()
		// and leaves once approved.
		mails := h.notices()
		h.want(len(mails), 2, "mails")
		all := h.trial.Sandbox.Mailbox().Mails()
		first, second := "", ""
		for _, m := range all {
			if strings.HasPrefix(m.From, "notices@") {
				if first == "" {
					first = m.MessageID
				} else {
					second = string(m.Raw)
				}
			}
		}
		if !strings.Contains(second, "In-Reply-To: <"+first+">") {
			t.Fatal("the reminder is not in the thread of its notice")
		}
	})
}

func TestRefusedThenNextRecipient(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		// Given a host that refuses by mail,
		h.opensCase(h.example("refuses"))
		h.turn()
		h.signsIn()
		h.asks()
		h.turn()
		// when the caseworker reads the answer and applies what it suggests,
		h.appliesReplies("refused")
		// then the next of the ladder is drafted, and asked once approved; it removes.
		h.want(h.reads(), []string{"still_there"}, "she reads")
		h.approves()
		h.want(h.notices(), []string{"abuse@toutvu.essai", "abuse@ondelivre.essai"}, "mails")
		h.later(48 * time.Hour)
		h.want(h.reads(), []string{"gone"}, "she reads")
	})
}

// appliesReplies has the caseworker apply each new answer as it is suggested.
func (h *house) appliesReplies(state string) {
	h.t.Helper()
	base := strings.SplitN(h.casePage().at, "?", 2)[0]
	h.worker.open(base + "/notices")
	var links []string
	for _, row := range h.worker.all("notice-row") {
		links = append(links, linkIn(row))
	}
	applied := 0
	for _, link := range links {
		h.worker.open(link)
		if h.worker.has("reply-row") && h.worker.has("apply-state") {
			h.pressAction("apply-state")
			applied++
		}
	}
	if applied == 0 {
		h.t.Fatal("no answer to apply")
	}
	found := false
	for _, n := range h.casePage().all("request-row") {
		found = found || attr(n, "data-state") == state
	}
	if !found {
		h.t.Fatalf("no request is %s: %s", state, h.worker.text())
	}
}

func TestSilentThenLapsedThenNextRecipient(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		// Given a host that never answers,
		h.opensCase(h.example("silent"))
		h.turn()
		h.signsIn()
		h.asks()
		h.want(h.notices(), []string{"abuse@lentimages.essai"}, "mails")
		// when its time is over,
		h.later(8 * day)
		// then its hosting company is drafted, asked once approved, and removes.
		h.want(h.reads(), []string{"still_there"}, "she reads")
		h.approves()
		h.want(h.notices(), []string{"abuse@lentimages.essai", "abuse@nordbaie.essai"}, "mails")
		h.later(48 * time.Hour)
		h.want(h.reads(), []string{"gone"}, "she reads")
	})
}

func TestAHostThatOnlySaysRemovedIsNotBelieved(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		// Given a host that answers "removed" and removes nothing,
		h.opensCase(h.example("pretends"))
		h.turn()
		h.signsIn()
		h.asks()
		// when days go by,
		h.later(3 * day)
		// then nobody is told that it is gone.
		h.want(h.presences(), []string{"online"}, "what is there")
		if got := h.reads(); got[0] == "gone" {
			t.Fatal("a mail was believed")
		}
	})
}

func TestLoginWallGoesToAPerson(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		// Given addresses behind a login, by a form and by a 403,
		h.opensCase(h.example("login"), h.example("forbidden"))
		h.turn()
		h.signsIn()
		// when they are asked about and days go by,
		h.asks()
		h.later(3 * day)
		// then they are never gone, and the queue asks a person.
		h.want(h.presences(), []string{"login_wall", "login_wall"}, "what is there")
		h.worker.open("/")
		found := false
		for _, row := range h.worker.all("queue-row") {
			found = found || attr(row, "data-kind") == "wall"
		}
		if !found {
			t.Fatalf("the queue does not ask: %s", h.worker.text())
		}
	})
}

func TestMirroredCroppedAndScreenshottedCopiesAreFoundAndAnUnrelatedImageIsNot(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		// Given a mirrored copy, a cropped one, one in a screenshot, and a page with other pictures,
		h.opensCase(h.example("mirror"), h.example("crop"), h.example("screenshot"), h.example("unrelated"))
		h.turn()
		h.signsIn()
		// when the caseworker opens the matches,
		h.worker.open(strings.SplitN(h.casePage().at, "?", 2)[0] + "/matches")
		// then the first three are there and sure, the mirrored one named so, and not the fourth.
		var variants, verdicts []string
		for _, row := range h.worker.all("match-row") {
			variants, verdicts = append(variants, attr(row, "data-variant")), append(verdicts, attr(row, "data-verdict"))
		}
		h.want(verdicts, []string{"near", "near", "near"}, "matches")
		if !strings.Contains(strings.Join(variants, " "), "flipy") {
			t.Fatalf("no mirrored copy among %v", variants)
		}
	})
}

func TestWithdrawnByThePersonSendsNothingMore(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		// Given a case with a drafted notice,
		h.opensCase(h.example("removes"), h.example("silent"))
		h.turn()
		h.signsIn()
		h.selects()
		h.pressAction("triage-accept")
		h.selects()
		h.pressAction("plan")
		// when the person withdraws,
		h.person.open("/s").press("go-stop").press("withdraw")
		if h.person.has("withdraw") {
			h.person.press("withdraw") // the page that asks once more
		}
		// then nothing is sent, however long.
		h.later(10 * day)
		h.want(h.notices(), []string{}, "mails")
		for _, n := range h.casePage().all("request-row") {
			if s := attr(n, "data-state"); s != "withdrawn" {
				t.Errorf("a request is still %s", s)
			}
		}
	})
}

func TestMinorsRouteFetchesHashesAndSendsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for _, age := range []string{"age-minor", "age-unsure"} {
			// Given a person in the image who was, or may have been, under age,
			p := newVisitor(t, "http://"+h.trial.House.Addr("portal"))
			p.open("/").press("start").choose(age).press("next")
			// then the page gives the channels, and has no field for addresses or images.
			for _, handle := range []string{"urls", "images", "submit"} {
				if p.has(handle) {
					t.Errorf("%s: the page has %q", age, handle)
				}
			}
			for _, channel := range []string{"3018", "119", "Take It Down"} {
				if !strings.Contains(p.text(), channel) {
					t.Errorf("%s: the page does not name %s", age, channel)
				}
			}
		}
		// And in an adult case one button stops everything about an item.
		h.opensCase(h.example("removes"))
		h.turn()
		h.signsIn()
		h.asksButStopsBeforeApproving()
		h.selects()
		h.pressAction("minor")
		h.worker.press("minor-sure") // the page that asks once more
		h.later(3 * day)
		h.want(h.notices(), []string{}, "mails")
		h.worker.open("/")
		rows := h.worker.all("queue-row")
		if len(rows) == 0 || attr(rows[0], "data-kind") != "minor" {
			t.Fatalf("the queue does not begin with it: %s", h.worker.text())
		}
	})
}

func (h *house) asksButStopsBeforeApproving() {
	h.t.Helper()
	h.selects()
	h.pressAction("triage-accept")
	h.selects()
	h.pressAction("plan")
}

func TestNumberAndPhraseOpenTheCaseAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.opensCase(h.example("removes"))
		again := newVisitor(t, "http://"+h.trial.House.Addr("portal"))
		again.open("/").fill("enter-number", h.number).fill("enter-phrase", "one two three four five six seven").press("enter")
		wrong := again.text()
		if again.has("item") {
			t.Fatal("a wrong phrase opened it")
		}
		again.open("/").fill("enter-number", "123 456 789").fill("enter-phrase", h.phrase).press("enter")
		if again.text() != wrong {
			t.Fatal("an unknown number is told apart from a wrong phrase")
		}
		again.open("/").fill("enter-number", h.number).fill("enter-phrase", strings.ToUpper(h.phrase)).press("enter")
		again.open("/s")
		if !again.has("item") {
			t.Fatalf("number and phrase do not open it: %s", again.text())
		}
	})
}

func TestAddressOnOurOwnNetworkIsKeptOrRefusedButNeverFetched(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.opensCase(h.example("removes"), "http://127.0.0.1:"+portOf(h.trial.House.Addr("ops"))+"/metrics", "http://localhost/x", "http://unknown-host.net/y", "not an address")
		h.turn()
		h.want(len(h.reads()), 2, "items kept")
	})
}

func portOf(addr string) string { return addr[strings.LastIndexByte(addr, ':')+1:] }
