package console

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"reprise/internal/casework"
	"reprise/internal/takedown"
)

// places gives the ticks of the first n items of a case.
func places(n int) []string {
	var out []string
	for i := range n {
		out = append(out, "i", strconv.Itoa(i+1))
	}
	return out
}

func (h *house) item(caseID string, position int) casework.ItemView {
	h.t.Helper()
	for _, i := range h.view(caseID).Items {
		if i.Item.Position == position {
			return i
		}
	}
	h.t.Fatalf("no item %d", position)
	return casework.ItemView{}
}

func act(do string, more ...string) []string { return append([]string{"do", do}, more...) }

func TestOneFormActsOnAllThatIsTicked(t *testing.T) {
	h := newHouse(t)
	id := h.opens(hundreds(40)...)
	v := h.staff(takedown.RoleCaseworker)
	v.post("/cases/"+id+"/items", act("accept", places(30)...)...).want(http.StatusOK, "30 addresses are to be taken down.")
	same(t, "first", h.item(id, 1).Item.Triage, takedown.TriageConfirmed)
	same(t, "last that was not ticked", h.item(id, 31).Item.Triage != takedown.TriageConfirmed, true)
}

func TestWhatAnActionDoesNotApplyToIsLeftOutAndSaidSo(t *testing.T) {
	h := newHouse(t)
	id := h.opens(hundreds(8)...)
	v := h.staff(takedown.RoleCaseworker)
	v.post("/cases/"+id+"/items", act("accept", places(3)...)...)
	v.post("/cases/"+id+"/items", act("accept", places(8)...)...).want(http.StatusOK, "5 addresses are to be taken down. 3 other lines were not concerned")
	v.post("/cases/"+id+"/items", act("accept", places(8)...)...).want(http.StatusConflict, "cannot be done for any of the ticked lines")
}

func TestClearingLetsAnUnknownHostBeLookedAt(t *testing.T) {
	h := newHouse(t)
	id := h.opens("https://unknown.net/a", "https://photomur.net/b")
	same(t, "before", h.item(id, 1).Item.Triage, takedown.TriageWaiting)
	h.staff(takedown.RoleCaseworker).post("/cases/"+id+"/items", act("clear", places(2)...)...).want(http.StatusOK, "1 address will be looked at. 1 other line")
	same(t, "after", h.item(id, 1).Item.Triage, takedown.TriageCleared)
}

func TestSettingAsideAndClosingNeedAReasonAndKeepTheTicks(t *testing.T) {
	h := newHouse(t)
	id := h.opens(hundreds(6)...)
	v := h.staff(takedown.RoleCaseworker)
	for _, do := range []string{"reject", "close"} {
		v.post("/cases/"+id+"/items", act(do, places(4)...)...).want(http.StatusUnprocessableEntity, "Choose a reason")
		same(t, do+": ticks", len(v.checked("i")), 4)
	}
	v.post("/cases/"+id+"/items", act("reject", append(places(2), "why", "not_person")...)...).want(http.StatusOK, "2 addresses set aside: does not show the person.")
	same(t, "set aside", h.item(id, 1).Item.Closed, takedown.ClosedNotPerson)
	v.post("/cases/"+id+"/items", act("close", append(places(6), "why", "removed")...)...).want(http.StatusConflict, "cannot be done for any")
	same(t, "a removal nobody saw twice", h.item(id, 3).Item.Closed, takedown.Closing(""))
	v.post("/cases/"+id+"/items", act("close", append(places(6), "why", "duplicate")...)...).want(http.StatusOK, "4 addresses closed: already in the case. 2 other lines")
}

func TestNothingTickedChangesNothing(t *testing.T) {
	h := newHouse(t)
	id := h.opens(hundreds(3)...)
	v := h.staff(takedown.RoleCaseworker)
	for _, do := range []string{"accept", "clear", "plan", "minor", "reject", "close"} {
		v.post("/cases/"+id+"/items", act(do, "why", "not_person")...).want(http.StatusUnprocessableEntity, "Nothing is ticked")
	}
	v.post("/cases/"+id+"/items", act("erase-everything", places(3)...)...).want(http.StatusConflict)
}

func TestTicksNameTheItemsOfTheirOwnCaseAlone(t *testing.T) {
	h := newHouse(t)
	mine, other := h.opens(hundreds(2)...), h.opens(hundreds(9)...)
	v := h.staff(takedown.RoleCaseworker)
	v.post("/cases/"+mine+"/items", "do", "accept", "i", "9", "i", h.ids(other)[0]).want(http.StatusConflict)
	for _, i := range h.view(other).Items {
		same(t, "triage in the other case", i.Item.Triage == takedown.TriageConfirmed, false)
	}
}

