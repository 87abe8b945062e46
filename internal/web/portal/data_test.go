package portal

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

func inData(t *testing.T, lang string) *visitor {
	t.Helper()
	v := inSpace(t, progressOf(3), lang)
	v.post("/s", "do", "go-data")
	return v
}

func TestEverythingKeptIsReadInTheSpaceMaskedAtFirst(t *testing.T) {
	v := inData(t, "en")
	for _, handle := range []string{"download-html", "download-json", "proof", "erase"} {
		if !v.page.handle(handle) {
			t.Errorf("the place has no %s", handle)
		}
	}
	v.has("a file can be found", "accessible form")
	v.post("/s", "do", "data-addresses")
	v.has(`<summary class="address">pi•••/•••0001</summary>`, "https://pics.example/canary-1", "Asked Pics on 2026-03-02 09:30 UTC", "the page is there")
	if v.page.path != "/s" {
		t.Errorf("it is read at %s", v.page.path)
	}
	v.get("/s")
	if strings.Contains(v.page.body, "canary") {
		t.Error("loading the page again shows the addresses again")
	}
	v.post("/s", "do", "data-notices")
	v.has("The exact text.", "They received it.", "Art. 226-2-1")
	v.post("/s", "do", "data-told")
	v.has("she@example.org")
	v.post("/s", "do", "data-events")
	v.has("the team · letter read and approved")
	if strings.Contains(v.page.body, "notice.approve") {
		t.Error("the log shows a raw verb")
	}
}

func TestALargeCaseIsReadInPages(t *testing.T) {
	d := dossierOf(400)
	part := partsOf("fr", d)[1]
	p := cut("fr", readPage{Part: part}, "16")
	if len(p.Part.Records) != recordsPerPage || p.Next != "" || p.Prev != "15" || p.Where != "376 à 400 sur 400" {
		t.Errorf("the last page: %d records, %q, %q, %q", len(p.Part.Records), p.Prev, p.Next, p.Where)
	}
	for _, odd := range []string{"", "x", "-1", "17", "99999999999999999999"} {
		if p := cut("fr", readPage{Part: part}, odd); p.Prev != "" || p.Next != "2" || len(p.Part.Records) != recordsPerPage {
			t.Errorf("page %q is not the first", odd)
		}
	}
}

func TestFilesOfHerDataTellNothingByTheirNames(t *testing.T) {
	v := inData(t, "en")
	for do, want := range map[string][]string{
		"data-html": {"document.html", "text/html", "https://pics.example/canary-2"},
		"data-json": {"document.json", "application/json", `"format": "reprise-dossier-1"`},
		"proof-en":  {"document.pdf", "application/pdf", "%PDF en"},
		"proof-fr":  {"document.pdf", "application/pdf", "%PDF fr"},
	} {
		v.get("/s")
		p := v.post("/s", "do", do)
		if got := p.header.Get("Content-Disposition"); got != `attachment; filename="`+want[0]+`"` {
			t.Errorf("%s is called %s", do, got)
		}
		if !strings.HasPrefix(p.header.Get("Content-Type"), want[1]) || p.header.Get("Cache-Control") != "no-store" || !strings.Contains(p.body, want[2]) {
			t.Errorf("%s: %v\n%.400s", do, p.header, p.body)
		}
		switch do {
		case "data-html":
			for _, never := range []string{"<script", "src=", "href=", "url(", "@import"} {
				if strings.Contains(p.body, never) {
					t.Errorf("the document needs something beside it: %s", never)
				}
			}
			if !strings.Contains(p.body, "The exact text.") || !strings.Contains(p.body, `lang="en"`) {
				t.Error("the document lacks the text of the notice, or is in another language")
			}
		case "data-json":
			var d takedown.Dossier
			if err := json.Unmarshal([]byte(p.body), &d); err != nil || len(d.Addresses) != 3 || !d.MadeAt.Equal(march(5)) {
				t.Errorf("the JSON is not read back: %v", err)
			}
		}
	}
}

