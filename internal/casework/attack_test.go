package casework

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"reprise/internal/mailbox"
	"reprise/internal/takedown"
)

const page2 = page + "2"

// back opens a case whose address was removed and has come back.
func (h *house) back(t *testing.T) takedown.Actor {
	t.Helper()
	h.site.gallery(t, page, 0)
	her := h.asked(t, "http://"+page)
	h.site.set(page, gone)
	h.later(48 * time.Hour)
	h.site.gallery(t, page, 0)
	h.later(8 * 24 * time.Hour)
	if h.item(her.ID).Item.Presence != takedown.Reappeared {
		t.Fatalf("it is %s", h.item(her.ID).Item.Presence)
	}
	return her
}

// pair opens a case with two addresses of one host, planned in one notice.
func (h *house) pair(t *testing.T) (her takedown.Actor, ids []string) {
	t.Helper()
	h.site.gallery(t, page, 0)
	h.site.gallery(t, page2, 0)
	her = h.open("http://"+page, "http://"+page2)
	for _, i := range h.view(her.ID).Items {
		ids = append(ids, i.Item.ID)
	}
	must(t, h.ConfirmItems(h.ctx, h.staff, ids))
	try(h.Plan(h.ctx, h.staff, her.ID, ids))(t)
	return her, ids
}

// told tells whether an address stands in a mail that left.
func (h *house) told(address string) bool {
	for _, m := range h.notices() {
		for _, line := range strings.Split(strings.ReplaceAll(string(m.Raw), "\r\n", "\n"), "\n") {
			if line == "http://"+address {
				return true
			}
		}
	}
	return false
}

// away lets the mail server refuse for now until the given value is set.
func (h *house) away() *atomic.Bool {
	var back atomic.Bool
	h.post.Behave(func(mailbox.Step, string, string) mailbox.Action {
		if back.Load() {
			return mailbox.OK
		}
		return mailbox.TempFail
	})
	return &back
}

func TestReminderEndsWithItsItem(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		her := h.back(t)
		must(t, h.SuspectMinor(h.ctx, h.staff, []string{h.item(her.ID).Item.ID}))
		for _, n := range h.view(her.ID).Notices {
			if n.Kind == takedown.Reminder && n.State != takedown.NoticeWithdrawn {
				t.Errorf("a reminder is still %s", n.State)
			}
			if err := h.Approve(h.ctx, h.staff, n.ID); err == nil {
				t.Error("it can be approved")
			}
		}
		h.turn()
		if n := len(h.notices()); n != 1 {
			t.Fatalf("%d mails, want the first notice alone", n)
		}
	})
}

func TestApprovedReminderDoesNotOutliveTheWithdrawal(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		her := h.back(t)
		back := h.away()
		for _, n := range h.view(her.ID).Notices {
			if n.State == takedown.NoticeDrafted && n.Channel == takedown.ByMail {
				must(t, h.Approve(h.ctx, h.staff, n.ID))
			}
		}
		must(t, h.Withdraw(h.ctx, her))
		back.Store(true)
		h.later(6 * time.Hour)
		if n := len(h.notices()); n != 1 {
			t.Fatalf("%d mails, want the first notice alone", n)
		}
	})
}

func TestAddressTakenOutOfAnUnknownNoticeNeverLeaves(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		her, ids := h.pair(t)
		h.post.Behave(func(step mailbox.Step, _, _ string) mailbox.Action {
			if step == mailbox.StepDot {
				return mailbox.Drop
			}
			return mailbox.OK
		})
		h.approveMail(t, her.ID)
		if s := h.mailNotice(her.ID).State; s != takedown.NoticeUnknown {
			t.Fatalf("it is %s", s)
		}
		h.post.Behave(nil)
		must(t, h.SuspectMinor(h.ctx, h.staff, ids[1:]))
		must(t, h.SendAgain(h.ctx, h.staff, h.mailNotice(her.ID).ID))
		must(t, h.Jobs.Drain(h.ctx))
		if s := h.mailNotice(her.ID).State; s != takedown.NoticeDrafted || len(h.notices()) != 0 {
			t.Fatalf("it is %s, %d mails", s, len(h.notices()))
		}
		h.approveMail(t, her.ID)
		if !h.told(page) || h.told(page2) {
			t.Fatalf("approved anew: %v and %v", h.told(page), h.told(page2))
		}
	})
}

func TestAddressTakenOutWhileSendingDoesNotLeaveWithTheRetry(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		her, ids := h.pair(t)
		var once sync.Once
		h.post.Behave(func(step mailbox.Step, _, _ string) mailbox.Action {
			action := mailbox.OK
			if step == mailbox.StepRcpt {
				once.Do(func() {
					action = mailbox.TempFail
					if err := h.SuspectMinor(context.Background(), h.staff, ids[1:]); err != nil {
						t.Error(err)
					}
				})
			}
			return action
		})
		h.approveMail(t, her.ID)
		h.later(6 * time.Hour)
		waitFor(t, func() bool { return h.mailNotice(her.ID).State == takedown.NoticeDrafted })
		if h.told(page2) {
			t.Fatal("it left")
		}
	})
}

