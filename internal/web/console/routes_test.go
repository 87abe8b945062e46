package console

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// world is one of everything a route of the console can name.
type world struct {
	*house
	caseID, noticeID, replyID, strayID, itemID string
}

func newWorld(t *testing.T) world {
	h := newHouse(t)
	w := world{house: h, caseID: h.opens("https://www.photomur.net/a", "https://muet.net/b")}
	h.matched(h.view(w.caseID).Items[0].Item, 12, "flipy")
	h.asked(w.caseID)
	n := h.noticeTo(w.caseID, "t-mail")
	h.sent(n)
	w.noticeID, w.itemID = n.ID, h.view(w.caseID).Items[0].Item.ID
	w.replyID = h.answered(n.Notice, "We have received it.", takedown.MoveAcknowledge)
	w.strayID = h.answered(takedown.Notice{}, "Hello", "")
	return w
}

// path puts the ids of the world into a row's path.
func (w world) path(r web.Route) string {
	id := w.caseID
	switch {
	case strings.HasPrefix(r.Path, "/items"):
		id = w.itemID
	case strings.HasPrefix(r.Path, "/notices"):
		id = w.noticeID
	case strings.HasPrefix(r.Path, "/directory"):
		id = "t-form"
	case strings.HasPrefix(r.Path, "/jobs"):
		id = "1"
	}
	reply := w.replyID
	switch {
	case strings.HasPrefix(r.Path, "/tray"):
		reply = w.strayID
	case strings.HasPrefix(r.Path, "/answers"): // another row puts them away
		reply = w.answered(takedown.Notice{}, "Hello", "")
	}
	return strings.NewReplacer(":id", id, ":reply", reply, ":name", "console.css").Replace(r.Path)
}

func TestEveryRouteIsOpenToItsRolesAlone(t *testing.T) {
	w := newWorld(t)
	seen := 0
	for _, role := range append(takedown.StaffRoles(), takedown.RoleNobody) {
		for _, r := range w.server.Routes() {
			if r.Method == http.MethodHead || r.Free || r.May == "" {
				continue
			}
			v := w.visitor()
			if role != takedown.RoleNobody {
				v = w.staff(role)
			}
			if r.Method == http.MethodGet {
				v.open(w.path(r))
			} else {
				v.post(w.path(r))
			}
			seen++
			checkAnswer(t, v, role, r)
		}
	}
	if seen < 100 {
		t.Errorf("only %d pairs of role and route were tried", seen)
	}
}

func checkAnswer(t *testing.T, v *visitor, role takedown.Role, r web.Route) {
	t.Helper()
	name := string(role) + " " + r.Method + " " + r.Path
	switch may := (takedown.Actor{Role: role}).May(r.May); {
	case role == takedown.RoleNobody && r.Method == http.MethodGet:
		if !v.has("sign-in") {
			t.Errorf("%s: not shown the way in: %d", name, v.status)
		}
	case role == takedown.RoleNobody:
		same(t, name, v.status, http.StatusForbidden)
	case !may:
		same(t, name, v.status, http.StatusNotFound)
	case v.status == http.StatusForbidden || v.status >= http.StatusInternalServerError:
		t.Errorf("%s: answered %d: %s", name, v.status, v.text())
	case r.Method == http.MethodGet:
		same(t, name, v.status, http.StatusOK)
	}
}

func TestAdministratorAndAuditorNeverSeeACase(t *testing.T) {
	w := newWorld(t)
	for _, role := range []takedown.Role{takedown.RoleAdministrator, takedown.RoleAuditor} {
		v := w.staff(role)
		for _, path := range []string{"/cases", "/cases/" + w.caseID, "/cases/" + w.caseID + "/matches", "/cases/" + w.caseID + "/notices", "/cases/" + w.caseID + "/history", "/items/" + w.itemID, "/notices/" + w.noticeID, "/tray", "/answers/" + w.strayID} {
			if v.open(path); v.status != http.StatusNotFound || strings.Contains(v.body, "photomur") {
				t.Errorf("%s sees %s: %d", role, path, v.status)
			}
		}
		v.open("/")
		for _, href := range []string{`href="/cases"`, `href="/tray"`} {
			if strings.Contains(v.body, href) {
				t.Errorf("%s is shown %s", role, href)
			}
		}
	}
}

