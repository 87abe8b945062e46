package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"reprise/internal/fetch"
	"reprise/internal/keypoints"
	"reprise/internal/likeness"
	"reprise/internal/mail"
	"reprise/internal/phash"
	"reprise/internal/picture"
	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// ReadAddresses reads pasted text. It refuses more than the bounds of a case,
// and changes nothing.
func (o *Office) ReadAddresses(text string) (takedown.Pasted, error) {
	if len(text) > takedown.MaxPaste {
		return takedown.Pasted{}, takedown.Refuse(takedown.TooMany, "error.too_much_text")
	}
	found, left := takedown.FindAddresses(text)
	var p takedown.Pasted
	for _, l := range left {
		p.Refused = append(p.Refused, takedown.Refused{Line: l.Line, Text: l.Text, Stage: "none"})
	}
	seen := map[string]bool{}
	for _, f := range found {
		j := fetch.Judge(f.Raw)
		switch {
		case !j.Store:
			p.Refused = append(p.Refused, takedown.Refused{Line: f.Line, Text: f.Raw, Stage: j.Stage})
		case seen[j.Canonical]:
			p.Duplicates++
		default:
			seen[j.Canonical] = true
			p.Kept = append(p.Kept, takedown.Given{Line: f.Line, Raw: f.Raw, Repaired: f.Repaired, Canonical: j.Canonical, Host: j.Host})
		}
	}
	if len(p.Kept) > takedown.MaxItems {
		return p, takedown.Refuse(takedown.TooMany, "error.too_many_addresses")
	}
	return p, nil
}

// PlatformsOf gives the names that the directory has for hosts, by host. Hosts it
// does not know are left out.
func (o *Office) PlatformsOf(ctx context.Context, hosts []string) (map[string]string, error) {
	out := map[string]string{}
	err := o.Store.Read(ctx, func(tx *store.Tx) error {
		directory, err := directoryOf(tx)
		if err != nil {
			return err
		}
		for _, h := range hosts {
			if who, err := directory.ForHost(h); err == nil {
				out[h] = who.Name
			}
		}
		return nil
	})
	return out, err
}

// HashImage makes the hashes of one image in the limited child process, and its
// local features where the person agreed to them. The image is never written down
// and is forgotten when the method returns. Images wait in memory for their turn, so
// that only so many may: a further one is a refusal of kind TooMany.
func (o *Office) HashImage(ctx context.Context, image []byte, points bool) (takedown.GivenReference, error) {
	select {
	case o.images <- struct{}{}:
		defer func() { <-o.images }()
	default:
		return takedown.GivenReference{}, takedown.Refuse(takedown.TooMany, "error.image.again")
	}
	given, err := o.Hasher.Sign(ctx, image, points)
	var refused *picture.Refusal
	switch {
	case errors.As(err, &refused):
		return takedown.GivenReference{}, takedown.Refuse(takedown.Invalid, "error.image."+string(refused.Reason))
	case err != nil:
		return takedown.GivenReference{}, fmt.Errorf("hash an image: %w", err)
	}
	out := takedown.GivenReference{Kind: takedown.ReferenceImage, Quality: given.Signature.Quality}
	if out.Signature, err = given.Signature.MarshalBinary(); err == nil && points {
		out.Points, err = given.Points.MarshalBinary()
	}
	if err != nil {
		return takedown.GivenReference{}, fmt.Errorf("pack a signature: %w", err)
	}
	return out, nil
}

// ReadReference reads what the person's own device made of an image or a video,
// and of an image its local features, if there are any. Nothing is trusted: what
// cannot be read is refused.
func (o *Office) ReadReference(kind takedown.ReferenceKind, packed, points []byte) (takedown.GivenReference, error) {
	given := takedown.GivenReference{Kind: kind, Signature: packed, Points: points}
	var err error
	if kind == takedown.ReferenceClip {
		err = readClip(&given)
	} else {
		var sig phash.Signature
		err = sig.UnmarshalBinary(packed)
		given.Quality = sig.Quality
	}
	if err == nil && points != nil {
		err = new(keypoints.Set).UnmarshalBinary(points)
	}
	if err != nil {
		return takedown.GivenReference{}, takedown.Refuse(takedown.Invalid, "error.image.signature")
	}
	return given, nil
}

