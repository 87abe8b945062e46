package sandbox_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"reprise/internal/sandbox"
)

func TestHostsCanBeSetByTests(t *testing.T) {
	s := open(t, "")
	e := example(t, s, "removes")
	for state, status := range map[sandbox.State]int{
		sandbox.Gone: 404, sandbox.Soft: 200, sandbox.Login: 200, sandbox.Forbidden: 403, sandbox.Country: 451, sandbox.Down: 503, sandbox.Online: 200,
	} {
		if err := s.Host(e.Host).Set(state); err != nil {
			t.Fatal(err)
		}
		follow(t, s, e.URL, expect{0, status, ""})
		if got, err := s.State(e.URL); err != nil || got != state {
			t.Errorf("%s, %v; want %s", got, err, state)
		}
	}
	for name, err := range map[string]error{
		"unknown host":    s.Host("elsewhere.essai").Set(sandbox.Gone),
		"unknown state":   s.Host(e.Host).Set("burnt"),
		"unknown address": s.Set("http://www.photomur.essai/nothing", sandbox.Gone),
		"no address":      s.Set("http://%zz", sandbox.Gone),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := s.State("http://elsewhere.essai/"); err == nil {
		t.Error("an unknown address has a state")
	}
}

func TestSearchEngineTakesAFormAndDelistsADayLater(t *testing.T) {
	s, c := open(t, ""), person(t)
	e, engine := example(t, s, "removes"), recipient(t, s, "trouvetout")
	if engine.Channel != "web_form" || !engine.Parallel {
		t.Errorf("%+v", engine)
	}
	results := "http://www.trouvetout.essai/"
	follow(t, s, results, expect{0, 200, e.URL})
	body := send(t, c, engine.FormURL, "addresses", "Voici ("+e.URL+").\nMerci")
	if !regexp.MustCompile(`data-t="reference-number">TR-\d{6}<`).MatchString(body) {
		t.Errorf("no reference number: %s", body)
	}
	follow(t, s, results, expect{0, 200, e.URL})
	advance(t, s, day)
	if _, body := get(t, s, results); strings.Contains(body, e.URL) || !strings.Contains(body, "88213") {
		t.Error("the address is still in the results, or others are not")
	}
	follow(t, s, "http://www.loupe.essai/", expect{0, 200, e.URL})
	follow(t, s, e.URL, expect{0, 200, "og:image"})
}

func TestBareDomainLeadsToWWW(t *testing.T) {
	s := open(t, "")
	resp, err := visitor(s).Get("http://photomur.essai/galerie/juin-1042")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if to := resp.Header.Get("Location"); resp.StatusCode != 301 || to != s.Addresses()[0].URL {
		t.Errorf("%d to %q", resp.StatusCode, to)
	}
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	s := open(t, "")
	for _, address := range []string{
		"http://www.photomur.essai/nothing", "http://img.photomur.essai/i/1042/parrots-601.jpg",
		"http://img.photomur.essai/i/1042/lighthouse-600.jpg", "http://img.photomur.essai/i/1042/x", "http://img.photomur.essai/i/1042/",
	} {
		follow(t, s, address, expect{0, 404, ""})
	}
	for _, path := range []string{"/mail/9", "/pictures/hats.jpg", "/forms/photomur", "/elsewhere"} {
		if status, _ := read(t)(http.Get(s.URL() + path)); status != 404 {
			t.Errorf("%s answers %d", path, status)
		}
	}
}

func TestDirectoryEntriesHoldTogether(t *testing.T) {
	s := open(t, "")
	var ids []string
	for _, r := range s.Recipients() {
		ids = append(ids, r.ID)
	}
	for _, r := range s.Recipients() {
		if !r.Verified || len(r.Domains) != 1 || len(r.Countries) == 0 || (r.Email == "") == (r.FormURL == "") {
			t.Errorf("%+v", r)
		}
		for _, behind := range r.Behind {
			if !slices.Contains(ids, behind) {
				t.Errorf("%s stands behind %s, and nobody knows it", behind, r.ID)
			}
		}
	}
	for _, e := range s.Addresses() {
		if !slices.Contains(ids, e.Recipient) {
			t.Errorf("%s has no recipient", e.URL)
		}
	}
}

func TestSandboxNeedsAFolderADomainAndItsPort(t *testing.T) {
	if _, err := sandbox.New(sandbox.Options{Domain: domain}); err == nil {
		t.Error("it started without a folder")
	}
	s := open(t, "")
	taken := strings.TrimPrefix(s.URL(), "http://")
	if _, err := sandbox.New(sandbox.Options{Dir: t.TempDir(), Domain: domain, UIAddr: taken}); err == nil {
		t.Error("it started on a port that is taken")
	}
}

func TestClockFileIsReadAtEveryUseAndABrokenOneIsNotOverwritten(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	file := filepath.Join(dir, "clock")
	if err := os.WriteFile(file, []byte(" 7200\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if ahead := time.Until(s.Now()); ahead < 119*time.Minute || ahead > 2*hour {
		t.Errorf("ahead by %s", ahead)
	}
	if err := os.WriteFile(file, []byte("soon"), 0o600); err != nil {
		t.Fatal(err)
	}
	if ahead := time.Until(s.Now()).Abs(); ahead > time.Minute {
		t.Errorf("ahead by %s", ahead)
	}
	if err := s.Advance(hour); err == nil {
		t.Error("a broken clock file was overwritten")
	}
}
