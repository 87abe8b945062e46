package casework

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"reprise/internal/mailbox"
	"reprise/internal/takedown"
)

func gone(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

const page = "photomur.net/album"

func TestRemovedIsToldAfterTwoLooksADayApart(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 0)
		her := h.open("http://" + page)
		item := h.item(her.ID)
		if item.Item.Presence != takedown.Online || len(item.Matches) != 1 || item.Matches[0].Verdict != takedown.VerdictNear {
			t.Fatalf("after the first look: %s, %d matches", item.Item.Presence, len(item.Matches))
		}
		if item.Task != takedown.TaskMatch {
			t.Fatalf("the queue asks for %q, want a match to confirm", item.Task)
		}
		must(t, h.DecideMatches(h.ctx, h.staff, []string{item.Matches[0].ID}, takedown.MatchConfirmed))
		try(h.Plan(h.ctx, h.staff, her.ID, []string{item.Item.ID}))(t)
		if len(h.notices()) != 0 {
			t.Fatal("a notice left before anybody approved it")
		}
		h.approveMail(t, her.ID)
		if got := len(h.notices()); got != 1 {
			t.Fatalf("%d notices left, want 1", got)
		}
		if step := h.step(her); step != takedown.StepAsked {
			t.Fatalf("she reads %s, want asked", step)
		}
		h.site.set(page, gone)
		h.later(6 * time.Hour)
		if p := h.item(her.ID).Item.Presence; p != takedown.GoneOnce {
			t.Fatalf("after one look: %s", p)
		}
		if step := h.step(her); step == takedown.StepGone {
			t.Fatal("told as gone after one look")
		}
		h.later(30 * time.Hour)
		item = h.item(her.ID)
		if item.Item.Closed != takedown.ClosedRemoved || h.step(her) != takedown.StepGone {
			t.Fatalf("after two looks: closed %q, she reads %s", item.Item.Closed, h.step(her))
		}
		if v := h.view(her.ID); v.Case.State != takedown.CaseClosed || v.Case.WatchUntil.IsZero() {
			t.Fatalf("the case is %s", v.Case.State)
		}
		if n := len(h.notices()); n != 1 {
			t.Fatalf("%d notices left in all, want 1", n)
		}
	})
}

// approveMail approves the notices that go by mail.
func (h *house) approveMail(t *testing.T, caseID string) {
	t.Helper()
	for _, n := range h.view(caseID).Notices {
		if n.State == takedown.NoticeDrafted && n.Channel == takedown.ByMail {
			must(t, h.Approve(h.ctx, h.staff, n.ID))
		}
	}
	must(t, h.Jobs.Drain(h.ctx))
}

func (h *house) step(her takedown.Actor) takedown.Step {
	h.t.Helper()
	return try(h.Progress(h.ctx, her))(h.t).Items[0].Step
}

// asked confirms the one item of a case and sends the notice to its platform.
func (h *house) asked(t *testing.T, address string) takedown.Actor {
	t.Helper()
	her := h.open(address)
	id := h.item(her.ID).Item.ID
	must(t, h.ConfirmItems(h.ctx, h.staff, []string{id}))
	try(h.Plan(h.ctx, h.staff, her.ID, []string{id}))(t)
	h.approveMail(t, her.ID)
	return her
}

