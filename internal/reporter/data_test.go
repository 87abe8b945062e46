package reporter

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"reprise/internal/casework"
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

const houseDomain = "association-entraide.org"

// dataHouse is a person's side on a real store, with a mail server beside it.
type dataHouse struct {
	Space
	t        *testing.T
	ctx      context.Context
	database string
	post     *mailbox.Server
	now      time.Time
}

// onBothData runs a test on both databases.
func onBothData(t *testing.T, run func(*testing.T, *dataHouse)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { run(t, newDataHouse(t, filepath.Join(t.TempDir(), "reprise.db"))) })
	t.Run("postgres", func(t *testing.T) { run(t, newDataHouse(t, pgtest.Start(t))) })
}

func newDataHouse(t *testing.T, database string) *dataHouse {
	t.Helper()
	h := &dataHouse{t: t, ctx: context.Background(), database: database, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	keyFile := filepath.Join(t.TempDir(), "key")
	h.must(secret.CreateKeys(keyFile))
	keys, err := secret.LoadKeys(keyFile)
	h.must(err)
	kept, err := store.Open(h.ctx, store.Options{Database: database, Keys: keys})
	h.must(err)
	h.must(jobs.Migrate(h.ctx, kept.Database(), kept.SQL()))
	queue := h.queue(kept)
	h.post, err = mailbox.Start(mailbox.Options{User: "house", Password: "secret", Inbox: func(a string) bool { return strings.HasPrefix(a, "r+") || strings.HasPrefix(a, "information+") }})
	h.must(err)
	sender, err := mail.ParseSMTP("smtp://" + h.post.SMTPAddr())
	h.must(err)
	box, err := mail.ParseInbox("imap://house:secret@" + h.post.IMAPAddr() + "/INBOX?copies=Copies")
	h.must(err)
	hashes, err := hasher.NewHasher(h.ctx, 1)
	h.must(err)
	clock := func() time.Time { return h.now }
	h.Space = Space{casework.Open(casework.Parts{
		Store: kept, Jobs: queue, Keys: keys, Hasher: hashes, LookHasher: hashes, Looker: fetch.New(fetch.Options{Total: 2}),
		Sender: sender, Mailbox: box, Now: clock, Wall: clock, Log: slog.New(slog.DiscardHandler),
		NoticeFrom: "notices@" + houseDomain, UpdateFrom: "information@" + houseDomain,
		Organisation: takedown.Organisation{Name: "Entraide", Address: "1 rue de la Paix, Paris", Email: "contact@" + houseDomain, Country: "FR"},
	})}
	h.must(h.LoadData(h.ctx, migrations.Data))
	t.Cleanup(func() {
		h.must(h.post.Close())
		h.must(kept.Close())
	})
	return h
}

func (h *dataHouse) queue(kept *store.Store) *jobs.Queue {
	h.t.Helper()
	q, err := jobs.Open(jobs.Options{Database: kept.Database(), Writer: kept.SQL(), DSN: h.database, Logger: slog.New(slog.DiscardHandler)})
	h.must(err)
	h.t.Cleanup(q.Close)
	return q
}

func (h *dataHouse) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// person is somebody with a case in which every table has a row. Each of her
// values bears her canary.
type person struct {
	takedown.Actor
	canary  string
	phrase  takedown.Private
	item    string
	notice  string // approved, not sent
	token   string
	refs    []takedown.Reference
	message string
}

// picture gives the hashes of a photograph.
func (h *dataHouse) picture(n int) takedown.GivenReference {
	h.t.Helper()
	names, err := filepath.Glob("../edits/testdata/photos/*.jpg")
	h.must(err)
	photo, err := os.ReadFile(names[n])
	h.must(err)
	given, err := h.HashImage(h.ctx, photo, false)
	h.must(err)
	return given
}

// settle opens a case and fills every table with rows of it.
func (h *dataHouse) settle(canary string, photo int) *person {
	h.t.Helper()
	p := &person{canary: canary, phrase: h.NewPhrase(takedown.French)}
	given := h.picture(photo)
	given.Label = "label " + canary
	r, err := h.OpenCase(h.ctx, takedown.Actor{}, takedown.NewCase{
		Key: secret.NewID(), Phrase: p.phrase, Age: takedown.AgeAdult, Harm: takedown.HarmPublished, Lang: takedown.French,
		Statements: takedown.Statements{NotConsented: true, GoodFaith: true, Mandate: true},
		Contact:    takedown.Contact{Email: takedown.NewPrivate(canary + "@example.org"), Frequency: takedown.MailEach},
		Addresses:  "https://pics-" + canary + ".net/one\nhttps://pics-" + canary + ".net/two",
		References: []takedown.GivenReference{given},
	})
	h.must(err)
	p.Actor = takedown.Actor{Role: takedown.RoleReporter, ID: r.CaseID}
	ground := groundID(h)
	h.must(h.Change(h.ctx, takedown.System(), takedown.MayRunJobs, func(c *casework.Change) error { return h.fill(c, p, ground) }))
	return p
}

func (h *dataHouse) fill(c *casework.Change, p *person, ground string) error {
	items, err := c.ItemsOfCase(p.ID)
	h.must(err)
	p.refs, err = c.ReferencesOfCase(p.ID)
	h.must(err)
	p.item, p.notice, p.token = items[0].ID, secret.NewID(), mail.NewToken()[1:]
	p.message = p.canary + "@" + houseDomain
	all, err := c.Recipients()
	h.must(err)
	who := all[0].ID
	private := takedown.NewPrivate
	flood := takedown.Flood{ID: secret.NewID(), ReferenceID: p.refs[0].ID, State: takedown.FloodOpen, Since: c.Now}
	sent := takedown.Notice{
		ID: secret.NewID(), CaseID: p.ID, RecipientID: who, GroundID: ground, Kind: takedown.FirstNotice, Lang: takedown.French, Channel: takedown.ByMail,
		State: takedown.NoticeSent, Subject: private("notice " + p.canary), Body: private("text of " + p.canary), MessageID: "sent-" + p.message,
		ReplyToken: "s" + p.token, Reference: "ticket-" + p.canary, ApprovedBy: "camille-the-caseworker", CreatedAt: c.Now,
	}
	waits := sent
	waits.ID, waits.Kind, waits.ParentID, waits.State, waits.MessageID, waits.ReplyToken = p.notice, takedown.Reminder, sent.ID, takedown.NoticeApproved, p.message, p.token
	request := takedown.Request{
		ID: secret.NewID(), CaseID: p.ID, ItemID: p.item, NoticeID: sent.ID, RecipientID: who, GroundID: ground, State: takedown.RequestSent, CreatedAt: c.Now,
	}
	_, errReply := c.AddReply(takedown.Reply{
		ID: secret.NewID(), NoticeID: sent.ID, CaseID: p.ID, From: private("Third Person <third@" + p.canary + ".net>"), Subject: private("Re"),
		Text: private("Third Person says " + p.canary), Suggestion: takedown.MoveAcknowledge, State: takedown.ReplyNew, ReceivedAt: c.Now,
	}, p.canary)
	h.must(errReply)
	for _, err := range []error{
		c.AddObservation(takedown.Observation{ID: secret.NewID(), CaseID: p.ID, ItemID: p.item, At: c.Now, Saw: takedown.SawContent, Status: 200, MediaFound: 3, Distance: 12}),
		c.AddFlood(flood, takedown.Private{}),
		c.AddMatch(takedown.Match{
			ID: secret.NewID(), CaseID: p.ID, ItemID: p.item, ReferenceID: p.refs[0].ID, Media: private("https://pics-" + p.canary + ".net/media.jpg"),
			Found: private(string(p.refs[0].Exchange)), Kind: takedown.MatchWhole, Distance: 12, Variant: "same", Verdict: takedown.VerdictNear,
			State: takedown.MatchConfirmed, FloodID: flood.ID, DecidedBy: "camille-the-caseworker", SeenAt: c.Now,
		}),
		c.AddNotice(sent), c.AddNotice(waits),
		c.AddQuestion(takedown.Question{ID: secret.NewID(), CaseID: p.ID, ItemID: p.item, Kind: takedown.AskIsThisYou, Words: private("asked of " + p.canary), AskedBy: "camille-the-caseworker", AskedAt: c.Now}),
		c.CountVisit(p.ID, c.Now.Truncate(24*time.Hour)),
		c.AddRecovery(takedown.Recovery{ID: secret.NewID(), CaseID: p.ID, State: takedown.RecoveryRefused, AskedAt: c.Now.Add(-time.Hour)}),
	} {
		h.must(err)
	}
	if _, err := c.AddRequest(request); err != nil {
		return err
	}
	h.must(c.AddReminded(waits.ID, request.ID))
	_, errSaid := c.AddMessage(takedown.Message{ID: secret.NewID(), CaseID: p.ID, FormKey: p.canary, Text: private("words of " + p.canary), SentAt: c.Now})
	h.must(errSaid)
	h.must(c.NewCode(p.ID, takedown.CodeConfirms))
	_, errStop := c.AddStop(p.ID, "stop of "+p.canary)
	h.must(errStop)
	return c.AddSession(store.Session{TokenHash: []byte(p.canary), Door: "portal", Owner: p.ID, Data: []byte(p.canary), CreatedAt: c.Now, SeenAt: c.Now})
}

func groundID(h *dataHouse) string {
	h.t.Helper()
	var id string
	h.must(h.Store.SQL().QueryRowContext(h.ctx, "SELECT id FROM grounds ORDER BY id").Scan(&id))
	return id
}

// columns gives every column of every table, as the database has it.
func (h *dataHouse) columns() map[string][]string {
	h.t.Helper()
	query := `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'`
	if h.Store.Database() == "sqlite" {
		query = `SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table'`
	}
	rows, err := h.Store.SQL().QueryContext(h.ctx, query)
	h.must(err)
	defer rows.Close()
	out := map[string][]string{}
	for rows.Next() {
		var table, column string
		h.must(rows.Scan(&table, &column))
		out[table] = append(out[table], column)
	}
	h.must(rows.Err())
	return out
}

func has(list []string, one string) bool {
	for _, s := range list {
		if s == one {
			return true
		}
	}
	return false
}

// rowsOf counts the rows of every table that name a case, or one of the ids.
func (h *dataHouse) rowsOf(p *person) map[string]int {
	h.t.Helper()
	out := map[string]int{}
	count := func(table, where string, arg any) {
		if h.Store.Database() == "postgres" {
			where = strings.ReplaceAll(where, "?", "$1")
		}
		var n int
		h.must(h.Store.SQL().QueryRowContext(h.ctx, "SELECT COUNT(*) FROM "+table+" WHERE "+where, arg).Scan(&n))
		out[table] += n
	}
	for table, columns := range h.columns() {
		if has(columns, "case_id") {
			count(table, "case_id = ?", p.ID)
		}
	}
	count("cases", "id = ?", p.ID)
	count("sessions", "owner = ?", p.ID)
	count("reminded", "notice_id = ?", p.notice)
	count("floods", "reference_id = ?", p.refs[0].ID)
	return out
}

func TestNothingOfAnErasedCaseRemains(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		she, other := h.settle("canaryshe", 1), h.settle("canaryother", 2)
		h.must(h.FollowReferences(h.ctx))
		h.must(h.Answer(h.ctx, she.Actor, h.progress(she).Questions[0].ID, takedown.AnswerGiven{Answer: takedown.AnswerYes}))
		before := h.rowsOf(other)
		for table, n := range h.rowsOf(she) {
			if n == 0 {
				t.Fatalf("the test puts no row into %s: what remains of it would not be seen", table)
			}
		}
		if _, err := h.Erase(h.ctx, she.Actor, takedown.NewPrivate("alpha bravo charlie delta echo foxtrot golf")); takedown.KindOf(err) != takedown.Invalid {
			t.Fatalf("another phrase: %v", err)
		}
		if _, err := h.Erase(h.ctx, she.Actor, other.phrase); takedown.KindOf(err) != takedown.Invalid {
			t.Fatalf("the phrase of another case: %v", err)
		}
		receipt, err := h.Erase(h.ctx, she.Actor, she.phrase)
		h.must(err)
		if receipt.Rows["items"] != 2 || receipt.Rows["notices"] != 2 || receipt.ID == "" || receipt.ID == she.ID {
			t.Errorf("the receipt says %+v", receipt)
		}
		for table, n := range h.rowsOf(she) {
			if n != 0 && table != "events" {
				t.Errorf("%d rows of her are left in %s", n, table)
			}
		}
		if after := h.rowsOf(other); !reflect.DeepEqual(before, after) {
			t.Errorf("another case had %v and has %v", before, after)
		}
		var month, reason string
		h.must(h.Store.SQL().QueryRowContext(h.ctx, "SELECT month, reason FROM tombstones").Scan(&month, &reason))
		if month != "2026-03" || reason != takedown.ErasedAtWill {
			t.Errorf("the tombstone says %q, %q", month, reason)
		}
		if _, err := h.Store.Verify(h.ctx); err != nil {
			t.Errorf("the audit: %v", err)
		}
		h.detailsOf(she)
		if _, err := h.Enter(h.ctx, takedown.NewPrivate("123456789"), she.phrase); takedown.KindOf(err) != takedown.NotFound {
			t.Errorf("her phrase still opens something: %v", err)
		}
		if _, err := h.Erase(h.ctx, she.Actor, she.phrase); takedown.KindOf(err) != takedown.NotFound {
			t.Errorf("a second time: %v", err)
		}
		h.noBytesOf(she)
	})
}