// readClip takes the quality of a clip from its best frame.
func readClip(given *takedown.GivenReference) error {
	var clip phash.Clip
	if err := clip.UnmarshalBinary(given.Signature); err != nil {
		return fmt.Errorf("read a given clip: %w", err)
	}
	given.Points = nil
	for _, f := range clip.Frames {
		given.Quality = max(given.Quality, f.Quality)
	}
	return nil
}

// NewPhrase draws the seven words that will open a case.
func (o *Office) NewPhrase(lang takedown.Lang) takedown.Private {
	words := secret.NewPhrase(string(lang)).Words()
	return takedown.NewPrivate(joined(words))
}

func joined(words []string) string {
	out := ""
	for i, w := range words {
		if i > 0 {
			out += " "
		}
		out += w
	}
	return out
}

// OpenCase keeps a filled-in form as a case: items, references, events and the
// first looks, in one transaction. The same key gives the same case again.
func (o *Office) OpenCase(ctx context.Context, actor takedown.Actor, n takedown.NewCase) (takedown.Receipt, error) {
	if !actor.May(takedown.MayOpenCase) {
		return takedown.Receipt{}, takedown.ErrForbidden
	}
	pasted, err := o.ReadAddresses(n.Addresses)
	if err != nil {
		return takedown.Receipt{}, err
	}
	opening := takedown.Opening{
		Age: n.Age, Harm: n.Harm, Lang: n.Lang, OnBehalf: n.OnBehalf, Statements: n.Statements,
		Addresses: len(pasted.Kept), References: len(n.References),
	}
	if err := opening.Allowed(); err != nil {
		return takedown.Receipt{}, err
	}
	if err := Reachable(n.Contact); err != nil {
		return takedown.Receipt{}, err
	}
	if n.Capacity != takedown.NoCapacity && !n.Capacity.Known() {
		n.Capacity = takedown.CapacityUnsaid
	}
	phrase, err := secret.ParsePhrase(n.Phrase.Reveal())
	if err != nil {
		return takedown.Receipt{}, fmt.Errorf("read the drawn phrase: %w", err)
	}
	lock, _, err := o.Keys.HashPhrase(ctx, phrase) // before the transaction: it costs 50 ms
	if err != nil {
		return takedown.Receipt{}, busy(err)
	}
	var receipt takedown.Receipt
	err = o.Change(ctx, actor, takedown.MayOpenCase, func(c *Change) (err error) {
		receipt, err = o.openCase(c, n, pasted, lock)
		return err
	})
	return receipt, err
}

// Reachable tells whether a mail could be sent as the contact says: to no address,
// or to one plain one, and as often as there is a word for.
func Reachable(c takedown.Contact) error {
	if c.Email.Empty() {
		return nil
	}
	if _, err := mail.Address(c.Email.Reveal()); err != nil || !slices.Contains(takedown.Frequencies(), c.Frequency) {
		return takedown.Refuse(takedown.Invalid, "error.email")
	}
	return nil
}

