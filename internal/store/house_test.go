package store

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"reprise/internal/pgtest"
	"reprise/internal/secret"
	"reprise/internal/takedown"
)

// onBoth runs a test on an empty store of either kind.
func onBoth(t *testing.T, run func(*testing.T, *house)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { run(t, newHouse(t, filepath.Join(t.TempDir(), "reprise.db"))) })
	t.Run("postgres", func(t *testing.T) { run(t, newHouse(t, pgtest.Start(t))) })
}

// onEach runs a test with the name of a database that nobody has opened yet.
func onEach(t *testing.T, run func(t *testing.T, database string)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { run(t, filepath.Join(t.TempDir(), "reprise.db")) })
	t.Run("postgres", func(t *testing.T) { run(t, pgtest.Start(t)) })
}

// house is an open store and what a test does with it.
type house struct {
	*Store
	t        testing.TB
	ctx      context.Context
	database string
}

func newHouse(t testing.TB, database string) *house {
	t.Helper()
	kept, err := Open(t.Context(), Options{Database: database, Keys: fixedKeys(t)})
	must(t, err)
	t.Cleanup(func() { must(t, kept.Close()) })
	return &house{Store: kept, t: t, ctx: t.Context(), database: database}
}

func newKeys(t testing.TB) *secret.Keys {
	t.Helper()
	file := filepath.Join(t.TempDir(), "key")
	must(t, secret.CreateKeys(file))
	keys, err := secret.LoadKeys(file)
	must(t, err)
	return keys
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// write does something in a write transaction that has to succeed.
func (h *house) write(do func(*Tx) error) {
	h.t.Helper()
	must(h.t, h.tryWrite(do))
}

func (h *house) tryWrite(do func(*Tx) error) error {
	return h.Write(h.ctx, func(_ context.Context, tx *Tx) error { return do(tx) })
}

// read gives what a query finds.
func read[T any](h *house, ask func(*Tx) (T, error)) T {
	h.t.Helper()
	out, err := tryRead(h, ask)
	must(h.t, err)
	return out
}

func tryRead[T any](h *house, ask func(*Tx) (T, error)) (out T, err error) {
	err = h.Read(h.ctx, func(tx *Tx) (err error) {
		out, err = ask(tx)
		return err
	})
	return out, err
}

// the first argument, for methods that take one more
func with[A, T any](ask func(*Tx, A) (T, error), a A) func(*Tx) (T, error) {
	return func(tx *Tx) (T, error) { return ask(tx, a) }
}

// must0 drops the count of an Add that has to add.
func adds(t testing.TB) func(bool, error) error {
	return func(added bool, err error) error {
		t.Helper()
		if err == nil && !added {
			t.Error("nothing was added")
		}
		return err
	}
}

// same compares field by field. Private values print a placeholder, so a
// difference in one of them is told apart by "differs in".
func same[T any](t testing.TB, got, want T) {
	t.Helper()
	if reflect.DeepEqual(got, want) {
		return
	}
	t.Errorf("got  %+v\nwant %+v", got, want)
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	if g.Kind() != reflect.Struct {
		return
	}
	for i := range g.NumField() {
		if !reflect.DeepEqual(g.Field(i).Interface(), w.Field(i).Interface()) {
			t.Errorf("differs in %s", g.Type().Field(i).Name)
		}
	}
}

// Times as they are given (another zone, nanoseconds) and as they are kept.
var (
	given = time.Date(2026, 3, 29, 3, 30, 0, 123456789, time.FixedZone("", 7200))
	kept  = time.Date(2026, 3, 29, 1, 30, 0, 123456000, time.UTC)
)

func givenAfter(d time.Duration) time.Time { return given.Add(d) }
func keptAfter(d time.Duration) time.Time  { return kept.Add(d) }

func private(s string) takedown.Private { return takedown.NewPrivate(s) }

func lock() secret.PhraseLock {
	return secret.PhraseLock{Recipe: "argon2id$v=19$m=19456,t=2,p=1,pepper=1", Salt: []byte("sixteen bytes..."), Check: make([]byte, 32)}
}

func aCase(id string) takedown.Case {
	return takedown.Case{
		ID: id, Number: private("10000000" + id), State: takedown.CaseOpen, Harm: takedown.HarmPublished, Lang: takedown.French,
		Contact: takedown.Contact{Email: private(""), Frequency: takedown.MailNever, Token: private(""), Key: private("")}, CreatedAt: kept,
	}
}

func anItem(caseID, id string, position int) takedown.Item {
	return takedown.Item{
		ID: id, CaseID: caseID, Position: position, Address: private("https://photomur.net/" + id), Host: private("photomur.net"),
		Origin: takedown.FromReporter, Triage: takedown.TriageWaiting, Standing: takedown.Standing{Presence: takedown.Unseen}, CreatedAt: kept, Overruled: private(""), Label: private(""),
	}
}

func aRecipient(id string) takedown.Recipient {
	return takedown.Recipient{
		ID: id, Name: "Name of " + id, Kind: takedown.KindForum, Channel: takedown.ByMail, Lang: takedown.English,
		Domains: []string{}, Countries: []string{}, Behind: []string{},
	}
}

func aGround() takedown.Ground { return takedown.Ground{ID: "eu-dsa-16", Country: "EU"} }

func aNotice(caseID, id, recipientID string) takedown.Notice {
	return takedown.Notice{
		ID: id, CaseID: caseID, RecipientID: recipientID, GroundID: "eu-dsa-16", Kind: takedown.FirstNotice, Lang: takedown.English,
		Channel: takedown.ByMail, State: takedown.NoticeDrafted, Subject: private("Subject"), Body: private("Body"),
		MessageID: "<" + id + "@house>", ReplyToken: "r+" + id, CreatedAt: kept,
	}
}

func aRequest(caseID, id, itemID, noticeID string) takedown.Request {
	return takedown.Request{
		ID: id, CaseID: caseID, ItemID: itemID, NoticeID: noticeID, RecipientID: "forum", GroundID: "eu-dsa-16",
		State: takedown.RequestDrafted, CreatedAt: kept,
	}
}

func aReply(id string) takedown.Reply {
	return takedown.Reply{ID: id, From: private("abuse@forum.net"), Subject: private("Re"), Text: private("Gone"), State: takedown.ReplyNew, ReceivedAt: kept}
}

func anAccount(id string) Account {
	return Account{
		ID: id, Email: private(id + "@entraide.org"), Name: private("Camille"), Role: takedown.RoleCaseworker, Lang: takedown.French,
		TOTP: private(""), CreatedAt: kept,
	}
}

func anEvent(verb string) takedown.Event {
	return takedown.Event{At: kept, Role: takedown.RoleSystem, Verb: verb}
}

// caseOfTwo plants case 1 with items a and b, a reference, a forum in the
// directory, a ground, and notice n with requests for both items.
func (h *house) caseOfTwo() {
	h.t.Helper()
	add := adds(h.t)
	h.write(func(tx *Tx) error {
		for _, err := range []error{
			tx.AddCase(aCase("1"), "key 1", lock()),
			add(tx.AddItem(anItem("1", "a", 1), "a")),
			add(tx.AddItem(anItem("1", "b", 2), "b")),
			add(tx.AddReference(takedown.Reference{ID: "ref", CaseID: "1", Signature: []byte("signature"), CreatedAt: kept})),
			add(tx.AddRecipient(aRecipient("forum"))),
			add(tx.AddRecipient(aRecipient("host"))),
			tx.AddGround(aGround()),
			tx.AddNotice(aNotice("1", "n", "forum")),
			add(tx.AddRequest(aRequest("1", "ra", "a", "n"))),
			add(tx.AddRequest(aRequest("1", "rb", "b", "n"))),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// fixedKeys gives the same keys each time, for databases that are opened again.
func fixedKeys(t testing.TB) *secret.Keys {
	t.Helper()
	keys, err := secret.LoadKeys(fixedKeyFile(t))
	must(t, err)
	return keys
}

func fixedKeyFile(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("../secret/testdata/key.txt")
	must(t, err)
	file := filepath.Join(t.TempDir(), "key")
	must(t, os.WriteFile(file, text, 0o600))
	return file
}
