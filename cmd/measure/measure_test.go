package main

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"reprise/internal/edits"
)

// few makes a folder of three photographs.
func few(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"cid22-1183021.jpg", "kodak-3.jpg", "kodak-7.jpg"} {
		file, err := os.ReadFile("../../internal/edits/testdata/photos/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestRecallTellsWhatEachRuleFinds(t *testing.T) {
	var out bytes.Buffer
	faults := filepath.Join(t.TempDir(), "faults.csv")
	spread := filepath.Join(t.TempDir(), "spread.csv")
	c := recall{Edits: []string{"jpeg-q50", "mirror"}, More: 20, Global: 20, Pairs: spread, Faults: faults}
	if err := c.run(&out, few(t)); err != nil {
		t.Fatal(err)
	}
	rows := rowsOf(out.String())
	for name, want := range map[string][]string{"jpeg-q50": {"100.0", "100.0"}, "mirror": {"0.0", "100.0"}} {
		row := rows[name]
		if len(row) < 5 || row[1] != want[0] || row[3] != want[1] || row[4] != want[1] {
			t.Errorf("%s: %q, want %s by PDQ alone and %s by eight orientations and by the rule", name, row, want[0], want[1])
		}
	}
	if row := rows["**mean of the edits**"]; len(row) < 4 || row[1] == "**100.0**" {
		t.Errorf("means: %q", row)
	}
	missed, err := os.ReadFile(faults)
	if err != nil || !strings.Contains(string(missed), "missed in a case,PDQ <= 31,mirror of ") {
		t.Errorf("the mirrored copies that PDQ misses are not told: %.300s %v", missed, err)
	}
	distances, err := os.ReadFile(spread)
	if err != nil || !strings.Contains(string(distances), "pdq,") {
		t.Errorf("distances: %.100s %v", distances, err)
	}
}

func TestUnlikePairsLeaveOutWhatACopyShows(t *testing.T) {
	c := recall{Edits: []string{"collage-two-beside"}}
	trial, err := c.prepare(few(t))
	if err != nil {
		t.Fatal(err)
	}
	n := len(trial.references)
	if n < 3 || len(trial.copies) != n {
		t.Fatalf("%d references, %d copies", n, len(trial.copies))
	}
	if got, want := trial.tryUnlike(hashRules(), compareHashes, math.MaxInt).pairs, n*(n-2); got != want {
		t.Errorf("%d unlike pairs of collages of two, want %d", got, want)
	}
	wantGlobal := 0
	for i := range trial.copies {
		for j := range trial.copies {
			if !sharing(trial.copies[i].shows, trial.copies[j].shows) {
				wantGlobal++
			}
		}
	}
	if got := trial.tryCopies(globally, globalRules(), compareWholes, n*n).pairs; got != wantGlobal {
		t.Errorf("%d unlike pairs of two collages, want %d", got, wantGlobal)
	}
}

func TestWholesAreHeldAgainstEachOtherAsTheProgramDoes(t *testing.T) {
	trial, err := (&recall{Edits: []string{"mirror", "invert"}}).prepare(few(t))
	if err != nil {
		t.Fatal(err)
	}
	for i := range trial.copies {
		query := trial.copies[i].marks
		for _, reference := range trial.references {
			wholes, hashes := compareWholes(reference, query), compareHashes(reference, query)
			if wholes[byWhole] != hashes[byWhole] {
				t.Errorf("%s: %v and %v", trial.nameOf(&trial.copies[i]), wholes[byWhole], hashes[byWhole])
			}
		}
	}
}

func TestNothingToMeasureIsAnError(t *testing.T) {
	for _, c := range []recall{{Edits: []string{"no-such-edit"}}, {Every: 1000}} {
		if _, err := c.prepare(few(t)); err == nil {
			t.Errorf("%+v was measured", c)
		}
	}
	if _, err := (&recall{}).prepare(t.TempDir()); err == nil {
		t.Error("an empty folder was measured")
	}
}

func TestSpeedIsToldForEachWay(t *testing.T) {
	photographs, err := edits.Load(few(t))
	if err != nil {
		t.Fatal(err)
	}
	c := match{Files: 2, Rounds: 1}
	out, err := c.hashingTable(photographs, image.Pt(160, 120))
	if err != nil {
		t.Fatal(err)
	}
	if len(out.rows) != len(hashing()) || out.rows[0][3] != "1.0" {
		t.Errorf("%q", out.rows)
	}
	c.PDQPhotoHasher = filepath.Join(t.TempDir(), "none")
	if _, err := c.hashingTable(photographs, image.Pt(160, 120)); err == nil {
		t.Error("a program that is not there was timed")
	}
}

func TestCameraFilesAreTheSameInEveryRun(t *testing.T) {
	photographs, err := edits.Load(few(t))
	if err != nil {
		t.Fatal(err)
	}
	a, errA := camera(photographs[2], image.Pt(640, 480))
	b, errB := camera(photographs[2], image.Pt(640, 480))
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("%d and %d bytes (%v, %v)", len(a), len(b), errA, errB)
	}
	if config, err := jpeg.DecodeConfig(bytes.NewReader(a)); err != nil || config.Width != 640 || config.Height != 480 {
		t.Errorf("%+v, %v", config, err)
	}
}

// rowsOf gives the cells of each row of the tables, by the first.
func rowsOf(markdown string) map[string][]string {
	rows := map[string][]string{}
	for line := range strings.Lines(markdown) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "| "), " | ")
		if _, seen := rows[cells[0]]; !seen {
			rows[cells[0]] = cells
		}
	}
	return rows
}
