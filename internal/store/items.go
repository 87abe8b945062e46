package store

import (
	"database/sql"
	"errors"
	"time"

	"reprise/internal/takedown"
)

type itemRow struct {
	ID          string       `db:"id"`
	CaseID      string       `db:"case_id"`
	Position    int          `db:"position"`
	Address     []byte       `db:"address_sealed"`
	Host        []byte       `db:"host_sealed"`
	RecipientID string       `db:"recipient_id"`
	Origin      string       `db:"origin"`
	Triage      string       `db:"triage"`
	Presence    string       `db:"presence"`
	GoneSince   sql.NullTime `db:"gone_since"`
	Closed      string       `db:"closed"`
	ClosedAt    sql.NullTime `db:"closed_at"`
	LookedAt    sql.NullTime `db:"looked_at"`
	SeenAt      sql.NullTime `db:"seen_at"`
	NextLook    sql.NullTime `db:"next_look"`
	CreatedAt   sql.NullTime `db:"created_at"`
	Overruled   []byte       `db:"overruled_sealed"`
	Label       []byte       `db:"label_sealed"`
}

const itemColumns = `id, case_id, position, address_sealed, host_sealed, recipient_id, origin, triage, presence,
	gone_since, closed, closed_at, looked_at, seen_at, next_look, created_at, overruled_sealed, label_sealed`

func (t *Tx) itemOf(r itemRow) (takedown.Item, error) {
	s := t.sealer("items", r.ID)
	i := takedown.Item{
		ID: r.ID, CaseID: r.CaseID, Position: r.Position,
		Address: s.opened("address", r.Address), Host: s.opened("host", r.Host),
		RecipientID: r.RecipientID, Origin: takedown.Origin(r.Origin), Triage: takedown.Triage(r.Triage),
		Standing: takedown.Standing{Presence: takedown.Presence(r.Presence), GoneSince: at(r.GoneSince)},
		Closed:   takedown.Closing(r.Closed), ClosedAt: at(r.ClosedAt),
		LookedAt: at(r.LookedAt), SeenAt: at(r.SeenAt), NextLook: at(r.NextLook), CreatedAt: at(r.CreatedAt),
		Overruled: s.opened("overruled", r.Overruled), Label: s.opened("label", r.Label),
	}
	return i, t.fail(s.err)
}

// AddItem keeps a new item. canonical is the one spelling of its address.
// false means that the case already has that address.
func (t *Tx) AddItem(i takedown.Item, canonical string) (bool, error) {
	s := t.sealer("items", i.ID)
	n, err := t.change(`INSERT INTO items (id, case_id, position, address_index, address_sealed, host_sealed,
		recipient_id, origin, triage, presence, closed, next_look, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (case_id, address_index) DO NOTHING`,
		i.ID, i.CaseID, i.Position, t.keys.Index("address:"+i.CaseID, []byte(canonical)), s.private("address", i.Address),
		s.private("host", i.Host), i.RecipientID, string(i.Origin), string(i.Triage), string(i.Presence),
		string(i.Closed), when(i.NextLook), when(i.CreatedAt))
	return n == 1, err
}

// SaveItemLabel keeps what a person calls an item.
func (t *Tx) SaveItemLabel(i takedown.Item) error {
	s := t.sealer("items", i.ID)
	return t.guarded(`UPDATE items SET label_sealed = ? WHERE id = ?`, s.private("label", i.Label), i.ID)
}

// CountItems tells how many items a case has.
func (t *Tx) CountItems(caseID string) (int, error) {
	var n int
	err := t.get(&n, `SELECT COUNT(*) FROM items WHERE case_id = ?`, caseID)
	return n, err
}

// CountFoundWaiting tells how many items of a case we found ourselves and nobody
// has decided about.
func (t *Tx) CountFoundWaiting(caseID string) (int, error) {
	var n int
	err := t.get(&n, `SELECT COUNT(*) FROM items WHERE case_id = ? AND origin = ? AND triage = ? AND closed = ?`,
		caseID, takedown.FromSystem, takedown.TriageWaiting, "")
	return n, err
}

// ItemByID finds an item.
func (t *Tx) ItemByID(id string) (takedown.Item, error) {
	var r itemRow
	if err := t.get(&r, `SELECT `+itemColumns+` FROM items WHERE id = ?`, id); err != nil {
		return takedown.Item{}, err
	}
	return t.itemOf(r)
}

// ItemsOfCase lists the items of a case in the order given.
func (t *Tx) ItemsOfCase(caseID string) ([]takedown.Item, error) {
	return t.items(`SELECT `+itemColumns+` FROM items WHERE case_id = ? ORDER BY position`, caseID)
}

// ItemsToLookAt lists at most limit items whose next look is due, but for those of
// cases that rest.
func (t *Tx) ItemsToLookAt(now time.Time, limit int) ([]string, error) {
	var ids []string
	err := t.list(&ids, `SELECT id FROM items WHERE next_look <= ? AND case_id NOT IN (SELECT id FROM cases WHERE paused_at IS NOT NULL OR leaving_at IS NOT NULL)
		ORDER BY next_look LIMIT ?`, when(now), limit)
	return ids, err
}

// OpenItems lists every open item of the house, by case.
func (t *Tx) OpenItems() ([]takedown.Item, error) {
	return t.items(`SELECT ` + itemColumns + ` FROM items WHERE closed = '' ORDER BY case_id, position`)
}

// ProtectedItems lists the items passed to child protection.
func (t *Tx) ProtectedItems() ([]takedown.Item, error) {
	return t.items(`SELECT `+itemColumns+` FROM items WHERE closed = ? ORDER BY case_id, position`, string(takedown.ClosedProtection))
}

func (t *Tx) items(query string, args ...any) ([]takedown.Item, error) {
	var rows []itemRow
	if err := t.list(&rows, query, args...); err != nil {
		return nil, err
	}
	out := make([]takedown.Item, 0, len(rows))
	var errs error
	for _, r := range rows {
		i, err := t.itemOf(r)
		errs = errors.Join(errs, err)
		out = append(out, i)
	}
	return out, errs
}

// SaveItem keeps an item that was read as was.
func (t *Tx) SaveItem(i, was takedown.Item) error {
	s := t.sealer("items", i.ID)
	return t.guarded(`UPDATE items SET triage = ?, presence = ?, gone_since = ?, closed = ?, closed_at = ?,
		looked_at = ?, seen_at = ?, next_look = ?, overruled_sealed = ? WHERE id = ? AND triage = ? AND presence = ? AND closed = ?`,
		string(i.Triage), string(i.Presence), when(i.GoneSince), string(i.Closed), when(i.ClosedAt),
		when(i.LookedAt), when(i.SeenAt), when(i.NextLook), s.private("overruled", i.Overruled), i.ID, string(was.Triage), string(was.Presence), string(was.Closed))
}

// Counts tells how many items a case has, and how many are open.
type Counts struct{ Items, Open int }

// ItemCounts counts the items of every case.
func (t *Tx) ItemCounts() (map[string]Counts, error) {
	var rows []struct {
		CaseID string `db:"case_id"`
		Items  int    `db:"items"`
		Open   int    `db:"open_items"`
	}
	err := t.list(&rows, `SELECT case_id, COUNT(*) AS items, COUNT(CASE WHEN closed = '' THEN 1 END) AS open_items FROM items GROUP BY case_id`)
	out := map[string]Counts{}
	for _, r := range rows {
		out[r.CaseID] = Counts{r.Items, r.Open}
	}
	return out, err
}
