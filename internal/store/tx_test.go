package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"reprise/internal/takedown"
)

func count(h *house, table string) int {
	h.t.Helper()
	var n int
	must(h.t, h.writer.GetContext(h.ctx, &n, `SELECT COUNT(*) FROM `+table))
	return n
}

func TestErrorRollsBackEverythingEventAndChainIncluded(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		tenEvents(h)
		before := dump(h)
		refused := errors.New("refused")
		all := func(tx *Tx) error {
			return errors.Join(tx.AddCase(aCase("1"), "key", lock()), adds(t)(tx.AddItem(anItem("1", "a", 1), "a")), tx.AppendEvent(anEvent("opened")))
		}
		if err := h.tryWrite(func(tx *Tx) error { return errors.Join(all(tx), refused) }); !errors.Is(err, refused) {
			t.Errorf("%v, want the error itself", err)
		}
		same(t, dump(h), before)
		h.write(all)
		if n, err := h.Verify(h.ctx); n != 11 || err != nil {
			t.Errorf("%d events, %v", n, err)
		}
	})
}

func TestPanicRollsBackAndLeavesTheNextWriterItsPlace(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = h.tryWrite(func(tx *Tx) error {
				must(t, tx.SetMark("m", "half"))
				panic("a bug")
			})
		}()
		h.write(func(tx *Tx) error { return tx.SetMark("n", "whole") })
		same(t, read(h, with((*Tx).Mark, "m"))+read(h, with((*Tx).Mark, "n")), "whole")
	})
}

func TestTransactionInsideATransactionIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		must(t, h.Write(h.ctx, func(ctx context.Context, tx *Tx) error {
			err := h.Write(ctx, func(context.Context, *Tx) error {
				t.Error("it ran")
				return nil
			})
			if !errors.Is(err, ErrNested) {
				t.Errorf("a write in a write: %v", err)
			}
			if err := h.Read(ctx, func(*Tx) error { return nil }); !errors.Is(err, ErrNested) {
				t.Errorf("a read in a write: %v", err)
			}
			return tx.SetMark("m", "outer")
		}))
		same(t, read(h, with((*Tx).Mark, "m")), "outer")
	})
}

// SAFETY decision 2. On SQLite some failed statements end the transaction, and
// what follows would be committed alone: here a trigger does just that.
func TestStatementAfterAFailedOneIsNeverCommitted(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		if h.Database() == "sqlite" {
			_, err := h.writer.ExecContext(h.ctx, `CREATE TRIGGER bad BEFORE INSERT ON marks WHEN NEW.name = 'bad' BEGIN SELECT RAISE(ROLLBACK, 'ended'); END`)
			must(t, err)
		}
		for name, fails := range map[string]func(*Tx) error{
			"a statement that ends the transaction": func(tx *Tx) error { return tx.SetMark("bad", "x\x00") }, // PostgreSQL refuses NUL
			"a key that is taken":                   func(tx *Tx) error { return tx.AddCase(aCase("1"), "key", lock()) },
			"a query":                               func(tx *Tx) error { return tx.get(new(int), `SELECT nothing FROM nowhere`) },
			"a list":                                func(tx *Tx) error { return tx.list(&[]int{}, `SELECT nothing FROM nowhere`) },
		} {
			if name == "a key that is taken" {
				h.write(func(tx *Tx) error { return tx.AddCase(aCase("1"), "key", lock()) })
			}
			before := dump(h)
			err := h.tryWrite(func(tx *Tx) error {
				must(t, tx.SetMark("before", "x"))
				first := fails(tx)
				if first == nil {
					t.Fatalf("%s does not fail", name)
				}
				for _, next := range []error{
					tx.SetMark("after", "x"), tx.AppendEvent(anEvent("after")), err2(tx.Mark("before")), err2(tx.Cases()),
					tx.SaveContact("1", takedown.Contact{}), err2(tx.AddItem(anItem("1", "z", 9), "z")),
				} {
					if !errors.Is(next, first) {
						t.Errorf("%s, then: %v, want the first error", name, next)
					}
				}
				return nil // a caller that does not care
			})
			if err == nil {
				t.Errorf("%s: committed", name)
			}
			same(t, dump(h), before)
		}
	})
}

