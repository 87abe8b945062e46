package console

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"reprise/internal/casework"
	"reprise/internal/jobs"
	"reprise/internal/phash"
	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
	"reprise/internal/web"
	"reprise/migrations"
)

// house is the console on a real office and a real database. Its jobs stand
// still unless a test lets them run.
type house struct {
	t      testing.TB
	office *casework.Office
	store  *store.Store
	queue  *jobs.Queue
	server *web.Server
	rows   *rows
	log    *bytes.Buffer

	mu  sync.Mutex
	now time.Time
}

const publicURL = "https://console.example.org"

func newHouse(t testing.TB) *house {
	t.Helper()
	return newHouseAt(t, publicURL)
}

// newHouseAt is newHouse under another public address.
func newHouseAt(t testing.TB, address string) *house {
	t.Helper()
	ctx := context.Background()
	h := &house{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), rows: &rows{kept: map[string]web.Row{}}, log: &bytes.Buffer{}}
	keyFile := filepath.Join(t.TempDir(), "key")
	h.must(secret.CreateKeys(keyFile))
	keys, err := secret.LoadKeys(keyFile)
	h.must(err)
	h.store, err = store.Open(ctx, store.Options{Database: filepath.Join(t.TempDir(), "reprise.db"), Keys: keys})
	h.must(err)
	h.must(jobs.Migrate(ctx, h.store.Database(), h.store.SQL()))
	quiet := slog.New(slog.DiscardHandler)
	h.queue, err = jobs.Open(jobs.Options{Database: h.store.Database(), Writer: h.store.SQL(), Logger: quiet})
	h.must(err)
	h.queue.Register("fails", jobs.KindOptions{MaxAttempts: 1}, func(context.Context, jobs.Job) error { return errors.New("it never works") })
	h.office = casework.Open(casework.Parts{
		Store: h.store, Jobs: h.queue, Keys: keys, Now: h.clock, Wall: h.clock, Log: quiet,
		NoticeFrom: "notices@association.example", UpdateFrom: "information@association.example",
		Organisation: takedown.Organisation{Name: "Entraide", Address: "1 rue de la Paix, Paris", Email: "contact@association.example", Country: "FR"},
	})
	h.must(h.office.LoadData(ctx, migrations.Data))
	h.must(h.office.AddTrialRecipients(ctx, trialRecipients()))
	h.rows.actor = h.office.Actor
	h.server, err = web.New(web.Options{
		Door: "console", URL: address, Sessions: h.rows, Idle: 20 * time.Minute, Absolute: 8 * time.Hour,
		Now: h.clock, Log: slog.New(slog.NewTextHandler(h.log, nil)), RateKey: keys.RateKey,
		Unavailable: func(err error) bool { return errors.Is(err, store.ErrUnavailable) },
	})
	h.must(err)
	Mount(h.server, h.office)
	t.Cleanup(func() {
		h.queue.Close()
		h.must(h.store.Close())
	})
	return h
}

func trialRecipients() []takedown.Recipient {
	return []takedown.Recipient{
		{ID: "t-mail", Name: "Photomur", Kind: takedown.KindPlatform, Channel: takedown.ByMail, Email: "abuse@photomur.net", Domains: []string{"photomur.net"}, Countries: []string{"FR"}, Lang: takedown.French, Behind: []string{"t-host"}},
		{ID: "t-form", Name: "Muet", Kind: takedown.KindForum, Channel: takedown.ByForm, FormURL: "https://muet.net/report", Domains: []string{"muet.net"}, Countries: []string{"US"}, Lang: takedown.English},
		{ID: "t-seek", Name: "Cherche", Kind: takedown.KindSearch, Channel: takedown.ByForm, FormURL: "https://cherche.net/report", Countries: []string{"IE"}, Lang: takedown.English, Parallel: true},
		{ID: "t-find", Name: "Trouve", Kind: takedown.KindSearch, Channel: takedown.ByForm, FormURL: "https://trouve.net/report", Countries: []string{"IE"}, Lang: takedown.English, Parallel: true},
		{ID: "t-host", Name: "Heberge", Kind: takedown.KindHost, Channel: takedown.ByMail, Email: "abuse@heberge.net", Countries: []string{"DE"}, Lang: takedown.English},
	}
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) later(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) write(do func(*store.Tx) error) {
	h.t.Helper()
	h.must(h.store.Write(context.Background(), func(_ context.Context, tx *store.Tx) error { return do(tx) }))
}

