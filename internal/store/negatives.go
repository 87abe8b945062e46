package store

import (
	"database/sql"
	"errors"

	"reprise/internal/takedown"
)

// KeepNegative keeps the hash of what is no image of anybody, and gives the id
// that it has: an older one when it was one already.
func (t *Tx) KeepNegative(n takedown.Negative) (id string, err error) {
	err = t.get(&id, `INSERT INTO negatives (id, hash_index, hash_sealed, why, added_by, created_at)
		VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (hash_index) DO UPDATE SET hash_index = excluded.hash_index RETURNING id`,
		n.ID, t.keys.Index("negative", []byte(n.Hash.Reveal())), t.sealer("negatives", n.ID).always("hash", []byte(n.Hash.Reveal())), string(n.Why), n.AddedBy, when(n.AddedAt))
	return id, err
}

// Negatives lists what is no image of anybody, oldest first.
func (t *Tx) Negatives() ([]takedown.Negative, error) {
	var rows []struct {
		ID      string       `db:"id"`
		Hash    []byte       `db:"hash_sealed"`
		Why     string       `db:"why"`
		AddedBy string       `db:"added_by"`
		AddedAt sql.NullTime `db:"created_at"`
	}
	err := t.list(&rows, `SELECT id, hash_sealed, why, added_by, created_at FROM negatives ORDER BY created_at, id`)
	if err != nil {
		return nil, err
	}
	out := make([]takedown.Negative, 0, len(rows))
	var errs error
	for _, r := range rows {
		s := t.sealer("negatives", r.ID)
		out = append(out, takedown.Negative{
			ID: r.ID, Hash: s.opened("hash", r.Hash), Why: takedown.NegativeWhy(r.Why), AddedBy: r.AddedBy, AddedAt: at(r.AddedAt),
		})
		errs = errors.Join(errs, s.err)
	}
	return out, t.fail(errs)
}

// RemoveNegative lets what is near a hash be matched again. ErrConflict when it
// is no negative any more.
func (t *Tx) RemoveNegative(id string) error {
	return t.guarded(`DELETE FROM negatives WHERE id = ?`, id)
}

// RejectedByNegative counts the matches that were rejected as near each negative.
func (t *Tx) RejectedByNegative() (map[string]int, error) {
	var rows []struct {
		ID string `db:"negative_id"`
		N  int    `db:"n"`
	}
	err := t.list(&rows, `SELECT negative_id, COUNT(*) AS n FROM matches WHERE negative_id <> '' GROUP BY negative_id`)
	out := map[string]int{}
	for _, r := range rows {
		out[r.ID] = r.N
	}
	return out, err
}