// detailsOf looks for what she told us in the events, which stay: they hold ids,
// states and counts alone.
func (h *dataHouse) detailsOf(p *person) {
	h.t.Helper()
	rows, err := h.Store.SQL().QueryContext(h.ctx, "SELECT verb, detail FROM events")
	h.must(err)
	defer rows.Close()
	for rows.Next() {
		var verb, detail string
		h.must(rows.Scan(&verb, &detail))
		for _, told := range []string{string(takedown.HarmPublished), string(takedown.AnswerYes), p.canary} {
			if strings.Contains(detail, told) {
				h.t.Errorf("the event %s keeps %q", verb, detail)
			}
		}
	}
	h.must(rows.Err())
}

// noBytesOf searches the files of the database for what would tell of somebody,
// and for ids of her rows, by which one would find what was sealed.
func (h *dataHouse) noBytesOf(p *person) {
	h.t.Helper()
	if h.Store.Database() != "sqlite" {
		return
	}
	for _, file := range []string{h.database, h.database + "-wal"} {
		body, err := os.ReadFile(file)
		if os.IsNotExist(err) {
			continue
		}
		h.must(err)
		for _, canary := range []string{p.canary, p.refs[0].ID, p.notice, p.token} {
			if at := bytes.Index(body, []byte(canary)); at >= 0 {
				h.t.Errorf("%s holds %q at %d", filepath.Base(file), canary, at)
			}
		}
	}
}

