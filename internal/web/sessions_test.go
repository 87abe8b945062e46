package web

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestASVS_3_3_CookieIsExactlyThis(t *testing.T) {
	token := `[A-Za-z0-9_-]{43}`
	for url, want := range map[string]string{
		"https://info.example": `^__Host-s=` + token + `; Path=/; HttpOnly; Secure; SameSite=Strict$`,
		"http://info.example":  `^s=` + token + `; Path=/; HttpOnly; SameSite=Strict$`,
	} {
		h := newHouse(t, at(url))
		r := h.ask(http.MethodPost, "/", strings.NewReader("owner=case&c="+h.web.dayToken(0)), "Content-Type", formType)
		_, r.Host, _ = strings.Cut(url, "://")
		a := h.do(r)
		if got := a.header.Values("Set-Cookie"); len(got) != 1 || !regexp.MustCompile(want).MatchString(got[0]) {
			t.Errorf("%s: %q", url, got)
		}
	}
}

func TestDoorsWithoutHTTPSDoNotTakeEachOthersCookie(t *testing.T) {
	portal, console := &Server{Options: Options{Door: "portal"}}, &Server{Options: Options{Door: "console"}}
	if portal.cookieName() != "s" || console.cookieName() == "s" {
		t.Errorf("%q and %q", portal.cookieName(), console.cookieName())
	}
}

func TestASVS_3_3_1_NoCookieBeforeItIsNeeded(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{"/", "/out", "/static/portal.css", "/favicon.ico", "/nothing", "/own", "/slow", "/fault"} {
		if got := h.get(path).header.Values("Set-Cookie"); len(got) > 0 {
			t.Errorf("%s: %q", path, got)
		}
	}
	if h.rows.count() != 0 {
		t.Error("a visit without an answer made a session")
	}
}

func TestRowsHoldNeitherTheTokenNorAnythingButData(t *testing.T) {
	h := newHouse(t)
	cookie, _ := h.signIn("case")
	token := strings.TrimPrefix(cookie, "s=")
	if b, err := base64.RawURLEncoding.DecodeString(token); err != nil || len(b) != 32 {
		t.Fatalf("the token has %d bytes", len(b))
	}
	for hash, row := range h.rows.kept {
		if strings.Contains(hash+string(row.Data), token) || len(row.TokenHash) != 32 || row.Owner != "case" {
			t.Errorf("the row gives the token away, or is not found by its hash: %q", row.Data)
		}
	}
}

func TestASVS_7_3_SessionsEndByBothClocks(t *testing.T) {
	for name, c := range map[string]struct {
		every time.Duration
		times int
		want  int
	}{
		"used just in time":   {15*time.Minute - time.Second, 3, http.StatusOK},
		"not used for 15 min": {15 * time.Minute, 1, http.StatusSeeOther},
		"used for an hour":    {10 * time.Minute, 6, http.StatusSeeOther},
	} {
		h := newHouse(t)
		cookie, _ := h.signIn("case")
		var a answer
		for range c.times {
			h.clock.add(c.every)
			a = h.get("/own", "Cookie", cookie)
		}
		if a.status != c.want {
			t.Errorf("%s: %d, want %d", name, a.status, c.want)
		}
		if left := h.rows.count(); (left == 0) != (c.want == http.StatusSeeOther) {
			t.Errorf("%s: %d rows are left", name, left)
		}
	}
}

func TestASVS_7_2_4_EnteringGivesANewTokenAndEndsTheOldOne(t *testing.T) {
	h := newHouse(t)
	before, token := h.signIn("case")
	after := cookieOf(t, h.post("/", "c", token, "owner", "other", "Cookie", before))
	if after == before {
		t.Error("the token stayed the same")
	}
	if a := h.get("/own", "Cookie", before); a.status != http.StatusSeeOther {
		t.Errorf("the old token still opens: %d", a.status)
	}
	if a := h.get("/own", "Cookie", after); a.status != http.StatusOK || a.body == token {
		t.Errorf("the new token: %d; the forms' token was kept: %v", a.status, a.body == token)
	}
}

