package reporter

import (
	"context"
	"slices"

	"reprise/internal/casework"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// ItemHistory gives the person what was seen and done about one of her addresses.
// An item that is not hers, or of which she is not told, is not found.
func (s Space) ItemHistory(ctx context.Context, actor takedown.Actor, itemID string) (takedown.ItemHistory, error) {
	progress, err := s.Progress(ctx, actor)
	if err != nil {
		return takedown.ItemHistory{}, err
	}
	at := slices.IndexFunc(progress.Items, func(i takedown.ItemProgress) bool { return i.ID == itemID })
	if at < 0 {
		return takedown.ItemHistory{}, takedown.ErrNotFound
	}
	out := takedown.ItemHistory{Item: progress.Items[at]}
	err = s.Read(ctx, actor, takedown.MayFollowOwnCase, func(tx *store.Tx) error {
		item, err := hersIn(tx, actor, itemID)
		if err != nil {
			return err
		}
		looks, err := tx.ObservationsOfItem(itemID)
		if err != nil {
			return err
		}
		out.Lines = append([]takedown.HistoryLine{{At: item.CreatedAt, What: takedown.WasReceived}}, takedown.SeenBy(looks)...)
		asked, err := askedAbout(tx, item)
		out.Lines = append(out.Lines, asked...)
		if !item.Open() {
			out.Lines = append(out.Lines, takedown.HistoryLine{At: item.ClosedAt, What: takedown.WasClosed, State: string(item.Closed)})
		}
		return err
	})
	out.Lines = takedown.InOrder(out.Lines)
	return out, err
}

func hersIn(tx *store.Tx, actor takedown.Actor, itemID string) (takedown.Item, error) {
	item, err := tx.ItemByID(itemID)
	if err == nil && (item.CaseID != actor.ID || !item.Told()) {
		err = takedown.ErrNotFound
	}
	return item, err
}

// askedAbout tells who was asked and reminded about an item, and what came of it.
func askedAbout(tx *store.Tx, item takedown.Item) ([]takedown.HistoryLine, error) {
	requests, err := tx.RequestsOfItem(item.ID)
	if err != nil {
		return nil, err
	}
	notices, err := tx.NoticesOfCase(item.CaseID)
	if err != nil {
		return nil, err
	}
	replies, err := tx.RepliesOfCase(item.CaseID)
	if err != nil {
		return nil, err
	}
	var out []takedown.HistoryLine
	for _, r := range requests {
		who, err := tx.RecipientByID(r.RecipientID)
		if err != nil {
			return nil, err
		}
		lines, err := thread(tx, r, notices, replies)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			l.Who = who.Name
			out = append(out, l)
		}
	}
	return out, nil
}

// thread tells of one request: its notice, its reminders, the answers to them.
func thread(tx *store.Tx, r takedown.Request, notices []takedown.Notice, replies []takedown.Reply) ([]takedown.HistoryLine, error) {
	var out []takedown.HistoryLine
	for _, n := range notices {
		mine := n.ID == r.NoticeID
		if n.Kind == takedown.Reminder && n.ParentID == r.NoticeID {
			carried, err := tx.RequestsOfNotice(n.ID)
			if err != nil {
				return nil, err
			}
			mine = slices.ContainsFunc(carried, func(c takedown.Request) bool { return c.ID == r.ID })
		}
		if !mine || n.SentAt.IsZero() {
			continue
		}
		what := takedown.WasAsked
		if n.Kind == takedown.Reminder {
			what = takedown.WasReminded
		}
		out = append(out, takedown.HistoryLine{At: n.SentAt, What: what})
		for _, reply := range replies {
			if reply.NoticeID == n.ID && reply.State != takedown.ReplyDismissed {
				out = append(out, takedown.HistoryLine{At: reply.ReceivedAt, What: takedown.WasAnswered, State: meaning(reply, r)})
			}
		}
	}
	if r.State == takedown.RequestLapsed {
		out = append(out, takedown.HistoryLine{At: r.DueAt, What: takedown.WasLate})
	}
	return out, nil
}

// meaning is what came of an answer once somebody has read it: where the request
// stands, never the words of the answer.
func meaning(reply takedown.Reply, r takedown.Request) string {
	if reply.State != takedown.ReplyApplied {
		return ""
	}
	switch r.State {
	case takedown.RequestAcknowledged, takedown.RequestRefused, takedown.RequestMoreInfo:
		return string(r.State)
	}
	return ""
}

// StopItem ends the work on one of the person's addresses as she asks.
func (s Space) StopItem(ctx context.Context, actor takedown.Actor, itemID string) error {
	return s.OwnChange(ctx, actor, takedown.MayWithdraw, func(c *casework.Change, _ takedown.Case) error {
		item, err := hersIn(c.Tx, actor, itemID)
		if err != nil {
			return err
		}
		return c.StopOwnItem(item)
	})
}
