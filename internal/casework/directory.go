package casework

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"reprise/internal/mail"
	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// LoadData puts the shipped directory and grounds into the store. Entries that
// stand there already are left as people have edited them.
func (o *Office) LoadData(ctx context.Context, data fs.FS) error {
	recipients, err := records(data, "data/recipients.csv")
	if err != nil {
		return err
	}
	grounds, err := records(data, "data/grounds.csv")
	if err != nil {
		return err
	}
	return o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		for _, g := range grounds {
			if err := c.AddGround(groundOf(g)); err != nil {
				return err
			}
		}
		for _, r := range recipients {
			if _, err := c.AddRecipient(recipientOf(r)); err != nil {
				return err
			}
		}
		return nil
	})
}

func groundOf(r map[string]string) takedown.Ground {
	hours, _ := strconv.Atoi(r["deadline_hours"]) // none: the ground sets no hours
	g := takedown.Ground{ID: r["id"], Country: r["country"], Statute: r["statute"], Citation: r["citation"], DeadlineHours: hours}
	for _, e := range list(r["elements"]) {
		g.Elements = append(g.Elements, takedown.Element(e))
	}
	return g
}

func recipientOf(r map[string]string) takedown.Recipient {
	return takedown.Recipient{
		ID: r["id"], Name: r["name"], Kind: takedown.RecipientKind(r["kind"]), Channel: takedown.Channel(r["channel"]),
		Email: r["email"], FormURL: r["form_url"], Domains: list(r["domains"]), Countries: list(r["countries"]),
		Lang: takedown.LangOf(r["lang"]), Behind: list(r["behind"]), Parallel: r["parallel"] == "yes",
		Confidence: r["confidence"], Notes: r["notes"], Source: r["source"],
	}
}

func list(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == ' ' || r == ',' || r == '\n' || r == '\r' })
}

// records reads a CSV file with a head line into one map a line.
func records(files fs.FS, name string) ([]map[string]string, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read the shipped data: %w", err)
	}
	defer f.Close()
	in := csv.NewReader(f)
	head, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	var out []map[string]string
	for {
		line, err := in.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		r := map[string]string{}
		for i, h := range head {
			r[h] = line[i]
		}
		out = append(out, r)
	}
}

// said reads what a line says in each language: its columns COLUMN.LANG.
func said(line map[string]string, column string) takedown.Said {
	out := takedown.Said{}
	for head, text := range line {
		if lang, ok := strings.CutPrefix(head, column+"."); ok {
			out[takedown.Lang(lang)] = text
		}
	}
	return out
}

// ProtectionChannels reads the services for minors of all countries from the
// shipped data.
func ProtectionChannels(data fs.FS) ([]takedown.ProtectionChannel, error) {
	lines, err := records(data, "data/channels.csv")
	var out []takedown.ProtectionChannel
	for _, l := range lines {
		out = append(out, takedown.ProtectionChannel{
			Name: l["name"], Country: l["country"], Contact: l["contact"], About: said(l, "about"),
		})
	}
	return out, err
}

// HelpLines reads the numbers to talk to someone of all countries from the
// shipped data.
func HelpLines(data fs.FS) ([]takedown.HelpLine, error) {
	lines, err := records(data, "data/help.csv")
	var out []takedown.HelpLine
	for _, l := range lines {
		out = append(out, takedown.HelpLine{Country: l["country"], Contact: l["contact"], Name: said(l, "name"), About: said(l, "about")})
	}
	return out, err
}

// AccessGrid reads how far everyone can use the portal from the shipped data.
func AccessGrid(data fs.FS) ([]takedown.Criterion, error) {
	lines, err := records(data, "data/rgaa.csv")
	var out []takedown.Criterion
	for _, l := range lines {
		out = append(out, takedown.Criterion{ID: l["criterion"], State: l["state"], By: l["by"], Title: said(l, "title")})
	}
	return out, err
}

// Directory lists whom one may ask, by name.
func (o *Office) Directory(ctx context.Context, actor takedown.Actor) ([]takedown.Recipient, error) {
	var out []takedown.Recipient
	err := o.Read(ctx, actor, takedown.MayReadDirectory, func(tx *store.Tx) (err error) {
		out, err = tx.Recipients()
		return err
	})
	return out, err
}

// Recipient gives one entry of the directory.
func (o *Office) Recipient(ctx context.Context, actor takedown.Actor, id string) (takedown.Recipient, error) {
	var out takedown.Recipient
	err := o.Read(ctx, actor, takedown.MayReadDirectory, func(tx *store.Tx) (err error) {
		out, err = tx.RecipientByID(id)
		return err
	})
	return out, err
}

// SaveRecipient keeps a new entry (no ID) or a changed one. A change of the
// contact takes its verification away. It gives the id.
func (o *Office) SaveRecipient(ctx context.Context, actor takedown.Actor, r takedown.Recipient) (string, error) {
	if r.Email != "" {
		clean, err := mail.Address(r.Email)
		if err != nil {
			return "", takedown.Refuse(takedown.Invalid, "error.email")
		}
		r.Email = clean
	}
	if err := r.Sound(); err != nil {
		return "", err
	}
	err := o.Change(ctx, actor, takedown.MayEditDirectory, func(c *Change) error {
		if r.ID == "" {
			return c.newRecipient(&r)
		}
		was, err := c.RecipientByID(r.ID)
		if err != nil {
			return err
		}
		r.Confidence, r.VerifiedAt, r.VerifiedBy = was.Confidence, time.Time{}, ""
		if r.Email == was.Email && r.FormURL == was.FormURL && r.Channel == was.Channel {
			r.VerifiedAt, r.VerifiedBy = was.VerifiedAt, was.VerifiedBy
		}
		if err := c.Tx.SaveRecipient(r); err != nil {
			return err
		}
		return c.Event("recipient.edit", "", "", r.ID)
	})
	return r.ID, err
}

func (c *Change) newRecipient(r *takedown.Recipient) error {
	r.ID = secret.NewID()
	isNew, err := c.AddRecipient(*r)
	if err != nil {
		return err
	}
	if !isNew {
		return takedown.Refuse(takedown.Conflict, "error.recipient_exists")
	}
	return c.Event("recipient.add", "", "", r.ID)
}

// VerifyRecipient records that a person of the team checked the contact.
func (o *Office) VerifyRecipient(ctx context.Context, actor takedown.Actor, id string) error {
	return o.Change(ctx, actor, takedown.MayVerifyContact, func(c *Change) error {
		r, err := c.RecipientByID(id)
		if err != nil {
			return err
		}
		if err := r.Verify(actor.ID, c.Now); err != nil {
			return err
		}
		if err := c.Tx.SaveRecipient(r); err != nil {
			return err
		}
		return c.Event("recipient.verify", "", "", id)
	})
}

const trialVerifier = "trial"

// AddTrialRecipients puts the made-up hosts of the trial house into the
// directory, verified, since they are our own. The real search engines are not
// asked beside them: nothing of a trial is for anyone outside.
func (o *Office) AddTrialRecipients(ctx context.Context, recipients []takedown.Recipient) error {
	return o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		shipped, err := c.Recipients()
		if err != nil {
			return err
		}
		for _, r := range shipped {
			if r.Parallel && r.VerifiedBy != trialVerifier {
				r.Parallel = false
				if err := c.Tx.SaveRecipient(r); err != nil {
					return err
				}
			}
		}
		for _, r := range recipients {
			r.VerifiedAt, r.VerifiedBy = c.Now, trialVerifier
			if _, err := c.AddRecipient(r); err != nil {
				return err
			}
		}
		return nil
	})
}
