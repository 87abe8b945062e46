package casework

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"reprise/internal/fetch"
	"reprise/internal/hasher"
	"reprise/internal/jobs"
	"reprise/internal/mail"
	"reprise/internal/mailbox"
	"reprise/internal/pgtest"
	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
	"reprise/migrations"
)

func TestMain(m *testing.M) {
	hasher.RunChild()
	os.Exit(m.Run())
}

// onBoth runs a test on both databases.
func onBoth(t *testing.T, run func(*testing.T, *house)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { run(t, newHouse(t, filepath.Join(t.TempDir(), "reprise.db"))) })
	t.Run("postgres", func(t *testing.T) { run(t, newHouse(t, pgtest.Start(t))) })
}

// house is an office on a real store, with a mail server and a small web.
type house struct {
	*Office
	t     testing.TB
	ctx   context.Context
	site  *site
	post  *mailbox.Server
	clock *clock
	staff takedown.Actor
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

const domain = "association-entraide.org"

func newHouse(t *testing.T, database string) *house {
	t.Helper()
	return newHouseFor(t, database, true)
}

// newHouseFor makes a house whose workers run or stay idle.
func newHouseFor(t testing.TB, database string, working bool) *house {
	t.Helper()
	ctx := context.Background()
	h := &house{t: t, ctx: ctx, site: newSite(t), clock: &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}}
	keyFile := filepath.Join(t.TempDir(), "key")
	must(t, secret.CreateKeys(keyFile))
	keys := try(secret.LoadKeys(keyFile))(t)
	kept := try(store.Open(ctx, store.Options{Database: database, Keys: keys}))(t)
	must(t, jobs.Migrate(ctx, kept.Database(), kept.SQL()))
	queue := try(jobs.Open(jobs.Options{
		Database: kept.Database(), Writer: kept.SQL(), DSN: database, Logger: slog.New(slog.DiscardHandler), RetryUnit: 10 * time.Millisecond,
	}))(t)
	h.post = try(mailbox.Start(mailbox.Options{
		User: "house", Password: "secret",
		Inbox:  func(a string) bool { return strings.HasPrefix(a, "r+") && strings.HasSuffix(a, "@"+domain) },
		Copies: func(a string) bool { return a == "notices@"+domain },
	}))(t)
	h.Office = Open(Parts{
		Store: kept, Jobs: queue, Keys: keys, Hasher: try(hasher.NewHasher(ctx, 1))(t), LookHasher: try(hasher.NewHasher(ctx, 2))(t), Videos: try(hasher.NewVideos(ctx, 1))(t),
		Looker:  fetch.New(fetch.Options{Exceptions: h.site.exceptions(), Total: 8}),
		Sender:  try(mail.ParseSMTP("smtp://" + h.post.SMTPAddr()))(t),
		Mailbox: try(mail.ParseInbox("imap://house:secret@" + h.post.IMAPAddr() + "/INBOX?copies=Copies"))(t),
		Now:     h.clock.read, Wall: h.clock.read, Log: slog.New(slog.DiscardHandler), NoticeFrom: "notices@" + domain, UpdateFrom: "information@" + domain,
		Organisation: takedown.Organisation{Name: "Entraide", Address: "1 rue de la Paix, Paris", Email: "contact@" + domain, Country: "FR"},
	})
	must(t, h.LoadData(ctx, migrations.Data))
	must(t, h.AddTrialRecipients(ctx, siteRecipients()))
	if working {
		must(t, queue.Start(ctx))
	}
	t.Cleanup(func() {
		if working {
			must(t, queue.Stop(ctx))
		}
		queue.Close()
		must(t, h.post.Close())
		must(t, kept.Close())
	})
	h.staff = takedown.Actor{Role: takedown.RoleCaseworker, ID: "camille"}
	return h
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func try[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		must(t, err)
		return v
	}
}

// turn does everything that is due, until nothing is.
func (h *house) turn() {
	h.t.Helper()
	duties := []func(context.Context) error{h.EnqueueLooks, h.EnqueueSends, h.ReadMailbox, h.recoverOld, h.Deadlines, h.EnqueueTells}
	for _, duty := range duties {
		must(h.t, duty(h.ctx))
		must(h.t, h.Jobs.Drain(h.ctx))
	}
}

