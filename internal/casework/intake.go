package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"reprise/internal/fetch"
	"reprise/internal/mail"
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
