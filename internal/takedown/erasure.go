package takedown

import "time"

// ErasedAtWill is the reason on the tombstone of a case whose person erased it.
const ErasedAtWill = "person"

// Tombstone is what is kept of an erased case: that there was one.
type Tombstone struct {
	ID     string // random, and nothing else bears it but the person's receipt
	Month  string // of the erasure, 2006-01
	Reason string
}

// TombstoneOf makes the tombstone of a case erased now.
func TombstoneOf(id, reason string, now time.Time) Tombstone {
	return Tombstone{ID: id, Month: now.UTC().Format("2006-01"), Reason: reason}
}

// Erasure is the receipt of an erasure: counts alone.
type Erasure struct {
	ID   string // of the tombstone
	At   time.Time
	Rows map[string]int // how many rows of each table went
}