func TestErasedImagesAreFoundNoMore(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		she, other := h.settle("canaryshe", 1), h.settle("canaryother", 1) // the same picture
		parts := h.Parts
		parts.Jobs = h.queue(h.Store)
		elsewhere := casework.Open(parts) // another process
		h.must(elsewhere.FollowReferences(h.ctx))
		staff := takedown.Actor{Role: takedown.RoleCaseworker, ID: "camille"}
		if v, err := elsewhere.CaseView(h.ctx, staff, other.ID); err != nil || len(v.Others) != 1 {
			t.Fatalf("the same picture in two cases is not found: %v", err)
		}
		_, err := h.Erase(h.ctx, she.Actor, she.phrase)
		h.must(err)
		for name, office := range map[string]*casework.Office{"here": h.Office, "in another process": elsewhere} {
			v, err := office.CaseView(h.ctx, staff, other.ID)
			if err != nil || len(v.Others) != 0 {
				t.Errorf("%s the erased picture is found in %d cases: %v", name, len(v.Others), err)
			}
			if err := office.VerifyReferences(h.ctx); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestWorkUnderWayForAnErasedCaseDoesNothing(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		she := h.settle("canaryshe", 1)
		h.must(h.Change(h.ctx, takedown.System(), takedown.MayRunJobs, func(c *casework.Change) error {
			h.must(c.Enqueue(casework.JobSend, she.notice))
			h.must(c.Enqueue(casework.JobTell, she.ID))
			return c.Enqueue(casework.JobLook, she.item)
		}))
		_, err := h.Erase(h.ctx, she.Actor, she.phrase)
		h.must(err)
		h.must(h.Jobs.Start(h.ctx))
		h.must(h.Jobs.Drain(h.ctx))
		h.must(h.Jobs.Stop(h.ctx))
		dead, err := h.Jobs.Dead(h.ctx)
		h.must(err)
		if n := len(h.post.Mails()); n != 0 || len(dead) != 0 {
			t.Errorf("%d mails left, %d jobs died", n, len(dead))
		}
		var waiting int
		h.must(h.Store.SQL().QueryRowContext(h.ctx, "SELECT COUNT(*) FROM river_job WHERE state IN ('available', 'retryable', 'running')").Scan(&waiting))
		if waiting != 0 {
			t.Errorf("%d jobs are tried again", waiting)
		}
	})
}

