package proof

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"reprise/internal/takedown"
)

var march = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

func dossier(n int) takedown.Dossier {
	d := takedown.Dossier{
		MadeAt: march, Case: takedown.DossierCase{Number: "123456789"}, Contact: takedown.DossierContact{Email: "her-words@example.org"},
		Images:  []takedown.DossierImage{{Number: 1, Label: "her words", PDQ: strings.Repeat("f00d", 16), Quality: 97, AddedAt: march}},
		Notices: []takedown.DossierNotice{{Number: 1, Recipient: "Pics", Ground: "Article 226-2-1 du code pénal", SentAt: march, Answers: []takedown.DossierAnswer{{At: march.Add(time.Hour)}}}},
		Events:  make([]takedown.DossierEvent, 17), Audit: takedown.DossierAudit{Seq: 4321, Hash: strings.Repeat("ab", 32)},
	}
	for i := range n {
		d.Addresses = append(d.Addresses, takedown.DossierAddress{
			Number: i + 1, Address: fmt.Sprintf("https://pics.example/%s/%d?é", strings.Repeat("long", 30), i), Step: takedown.StepGone, GoneSince: march.Add(48 * time.Hour),
			Looks:    []takedown.DossierLook{{At: march, Saw: takedown.SawContent}},
			Requests: []takedown.DossierRequest{{Notice: 1, SentAt: march}},
			Matches:  []takedown.DossierMatch{{At: march, Image: 1, Distance: 12, PDQ: strings.Repeat("beef", 16), State: takedown.MatchConfirmed}},
		})
	}
	return d
}

// told gives the text of a document that was written without compression.
func told(t *testing.T, d takedown.Dossier, l takedown.Lang) string {
	t.Helper()
	pdf, err := write(d, "The Harbour", l, false)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, m := range regexp.MustCompile(`(?s)\(((?:[^()\\]|\\.)*)\) ?Tj`).FindAllSubmatch(pdf, -1) {
		var raw []byte
		for i := 0; i < len(m[1]); i++ {
			if m[1][i] == '\\' {
				i++
				if m[1][i] == 'r' {
					raw = append(raw, '\r')
					continue
				}
			}
			raw = append(raw, m[1][i])
		}
		var units []uint16
		for i := 0; i+1 < len(raw); i += 2 {
			units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
		}
		out.WriteString(string(utf16.Decode(units)))
	}
	return out.String()
}

func TestDocumentSaysEveryAddressAndNothingOfHers(t *testing.T) {
	d := dossier(40)
	for l, words := range map[takedown.Lang][]string{
		takedown.French:  {"Constat de publication", "Article 226-2-1 du code pénal", "Vue en ligne"},
		takedown.English: {"Record of publication", "two observations that agree", "Seen online"},
	} {
		text := told(t, d, l)
		for _, a := range d.Addresses {
			if !strings.Contains(text, a.Address) {
				t.Errorf("%s: the document has no %s", l, a.Address)
			}
		}
		for _, want := range append(words, "123 456 789", "The Harbour", "2026-03-04 09:30:00 UTC", "2026-03-02 10:30:00 UTC", strings.Repeat("f00d", 16), strings.Repeat("beef", 16), "4321", strings.Repeat("ab", 32), "reprise verify") {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the document does not say %q", l, want)
			}
		}
		if strings.Contains(text, "her words") || strings.Contains(text, "her-words") {
			t.Errorf("%s: the document tells words of hers", l)
		}
	}
}

// TestEveryAddressCanBeReadInWhateverScriptItIs is of addresses that people paste:
// one sign that no font has must not take the document from all the others.
func TestEveryAddressCanBeReadInWhateverScriptItIs(t *testing.T) {
	for address, want := range map[string]string{
		"https://pics.example/\U0001F600/é": "https://pics.example/%F0%9F%98%80/é",
		"https://pics.example/صورة":         "https://pics.example/%D8%B5%D9%88%D8%B1%D8%A9",
		"https://pics.example/照片?a=1":       "https://pics.example/%E7%85%A7%E7%89%87?a=1",
		"https://pics.example/фото":         "https://pics.example/фото",
	} {
		d := dossier(0)
		d.Addresses = []takedown.DossierAddress{{Number: 1, Address: address}}
		d.Notices[0].Recipient, d.Notices[0].Reference = "Pics \U0001F4F8", "№ 照"
		if text := told(t, d, takedown.English); !strings.Contains(text, want) || !strings.Contains(text, "Pics ?") || !strings.Contains(text, "№ ?") {
			t.Errorf("%s is not said as %s:\n%s", address, want, text)
		}
	}
}

func TestSameDossierGivesTheSameBytesAndTellsNothingBeside(t *testing.T) {
	a, errA := Document(dossier(3), "The Harbour", takedown.French)
	other := dossier(1) // of somebody else, in between
	other.Addresses[0].Address = "https://pics.example/фото"
	_, errO := Document(other, "The Harbour", takedown.English)
	b, errB := Document(dossier(3), "The Harbour", takedown.French)
	if errA != nil || errB != nil || errO != nil || !bytes.Equal(a, b) {
		t.Errorf("two writings differ: %v, %v, %v", errA, errB, errO)
	}
	for _, never := range []string{"fpdf", "FPDF", "/Author", "/Subtype /Image"} {
		if bytes.Contains(a, []byte(never)) {
			t.Errorf("the document holds %s", never)
		}
	}
}

func BenchmarkDocumentOf400Addresses(b *testing.B) {
	d := dossier(400)
	for b.Loop() {
		pdf, err := Document(d, "The Harbour", takedown.French)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(pdf)), "bytes")
	}
}
