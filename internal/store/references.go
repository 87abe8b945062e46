package store

import (
	"database/sql"
	"errors"

	"reprise/internal/takedown"
)

type referenceRow struct {
	ID        string       `db:"id"`
	CaseID    string       `db:"case_id"`
	Label     []byte       `db:"label_sealed"`
	Signature []byte       `db:"signature_sealed"`
	Quality   int          `db:"quality"`
	CreatedAt sql.NullTime `db:"created_at"`
}

// AddReference keeps the hashes of one image. false means that the case already
// has that very image.
func (t *Tx) AddReference(r takedown.Reference) (bool, error) {
	s := t.sealer("case_references", r.ID)
	n, err := t.change(`INSERT INTO case_references (id, case_id, label_sealed, signature_index, signature_sealed, quality, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (case_id, signature_index) DO NOTHING`,
		r.ID, r.CaseID, s.private("label", r.Label), t.keys.Index("signature:"+r.CaseID, r.Signature),
		s.seal("signature", r.Signature), r.Quality, when(r.CreatedAt))
	return n == 1, err
}

// ReferencesOfCase lists the references of a case, oldest first.
func (t *Tx) ReferencesOfCase(caseID string) ([]takedown.Reference, error) {
	var rows []referenceRow
	err := t.list(&rows, `SELECT id, case_id, label_sealed, signature_sealed, quality, created_at
		FROM case_references WHERE case_id = ? ORDER BY created_at, id`, caseID)
	if err != nil {
		return nil, err
	}
	out := make([]takedown.Reference, 0, len(rows))
	var errs error
	for _, r := range rows {
		s := t.sealer("case_references", r.ID)
		out = append(out, takedown.Reference{
			ID: r.ID, CaseID: r.CaseID, Label: s.opened("label", r.Label), Signature: s.open("signature", r.Signature),
			Quality: r.Quality, CreatedAt: at(r.CreatedAt),
		})
		errs = errors.Join(errs, s.err)
	}
	return out, t.fail(errs)
}