func TestAnswerToAnErasedNoticeGoesToTheTray(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		she := h.settle("canaryshe", 1)
		_, err := h.Erase(h.ctx, she.Actor, she.phrase)
		h.must(err)
		sender, err := mail.ParseSMTP("smtp://" + h.post.SMTPAddr())
		h.must(err)
		h.must(sender.Send(h.ctx, mail.Message{
			ID: "late@pics.net", From: "abuse@pics.net", To: "r+s" + she.token + "@" + houseDomain, Subject: "Re: your notice", Body: "We have removed it.",
		}))
		h.must(h.ReadMailbox(h.ctx))
		var replies int
		h.must(h.Store.SQL().QueryRowContext(h.ctx, "SELECT COUNT(*) FROM replies WHERE case_id = ''").Scan(&replies))
		if replies != 1 {
			t.Errorf("%d answers in the tray", replies)
		}
		tray, err := h.Tray(h.ctx, takedown.Actor{Role: takedown.RoleCaseworker, ID: "camille"})
		if h.must(err); len(tray) != 1 || tray[0].From.Empty() || !tray[0].Text.Empty() || !tray[0].Subject.Empty() {
			t.Errorf("words of an answer to an erased notice are kept: %d", len(tray))
		}
		if _, err := h.Queue(h.ctx, takedown.Actor{Role: takedown.RoleCaseworker, ID: "camille"}); err != nil {
			t.Errorf("the queue: %v", err)
		}
	})
}