func TestReappearanceBringsOneReminderInTheThread(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 0)
		her := h.asked(t, "http://"+page)
		h.site.set(page, gone)
		h.later(48 * time.Hour)
		if h.item(her.ID).Item.Closed != takedown.ClosedRemoved {
			t.Fatal("not removed after two days")
		}
		h.site.gallery(t, page, 0)
		h.later(8 * 24 * time.Hour)
		item := h.item(her.ID)
		if item.Item.Presence != takedown.Reappeared || !item.Item.Open() || item.Task != takedown.TaskReappeared {
			t.Fatalf("back online: %s, closed %q, task %q", item.Item.Presence, item.Item.Closed, item.Task)
		}
		if h.view(her.ID).Case.State != takedown.CaseOpen {
			t.Fatal("the case was not taken up again")
		}
		h.approveMail(t, her.ID)
		mails := h.notices()
		if len(mails) != 2 {
			t.Fatalf("%d mails, want the notice and one reminder", len(mails))
		}
		raw := string(mails[1].Raw)
		if !strings.Contains(raw, "In-Reply-To: <"+mails[0].MessageID+">") {
			t.Fatal("the reminder is not in the thread of its notice")
		}
		h.site.set(page, gone)
		h.later(4 * 24 * time.Hour)
		if h.item(her.ID).Item.Closed != takedown.ClosedRemoved {
			t.Fatalf("not removed again: %s", h.item(her.ID).Item.Presence)
		}
	})
}

func TestSilenceLapsesAndTheNextRecipientIsDrafted(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		at := "muet.net/fil"
		h.site.gallery(t, at, 0)
		her := h.asked(t, "http://"+at)
		h.later(47 * time.Hour)
		if s := h.requestTo(her.ID, "t-muet").State; s != takedown.RequestSent {
			t.Fatalf("before its 48 hours the request is %s", s)
		}
		h.later(2 * time.Hour)
		if s := h.requestTo(her.ID, "t-muet").State; s != takedown.RequestLapsed {
			t.Fatalf("after its 48 hours the request is %s", s)
		}
		next := h.requestTo(her.ID, "t-heberge")
		if next.State != takedown.RequestDrafted || next.ParentID != h.requestTo(her.ID, "t-muet").ID {
			t.Fatalf("the next request is %s, parent %q", next.State, next.ParentID)
		}
		if h.step(her) != takedown.StepStillThere {
			t.Fatalf("she reads %s", h.step(her))
		}
		h.approveMail(t, her.ID)
		if mails := h.notices(); len(mails) != 2 || mails[1].To[0] != "abuse@heberge.net" {
			t.Fatalf("%d mails left", len(mails))
		}
	})
}

func (h *house) requestTo(caseID, recipient string) takedown.Request {
	h.t.Helper()
	for _, i := range h.view(caseID).Items {
		for _, r := range i.Requests {
			if r.RecipientID == recipient {
				return r.Request
			}
		}
	}
	h.t.Fatalf("no request to %s", recipient)
	return takedown.Request{}
}

func TestRefusalIsSuggestedAndAppliedByAPerson(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 0)
		her := h.asked(t, "http://"+page)
		sent := h.notices()[0]
		must(t, h.post.Answer(sent, "abuse@photomur.net", "Bonjour,\n\nAprès examen, nous refusons de retirer ce contenu.\n"))
		h.turn()
		if s := h.requestTo(her.ID, "t-photomur").State; s != takedown.RequestSent {
			t.Fatalf("a mail alone made it %s", s)
		}
		reply := h.reply(t, her.ID)
		if reply.Suggestion != takedown.MoveRefuse {
			t.Fatalf("the answer suggests %q", reply.Suggestion)
		}
		must(t, h.ApplyReply(h.ctx, h.staff, reply.ID, takedown.MoveRefuse))
		if s := h.requestTo(her.ID, "t-photomur").State; s != takedown.RequestRefused {
			t.Fatalf("applied, it is %s", s)
		}
		if s := h.requestTo(her.ID, "t-heberge").State; s != takedown.RequestDrafted {
			t.Fatalf("the next recipient's request is %s", s)
		}
		if err := h.ApplyReply(h.ctx, h.staff, reply.ID, takedown.MoveRefuse); !errors.Is(err, takedown.ErrStep) {
			t.Fatalf("applied twice: %v", err)
		}
	})
}