func TestAnAnswerThatGotLostCanBeAskedForAgain(t *testing.T) {
	h := newHouse(t)
	h.web.Mount(Route{Method: http.MethodPost, Path: "/send", First: true, Body: FormBody, Do: func(c *Ctx) error {
		if err := c.Session.EnterFrom("case"); err != nil {
			return err
		}
		return c.Redirect("/own")
	}})
	first := cookieOf(t, h.post("/", "c", h.get("/").body, "lang", "en"))
	token := h.get("/", "Cookie", first).body
	lost := cookieOf(t, h.post("/send", "c", token, "Cookie", first))
	again := h.post("/send", "c", token, "Cookie", first)
	if again.status != http.StatusSeeOther {
		t.Fatalf("sent again: %d", again.status)
	}
	second := cookieOf(t, again)
	if lost == second || h.get("/own", "Cookie", second).status != http.StatusOK {
		t.Error("the second answer opens nothing")
	}
	if a := h.post("/send", "c", token, "Cookie", first); a.status != http.StatusForbidden {
		t.Errorf("the session before lives on although the new one was used: %d", a.status)
	}
}

func TestASVS_7_4_1_LeavingEndsTheSessionAndItsTraces(t *testing.T) {
	h := newHouse(t)
	cookie, token := h.signIn("case")
	a := h.post("/leave", "c", token, "Cookie", cookie)
	if got := a.header.Get("Set-Cookie"); !strings.HasPrefix(got, "s=; Path=/; Max-Age=0") {
		t.Errorf("the cookie stays: %q", got)
	}
	if got := a.header.Get("Clear-Site-Data"); got != `"cache", "storage"` {
		t.Errorf("Clear-Site-Data: %s", got)
	}
	if b := h.get("/own", "Cookie", cookie); b.status != http.StatusSeeOther || h.rows.count() != 0 {
		t.Errorf("the old cookie: %d, %d rows", b.status, h.rows.count())
	}
	secure := newHouse(t, at("https://info.example")).web
	c := &Ctx{Context: secure.echo.NewContext(nil, httptest.NewRecorder()), server: secure}
	c.ForgetTraces()
	if got := c.Response().Header().Get("Clear-Site-Data"); got != `"cache", "cookies", "storage"` {
		t.Errorf("Clear-Site-Data with https: %s", got)
	}
}

func TestTheWayOutNeedsNoDatabase(t *testing.T) {
	h := newHouse(t)
	cookie, _ := h.signIn("case")
	h.rows.away(errAway)
	a := h.get("/out", "Cookie", cookie)
	if a.status != http.StatusNoContent || !strings.HasPrefix(a.header.Get("Set-Cookie"), "s=; Path=/; Max-Age=0") {
		t.Errorf("%d %q", a.status, a.header.Get("Set-Cookie"))
	}
	h.web.waitForEndings()
	h.rows.away(nil)
	h.get("/out", "Cookie", cookie)
	h.web.waitForEndings()
	if h.rows.count() != 0 {
		t.Error("the session of the one who left goes on")
	}
	if got := h.get("/out").header.Values("Set-Cookie"); len(got) != 0 {
		t.Errorf("who has no cookie, or comes from another site, is given %q", got)
	}
}

// waitForEndings waits until every session that is being ended has ended.
func (s *Server) waitForEndings() {
	for range endings {
		s.ending <- struct{}{}
	}
	for range endings {
		<-s.ending
	}
}

func TestASVS_1_5_2_NoCookieThatWasTamperedWithOpensAnything(t *testing.T) {
	h := newHouse(t)
	cookie, _ := h.signIn("case")
	for i := len("s="); i < len(cookie); i++ {
		for _, bit := range []byte{1, 2, 4, 8, 16, 32, 64, 128} {
			b := []byte(cookie)
			if b[i] ^= bit; b[i] < ' ' || b[i] > '~' {
				continue // no client sends it
			}
			if a := h.get("/own", "Cookie", string(b)); a.status != http.StatusSeeOther && string(b) != cookie {
				t.Errorf("byte %d, bit %d: %d", i, bit, a.status)
			}
		}
	}
	if a := h.get("/own", "Cookie", "s="+strings.Repeat("a", 5000)); a.status != http.StatusSeeOther {
		t.Errorf("a long one: %d", a.status)
	}
}