// opens opens a case with addresses and one reference, and gives its id.
func (h *house) opens(addresses ...string) string {
	h.t.Helper()
	hashes, err := phash.Signature{Version: 2, Width: 640, Height: 480, Quality: 100}.MarshalBinary()
	h.must(err)
	receipt, err := h.office.OpenCase(context.Background(), takedown.Actor{}, takedown.NewCase{
		Key: secret.NewID(), Phrase: h.office.NewPhrase(takedown.French), Age: takedown.AgeAdult, Harm: takedown.HarmPublished, Lang: takedown.French,
		Statements: takedown.Statements{NotConsented: true, GoodFaith: true, Mandate: true},
		Addresses:  strings.Join(addresses, "\n"), References: []takedown.GivenReference{{Signature: hashes}},
	})
	h.must(err)
	return receipt.CaseID
}

var worker = takedown.Actor{Role: takedown.RoleCaseworker, ID: "camille"}

func (h *house) view(caseID string) casework.CaseView {
	h.t.Helper()
	v, err := h.office.CaseView(context.Background(), worker, caseID)
	h.must(err)
	return v
}

func (h *house) ids(caseID string) []string {
	var out []string
	for _, i := range h.view(caseID).Items {
		out = append(out, i.Item.ID)
	}
	return out
}

// asked confirms and plans every item of a case, and gives its notices.
func (h *house) asked(caseID string) []casework.NoticeView {
	h.t.Helper()
	h.must(h.office.ConfirmItems(context.Background(), worker, h.ids(caseID)))
	_, err := h.office.Plan(context.Background(), worker, caseID, h.ids(caseID))
	h.must(err)
	return h.view(caseID).Notices
}

// noticeTo gives the notice of a case to a recipient.
func (h *house) noticeTo(caseID, recipient string) casework.NoticeView {
	h.t.Helper()
	for _, n := range h.view(caseID).Notices {
		if n.RecipientID == recipient {
			return n
		}
	}
	h.t.Fatalf("no notice to %s", recipient)
	return casework.NoticeView{}
}

// sent lets a notice leave, without a mail server.
func (h *house) sent(n casework.NoticeView) {
	h.t.Helper()
	h.must(h.office.Approve(context.Background(), worker, n.ID))
	h.write(func(tx *store.Tx) error {
		approved, err := tx.NoticeByID(n.ID)
		if err != nil {
			return err
		}
		was := approved.State
		if err := approved.Move(takedown.NoticeArrive, h.clock()); err != nil {
			return err
		}
		if err := tx.SaveNotice(approved, was); err != nil {
			return err
		}
		for _, r := range n.Requests {
			if r, err = tx.RequestByID(r.ID); err != nil {
				return err
			}
			before := r.State
			if err := r.Move(takedown.MoveSend, n.Ground, h.clock()); err != nil {
				return err
			}
			if err := tx.SaveRequest(r, before); err != nil {
				return err
			}
		}
		return nil
	})
}

// answered keeps an answer to a notice, or to none.
func (h *house) answered(n takedown.Notice, text string, suggestion takedown.RequestMove) string {
	h.t.Helper()
	id := secret.NewID()
	h.write(func(tx *store.Tx) error {
		_, err := tx.AddReply(takedown.Reply{
			ID: id, NoticeID: n.ID, CaseID: n.CaseID, From: takedown.NewPrivate("abuse@photomur.net"), Subject: takedown.NewPrivate("Re"),
			Text: takedown.NewPrivate(text), Suggestion: suggestion, State: takedown.ReplyNew, ReceivedAt: h.clock(),
		}, id)
		return err
	})
	return id
}

// matched keeps a match of an item that waits for a person.
func (h *house) matched(i takedown.Item, distance int, variant string) string {
	h.t.Helper()
	id := secret.NewID()
	h.write(func(tx *store.Tx) error {
		references, err := tx.ReferencesOfCase(i.CaseID)
		if err != nil {
			return err
		}
		was := i
		i.Triage, i.LookedAt, i.Presence = takedown.TriageCleared, h.clock(), takedown.Online
		if err := tx.SaveItem(i, was); err != nil {
			return err
		}
		return tx.AddMatch(takedown.Match{
			ID: id, CaseID: i.CaseID, ItemID: i.ID, ReferenceID: references[0].ID, Media: takedown.NewPrivate("https://photomur.net/" + id + ".jpg"),
			Kind: takedown.MatchWhole, Distance: distance, Variant: variant, Verdict: takedown.JudgeMatch(takedown.Finding{Kind: takedown.MatchWhole, Scope: takedown.ScopeCase, Distance: distance, Quality: 100}), State: takedown.MatchSuggested, SeenAt: h.clock(),
		})
	})
	return id
}