func TestErasingAsksForThePhraseAndEndsTheVisit(t *testing.T) {
	v := inData(t, "en")
	v.post("/s", "do", "erase")
	v.has("Requests that have left cannot be called back", "not even we", "Stop without erasing")
	v.post("/s", "do", "erase-yes", "f1", "")
	v.has("Your phrase is missing")
	v.post("/s", "do", "erase-yes", "f1", "seven other words")
	v.has("Nothing has changed")
	if v.desk.ended || strings.Contains(v.page.body, "seven other words") {
		t.Fatal("it was erased without the phrase, or what was typed comes back")
	}
	p := v.post("/s", "do", "erase-yes", "f1", deskPhrase)
	v.has("Everything is erased", "5 March 2026", "receipt-0123456789", "<dt>Addresses</dt><dd>3</dd>")
	if !v.desk.ended || p.header.Get("Clear-Site-Data") == "" || p.status != http.StatusOK {
		t.Errorf("%d, ended %v, %q", p.status, v.desk.ended, p.header.Get("Clear-Site-Data"))
	}
	if n := v.rows.count(); n != 0 {
		t.Errorf("%d sessions are left", n)
	}
	if v.get("/s"); v.page.path != "/" {
		t.Errorf("the space is still open at %s", v.page.path)
	}
}

func TestGuessingThePhraseByErasingIsBraked(t *testing.T) {
	h := newHouse(t, func(o *web.Options) { o.Widen = 1 })
	v := h.visitor()
	v.visitAgain()
	v.get("/s")
	for range 200 {
		v.get("/s")
		if v.post("/s", "do", "erase-yes", "f1", "wrong"); v.page.status == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("200 phrases were tried")
}

func TestPagesOfHerDataFitTheirTypes(t *testing.T) {
	fits(t, dataPages)
	fits(t, readPages)
	fits(t, documentPages)
	fits(t, erasePages)
	fits(t, erasedPages)
}

func TestDocumentsAreBraked(t *testing.T) {
	h := newHouse(t, func(o *web.Options) { o.Widen = 1 })
	v := h.visitor()
	v.lang = "en"
	v.visitAgain()
	for n := range 11 {
		v.get("/s")
		v.post("/s", "do", "proof-en")
		if got := v.page.status == http.StatusTooManyRequests; got != (n == 10) {
			t.Errorf("document %d: %d", n+1, v.page.status)
		}
	}
	v.has("many attempts")
}

func TestEverythingSheToldIsReadInWords(t *testing.T) {
	d := dossierOf(1)
	d.Case.OnBehalf, d.Case.Capacity = true, takedown.CapacityLawyer
	d.Case.PausedAt, d.Case.LeavingAt, d.Case.AnswersAt, d.Case.PhraseNewAt = march(11), march(12), march(13), march(14)
	d.Contact.StoppedAt, d.Contact.Key = march(15), "the canary of a key"
	d.Contact.Wishes = takedown.Wishes{
		Hours: takedown.AllHours()[1], Days: takedown.AllDays()[1], Reads: takedown.AllReaders()[1], Other: "canary-way", Leave: true, CodeWord: "canary-word",
	}
	d.Talk.Visits = []takedown.DossierVisit{{Day: march(16), Times: 3}}
	for _, l := range web.Langs("portal") {
		said := ""
		for _, r := range partsOf(l, d)[0].Records {
			said += strings.Join(r.Lines, "\n")
			for _, f := range r.Facts {
				said += "\n" + f.Key + ": " + f.Value
			}
		}
		for _, want := range []string{
			web.T(l, "capacity."+string(takedown.CapacityLawyer)), "2026-03-11", "2026-03-12", "2026-03-13", "2026-03-14", "2026-03-15", "the canary of a key",
			web.T(l, "hours."+named(takedown.AllHours()[1])), web.T(l, "days."+named(takedown.AllDays()[1])), web.T(l, "readers."+named(takedown.AllReaders()[1])),
			"canary-way", "canary-word", web.Day(l, march(16)),
		} {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %q is not said", l, want)
			}
		}
	}
}
