package portal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// desk stands behind the wall in the tests of the wall itself: it keeps what it
// is given and judges nothing. The real house is tested by its own journeys.
type desk struct {
	mu      sync.Mutex
	opened  []takedown.NewCase
	byKey   map[string]takedown.Receipt
	added   []string
	refs    int
	given   []takedown.GivenReference // further ones
	images  [][]byte
	ended   bool
	show    takedown.Progress
	failing error
	phrases phrases
	lostWay lostWay

	standing   takedown.CaseStanding
	keyTrouble error
	kept       bool // she wants to be watched on
}

const (
	deskNumber = "123456789"
	deskPhrase = "alpha bravo charlie delta echo foxtrot golf"
)

var errAway = errors.New("the database is away")

func (d *desk) fails() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.failing
}

func (d *desk) ReadAddresses(text string) (takedown.Pasted, error) {
	if len(text) > takedown.MaxPaste {
		return takedown.Pasted{}, takedown.Refuse(takedown.TooMany, "error.too_much_text")
	}
	found, left := takedown.FindAddresses(text)
	var p takedown.Pasted
	for _, l := range left {
		p.Refused = append(p.Refused, takedown.Refused{Line: l.Line, Text: l.Text, Stage: "none"})
	}
	for _, f := range found {
		p.Kept = append(p.Kept, takedown.Given{Line: f.Line, Raw: f.Raw, Repaired: f.Repaired, Canonical: f.Raw, Host: hostOf(f.Raw)})
	}
	return p, nil
}

func (d *desk) HashImage(_ context.Context, image []byte, _ bool) (takedown.GivenReference, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.images = append(d.images, image)
	switch {
	case bytes.HasPrefix(image, []byte("broken child")):
		return takedown.GivenReference{}, errors.New("the child did not start")
	case !bytes.HasPrefix(image, []byte{0xff, 0xd8}) && !bytes.HasPrefix(image, []byte("\x89PNG")) && !bytes.Contains(image, []byte("ftypheic")):
		return takedown.GivenReference{}, takedown.Refuse(takedown.Invalid, "error.image.not-an-image")
	}
	sum := sha256.Sum256(image)
	return takedown.GivenReference{Signature: sum[:], Quality: 100}, nil
}

// ReadReference takes the signatures of today's version, as far as the wall is concerned.
func (d *desk) ReadReference(kind takedown.ReferenceKind, packed, points []byte) (takedown.GivenReference, error) {
	if len(packed) < 2 || packed[0] != 2 && kind == takedown.ReferenceImage {
		return takedown.GivenReference{}, takedown.Refuse(takedown.Invalid, "error.image.signature")
	}
	return takedown.GivenReference{Kind: kind, Signature: packed, Points: points, Quality: int(packed[1])}, nil
}

func (d *desk) NewPhrase(takedown.Lang) takedown.Private { return takedown.NewPrivate(deskPhrase) }

func (d *desk) OpenCase(_ context.Context, _ takedown.Actor, n takedown.NewCase) (takedown.Receipt, error) {
	if err := d.fails(); err != nil {
		return takedown.Receipt{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if r, ok := d.byKey[n.Key]; ok {
		return r, nil
	}
	r := takedown.Receipt{CaseID: fmt.Sprintf("case-%d", len(d.opened)+1), Number: takedown.NewPrivate(deskNumber)}
	if d.byKey == nil {
		d.byKey = map[string]takedown.Receipt{}
	}
	d.byKey[n.Key], d.opened = r, append(d.opened, n)
	return r, nil
}

func (d *desk) Enter(_ context.Context, number, phrase takedown.Private) (takedown.Actor, error) {
	if err := d.fails(); err != nil {
		return takedown.Actor{}, err
	}
	if strings.ReplaceAll(number.Reveal(), " ", "") != deskNumber || phrase.Reveal() != deskPhrase {
		return takedown.Actor{}, takedown.Refuse(takedown.NotFound, "error.wrong_entry")
	}
	return takedown.Actor{Role: takedown.RoleReporter, ID: "case-1"}, nil
}

func (d *desk) Progress(context.Context, takedown.Actor) (takedown.Progress, error) {
	return d.show, d.fails()
}

func (d *desk) AddAddresses(_ context.Context, _ takedown.Actor, text string) (takedown.Added, error) {
	if err := d.fails(); err != nil {
		return takedown.Added{}, err
	}
	p, err := d.ReadAddresses(text)
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, k := range p.Kept {
		d.added = append(d.added, k.Raw)
	}
	return takedown.Added{New: len(p.Kept), Refused: p.Refused}, err
}

func (d *desk) AddReferences(_ context.Context, _ takedown.Actor, given []takedown.GivenReference) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.given = append(d.given, given...)
	before := d.refs
	d.refs = min(d.refs+len(given), 1) // a case that knows one picture
	return d.refs - before, d.failing
}

func (d *desk) AllowPoints(context.Context, takedown.Actor) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.show.MayUsePoints = true
	return d.failing
}