func TestAddressTakenOutJustBeforeTheLastByteStopsTheMail(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		her, ids := h.pair(t)
		var once sync.Once
		h.post.Behave(func(step mailbox.Step, _, _ string) mailbox.Action {
			if step == mailbox.StepData {
				once.Do(func() {
					if err := h.SuspectMinor(context.Background(), h.staff, ids[1:]); err != nil {
						t.Error(err)
					}
				})
			}
			return mailbox.OK
		})
		h.approveMail(t, her.ID)
		waitFor(t, func() bool { return h.mailNotice(her.ID).State == takedown.NoticeDrafted })
		if len(h.notices()) != 0 {
			t.Fatal("it left")
		}
	})
}

func TestNoMailToAContactThatIsVerifiedNoMore(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		her, _ := h.pair(t)
		back := h.away()
		must(t, h.Approve(h.ctx, h.staff, h.mailNotice(her.ID).ID))
		lead := takedown.Actor{Role: takedown.RoleSupervisor, ID: "dominique"}
		r := try(h.Recipient(h.ctx, lead, "t-photomur"))(t)
		r.Email = "typo@elsewhere.org" // and the caller still says that it is verified
		try(h.SaveRecipient(h.ctx, lead, r))(t)
		back.Store(true)
		h.later(6 * time.Hour)
		waitFor(t, func() bool { return h.mailNotice(her.ID).State == takedown.NoticeDrafted })
		if len(h.notices()) != 0 {
			t.Fatalf("a mail left to %v", h.notices()[0].To)
		}
	})
}

func TestVerifiedFormDoesNotOpenTheMailChannel(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		her, _ := h.pair(t)
		lead := takedown.Actor{Role: takedown.RoleSupervisor, ID: "dominique"}
		r := try(h.Recipient(h.ctx, lead, "t-photomur"))(t)
		r.Channel, r.FormURL, r.Email = takedown.ByForm, "https://photomur.net/form", "old@elsewhere.org"
		try(h.SaveRecipient(h.ctx, lead, r))(t)
		must(t, h.VerifyRecipient(h.ctx, lead, "t-photomur"))
		if err := h.Approve(h.ctx, h.staff, h.mailNotice(her.ID).ID); takedown.KindOf(err) != takedown.Conflict {
			t.Fatalf("the mail was approved: %v", err)
		}
	})
}

func TestLookStopsAtTheMinorButton(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		const images = 12
		var fetched atomic.Int32
		h.site.set("photomur.net/many", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			for i := range images {
				_, _ = fmt.Fprintf(w, `<img src="/pic%d.jpg" width="640" height="480">`, i)
			}
		})
		ids := make(chan string, 1)
		for i := range images {
			h.site.set(fmt.Sprintf("photomur.net/pic%d.jpg", i), func(w http.ResponseWriter, _ *http.Request) {
				if fetched.Add(1) == 1 {
					if err := h.SuspectMinor(context.Background(), h.staff, []string{<-ids}); err != nil {
						t.Error(err)
					}
				}
				w.Header().Set("Content-Type", "image/jpeg")
				_, _ = w.Write(photo(t, 1+i%8))
			})
		}
		ref := try(h.HashImage(h.ctx, photo(t, 0), false))(t)
		f := form(h, 0, "")
		f.Addresses, f.References = "http://photomur.net/many", []takedown.GivenReference{ref}
		receipt := try(h.OpenCase(h.ctx, takedown.Actor{}, f))(t)
		ids <- h.item(receipt.CaseID).Item.ID
		h.turn()
		if n := fetched.Load(); n != 1 {
			t.Fatalf("%d images were fetched, want the one under way", n)
		}
	})
}

func TestUnsureImageThatStandsIsNeverGone(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 0)
		h.site.crop(t, page)
		her := h.open("http://" + page)
		item := h.item(her.ID)
		if len(item.Matches) != 1 || item.Matches[0].Verdict != takedown.VerdictUnsure {
			t.Fatalf("the crop is no unsure match: %+v", item.Matches)
		}
		must(t, h.DecideMatches(h.ctx, h.staff, []string{item.Matches[0].ID}, takedown.MatchConfirmed))
		h.later(72 * time.Hour)
		if p := h.item(her.ID).Item.Presence; p != takedown.Online {
			t.Fatalf("it stands, and is %s", p)
		}
		h.site.set(page, gone)
		h.later(72 * time.Hour)
		if c := h.item(her.ID).Item.Closed; c != takedown.ClosedByUploader {
			t.Fatalf("it is gone, closed %q", c)
		}
	})
}

func TestAddressWhereNothingWasEverFoundIsNoRemoval(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		her := h.open("http://photomur.net/mistyped")
		h.later(72 * time.Hour)
		item := h.item(her.ID)
		if !item.Item.Open() || h.step(her) != takedown.StepNothing || item.Task != takedown.TaskReview {
			t.Fatalf("closed %q, she reads %s, task %q", item.Item.Closed, h.step(her), item.Task)
		}
	})
}

func TestStoppedMailsStopAndTheAddressIsForgotten(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.gallery(t, page, 0)
		her := h.open("http://" + page)
		must(t, h.StopMails(h.ctx, her))
		h.site.set(page, gone)
		h.later(60 * time.Hour)
		if n := len(h.post.Mails()); n != 0 {
			t.Fatalf("%d mails", n)
		}
		if p := try(h.Progress(h.ctx, her))(t); !p.Contact.Email.Empty() {
			t.Fatal("the address is still kept")
		}
	})
}
