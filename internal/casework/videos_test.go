package casework

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"reprise/internal/phash"
	"reprise/internal/takedown"
)

// filmed is a walk of eight seconds along photograph n, as a file of the given
// kind, with what more ffmpeg is asked to do.
func filmed(t *testing.T, n int, name string, more ...string) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	photograph := filepath.Join(t.TempDir(), "a.jpg")
	must(t, os.WriteFile(photograph, photo(t, n), 0o600))
	arguments := append([]string{"-v", "error", "-nostdin", "-loop", "1", "-t", "8", "-i", photograph, "-r", "16",
		"-vf", "scale=480:360:force_original_aspect_ratio=increase,crop=320:240:x='(iw-320)*t/8':y='(ih-240)*t/8',setsar=1", "-pix_fmt", "yuv420p"}, more...)
	if out, err := exec.Command("ffmpeg", append(arguments, file)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return try(os.ReadFile(file))(t)
}

// clip is the reference that a device would make of a video.
func (h *house) clip(video []byte) takedown.GivenReference {
	found := try(h.Videos.Frames(h.ctx, video))(h.t)
	clip := phash.Clip{Duration: 8 * time.Second}
	for _, f := range found.Frames {
		if f.At%time.Second == 0 {
			clip.Frames = append(clip.Frames, phash.Frame{At: f.At, Quality: f.Quality, PDQ: f.Hashes[0][phash.Same]})
		}
	}
	return takedown.GivenReference{Kind: takedown.ReferenceClip, Signature: try(clip.MarshalBinary())(h.t)}
}

// film shows a page with what stands in it, and the file at photomur.net/film.
func (s *site) film(kind string, file []byte, body string) {
	s.set("photomur.net/film", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(file)
	})
	s.set(page, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, `<title>Film</title><h1>Film</h1>`+body)
	})
}

// lookedAt opens a case with one reference, lets its page be looked at, and gives
// the item with its last look.
func (h *house) lookedAt(t *testing.T, reference takedown.GivenReference) (ItemView, takedown.Observation) {
	t.Helper()
	id := try(h.OpenCase(h.ctx, takedown.Actor{}, h.form([]string{"http://" + page}, reference)))(t).CaseID
	h.turn()
	item := h.item(id)
	_, looks, err := h.ItemHistory(h.ctx, h.staff, item.Item.ID)
	if err != nil || len(looks) == 0 {
		t.Fatalf("%d looks, %v", len(looks), err)
	}
	return item, looks[len(looks)-1]
}

func TestMirroredVideoIsFoundWithItsTime(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.film("video/webm", filmed(t, 0, "a.webm", "-vf", "scale=480:360:force_original_aspect_ratio=increase,crop=320:240:x='(iw-320)*t/8':y='(ih-240)*t/8',setsar=1,hflip"),
			`<video><source src="/film" type="video/webm"></video>`)
		item, last := h.lookedAt(t, h.clip(filmed(t, 0, "a.mp4")))
		if len(item.Matches) != 1 {
			t.Fatalf("%d matches, %+v", len(item.Matches), last)
		}
		m := item.Matches[0]
		if m.Kind != takedown.MatchClip || m.Verdict != takedown.VerdictNear || m.Variant != "flipy" || m.Share < 80 || m.Span.From != 0 || m.Span.To < 6 {
			t.Errorf("%+v", m)
		}
	})
}

func TestStillAndVideoFindEachOther(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		film := filmed(t, 0, "a.mp4")
		still := try(frameAt(t, film, 3))(t)
		h.site.film("video/mp4", film, `<video src="/film"></video>`)
		item, _ := h.lookedAt(t, try(h.HashImage(h.ctx, still, false))(t))
		if len(item.Matches) != 1 || item.Matches[0].Verdict != takedown.VerdictNear || item.Matches[0].Span.From != 3 || item.Matches[0].Share != 0 {
			t.Errorf("a picture as reference: %+v", item.Matches)
		}
		h.site.film("image/jpeg", still, `<img src="/film" width="320" height="240">`)
		item, _ = h.lookedAt(t, h.clip(film))
		if len(item.Matches) != 1 || item.Matches[0].Verdict != takedown.VerdictNear || item.Matches[0].Kind != takedown.MatchClip || item.Matches[0].Span.From != 3 {
			t.Errorf("a video as reference: %+v", item.Matches)
		}
	})
}

// frameAt is the frame of a video at a second, as a JPEG.
func frameAt(t *testing.T, video []byte, second int) ([]byte, error) {
	t.Helper()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "a.mp4"), video, 0o600))
	out, err := exec.Command("ffmpeg", "-v", "error", "-nostdin", "-ss", fmt.Sprint(second), "-i", filepath.Join(dir, "a.mp4"),
		"-frames:v", "1", "-q:v", "2", filepath.Join(dir, "a.jpg")).CombinedOutput()
	if err != nil {
		return out, err
	}
	return os.ReadFile(filepath.Join(dir, "a.jpg"))
}

func TestOtherVideoIsNoMatchAndIsCounted(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.site.film("video/mp4", filmed(t, 8, "a.mp4"), `<video src="/film"></video><video src="/live.m3u8"></video>`)
		item, last := h.lookedAt(t, h.clip(filmed(t, 0, "a.mp4")))
		if len(item.Matches) != 0 || last.VideosFound != 2 || last.VideosRead != 1 || last.VideoTrouble != takedown.VideoPlayer || last.MediaFound != 2 || last.MediaRead != 1 {
			t.Errorf("%d matches, %+v", len(item.Matches), last)
		}
	})
}

func TestVideoThatCannotBeLookedIntoIsSaid(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for _, c := range []struct {
			trouble takedown.VideoTrouble
			file    []byte
			without bool
		}{
			{takedown.VideoRefused, []byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"), false},
			{takedown.VideoRefused, []byte("<html>"), false},
			{takedown.VideoServer, nil, true},
		} {
			if c.without {
				h.Videos = nil
			}
			h.site.film("video/mp4", c.file, `<video src="/film"></video>`)
			_, last := h.lookedAt(t, h.reference(0))
			if last.VideosFound != 1 || last.VideosRead != 0 || last.VideoTrouble != c.trouble || last.MediaFound != 0 {
				t.Errorf("%s: %+v", c.trouble, last)
			}
		}
	})
}

func TestClipThatIsNoneIsNotTaken(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		_, err := h.OpenCase(h.ctx, takedown.Actor{}, h.form([]string{"http://" + page}, takedown.GivenReference{Kind: takedown.ReferenceClip, Signature: []byte{1, 2, 3}}))
		if err == nil {
			t.Error("three bytes were taken for a clip")
		}
	})
}
