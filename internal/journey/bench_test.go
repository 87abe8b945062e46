package journey

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// What a person with hundreds of addresses may have to wait for and to load.
const (
	mostBytes = 200 << 10
	mostTime  = 150 * time.Millisecond
)

// BenchmarkSpaceOf400Items loads the first page of the space through the whole
// door, network and all: 400 addresses, each asked of two recipients, in a SQLite
// file. Aim: 200 KB and 150 ms.
func BenchmarkSpaceOf400Items(b *testing.B) {
	h := openHouse(b, filepath.Join(b.TempDir(), "reprise.db"))
	var addresses []string
	for n := range 400 {
		addresses = append(addresses, fmt.Sprintf("https://pictures-%d.net/albums/2026/03/photo-%d.html?id=%d", n%40, n, n))
	}
	h.opensCase(addresses...)
	h.asksTwoOfEach()
	h.person.open("/s")
	h.person.says("1 to 50 of 400")
	if got := strings.Count(h.person.text(), "Asked "); got < 2*50 {
		b.Fatalf("%d requests are told of 50 addresses", got)
	}
	bytes := 0
	for b.Loop() {
		bytes = h.loads("/s")
	}
	each := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(bytes), "bytes")
	b.ReportMetric(float64(each)/float64(time.Millisecond), "ms/op")
	if bytes > mostBytes || each > mostTime {
		b.Errorf("%d bytes in %v, want at most %d in %v", bytes, each, mostBytes, mostTime)
	}
}

// loads gives how many bytes a page of the person has, without reading them.
func (h *house) loads(path string) int {
	h.t.Helper()
	res, err := h.person.client.Get(h.person.base + path)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	n, err := io.Copy(io.Discard, res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		h.t.Fatalf("status %d, %v", res.StatusCode, err)
	}
	return int(n)
}

// asksTwoOfEach writes, for every item there is, two requests that have left.
func (h *house) asksTwoOfEach() {
	h.t.Helper()
	err := h.trial.House.Store.Write(context.Background(), func(_ context.Context, tx *store.Tx) error {
		items, err := tx.OpenItems()
		if err != nil {
			return err
		}
		recipients, err := tx.Recipients()
		if err != nil {
			return err
		}
		now := time.Now().UTC()
		for _, r := range recipients[:2] {
			n := takedown.Notice{
				ID: secret.NewID(), CaseID: items[0].CaseID, RecipientID: r.ID, GroundID: "eu-dsa-16", Kind: takedown.FirstNotice, Lang: takedown.French,
				Channel: takedown.ByMail, State: takedown.NoticeSent, MessageID: r.ID, ReplyToken: r.ID, Subject: takedown.NewPrivate("s"), Body: takedown.NewPrivate("b"), CreatedAt: now, SentAt: now,
			}
			if err := tx.AddNotice(n); err != nil {
				return err
			}
			for _, i := range items {
				request := takedown.Request{
					ID: secret.NewID(), CaseID: i.CaseID, ItemID: i.ID, NoticeID: n.ID, RecipientID: r.ID, GroundID: n.GroundID,
					State: takedown.RequestSent, CreatedAt: now,
				}
				if _, err := tx.AddRequest(request); err != nil {
					return err
				}
				request.SentAt, request.DueAt = now, now.Add(72*time.Hour) // which are not there when a request is drafted
				if err := tx.SaveRequest(request, request.State); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
}