func TestASVS_7_4_2_TheSessionOfAnAccountThatEndedIsOver(t *testing.T) {
	h := newHouse(t)
	cookie := cookieOf(t, h.post("/", "c", h.get("/").body, "owner", "ended"))
	if a := h.get("/own", "Cookie", cookie); a.status != http.StatusSeeOther || h.rows.count() != 0 {
		t.Errorf("%d, %d rows", a.status, h.rows.count())
	}
}

func TestWhatIsToBeToldIsToldOnce(t *testing.T) {
	h := newHouse(t)
	h.web.Mount(Route{Method: http.MethodGet, Path: "/told", May: "follow_own_case", Do: func(c *Ctx) error {
		if len(c.Alerts) == 0 {
			return c.String(http.StatusOK, "nothing")
		}
		return c.String(http.StatusOK, c.Alerts[0].Kind+" "+c.Alerts[0].Text)
	}}, Route{Method: http.MethodPost, Path: "/tell", May: "follow_own_case", Body: FormBody, Do: func(c *Ctx) error {
		if err := c.Flash(Alert{Kind: "good", Text: "done"}); err != nil {
			return err
		}
		return c.Session.Save()
	}})
	cookie, token := h.signIn("case")
	h.post("/tell", "c", token, "Cookie", cookie)
	for _, want := range []string{"good done", "nothing"} {
		if got := h.get("/told", "Cookie", cookie).body; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestLanguageIsTheOneChosenElseTheOneAskedForElseFrench(t *testing.T) {
	h := newHouse(t)
	for asked, want := range map[string]string{
		"": "fr", "xx": "fr", "en-GB,en;q=0.9,fr;q=0.8": "en", "fr-FR,fr;q=0.9,en;q=0.8": "fr", "xx,en;q=0.5": "en", "; ,,": "fr",
		"es-MX,es;q=0.9,en;q=0.8": "es", "AR-ma,fr;q=0.9": "ar",
	} {
		if got := h.get("/nothing", "Accept-Language", asked); !strings.Contains(got.body, `<html lang="`+want+`"`) {
			t.Errorf("%q is not answered in %s", asked, want)
		}
	}
	cookie := cookieOf(t, h.post("/", "c", h.get("/").body, "lang", "en"))
	if a := h.get("/fault", "Cookie", cookie, "Accept-Language", "fr"); !strings.Contains(a.body, `<html lang="en"`) {
		t.Error("the language that was chosen is forgotten")
	}
	cookie = cookieOf(t, h.post("/", "c", h.get("/").body, "lang", "ar"))
	if a := h.get("/fault", "Cookie", cookie, "Accept-Language", "fr"); !strings.Contains(a.body, `<html lang="ar" dir="rtl"`) {
		t.Error("Arabic was chosen, and is not shown from right to left")
	}
}

func TestASessionKeepsNoMoreThan12MiB(t *testing.T) {
	h := newHouse(t)
	h.web.Mount(Route{Method: http.MethodGet, Path: "/keep/:mib", Do: func(c *Ctx) error {
		n, err := strconv.Atoi(c.Param("mib"))
		if err != nil {
			return err
		}
		c.Session.Set("text", strings.Repeat("a", n<<20))
		return c.Session.Save()
	}})
	for mib, want := range map[string]int{"11": http.StatusOK, "12": http.StatusRequestEntityTooLarge} {
		before := h.rows.count()
		if a := h.get("/keep/" + mib); a.status != want || (h.rows.count() > before) != (want == http.StatusOK) {
			t.Errorf("%s MiB: %d, %d sessions", mib, a.status, h.rows.count()-before)
		}
	}
}

// TestHeavySessionsAreAnsweredAFewAtOnce has others hold all the places there are.
func TestHeavySessionsAreAnsweredAFewAtOnce(t *testing.T) {
	h := newHouse(t)
	heavy, _ := h.signIn("case")
	h.web.Mount(Route{Method: http.MethodGet, Path: "/fill", Do: func(c *Ctx) error {
		c.Session.Set("text", strings.Repeat("a", heavySession))
		return c.Session.Save()
	}})
	h.get("/fill", "Cookie", heavy)
	light, _ := h.signIn("case")
	for range heavyAtOnce {
		h.web.heavy <- struct{}{}
	}
	for cookie, want := range map[string]int{heavy: http.StatusServiceUnavailable, light: http.StatusOK} {
		if a := h.get("/own", "Cookie", cookie); a.status != want {
			t.Errorf("with all places taken: %d, want %d", a.status, want)
		}
	}
	for range heavyAtOnce {
		<-h.web.heavy
	}
	for _, path := range []string{"/own", "/own", "/fault", "/panic"} {
		h.get(path, "Cookie", heavy)
	}
	if a := h.get("/own", "Cookie", heavy); a.status != http.StatusOK || len(h.web.heavy) != 0 {
		t.Errorf("%d, %d places are not given back", a.status, len(h.web.heavy))
	}
}

// TestASessionThatEndedMeanwhileIsNotMadeAnew is about a person who leaves while a
// request of hers still runs.
func TestASessionThatEndedMeanwhileIsNotMadeAnew(t *testing.T) {
	h := newHouse(t)
	h.web.Mount(Route{Method: http.MethodPost, Path: "/slow", May: "follow_own_case", Body: FormBody, Do: func(c *Ctx) error {
		if err := h.rows.End(c.Request().Context(), hashOf(c.Session.inner.ID)); err != nil { // she left
			return err
		}
		c.Session.Set("text", "hers")
		return c.Session.Save()
	}})
	cookie, token := h.signIn("case")
	if a := h.post("/slow", "c", token, "Cookie", cookie); a.status != http.StatusForbidden || h.rows.count() != 0 {
		t.Errorf("%d, %d sessions", a.status, h.rows.count())
	}
}

func TestTwoTabsKeepWhatTheOtherKept(t *testing.T) {
	h := newHouse(t)
	cookie, token := h.signIn("case")
	h.web.Mount(Route{Method: http.MethodPost, Path: "/first", May: "follow_own_case", Body: FormBody, Do: func(c *Ctx) error {
		h.post("/second", "c", token, "Cookie", cookie) // from another tab, after this one has loaded the session
		c.Session.Set("first", "kept")
		return c.Session.Save()
	}}, Route{Method: http.MethodPost, Path: "/second", May: "follow_own_case", Body: FormBody, Do: func(c *Ctx) error {
		c.Session.Set("second", "kept")
		return c.Session.Save()
	}}, Route{Method: http.MethodGet, Path: "/both", May: "follow_own_case", Do: func(c *Ctx) error {
		return c.String(http.StatusOK, c.Session.Get("first")+" "+c.Session.Get("second"))
	}})
	h.post("/first", "c", token, "Cookie", cookie)
	if got := h.get("/both", "Cookie", cookie).body; got != "kept kept" {
		t.Errorf("the session holds %q", got)
	}
}

func TestACookieIsGivenOnlyForASessionThatIsKept(t *testing.T) {
	h := newHouse(t)
	h.web.Mount(Route{Method: http.MethodGet, Path: "/begin", Do: func(c *Ctx) error {
		h.rows.failing = errAway
		defer func() { h.rows.failing = nil }()
		c.Session.Set("text", "hers")
		return c.Session.Save()
	}})
	if a := h.get("/begin"); a.header.Get("Set-Cookie") != "" || a.status == http.StatusOK {
		t.Errorf("%d, %q", a.status, a.header.Get("Set-Cookie"))
	}
}
