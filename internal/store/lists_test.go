package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"reprise/internal/takedown"
)

func ids[T any](in []T, id func(T) string) string {
	out := ""
	for _, v := range in {
		out += id(v) + " "
	}
	return out
}

func itemID(i takedown.Item) string       { return i.ID }
func requestID(r takedown.Request) string { return r.ID }
func noticeID(n takedown.Notice) string   { return n.ID }
func matchID(m takedown.Match) string     { return m.ID }
func replyID(r takedown.Reply) string     { return r.ID }
func caseID(c takedown.Case) string       { return c.ID }

// ages are lengths of time whose texts do not sort as the times do, unless they
// are kept well: none, a tenth of a second, one microsecond and so on.
var ages = []time.Duration{
	0, time.Microsecond, 9 * time.Microsecond, 10 * time.Microsecond, 90 * time.Millisecond, 100 * time.Millisecond,
	120 * time.Millisecond, 900 * time.Millisecond, time.Second, 10 * time.Second, time.Hour, 24 * time.Hour, 400 * 24 * time.Hour,
}

func TestItemsToLookAtAreThoseDueTheOldestFirst(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		whole := given.Truncate(time.Second)
		h.write(func(tx *Tx) error {
			err := errors.Join(tx.AddCase(aCase("1"), "key", lock()), adds(t)(tx.AddItem(anItem("1", "never", 99), "never")))
			for n, age := range slices.Backward(ages) {
				i := anItem("1", fmt.Sprint(n), n+1)
				i.NextLook = whole.Add(age)
				err = errors.Join(err, adds(t)(tx.AddItem(i, i.ID)))
			}
			return err
		})
		due := func(now time.Time, limit int) string {
			return ids(read(h, func(tx *Tx) ([]string, error) { return tx.ItemsToLookAt(now, limit) }), func(s string) string { return s })
		}
		want := ""
		same(t, due(whole.Add(-time.Microsecond), 100), "")
		for n, age := range ages {
			want += fmt.Sprint(n) + " "
			same(t, due(whole.Add(age), 100), want)
		}
		same(t, due(whole.Add(ages[12]), 3), "0 1 2 ")
		same(t, due(whole.Add(ages[12]), 0), "")
	})
}

func TestRequestsDueAreThoseWithoutAnEndTheOldestFirst(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		h.write(func(tx *Tx) error {
			var err error
			for n, state := range takedown.RequestStates() {
				r := aRequest("1", string(state), "a", "n")
				r.RecipientID = string(state)
				err = errors.Join(err, adds(t)(tx.AddRecipient(aRecipient(r.RecipientID))), adds(t)(tx.AddRequest(r)))
				r.State, r.DueAt = state, givenAfter(-time.Duration(n)*time.Hour)
				err = errors.Join(err, tx.SaveRequest(r, takedown.RequestDrafted))
			}
			return err
		})
		due := func(now time.Time, limit int) string {
			return ids(read(h, func(tx *Tx) ([]takedown.Request, error) { return tx.RequestsDue(now, limit) }), requestID)
		}
		same(t, due(given, 100), "more_info acknowledged sent ")
		same(t, due(given, 2), "more_info acknowledged ")
		same(t, due(givenAfter(-3*time.Hour), 100), "more_info acknowledged ")
		same(t, due(givenAfter(-9*time.Hour), 100), "")
	})
}

func TestLastSentIsTheNewestOfAnItem(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		same(t, read(h, with((*Tx).LastSent, "a")), time.Time{})
		h.write(func(tx *Tx) error {
			first, second, other := aRequest("1", "ra", "a", "n"), aRequest("1", "ra2", "a", "n"), aRequest("1", "rb", "b", "n")
			second.RecipientID, second.CreatedAt = "host", keptAfter(time.Hour)
			err := adds(t)(tx.AddRequest(second))
			first.SentAt, second.SentAt, other.SentAt = givenAfter(time.Hour), given, givenAfter(2*time.Hour) // the older row left later: a reminder
			for _, r := range []takedown.Request{first, second, other} {
				r.State = takedown.RequestSent
				err = errors.Join(err, tx.SaveRequest(r, takedown.RequestDrafted))
			}
			return err
		})
		same(t, read(h, with((*Tx).LastSent, "a")), keptAfter(time.Hour))
		same(t, read(h, with((*Tx).LastSent, "none")), time.Time{})
	})
}

