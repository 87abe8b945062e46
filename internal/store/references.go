package store

import (
	"database/sql"
	"errors"

	"reprise/internal/takedown"
)

type referenceRow struct {
	ID        string       `db:"id"`
	CaseID    string       `db:"case_id"`
	Kind      string       `db:"kind"`
	Label     []byte       `db:"label_sealed"`
	Signature []byte       `db:"signature_sealed"`
	Exchange  []byte       `db:"exchange_sealed"`
	Points    []byte       `db:"points_sealed"`
	Quality   int          `db:"quality"`
	CreatedAt sql.NullTime `db:"created_at"`
}

const referenceColumns = `id, case_id, kind, label_sealed, signature_sealed, exchange_sealed, points_sealed, quality, created_at`

// AddReference keeps the hashes of one image or clip. false means that the case
// already has that very one.
func (t *Tx) AddReference(r takedown.Reference) (bool, error) {
	s := t.sealer("case_references", r.ID)
	n, err := t.change(`INSERT INTO case_references (id, case_id, kind, label_sealed, signature_index, signature_sealed,
		exchange_sealed, points_sealed, quality, created_at, seq)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT value + 1 FROM counters WHERE name = 'reference'))
		ON CONFLICT (case_id, signature_index) DO NOTHING`,
		r.ID, r.CaseID, string(r.Kind), s.private("label", r.Label), t.signatureIndex(r.CaseID, r.Signature), s.seal("signature", r.Signature),
		s.seal("exchange", r.Exchange), s.seal("points", r.Points), r.Quality, when(r.CreatedAt))
	if err != nil || n == 0 {
		return false, err
	}
	return true, t.exec(`UPDATE counters SET value = value + 1 WHERE name = 'reference'`)
}

func (t *Tx) signatureIndex(caseID string, signature []byte) []byte {
	return t.keys.Index("signature:"+caseID, signature)
}

// AddPoints keeps the local features of an image that the case already has
// without them. false means that it has them, or has no such image.
func (t *Tx) AddPoints(caseID string, signature, points []byte) (bool, error) {
	var id string
	err := t.get(&id, `SELECT id FROM case_references WHERE case_id = ? AND signature_index = ? AND points_sealed IS NULL`,
		caseID, t.signatureIndex(caseID, signature))
	if errors.Is(err, takedown.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	n, err := t.change(`UPDATE case_references SET points_sealed = ? WHERE id = ?`, t.sealer("case_references", id).seal("points", points), id)
	return n == 1, err
}

// ForgetPoints forgets the local features of all images of a case, and tells of
// how many.
func (t *Tx) ForgetPoints(caseID string) (int, error) {
	n, err := t.change(`UPDATE case_references SET points_sealed = NULL WHERE case_id = ? AND points_sealed IS NOT NULL`, caseID)
	return int(n), err
}

// ReferencesOfCase lists the references of a case, oldest first.
func (t *Tx) ReferencesOfCase(caseID string) ([]takedown.Reference, error) {
	var rows []referenceRow
	err := t.list(&rows, `SELECT `+referenceColumns+` FROM case_references WHERE case_id = ? ORDER BY seq`, caseID)
	if err != nil {
		return nil, err
	}
	return t.references(rows)
}

// ReferenceByID finds a reference.
func (t *Tx) ReferenceByID(id string) (takedown.Reference, error) {
	var r referenceRow
	if err := t.get(&r, `SELECT `+referenceColumns+` FROM case_references WHERE id = ?`, id); err != nil {
		return takedown.Reference{}, err
	}
	found, err := t.references([]referenceRow{r})
	if err != nil {
		return takedown.Reference{}, err
	}
	return found[0], nil
}

func (t *Tx) references(rows []referenceRow) ([]takedown.Reference, error) {
	out := make([]takedown.Reference, 0, len(rows))
	var errs error
	for _, r := range rows {
		s := t.sealer("case_references", r.ID)
		out = append(out, takedown.Reference{
			ID: r.ID, CaseID: r.CaseID, Kind: takedown.ReferenceKind(r.Kind), Label: s.opened("label", r.Label),
			Signature: s.open("signature", r.Signature), Exchange: s.open("exchange", r.Exchange), Points: s.open("points", r.Points),
			Quality: r.Quality, CreatedAt: at(r.CreatedAt),
		})
		errs = errors.Join(errs, s.err)
	}
	return out, t.fail(errs)
}

// Exchanged is a reference as it is compared with all cases.
type Exchanged struct {
	Seq     int64 // unique, and greater than that of every reference kept before
	ID      string
	Hash    []byte // PDQ, 32 bytes
	Quality int
}

// ExchangedAfter lists at most limit references that are compared with all cases
// and follow seq, in that order.
func (t *Tx) ExchangedAfter(seq int64, limit int) ([]Exchanged, error) {
	var rows []struct {
		Seq      int64  `db:"seq"`
		ID       string `db:"id"`
		Exchange []byte `db:"exchange_sealed"`
		Quality  int    `db:"quality"`
	}
	err := t.list(&rows, `SELECT seq, id, exchange_sealed, quality FROM case_references
		WHERE seq > ? AND exchange_sealed IS NOT NULL ORDER BY seq LIMIT ?`, seq, limit)
	if err != nil {
		return nil, err
	}
	out := make([]Exchanged, 0, len(rows))
	var errs error
	for _, r := range rows {
		s := t.sealer("case_references", r.ID)
		out = append(out, Exchanged{r.Seq, r.ID, s.open("exchange", r.Exchange), r.Quality})
		errs = errors.Join(errs, s.err)
	}
	return out, t.fail(errs)
}

// ReferenceBySeq finds a reference by its place among those of the house.
func (t *Tx) ReferenceBySeq(seq int64) (takedown.Reference, error) {
	var id string
	if err := t.get(&id, `SELECT id FROM case_references WHERE seq = ?`, seq); err != nil {
		return takedown.Reference{}, err
	}
	return t.ReferenceByID(id)
}
