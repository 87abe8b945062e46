package portal

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"reprise/internal/takedown"
)

func TestImagesHaveAReceiptEachAndTheOthersGoOn(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	v.post("/f", "do", "step-6")
	big := append(bytes.Clone(photo), make([]byte, maxImage)...)
	v.upload("/f", "next", sentFile{"big.jpg", big}, sentFile{"note.txt", []byte("text")}, sentFile{"", nil},
		sentFile{"child.jpg", []byte("broken child")}, sentFile{`C:\Users\she\../../two.jpg`, append(bytes.Clone(photo), '2')})
	v.has("big.jpg", "dépasse 8 Mo", "note.txt", "pas une image", "child.jpg", "cette fois-ci", "two.jpg", "Empreinte calculée")
	if hashed, refused := strings.Count(v.page.body, `data-state="hashed"`), strings.Count(v.page.body, `data-state="refused"`); hashed != 2 || refused != 3 {
		t.Errorf("%d hashed, %d refused", hashed, refused)
	}
	if strings.Contains(v.page.body, "Users") {
		t.Error("the folder of a file is shown")
	}
	for _, got := range h.desk.images {
		if len(got) > maxImage {
			t.Error("a file over the bound was given to be hashed")
		}
	}
	v.upload("/f", "drop-0")
	v.upload("/f", "next")
	v.has("1 empreinte")
	if v.post("/f", "do", "submit"); len(h.desk.opened[0].References) != 1 {
		t.Errorf("%d references", len(h.desk.opened[0].References))
	}
}

func TestNoImageIsKeptAnywhere(t *testing.T) {
	h := newHouse(t)
	t.Setenv("TMPDIR", t.TempDir())
	v := h.visitor()
	v.fillIn()
	for _, row := range h.rows.kept {
		if bytes.Contains(row.Data, []byte("photophoto")) {
			t.Error("the image is in the session")
		}
	}
	assertEmpty(t)
}

func TestASVS_3_5_1_FilesBeforeTheTokenAreNotRead(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	v.post("/f", "do", "step-6")
	hashed := len(h.desk.images)
	v.page.body = strings.ReplaceAll(v.page.body, `name="c" value="`, `name="c" value="x`)
	if v.upload("/f", "next", sentFile{"a.jpg", photo}); v.page.status != http.StatusForbidden || len(h.desk.images) != hashed {
		t.Errorf("a wrong token: %d, %d files hashed", v.page.status, len(h.desk.images)-hashed)
	}
	if v.page.body = ""; v.upload("/f", "drop-0").status != http.StatusForbidden || len(h.draft(t).Images) != 1 {
		t.Errorf("no token and no file: %d", v.page.status)
	}
	v.page.body = ""
	if v.upload("/f", "next", sentFile{"a.jpg", photo}); v.page.status != http.StatusForbidden || len(h.desk.images) != hashed {
		t.Errorf("no token: %d, %d files hashed", v.page.status, len(h.desk.images)-hashed)
	}
}

func TestACaseTakes200Images(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	v.post("/f", "do", "step-6")
	files := make([]sentFile, takedown.MaxReferences)
	for i := range files {
		files[i] = sentFile{fmt.Sprintf("%d.jpg", i), append(bytes.Clone(photo), byte(i))}
	}
	v.upload("/f", "next", files...)
	v.has("Un dossier peut contenir 200 images")
	if got := strings.Count(v.page.body, `data-state="hashed"`); got != takedown.MaxReferences {
		t.Errorf("%d were hashed", got)
	}
}

func TestNamesOfFilesArePlain(t *testing.T) {
	for name, want := range map[string]string{
		"a.jpg": "a.jpg", "../../etc/passwd": "passwd", `C:\x\a.jpg`: "a.jpg", "a\r\nb.jpg": "ab.jpg", "a\u202egpj.exe": "agpj.exe",
		strings.Repeat("é", 100) + ".jpg": strings.Repeat("é", 24) + "…" + strings.Repeat("é", 8) + ".jpg", "\xff.jpg": ".jpg",
	} {
		if got := plainName(name); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
}
