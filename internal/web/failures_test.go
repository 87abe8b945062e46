package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestRefusalsHaveTheirStatusAndSentence(t *testing.T) {
	for door, want := range map[string]map[string]int{
		"portal":  {"invalid": 422, "missing": 404, "forbidden": 404, "conflict": 409, "many": 429},
		"console": {"invalid": 422, "missing": 404, "forbidden": 403, "conflict": 409, "many": 429},
	} {
		h := newHouse(t, func(o *Options) { o.Door = door })
		for kind, status := range want {
			a := h.get("/refuse/"+kind, "Accept-Language", "en")
			if a.status != status || !strings.Contains(a.body, T("en", "error.age")) {
				t.Errorf("%s, %s: %d", door, kind, a.status)
			}
		}
	}
}

func TestASVS_16_5_OurOwnFaultsSayOnlyANumber(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{"/fault", "/panic"} {
		a := h.get(path, "Accept-Language", "en")
		if a.status != http.StatusInternalServerError || !strings.Contains(a.body, T("en", "error.500")) {
			t.Errorf("%s: %d", path, a.status)
		}
		for _, secret := range []string{"pump", "secret words", "goroutine", ".go:"} {
			if strings.Contains(a.body, secret) {
				t.Errorf("%s gives away %q", path, secret)
			}
		}
		number := regexp.MustCompile(`[A-Z2-7]{12}`).FindString(a.body)
		if number == "" || !strings.Contains(h.log.String(), number) {
			t.Errorf("%s: the number %q is not in the log", path, number)
		}
	}
	if strings.Contains(h.log.String(), "secret words") {
		t.Error("what a panic said is in the log")
	}
}

func TestAPanicAfterTheAnswerBeganLeavesTheDoorOpen(t *testing.T) {
	h := newHouse(t)
	if a := h.get("/late"); a.body != "begun" {
		t.Errorf("%d %q", a.status, a.body)
	}
	if a := h.get("/"); a.status != http.StatusOK {
		t.Errorf("afterwards: %d", a.status)
	}
}

func TestWhileTheDatabaseIsAwayTheTextStaysInTheForm(t *testing.T) {
	h := newHouse(t)
	cookie, token := h.signIn("case")
	h.rows.away(errAway)
	a := h.post("/own", "c", token, "text", "what she wrote", "Cookie", cookie)
	if a.status != http.StatusServiceUnavailable || a.body != "again what she wrote "+token {
		t.Errorf("%d %q", a.status, a.body)
	}
	if b := h.post("/own", "c", token, "text", "forged", "Cookie", cookie, "Origin", "https://evil.example"); b.status != http.StatusForbidden {
		t.Errorf("from another site: %d", b.status)
	}
	if b := h.post("/own", "c", token, "odd", "1", "Cookie", cookie); b.status != http.StatusServiceUnavailable || strings.HasPrefix(b.body, "again") {
		t.Errorf("a form that is none: %d %.20q", b.status, b.body)
	}
	if b := h.get("/own", "Cookie", cookie); b.status != http.StatusServiceUnavailable {
		t.Errorf("GET: %d", b.status)
	}
	h.rows.away(nil)
	if b := h.post("/own", "c", token, "text", "what she wrote", "Cookie", cookie); b.status != http.StatusSeeOther {
		t.Errorf("pressed again: %d", b.status)
	}
}

func TestASVS_16_2_5_LogsSayNothingOfThePerson(t *testing.T) {
	h := newHouse(t)
	cookie, token := h.signIn("canary-owner")
	canaries := []string{
		"canary", "127.0.0.1", token, strings.TrimPrefix(cookie, "s="), "192.0.2.66", "Mozilla", h.host(),
		"X26", "fake log line",
	}
	h.post("/own", "c", token, "text", "canary-text\nINFO X26 fake log line", "Cookie", cookie, "User-Agent", "Mozilla/canary")
	h.post("/own?canary=1", "c", "canary-token", "Cookie", cookie)
	for _, path := range []string{"/canary-path?canary-query=1", "/refuse/canary", "/static/canary.css", "/fault?canary", "/panic?canary", "/away?canary", "/out?canary"} {
		h.get(path, "Cookie", cookie, "X-Forwarded-For", "192.0.2.66", "Referer", h.url+"/canary", "User-Agent", "Mozilla/canary")
	}
	h.do(h.ask("CANARY", "/own", nil))
	h.stranger()
	log := h.log.String()
	for _, c := range canaries {
		if strings.Contains(log, c) {
			t.Errorf("the log holds %q:\n%s", c, log)
		}
	}
	if !strings.Contains(log, `"route":"/own","status":303`) || !strings.Contains(log, `"route":"/refuse/:kind"`) {
		t.Errorf("the log does not say what was asked:\n%s", log)
	}
}

func TestRow93_ServersHaveTheirLimits(t *testing.T) {
	s := newHouse(t).web.HTTPServer()
	if s.ReadHeaderTimeout != 5*time.Second || s.ReadTimeout != 15*time.Second || s.WriteTimeout != 30*time.Second ||
		s.IdleTimeout != 10*time.Second || s.MaxHeaderBytes != 16<<10 || maxBody != 64<<10 || maxConnections != 512 || maxPerNetwork != 64 {
		t.Errorf("%+v", s)
	}
}

func TestRow93_NoMoreThanTheBoundOfConnectionsIsTaken(t *testing.T) {
	l, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := Listen(t.Context(), l.Addr().String()); err == nil {
		t.Error("an address in use was listened on")
	}
}

func TestAddressesThatAreNoneAreToldAtStart(t *testing.T) {
	for _, url := range []string{"", "info.example", "://"} {
		if _, err := New(Options{Door: "portal", URL: url}); err == nil || !strings.Contains(err.Error(), "https://name.example") {
			t.Errorf("%q: %v", url, err)
		}
	}
}
