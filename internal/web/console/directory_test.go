package console

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"reprise/internal/store"
	"reprise/internal/takedown"
)

func TestDirectoryIsSearchedByNameAndDomain(t *testing.T) {
	v := newHouse(t).staff(takedown.RoleCaseworker)
	v.open("/directory")
	if all := len(v.all("directory-row")); all < 90 {
		t.Errorf("%d entries are shown", all)
	}
	for _, query := range []string{"PHOTOMUR", "photomur.n", "%20photomur%20"} {
		v.open("/directory?q=" + query)
		same(t, query, len(v.all("directory-row")), 1)
	}
	v.open("/directory?q=no-such-thing").want(http.StatusOK, "No entry matches.")
}

func TestContactIsVerifiedByAPersonOnADay(t *testing.T) {
	h := newHouse(t)
	v := h.staff(takedown.RoleCaseworker).open("/directory/facebook")
	v.want(http.StatusOK, "Not verified by the team yet")
	v.one("verify-contact")
	v.post("/directory/facebook/verify").want(http.StatusOK, "Contact verified, in your name", "Verified by the team on 2 March 2026.")
	if v.has("verify-contact") {
		t.Error("what is verified is asked for again")
	}
	never := h.never("coomer")
	v.open("/directory/" + never)
	if v.has("verify-contact") {
		t.Error("whom one never writes to can be verified")
	}
	v.post("/directory/" + never + "/verify").want(http.StatusConflict)
}

// never gives an entry that no notice may ever go to.
func (h *house) never(id string) string {
	h.t.Helper()
	r, err := h.office.Recipient(context.Background(), worker, id)
	h.must(err)
	same(h.t, "channel", r.Channel, takedown.EscalateOnly)
	return id
}

func entryForms(more ...string) []string {
	return append([]string{
		"name", "Photomur", "kind", "platform", "channel", "email", "email", "abuse@photomur.net", "domains", "photomur.net, photomur.org",
		"countries", "FR", "language", "fr", "behind", "t-host", "notes", "They answer on Mondays.", "source", "their site",
	}, more...)
}

func TestSupervisorChangesAnEntryAndKeepsTheVerificationOfAnUnchangedContact(t *testing.T) {
	h := newHouse(t)
	v := h.staff(takedown.RoleSupervisor).open("/directory/t-mail")
	v.want(http.StatusOK, "Heberge") // who stands behind it
	v.post("/directory/t-mail/edit", entryForms()...).want(http.StatusOK, "Entry saved.", "photomur.org", "They answer on Mondays.", "Verified by the team")
	form := entryForms()
	form[7] = "other@photomur.net"
	v.post("/directory/t-mail/edit", form...).want(http.StatusOK, "it must be verified again", "Not verified by the team yet")
}

func TestABadEntryComesBackWithWhatWasTyped(t *testing.T) {
	v := newHouse(t).staff(takedown.RoleSupervisor)
	form := entryForms()
	form[7] = "not an address"
	v.post("/directory/t-mail/edit", form...).want(http.StatusUnprocessableEntity)
	same(t, "typed", v.fieldValue("email"), "not an address")
	same(t, "notes", v.fieldValue("notes"), "They answer on Mondays.")
	form[7], form[1] = "abuse@photomur.net", ""
	v.post("/new-entry/add", form...).want(http.StatusUnprocessableEntity)
	same(t, "typed", v.fieldValue("email"), "abuse@photomur.net")
}

func TestANewEntryIsUnverified(t *testing.T) {
	h := newHouse(t)
	v := h.staff(takedown.RoleSupervisor).open("/new-entry")
	v.want(http.StatusOK, "New entry")
	form := entryForms("parallel", "yes")
	form[1] = "Nouveau"
	v.post("/new-entry/add", form...).want(http.StatusOK, "Entry added.", "Not verified by the team yet", "yes, beside the site")
}