func (h *house) recoverOld(ctx context.Context) error {
	return h.Recover(ctx, h.clock.read().Add(-takedown.NoticeRestsFor))
}

// later lets time pass in steps of a few hours, as the schedule would see it.
func (h *house) later(d time.Duration) {
	h.t.Helper()
	for d > 0 {
		step := min(d, 6*time.Hour)
		h.clock.advance(step)
		h.turn()
		d -= step
	}
}

// open opens a case with addresses and the reference photograph.
func (h *house) open(addresses ...string) takedown.Actor {
	h.t.Helper()
	id := h.opened(addresses...)
	must(h.t, h.confirmed(id))
	h.turn()
	return takedown.Actor{Role: takedown.RoleReporter, ID: id}
}

// confirmed has the address of a case confirmed, as the code that was sent there does.
func (h *house) confirmed(caseID string) error {
	return h.Change(h.ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		file, err := c.CaseByID(caseID)
		if err != nil {
			return err
		}
		file.Contact.Confirmed = true
		return c.SaveContact(caseID, file.Contact)
	})
}

// opened is open without a turn of the schedule, and gives the id of the case.
func (h *house) opened(addresses ...string) string {
	h.t.Helper()
	return try(h.OpenCase(h.ctx, takedown.Actor{}, h.form(addresses, h.reference(0))))(h.t).CaseID
}

// reference gives the hashes of a photograph.
func (h *house) reference(n int) takedown.GivenReference {
	h.t.Helper()
	return try(h.HashImage(h.ctx, photo(h.t, n), false))(h.t)
}

func (h *house) form(addresses []string, references ...takedown.GivenReference) takedown.NewCase {
	return takedown.NewCase{
		Key: secret.NewID(), Phrase: h.NewPhrase(takedown.French), Age: takedown.AgeAdult, Harm: takedown.HarmPublished, Lang: takedown.French,
		Statements: takedown.Statements{NotConsented: true, GoodFaith: true, Mandate: true},
		Contact:    takedown.Contact{Email: takedown.NewPrivate("elle@example.org"), Frequency: takedown.MailEach},
		Addresses:  strings.Join(addresses, "\n"), References: references,
	}
}

func (h *house) view(caseID string) CaseView {
	h.t.Helper()
	return try(h.CaseView(h.ctx, h.staff, caseID))(h.t)
}

func (h *house) item(caseID string) ItemView {
	h.t.Helper()
	items := h.view(caseID).Items
	if len(items) != 1 {
		h.t.Fatalf("the case has %d items, want 1", len(items))
	}
	return items[0]
}

// notices lists the mails that left for recipients.
func (h *house) notices() []mailbox.Mail {
	var out []mailbox.Mail
	for _, m := range h.post.Mails() {
		if m.From == "notices@"+domain {
			out = append(out, m)
		}
	}
	return out
}

// site is the small web of these tests: one server, several names.
type site struct {
	mu    sync.Mutex
	pages map[string]func(http.ResponseWriter, *http.Request)
	at    netip.AddrPort
	asked map[string]int
}

func newSite(t testing.TB) *site {
	s := &site{pages: map[string]func(http.ResponseWriter, *http.Request){}, asked: map[string]int{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked[r.Host+r.URL.Path]++
		do := s.pages[r.Host+r.URL.Path]
		s.mu.Unlock()
		if do == nil {
			http.NotFound(w, r)
			return
		}
		do(w, r)
	}))
	t.Cleanup(server.Close)
	s.at = netip.MustParseAddrPort(server.Listener.Addr().String())
	return s
}

func (s *site) exceptions() map[string]netip.AddrPort {
	out := map[string]netip.AddrPort{}
	for _, name := range []string{"photomur.net", "muet.net", "unknownhost.net"} {
		out[name] = s.at
	}
	for i := range 8 {
		out[fmt.Sprintf("photo%d.photomur.net", i)] = s.at
	}
	return out
}

func (s *site) set(at string, do func(http.ResponseWriter, *http.Request)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[at] = do
}