func TestMinorAsksOnceMoreThenStopsEverything(t *testing.T) {
	h := newHouse(t)
	id := h.opens("https://www.photomur.net/a", "https://muet.net/b")
	h.asked(id)
	v := h.staff(takedown.RoleCaseworker)
	v.post("/cases/"+id+"/items", act("minor", places(1)...)...).want(http.StatusOK, "Stop everything for 1 address?")
	same(t, "before it is sure", h.item(id, 1).Item.Open(), true)
	v.post("/cases/"+id+"/items", act("back", places(1)...)...).want(http.StatusOK)
	same(t, "after going back", h.item(id, 1).Item.Open(), true)
	v.post("/cases/"+id+"/items", act("minor-sure", places(1)...)...).want(http.StatusOK, "Everything has stopped for 1 address")
	same(t, "closed", h.item(id, 1).Item.Closed, takedown.ClosedProtection)
	same(t, "the other one", h.item(id, 2).Item.Open(), true)
	if kind := attr(v.open("/").one("queue-row"), "data-kind"); kind != "minor" {
		t.Errorf("the queue begins with %q", kind)
	}
	v.open("/cases/" + id + "?task=minor")
	same(t, "items of the task", len(v.all("item-row")), 1)
}

func TestPlanningDraftsAndSendsNothing(t *testing.T) {
	h := newHouse(t)
	id := h.opens("https://www.photomur.net/a", "https://www.photomur.net/b", "https://nobody-knows.net/c")
	v := h.staff(takedown.RoleCaseworker)
	v.post("/cases/"+id+"/items", act("plan", places(3)...)...).want(http.StatusConflict, "First choose “To be taken down”") // nobody confirmed them
	v.post("/cases/"+id+"/items", act("accept", places(3)...)...)
	v.post("/cases/"+id+"/items", act("plan", places(3)...)...).want(http.StatusOK, "3 notices drafted (8 requests in all). Nothing has left")
	same(t, "page", v.at, "/cases/"+id+"/notices")
	for _, n := range h.view(id).Notices {
		same(t, "state", n.State, takedown.NoticeDrafted)
	}
	v.post("/cases/"+id+"/items", act("plan", places(3)...)...).want(http.StatusConflict) // a request is under way: the next is not asked
	same(t, "notices", len(h.view(id).Notices), 3)
}

func TestFiltersShowWhatTheySay(t *testing.T) {
	h := newHouse(t)
	id := h.opens("https://www.photomur.net/a", "https://www.photomur.net/b", "https://muet.net/c", "https://unknown.net/d")
	h.must(h.office.ConfirmItems(context.Background(), worker, h.ids(id)[:3]))
	_, err := h.office.Plan(context.Background(), worker, id, h.ids(id)[:3])
	h.must(err)
	h.sent(h.noticeTo(id, "t-form"))
	h.later(8 * 24 * time.Hour)
	v := h.staff(takedown.RoleCaseworker)
	for query, want := range map[string]int{
		"":                             4,
		"?host=" + hostKey("muet.net"): 1,
		"?presence=unseen":             4,
		"?presence=online":             0,
		"?state=drafted":               3,
		"?state=sent":                  1,
		"?state=overdue":               1,
		"?state=none":                  1,
		"?task=triage":                 1,
		"?task=triage&state=sent":      0,
		"?page=nonsense":               4,
	} {
		v.open("/cases/" + id + query).want(http.StatusOK)
		same(t, query, len(v.all("item-row")), want)
	}
}

func TestAnActionComesBackToWhatWasFiltered(t *testing.T) {
	h := newHouse(t)
	id := h.opens(hundreds(8)...)
	v := h.staff(takedown.RoleCaseworker)
	key := hostKey("muet.net")
	v.open("/cases/" + id + "?host=" + key)
	same(t, "kept in the form", v.fieldValue("host"), key)
	v.post("/cases/"+id+"/items", "do", "accept", "i", "2", "host", key).want(http.StatusOK, "1 address is to be taken down.")
	same(t, "page", v.at, "/cases/"+id+"?host="+key)
	same(t, "rows", len(v.all("item-row")), 2)
}

func TestItemsOfAHostStandTogetherAndSelectAllIsThere(t *testing.T) {
	h := newHouse(t)
	v := h.staff(takedown.RoleCaseworker).open("/cases/" + h.opens(hundreds(12)...))
	same(t, "select-all", len(v.all("select-all")), 1)
	same(t, "groups", strings.Count(v.body, "<tbody>"), 4)
	same(t, "boxes", strings.Count(v.body, "data-row"), 12)
}