func TestOnlySupervisorsChangeTheDirectory(t *testing.T) {
	w := newWorld(t)
	v := w.staff(takedown.RoleCaseworker)
	if v.open("/directory/t-mail"); v.has("save-entry") {
		t.Error("a caseworker is offered to change an entry")
	}
	v.post("/directory/t-mail/edit", "name", "Other", "kind", "platform", "channel", "email", "email", "a@b.net")
	same(t, "status", v.status, http.StatusNotFound)
	if v.open("/directory/t-mail"); strings.Contains(v.text(), "Other") {
		t.Error("a caseworker changed an entry")
	}
}

func TestNoFormWorksWithoutItsToken(t *testing.T) {
	w := newWorld(t)
	before := w.events()
	for _, r := range w.server.Routes() {
		if r.Method != http.MethodPost {
			continue
		}
		for _, token := range []string{"", "the-token-of-another-session"} {
			v := w.staff(takedown.RoleSupervisor)
			v.token = token
			v.post(w.path(r), "do", "accept")
			if v.status != http.StatusForbidden && v.status != http.StatusBadRequest && v.status != http.StatusTooManyRequests {
				t.Errorf("%s with token %q: %d", r.Path, token, v.status)
			}
		}
	}
	same(t, "events", w.events(), before)
}

// events counts the audit of the world's case.
func (w world) events() int { return len(w.view(w.caseID).Events) }

func TestUnknownObjectsAreNotFound(t *testing.T) {
	v := newWorld(t).staff(takedown.RoleCaseworker)
	for _, path := range []string{"/cases/none", "/cases/none/matches", "/cases/none/notices", "/cases/none/history", "/items/none", "/notices/none", "/directory/none", "/answers/none", "/elsewhere"} {
		if v.open(path); v.status != http.StatusNotFound {
			t.Errorf("%s answered %d", path, v.status)
		}
	}
	for _, path := range []string{"/cases/none/items", "/notices/none/approve", "/notices/none/verify", "/directory/none/verify", "/tray/none", "/jobs/none/retry"} {
		if v.post(path, ticked("do", []string{})...); v.status != http.StatusNotFound {
			t.Errorf("POST %s answered %d", path, v.status)
		}
	}
}

func TestPagesAreShownInTheLanguageThatIsAskedFor(t *testing.T) {
	v := newWorld(t).staff(takedown.RoleCaseworker)
	v.open("/cases").want(http.StatusOK, "Case number")
	v.post("/cases", "lang", "fr").want(http.StatusOK, "Numéro de dossier")
	v.open("/directory").want(http.StatusOK, "Annuaire")
}

func TestEveryPageTakesTheLanguageAndTheWishToStay(t *testing.T) {
	routes := newHouse(t).server.Routes()
	for _, r := range routes {
		if r.Method != http.MethodGet || r.Free || r.Path == "/invite/qr" {
			continue
		}
		if !slices.ContainsFunc(routes, func(p web.Route) bool { return p.Method == http.MethodPost && p.Path == r.Path }) {
			t.Errorf("%s has no way to change the language", r.Path)
		}
	}
}

// openTo lists the rows beyond the entrance that a role may use.
func (h *house) openTo(role takedown.Role) []string {
	var out []string
	for _, r := range h.server.Routes() {
		if r.Method != http.MethodHead && r.May != "" && (takedown.Actor{Role: role}).May(r.May) {
			out = append(out, r.Method+" "+r.Path)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestWhoMayComeWhere(t *testing.T) {
	h := newHouse(t)
	same(t, "auditor", strings.Join(h.openTo(takedown.RoleAuditor), "\n"), "")
	same(t, "administrator", strings.Join(h.openTo(takedown.RoleAdministrator), "\n"), strings.Join([]string{
		"GET /directory", "GET /directory/:id", "GET /jobs", "POST /directory", "POST /directory/:id", "POST /jobs", "POST /jobs/:id/retry",
	}, "\n"))
	caseworker := h.openTo(takedown.RoleCaseworker)
	only := slices.DeleteFunc(h.openTo(takedown.RoleSupervisor), func(r string) bool { return slices.Contains(caseworker, r) })
	same(t, "supervisor alone", strings.Join(only, "\n"), strings.Join([]string{
		"GET /new-entry", "POST /directory/:id/edit", "POST /negatives/:id/remove", "POST /new-entry", "POST /new-entry/add",
	}, "\n"))
	for _, r := range h.server.Routes() {
		entrance := slices.Contains([]string{"/", "/in", "/out", "/invite", "/invite/qr", "/invite/token", "/invite/account"}, r.Path)
		if r.May == "" && !r.Free && !entrance {
			t.Errorf("%s %s is open to everyone", r.Method, r.Path)
		}
	}
}