// exported says for each column of her rows where the dossier has it, as a path
// of its JSON; "-" begins the reason why it is left out.
var exported = map[string]map[string]string{
	"cases": {
		"id": "-an id of ours", "opening_key": "-a random value of the form", "number_index": "-a keyed hash of the number", "number_sealed": "case.number",
		"phrase_salt": "-what checks the phrase", "phrase_check": "-what checks the phrase", "phrase_recipe": "-what checks the phrase",
		"state": "case.state", "harm": "case.harm", "lang": "case.language", "on_behalf": "case.on_behalf", "capacity": "case.capacity", "phrase_known": "-whether the phrase was used", "not_consented": "case.not_consented",
		"good_faith": "case.good_faith", "mandate": "case.mandate", "contact_email_sealed": "contact.email", "contact_frequency": "contact.frequency",
		"contact_news": "contact.news", "contact_confirmed": "contact.confirmed", "contact_wishes_sealed": "contact.wishes",
		"contact_mailed_at": "contact.mailed_at", "contact_stopped_at": "contact.stopped_at", "contact_key_sealed": "contact.openpgp_key", "contact_token_index": "-a keyed hash of the next",
		"contact_token_sealed": "-a random value of an address", "created_at": "case.opened_at", "closed_at": "case.closed_at",
		"watch_until": "case.watch_until", "may_use_points": "case.may_use_points", "watch_asked": "-whether she was asked to go on watching", "paused_at": "case.paused_at", "leaving_at": "case.leaving_at",
		"answers_salt": "-what checks the answers", "answers_check": "-what checks the answers", "answers_recipe": "-what checks the answers",
		"answers_at": "case.answers_at", "phrase_new_at": "case.phrase_new_at",
	},
	"messages": {
		"id": "-an id of ours", "case_id": "-an id of ours", "form_key": "-an id of the form", "from_team": "talk.messages.from_team",
		"text_sealed": "talk.messages.text", "sent_at": "talk.messages.sent_at", "read_at": "talk.messages.read_at",
	},
	"questions": {
		"id": "-an id of ours", "case_id": "-an id of ours", "item_id": "talk.questions.address", "kind": "talk.questions.kind", "asked_by": "-who of the team",
		"asked_at": "talk.questions.asked_at", "answer": "talk.questions.answer", "answered_at": "talk.questions.answered_at", "seen_at": "talk.questions.seen_at",
		"reference_id": "talk.questions.image", "words_sealed": "talk.questions.words",
	},
	"codes": {
		"id": "-an id of ours", "case_id": "-an id of ours", "purpose": "-of a code that lives for minutes", "code_sealed": "-a secret sent to her address",
		"made_at": "-of a code that lives for minutes", "sent_at": "-of a code that lives for minutes", "tries": "-of a code that lives for minutes",
		"ended": "-of a code that lives for minutes",
	},
	"recoveries": {
		"id": "-an id of ours", "case_id": "-an id of ours", "state": "talk.renewals.state", "asked_at": "talk.renewals.asked_at", "first_by": "-who of the team",
		"second_by": "-who of the team", "code_at": "talk.renewals.code_at", "ended_at": "talk.renewals.ended_at",
	},
	"stops":  {"delivery": "-a hash of a mail", "case_id": "-an id of ours"},
	"visits": {"case_id": "-an id of ours", "day": "talk.visits.day", "times": "talk.visits.times"},
	"items": {
		"id": "-an id of ours", "case_id": "-an id of ours", "position": "addresses.number", "address_index": "-a keyed hash of the address",
		"address_sealed": "addresses.address", "label_sealed": "addresses.label", "host_sealed": "addresses.host", "recipient_id": "addresses.site", "origin": "addresses.found_by",
		"triage": "addresses.triage", "presence": "addresses.presence", "gone_since": "addresses.gone_since", "closed": "addresses.closed",
		"closed_at": "addresses.closed_at", "looked_at": "addresses.looked_at", "seen_at": "addresses.seen_at", "next_look": "addresses.next_look",
		"created_at": "addresses.added_at", "overruled_sealed": "-a note of the team to itself",
	},
	"case_references": {
		"id": "-an id of ours", "case_id": "-an id of ours", "label_sealed": "images.label", "signature_index": "-a keyed hash of the signature",
		"signature_sealed": "images.signature_bytes", "quality": "images.quality", "created_at": "images.added_at", "kind": "images.kind",
		"points_sealed": "images.points_bytes", "exchange_sealed": "images.pdq", "seq": "-an order of ours",
	},
	"observations": {
		"id": "-an id of ours", "case_id": "-an id of ours", "item_id": "-an id of ours", "seen_at": "addresses.looks.at", "saw": "addresses.looks.saw",
		"status": "addresses.looks.status", "failure": "addresses.looks.failure", "says": "addresses.looks.says", "media_found": "addresses.looks.media_found",
		"media_read": "addresses.looks.media_read", "distance": "addresses.looks.distance", "videos_found": "addresses.looks.videos_found",
		"videos_read": "addresses.looks.videos_read", "video_trouble": "addresses.looks.video_trouble",
	},
	"matches": {
		"id": "-an id of ours", "case_id": "-an id of ours", "item_id": "-an id of ours", "reference_id": "addresses.matches.image",
		"media_index": "-a keyed hash of the address", "media_sealed": "addresses.matches.media", "distance": "addresses.matches.distance",
		"variant": "addresses.matches.variant", "verdict": "addresses.matches.verdict", "state": "addresses.matches.state", "decided_by": "-who of the team",
		"decided_at": "addresses.matches.decided_at", "seen_at": "addresses.matches.at", "kind": "addresses.matches.kind", "inverted": "addresses.matches.inverted",
		"points": "addresses.matches.points", "angle": "addresses.matches.angle", "share": "addresses.matches.share", "reference_box": "addresses.matches.reference_box",
		"found_box": "addresses.matches.found_box", "span_from": "addresses.matches.span_from", "span_to": "addresses.matches.span_to",
		"found_sealed": "addresses.matches.pdq", "found_index": "-a keyed hash of the file's hash", "negative_id": "-an id of ours", "flood_id": "-an id of ours",
	},
	"notices": {
		"id": "-an id of ours", "case_id": "-an id of ours", "recipient_id": "notices.recipient", "ground_id": "notices.ground", "kind": "notices.kind",
		"parent_id": "notices.follows", "lang": "notices.language", "channel": "notices.channel", "state": "notices.state", "subject_sealed": "notices.subject",
		"body_sealed": "notices.text", "message_id": "-an id of the mail", "reply_token": "-who has it can answer in the recipient's name",
		"reference": "notices.reference", "approved_by": "-who of the team", "approved_at": "notices.approved_at", "begun_at": "-a step of the sending",
		"handed_at": "-a step of the sending", "sent_at": "notices.sent_at", "created_at": "notices.drafted_at",
	},
	"requests": {
		"id": "-an id of ours", "case_id": "-an id of ours", "item_id": "-an id of ours", "notice_id": "addresses.requests.notice",
		"recipient_id": "addresses.requests.recipient", "ground_id": "addresses.requests.ground", "parent_id": "addresses.requests.follows",
		"state": "addresses.requests.state", "sent_at": "addresses.requests.sent_at", "due_at": "addresses.requests.due_at", "created_at": "addresses.requests.drafted_at",
	},
	"reminded": {"notice_id": "notices.follows", "request_id": "-an id of ours"},
	"replies": {
		"id": "-an id of ours", "delivery": "-a hash of the mail", "notice_id": "notices.answers", "case_id": "-an id of ours", "from_sealed": "-another person's name",
		"subject_sealed": "-another person's words", "text_sealed": "-another person's words", "suggestion": "notices.answers.says",
		"reference": "notices.answers.reference", "state": "notices.answers.state", "received_at": "notices.answers.at",
	},
	"events": {
		"seq": "events.seq", "at": "events.at", "role": "events.by", "actor": "-who of the team", "verb": "events.what", "case_id": "-an id of ours",
		"item_id": "-an id of ours", "detail": "-states, counts and ids", "prev": "-the chain of the audit", "hash": "-the chain of the audit",
	},
}

