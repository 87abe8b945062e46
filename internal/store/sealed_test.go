package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"reprise/internal/secret"
	"reprise/internal/takedown"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

// dump gives every row of every table as text, sealed values in hexadecimal.
func dump(h *house) string {
	h.t.Helper()
	var out strings.Builder
	for _, table := range tables(h) {
		rows, err := h.writer.QueryxContext(h.ctx, `SELECT * FROM `+table)
		must(h.t, err)
		defer rows.Close()
		for rows.Next() {
			values, err := rows.SliceScan()
			must(h.t, err)
			fmt.Fprintf(&out, "%s", table)
			for _, v := range values {
				if raw, ok := v.([]byte); ok {
					v = fmt.Sprintf("%x %s", raw, raw)
				}
				fmt.Fprintf(&out, "\t%v", v)
			}
			out.WriteByte('\n')
		}
		must(h.t, rows.Err())
	}
	return out.String()
}

// plant writes a canary into every place that holds something of a person.
func plant(h *house) []string {
	h.t.Helper()
	var planted []string
	canary := func(what string) takedown.Private {
		planted = append(planted, "canary-"+what+"-0f6c2d")
		return private(planted[len(planted)-1])
	}
	h.caseOfTwo()
	c := aCase("2")
	c.Number, c.Contact.Email = canary("number"), canary("email")
	i := anItem("2", "c", 1)
	i.Address, i.Host = canary("address"), canary("host")
	ref := takedown.Reference{ID: "ref2", CaseID: "2", Label: canary("label"), Signature: []byte(canary("signature").Reveal()), Exchange: []byte(canary("exchange").Reveal()), Points: []byte(canary("points").Reveal()), CreatedAt: kept}
	m := takedown.Match{ID: "m", CaseID: "2", ItemID: "c", ReferenceID: "ref2", Media: canary("media"), Found: canary("found"), State: takedown.MatchSuggested, SeenAt: kept}
	n := aNotice("2", "n2", "forum")
	n.Subject, n.Body = canary("subject"), canary("body")
	y := aReply("y")
	y.CaseID, y.From, y.Subject, y.Text = "2", canary("from"), canary("answer"), canary("text")
	a := anAccount("c")
	a.Email, a.Name, a.TOTP = canary("staff"), canary("name"), canary("totp")
	s := Session{[]byte("hash"), "portal", "2", []byte(canary("session").Reveal()), kept, kept}
	newer := takedown.Contact{Email: canary("contact"), Frequency: takedown.MailEach, Token: canary("token"), Key: canary("key")}
	redrafted := n
	redrafted.Subject, redrafted.Body = canary("subject2"), canary("body2")
	renamed := a
	renamed.Name, renamed.TOTP = canary("name2"), canary("totp2")
	h.write(func(tx *Tx) error {
		return errors.Join(tx.AddCase(c, "key 2", lock()), adds(h.t)(tx.AddItem(i, canary("canonical").Reveal())), adds(h.t)(tx.AddReference(ref)),
			tx.AddMatch(m), tx.AddNotice(n), adds(h.t)(tx.AddReply(y, "d")), tx.AddAccount(a), tx.AddSession(s),
			tx.SaveContact("2", newer), tx.SaveNoticeText(redrafted), tx.SaveCredentials(renamed), tx.AppendEvent(anEvent("planted")),
			err2(tx.KeepNegative(takedown.Negative{ID: "no", Hash: canary("negative"), AddedAt: kept})), tx.AddFlood(takedown.Flood{ID: "f", Since: kept}, canary("flood")),
			tx.AddQuestion(takedown.Question{ID: "q", CaseID: "2", Words: canary("words"), AskedAt: kept}))
	})
	return planted
}

