package store

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"reprise/internal/takedown"
)

// Each save names the state it was read in; when that is no longer so, nothing
// is changed and the caller is told.
func TestSaveOfWhatChangedMeanwhileIsAConflictAndChangesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		h.write(func(tx *Tx) error {
			_, err := tx.AddReply(aReply("y"), "d")
			m := takedown.Match{ID: "m", CaseID: "1", ItemID: "a", ReferenceID: "ref", Media: private("x"), State: takedown.MatchSuggested, SeenAt: kept}
			a := anAccount("c")
			a.TOTPStep = 10
			return errors.Join(err, tx.AddMatch(m), tx.AddAccount(a))
		})
		was := anItem("1", "a", 1)
		other := func(change func(*takedown.Item)) func(*Tx) error {
			stale := was
			change(&stale)
			return func(tx *Tx) error { return tx.SaveItem(anItem("1", "a", 1), stale) }
		}
		sent := aNotice("1", "n", "forum")
		sent.State = takedown.NoticeSent
		before := dump(h)
		for name, save := range map[string]func(*Tx) error{
			"case":               func(tx *Tx) error { return tx.SaveCaseState(aCase("1"), takedown.CaseClosed) },
			"case that is gone":  func(tx *Tx) error { return tx.SaveCaseState(aCase("x"), takedown.CaseOpen) },
			"contact of nobody":  func(tx *Tx) error { return tx.SaveContact("x", takedown.Contact{}) },
			"mailed twice":       func(tx *Tx) error { return tx.MarkMailed("1", takedown.Contact{MailedAt: kept}) },
			"item's triage":      other(func(i *takedown.Item) { i.Triage = takedown.TriageCleared }),
			"item's presence":    other(func(i *takedown.Item) { i.Presence = takedown.Online }),
			"item's closing":     other(func(i *takedown.Item) { i.Closed = takedown.ClosedScope }),
			"item that is gone":  other(func(i *takedown.Item) { i.Triage = takedown.TriageRejected }),
			"match":              func(tx *Tx) error { return tx.SaveMatch(takedown.Match{ID: "m"}, takedown.MatchConfirmed) },
			"notice":             func(tx *Tx) error { return tx.SaveNotice(sent, takedown.NoticeSending) },
			"text of no notice":  func(tx *Tx) error { return tx.SaveNoticeText(aNotice("1", "x", "forum")) },
			"request":            func(tx *Tx) error { return tx.SaveRequest(aRequest("1", "ra", "a", "n"), takedown.RequestSent) },
			"reply":              func(tx *Tx) error { return tx.SaveReply(aReply("y"), takedown.ReplyApplied) },
			"recipient":          func(tx *Tx) error { return tx.SaveRecipient(aRecipient("x")) },
			"account":            func(tx *Tx) error { return tx.SaveCredentials(anAccount("x")) },
			"code used before":   func(tx *Tx) error { return tx.AcceptStep("c", 10) },
			"code of an earlier": func(tx *Tx) error { return tx.AcceptStep("c", 9) },
		} {
			if err := h.tryWrite(save); !errors.Is(err, takedown.ErrConflict) {
				t.Errorf("%s: %v, want ErrConflict", name, err)
			}
		}
		same(t, dump(h), before)
	})
}

func TestTextOfANoticeStandsOnceItIsApproved(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		n := aNotice("1", "n", "forum")
		n.State = takedown.NoticeApproved
		h.write(func(tx *Tx) error { return tx.SaveNotice(n, takedown.NoticeDrafted) })
		n.Body = private("Another text")
		if err := h.tryWrite(func(tx *Tx) error { return tx.SaveNoticeText(n) }); !errors.Is(err, takedown.ErrConflict) {
			t.Errorf("a new text of an approved notice: %v", err)
		}
		same(t, read(h, with((*Tx).NoticeByID, "n")).Body, private("Body"))
	})
}

// Of many who save what they all read, one wins.
func TestOneOfManySavesWins(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		n := aNotice("1", "n", "forum")
		n.State = takedown.NoticeApproved
		var won, lost atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				switch err := h.tryWrite(func(tx *Tx) error { return tx.SaveNotice(n, takedown.NoticeDrafted) }); {
				case err == nil:
					won.Add(1)
				case errors.Is(err, takedown.ErrConflict):
					lost.Add(1)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 || lost.Load() != 7 {
			t.Errorf("%d won and %d lost", won.Load(), lost.Load())
		}
	})
}

func TestCodeOfALaterStepIsAccepted(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.write(func(tx *Tx) error { return tx.AddAccount(anAccount("c")) })
		h.write(func(tx *Tx) error { return errors.Join(tx.AcceptStep("c", 5), tx.AcceptStep("c", 6)) })
		same(t, read(h, with((*Tx).AccountByID, "c")).TOTPStep, 6)
	})
}