func TestLoginWallIsNeverGoneAndGoesToAPerson(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 0)
		her := h.asked(t, "http://"+page)
		h.site.set(page, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
		h.later(72 * time.Hour)
		item := h.item(her.ID)
		if item.Item.Presence != takedown.LoginWall || item.Task != takedown.TaskWall {
			t.Fatalf("%s, task %q", item.Item.Presence, item.Task)
		}
		if err := h.Overrule(h.ctx, h.staff, item.Item.ID, takedown.Removed, ""); !errors.Is(err, takedown.ErrReason) {
			t.Fatalf("overruled without a reason: %v", err)
		}
		must(t, h.Overrule(h.ctx, h.staff, item.Item.ID, takedown.Removed, "seen signed in: it is gone"))
		if h.item(her.ID).Item.Closed != takedown.ClosedRemoved {
			t.Fatal("a person's word did not close it")
		}
		if h.item(her.ID).Item.Overruled.Reveal() != "seen signed in: it is gone" {
			t.Fatal("the reason is not kept")
		}
	})
}

func TestSoftNotFoundAndPageWithoutTheImageCountAsGone(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 0)
		her := h.asked(t, "http://"+page)
		h.site.gallery(t, page, 3) // the page stands, with another photograph
		h.later(48 * time.Hour)
		if c := h.item(her.ID).Item.Closed; c != takedown.ClosedRemoved {
			t.Fatalf("the image is off the page, closed %q", c)
		}
	})
}

func TestUnrelatedImageIsNotMatched(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 5)
		her := h.open("http://" + page)
		item := h.item(her.ID)
		if len(item.Matches) != 0 || item.Task != takedown.TaskReview {
			t.Fatalf("%d matches, task %q", len(item.Matches), item.Task)
		}
	})
}

func TestWithdrawnCaseSendsAndLooksNoMore(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 0)
		her := h.open("http://" + page)
		id := h.item(her.ID).Item.ID
		must(t, h.ConfirmItems(h.ctx, h.staff, []string{id}))
		try(h.Plan(h.ctx, h.staff, her.ID, []string{id}))(t)
		drafted := h.view(her.ID).Notices
		must(t, h.Withdraw(h.ctx, her))
		looked := h.site.count(page)
		for _, n := range drafted {
			if err := h.Approve(h.ctx, h.staff, n.ID); takedown.KindOf(err) != takedown.Conflict {
				t.Fatalf("approved after the withdrawal: %v", err)
			}
		}
		h.later(10 * 24 * time.Hour)
		if n := len(h.post.Mails()); n != 0 {
			t.Fatalf("%d mails left after the withdrawal", n)
		}
		if h.site.count(page) != looked {
			t.Fatal("looked at after the withdrawal")
		}
	})
}

func TestSuspectedMinorStopsEverything(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 0)
		her := h.open("http://" + page)
		id := h.item(her.ID).Item.ID
		must(t, h.ConfirmItems(h.ctx, h.staff, []string{id}))
		try(h.Plan(h.ctx, h.staff, her.ID, []string{id}))(t)
		must(t, h.SuspectMinor(h.ctx, h.staff, []string{id}))
		looked := h.site.count(page)
		h.later(10 * 24 * time.Hour)
		if len(h.notices()) != 0 || h.site.count(page) != looked {
			t.Fatal("something went on after the button")
		}
		rows := try(h.Queue(h.ctx, h.staff))(t)
		if len(rows) == 0 || rows[0].Task != takedown.TaskMinor {
			t.Fatalf("the queue begins with %v", rows)
		}
	})
}

func TestMinorsRouteOpensNoCase(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for _, age := range []takedown.Age{takedown.AgeMinor, takedown.AgeUnsure} {
			_, err := h.OpenCase(h.ctx, takedown.Actor{}, takedown.NewCase{
				Key: "k", Phrase: h.NewPhrase(takedown.French), Age: age, Harm: takedown.HarmPublished,
				Statements: takedown.Statements{NotConsented: true, GoodFaith: true, Mandate: true}, Addresses: "http://" + page,
			})
			if takedown.KindOf(err) != takedown.Forbidden {
				t.Fatalf("%s: %v", age, err)
			}
		}
		if rows := try(h.Cases(h.ctx, h.staff))(t); len(rows) != 0 {
			t.Fatal("a case was kept")
		}
	})
}