func (d *desk) ForgetPoints(context.Context, takedown.Actor) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.show.MayUsePoints = false
	return d.failing
}

func (d *desk) StopMails(context.Context, takedown.Actor) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.show.Contact = takedown.Contact{Frequency: takedown.MailNever}
	return d.failing
}

// deskKey is the one key the wall takes.
const deskKey = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nkey\n-----END PGP PUBLIC KEY BLOCK-----"

func (d *desk) SetMailKey(_ context.Context, _ takedown.Actor, armored takedown.Private) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if armored.Reveal() != deskKey {
		return takedown.Refuse(takedown.Invalid, "error.key_private")
	}
	d.show.Contact.Key = armored
	return d.failing
}

func (d *desk) ForgetMailKey(context.Context, takedown.Actor) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.show.Contact.Key = takedown.Private{}
	return d.failing
}

func (d *desk) MailKey(context.Context, takedown.Actor) (takedown.MailKey, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.keyTrouble != nil {
		return takedown.MailKey{Trouble: d.keyTrouble}, nil
	}
	return takedown.MailKey{Fingerprint: "ABCD 0123"}, d.failing
}

func (d *desk) KeepMails(context.Context, takedown.Actor) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.show.Contact.StoppedAt = time.Time{}
	return d.failing
}

// rows keeps sessions in memory.
type rows struct {
	mu      sync.Mutex
	kept    map[string]web.Row
	failing error
	saves   int
}

func (r *rows) Load(_ context.Context, hash []byte) (web.Row, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	row, ok := r.kept[string(hash)]
	if !ok && r.failing == nil {
		return web.Row{}, takedown.ErrNotFound
	}
	return row, r.failing
}

func (r *rows) Add(_ context.Context, row web.Row) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failing == nil {
		r.kept[string(row.TokenHash)] = row
		r.saves++
	}
	return r.failing
}

func (r *rows) Change(_ context.Context, hash []byte, at time.Time, data func([]byte) ([]byte, error)) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	row, ok := r.kept[string(hash)]
	switch {
	case r.failing != nil:
		return r.failing
	case !ok:
		return takedown.ErrNotFound
	}
	var err error
	if row.Data, err = data(row.Data); err != nil {
		return err
	}
	row.SeenAt = at
	r.kept[string(hash)] = row
	r.saves++
	return nil
}

func (r *rows) End(_ context.Context, hash []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failing == nil {
		delete(r.kept, string(hash))
	}
	return r.failing
}

func (r *rows) Actor(_ context.Context, owner string) (takedown.Actor, error) {
	return takedown.Actor{Role: takedown.RoleReporter, ID: owner}, nil
}

func (r *rows) away(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failing = err
}

func (r *rows) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.kept)
}

// clock is a time that the test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (r *rows) Touch(_ context.Context, hash []byte, at time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	row, ok := r.kept[string(hash)]
	if ok && r.failing == nil {
		row.SeenAt = at
		r.kept[string(hash)] = row
	}
	return r.failing
}
