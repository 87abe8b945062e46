package portal

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// lines is a pasted text of the largest size without an address in it.
var lines = strings.Repeat("a\n", takedown.MaxPaste/2)

func TestAtMost100LinesAreRemarkedAndTheRestIsCounted(t *testing.T) {
	v := newHouse(t).visitor()
	v.fillIn()
	v.post("/f", "do", "step-5")
	forms := map[string]page{"the form": v.post("/f", "f1", lines, "do", "next")}
	v.visitAgain()
	forms["the space"] = v.post("/s", "do", "add-urls", "f1", lines)
	for name, p := range forms {
		if size := len(p.body); size > takedown.MaxPaste+100_000 {
			t.Errorf("%s: %d bytes", name, size)
		}
		if got := strings.Count(p.body, `data-t="refused"`); got != 100 || !strings.Contains(p.body, "Et 524188 autres lignes.") {
			t.Errorf("%s: %d lines are shown", name, got)
		}
		if strings.Count(p.body, "<textarea") != 1 || !strings.Contains(p.body, strings.TrimSpace(lines)) {
			t.Errorf("%s: the text is not in its box", name)
		}
	}
}

// visitAgain enters the space anew.
func (v *visitor) visitAgain() {
	v.t.Helper()
	v.get("/")
	v.post("/", "do", "enter", "f1", deskNumber, "f2", deskPhrase)
}

func TestALongLineIsRemarkedByItsBeginning(t *testing.T) {
	long := strings.Repeat("é", 1000)
	some, more := remarks(takedown.English, takedown.Pasted{Refused: []takedown.Refused{{Line: 1, Text: long}}})
	if len(some) != 1 || some[0].Text != strings.Repeat("é", 300)+"…" || more != "" {
		t.Errorf("%d remarks, %d bytes, %q", len(some), len(some[0].Text), more)
	}
}

func TestATextOverTheBoundIsNotKeptWhateverButtonIsPressed(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	v.post("/f", "do", "step-5")
	for _, button := range [][]string{{"lang", "en"}, {"do", "back"}, {"stay", "1"}, {"do", "next"}} {
		v.post("/f", append(button, "f1", lines+"more")...)
		if v.page.status < 400 || len(h.draft(t).Addresses) > takedown.MaxPaste {
			t.Errorf("%v: %d, %d bytes kept", button, v.page.status, len(h.draft(t).Addresses))
		}
		v.has("more</textarea>")
	}
}

func TestReadingStopsAfterTheImagesOfACase(t *testing.T) {
	files := make([]sentFile, 1000)
	for i := range files {
		files[i] = sentFile{fmt.Sprintf("%d.txt", i), []byte("x")}
	}
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	v.post("/f", "do", "step-6")
	before := len(h.desk.images)
	v.upload("/f", "next", files...)
	v.has("un envoi peut contenir 200 fichiers")
	if read := len(h.desk.images) - before; read < takedown.MaxReferences || read > maxParts || v.page.status != http.StatusOK {
		t.Errorf("%d files were read, the answer is %d", read, v.page.status)
	}
	if strings.Count(v.page.body, `data-t="drop"`) != 1 {
		t.Error("what was refused can be taken out, or what was hashed cannot")
	}
	if kept := h.draft(t).Images; len(kept) != 1 {
		t.Errorf("%d images are in the session", len(kept))
	}
	if v.get("/f"); strings.Contains(v.page.body, `data-state="refused"`) {
		t.Error("refused files are shown again")
	}
	empty := make([]sentFile, 1000)
	if v.upload("/f", "next", empty...); !strings.Contains(v.page.body, "un envoi peut contenir") {
		t.Error("a thousand empty files go unremarked")
	}
	v.visitAgain()
	v.get("/s")
	v.upload("/s", "add-images", append([]sentFile{{"a.jpg", photo}}, files...)...)
	v.has("un envoi peut contenir 200 fichiers", "1 empreinte ajoutée")
}

// TestTheHeadOfAPartIsShort sends what would take ten megabytes a part before its
// first byte is looked at; a long name and a file that is too large go by.
func TestTheHeadOfAPartIsShort(t *testing.T) {
	h := newHouse(t)
	v := h.atAddresses()
	v.post("/f", "f1", "https://pics.example/a", "do", "next")
	large := append(append([]byte{}, photo...), make([]byte, maxImage+maxHead)...)
	v.upload("/f", "next", sentFile{"large.jpg", large}, sentFile{strings.Repeat("é", 5000) + ".jpg", photo})
	if v.page.status != http.StatusOK || len(h.desk.images) != 1 {
		t.Fatalf("%d, %d images: %s", v.page.status, len(h.desk.images), plain(v.page.body))
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.WriteField("c", v.hidden().Get("c"))
	part, _ := w.CreatePart(map[string][]string{"X-Long": {strings.Repeat("a", 1<<20)}, "Content-Disposition": {`form-data; name="f1"; filename="a.jpg"`}})
	_, _ = part.Write(photo)
	_ = w.Close()
	r := v.request(http.MethodPost, "/f", &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	if got := v.do(r); got.status != http.StatusBadRequest || len(h.desk.images) != 1 {
		t.Errorf("a head of a megabyte: %d, %d images", got.status, len(h.desk.images))
	}
}

func TestAFieldBesideTheFilesIsShort(t *testing.T) {
	v := newHouse(t).visitor()
	v.fillIn()
	v.post("/f", "do", "step-6")
	v.page.body = `<input type="hidden" name="c" value="` + strings.Repeat("x", 2000) + `">`
	if v.upload("/f", "next"); v.page.status != http.StatusBadRequest {
		t.Errorf("%d", v.page.status)
	}
}

func TestANetworkBegins120VisitsAnHourAndThoseBegunGoOn(t *testing.T) {
	h := newHouse(t, func(o *web.Options) { o.Widen = 1 })
	first := h.visitor()
	first.get("/f")
	first.post("/f", "f1", "adult", "do", "next")
	for range 119 {
		v := h.visitor()
		v.get("/")
		v.post("/", "lang", "en")
	}
	for _, path := range []string{"/", "/f"} {
		v := h.visitor()
		v.get(path)
		if v.post(path, "lang", "en", "f1", "adult"); v.page.status != http.StatusTooManyRequests {
			t.Errorf("the 121st visit, by %s: %d", path, v.page.status)
		}
	}
	if h.rows.count() != 120 {
		t.Errorf("%d sessions", h.rows.count())
	}
	if first.post("/f", "f1", "published", "do", "next"); first.page.status != http.StatusOK {
		t.Errorf("a visit begun before: %d", first.page.status)
	}
	minor := h.visitor()
	minor.get("/f")
	if minor.post("/f", "f1", "minor", "do", "next"); !minor.page.handle("care") {
		t.Errorf("the minors' route is braked: %d", minor.page.status)
	}
}

func TestNoRefusedImageIsInTheSession(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	v.post("/f", "do", "step-6")
	v.upload("/f", "next", sentFile{"letter.txt", []byte("text")})
	v.has("letter.txt")
	for _, row := range h.rows.kept {
		if bytes.Contains(row.Data, []byte("letter.txt")) {
			t.Error("its name is kept")
		}
	}
}
