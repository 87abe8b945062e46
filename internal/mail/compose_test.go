package mail

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"reprise/internal/takedown"
	"reprise/templates"
)

var update = flag.Bool("update", false, "write the golden texts anew")

func facts(change func(*takedown.NoticeFacts)) takedown.NoticeFacts {
	f := takedown.NoticeFacts{
		Notifier:  takedown.Organisation{Name: "Entraide", Address: "1 rue de la Paix, 75002 Paris", Email: "contact@entraide.example.org", Country: "FR", FlaggerNumber: "TF-7"},
		Recipient: "Photomur", ByMail: true, Reachable: true,
		Ground:     takedown.Ground{ID: takedown.GroundDSA16, Citation: "Reg. (EU) 2022/2065 art. 16"},
		Reason:     takedown.Ground{ID: takedown.ReasonAuthentic, Citation: "Code pénal art. 226-2-1"},
		Statements: takedown.Statements{NotConsented: true, GoodFaith: true, Mandate: true},
		Addresses:  []string{"https://photomur.example.net/a", "https://photomur.example.net/b?x=1"},
		Ref:        "k3v9q2m7xa", Date: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
	}
	change(&f)
	return f
}

// TestTextsOfNotices holds the exact text of each kind of notice in each language
// against testdata/notices; -update writes them anew, to be read before a commit.
func TestTextsOfNotices(t *testing.T) {
	kinds := map[string]struct {
		kind takedown.NoticeKind
		f    takedown.NoticeFacts
	}{
		"dsa16": {takedown.FirstNotice, facts(func(*takedown.NoticeFacts) {})},
		"dsa22": {takedown.FirstNotice, facts(func(f *takedown.NoticeFacts) {
			f.Ground = takedown.Ground{ID: takedown.GroundDSA22, Citation: "Reg. (EU) 2022/2065 art. 22"}
		})},
		"tida": {takedown.FirstNotice, facts(func(f *takedown.NoticeFacts) {
			f.Ground = takedown.Ground{ID: takedown.GroundTIDA, Citation: "47 U.S.C. 223a; Pub. L. 119-12", DeadlineHours: 48}
		})},
		"deepfake": {takedown.FirstNotice, facts(func(f *takedown.NoticeFacts) {
			f.Deepfake, f.Reason = true, takedown.Ground{ID: takedown.ReasonDeepfake, Citation: "Code pénal art. 226-8-1"}
		})},
		"reminder":  {takedown.Reminder, facts(func(*takedown.NoticeFacts) {})},
		"delisting": {takedown.FirstNotice, facts(func(f *takedown.NoticeFacts) { f.Delisting, f.ByMail = true, false })},
	}
	for name, k := range kinds {
		for _, lang := range takedown.Langs() {
			subject, body, err := Compose(k.kind, lang, k.f)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+"."+string(lang)+".txt", subject+"\n\n"+body)
			for _, address := range k.f.Addresses {
				if !strings.Contains(body, "\n"+address+"\n") {
					t.Errorf("%s in %s does not name %s on a line of its own", name, lang, address)
				}
			}
			for _, line := range strings.Split(subject+body, "\n") {
				if strings.Contains(line, "{{") || strings.Contains(line, "<no value>") || strings.Contains(strings.ToLower(line), "victim") {
					t.Errorf("%s in %s says %q", name, lang, line)
				}
			}
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "notices", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has changed; it reads now:\n%s", name, got)
	}
}

// TestUpdateSaysNothing is SAFETY 5.3: first line, subject and body.
func TestUpdateSaysNothing(t *testing.T) {
	files, err := fs.Glob(templates.FS, "i18n/portal.*.json")
	if err != nil || len(files) < 4 {
		t.Fatalf("the portal has %v: %v", files, err)
	}
	for _, file := range files {
		lang := takedown.Lang(strings.Split(file, ".")[1])
		subject, body, err := ComposeUpdate(lang, true)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"http", "image", "photo", "retir", "remov", "signal", "report", "dossier", "case", "intim", "reprise", "victim", "!", "imagen", "denunc", "enlace", "caso", "صور", "رابط", "ملف", "إزالة", "بلاغ"} {
			if strings.Contains(strings.ToLower(subject+body), word) {
				t.Errorf("in %s it says %q", lang, word)
			}
		}
	}
}
