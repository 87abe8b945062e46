package portal

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	pixels "image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	xdraw "golang.org/x/image/draw"

	"reprise/internal/browser"
	"reprise/internal/phash"
	"reprise/internal/picture"
)

// chooser is a person at the page for further images, with a real browser.
type chooser struct {
	*browser.Page
	t   testing.TB
	h   *house
	dir string
}

func newChooser(t testing.TB, o browser.Options) *chooser {
	t.Helper()
	h, chromium := chromiumHouse(t)
	c := &chooser{chromium.Page(t, o), t, h, t.TempDir()}
	c.enter()
	return c
}

func (c *chooser) enter() {
	c.Goto(c.h.url)
	c.Type(browser.T("enter-number"), deskNumber)
	c.Type(browser.T("enter-phrase"), deskPhrase)
	c.Submit(browser.T("enter"))
	c.Submit(browser.T("go-add"))
}

// file writes a file to be chosen.
func (c *chooser) file(name string, body []byte) string {
	c.t.Helper()
	path := filepath.Join(c.dir, name)
	if err := os.WriteFile(path, body, 0o600); err != nil {
		c.t.Fatal(err)
	}
	return path
}

// choose chooses files and waits until every row is done.
func (c *chooser) choose(paths ...string) {
	c.t.Helper()
	c.SetFiles(browser.T("images"), paths...)
	c.done()
}

func (c *chooser) done() {
	c.t.Helper()
	browser.Eval[bool](c.Page, `new Promise((resolve) => {
		const busy = () => document.querySelector('[data-row-of-page][data-state=waiting], [data-row-of-page][data-state=working]');
		const look = () => busy() ? setTimeout(look, 20) : resolve(true);
		look();
	})`)
}

// states gives the state of each row.
func (c *chooser) states() []string {
	c.t.Helper()
	return browser.Eval[[]string](c.Page, `[...document.querySelectorAll("[data-row-of-page]")].map(r => r.getAttribute("data-state"))`)
}

// made gives, for each row, the bytes that would be sent.
func (c *chooser) made() [][]byte {
	c.t.Helper()
	var out [][]byte
	for _, text := range browser.Eval[[]string](c.Page, `[...document.querySelectorAll("[data-row-of-page] input[type=hidden]")].map(i => i.value)`) {
		packed, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(text, "p"))
		if err != nil {
			c.t.Fatal(err)
		}
		out = append(out, packed)
	}
	return out
}