// rows keeps sessions in memory.
type rows struct {
	mu    sync.Mutex
	kept  map[string]web.Row
	actor func(context.Context, string) (takedown.Actor, error)
}

func (r *rows) Load(_ context.Context, hash []byte) (web.Row, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	row, ok := r.kept[string(hash)]
	if !ok {
		return web.Row{}, takedown.ErrNotFound
	}
	return row, nil
}

func (r *rows) Add(_ context.Context, row web.Row) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept[string(row.TokenHash)] = row
	return nil
}

func (r *rows) Change(_ context.Context, hash []byte, at time.Time, data func([]byte) ([]byte, error)) (err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	row, ok := r.kept[string(hash)]
	if !ok {
		return takedown.ErrNotFound
	}
	if row.Data, err = data(row.Data); err != nil {
		return err
	}
	row.SeenAt = at
	r.kept[string(hash)] = row
	return nil
}

func (r *rows) End(_ context.Context, hash []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.kept, string(hash))
	return nil
}

func (r *rows) Actor(ctx context.Context, owner string) (takedown.Actor, error) {
	return r.actor(ctx, owner)
}

const goodPassword = "quatre chevaux gris au bord du lac"

// joins has somebody take up an invitation, and gives the second factor.
func (h *house) joins(email string, role takedown.Role) (totp string) {
	h.t.Helper()
	ctx := context.Background()
	token, err := h.office.Invite(ctx, email, "Camille", role)
	h.must(err)
	totp = h.office.NewSecondFactor()
	h.must(h.office.TakeUp(ctx, token, "Camille", goodPassword, totp, h.code(totp)))
	h.later(30 * time.Second) // a code works once
	return totp
}

// code is what the authenticator shows now.
func (h *house) code(totp string) string {
	h.t.Helper()
	code, err := secret.TOTPCode(totp, h.clock())
	h.must(err)
	return code
}

// staff gives a visitor who is signed in with a role.
func (h *house) staff(role takedown.Role) *visitor {
	h.t.Helper()
	id := secret.NewID()
	h.write(func(tx *store.Tx) error {
		return tx.AddAccount(store.Account{
			ID: id, Email: takedown.NewPrivate(id + "@association.example"), Name: takedown.NewPrivate("Camille"), Role: role,
			Lang: takedown.French, Active: true, CreatedAt: h.clock(),
		})
	})
	v := &visitor{house: h, cookie: secret.NewToken(), token: "form-token"}
	sum := sha256.Sum256([]byte(v.cookie))
	h.must(h.rows.Add(context.Background(), web.Row{
		TokenHash: sum[:], Owner: id, Data: []byte(`{"csrf":"form-token","lang":"en"}`), CreatedAt: h.clock(), SeenAt: h.clock(),
	}))
	return v
}

// hundreds gives n addresses on several hosts, some of them in the directory.
func hundreds(n int) []string {
	var out []string
	hosts := []string{"www.photomur.net", "muet.net", "galerie.photomur.net", "forum.unknown.net"}
	for i := range n {
		out = append(out, fmt.Sprintf("https://%s/albums/2026/membre-%d/photo-%05d-sans-titre.html", hosts[i%len(hosts)], i%17, i))
	}
	return out
}

// unknown leaves an approved notice as a crash while sending does.
func (h *house) unknown(noticeID string) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		n, err := tx.NoticeByID(noticeID)
		if err != nil {
			return err
		}
		for _, move := range []takedown.NoticeMove{takedown.NoticeBegin, takedown.NoticeDoubt} {
			was := n.State
			if err := n.Move(move, h.clock()); err != nil {
				return err
			}
			if err := tx.SaveNotice(n, was); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *rows) Touch(_ context.Context, hash []byte, at time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	row, ok := r.kept[string(hash)]
	if ok {
		row.SeenAt = at
		r.kept[string(hash)] = row
	}
	return nil
}
