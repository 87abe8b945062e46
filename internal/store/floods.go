package store

import (
	"database/sql"

	"reprise/internal/takedown"
)

type floodRow struct {
	ID          string       `db:"id"`
	ReferenceID string       `db:"reference_id"`
	State       string       `db:"state"`
	Since       sql.NullTime `db:"since"`
	DecidedBy   string       `db:"decided_by"`
	DecidedAt   sql.NullTime `db:"decided_at"`
}

func (r floodRow) flood() takedown.Flood {
	return takedown.Flood{
		ID: r.ID, ReferenceID: r.ReferenceID, State: takedown.FloodState(r.State),
		Since: at(r.Since), DecidedBy: r.DecidedBy, DecidedAt: at(r.DecidedAt),
	}
}

const floodColumns = `id, reference_id, state, since, decided_by, decided_at`

// AddFlood notes that one image matches unusually often: a reference, or a found
// file of that hash when the flood names no reference.
func (t *Tx) AddFlood(f takedown.Flood, found takedown.Private) error {
	return t.exec(`INSERT INTO floods (id, reference_id, found_index, state, since, decided_by) VALUES (?, ?, ?, ?, ?, ?)`,
		f.ID, f.ReferenceID, t.foundIndex(found), string(f.State), when(f.Since), f.DecidedBy)
}

// FloodByID finds a flood.
func (t *Tx) FloodByID(id string) (takedown.Flood, error) {
	return t.oneFlood(`SELECT `+floodColumns+` FROM floods WHERE id = ?`, id)
}

// FloodOfReference finds the last flood of a reference.
func (t *Tx) FloodOfReference(id string) (takedown.Flood, error) {
	return t.oneFlood(`SELECT `+floodColumns+` FROM floods WHERE reference_id = ? ORDER BY since DESC LIMIT 1`, id)
}

// FloodOfFound finds the last flood of found files of a hash.
func (t *Tx) FloodOfFound(hash takedown.Private) (takedown.Flood, error) {
	return t.oneFlood(`SELECT `+floodColumns+` FROM floods WHERE reference_id = '' AND found_index = ? ORDER BY since DESC LIMIT 1`, t.foundIndex(hash))
}

func (t *Tx) oneFlood(query string, arg any) (takedown.Flood, error) {
	var r floodRow
	if err := t.get(&r, query, arg); err != nil {
		return takedown.Flood{}, err
	}
	return r.flood(), nil
}

// OpenFloods lists the floods that wait for a person's word, oldest first.
func (t *Tx) OpenFloods() ([]takedown.Flood, error) {
	var rows []floodRow
	err := t.list(&rows, `SELECT `+floodColumns+` FROM floods WHERE state = ? ORDER BY since, id`, string(takedown.FloodOpen))
	return mapped(rows, floodRow.flood), err
}

// SaveFlood keeps a decision on a flood that was read in the state was.
func (t *Tx) SaveFlood(f takedown.Flood, was takedown.FloodState) error {
	return t.guarded(`UPDATE floods SET state = ?, decided_by = ?, decided_at = ? WHERE id = ? AND state = ?`,
		string(f.State), f.DecidedBy, when(f.DecidedAt), f.ID, string(was))
}