func (o *Office) openCase(c *Change, n takedown.NewCase, p takedown.Pasted, lock secret.PhraseLock) (takedown.Receipt, error) {
	already, err := c.CaseByOpeningKey(n.Key)
	if err == nil {
		return receiptOf(c, already)
	}
	if takedown.KindOf(err) != takedown.NotFound {
		return takedown.Receipt{}, err
	}
	file := takedown.Case{
		ID: secret.NewID(), Number: takedown.NewPrivate(secret.NewCaseNumber()), State: takedown.CaseOpen,
		Harm: n.Harm, Lang: n.Lang, OnBehalf: n.OnBehalf, Capacity: n.Capacity, Statements: n.Statements, Contact: n.Contact, CreatedAt: c.Now,
		MayUsePoints: n.MayUsePoints,
	}
	if err := c.AddCase(file, n.Key, lock); err != nil {
		return takedown.Receipt{}, err
	}
	c.Actor = takedown.Actor{Role: takedown.RoleReporter, ID: file.ID}
	if err := c.Event("case.open", file.ID, "", ""); err != nil {
		return takedown.Receipt{}, err
	}
	if _, err := o.addItems(c, file.ID, p.Kept, takedown.FromReporter); err != nil {
		return takedown.Receipt{}, err
	}
	if _, err := addReferences(c, file, n.References); err != nil {
		return takedown.Receipt{}, err
	}
	return receiptOf(c, file)
}

func receiptOf(c *Change, file takedown.Case) (takedown.Receipt, error) {
	items, err := c.CountItems(file.ID)
	if err != nil {
		return takedown.Receipt{}, err
	}
	images, err := c.ReferencesOfCase(file.ID)
	return takedown.Receipt{CaseID: file.ID, Number: file.Number, Items: items, Images: len(images)}, err
}

// addItems keeps addresses as items. Those whose host is in the directory are due
// for a first look at once. The others wait for a person: an address can be a
// trap that tells its planter that it was opened.
func (o *Office) addItems(c *Change, caseID string, given []takedown.Given, from takedown.Origin) (int, error) {
	directory, err := directoryOf(c.Tx)
	if err != nil {
		return 0, err
	}
	count, err := c.CountItems(caseID)
	if err != nil {
		return 0, err
	}
	if count+len(given) > takedown.MaxItems {
		return 0, takedown.Refuse(takedown.TooMany, "error.too_many_addresses")
	}
	added := 0
	for _, g := range given {
		item := newItem(c, caseID, g, from)
		item.Position = count + added + 1
		host, err := directory.ForHost(g.Host)
		known := err == nil
		if known {
			item.RecipientID = host.ID
		}
		if known && !fetch.LooksPersonal(g.Canonical) {
			if err := item.Clear(c.Now); err != nil {
				return added, err
			}
		}
		isNew, err := c.AddItem(item, g.Canonical)
		if err != nil {
			return added, err
		}
		if !isNew {
			continue
		}
		added++
	}
	if added == 0 {
		return 0, nil
	}
	return added, c.Event("item.add", caseID, "", fmt.Sprintf("%d", added))
}

func newItem(c *Change, caseID string, g takedown.Given, from takedown.Origin) takedown.Item {
	return takedown.Item{
		ID: secret.NewID(), CaseID: caseID, Address: takedown.NewPrivate(g.Raw), Host: takedown.NewPrivate(g.Host),
		Origin: from, Triage: takedown.TriageWaiting, Standing: takedown.Standing{Presence: takedown.Unseen}, CreatedAt: c.Now,
	}
}

// addReferences keeps hashes of images and clips. Local features are kept only
// where the person said that they may be; for an image that the case has already
// without them, they are added to it.
func addReferences(c *Change, file takedown.Case, given []takedown.GivenReference) (int, error) {
	have, err := c.ReferencesOfCase(file.ID)
	if err != nil {
		return 0, err
	}
	if len(have)+len(given) > takedown.MaxReferences {
		return 0, takedown.Refuse(takedown.TooMany, "error.too_many_images")
	}
	added := 0
	for _, g := range given {
		r, err := newReference(c, file, g)
		if err != nil {
			return added, err
		}
		isNew, err := c.AddReference(r)
		if err == nil && !isNew && r.Points != nil {
			isNew, err = c.AddPoints(file.ID, r.Signature, r.Points)
		}
		if err != nil {
			return added, err
		}
		if isNew {
			added++
		}
	}
	if added == 0 {
		return 0, nil
	}
	return added, c.Event("reference.add", file.ID, "", fmt.Sprintf("%d", added))
}

