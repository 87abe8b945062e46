package console

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"reprise/internal/casework"
	"reprise/internal/takedown"
)

// cardOf gives the card of a recipient's notice on the page of a case.
func (v *visitor) cardOf(recipient string) string {
	v.t.Helper()
	for _, row := range v.all("notice-row") {
		if attr(row, "data-recipient") == recipient {
			return strings.Join(strings.Fields(text(row)), " ")
		}
	}
	v.t.Fatalf("no card of %s", recipient)
	return ""
}

func saysAll(t *testing.T, card string, said ...string) {
	t.Helper()
	for _, s := range said {
		if !strings.Contains(card, s) {
			t.Errorf("the card does not say %q: %s", s, card)
		}
	}
}

func TestACardSaysWhomWhyAndWhichAddresses(t *testing.T) {
	h, id, v := planned(t)
	v.open("/cases/" + id + "/notices")
	saysAll(t, v.cardOf("t-mail"), "platform · first request", "https://www.photomur.net/a")
	saysAll(t, v.cardOf("t-form"), "forum · first request", "https://muet.net/b")
	saysAll(t, v.cardOf("t-seek"), "search engine · asked beside the site, for its search results", "https://www.photomur.net/a", "https://muet.net/b")
	n := h.noticeTo(id, "t-mail")
	h.sent(n)
	reply := h.answered(n.Notice, "We will not.", takedown.MoveRefuse)
	h.must(h.office.ApplyReply(t.Context(), worker, reply, takedown.MoveRefuse))
	v.open("/cases/" + id + "/notices")
	saysAll(t, v.cardOf("t-host"), "host · after Photomur refused", "https://www.photomur.net/a")
	v.open("/notices/"+h.noticeTo(id, "t-host").ID).want(http.StatusOK, "after Photomur refused")
}

func TestWhyNamesEachOneThatFailedAndReminders(t *testing.T) {
	of := requests{
		"a": {Request: takedown.Request{ID: "a", State: takedown.RequestLapsed}, Recipient: "Muet"},
		"b": {Request: takedown.Request{ID: "b", State: takedown.RequestBounced}, Recipient: "Photomur"},
	}
	v := casework.NoticeView{Requests: []takedown.Request{{ParentID: "a"}, {ParentID: "a"}, {ParentID: "b"}, {}}}
	same(t, "after", of.why(takedown.English, v), "after Muet did not act in time; after our notice to Photomur could not be delivered")
	v.Kind = takedown.Reminder
	same(t, "reminder", of.why(takedown.English, v), "reminder: it is back online")
}

func TestManyAddressesOfACardAreFolded(t *testing.T) {
	h := newHouse(t)
	var many []string
	for n := range 12 {
		many = append(many, fmt.Sprintf("https://muet.net/%d", n))
	}
	id := h.opens(many...)
	h.asked(id)
	v := h.staff(takedown.RoleCaseworker).open("/cases/" + id + "/notices")
	saysAll(t, v.cardOf("t-form"), "https://muet.net/0", "and 7 other addresses", "https://muet.net/11")
}

func TestALateAnswerCanOnlyBePutAway(t *testing.T) {
	h, id, v := planned(t)
	n := h.noticeTo(id, "t-mail")
	h.sent(n)
	first := h.answered(n.Notice, "We will not.", takedown.MoveRefuse)
	late := h.answered(n.Notice, "We have received it.", takedown.MoveAcknowledge)
	v.open("/notices/" + n.ID)
	same(t, "offered while it waits", len(v.all("apply-state")), 2)
	v.post("/notices/"+n.ID+"/replies/"+first, "do", "apply", "move", "refuse").want(http.StatusOK, "Nothing this answers waits any more.")
	if v.has("apply-state") || v.has("move") {
		t.Error("a state is offered")
	}
	v.post("/notices/"+n.ID+"/replies/"+late, "do", "dismiss").want(http.StatusOK, "Answer put away.")
}

func TestANoticeLeadsToItsCaseAndToTheNextAnswer(t *testing.T) {
	h, id, v := planned(t)
	mail, form := h.noticeTo(id, "t-mail"), h.noticeTo(id, "t-form")
	h.sent(mail)
	h.sent(form)
	h.answered(form.Notice, "We have received it.", takedown.MoveAcknowledge)
	v.open("/notices/" + mail.ID)
	same(t, "case", attr(v.one("case-link"), "href"), "/cases/"+id)
	v.want(http.StatusOK, "Case "+number(h.view(id).Case.Number))
	same(t, "next answer", attr(v.one("next-answer"), "href"), "/notices/"+form.ID)
	if v.open("/notices/" + form.ID); v.has("next-answer") {
		t.Error("an answer leads to itself")
	}
}

func TestWhatFollowsAFailureIsTold(t *testing.T) {
	failed := casework.NoticeView{Requests: []takedown.Request{{ID: "a"}}}
	own := casework.RequestView{Request: takedown.Request{ID: "a", State: takedown.RequestRefused}}
	next := casework.RequestView{Request: takedown.Request{ID: "b", ParentID: "a", State: takedown.RequestDrafted}, Recipient: "Heberge"}
	asked := casework.CaseView{Items: []casework.ItemView{{Requests: []casework.RequestView{own, next}}}}
	same(t, "next", follows(takedown.English, asked, failed), "The next request, to Heberge, waits for approval.")
	alone := casework.CaseView{Items: []casework.ItemView{{Requests: []casework.RequestView{own}, Task: takedown.TaskNext}}}
	same(t, "nobody left", follows(takedown.English, alone, failed), "The directory has nobody left to ask: the addresses are in the queue.")
	failed.Recipient.Parallel = true
	same(t, "a search engine", follows(takedown.English, alone, failed), "")
}
