package portal

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"reprise/internal/browser"
	"reprise/internal/keypoints"
	"reprise/internal/phash"
	"reprise/internal/picture"
)

// sent gives the two parts of what each row would send.
func (c *chooser) sent() (hashes, points [][]byte) {
	c.t.Helper()
	for _, text := range browser.Eval[[]string](c.Page, `[...document.querySelectorAll("[data-row-of-page] input[name=f4]")].map(i => i.value)`) {
		first, second, _ := strings.Cut(text[1:], ".")
		for i, part := range []string{first, second} {
			b, err := base64.RawURLEncoding.DecodeString(part)
			if err != nil {
				c.t.Fatal(err)
			}
			if i == 0 {
				hashes = append(hashes, b)
			} else {
				points = append(points, b)
			}
		}
	}
	return hashes, points
}

func TestMarksAreMadeOnTheDeviceOnlyWhenSheAgrees(t *testing.T) {
	c := newChooser(t, browser.Options{Lang: "en"})
	var paths []string
	var want [][]byte
	i := 0
	for _, m := range oddPictures(t) {
		body := inPNG(t, m)
		if signed(t, body) == nil || i == 14 {
			continue
		}
		paths, want = append(paths, c.file(fmt.Sprintf("%d.png", i), body)), append(want, marked(t, body))
		i++
	}
	c.choose(paths[0])
	if _, points := c.sent(); len(points[0]) != 0 || strings.Contains(fmt.Sprint(c.Requests()), "points.js") {
		t.Error("marks were made, or their script was fetched, before she agreed")
	}
	c.Click(browser.T("points"))
	c.done()
	c.choose(paths[1:]...)
	hashes, points := c.sent()
	if len(points) != len(want) {
		t.Fatalf("%d rows of %d", len(points), len(want))
	}
	for i, got := range points {
		if !bytes.Equal(got, want[i]) {
			t.Errorf("picture %d: %s", i, difference(got, want[i]))
		}
		if len(hashes[i]) < 100 {
			t.Errorf("picture %d: the hashes are gone", i)
		}
	}
	c.Click(browser.T("points"))
	c.done()
	if _, points := c.sent(); len(bytes.Join(points, nil)) != 0 {
		t.Error("marks are sent after she took her word back")
	}
	c.Click(browser.T("points"))
	c.done()
	c.Submit(browser.T("add-images"))
	if !c.h.desk.show.MayUsePoints || !bytes.Equal(c.h.desk.given[1].Points, want[1]) {
		t.Errorf("her word or the marks did not arrive: %v, %d references, %d bytes, %q", c.h.desk.show.MayUsePoints, len(c.h.desk.given), len(c.h.desk.given[1].Points), c.Texts("[data-t=reference]"))
	}
	if problems := c.Problems(); len(problems) > 0 {
		t.Errorf("%q", problems)
	}
}

// marked gives our own local features of a file.
func marked(t *testing.T, body []byte) []byte {
	t.Helper()
	p, err := picture.Decode(body)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := keypoints.Find(p.Small(keypoints.MaxSide), keypoints.ForReference).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return packed
}

func TestMarksWithoutHerWordAreNotTaken(t *testing.T) {
	v := newHouse(t).visitor()
	v.fillIn()
	v.post("/f", "do", "step-6")
	with := "p" + base64.RawURLEncoding.EncodeToString([]byte{2, 90, 1}) + "." + base64.RawURLEncoding.EncodeToString([]byte("marks"))
	v.device("/f", "next", [2]string{"", with})
	if f := v.draft(t); f.Marks || len(f.Images) != 2 || f.Images[1].Points != nil {
		t.Errorf("%+v", f.Images)
	}
	v.post("/f", "do", "step-6")
	v.device("/f", "next", [2]string{"f6", ""}, [2]string{"", with})
	if f := v.draft(t); !f.Marks || string(f.Images[2].Points) != "marks" {
		t.Errorf("%+v", f.Images)
	}
}

func TestAVideoIsHashedFrameByFrameOnTheDevice(t *testing.T) {
	c := newChooser(t, browser.Options{Lang: "en"})
	film, err := os.ReadFile("../../hasher/testdata/chair.mp4")
	if err != nil {
		t.Fatal(err)
	}
	c.h.heard.listen()
	for _, lent := range []bool{false, true} {
		if lent {
			browser.Eval[bool](c.Page, `delete window.OffscreenCanvas`)
		}
		c.choose(c.file("film.mp4", film), c.file("broken.mp4", film[:2000]))
		states := c.states()
		if states = states[len(states)-2:]; states[0] != "hashed" || states[1] != "refused" {
			t.Fatalf("lent %v: %v: %q", lent, states, c.Texts("[data-said]"))
		}
	}
	hashes, _ := c.sent()
	var clip, other phash.Clip
	if err := clip.UnmarshalBinary(hashes[0]); err != nil {
		t.Fatal(err)
	}
	if err := other.UnmarshalBinary(hashes[1]); err != nil || fmt.Sprint(other) != fmt.Sprint(clip) {
		t.Errorf("a lent canvas gives another clip: %v", err)
	}
	if seconds := int((clip.Duration + time.Second - 1) / time.Second); len(clip.Frames) != seconds || seconds < 2 {
		t.Errorf("%d frames of %v", len(clip.Frames), clip.Duration)
	}
	c.Submit(browser.T("add-images"))
	if bytes.Contains(c.h.heard.all(), film[1000:1016]) || bytes.Contains(c.h.heard.all(), []byte("film.mp4")) {
		t.Error("something of the video was sent")
	}
	if problems := c.Problems(); len(problems) > 0 {
		t.Errorf("%q", problems)
	}
}
