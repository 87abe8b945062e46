package casework

import (
	"fmt"
	"slices"
	"time"

	"reprise/internal/mail"
	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

func (o *Office) newNotice(c *Change, file takedown.Case, r takedown.Recipient, ground string) takedown.Notice {
	id := secret.NewID()
	return takedown.Notice{
		ID: id, CaseID: file.ID, RecipientID: r.ID, GroundID: ground, Kind: takedown.FirstNotice,
		Lang: r.Lang, Channel: r.Channel, State: takedown.NoticeDrafted,
		MessageID: mail.MessageID(id, mail.Domain(o.NoticeFrom)), ReplyToken: mail.NewToken(), CreatedAt: c.Now,
	}
}

// keepNotice writes the text of a new notice and keeps it.
func (o *Office) keepNotice(c *Change, n *takedown.Notice, file takedown.Case, r takedown.Recipient, items []takedown.Item) error {
	facts, err := o.factsOf(c.Tx, *n, file, r, items)
	if err != nil {
		return err
	}
	if err := write(n, facts); err != nil {
		return err
	}
	if err := c.AddNotice(*n); err != nil {
		return err
	}
	return c.Event("notice.draft", n.CaseID, "", n.ID)
}

func write(n *takedown.Notice, facts takedown.NoticeFacts) error {
	subject, body, err := mail.Compose(n.Kind, n.Lang, facts)
	if err != nil {
		return fmt.Errorf("write notice %s: %w", n.ID, err)
	}
	n.Subject, n.Body = takedown.NewPrivate(subject), takedown.NewPrivate(body)
	return nil
}

// rewrite writes the text of a drafted notice anew from the requests it carries.
func (o *Office) rewrite(c *Change, n takedown.Notice) error {
	facts, err := o.facts(c.Tx, n)
	if err != nil {
		return err
	}
	if err := write(&n, facts); err != nil {
		return err
	}
	return c.SaveNoticeText(n)
}

// facts gathers everything a notice may say, from the requests it carries: what
// was withdrawn, or closed before it left, is not spoken of.
func (o *Office) facts(tx *store.Tx, n takedown.Notice) (takedown.NoticeFacts, error) {
	file, err := tx.CaseByID(n.CaseID)
	if err != nil {
		return takedown.NoticeFacts{}, err
	}
	recipient, err := tx.RecipientByID(n.RecipientID)
	if err != nil {
		return takedown.NoticeFacts{}, err
	}
	requests, err := tx.RequestsOfNotice(n.ID)
	if err != nil {
		return takedown.NoticeFacts{}, err
	}
	var items []takedown.Item
	for _, r := range requests {
		item, err := tx.ItemByID(r.ItemID)
		if err != nil {
			return takedown.NoticeFacts{}, err
		}
		if r.Carried() && (item.Open() || n.SentAt.After(time.Time{})) {
			items = append(items, item)
		}
	}
	slices.SortFunc(items, func(a, b takedown.Item) int { return a.Position - b.Position })
	return o.factsOf(tx, n, file, recipient, items)
}

func (o *Office) factsOf(tx *store.Tx, n takedown.Notice, file takedown.Case, r takedown.Recipient, items []takedown.Item) (takedown.NoticeFacts, error) {
	ground, err := tx.GroundByID(n.GroundID)
	if err != nil {
		return takedown.NoticeFacts{}, fmt.Errorf("ground %s: %w", n.GroundID, err)
	}
	reason, err := tx.GroundByID(takedown.ReasonFor(file.Harm))
	if err != nil {
		return takedown.NoticeFacts{}, fmt.Errorf("reason of %s: %w", file.Harm, err)
	}
	facts := takedown.NoticeFacts{
		Notifier: o.Organisation, Recipient: r.Name, Delisting: r.Kind == takedown.KindSearch, ByMail: n.Channel == takedown.ByMail, Reachable: r.ReachableBy(n.Channel), Ground: ground, Reason: reason,
		Deepfake: file.Harm == takedown.HarmDeepfake, Statements: file.Statements, Ref: n.ID[:10], Date: n.CreatedAt,
	}
	for _, i := range items {
		facts.Addresses = append(facts.Addresses, i.Address.Reveal())
	}
	return facts, nil
}
