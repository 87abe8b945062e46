package store

import (
	"database/sql"
	"strings"

	"reprise/internal/takedown"
)

type recipientRow struct {
	ID         string       `db:"id"`
	Name       string       `db:"name"`
	Kind       string       `db:"kind"`
	Channel    string       `db:"channel"`
	Email      string       `db:"email"`
	FormURL    string       `db:"form_url"`
	Domains    string       `db:"domains"`
	Countries  string       `db:"countries"`
	Lang       string       `db:"lang"`
	Behind     string       `db:"behind"`
	Parallel   bool         `db:"parallel"`
	Confidence string       `db:"confidence"`
	Notes      string       `db:"notes"`
	Source     string       `db:"source"`
	VerifiedAt sql.NullTime `db:"verified_at"`
	VerifiedBy string       `db:"verified_by"`
}

const recipientColumns = `id, name, kind, channel, email, form_url, domains, countries, lang, behind, parallel,
	confidence, notes, source, verified_at, verified_by`

func (r recipientRow) recipient() takedown.Recipient {
	return takedown.Recipient{
		ID: r.ID, Name: r.Name, Kind: takedown.RecipientKind(r.Kind), Channel: takedown.Channel(r.Channel),
		Email: r.Email, FormURL: r.FormURL, Domains: listed(r.Domains), Countries: listed(r.Countries),
		Lang: takedown.Lang(r.Lang), Behind: listed(r.Behind), Parallel: r.Parallel, Confidence: r.Confidence,
		Notes: r.Notes, Source: r.Source, VerifiedAt: at(r.VerifiedAt), VerifiedBy: r.VerifiedBy,
	}
}

func listed(s string) []string { return strings.FieldsFunc(s, func(r rune) bool { return r == ';' }) }

// AddRecipient keeps a new entry of the directory. false means that one of that
// id or name stands already.
func (t *Tx) AddRecipient(r takedown.Recipient) (bool, error) {
	n, err := t.change(`INSERT INTO recipients (`+recipientColumns+`)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		r.ID, r.Name, string(r.Kind), string(r.Channel), r.Email, r.FormURL, strings.Join(r.Domains, ";"),
		strings.Join(r.Countries, ";"), string(r.Lang), strings.Join(r.Behind, ";"), r.Parallel, r.Confidence,
		r.Notes, r.Source, when(r.VerifiedAt), r.VerifiedBy)
	return n == 1, err
}

// Recipients lists the directory by name.
func (t *Tx) Recipients() ([]takedown.Recipient, error) {
	var rows []recipientRow
	err := t.list(&rows, `SELECT `+recipientColumns+` FROM recipients ORDER BY name`)
	return mapped(rows, recipientRow.recipient), err
}

// RecipientByID finds an entry of the directory.
func (t *Tx) RecipientByID(id string) (takedown.Recipient, error) {
	var r recipientRow
	err := t.get(&r, `SELECT `+recipientColumns+` FROM recipients WHERE id = ?`, id)
	return r.recipient(), err
}

// SaveRecipient keeps a changed entry of the directory.
func (t *Tx) SaveRecipient(r takedown.Recipient) error {
	return t.guarded(`UPDATE recipients SET name = ?, kind = ?, channel = ?, email = ?, form_url = ?, domains = ?, countries = ?,
		lang = ?, behind = ?, parallel = ?, notes = ?, source = ?, verified_at = ?, verified_by = ? WHERE id = ?`,
		r.Name, string(r.Kind), string(r.Channel), r.Email, r.FormURL, strings.Join(r.Domains, ";"), strings.Join(r.Countries, ";"),
		string(r.Lang), strings.Join(r.Behind, ";"), r.Parallel, r.Notes, r.Source, when(r.VerifiedAt), r.VerifiedBy, r.ID)
}

type groundRow struct {
	ID       string `db:"id"`
	Country  string `db:"country"`
	Statute  string `db:"statute"`
	Citation string `db:"citation"`
	Deadline int    `db:"deadline_hours"`
	Elements string `db:"elements"`
}

func (r groundRow) ground() takedown.Ground {
	g := takedown.Ground{ID: r.ID, Country: r.Country, Statute: r.Statute, Citation: r.Citation, DeadlineHours: r.Deadline}
	for _, e := range listed(r.Elements) {
		g.Elements = append(g.Elements, takedown.Element(e))
	}
	return g
}

// AddGround keeps a legal ground. One of that id that stands already is left as it is.
func (t *Tx) AddGround(g takedown.Ground) error {
	elements := mapped(g.Elements, func(e takedown.Element) string { return string(e) })
	return t.exec(`INSERT INTO grounds (id, country, statute, citation, deadline_hours, elements)
		VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		g.ID, g.Country, g.Statute, g.Citation, g.DeadlineHours, strings.Join(elements, ";"))
}

// GroundByID finds a legal ground.
func (t *Tx) GroundByID(id string) (takedown.Ground, error) {
	var r groundRow
	err := t.get(&r, `SELECT id, country, statute, citation, deadline_hours, elements FROM grounds WHERE id = ?`, id)
	return r.ground(), err
}
