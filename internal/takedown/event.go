package takedown

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"time"
)

// Event is one line of the audit, written in the transaction of the change it
// tells of. Detail holds states, counts and ids, never a personal value.
type Event struct {
	Seq    int64
	At     time.Time
	Role   Role
	Actor  string
	Verb   string
	CaseID string
	ItemID string
	Detail string
	Prev   []byte // Hash of the event before it, 32 zero bytes for the first
	Hash   []byte // the keyed hash of Link
}

// Link gives what the event's hash is made of: SHA-256 over Prev and every field, each
// with its length before it. A change of any earlier event changes it.
func (e Event) Link() []byte {
	h := sha256.New()
	fields := []string{
		string(e.Prev), strconv.FormatInt(e.Seq, 10), Moment(e.At).Format(time.RFC3339Nano),
		string(e.Role), e.Actor, e.Verb, e.CaseID, e.ItemID, e.Detail,
	}
	for _, f := range fields {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(f)))
		h.Write(n[:])
		h.Write([]byte(f))
	}
	return h.Sum(nil)
}

// Chain checks that events follow each other and that none was changed. The
// first of them follows prev; seal is the keyed hash that made each Hash of its
// Link, so that who can write to the database alone cannot forge one.
func Chain(prev []byte, events []Event, seal func(link []byte) []byte) (broken int64, ok bool) {
	for _, e := range events {
		if string(e.Prev) != string(prev) || string(seal(e.Link())) != string(e.Hash) {
			return e.Seq, false
		}
		prev = e.Hash
	}
	return 0, true
}