func TestEveryColumnOfACaseIsInTheDossierOrLeftOutWithAReason(t *testing.T) {
	h := newDataHouse(t, filepath.Join(t.TempDir(), "reprise.db"))
	for table, columns := range h.columns() {
		if !has(columns, "case_id") && table != "cases" && table != "reminded" {
			continue
		}
		for _, column := range columns {
			where := exported[table][column]
			switch {
			case where == "":
				t.Errorf("%s.%s is neither in the dossier nor left out with a reason", table, column)
			case !strings.HasPrefix(where, "-") && !jsonPath(reflect.TypeFor[takedown.Dossier](), strings.Split(where, ".")):
				t.Errorf("%s.%s is said to be at %s, which the dossier does not have", table, column, where)
			}
		}
	}
}

// jsonPath tells whether the JSON of a type has a path of names.
func jsonPath(t reflect.Type, path []string) bool {
	for t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if len(path) == 0 {
		return true
	}
	if t.Kind() != reflect.Struct {
		return false
	}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name == path[0] {
			return jsonPath(t.Field(i).Type, path[1:])
		}
	}
	return false
}

func TestDossierHasEverythingOfHerAndNothingOfAnybodyElse(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		she := h.settle("canaryshe", 1)
		h.settle("canaryother", 2)
		d, err := h.Dossier(h.ctx, she.Actor)
		h.must(err)
		body, err := json.Marshal(d)
		h.must(err)
		text := string(body)
		for _, want := range []string{
			`"format":"reprise-dossier-1"`, "https://pics-canaryshe.net/one", "https://pics-canaryshe.net/two", "https://pics-canaryshe.net/media.jpg",
			"canaryshe@example.org", "label canaryshe", "notice canaryshe", "text of canaryshe", "asked of canaryshe", "ticket-canaryshe",
			fmt.Sprintf("%x", she.refs[0].Exchange), `"says":"acknowledge"`, `"made_at":"2026-03-02T09:00:00Z"`,
		} {
			if !strings.Contains(text, want) {
				t.Errorf("the dossier has no %q", want)
			}
		}
		for _, never := range []string{"canaryother", "camille", "Third Person", she.token, she.ID, she.phrase.Reveal()} {
			if strings.Contains(text, never) {
				t.Errorf("the dossier tells %q", never)
			}
		}
		if d.Addresses[0].Requests[0].Recipient == "" || d.Notices[0].Ground == "" || d.Addresses[0].Matches[0].Image != 1 || d.Audit.Seq == 0 || len(d.Events) == 0 {
			t.Errorf("a name or a number is missing: %s", text)
		}
		if pdf, err := h.Proof(h.ctx, she.Actor, takedown.French); err != nil || !strings.HasPrefix(string(pdf), "%PDF-") {
			t.Errorf("the proof document: %v", err)
		}
		if told := fmt.Sprintf("%v %+v %#v", d, d, d); strings.Contains(told, "canaryshe") {
			t.Error("a dossier that is logged tells what it holds")
		}
		if _, err := h.Dossier(h.ctx, takedown.Actor{Role: takedown.RoleCaseworker, ID: she.ID}); takedown.KindOf(err) != takedown.Forbidden {
			t.Errorf("a caseworker reads it: %v", err)
		}
	})
}