func TestUnknownOutcomeIsResolvedByTheCopyAndNeverSentTwice(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 0)
		h.post.Behave(func(step mailbox.Step, _, _ string) mailbox.Action {
			if step == mailbox.StepDot {
				return mailbox.LoseReply
			}
			return mailbox.OK
		})
		her := h.asked(t, "http://"+page)
		if n := h.mailNotice(her.ID); n.State != takedown.NoticeUnknown {
			t.Fatalf("its 250 was lost, it is %s", n.State)
		}
		h.post.Behave(nil)
		h.later(time.Hour)
		if n := h.mailNotice(her.ID); n.State != takedown.NoticeSent {
			t.Fatalf("its copy is in the mailbox, it is %s", n.State)
		}
		if n := len(h.notices()); n != 1 {
			t.Fatalf("%d mails, want 1", n)
		}
	})
}

func (h *house) mailNotice(caseID string) NoticeView {
	h.t.Helper()
	for _, n := range h.view(caseID).Notices {
		if n.Channel == takedown.ByMail {
			return n
		}
	}
	h.t.Fatal("no notice by mail")
	return NoticeView{}
}

func TestMailServerAwayLetsNoticesWait(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 0)
		var back atomic.Bool
		h.post.Behave(func(step mailbox.Step, _, _ string) mailbox.Action {
			if !back.Load() {
				return mailbox.TempFail
			}
			return mailbox.OK
		})
		her := h.open("http://" + page)
		id := h.item(her.ID).Item.ID
		must(t, h.ConfirmItems(h.ctx, h.staff, []string{id}))
		try(h.Plan(h.ctx, h.staff, her.ID, []string{id}))(t)
		must(t, h.Approve(h.ctx, h.staff, h.mailNotice(her.ID).ID))
		waitFor(t, func() bool { return h.mailNotice(her.ID).State == takedown.NoticeApproved })
		back.Store(true)
		waitFor(t, func() bool { return h.mailNotice(her.ID).State == takedown.NoticeSent })
		if n := len(h.notices()); n != 1 {
			t.Fatalf("%d mails, want 1", n)
		}
	})
}

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatal("it did not happen within 20 s")
		}
		<-time.After(20 * time.Millisecond)
	}
}

func TestUpdateMailSaysNothingAndComesOnceADay(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 0)
		h.asked(t, "http://"+page)
		h.turn()
		h.site.set(page, gone)
		h.later(60 * time.Hour)
		var updates []mailbox.Mail
		for _, m := range h.post.Mails() {
			if m.From == "information@"+domain {
				updates = append(updates, m)
			}
		}
		if len(updates) != 2 {
			t.Fatalf("%d updates in three days with two pieces of news, want 2", len(updates))
		}
		for _, word := range []string{"photomur", "retir", "image", "reprise", "dossier", "http"} {
			if strings.Contains(strings.ToLower(updates[0].Body+updates[0].Subject), word) {
				t.Fatalf("the update says %q", word)
			}
		}
	})
}

func TestUnknownHostIsNotOpenedBeforeAPersonAllowsIt(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		at := "unknownhost.net/x"
		h.site.gallery(t, at, 0)
		her := h.open("http://" + at)
		h.later(48 * time.Hour)
		if h.site.count(at) != 0 {
			t.Fatal("fetched before triage")
		}
		item := h.item(her.ID)
		if item.Task != takedown.TaskTriage {
			t.Fatalf("task %q", item.Task)
		}
		must(t, h.ClearItems(h.ctx, h.staff, []string{item.Item.ID}))
		h.turn()
		if h.site.count(at) == 0 || len(h.item(her.ID).Matches) != 1 {
			t.Fatal("not looked at after triage")
		}
	})
}

