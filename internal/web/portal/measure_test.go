package portal

import (
	"bytes"
	"fmt"
	pixels "image"
	"image/draw"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"reprise/internal/browser"
	"reprise/internal/hasher"
	"reprise/internal/phash"
)

// gaps are how many bits apart the device and we are, for many files.
type gaps map[string][]int

func (g gaps) add(name string, a, b phash.Hash256) { g[name] = append(g[name], a.Distance(b)) }

func (g gaps) String() string {
	var out bytes.Buffer
	for _, name := range []string{"PDQ", "upright", "pHash 256", "whole", "segments", "crops"} {
		all := slices.Sorted(slices.Values(g[name]))
		if len(all) == 0 {
			continue
		}
		sum, none := 0, 0
		for _, d := range all {
			sum += d
			if d == 0 {
				none++
			}
		}
		fmt.Fprintf(&out, "%-10s %6d hashes  equal %5.1f %%  mean %4.2f  99 %% within %d  most %d\n", name, len(all),
			100*float64(none)/float64(len(all)), float64(sum)/float64(len(all)), all[len(all)*99/100], all[len(all)-1])
	}
	return out.String()
}

func TestDeviceAndWeAgreeOnEveryPhotograph(t *testing.T) {
	files, err := filepath.Glob("../../edits/testdata/photos/*.jpg")
	if err != nil || len(files) < 90 {
		t.Fatalf("%d photographs: %v", len(files), err)
	}
	c := newChooser(t, browser.Options{})
	all, unlike := gaps{}, 0
	for n := 0; n < len(files); n += 10 {
		var paths []string
		for _, f := range files[n:min(n+10, len(files))] {
			abs, err := filepath.Abs(f)
			if err != nil {
				t.Fatal(err)
			}
			paths = append(paths, abs)
		}
		c.choose(paths...)
	}
	for i, made := range c.made() {
		body, err := os.ReadFile(files[i])
		if err != nil {
			t.Fatal(err)
		}
		here, ours := read(t, made), read(t, signed(t, body))
		all.add("PDQ", here.PDQ, ours.PDQ)
		all.add("upright", here.Upright, ours.Upright)
		all.add("pHash 256", here.PHash256, ours.PHash256)
		if !sameBoxes(here.Regions, ours.Regions) {
			unlike++
			continue
		}
		for k, r := range here.Regions {
			all.add([]string{"whole", "segments", "crops"}[r.Kind], r.Hash, ours.Regions[k].Hash)
		}
	}
	t.Logf("%d photographs, of which %d are parted otherwise\n%s", len(files), unlike, all)
	for name, most := range map[string]int{"PDQ": 10, "upright": 10, "whole": 10, "crops": 15, "segments": 31} {
		if got := slices.Max(all[name]); got > most {
			t.Errorf("%s: %d bits apart at most, want %d", name, got, most)
		}
	}
	if unlike > len(files)/10 {
		t.Errorf("%d of %d are parted otherwise", unlike, len(files))
	}
}

// sameBoxes tells whether two signatures hashed the same parts.
func sameBoxes(a, b []phash.Region) bool {
	return slices.EqualFunc(a, b, func(x, y phash.Region) bool { return x.Kind == y.Kind && x.Box == y.Box })
}

// BenchmarkDevice100PhotographsOf12MP chooses 100 photographs at once, as from the gallery of a phone.
func BenchmarkDevice100PhotographsOf12MP(b *testing.B) {
	c := newChooser(b, browser.Options{Width: 390, Height: 844})
	var paths []string
	for i, m := range photos(b, 10) {
		large := pixels.NewRGBA(pixels.Rect(0, 0, 4000, 3000))
		draw.Draw(large, large.Rect, scaled(m, 4000, 3000), pixels.Point{}, draw.Src)
		paths = append(paths, c.file(fmt.Sprintf("%d.jpg", i), inJPEG(b, large)))
	}
	for b.Loop() {
		for range 10 {
			c.choose(paths...)
		}
		b.ReportMetric(float64(b.Elapsed().Seconds())/100, "s/photograph")
		b.ReportMetric(float64(peak(b))/1024, "MB-peak")
	}
}

// BenchmarkServer100PhotographsOf12MP hashes the same photographs as they are hashed without script: in the limited child,
// one after the other.
func BenchmarkServer100PhotographsOf12MP(b *testing.B) {
	h, err := hasher.NewHasher(b.Context(), 1)
	if err != nil {
		b.Fatal(err)
	}
	var files [][]byte
	for _, m := range photos(b, 10) {
		large := pixels.NewRGBA(pixels.Rect(0, 0, 4000, 3000))
		draw.Draw(large, large.Rect, scaled(m, 4000, 3000), pixels.Point{}, draw.Src)
		files = append(files, inJPEG(b, large))
	}
	for b.Loop() {
		for range 10 {
			for _, file := range files {
				if _, err := h.Sign(b.Context(), file, false); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(b.Elapsed().Seconds()/100, "s/photograph")
	}
}

// peak is the most memory, in KB, that any page of the browser had at once.
func peak(b *testing.B) (most int) {
	b.Helper()
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		b.Fatal(err)
	}
	for _, p := range processes {
		line, _ := os.ReadFile(filepath.Join(p, "cmdline")) // it may have ended meanwhile
		status, _ := os.ReadFile(filepath.Join(p, "status"))
		found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
		if !bytes.Contains(line, []byte("--type=renderer")) || found == nil {
			continue
		}
		if kb, err := strconv.Atoi(string(found[1])); err == nil {
			most = max(most, kb)
		}
	}
	return most
}
