package store

import (
	"bytes"
	"context"
	"fmt"

	"reprise/internal/takedown"
)

const eventsAtOnce = 1000

// Verify checks the database's integrity, the chain of events from its first
// line, and that a sealed value of each case opens. It gives the number of
// events.
func (s *Store) Verify(ctx context.Context) (int64, error) {
	if s.dialect.sqlite() {
		if err := s.dialect.checkSetting(ctx, s.writer, "PRAGMA integrity_check", "ok"); err != nil {
			return 0, err
		}
	}
	var last takedown.Event
	err := s.Read(ctx, func(tx *Tx) error {
		last.Hash = make([]byte, 32)
		for {
			events, err := tx.EventsAfter(last.Seq, eventsAtOnce)
			if err != nil {
				return err
			}
			if seq, ok := takedown.Chain(last.Hash, events, tx.sealLink); !ok {
				return fmt.Errorf("the chain of events is broken at event %d: the audit was changed", seq)
			}
			if len(events) == 0 {
				return tx.checkHead(last)
			}
			last = events[len(events)-1]
		}
	})
	if err != nil {
		return 0, err
	}
	return last.Seq, s.Read(ctx, func(tx *Tx) error {
		_, err := tx.Cases()
		return err
	})
}

// checkHead finds an audit that was cut short, or whose last line was written
// anew.
func (t *Tx) checkHead(last takedown.Event) error {
	var head eventHead
	err := t.get(&head, `SELECT seq, hash FROM event_head WHERE id = 1`)
	switch {
	case err != nil:
		return fmt.Errorf("read the end of the chain of events: %w", err)
	case head.Seq != last.Seq:
		return fmt.Errorf("the chain of events ends at %d where %d is expected: the audit was cut short", last.Seq, head.Seq)
	case !bytes.Equal(head.Hash, last.Hash):
		return fmt.Errorf("the chain of events is broken at event %d: the audit was changed", last.Seq)
	}
	return nil
}