func (s *site) count(at string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[at]
}

// gallery shows a photograph on a page of its own.
func (s *site) gallery(t testing.TB, at string, n int) {
	image := photo(t, n)
	host, path, _ := strings.Cut(at, "/")
	picture := fmt.Sprintf("/img/%s.jpg", path)
	s.set(at, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<title>Album</title><h1>Album</h1><img src="%s" width="640" height="480">`, picture)
	})
	s.set(host+picture, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/jpeg")
		_, _ = w.Write(image)
	})
}

func photo(t testing.TB, n int) []byte {
	t.Helper()
	names := try(filepath.Glob("../edits/testdata/photos/*.jpg"))(t)
	if len(names) <= n {
		t.Fatalf("there are %d photographs, want more than %d", len(names), n)
	}
	return try(os.ReadFile(names[n]))(t)
}

func siteRecipients() []takedown.Recipient {
	return []takedown.Recipient{
		{ID: "t-photomur", Name: "Photomur", Kind: takedown.KindPlatform, Channel: takedown.ByMail, Email: "abuse@photomur.net", Domains: []string{"photomur.net"}, Countries: []string{"FR"}, Lang: takedown.French, Behind: []string{"t-heberge"}},
		{ID: "t-muet", Name: "Muet", Kind: takedown.KindForum, Channel: takedown.ByMail, Email: "abuse@muet.net", Domains: []string{"muet.net"}, Countries: []string{"US"}, Lang: takedown.English, Behind: []string{"t-heberge"}},
		{ID: "t-heberge", Name: "Heberge", Kind: takedown.KindHost, Channel: takedown.ByMail, Email: "abuse@heberge.net", Countries: []string{"DE"}, Lang: takedown.English},
	}
}

// mirror turns the photograph of a page into its mirror image.
func (s *site) mirror(t testing.TB, at string) {
	t.Helper()
	host, path, _ := strings.Cut(at, "/")
	picture, _, err := image.Decode(bytes.NewReader(photo(t, 0)))
	must(t, err)
	b := picture.Bounds()
	mirrored := image.NewRGBA(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			mirrored.Set(b.Max.X-1-(x-b.Min.X), y, picture.At(x, y))
		}
	}
	var encoded bytes.Buffer
	must(t, jpeg.Encode(&encoded, mirrored, nil))
	s.set(fmt.Sprintf("%s/img/%s.jpg", host, path), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/jpeg")
		_, _ = w.Write(encoded.Bytes())
	})
}

// crop cuts 13 % off the left, 4 % off the right and 7 % off the bottom of the
// photograph of a page: no crop of a reference is quite that one, so a person is asked.
func (s *site) crop(t testing.TB, at string) {
	t.Helper()
	host, path, _ := strings.Cut(at, "/")
	picture, _, err := image.Decode(bytes.NewReader(photo(t, 0)))
	must(t, err)
	b := picture.Bounds()
	cut := image.Rect(b.Min.X+b.Dx()*13/100, b.Min.Y, b.Max.X-b.Dx()*4/100, b.Max.Y-b.Dy()*7/100)
	cropped := image.NewRGBA(image.Rect(0, 0, cut.Dx(), cut.Dy()))
	draw.Draw(cropped, cropped.Bounds(), picture, cut.Min, draw.Src)
	var encoded bytes.Buffer
	must(t, jpeg.Encode(&encoded, cropped, nil))
	s.set(fmt.Sprintf("%s/img/%s.jpg", host, path), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/jpeg")
		_, _ = w.Write(encoded.Bytes())
	})
}

// Withdraw asks for the withdrawal of her case as its person, and lets its time
// pass.
func (h *house) Withdraw(ctx context.Context, her takedown.Actor) error {
	err := h.Change(ctx, her, takedown.MayWithdraw, func(c *Change) error {
		file, err := c.CaseByID(her.ID)
		if err != nil {
			return err
		}
		file.LeavingAt = c.Now
		return c.SaveCaseState(file, file.State)
	})
	if err != nil {
		return err
	}
	return h.CarryOutWithdrawals(ctx)
}