// SAFETY I31, decision 25.
func TestNothingOfAPersonIsReadableInTheDatabase(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		planted := plant(h)
		if len(planted) < 20 {
			t.Fatalf("%d canaries", len(planted))
		}
		stored := map[string]string{"rows": dump(h)}
		if h.Database() == "sqlite" {
			files, err := filepath.Glob(h.database + "*")
			must(t, err)
			if len(files) < 3 {
				t.Fatalf("the files are %v, want the database, its -wal and its lock at least", files)
			}
			for _, file := range files {
				raw, err := os.ReadFile(file)
				must(t, err)
				stored[filepath.Base(file)] = string(raw)
			}
		}
		for place, raw := range stored {
			if place == "rows" && !contains(raw, "planted") {
				t.Error("the dump has not even what is readable")
			}
			for _, canary := range planted {
				if contains(raw, canary) || contains(raw, fmt.Sprintf("%x", canary)) {
					t.Errorf("%s: %s is readable", place, canary)
				}
			}
		}
	})
}

// sealedColumn is a column and how a row of it is read.
type sealedColumn struct {
	table, column, key string
	read               func(*Tx) error
}

func err2[T any](_ T, err error) error { return err }

func sealedColumns() []sealedColumn {
	caseOf := func(tx *Tx) error { return err2(tx.CaseByID("2")) }
	return []sealedColumn{
		{"cases", "number_sealed", "id = '2'", caseOf},
		{"cases", "contact_email_sealed", "id = '2'", caseOf},
		{"cases", "contact_token_sealed", "id = '2'", caseOf},
		{"cases", "contact_key_sealed", "id = '2'", caseOf},
		{"cases", "contact_email_sealed", "id = '2'", func(tx *Tx) error { return err2(tx.Cases()) }},
		{"items", "address_sealed", "id = 'c'", func(tx *Tx) error { return err2(tx.ItemByID("c")) }},
		{"items", "host_sealed", "id = 'c'", func(tx *Tx) error { return err2(tx.ItemsOfCase("2")) }},
		{"items", "host_sealed", "id = 'c'", func(tx *Tx) error { return err2(tx.OpenItems()) }},
		{"case_references", "label_sealed", "id = 'ref2'", func(tx *Tx) error { return err2(tx.ReferencesOfCase("2")) }},
		{"case_references", "signature_sealed", "id = 'ref2'", func(tx *Tx) error { return err2(tx.ReferencesOfCase("2")) }},
		{"case_references", "exchange_sealed", "id = 'ref2'", func(tx *Tx) error { return err2(tx.ExchangedAfter(0, 9)) }},
		{"case_references", "points_sealed", "id = 'ref2'", func(tx *Tx) error { return err2(tx.ReferencesOfCase("2")) }},
		{"questions", "words_sealed", "id = 'q'", func(tx *Tx) error { return err2(tx.QuestionsOfCase("2")) }},
		{"negatives", "hash_sealed", "id = 'no'", func(tx *Tx) error { return err2(tx.Negatives()) }},
		{"matches", "found_sealed", "id = 'm'", func(tx *Tx) error { return err2(tx.MatchByID("m")) }},
		{"matches", "media_sealed", "id = 'm'", func(tx *Tx) error { return err2(tx.MatchByID("m")) }},
		{"matches", "media_sealed", "id = 'm'", func(tx *Tx) error { return err2(tx.OpenMatches()) }},
		{"notices", "subject_sealed", "id = 'n2'", func(tx *Tx) error { return err2(tx.NoticeByID("n2")) }},
		{"notices", "body_sealed", "id = 'n2'", func(tx *Tx) error { return err2(tx.NoticesOfCase("2")) }},
		{"replies", "from_sealed", "id = 'y'", func(tx *Tx) error { return err2(tx.ReplyByID("y")) }},
		{"replies", "subject_sealed", "id = 'y'", func(tx *Tx) error { return err2(tx.RepliesOfCase("2")) }},
		{"replies", "text_sealed", "id = 'y'", func(tx *Tx) error { return err2(tx.NewReplies()) }},
		{"staff", "email_sealed", "id = 'c'", func(tx *Tx) error { return err2(tx.AccountByID("c")) }},
		{"staff", "name_sealed", "id = 'c'", func(tx *Tx) error { return err2(tx.Accounts()) }},
		{"staff", "totp_sealed", "id = 'c'", func(tx *Tx) error { return err2(tx.AccountByID("c")) }},
		{"sessions", "data_sealed", "door = 'portal'", func(tx *Tx) error { return err2(tx.SessionByHash([]byte("hash"), "portal")) }},
	}
}

