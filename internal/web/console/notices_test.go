package console

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"reprise/internal/casework"
	"reprise/internal/takedown"
)

// planned gives a case with one drafted notice to a mail recipient and one to a
// web form each, beside those of the search engines.
func planned(t *testing.T) (*house, string, *visitor) {
	h := newHouse(t)
	id := h.opens("https://www.photomur.net/a", "https://muet.net/b")
	h.asked(id)
	return h, id, h.staff(takedown.RoleCaseworker)
}

// unverified gives a recipient a new contact, which nobody has verified.
func (h *house) unverified(id string) {
	h.t.Helper()
	boss := h.staff(takedown.RoleSupervisor)
	boss.post("/directory/"+id+"/edit", "name", "Photomur", "kind", "platform", "channel", "email", "email", "new-abuse@photomur.net",
		"domains", "photomur.net", "countries", "FR", "language", "fr", "behind", "t-host").want(http.StatusOK, "it must be verified again")
}

func TestExactTextIsShownBeforeItIsApproved(t *testing.T) {
	h, id, v := planned(t)
	n := h.noticeTo(id, "t-mail")
	v.open("/notices/" + n.ID)
	same(t, "text", strings.TrimSuffix(text(v.one("notice-text")), " "), n.Body.Reveal())
	row := v.one("notice-row")
	same(t, "state", attr(row, "data-state"), "drafted")
	same(t, "ground", attr(row, "data-ground"), takedown.GroundDSA16)
	same(t, "recipient", attr(row, "data-recipient"), "t-mail")
	v.want(http.StatusOK, "abuse@photomur.net", "Reg. (EU) 2022/2065 art. 16", "we follow up after 7 days")
	v.post("/notices/"+n.ID+"/approve").want(http.StatusOK, "Notice approved.")
	same(t, "kept", h.noticeTo(id, "t-mail").State, takedown.NoticeApproved)
}

func TestApprovingTwiceSaysSoAndSendsOnce(t *testing.T) {
	h, id, v := planned(t)
	n := h.noticeTo(id, "t-mail")
	v.post("/notices/" + n.ID + "/approve")
	v.post("/notices/" + n.ID + "/approve").want(http.StatusConflict)
	if !v.has("notice-text") {
		t.Error("the page is not shown as it is now")
	}
	same(t, "approvals", strings.Count(verbs(h.view(id)), "notice.approve"), 1)
}

func verbs(v casework.CaseView) string {
	out := ""
	for _, e := range v.Events {
		out += e.Verb + " "
	}
	return out
}

func TestIncompleteNoticeCannotBeApprovedAndSaysWhereToComplete(t *testing.T) {
	h, id, v := planned(t)
	h.unverified("t-mail")
	n := h.noticeTo(id, "t-mail")
	v.open("/notices/" + n.ID)
	same(t, "missing", attr(v.one("missing"), "data-element"), "verified_contact")
	if !has(v.one("approve"), "disabled") {
		t.Error("it can be approved")
	}
	v.post("/notices/" + n.ID + "/approve").want(http.StatusConflict)
	same(t, "state", h.noticeTo(id, "t-mail").State, takedown.NoticeDrafted)
	v.open("/notices/" + n.ID).one("verify-contact")
	v.post("/notices/"+n.ID+"/verify").want(http.StatusOK, "Contact verified, in your name")
	if v.has("missing") || has(v.one("approve"), "disabled") {
		t.Error("it still cannot be approved")
	}
}

func TestAllTickedNoticesAreApprovedTogether(t *testing.T) {
	h, id, v := planned(t)
	h.unverified("t-mail")
	v.open("/cases/" + id + "/notices")
	same(t, "drafted", len(v.all("notice-row")), 4)
	same(t, "ticked before anybody read them", len(v.checked("n")), 0)
	var ready []string
	for _, recipient := range []string{"t-form", "t-seek", "t-find"} {
		ready = append(ready, h.noticeTo(id, recipient).ID)
	}
	all := append(slices.Clone(ready), h.noticeTo(id, "t-mail").ID)
	v.post("/cases/"+id+"/notices/approve", ticked("n", all)...).want(http.StatusOK, "3 notices approved.", "1 other line")
	same(t, "the incomplete one", h.noticeTo(id, "t-mail").State, takedown.NoticeDrafted)
	v.post("/cases/"+id+"/notices/approve").want(http.StatusUnprocessableEntity, "Nothing is ticked")
	v.post("/cases/"+id+"/notices/approve", ticked("n", ready)...).want(http.StatusConflict)
}

func TestWebFormIsFilledInByHandAndMarkedSent(t *testing.T) {
	h, id, v := planned(t)
	n := h.noticeTo(id, "t-form")
	v.open("/notices/" + n.ID)
	if v.has("mark-sent") {
		t.Error("what nobody approved can be marked as sent")
	}
	v.post("/notices/"+n.ID+"/approve").want(http.StatusOK, "https://muet.net/report", "https://muet.net/b", "contact@association.example", "Entraide")
	v.one("reference-number")
	v.post("/notices/"+n.ID+"/sent", "reference", " MU-4711 ").want(http.StatusOK, "the notice is with its recipient", "MU-4711")
	same(t, "state", h.noticeTo(id, "t-form").State, takedown.NoticeSent)
	same(t, "reference", h.noticeTo(id, "t-form").Reference, "MU-4711")
	v.open("/cases/" + id)
	for _, r := range v.all("request-row") {
		if attr(r, "data-recipient") == "t-form" {
			same(t, "request", attr(r, "data-state"), "sent")
		}
	}
}