func TestSameFormGivesTheSameCase(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		form := takedown.NewCase{
			Key: "the form", Phrase: h.NewPhrase(takedown.English), Age: takedown.AgeAdult, Harm: takedown.HarmDeepfake, Lang: takedown.English,
			Statements: takedown.Statements{NotConsented: true, GoodFaith: true, Mandate: true}, Addresses: "http://" + page,
		}
		type result struct {
			r   takedown.Receipt
			err error
		}
		results := make(chan result)
		for range 8 {
			go func() {
				r, err := h.OpenCase(h.ctx, takedown.Actor{}, form)
				results <- result{r, err}
			}()
		}
		first := <-results
		must(t, first.err)
		for range 7 {
			r := <-results
			must(t, r.err)
			if r.r.CaseID != first.r.CaseID || r.r.Number.Reveal() != first.r.Number.Reveal() {
				t.Fatal("two cases for one form")
			}
		}
		actor := try(h.Enter(h.ctx, first.r.Number, form.Phrase))(t)
		if actor.ID != first.r.CaseID {
			t.Fatal("number and phrase open another case")
		}
		if _, err := h.Enter(h.ctx, first.r.Number, h.NewPhrase(takedown.English)); !errors.Is(err, ErrWrongEntry) {
			t.Fatalf("a wrong phrase: %v", err)
		}
		if _, err := h.Enter(h.ctx, takedown.NewPrivate("123456789"), form.Phrase); !errors.Is(err, ErrWrongEntry) {
			t.Fatalf("an unknown number: %v", err)
		}
	})
}

func (h *house) reply(t *testing.T, caseID string) takedown.Reply {
	t.Helper()
	replies := h.mailNotice(caseID).Replies
	if len(replies) == 0 {
		t.Fatal("the answer did not come into its notice")
	}
	return replies[0]
}

func TestMirroredCopyIsFoundAndNamed(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 0)
		h.site.mirror(t, page)
		her := h.open("http://" + page)
		matches := h.item(her.ID).Matches
		if len(matches) != 1 || matches[0].Variant != "flipy" || matches[0].Verdict != takedown.VerdictNear {
			t.Fatalf("%d matches, %+v", len(matches), matches)
		}
	})
}

func TestFiveThousandAddressesAreKeptAndOneMoreIsRefusedWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		receipt := try(h.OpenCase(h.ctx, takedown.Actor{}, form(h, takedown.MaxItems, "nowhere-known.net")))(t)
		if receipt.Items != takedown.MaxItems {
			t.Fatalf("%d items kept, want %d", receipt.Items, takedown.MaxItems)
		}
		if _, err := h.OpenCase(h.ctx, takedown.Actor{}, form(h, takedown.MaxItems+1, "nowhere-known.net")); takedown.KindOf(err) != takedown.TooMany {
			t.Fatalf("one more: %v", err)
		}
		if rows := try(h.Cases(h.ctx, h.staff))(t); len(rows) != 1 {
			t.Fatalf("%d cases, want 1", len(rows))
		}
	})
}

func TestNoticeRefusedByTheMailServerLeadsToTheNextRecipient(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 0)
		h.post.Behave(func(step mailbox.Step, _, to string) mailbox.Action {
			if step == mailbox.StepRcpt && to == "abuse@photomur.net" {
				return mailbox.PermFail
			}
			return mailbox.OK
		})
		her := h.asked(t, "http://"+page)
		for _, n := range h.view(her.ID).Notices {
			if n.RecipientID == "t-photomur" && n.State != takedown.NoticeBounced {
				t.Fatalf("the notice is %s", n.State)
			}
		}
		if s := h.requestTo(her.ID, "t-photomur").State; s != takedown.RequestBounced {
			t.Fatalf("the request is %s", s)
		}
		if s := h.requestTo(her.ID, "t-heberge").State; s != takedown.RequestDrafted {
			t.Fatalf("the next request is %s", s)
		}
		if n := len(h.notices()); n != 0 {
			t.Fatalf("%d mails were accepted", n)
		}
	})
}