func TestMoreThanFiveHundredItemsAreParted(t *testing.T) {
	h := newHouse(t)
	id := h.opens(hundreds(1100)...)
	v := h.staff(takedown.RoleCaseworker)
	for page, want := range map[string]int{"": 500, "?page=2": 500, "?page=3": 100, "?page=9": 0, "?page=-1": 500, "?page=9223372036854775807": 500} {
		v.open("/cases/" + id + page)
		same(t, "page "+page, len(v.all("item-row")), want)
	}
	v.open("/cases/"+id+"?page=2").want(http.StatusOK, "501 to 1000 of 1100", "Previous page", "Next page")
}

func TestAddedAddressesAreReadAndBadOnesStayInTheBox(t *testing.T) {
	h := newHouse(t)
	id := h.opens("https://www.photomur.net/a")
	v := h.staff(takedown.RoleCaseworker)
	v.post("/cases/"+id+"/add", "text", "https://www.photomur.net/a\nhttps://muet.net/new").want(http.StatusOK, "1 address added. 1 was in the case already.")
	v.post("/cases/"+id+"/add", "text", "https://muet.net/newer\nno address here").want(http.StatusUnprocessableEntity, "1 line needs another look", "We found no address on this line.")
	if kept := strings.TrimSpace(text(v.one("urls"))); kept != "no address here" {
		t.Errorf("the box holds %q", kept)
	}
	same(t, "items", len(h.view(id).Items), 3)
	same(t, "found by", h.item(id, 2).Item.Origin, takedown.FromCaseworker)
}

func TestOfManyBadLinesAHundredAreToldAndTheOthersCounted(t *testing.T) {
	h := newHouse(t)
	id := h.opens("https://www.photomur.net/a")
	v := h.staff(takedown.RoleCaseworker)
	v.post("/cases/"+id+"/add", "text", strings.Repeat("no address here\n", 130)).want(http.StatusUnprocessableEntity, "and 30 other lines.")
	same(t, "told one by one", strings.Count(v.body, "We found no address on this line."), 100)
	same(t, "kept in the box", strings.Count(text(v.one("urls")), "no address here"), 130)
}

func TestTriageSaysWhatALookBrought(t *testing.T) {
	seen := takedown.Item{Triage: takedown.TriageCleared, LookedAt: time.Now()}
	for want, v := range map[string]casework.ItemView{
		"to be looked at":     {Item: takedown.Item{Triage: takedown.TriageCleared}},
		"looked at":           {Item: seen},
		"looked at, no match": {Item: seen, Task: takedown.TaskReview},
		"needs a decision":    {Item: seen, Task: takedown.TaskMatch},
	} {
		same(t, "triage", triageWords(takedown.English, v), want)
	}
}

func TestAnItemSaysThatItsReminderWaits(t *testing.T) {
	of := []takedown.Request{{ItemID: "item"}}
	for state, want := range map[takedown.NoticeState]bool{takedown.NoticeDrafted: true, takedown.NoticeSent: false} {
		n := casework.NoticeView{Notice: takedown.Notice{Kind: takedown.Reminder, State: state}, Requests: of}
		same(t, string(state), reminded([]casework.NoticeView{n})["item"], want)
	}
	rows := byHost(takedown.English, []casework.ItemView{{Item: takedown.Item{ID: "item"}}}, nil, map[string]bool{"item": true})
	same(t, "row", rows[0].Items[0].Reminder, true)
}

func TestAWordOverTheLooksNeedsAReason(t *testing.T) {
	h := newHouse(t)
	id := h.opens("https://www.photomur.net/a")
	v := h.staff(takedown.RoleCaseworker)
	at := "/items/" + h.ids(id)[0]
	v.post(at+"/overrule", "presence", "online", "reason", " ").want(http.StatusUnprocessableEntity)
	v.post(at+"/overrule", "presence", "gone_once", "reason", "so").want(http.StatusConflict)
	v.post(at+"/overrule", "presence", "", "reason", "kept words").want(http.StatusConflict)
	same(t, "kept", v.fieldValue("reason"), "kept words")
	v.post(at+"/overrule", "presence", "online", "reason", "I saw it").want(http.StatusOK, "Noted: online.")
	same(t, "presence", h.item(id, 1).Item.Presence, takedown.Online)
}

