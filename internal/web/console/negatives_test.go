package console

import (
	"net/http"
	"testing"

	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// matchedFile keeps a match of an item whose found file has a hash.
func (h *house) matchedFile(i takedown.Item, m takedown.Match) string {
	h.t.Helper()
	m.ID, m.CaseID, m.ItemID, m.SeenAt = secret.NewID(), i.CaseID, i.ID, h.clock()
	m.Media = takedown.NewPrivate("https://photomur.net/" + m.ID + ".jpg")
	m.Kind, m.Variant, m.Verdict = takedown.MatchWhole, "same", takedown.VerdictNear
	h.write(func(tx *store.Tx) error {
		references, err := tx.ReferencesOfCase(i.CaseID)
		if err != nil {
			return err
		}
		m.ReferenceID = references[0].ID
		return tx.AddMatch(m)
	})
	return m.ID
}

var logo = takedown.NewPrivate("the 32 bytes of the logo's hash.")

func TestLogoIsSetAsideForEveryCaseAndASupervisorUndoesIt(t *testing.T) {
	h := newHouse(t)
	one, other := h.opens("https://www.photomur.net/a"), h.opens("https://muet.net/b")
	first := h.matchedFile(h.item(one, 1).Item, takedown.Match{State: takedown.MatchSuggested, Found: logo})
	h.matchedFile(h.item(other, 1).Item, takedown.Match{State: takedown.MatchSuggested, Found: logo})
	h.matched(h.item(one, 1).Item, 40, "same") // its hash is not known
	v := h.staff(takedown.RoleCaseworker).open("/cases/" + one + "/matches")
	same(t, "logo buttons", len(v.all("match-nobody")), 1)
	same(t, "its value", attr(v.one("match-nobody"), "value"), first)
	v.post("/cases/"+one+"/matches/decide", "nobody", "not-of-this-case").want(http.StatusConflict)
	v.post("/cases/"+one+"/matches/decide", "nobody", first).want(http.StatusOK, "2 matches set aside: they show nobody.")
	same(t, "elsewhere", h.item(other, 1).Matches[0].State, takedown.MatchRejected)
	v.open("/cases/"+one+"/history").want(http.StatusOK, "image set aside for every case")

	v.open("/directory")
	v.open(attr(v.one("negatives"), "href")).want(http.StatusOK, "74686520", "logo, placeholder or blank", "2 matches")
	if v.has("negative-remove") {
		t.Error("a caseworker may remove it")
	}
	s := h.staff(takedown.RoleSupervisor).open("/negatives")
	id := h.negative()
	s.one("negative-remove")
	s.post("/negatives/"+id+"/remove").want(http.StatusOK, "It may be suggested again.", "There are none.")
	s.post("/negatives/" + id + "/remove").want(http.StatusConflict)
}

func (h *house) negative() (id string) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		all, err := tx.Negatives()
		if len(all) != 1 {
			h.t.Fatalf("%d negatives", len(all))
		}
		id = all[0].ID
		return err
	})
	return id
}

func TestHeldMatchesAreOneLineOfTheQueueAndAPersonSaysWhatTheyAre(t *testing.T) {
	for do, want := range map[string]struct {
		state takedown.MatchState
		said  string
	}{
		"real":     {takedown.MatchSuggested, "1 match is suggested again."},
		"rejected": {takedown.MatchRejected, "1 match set aside."},
	} {
		h := newHouse(t)
		id := h.opens("https://www.photomur.net/a")
		item := h.item(id, 1).Item
		h.matchedFile(item, takedown.Match{State: takedown.MatchHeld, FloodID: "f", Found: logo})
		h.write(func(tx *store.Tx) error {
			return tx.AddFlood(takedown.Flood{ID: "f", State: takedown.FloodOpen, Since: h.clock()}, logo)
		})
		v := h.staff(takedown.RoleCaseworker).open("/").want1(t, "queue-row", "flood")
		v.open("/cases/"+id+"/matches").want(http.StatusOK, "One image matches unusually often", "Matches held back: 1. Cases concerned: 1.", "held: one image matches too often")
		at := "/cases/" + id + "/floods"
		v.post(at, "flood", "f", "do", "perhaps").want(http.StatusConflict)
		v.post(at, "flood", "none", "do", do).want(http.StatusNotFound)
		v.post(at, "flood", "f", "do", do).want(http.StatusOK, want.said)
		same(t, do, h.item(id, 1).Matches[0].State, want.state)
		if v.has("flood") {
			t.Error("it is asked again")
		}
	}
}

// want1 holds that a page has one row of a kind.
func (v *visitor) want1(t *testing.T, handle, kind string) *visitor {
	t.Helper()
	n := 0
	for _, row := range v.all(handle) {
		if attr(row, "data-kind") == kind {
			n++
		}
	}
	same(t, kind+" rows", n, 1)
	return v
}
