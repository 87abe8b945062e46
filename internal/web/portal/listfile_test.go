package portal

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"reprise/internal/browser"
	"reprise/internal/takedown"
)

func TestAFileThatIsTooLongOrNoTextLeavesTheBoxAsItIs(t *testing.T) {
	for name, in := range map[string]string{"a picture": string(photo) + "\x00", "long": strings.Repeat("a", takedown.MaxPaste+1)} {
		if _, err := textOf([]byte(in)); takedown.KindOf(err) != takedown.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// list sends the form of the present page with the box and a file beside it.
func (v *visitor) list(path, do, box, file string) page {
	v.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, name := range []string{"c", "p"} {
		_ = w.WriteField(name, v.hidden().Get(name))
	}
	_ = w.WriteField("f1", box)
	part, err := w.CreateFormFile("f2", "list.csv")
	if err != nil {
		v.t.Fatal(err)
	}
	_, _ = part.Write([]byte(file))
	_ = w.WriteField("do", do)
	_ = w.Close()
	r := v.request(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return v.do(r)
}

// TestOnlyOneFileOfAddressesIsReadOfABody holds what a body of many, each as long as
// one may be, would make of the text, the page and the memory.
func TestOnlyOneFileOfAddressesIsReadOfABody(t *testing.T) {
	h := newHouse(t)
	v := h.atAddresses()
	page := v.hidden()
	for name, fields := range map[string][]string{"files": {"f1", "f2", "f2"}, "boxes": {"f1", "f1"}} {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for _, hidden := range []string{"c", "p"} {
			_ = w.WriteField(hidden, page.Get(hidden))
		}
		for _, f := range fields {
			if f == "f1" {
				_ = w.WriteField(f, "https://pics.example/a")
				continue
			}
			part, _ := w.CreateFormFile(f, "list.txt")
			_, _ = part.Write(bytes.Repeat([]byte("https://pics.example/b\n"), takedown.MaxPaste/24))
		}
		_ = w.WriteField("do", "read")
		_ = w.Close()
		r := v.request(http.MethodPost, "/f", &b)
		r.Header.Set("Content-Type", w.FormDataContentType())
		if got := v.do(r); got.status != http.StatusBadRequest {
			t.Errorf("two %s: %d", name, got.status)
		}
	}
}

// atAddresses gives a visitor who is asked for addresses.
func (h *house) atAddresses() *visitor {
	h.t.Helper()
	v := h.visitor()
	v.lang = "en"
	v.get("/f")
	v.post("/f", "f1", "adult", "do", "next")
	v.post("/f", "f1", "published", "do", "next")
	v.post("/f", "f1", "self", "do", "next")
	return v
}

func TestAFileIsReadIntoTheBoxAndSortedBySite(t *testing.T) {
	h := newHouse(t)
	v := h.atAddresses()
	v.list("/f", "next", "https://pics.example/1", "https://pics.example/2\nhttps://other.example/3\nno address\n")
	v.has("https://pics.example/1\nhttps://pics.example/2\nhttps://other.example/3\nno address", "We read 3 addresses.", "on 2 sites", "Pics <span", "other.example", "We found no address")
	if got := strings.Count(v.page.body, `data-t="host"`); got != 2 {
		t.Errorf("%d sites", got)
	}
	v.list("/f", "next", "https://pics.example/1", "\x00\x01")
	v.has("is not text", "https://pics.example/1</textarea>")
	if v.list("/f", "next", "https://pics.example/1", ""); !v.page.handle("images") {
		t.Errorf("without a file it does not go on: %s", plain(v.page.body))
	}
}

func TestWhileTheDatabaseIsAwayTheTextOfAFormWithAFileIsShownAgain(t *testing.T) {
	h := newHouse(t)
	v := h.atAddresses()
	h.rows.away(errAway)
	v.list("/f", "next", "https://pics.example/kept", "https://pics.example/file")
	v.has("https://pics.example/kept\nhttps://pics.example/file</textarea>")
	if v.page.status != http.StatusServiceUnavailable {
		t.Errorf("%d", v.page.status)
	}
	h.rows.away(nil)
	v.list("/f", "next", "https://pics.example/kept", "")
	if !v.page.handle("images") {
		t.Errorf("pressed again: %d", v.page.status)
	}
}

func TestFurtherAddressesAreReadFromAFileToo(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.lang = "en"
	v.visitAgain()
	v.post("/s", "do", "go-add")
	v.list("/s", "add-urls", "", "https://pics.example/a\nhttps://pics.example/b")
	v.has("We read 2 addresses.", "https://pics.example/b</textarea>")
	if len(h.desk.added) != 0 {
		t.Error("they are added before she has seen them")
	}
	if v.list("/s", "add-urls", "https://pics.example/a\nhttps://pics.example/b", ""); len(h.desk.added) != 2 {
		t.Errorf("%d added", len(h.desk.added))
	}
}

func TestHundredsOfAddressesAreFoldedBySite(t *testing.T) {
	v := newHouse(t).atAddresses()
	var lines []string
	for n := range 400 {
		lines = append(lines, fmt.Sprintf("https://site-%d.example/%d", n%60, n))
	}
	v.post("/f", "f1", strings.Join(lines, "\n"), "do", "read")
	v.has("We read 400 addresses.", "on 60 sites", "7 addresses")
	if got := strings.Count(v.page.body, `data-t="host"><details><summary>`); got != 60 {
		t.Errorf("%d sites are folded", got)
	}
	v.post("/f", "f1", strings.Join(lines, "\n"), "do", "next")
	if !v.page.handle("images") {
		t.Error("what was looked at is shown again")
	}
}

// TestTwelveTapsLeadToTheNumber counts clicks; what is typed does not count.
func TestTwelveTapsLeadToTheNumber(t *testing.T) {
	h, chromium := chromiumHouse(t)
	for _, off := range []bool{false, true} {
		p := chromium.Page(t, browser.Options{Width: 390, Height: 844, NoScript: off, Lang: "en"})
		taps := 0
		tap := func(handle string) { taps++; p.Click(browser.T(handle)) }
		on := func(handle string) { taps++; p.Submit(browser.T(handle)) }
		p.Goto(h.url)
		on("start")
		tap("age-adult")
		on("next")
		tap("kind-published")
		on("next")
		on("next") // herself
		p.Type(browser.T("urls"), "https://pics.example/a")
		on("next")
		on("next") // no image
		on("next") // no contact
		tap("statement")
		on("next")
		on("submit")
		if got := p.Text(browser.T("case-number")); got != "123 456 789" || taps > 12 {
			t.Errorf("script off %v: %q after %d taps", off, got, taps)
		}
	}
}
