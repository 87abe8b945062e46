package app

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"reprise/internal/casework"
	"reprise/internal/takedown"
	"reprise/internal/web"
	"reprise/migrations"
)

// TestShippedDataSpeaksEveryLanguageOfThePortal is what a further language has to
// pass beside the catalogue: its columns in the data that pages show.
func TestShippedDataSpeaksEveryLanguageOfThePortal(t *testing.T) {
	help, err := casework.HelpLines(migrations.Data)
	if err != nil {
		t.Fatal(err)
	}
	channels, err := casework.ProtectionChannels(migrations.Data)
	if err != nil {
		t.Fatal(err)
	}
	lines, services := map[string]int{}, map[string]int{}
	for _, l := range web.Langs("portal") {
		for _, h := range help {
			lines[h.Country]++
			if h.Name[l] == "" || (h.About[l] == "") != (h.About["fr"] == "") {
				t.Errorf("%s of %s says nothing in %s", h.Contact, h.Country, l)
			}
		}
		for _, c := range channels {
			services[c.Country]++
			if c.About[l] == "" {
				t.Errorf("%s of %s says nothing in %s", c.Name, c.Country, l)
			}
		}
	}
	for _, country := range strings.Fields("FR BE CH LU ES DE IT PT GB IE CA US MA DZ TN *") {
		if lines[country] == 0 || services[country] == 0 {
			t.Errorf("%s has %d numbers and %d services for minors", country, lines[country], services[country])
		}
	}
}

func TestEveryNumberCanBeReachedAndNamesItsSource(t *testing.T) {
	way := regexp.MustCompile(`^(\+?[0-9][0-9 -]*|(?:[a-z0-9-]+\.)+[a-z]+)$`)
	for _, name := range []string{"data/help.csv", "data/channels.csv"} {
		body, err := fs.ReadFile(migrations.Data, name)
		if err != nil {
			t.Fatal(err)
		}
		for n, line := range strings.Split(strings.TrimSpace(string(body)), "\n") {
			if n > 0 && !regexp.MustCompile(`,https?://[a-z0-9.-]+/[^,]*$`).MatchString(line) {
				t.Errorf("%s, line %d names no source: %s", name, n+1, line)
			}
		}
	}
	help, err := casework.HelpLines(migrations.Data)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range help {
		if !way.MatchString(h.Contact) {
			t.Errorf("%q can neither be called nor opened", h.Contact)
		}
	}
}

// TestGridHasThe106CriteriaOfRGAA holds the grid of the accessibility page whole,
// and its words in every language.
func TestGridHasThe106CriteriaOfRGAA(t *testing.T) {
	grid, err := casework.AccessGrid(migrations.Data)
	if err != nil {
		t.Fatal(err)
	}
	themes := map[string]int{}
	for _, g := range grid {
		theme, _, _ := strings.Cut(g.ID, ".")
		themes[theme]++
		keys := []string{"access.theme." + theme, "access." + g.State}
		if g.State == takedown.CriterionOK {
			keys = append(keys, "access.by."+g.By)
		}
		if g.State == takedown.CriterionNot {
			keys = append(keys, "access.why."+g.ID)
		}
		for _, l := range web.Langs("portal") {
			for _, k := range keys {
				if web.T(l, k) == k {
					t.Errorf("%s: %s has no words in %s", g.ID, k, l)
				}
			}
		}
		if g.Title["fr"] == "" || g.Title["en"] == "" || (g.By != "") != (g.State == takedown.CriterionOK) {
			t.Errorf("%+v", g)
		}
	}
	for theme, want := range map[string]int{"1": 9, "2": 2, "3": 3, "4": 13, "5": 8, "6": 2, "7": 5, "8": 10, "9": 4, "10": 14, "11": 13, "12": 11, "13": 12} {
		if themes[theme] != want {
			t.Errorf("theme %s has %d criteria, want %d", theme, themes[theme], want)
		}
	}
}