func TestCasesAreFoundByTheirNumber(t *testing.T) {
	h := newHouse(t)
	id := h.opens("https://www.photomur.net/a")
	digits := h.view(id).Case.Number.Reveal()
	v := h.staff(takedown.RoleCaseworker)
	same(t, "rows", len(v.open("/cases").all("case-row")), 1)
	for _, typed := range []string{digits, " " + groups(digits, 3) + " ", digits[:3] + "-" + digits[3:]} {
		v.post("/cases/find", "number", typed)
		same(t, typed, v.at, "/cases/"+id)
	}
	v.post("/cases/find", "number", "123").want(http.StatusUnprocessableEntity, "No case has this number.")
}

func TestQueuePutsTheMostHarmfulFirstAndLeadsToIt(t *testing.T) {
	h := newHouse(t)
	id := h.opens("https://www.photomur.net/a", "https://muet.net/b", "https://unknown.net/c")
	v := h.staff(takedown.RoleCaseworker)
	if v.open("/"); !v.has("queue-row") || v.has("queue-empty") {
		t.Fatal("an address to triage is not shown")
	}
	h.matched(h.item(id, 2).Item, 12, "same")
	h.write(func(tx *store.Tx) error {
		i, err := tx.ItemByID(h.ids(id)[0])
		if err != nil {
			return err
		}
		was := i
		i.Triage, i.Presence = takedown.TriageConfirmed, takedown.Reappeared
		return tx.SaveItem(i, was)
	})
	h.later(3 * time.Hour)
	v = h.staff(takedown.RoleCaseworker)
	var kinds, links []string
	for _, row := range v.open("/").all("queue-row") {
		kinds = append(kinds, attr(row, "data-kind"))
	}
	walk(v.page, func(n *html.Node) {
		if n.Data == "a" && strings.HasPrefix(attr(n, "href"), "/cases/") {
			links = append(links, attr(n, "href"))
		}
	})
	same(t, "order", strings.Join(kinds, " "), "reappeared match triage")
	same(t, "links", strings.Join(links, " "), "/cases/"+id+"/notices /cases/"+id+"/matches /cases/"+id+"?task=triage")
	v.want(http.StatusOK, "3 h")
	for _, link := range links {
		v.open(link).want(http.StatusOK)
	}
}

func TestQueueSaysWhenNothingWaits(t *testing.T) {
	v := newHouse(t).staff(takedown.RoleCaseworker)
	v.open("/").want(http.StatusOK, "Nothing is waiting for anyone")
	v.open("/cases").want(http.StatusOK, "No cases yet.")
	v.open("/jobs").want(http.StatusOK, "Nothing has stopped.")
}

func TestWorkThatGaveUpIsShownAndTriedAgain(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	h.write(func(tx *store.Tx) error { return h.queue.Enqueue(ctx, tx.SQL(), "fails", "row-1") })
	h.must(h.queue.Start(ctx))
	h.must(h.queue.Drain(ctx))
	h.must(h.queue.Stop(ctx))
	v := h.staff(takedown.RoleCaseworker)
	v.open("/").want(http.StatusOK, "1 piece of work has stopped")
	v.open("/jobs").want(http.StatusOK, "row-1")
	dead, err := h.queue.Dead(ctx)
	h.must(err)
	path := "/jobs/" + strconv.FormatInt(dead[0].ID, 10) + "/retry"
	admin := h.staff(takedown.RoleAdministrator)
	admin.open("/").want(http.StatusOK, "Stopped work") // where an administrator begins
	admin.post(path).want(http.StatusOK, "The work will be tried again.", "Nothing has stopped.")
	admin.post(path).want(http.StatusNotFound)
	admin.post("/jobs/999999/retry").want(http.StatusNotFound)
}

func TestAnAuditorIsToldThatThereIsNothingHere(t *testing.T) {
	newHouse(t).staff(takedown.RoleAuditor).open("/").want(http.StatusOK, "There is no page for your role here yet.")
}