func TestWhatStandsAlreadyIsNotAddedAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		h.write(func(tx *Tx) error {
			_, err := tx.AddReply(aReply("y"), "d")
			return err
		})
		renamed := aRecipient("another id")
		renamed.Name = aRecipient("forum").Name
		before := dump(h)
		for name, add := range map[string]func(*Tx) (bool, error){
			"address of the case": func(tx *Tx) (bool, error) { return tx.AddItem(anItem("1", "c", 3), "a") },
			"image of the case": func(tx *Tx) (bool, error) {
				return tx.AddReference(takedown.Reference{ID: "r2", CaseID: "1", Signature: []byte("signature"), CreatedAt: kept})
			},
			"request to that recipient": func(tx *Tx) (bool, error) { return tx.AddRequest(aRequest("1", "rc", "a", "n")) },
			"delivery":                  func(tx *Tx) (bool, error) { return tx.AddReply(aReply("z"), "d") },
			"recipient's id":            func(tx *Tx) (bool, error) { return tx.AddRecipient(aRecipient("forum")) },
			"recipient's name":          func(tx *Tx) (bool, error) { return tx.AddRecipient(renamed) },
			"ground": func(tx *Tx) (bool, error) {
				return false, tx.AddGround(takedown.Ground{ID: "eu-dsa-16", Statute: "another"})
			},
		} {
			h.write(func(tx *Tx) error {
				added, err := add(tx)
				if added {
					t.Errorf("%s: added again", name)
				}
				return err
			})
		}
		same(t, dump(h), before)
	})
}

// The same address or image in another person's case is no duplicate, and
// nothing in the database tells that they are the same.
func TestSameAddressAndImageInTwoCasesShareNoIndex(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		h.write(func(tx *Tx) error {
			return errors.Join(tx.AddCase(aCase("2"), "key 2", lock()),
				adds(t)(tx.AddItem(anItem("2", "c", 1), "a")),
				adds(t)(tx.AddReference(takedown.Reference{ID: "ref2", CaseID: "2", Signature: []byte("signature"), CreatedAt: kept})))
		})
		for _, ask := range []string{
			`SELECT COUNT(DISTINCT address_index) FROM items WHERE id IN ('a', 'c')`,
			`SELECT COUNT(DISTINCT signature_index) FROM case_references`,
		} {
			var n int
			must(t, h.writer.GetContext(h.ctx, &n, ask))
			if n != 2 {
				t.Errorf("%s: %d", ask, n)
			}
		}
	})
}

func TestKeyThatIsTakenIsAConflict(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		h.write(func(tx *Tx) error {
			return errors.Join(tx.AddAccount(anAccount("c")), tx.AddReminded("n", "ra"), tx.AddSession(Session{[]byte("h"), "portal", "", nil, kept, kept}))
		})
		numbered := aCase("2")
		numbered.Number = aCase("1").Number
		message, token := aNotice("1", "n2", "forum"), aNotice("1", "n3", "forum")
		message.MessageID, token.ReplyToken = "<n@house>", "r+n"
		shouting := anAccount("d")
		shouting.Email = private("C@ENTRAIDE.ORG")
		named := aRecipient("host")
		named.Name = aRecipient("forum").Name
		before := dump(h)
		for name, add := range map[string]func(*Tx) error{
			"case's id":         func(tx *Tx) error { return tx.AddCase(aCase("1"), "key 2", lock()) },
			"opening key":       func(tx *Tx) error { return tx.AddCase(aCase("2"), "key 1", lock()) },
			"case number":       func(tx *Tx) error { return tx.AddCase(numbered, "key 2", lock()) },
			"item's place":      func(tx *Tx) error { _, err := tx.AddItem(anItem("1", "c", 2), "c"); return err },
			"item's id":         func(tx *Tx) error { _, err := tx.AddItem(anItem("1", "a", 3), "c"); return err },
			"Message-ID":        func(tx *Tx) error { return tx.AddNotice(message) },
			"reply token":       func(tx *Tx) error { return tx.AddNotice(token) },
			"reminded":          func(tx *Tx) error { return tx.AddReminded("n", "ra") },
			"account's e-mail":  func(tx *Tx) error { return tx.AddAccount(shouting) },
			"name in directory": func(tx *Tx) error { return tx.SaveRecipient(named) },
		} {
			if err := h.tryWrite(add); !errors.Is(err, takedown.ErrConflict) {
				t.Errorf("%s: %v, want ErrConflict", name, err)
			}
		}
		same(t, dump(h), before)
	})
}

// SAFETY I3: a form sent twice, at once, opens one case.
func TestOneOpeningKeyOpensOneCaseHoweverOftenItComes(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		var opened atomic.Int32
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				err := h.tryWrite(func(tx *Tx) error { return tx.AddCase(aCase(fmt.Sprint(i)), "key", lock()) })
				if err == nil {
					opened.Add(1)
				} else if !errors.Is(err, takedown.ErrConflict) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if all := read(h, (*Tx).Cases); opened.Load() != 1 || len(all) != 1 {
			t.Errorf("%d were opened and %d are there", opened.Load(), len(all))
		}
	})
}

func TestErrorsSayNothingOfThePerson(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		i := anItem("1", "a", 9)
		i.CreatedAt = time.Time{}
		for _, do := range []func(*Tx) error{
			func(tx *Tx) error { return tx.AddCase(aCase("1"), "key 1", lock()) },
			func(tx *Tx) error { _, err := tx.AddItem(i, "canonical"); return err },
		} {
			err := h.tryWrite(do)
			if err == nil {
				t.Fatal("no error")
			}
			for _, said := range []string{"photomur", "canonical", aCase("1").Number.Reveal(), "key 1"} {
				if contains(err.Error(), said) {
					t.Errorf("%q says %q", err, said)
				}
			}
		}
	})
}
