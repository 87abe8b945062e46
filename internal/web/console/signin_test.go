package console

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"reprise/internal/takedown"
)

const email = "camille@association.example"

func (v *visitor) signsIn(email, password, code string) *visitor {
	v.t.Helper()
	return v.open("/").post("/in", "email", email, "password", password, "code", code)
}

func TestPasswordAndCodeLetOneIn(t *testing.T) {
	h := newHouse(t)
	totp := h.joins(email, takedown.RoleCaseworker)
	v := h.visitor().signsIn(email, goodPassword, h.code(totp))
	v.want(http.StatusOK, "To do now", "Camille")
	first := v.cookie
	v.post("/out")
	if !v.has("sign-in") || v.cookie != "" {
		t.Errorf("still signed in: %s", v.text())
	}
	v.cookie = first
	if v.open("/"); !v.has("sign-in") {
		t.Error("the session goes on after signing out")
	}
}

func TestSigningInMakesANewSession(t *testing.T) {
	h := newHouse(t)
	totp := h.joins(email, takedown.RoleCaseworker)
	v := h.visitor().open("/").post("/", "lang", "fr")
	before := v.cookie
	v.signsIn(email, goodPassword, h.code(totp)).want(http.StatusOK, "À faire maintenant")
	if before == "" || v.cookie == before {
		t.Error("the session before is taken over")
	}
}

func TestEveryFailureToSignInHasOneAnswer(t *testing.T) {
	h := newHouse(t)
	totp := h.joins(email, takedown.RoleCaseworker)
	right := h.code(totp)
	answers := map[string]bool{}
	for _, try := range [][3]string{
		{"nobody@association.example", goodPassword, right},
		{email, "another password altogether", right},
		{email, goodPassword, "000000"},
		{email, "", ""},
	} {
		v := h.visitor().signsIn(try[0], try[1], try[2])
		same(t, "status", v.status, http.StatusForbidden)
		answers[strings.ReplaceAll(v.text(), try[0], "")] = true
		if strings.Contains(v.body, goodPassword) {
			t.Error("the password comes back")
		}
		h.later(time.Minute)
	}
	same(t, "answers", len(answers), 1)
}

func TestACodeWorksOnce(t *testing.T) {
	h := newHouse(t)
	totp := h.joins(email, takedown.RoleCaseworker)
	code := h.code(totp)
	h.visitor().signsIn(email, goodPassword, code).want(http.StatusOK, "To do now")
	h.visitor().signsIn(email, goodPassword, code).want(http.StatusForbidden)
}

func TestAStrangerElsewhereKeepsNobodyOut(t *testing.T) {
	h := newHouse(t)
	totp := h.joins(email, takedown.RoleCaseworker)
	stranger := h.visitor()
	stranger.from = "203.0.113.9:40000"
	for range 6 {
		stranger.signsIn(email, "wrong", "000000")
	}
	same(t, "the stranger", stranger.status, http.StatusTooManyRequests)
	stranger.signsIn("colleague@association.example", "wrong", "000000")
	same(t, "another account from there", stranger.status, http.StatusForbidden)
	h.visitor().signsIn(email, goodPassword, h.code(totp)).want(http.StatusOK, "To do now")
}

// The numbers of SAFETY 2.4: 5 a minute for an account, 10 an hour for a network.
func TestTriesToSignInAreLimited(t *testing.T) {
	h := newHouse(t)
	for n := range 5 {
		same(t, fmt.Sprint("try ", n+1), h.visitor().signsIn(email, "wrong", "000000").status, http.StatusForbidden)
	}
	same(t, "try 6 of the account", h.visitor().signsIn(email, "wrong", "000000").status, http.StatusTooManyRequests)
	h.later(2 * time.Minute)
	for n := range 4 {
		same(t, fmt.Sprint("try ", n+7), h.visitor().signsIn(fmt.Sprint(n, "@association.example"), "wrong", "000000").status, http.StatusForbidden)
	}
	same(t, "try 11 of the network", h.visitor().signsIn("other@association.example", "wrong", "000000").status, http.StatusTooManyRequests)
}

func TestInvitationIsTakenUpWithPasswordAndSecondFactor(t *testing.T) {
	h := newHouse(t)
	token, err := h.office.Invite(context.Background(), email, "Camille", takedown.RoleSupervisor)
	h.must(err)
	v := h.visitor().open("/invite")
	v.post("/invite/token", "token", "not-"+token).want(http.StatusUnprocessableEntity, "not valid")
	v.post("/invite/token", "token", " "+token+" ").want(http.StatusOK, email)
	totp := strings.ReplaceAll(strings.TrimSpace(text(v.one("factor"))), " ", "")
	v.post("/invite/account", "name", "Camille D.", "password", "short", "code", h.code(totp)).want(http.StatusUnprocessableEntity, "15 characters")
	same(t, "name kept", v.fieldValue("name"), "Camille D.")
	v.post("/invite/account", "name", "Camille D.", "password", goodPassword, "code", "000000").want(http.StatusUnprocessableEntity)
	v.post("/invite/account", "name", "Camille D.", "password", goodPassword, "code", h.code(totp)).want(http.StatusOK, "Your account is ready.")
	h.later(30 * time.Second)
	v.signsIn(email, goodPassword, h.code(totp)).want(http.StatusOK, "Camille D.", "supervisor")
	h.visitor().open("/invite").post("/invite/token", "token", token).want(http.StatusUnprocessableEntity)
	if strings.Contains(h.log.String(), token) {
		t.Error("the log holds the token")
	}
}

func TestTheSecondFactorIsDrawnForItsOwnSessionAlone(t *testing.T) {
	h := newHouse(t)
	token, err := h.office.Invite(context.Background(), email, "Camille", takedown.RoleCaseworker)
	h.must(err)
	v := h.visitor()
	v.open("/invite/qr").want(http.StatusNotFound)
	v.open("/invite").post("/invite/token", "token", token)
	v.open("/invite/qr")
	if _, err := png.Decode(bytes.NewReader([]byte(v.body))); err != nil {
		t.Errorf("no picture: %v", err)
	}
	h.visitor().open("/invite/qr").want(http.StatusNotFound)
}

func TestAnInvitationEndsAfterADay(t *testing.T) {
	h := newHouse(t)
	token, err := h.office.Invite(context.Background(), email, "Camille", takedown.RoleCaseworker)
	h.must(err)
	h.later(24 * time.Hour)
	h.visitor().open("/invite").post("/invite/token", "token", token).want(http.StatusUnprocessableEntity)
}
