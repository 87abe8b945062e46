package console

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"reprise/internal/store"
	"reprise/internal/takedown"
)

func TestHistoryNamesWhomAndWhichAddresses(t *testing.T) {
	h, id, _ := planned(t)
	h.later(24 * time.Hour)
	v := h.staff(takedown.RoleCaseworker)
	n := h.noticeTo(id, "t-mail")
	h.sent(n)
	reply := h.answered(n.Notice, "We will not.", takedown.MoveRefuse)
	v.post("/notices/"+n.ID+"/replies/"+reply, "do", "apply", "move", "refuse")
	v.post("/cases/"+id+"/items", "do", "close", "why", "duplicate", "i", "2")
	v.open("/cases/" + id + "/history")
	var lines []string
	for _, row := range v.all("event-row") {
		lines = append(lines, strings.Join(strings.Fields(text(row)), " "))
	}
	all := strings.Join(lines, "\n")
	saysAll(t, all, "request refused Photomur Address 1 you", "notice drafted Heberge you", "address closed: already in the case Address 2 you", "notice approved Photomur", "request drafted 6 ")
	if !strings.Contains(all, "Addresses 1–2") {
		t.Errorf("the drafted requests name no addresses:\n%s", all)
	}
	body := v.text()
	if newest, oldest := strings.Index(body, "3 March 2026"), strings.LastIndex(body, "2 March 2026"); newest < 0 || newest > oldest {
		t.Errorf("the newest day is not first: %s", body)
	}
}

func TestLongHistoryIsPartedByTheHundred(t *testing.T) {
	h := newHouse(t)
	id := h.opens("https://www.photomur.net/a")
	h.write(func(tx *store.Tx) error {
		for n := range 230 {
			e := takedown.Event{At: h.clock().Add(time.Duration(n) * time.Second), Role: takedown.RoleSystem, Verb: "item.look", CaseID: id, ItemID: h.ids(id)[0], Detail: "content"}
			if err := tx.AppendEvent(e); err != nil {
				return err
			}
		}
		return nil
	})
	v := h.staff(takedown.RoleCaseworker)
	v.open("/cases/"+id+"/history").want(http.StatusOK, "looked at: the page is there")
	same(t, "first page", len(v.all("event-row")), 100)
	v.open("/cases/" + id + "/history?page=3")
	same(t, "last page", len(v.all("event-row")), 33)
}

func TestNumbersThatFollowEachOtherAreOneRange(t *testing.T) {
	same(t, "ranges", ranges([]int{1, 2, 3, 5, 8, 9}), "1–3, 5, 8–9")
	same(t, "one", ranges([]int{4}), "4")
}

func TestTheTrayStaysSmallWhateverIsSent(t *testing.T) {
	h := newHouse(t)
	long := strings.Repeat("Buy <now>. ", 6000) + "The end."
	last := ""
	for n := range 60 {
		last = h.answered(takedown.Notice{}, fmt.Sprint(n, " ")+long, "")
	}
	v := h.staff(takedown.RoleCaseworker).open("/tray")
	v.want(http.StatusOK, "1 to 50 of 60")
	same(t, "rows", len(v.all("reply-row")), 50)
	if len(v.body) > 200<<10 {
		t.Errorf("the page has %d bytes", len(v.body))
	}
	if strings.Contains(v.text(), "The end.") {
		t.Error("a text is shown whole")
	}
	v.open(attr(v.one("whole"), "href")).want(http.StatusOK, "The end.")
	v.open("/tray?page=2")
	same(t, "rows of the second page", len(v.all("reply-row")), 10)
	v.post("/tray/"+last).want(http.StatusOK, "Answer put away.")
	v.open("/answers/" + last).want(http.StatusNotFound)
}
