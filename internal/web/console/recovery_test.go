package console

import (
	"net/http"
	"testing"
	"time"

	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

func TestTwoOfTheTeamAgreeToAnotherPhrase(t *testing.T) {
	h := newHouse(t)
	id := h.opens("https://muet.net/a")
	ask := func() {
		h.write(func(tx *store.Tx) error {
			return tx.AddRecovery(takedown.Recovery{ID: secret.NewID(), CaseID: id, State: takedown.RecoveryAsked, AskedAt: h.clock()})
		})
	}
	ask()
	first, second, auditor := h.staff(takedown.RoleCaseworker), h.staff(takedown.RoleSupervisor), h.staff(takedown.RoleAuditor)
	first.open("/").want(http.StatusOK, "Lost phrase: two people have to agree")
	first.open("/cases/"+id+"/talk").want(http.StatusOK, "nobody yet")
	first.post("/cases/"+id+"/recovery", "do", "agree").want(http.StatusOK, "Your agreement is noted")
	first.open("/cases/"+id+"/talk").want(http.StatusOK, "you; another person is needed")
	same(t, "she is asked again", len(first.all("renewal-agree")), 0)
	first.post("/cases/"+id+"/recovery", "do", "agree").want(http.StatusConflict, "It takes another person than you")
	auditor.post("/cases/"+id+"/recovery", "do", "agree").want(http.StatusNotFound, "")
	second.open("/cases/"+id+"/talk").want(http.StatusOK, "one person; another is needed")
	second.post("/cases/"+id+"/recovery", "do", "agree").want(http.StatusOK, "Your agreement is noted")
	second.open("/cases/"+id+"/talk").want(http.StatusOK, "two people")
	same(t, "the queue still asks", h.view(id).Recovery.State, takedown.RecoveryApproved)
	second.post("/cases/"+id+"/recovery", "do", "refuse").want(http.StatusOK, "No code will leave")
	second.open("/cases/" + id + "/talk")
	same(t, "it is still shown", len(second.all("renewal")), 0)
	h.later(time.Minute)
	ask()
	first.post("/cases/"+id+"/recovery", "do", "made up").want(http.StatusBadRequest, "")
	same(t, "what no button asks for", h.view(id).Recovery.FirstBy, "")
}
