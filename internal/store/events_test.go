package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"reprise/internal/takedown"
)

// SAFETY I14: many writers, more lines than Verify reads at once, some
// transactions with several events and some that fail.
func TestChainHoldsOverManyWritersAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		const writers, each = 8, 50
		refused := errors.New("refused")
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				for i := range each {
					err := h.tryWrite(func(tx *Tx) error {
						for range 3 {
							if err := tx.AppendEvent(anEvent(fmt.Sprintf("%d %d", w, i))); err != nil {
								return err
							}
						}
						if i%10 == 9 {
							return refused
						}
						return nil
					})
					if err != nil && !errors.Is(err, refused) {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		const want = writers * each * 9 / 10 * 3
		if n, err := h.Verify(h.ctx); n != want || err != nil {
			t.Errorf("%d events, %v; want %d", n, err, want)
		}
		events := read(h, func(tx *Tx) ([]takedown.Event, error) { return tx.EventsAfter(0, want+1) })
		if n, ok := takedown.Chain(make([]byte, 32), events, func(link []byte) []byte { return h.keys.Index("event", link) }); !ok || len(events) != want || events[want-1].Seq != want {
			t.Errorf("%d events, broken at %d", len(events), n)
		}
		for i := 0; i < want; i += 3 { // a transaction's events stand together
			if events[i].Verb != events[i+2].Verb {
				t.Errorf("event %d: %q and %q", i, events[i].Verb, events[i+2].Verb)
			}
		}
	})
}

func tenEvents(h *house) {
	h.t.Helper()
	for i := range 10 {
		h.write(func(tx *Tx) error {
			e := anEvent(fmt.Sprint(i))
			e.CaseID, e.Detail = "1", "drafted approved"
			return tx.AppendEvent(e)
		})
	}
}

func TestEventsAreListedInOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		tenEvents(h)
		got := read(h, func(tx *Tx) ([]takedown.Event, error) { return tx.EventsAfter(3, 4) })
		if len(got) != 4 || got[0].Seq != 4 || got[3].Seq != 7 {
			t.Errorf("after 3: %+v", got)
		}
		if got := read(h, with((*Tx).EventsOfCase, "1")); len(got) != 10 || got[9].Verb != "9" {
			t.Errorf("of the case: %+v", got)
		}
		if got := read(h, with((*Tx).EventsOfCase, "2")); len(got) != 0 {
			t.Errorf("of another case: %+v", got)
		}
	})
}

func TestVerifyFindsAnAuditThatWasTouched(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		if n, err := h.Verify(h.ctx); n != 0 || err != nil {
			t.Fatalf("an empty audit: %d, %v", n, err)
		}
		tenEvents(h)
		if n, err := h.Verify(h.ctx); n != 10 || err != nil {
			t.Fatalf("an intact audit: %d, %v", n, err)
		}
		for _, c := range []struct{ touch, told string }{
			{`UPDATE events SET detail = 'drafted Approved' WHERE seq = 5`, "at event 5"},
			{`UPDATE events SET actor = 'x' WHERE seq = 1`, "at event 1"},
			{`UPDATE events SET at = '2026-03-29 01:30:00.123457+00:00' WHERE seq = 7`, "at event 7"},
			{`UPDATE events SET case_id = '2' WHERE seq = 10`, "at event 10"},
			{`DELETE FROM events WHERE seq = 1`, "at event 2"},
			{`DELETE FROM events WHERE seq = 5`, "at event 6"},
			{`DELETE FROM events WHERE seq = 10`, "ends at 9 where 10"},
			{`DELETE FROM events`, "ends at 0 where 10"},
			{`UPDATE events SET seq = seq + 1 WHERE seq = 10`, "at event 11"},
			{`UPDATE event_head SET seq = 9`, "ends at 10 where 9"},
			{`DELETE FROM event_head`, "end of the chain"},
		} {
			h.during(c.touch, func() {
				if n, err := h.Verify(h.ctx); err == nil || n != 0 || !strings.Contains(err.Error(), c.told) {
					t.Errorf("%s: %d, %v", c.touch, n, err)
				}
			})
		}
		if n, err := h.Verify(h.ctx); n != 10 || err != nil {
			t.Errorf("the audit restored: %d, %v", n, err)
		}
	})
}

// during does something while the audit is touched, and puts it back.
func (h *house) during(touch string, do func()) {
	h.t.Helper()
	run := func(statements ...string) {
		h.t.Helper()
		for _, s := range statements {
			_, err := h.writer.ExecContext(h.ctx, s)
			must(h.t, err)
		}
	}
	run(`CREATE TABLE kept_events AS SELECT * FROM events`, `CREATE TABLE kept_head AS SELECT * FROM event_head`, touch)
	do()
	run(`DELETE FROM events`, `DELETE FROM event_head`, `INSERT INTO events SELECT * FROM kept_events`,
		`INSERT INTO event_head SELECT * FROM kept_head`, `DROP TABLE kept_events`, `DROP TABLE kept_head`)
}

// The hash has no key, so whoever writes to the database can compute it anew;
// the end of the chain tells.
func TestVerifyFindsALastEventWrittenAnew(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		tenEvents(h)
		last := read(h, with((*Tx).EventsOfCase, "1"))[9]
		last.Detail = "nothing of note"
		_, err := h.writer.ExecContext(h.ctx, h.writer.Rebind(`UPDATE events SET detail = ?, hash = ? WHERE seq = 10`), last.Detail, last.Link())
		must(t, err)
		if _, err := h.Verify(h.ctx); err == nil || !strings.Contains(err.Error(), "at event 10") {
			t.Errorf("a last event written anew: %v", err)
		}
	})
}

func TestVerifyFindsACaseThatDoesNotOpen(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		_, err := h.writer.ExecContext(h.ctx, h.writer.Rebind(`UPDATE cases SET number_sealed = ?`), bytes.Repeat([]byte{1}, 60))
		must(t, err)
		if _, err := h.Verify(h.ctx); err == nil {
			t.Error("a case that does not open is not found")
		}
	})
}

func TestVerifyStopsWhenItsCallerDoes(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx, cancel := context.WithCancel(h.ctx)
		cancel()
		if _, err := h.Verify(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want context.Canceled", err)
		}
	})
}
