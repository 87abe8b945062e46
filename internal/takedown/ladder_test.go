package takedown

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

func directory() Directory {
	mail := func(id string, kind RecipientKind, domain string, behind ...string) Recipient {
		return Recipient{ID: id, Kind: kind, Channel: ByMail, Domains: []string{domain}, Behind: behind}
	}
	google := mail("google", KindSearch, "google.*")
	google.Domains, google.Parallel = append(google.Domains, "google.com"), true
	bing := mail("bing", KindSearch, "bing.com")
	bing.Parallel = true
	silent := mail("silent", KindSearch, "silent.example")
	silent.Parallel, silent.Channel = true, NoChannel
	leak := mail("leak", KindForum, "leak.example", "cdn", "host")
	leak.Channel = EscalateOnly
	unknown := mail("unknown", KindForum, "unknown.example", "nobody", "host")
	unknown.Channel = NoChannel
	return NewDirectory([]Recipient{
		google, bing, silent, leak, unknown,
		mail("videos", KindPlatform, "videos.example", "cdn", "host"),
		mail("drive", KindStorage, "drive.google.com"),
		mail("alone", KindPlatform, "alone.example"),
		mail("cdn", KindCDN, "cdn.example", "registrar"),
		mail("host", KindHost, "host.example", "registrar", "authority"),
		mail("registrar", KindRegistrar, "names.example", "authority"),
		mail("authority", KindAuthority, "gov.example"),
		mail("registrar-2", KindRegistrar, "both.example"),
		mail("cdn-2", KindCDN, "both.example"),
	})
}

func TestEveryoneOfALadderIsAskedInTurn(t *testing.T) {
	for host, want := range map[string][]string{
		"www.videos.example":    {"videos", "cdn", "host", "registrar", "authority"},
		"leak.example":          {"cdn", "host", "registrar", "authority"},
		"unknown.example":       {"host", "registrar", "authority"},
		"alone.example":         {"alone"},
		"drive.google.com":      {"drive"},
		"google.com":            {"google"},
		"nobody-knows.example2": nil,
	} {
		var asked []string
		for {
			next, ok := directory().Next(host, asked)
			if !ok {
				break
			}
			if asked = append(asked, next.ID); len(asked) > 20 {
				t.Fatalf("%s: %v goes on for ever", host, asked)
			}
		}
		if !slices.Equal(asked, want) {
			t.Errorf("%s: asked %v, want %v", host, asked, want)
		}
	}
}

func TestNextLeavesOutWhomeverWasAsked(t *testing.T) {
	if next, ok := directory().Next("videos.example", []string{"host", "videos"}); !ok || next.ID != "cdn" {
		t.Errorf("got %s", next.ID)
	}
	if next, ok := directory().Next("videos.example", []string{"cdn", "host", "registrar", "authority"}); !ok || next.ID != "videos" {
		t.Errorf("got %s", next.ID)
	}
}

func TestSearchEnginesAreAskedFromTheFirstDay(t *testing.T) {
	for host, want := range map[string][]string{
		"videos.example":  {"videos", "google", "bing"},
		"leak.example":    {"cdn", "google", "bing"},
		"www.google.com":  {"google", "bing"},
		"bing.com":        {"bing", "google"},
		"nowhere.example": {"google", "bing"},
	} {
		var got []string
		for _, r := range directory().First(host) {
			got = append(got, r.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: first %v, want %v", host, got, want)
		}
	}
}

func TestNobodyWhoMustNotKnowIsEverNamed(t *testing.T) {
	d := directory()
	for _, host := range []string{"leak.example", "unknown.example", "silent.example"} {
		for _, r := range d.First(host) {
			if !r.Askable() {
				t.Errorf("%s: %s is asked first", host, r.ID)
			}
		}
		for asked := []string(nil); ; {
			next, ok := d.Next(host, asked)
			if !ok {
				break
			}
			if asked = append(asked, next.ID); !next.Askable() {
				t.Errorf("%s: %s is asked", host, next.ID)
			}
		}
	}
}

// TestEntriesThatNameEachOtherEnd is a directory edited in the worst way: forty
// that cannot be asked, each served by all the others.
func TestEntriesThatNameEachOtherEnd(t *testing.T) {
	var ids []string
	for n := range 40 {
		ids = append(ids, fmt.Sprint("r", n))
	}
	var recipients []Recipient
	for _, id := range ids {
		recipients = append(recipients, Recipient{ID: id, Channel: EscalateOnly, Domains: []string{"a.example"}, Behind: ids})
	}
	if next, ok := NewDirectory(recipients).Next("a.example", nil); ok {
		t.Errorf("%s is asked", next.ID)
	}
	recipients[39].Channel = ByMail
	if next, ok := NewDirectory(recipients).Next("a.example", nil); !ok || next.ID != "r39" {
		t.Errorf("the only one who can be asked is not: %q", next.ID)
	}
}

func TestTheBestEntryForAHost(t *testing.T) {
	for host, want := range map[string]string{
		"videos.example": "videos", "a.videos.example": "videos", "drive.google.com": "drive", "www.google.com": "google",
		"google.co.uk": "google", "both.example": "cdn-2", "google.evil.com": "", "": "",
	} {
		got, err := directory().ForHost(host)
		if got.ID != want || (want == "") != errors.Is(err, ErrNotFound) {
			t.Errorf("%q: %q and %v, want %q", host, got.ID, err, want)
		}
	}
	back := directory().recipients
	slices.Reverse(back)
	if got, err := NewDirectory(back).ForHost("both.example"); err != nil || got.ID != "cdn-2" {
		t.Errorf("in the other order: %q, %v", got.ID, err)
	}
	search := Recipient{ID: "search", Kind: KindSearch, Domains: []string{"s.example"}}
	host := Recipient{ID: "host", Kind: KindHost, Domains: []string{"s.example"}}
	for _, order := range [][]Recipient{{search, host}, {host, search}} {
		if got, _ := NewDirectory(order).ForHost("s.example"); got.ID != "host" {
			t.Errorf("a search engine is asked as a host: %v", got.ID)
		}
	}
	if got, _ := NewDirectory([]Recipient{search}).ForHost("s.example"); got.ID != "search" {
		t.Errorf("nobody else covers it, and got %q", got.ID)
	}
}

func TestAnEntryIsFoundByItsID(t *testing.T) {
	if r, err := directory().ByID("cdn"); err != nil || r.ID != "cdn" {
		t.Errorf("%v, %v", r.ID, err)
	}
	if _, err := directory().ByID("nobody"); !errors.Is(err, ErrNotFound) {
		t.Errorf("%v", err)
	}
}