func TestAMailCannotBeMarkedSentByHand(t *testing.T) {
	h, id, v := planned(t)
	n := h.noticeTo(id, "t-mail")
	v.post("/notices/" + n.ID + "/approve")
	v.post("/notices/"+n.ID+"/sent", "reference", "x").want(http.StatusConflict)
	same(t, "state", h.noticeTo(id, "t-mail").State, takedown.NoticeApproved)
}

func TestUnclearSendingIsAPersonsToDecide(t *testing.T) {
	for path, want := range map[string]takedown.NoticeState{"sent": takedown.NoticeSent, "again": takedown.NoticeApproved} {
		h, id, v := planned(t)
		n := h.noticeTo(id, "t-mail")
		h.must(h.office.Approve(context.Background(), worker, n.ID))
		h.unknown(n.ID)
		v.open("/notices/"+n.ID).want(http.StatusOK, "We do not know whether this notice left.")
		v.one("mark-sent")
		v.one("send-again")
		v.post("/notices/" + n.ID + "/" + path).want(http.StatusOK)
		same(t, path, h.noticeTo(id, "t-mail").State, want)
	}
}

func TestADraftCanBeWithdrawn(t *testing.T) {
	h, id, v := planned(t)
	n := h.noticeTo(id, "t-mail")
	v.post("/notices/"+n.ID+"/withdraw").want(http.StatusOK, "Nothing will leave.")
	same(t, "state", h.noticeTo(id, "t-mail").State, takedown.NoticeWithdrawn)
	v.post("/notices/" + n.ID + "/withdraw").want(http.StatusConflict)
}

func TestAnswersSuggestAndAPersonDecides(t *testing.T) {
	h, id, v := planned(t)
	n := h.noticeTo(id, "t-mail")
	h.sent(n)
	reply := h.answered(n.Notice, "Thank you, we are looking into it.", takedown.MoveAcknowledge)
	v.open("/notices/"+n.ID).want(http.StatusOK, "Thank you, we are looking into it.", "It seems to say: received")
	same(t, "state before", h.item(id, 1).Requests[0].State == takedown.RequestAcknowledged, false)
	same(t, "preselected", selected(v, "move"), "acknowledge")
	v.post("/notices/"+n.ID+"/replies/"+reply, "do", "apply", "move", "acknowledge").want(http.StatusOK, "Recorded as received.")
	same(t, "state", requestTo(h, id, "t-mail").State, takedown.RequestAcknowledged)
	v.post("/notices/"+n.ID+"/replies/"+reply, "do", "apply", "move", "refuse").want(http.StatusConflict)
	same(t, "state after", requestTo(h, id, "t-mail").State, takedown.RequestAcknowledged)
}

func requestTo(h *house, caseID, recipient string) takedown.Request {
	for _, i := range h.view(caseID).Items {
		for _, r := range i.Requests {
			if r.RecipientID == recipient {
				return r.Request
			}
		}
	}
	return takedown.Request{}
}

func selected(v *visitor, handle string) string {
	value := ""
	walk(v.one(handle), func(n *html.Node) {
		if n.Data == "option" && has(n, "selected") {
			value = attr(n, "value")
		}
	})
	return value
}

func TestAnAnswerThatSuggestsNothingNeedsAChoice(t *testing.T) {
	h, id, v := planned(t)
	n := h.noticeTo(id, "t-mail")
	h.sent(n)
	reply := h.answered(n.Notice, "Hm.", "")
	v.open("/notices/" + n.ID)
	same(t, "preselected", selected(v, "move"), "")
	for _, move := range []string{"", "withdraw", "nonsense"} {
		v.post("/notices/"+n.ID+"/replies/"+reply, "do", "apply", "move", move).want(http.StatusUnprocessableEntity, "Choose what the answer means")
	}
	v.post("/notices/"+n.ID+"/replies/"+reply, "do", "apply", "move", "confirm").want(http.StatusOK, "Only what is seen counts.")
	same(t, "state", requestTo(h, id, "t-mail").State, takedown.RequestSent)
}

func TestARefusalDraftsTheNextOfTheLadder(t *testing.T) {
	h, id, v := planned(t)
	n := h.noticeTo(id, "t-mail")
	h.sent(n)
	reply := h.answered(n.Notice, "We will not.", takedown.MoveRefuse)
	v.post("/notices/"+n.ID+"/replies/"+reply, "do", "apply", "move", "refuse").want(http.StatusOK, "Recorded as refused. The next request, to Heberge, waits for approval.")
	same(t, "state", requestTo(h, id, "t-mail").State, takedown.RequestRefused)
	same(t, "next", h.noticeTo(id, "t-host").State, takedown.NoticeDrafted)
}

func TestAnswersWithoutANoticeWaitInTheTray(t *testing.T) {
	h, id, v := planned(t)
	n := h.noticeTo(id, "t-mail")
	h.sent(n)
	kept := h.answered(n.Notice, "An answer to a notice.", "")
	stray := h.answered(takedown.Notice{}, "Who are you?", "")
	v.open("/tray").want(http.StatusOK, "Who are you?")
	same(t, "rows", len(v.all("reply-row")), 1)
	v.post("/tray/"+stray).want(http.StatusOK, "Answer put away.", "Nothing to read here.")
	v.post("/tray/" + stray).want(http.StatusConflict)
	v.post("/notices/"+n.ID+"/replies/"+kept, "do", "dismiss").want(http.StatusOK, "Answer put away.")
	same(t, "state", requestTo(h, id, "t-mail").State, takedown.RequestSent)
}