// photos are the first n of the test photographs, decoded.
func photos(t testing.TB, n int) []pixels.Image {
	t.Helper()
	files, err := filepath.Glob("../../edits/testdata/photos/*.jpg")
	if err != nil || len(files) < n {
		t.Fatalf("%d photographs: %v", len(files), err)
	}
	out := make([]pixels.Image, n)
	for i := range out {
		body, err := os.ReadFile(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if out[i], err = jpeg.Decode(bytes.NewReader(body)); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// scaled gives a picture in another size.
func scaled(m pixels.Image, width, height int) *pixels.NRGBA {
	out := pixels.NewNRGBA(pixels.Rect(0, 0, width, height))
	xdraw.ApproxBiLinear.Scale(out, out.Rect, m, m.Bounds(), draw.Src, nil)
	return out
}

// framed puts a picture onto a plain ground, as a screenshot does.
func framed(m pixels.Image) *pixels.NRGBA {
	out := pixels.NewNRGBA(pixels.Rect(0, 0, 700, 1200))
	draw.Draw(out, out.Rect, pixels.White, pixels.Point{}, draw.Src)
	draw.Draw(out, pixels.Rect(30, 200, 670, 640), m, m.Bounds().Min, draw.Src)
	draw.Draw(out, pixels.Rect(30, 660, 670, 1100), m, m.Bounds().Min.Add(pixels.Pt(0, 40)), draw.Src)
	return out
}

func inPNG(t testing.TB, m pixels.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := e.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// oddPictures are photographs in sizes at which the steps of hashing turn.
func oddPictures(t testing.TB) map[string]pixels.Image {
	t.Helper()
	out := map[string]pixels.Image{}
	all := photos(t, 16)
	for i, size := range [][2]int{{5, 5}, {513, 3}, {6, 700}, {64, 64}, {65, 63}, {512, 512}, {513, 512}, {300, 2000}, {2047, 1025}, {1024, 1024}, {1025, 40}, {2600, 1900}} {
		out[fmt.Sprintf("%dx%d", size[0], size[1])] = scaled(all[i], size[0], size[1])
	}
	for i, m := range all {
		out[fmt.Sprintf("whole %d", i)] = m
	}
	out["framed"] = framed(all[3])
	return out
}

func TestDeviceMakesTheSignatureThatWeWouldMakeOfTheSamePixels(t *testing.T) {
	c := newChooser(t, browser.Options{})
	var names, paths []string
	var want [][]byte
	for name, m := range oddPictures(t) {
		body := inPNG(t, m)
		names, paths = append(names, name), append(paths, c.file(fmt.Sprintf("%d.png", len(paths)), body))
		want = append(want, signed(t, body))
	}
	c.choose(paths...)
	for i, got := range c.made() {
		if !bytes.Equal(got, want[i]) {
			t.Errorf("%s: %s", names[i], difference(got, want[i]))
		}
	}
}

// signed gives our own signature of a file, nil for a blank one.
func signed(t testing.TB, body []byte) []byte {
	t.Helper()
	p, err := picture.Decode(body)
	if err != nil {
		t.Fatal(err)
	}
	s, err := phash.Sign(p)
	if reason, ok := picture.ReasonOf(err); ok && reason == picture.ReasonBlank {
		return nil
	}
	packed, err := s.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return packed
}

// difference tells where two signatures begin to differ.
func difference(got, want []byte) string {
	n := 0
	for n < min(len(got), len(want)) && got[n] == want[n] {
		n++
	}
	return fmt.Sprintf("%d bytes and %d, unlike from byte %d", len(got), len(want), n)
}

// turned marks a JPEG as lying the way the tag Orientation says.
func turned(file []byte, orientation byte) []byte {
	mark := append([]byte("\xff\xe1\x00\x22Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), orientation, 0, 0, 0, 0, 0, 0)
	return append(append(bytes.Clone(file[:2]), mark...), file[2:]...)
}

func TestDeviceExchangesThePixelsAsStoredAndComparesThemUpright(t *testing.T) {
	c := newChooser(t, browser.Options{})
	file := inJPEG(t, photos(t, 5)[4])
	var paths []string
	for o := byte(1); o <= 8; o++ {
		paths = append(paths, c.file(fmt.Sprintf("%d.jpg", o), turned(file, o)))
	}
	for _, lent := range []bool{false, true} {
		if lent { // an old phone, whose workers have no canvas
			browser.Eval[bool](c.Page, `delete window.OffscreenCanvas`)
		}
		c.choose(paths...)
		made := c.made()
		for i, got := range made[len(made)-8:] {
			s, want := read(t, got), read(t, signed(t, turned(file, byte(i+1))))
			if s.PDQ != read(t, made[0]).PDQ {
				t.Errorf("lent %v, orientation %d: the hash to exchange depends on it", lent, i+1)
			}
			if d := s.Upright.Distance(want.Upright); d > 10 {
				t.Errorf("lent %v, orientation %d: upright it is %d bits away from ours", lent, i+1, d)
			}
			if d := s.Regions[0].Hash.Distance(want.Regions[0].Hash); d > 10 {
				t.Errorf("lent %v, orientation %d: the whole is %d bits away from ours", lent, i+1, d)
			}
		}
	}
}

func read(t testing.TB, packed []byte) phash.Signature {
	t.Helper()
	var s phash.Signature
	if err := s.UnmarshalBinary(packed); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEachFileOnTheDeviceHasItsAnswerAndTheOthersGoOn(t *testing.T) {
	c := newChooser(t, browser.Options{Lang: "en", Width: 390, Height: 844})
	photo := inPNG(t, photos(t, 1)[0])
	c.choose(c.file("note.txt", []byte("text")), c.file("cut.png", photo[:len(photo)/2]), c.file("blank.png", inPNG(t, pixels.NewGray(pixels.Rect(0, 0, 300, 300)))),
		c.file("bomb.png", sized(photo, 30000, 30000)), c.file("empty.jpg", nil), c.file("head.jpg", append([]byte{0xff, 0xd8, 0xff, 0xe1}, make([]byte, 20)...)),
		c.file("film.mp4", []byte("\x00\x00\x00\x18ftypmp42")), c.file("good.png", photo), c.file("phone.heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic")))
	told := c.Texts("[data-row-of-page] [data-said]")
	for i, want := range []string{"not a photo", "is damaged", "one plain colour", "over 50 megapixels", "not a photo", "is damaged", "", "Fingerprint made on your device", "could not read"} {
		if !strings.Contains(told[i], want) {
			t.Errorf("file %d: %q, want %q", i, told[i], want)
		}
	}
	if got := c.states()[7]; got != "hashed" {
		t.Errorf("the good one is %s", got)
	}
	if got := c.Text(browser.T("hashing")); !strings.HasPrefix(got, "1 fingerprint is ready.") {
		t.Errorf("it is told: %q", got)
	}
	for _, v := range c.Axe() {
		t.Errorf("%s", v)
	}
	if over := browser.Eval[int](c.Page, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
		t.Errorf("the page is %d px too wide", over)
	}
	if got := c.Count(`[data-row-of-page] [data-offer]:not([hidden])`); got != 1 {
		t.Errorf("%d files are offered to be sent", got)
	}
	// She asks us to read one; the fingerprint that is ready goes along.
	c.Click(`[data-row-of-page]:nth-child(9) [data-send]`)
	if got := c.states(); got[8] != "sent" || got[5] != "refused" {
		t.Errorf("the others do not wait for a look any more: %v", got)
	}
	c.Submit(browser.T("add-images"))
	if got := len(c.h.desk.images); got != 1 || c.Count(`[data-state=hashed]`) != 2 {
		t.Errorf("%d files arrived, %d receipts", got, c.Count(`[data-state=hashed]`))
	}
	if problems := c.Problems(); len(problems) > 0 {
		t.Errorf("%q", problems)
	}
}

// sized is a PNG that says to be so large.
func sized(file []byte, width, height uint32) []byte {
	out := bytes.Clone(file)
	binary.BigEndian.PutUint32(out[16:], width)
	binary.BigEndian.PutUint32(out[20:], height)
	binary.BigEndian.PutUint32(out[29:], crc32.ChecksumIEEE(out[12:29]))
	return out
}

func TestGoingOnTooSoonWaitsForTheFingerprints(t *testing.T) {
	h, chromium := chromiumHouse(t)
	p := chromium.Page(t, browser.Options{Lang: "en"})
	c := &chooser{p, t, h, t.TempDir()}
	p.Goto(h.url)
	p.Submit(browser.T("start"))
	choose(p, "age-adult")
	choose(p, "kind-published")
	p.Submit(browser.T("next"))
	p.Type(browser.T("urls"), "https://pics.example/a")
	p.Submit(browser.T("next"))
	large := inPNG(t, scaled(photos(t, 1)[0], 3000, 3000))
	p.SetFiles(browser.T("images"), c.file("a.png", large), c.file("b.png", large))
	p.Submit(browser.T("next"))
	if got := p.Count(`[data-state=hashed]`); got != 2 || p.Count(browser.T("images")) != 1 {
		t.Errorf("%d receipts at %q", got, p.Text("h1"))
	}
	if got := len(h.draft(t).Images); got != 2 || len(h.desk.images) != 0 {
		t.Errorf("%d images in the form, %d files sent", got, len(h.desk.images))
	}
	p.Submit(browser.T("next"))
	p.WaitFor(browser.T("contact-none"))
}

func TestABrokenFingerprintIsRefusedAndTheOthersStay(t *testing.T) {
	v := newHouse(t).visitor()
	v.lang = "en"
	v.fillIn()
	v.post("/f", "do", "step-6")
	good := "p" + base64.RawURLEncoding.EncodeToString([]byte{2, 90, 1})
	v.device("/f", "next", [2]string{"", good}, [2]string{"x", "p!"}, [2]string{"y", "q" + good[1:]}, [2]string{"mine\n<b>", "pAAAA"})
	v.has("did not arrive whole", `mine&lt;b&gt;`)
	if got := strings.Count(v.page.body, `data-state="refused"`); got != 3 || len(v.draft(t).Images) != 2 {
		t.Errorf("%d refused, %d in the form", got, len(v.draft(t).Images))
	}
	v.device("/f", "next", [2]string{"", "p" + strings.Repeat("A", maxFingerprint)})
	if v.page.status != 400 {
		t.Errorf("a fingerprint over the bound: %d", v.page.status)
	}
}

func TestFingerprintsStayOnThePageThatChangesItsLanguage(t *testing.T) {
	v := newHouse(t).visitor()
	v.visitAgain()
	good := "p" + base64.RawURLEncoding.EncodeToString([]byte{2, 90, 1})
	v.device("/s", "", [2]string{"the blue one", good}, [2]string{"lang", ""})
	v.has("Further images", `name="f4" value="`+good+`"`, `name="f5" value="the blue one"`)
	if v.desk.refs != 0 {
		t.Error("they were kept already")
	}
}