// SAFETY decision 2, F13: who leaves quickly cuts nothing in half.
func TestLeavingInTheMiddleOfAWriteIsAllOrNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for i := range 200 {
			ctx, cancel := context.WithCancel(h.ctx)
			id := strconv.Itoa(1000 + i)
			var leave sync.WaitGroup
			if i%2 == 0 { // the other half leaves between two statements
				wait := time.Duration(rand.IntN(2000)) * time.Microsecond
				leave.Go(func() { <-time.After(wait); cancel() })
			}
			err := h.Write(ctx, func(_ context.Context, tx *Tx) error {
				if err := tx.AddCase(aCase(id), id, lock()); err != nil {
					return err
				}
				if i%2 == 1 {
					cancel()
				}
				_, err := tx.AddItem(anItem(id, id, 1), id)
				return errors.Join(err, tx.AppendEvent(anEvent(id)))
			})
			leave.Wait()
			cancel()
			_, found := tryRead(h, with((*Tx).ItemByID, id))
			if (err == nil) != (found == nil) || i%2 == 1 && err != nil {
				t.Fatalf("round %d: the write says %v and the item %v", i, err, found)
			}
		}
		n := count(h, "cases")
		if count(h, "items") != n || count(h, "events") != n || n < 100 {
			t.Errorf("%d cases, %d items, %d events", n, count(h, "items"), count(h, "events"))
		}
		if seq, err := h.Verify(h.ctx); seq != int64(n) || err != nil {
			t.Errorf("%d events, %v", seq, err)
		}
	})
}

func TestWhoLeftBeforeTheWriteChangesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx, cancel := context.WithCancel(h.ctx)
		cancel()
		err := h.Write(ctx, func(context.Context, *Tx) error {
			t.Error("it ran")
			return nil
		})
		if !errors.Is(err, context.Canceled) || errors.Is(err, ErrUnavailable) {
			t.Errorf("%v, want context.Canceled", err)
		}
	})
}

func TestWriteHasADeadlineOfItsOwn(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx, cancel := context.WithTimeout(h.ctx, time.Hour)
		defer cancel()
		must(t, h.Write(ctx, func(own context.Context, _ *Tx) error {
			end, ok := own.Deadline()
			if left := time.Until(end); !ok || left > WriteWithin || left < WriteWithin-5*time.Second {
				t.Errorf("%v are left of %v", left, WriteWithin)
			}
			return nil
		}))
	})
}

func TestReadCannotWrite(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		before := dump(h)
		for _, do := range []func(*Tx) error{
			func(tx *Tx) error { return tx.SetMark("m", "x") },
			func(tx *Tx) error { return tx.AppendEvent(anEvent("x")) },
			func(tx *Tx) error { return tx.EndSessionsOf("1") },
			func(tx *Tx) error { return tx.exec(`DELETE FROM requests`) },
			func(tx *Tx) error { return tx.exec(`CREATE TABLE t (a INTEGER)`) },
		} {
			if err := h.Read(h.ctx, do); err == nil {
				t.Error("a reader wrote")
			}
		}
		same(t, dump(h), before)
	})
}

// SAFETY decision 3: with deferred transactions 741 of 800 failed.
func TestManyWhoReadAndThenWriteAllSucceed(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		const goroutines, each = 8, 100
		errs := make(chan error, goroutines*each)
		var all sync.WaitGroup
		for range goroutines {
			all.Go(func() {
				for range each {
					errs <- h.tryWrite(func(tx *Tx) error {
						v, err := tx.Mark("n")
						if err != nil {
							return err
						}
						n, _ := strconv.Atoi(v)
						return tx.SetMark("n", strconv.Itoa(n+1))
					})
				}
			})
		}
		all.Wait()
		close(errs)
		failed := 0
		for err := range errs {
			if err != nil {
				failed++
			}
		}
		if got := read(h, with((*Tx).Mark, "n")); failed != 0 || got != "800" {
			t.Errorf("%d of 800 failed, and %s were counted", failed, got)
		}
	})
}

func TestLongReaderBlocksNoWriterAndSeesOneMoment(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.write(func(tx *Tx) error { return tx.SetMark("n", "before") })
		must(t, h.Read(h.ctx, func(reader *Tx) error {
			for i := range 50 {
				got, err := reader.Mark("n")
				must(t, err)
				same(t, got, "before")
				h.write(func(tx *Tx) error { return tx.SetMark("n", fmt.Sprint(i)) })
			}
			return nil
		}))
		same(t, read(h, with((*Tx).Mark, "n")), "49")
	})
}

func TestReadersSeeNothingBeforeTheCommit(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.write(func(tx *Tx) error {
			must(t, tx.SetMark("n", "half"))
			same(t, read(h, with((*Tx).Mark, "n")), "")
			return nil
		})
		same(t, read(h, with((*Tx).Mark, "n")), "half")
	})
}