func newReference(c *Change, file takedown.Case, g takedown.GivenReference) (takedown.Reference, error) {
	r := takedown.Reference{
		ID: secret.NewID(), CaseID: file.ID, Kind: g.Kind, Label: takedown.NewPrivate(g.Label),
		Signature: g.Signature, Quality: g.Quality, CreatedAt: c.Now,
	}
	if r.Kind == "" {
		r.Kind = takedown.ReferenceImage
	}
	if file.MayUsePoints {
		r.Points = g.Points
	}
	switch r.Kind {
	case takedown.ReferenceClip:
		if _, err := likeness.ClipOf(r); err != nil {
			return r, takedown.Refuse(takedown.Invalid, "error.image.signature")
		}
		return r, nil
	case takedown.ReferenceImage:
		h, err := likeness.ImageOf(r) // as a look will read it: a browser may have sent anything
		if err != nil {
			return r, takedown.Refuse(takedown.Invalid, "error.image.signature")
		}
		r.Exchange, r.Quality = h.PDQ()
		return r, nil
	}
	return r, takedown.Refuse(takedown.Invalid, "error.image.signature")
}

// AddAddresses keeps further addresses in the person's own case. Those the case
// has already are counted, those that cannot be kept come back with the reason.
func (o *Office) AddAddresses(ctx context.Context, actor takedown.Actor, text string) (takedown.Added, error) {
	pasted, err := o.ReadAddresses(text)
	if err != nil {
		return takedown.Added{}, err
	}
	out := takedown.Added{Refused: pasted.Refused}
	err = o.OwnChange(ctx, actor, takedown.MayAddToOwnCase, func(c *Change, file takedown.Case) error {
		out.New, err = o.addItems(c, file.ID, pasted.Kept, takedown.FromReporter)
		if err != nil {
			return err
		}
		out.Known = len(pasted.Kept) - out.New + pasted.Duplicates
		return c.settleCase(file.ID)
	})
	return out, err
}

// AddReferences keeps further images' hashes in the person's own case and looks
// again at the items that were looked at without them.
func (o *Office) AddReferences(ctx context.Context, actor takedown.Actor, given []takedown.GivenReference) (int, error) {
	added := 0
	err := o.OwnChange(ctx, actor, takedown.MayAddToOwnCase, func(c *Change, file takedown.Case) (err error) {
		if added, err = addReferences(c, file, given); err != nil || added == 0 {
			return err
		}
		return lookAgain(c, file.ID)
	})
	return added, err
}

func lookAgain(c *Change, caseID string) error {
	items, err := c.ItemsOfCase(caseID)
	if err != nil {
		return err
	}
	for _, i := range items {
		if !i.Open() || !i.Watched() {
			continue
		}
		if err := c.Enqueue(JobLook, i.ID); err != nil {
			return err
		}
	}
	return nil
}

// OwnChange is change for a person in her own case. A withdrawn case takes
// nothing more.
func (o *Office) OwnChange(ctx context.Context, actor takedown.Actor, p takedown.Permission, do func(*Change, takedown.Case) error) error {
	return o.Change(ctx, actor, p, func(c *Change) error {
		file, err := c.CaseByID(actor.ID)
		if err != nil {
			return err
		}
		if err := file.Takes(); err != nil {
			return err
		}
		return do(c, file)
	})
}

// busy turns a full queue of key derivations into a refusal that says to wait.
func busy(err error) error {
	if errors.Is(err, secret.ErrBusy) {
		return takedown.Refuse(takedown.TooMany, "error.busy")
	}
	return err
}

func directoryOf(tx *store.Tx) (takedown.Directory, error) {
	all, err := tx.Recipients()
	return takedown.NewDirectory(all), err
}