func TestReminderCarriesTheRequestsItRemindsOf(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		reminder := aNotice("1", "n2", "forum")
		reminder.Kind, reminder.ParentID = takedown.Reminder, "n"
		h.write(func(tx *Tx) error { return errors.Join(tx.AddNotice(reminder), tx.AddReminded("n2", "rb")) })
		same(t, ids(read(h, with((*Tx).RequestsOfNotice, "n")), requestID), "ra rb ")
		same(t, ids(read(h, with((*Tx).RequestsOfNotice, "n2")), requestID), "rb ")
		same(t, ids(read(h, with((*Tx).RequestsOfNotice, "none")), requestID), "")
	})
}

func TestItemsAreListedAndCountedByCase(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		h.write(func(tx *Tx) error {
			err := errors.Join(tx.AddCase(aCase("0"), "key 0", lock()), tx.AddCase(aCase("9"), "key 9", lock()))
			for n, closed := range []takedown.Closing{takedown.ClosedProtection, "", takedown.ClosedRemoved} {
				i := anItem("0", "i"+fmt.Sprint(n), 10-n)
				i.Closed = closed
				err = errors.Join(err, adds(t)(tx.AddItem(i, i.ID)))
			}
			return err
		})
		same(t, ids(read(h, with((*Tx).ItemsOfCase, "0")), itemID), "i2 i1 i0 ")
		same(t, ids(read(h, (*Tx).OpenItems), itemID), "i1 a b ")
		same(t, ids(read(h, (*Tx).ProtectedItems), itemID), "i0 ")
		same(t, read(h, (*Tx).ItemCounts), map[string]Counts{"0": {3, 1}, "1": {2, 2}})
		for id, want := range map[string]int{"0": 3, "1": 2, "9": 0} {
			same(t, read(h, with((*Tx).CountItems, id)), want)
		}
		i := anItem("1", "a", 1)
		i.Closed = takedown.ClosedScope
		h.write(func(tx *Tx) error { return tx.SaveItem(i, anItem("1", "a", 1)) })
		same(t, ids(read(h, (*Tx).RequestsOfOpenItems), requestID), "rb ")
	})
}

func TestCasesAreListedTheNewestFirstAndThoseWithNewsApart(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.write(func(tx *Tx) error {
			var err error
			for n, contact := range []takedown.Contact{
				{Email: private("a@b.org"), Confirmed: true, Frequency: takedown.MailEach},
				{Email: private("a@b.org"), Confirmed: true, Frequency: takedown.MailWeekly},
				{Email: private("a@b.org"), Confirmed: true, Frequency: takedown.MailNever},
				{Email: private(""), Confirmed: true, Frequency: takedown.MailEach},
				{Email: private("a@b.org"), Confirmed: true, Frequency: takedown.MailEach}, // hears of nothing new
			} {
				c := aCase(fmt.Sprint(n))
				c.Contact, c.CreatedAt = contact, givenAfter(time.Duration(n%3)*time.Hour)
				err = errors.Join(err, tx.AddCase(c, c.ID, lock()), tx.SaveContact(c.ID, contact))
				if n < 4 {
					err = errors.Join(err, tx.MarkNews(c.ID))
				}
			}
			return err
		})
		same(t, ids(read(h, (*Tx).Cases), caseID), "2 1 4 0 3 ")
		same(t, ids(read(h, (*Tx).CasesWithNews), caseID), "0 1 ")
		h.write(func(tx *Tx) error { return tx.MarkMailed("0", takedown.Contact{MailedAt: given}) })
		same(t, ids(read(h, (*Tx).CasesWithNews), caseID), "1 ")
	})
}

func TestNoticesAreListedByCaseStateAndAge(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		h.write(func(tx *Tx) error {
			err := tx.AddCase(aCase("2"), "key 2", lock())
			for k, id := range []string{"late", "early", "drafted"} {
				n := aNotice("2", id, "forum")
				n.CreatedAt = givenAfter(time.Duration(k) * time.Hour)
				err = errors.Join(err, tx.AddNotice(n))
				n.State, n.BegunAt = takedown.NoticeSending, givenAfter(-time.Duration(k)*time.Minute)
				if id != "drafted" {
					err = errors.Join(err, tx.SaveNotice(n, takedown.NoticeDrafted))
				}
			}
			return err
		})
		same(t, ids(read(h, with((*Tx).NoticesOfCase, "2")), noticeID), "late early drafted ")
		same(t, ids(read(h, with((*Tx).NoticesIn, takedown.NoticeDrafted)), noticeID), "n drafted ")
		same(t, ids(read(h, with((*Tx).NoticesBegunBefore, givenAfter(time.Second))), noticeID), "early late ")
		same(t, ids(read(h, with((*Tx).NoticesBegunBefore, given)), noticeID), "early ") // the one begun just then may still rest
	})
}