func TestMatchesShowHowNearAndAreDecidedOneByOneOrTogether(t *testing.T) {
	h := newHouse(t)
	id := h.opens("https://www.photomur.net/a", "https://www.photomur.net/b", "https://muet.net/c")
	first := h.matched(h.item(id, 1).Item, 60, "rot90")
	second := h.matched(h.item(id, 2).Item, 12, "flipy")
	third := h.matched(h.item(id, 3).Item, 30, "same")
	v := h.staff(takedown.RoleCaseworker).open("/cases/" + id + "/matches")
	row := v.all("match-row")[0]
	same(t, "nearest first", attr(row, "data-distance"), "12")
	same(t, "variant", attr(row, "data-variant"), "flipy")
	v.want(http.StatusOK, "Mirrored copy.", "very near", "unsure", "12 bits apart", "image 1", "Images are never kept")
	if strings.Contains(v.body, "<img") {
		t.Error("an image is shown")
	}
	v.open("/items/"+h.item(id, 2).Item.ID).want(http.StatusOK, "image 1 · Mirrored copy.")
	same(t, "variant at the item", attr(v.all("match-words")[0], "data-variant"), "flipy")
	v.open("/cases/" + id + "/matches")
	decide := "/cases/" + id + "/matches/decide"
	v.post(decide, "confirm", second).want(http.StatusOK, "1 match confirmed.")
	same(t, "its item", h.item(id, 2).Item.Triage, takedown.TriageConfirmed)
	v.post(decide, "do", "reject", "m", first, "m", third, "m", "not-of-this-case").want(http.StatusOK, "2 matches set aside.")
	v.post(decide, "reject", first).want(http.StatusConflict)
	v.post(decide, "do", "confirm").want(http.StatusUnprocessableEntity, "Nothing is ticked")
}

func TestMatchesShowTheWholeAddressAndLeadOn(t *testing.T) {
	h := newHouse(t)
	id := h.opens("https://www.photomur.net/a/long/path?with=more", "https://muet.net/b", "https://www.photomur.net/c")
	first := h.matched(h.item(id, 1).Item, 12, "flipy")
	h.matched(h.item(id, 3).Item, 30, "same")
	v := h.staff(takedown.RoleCaseworker).open("/cases/" + id + "/matches")
	same(t, "address", strings.TrimSpace(text(v.one("address"))), "https://www.photomur.net/a/long/path?with=more")
	same(t, "copied from", attr(v.one("address"), "id"), "address-"+first)
	v.open("/items/" + h.item(id, 1).Item.ID)
	same(t, "back", attr(v.all("way")[0], "href"), "/cases/"+id+"/matches")
	same(t, "next with a match", attr(v.all("way")[1], "href"), "/items/"+h.item(id, 3).Item.ID)
	v.open("/items/" + h.item(id, 2).Item.ID)
	same(t, "next of all", attr(v.one("way"), "href"), "/items/"+h.item(id, 3).Item.ID)
	v.open("/cases/"+id+"/matches").want(http.StatusOK, "Matches 2")
	v.post("/cases/"+id+"/items", "do", "close", "why", "duplicate", "i", "3")
	v.open("/cases/"+id+"/matches").want(http.StatusOK, "Matches 1", "address closed")
	if v.has("prepare") {
		t.Error("one may prepare before all is decided")
	}
	v.post("/cases/"+id+"/matches/decide", "confirm", first)
	same(t, "prepare", attr(v.one("prepare"), "href"), "/cases/"+id+"?task=next")
	v.open(attr(v.one("prepare"), "href"))
	same(t, "rows", len(v.all("item-row")), 1)
}

func TestHistoryTellsWhatHappenedAndWho(t *testing.T) {
	h := newHouse(t)
	id := h.opens("https://www.photomur.net/a")
	v := h.staff(takedown.RoleCaseworker)
	v.post("/cases/"+id+"/items", act("accept", places(1)...)...)
	v.open("/cases/"+id+"/history").want(http.StatusOK, "case opened", "the person", "to be taken down", "you", "Address 1")
}

func TestWhatOneFormDidToManyItemsIsOneLineOfTheHistory(t *testing.T) {
	h := newHouse(t)
	id := h.opens(hundreds(300)...)
	v := h.staff(takedown.RoleCaseworker)
	v.post("/cases/"+id+"/items", act("accept", places(300)...)...)
	v.open("/cases/" + id + "/history")
	same(t, "lines", len(v.all("event-row")), 4) // the opening, the image, the addresses, the acceptance
	v.want(http.StatusOK, "to be taken down 300", "Addresses 1–300")
}

func TestCaseLeadsToTheOthersThatHaveItsImages(t *testing.T) {
	h := newHouse(t)
	one := h.opens("https://www.photomur.net/a")
	v := h.staff(takedown.RoleCaseworker).open("/cases/" + one)
	if v.has("other-cases") {
		t.Error("it is said of a case whose images are known nowhere else")
	}
	other := h.opens("https://muet.net/b")
	v.open("/cases/"+one).want(http.StatusOK, "Images of this case are known in others, too:")
	same(t, "the other", attr(v.one("other-case"), "href"), "/cases/"+other)
	same(t, "by its number", strings.TrimSpace(text(v.one("other-case"))), "case "+number(h.view(other).Case.Number))
}