// SAFETY I21: what does not open is an error, and ends the transaction before
// anything made of it could be saved.
func TestSealedValueThatWasChangedIsAnErrorAndNeverEmptyText(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		plant(h)
		elsewhere, err := h.keysSeal()
		must(t, err)
		for _, c := range sealedColumns() {
			name := c.table + "." + c.column
			var intact []byte
			must(t, h.writer.GetContext(h.ctx, &intact, `SELECT `+c.column+` FROM `+c.table+` WHERE `+c.key))
			flipped := bytes.Clone(intact)
			flipped[len(flipped)-1] ^= 1
			for what, raw := range map[string][]byte{
				"a flipped byte": flipped, "half of it": intact[:len(intact)/2], "nothing": {}, "another row's": elsewhere,
			} {
				h.plantRaw(c, raw)
				err := h.tryWrite(func(tx *Tx) error {
					err := c.read(tx)
					if !errors.Is(err, secret.ErrSealed) {
						t.Errorf("%s, %s: %v, want ErrSealed", name, what, err)
					}
					return tx.SetMark("saved", name)
				})
				if !errors.Is(err, secret.ErrSealed) {
					t.Errorf("%s, %s: the transaction goes on: %v", name, what, err)
				}
			}
			h.plantRaw(c, intact)
			must(t, h.tryWrite(c.read))
		}
		same(t, read(h, with((*Tx).Mark, "saved")), "")
	})
}

// keysSeal gives the address of another row of the same table.
func (h *house) keysSeal() ([]byte, error) {
	var raw []byte
	return raw, h.writer.GetContext(h.ctx, &raw, `SELECT address_sealed FROM items WHERE id = 'a'`)
}

func (h *house) plantRaw(c sealedColumn, raw []byte) {
	h.t.Helper()
	_, err := h.writer.ExecContext(h.ctx, h.writer.Rebind(`UPDATE `+c.table+` SET `+c.column+` = ? WHERE `+c.key), raw)
	must(h.t, err)
}

func TestSealedValueMovedToAnotherRowDoesNotOpen(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		_, err := h.writer.ExecContext(h.ctx, `UPDATE items SET address_sealed = (SELECT o.address_sealed FROM items o WHERE o.id = 'b') WHERE id = 'a'`)
		must(t, err)
		if _, err := tryRead(h, with((*Tx).ItemByID, "a")); !errors.Is(err, secret.ErrSealed) {
			t.Errorf("the address of b at a: %v", err)
		}
		_, err = h.writer.ExecContext(h.ctx, `UPDATE items SET host_sealed = address_sealed WHERE id = 'b'`)
		must(t, err)
		if _, err := tryRead(h, with((*Tx).ItemByID, "b")); !errors.Is(err, secret.ErrSealed) {
			t.Errorf("the address of b as its host: %v", err)
		}
	})
}

func TestAnotherKeyOpensNothingAndFindsNobody(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		h.keys = newKeys(t)
		if _, err := tryRead(h, with((*Tx).CaseByID, "1")); err == nil {
			t.Error("a case opens with another key")
		}
		if _, err := tryRead(h, with((*Tx).CaseByNumber, aCase("1").Number.Reveal())); !errors.Is(err, takedown.ErrNotFound) {
			t.Errorf("a number is found with another key: %v", err)
		}
		if _, err := h.Verify(h.ctx); err == nil {
			t.Error("the check finds nothing wrong with another key")
		}
	})
}