func TestMatchesAndRepliesAreListed(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		h.write(func(tx *Tx) error {
			var err error
			for n, item := range []string{"a", "b", "a", "b"} {
				m := takedown.Match{ID: fmt.Sprint(n), CaseID: "1", ItemID: item, ReferenceID: "ref", Media: private(fmt.Sprint(n)), Distance: 40 - 10*n, State: takedown.MatchSuggested, SeenAt: kept}
				if n == 1 {
					m.State = takedown.MatchRejected
				}
				y := aReply(fmt.Sprint(n))
				y.ReceivedAt = givenAfter(-time.Duration(n) * time.Hour)
				err = errors.Join(err, tx.AddMatch(m), adds(t)(tx.AddReply(y, fmt.Sprint(n))))
			}
			return err
		})
		same(t, ids(read(h, with((*Tx).MatchesOfCase, "1")), matchID), "3 2 1 0 ")
		same(t, ids(read(h, with((*Tx).MatchesOfItem, "a")), matchID), "2 0 ")
		same(t, ids(read(h, (*Tx).OpenMatches), matchID), "3 2 0 ")
		same(t, ids(read(h, (*Tx).NewReplies), replyID), "3 2 1 0 ")
	})
}

func TestStaleSessionsEndAtTheirDoorAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.write(func(tx *Tx) error {
			var err error
			for name, s := range map[string]Session{
				"fresh":     {Door: "portal", Owner: "1", CreatedAt: given, SeenAt: given},
				"form":      {Door: "portal", CreatedAt: givenAfter(-2 * time.Hour), SeenAt: givenAfter(-2 * time.Minute)},
				"idle":      {Door: "portal", Owner: "1", CreatedAt: given, SeenAt: givenAfter(-time.Minute - time.Microsecond)},
				"just":      {Door: "portal", Owner: "1", CreatedAt: givenAfter(-time.Hour), SeenAt: givenAfter(-time.Minute)},
				"long":      {Door: "portal", Owner: "1", CreatedAt: givenAfter(-time.Hour - time.Microsecond), SeenAt: given},
				"elsewhere": {Door: "console", Owner: "c", CreatedAt: givenAfter(-9 * time.Hour), SeenAt: givenAfter(-9 * time.Hour)},
				"another":   {Door: "console", Owner: "d", CreatedAt: given, SeenAt: given},
			} {
				s.TokenHash = []byte(name)
				err = errors.Join(err, tx.AddSession(s))
			}
			return err
		})
		left := func() string {
			var hashes [][]byte
			must(t, h.writer.SelectContext(h.ctx, &hashes, `SELECT token_hash FROM sessions`))
			names := mapped(hashes, func(b []byte) string { return string(b) })
			slices.Sort(names)
			return fmt.Sprint(names)
		}
		h.write(func(tx *Tx) error {
			return tx.EndStaleSessions("portal", givenAfter(-time.Minute), givenAfter(-time.Hour))
		})
		same(t, left(), "[another elsewhere form fresh just]")
		h.write(func(tx *Tx) error {
			return tx.EndStaleVisits("portal", givenAfter(-2*time.Minute), givenAfter(-2*time.Hour))
		})
		same(t, left(), "[another elsewhere form fresh just]")
		h.write(func(tx *Tx) error {
			return tx.EndStaleVisits("portal", givenAfter(-2*time.Minute+time.Microsecond), time.Time{})
		})
		h.write(func(tx *Tx) error { return tx.EndStaleSessions("portal", time.Time{}, time.Time{}) })
		same(t, left(), "[another elsewhere fresh just]")
		h.write(func(tx *Tx) error { return tx.EndSessionsOf("c") })
		same(t, left(), "[another fresh just]")
	})
}
