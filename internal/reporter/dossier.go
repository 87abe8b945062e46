package reporter

import (
	"context"
	"encoding/hex"

	"reprise/internal/proof"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// Dossier gives the person everything that is kept of her case.
func (s Space) Dossier(ctx context.Context, actor takedown.Actor) (takedown.Dossier, error) {
	f := filing{d: takedown.Dossier{Format: takedown.DossierFormat, MadeAt: takedown.Moment(s.Now())}}
	err := s.Read(ctx, actor, takedown.MayFollowOwnCase, func(tx *store.Tx) error {
		f.tx, f.caseID = tx, actor.ID
		for _, part := range []func() error{f.readCase, f.readNames, f.readImages, f.readNotices, f.readAddresses, f.readTalk, f.readAudit} {
			if err := part(); err != nil {
				return err
			}
		}
		return nil
	})
	return f.d, err
}

// Proof gives the person the proof document of her case, in French or English.
func (s Space) Proof(ctx context.Context, actor takedown.Actor, lang takedown.Lang) ([]byte, error) {
	d, err := s.Dossier(ctx, actor)
	if err != nil {
		return nil, err
	}
	return proof.Document(d, s.Organisation.Name, lang)
}

// filing is a dossier in the making.
type filing struct {
	tx      *store.Tx
	caseID  string
	d       takedown.Dossier
	names   map[string]string // of recipients
	grounds map[string]string // their citations
	images  map[string]int    // numbers by id, as the next
	notices map[string]int
}

func (f *filing) readCase() error {
	file, err := f.tx.CaseByID(f.caseID)
	if err != nil {
		return err
	}
	f.d.Case = takedown.DossierCase{
		Number: file.Number.Reveal(), State: file.State, Harm: file.Harm, Language: file.Lang, OnBehalf: file.OnBehalf, Capacity: file.Capacity,
		NotConsented: file.Statements.NotConsented, GoodFaith: file.Statements.GoodFaith, Mandate: file.Statements.Mandate,
		MayUsePoints: file.MayUsePoints, OpenedAt: file.CreatedAt, ClosedAt: file.ClosedAt, WatchUntil: file.WatchUntil,
		PausedAt: file.PausedAt, LeavingAt: file.LeavingAt, AnswersAt: file.AnswersAt, PhraseNewAt: file.PhraseNewAt,
	}
	f.d.Contact = takedown.DossierContact{
		Email: file.Contact.Email.Reveal(), Confirmed: file.Contact.Confirmed, Wishes: file.Contact.Wishes, Frequency: file.Contact.Frequency, News: file.Contact.News, MailedAt: file.Contact.MailedAt, StoppedAt: file.Contact.StoppedAt, Key: file.Contact.Key.Reveal(),
	}
	return nil
}

// everyVisit is more days than a case lives.
const everyVisit = 10_000

func (f *filing) readTalk() error {
	messages, err := f.tx.MessagesOfCase(f.caseID)
	if err != nil {
		return err
	}
	questions, err := f.tx.QuestionsOfCase(f.caseID)
	if err != nil {
		return err
	}
	visits, err := f.tx.VisitsOfCase(f.caseID, everyVisit)
	if err != nil {
		return err
	}
	renewals, err := f.tx.RecoveriesOfCase(f.caseID)
	if err != nil {
		return err
	}
	items, err := f.tx.ItemsOfCase(f.caseID)
	if err != nil {
		return err
	}
	numbers := map[string]int{}
	for _, i := range items {
		numbers[i.ID] = i.Position
	}
	t := takedown.DossierTalk{Messages: []takedown.DossierMessage{}, Questions: []takedown.DossierQuestion{}, Visits: []takedown.DossierVisit{}, Renewals: []takedown.DossierRenewal{}}
	for _, m := range messages {
		t.Messages = append(t.Messages, takedown.DossierMessage{FromTeam: m.FromTeam, Text: m.Text.Reveal(), SentAt: m.SentAt, ReadAt: m.ReadAt})
	}
	for _, q := range questions {
		t.Questions = append(t.Questions, takedown.DossierQuestion{
			Kind: q.Kind, Words: q.Words.Reveal(), Address: numbers[q.ItemID], AskedAt: q.AskedAt, Answer: q.Answer, Image: f.images[q.ReferenceID], AnsweredAt: q.AnsweredAt, SeenAt: q.SeenAt,
		})
	}
	for _, v := range visits {
		t.Visits = append(t.Visits, takedown.DossierVisit(v))
	}
	for _, r := range renewals {
		t.Renewals = append(t.Renewals, takedown.DossierRenewal{State: r.State, AskedAt: r.AskedAt, CodeAt: r.CodeAt, EndedAt: r.EndedAt})
	}
	f.d.Talk = t
	return nil
}

func (f *filing) readNames() error {
	all, err := f.tx.Recipients()
	f.names, f.grounds = map[string]string{}, map[string]string{}
	for _, r := range all {
		f.names[r.ID] = r.Name
	}
	return err
}

func (f *filing) citation(groundID string) (string, error) {
	if c, known := f.grounds[groundID]; known {
		return c, nil
	}
	g, err := f.tx.GroundByID(groundID)
	f.grounds[groundID] = g.Citation
	return g.Citation, err
}

func (f *filing) readImages() error {
	refs, err := f.tx.ReferencesOfCase(f.caseID)
	f.images = map[string]int{}
	f.d.Images = []takedown.DossierImage{}
	for n, r := range refs {
		f.images[r.ID] = n + 1
		f.d.Images = append(f.d.Images, takedown.DossierImage{
			Number: n + 1, Kind: r.Kind, Label: r.Label.Reveal(), PDQ: hex.EncodeToString(r.Exchange), Quality: r.Quality,
			SignatureBytes: len(r.Signature), PointsBytes: len(r.Points), AddedAt: r.CreatedAt,
		})
	}
	return err
}

func (f *filing) readNotices() error {
	notices, err := f.tx.NoticesOfCase(f.caseID)
	if err != nil {
		return err
	}
	replies, err := f.tx.RepliesOfCase(f.caseID)
	if err != nil {
		return err
	}
	answers := map[string][]takedown.DossierAnswer{}
	for _, r := range replies {
		answers[r.NoticeID] = append(answers[r.NoticeID], takedown.DossierAnswer{
			At: r.ReceivedAt, Says: r.Suggestion, Reference: r.Reference, State: r.State,
		})
	}
	f.notices = map[string]int{}
	f.d.Notices = []takedown.DossierNotice{}
	for n, one := range notices {
		f.notices[one.ID] = n + 1
		ground, err := f.citation(one.GroundID)
		if err != nil {
			return err
		}
		f.d.Notices = append(f.d.Notices, takedown.DossierNotice{
			Number: n + 1, Kind: one.Kind, Follows: f.notices[one.ParentID], Recipient: f.names[one.RecipientID], Ground: ground,
			Language: one.Lang, Channel: one.Channel, State: one.State, Subject: one.Subject.Reveal(), Text: one.Body.Reveal(),
			Reference: one.Reference, DraftedAt: one.CreatedAt, ApprovedAt: one.ApprovedAt, SentAt: one.SentAt, Answers: answers[one.ID],
		})
	}
	return nil
}

// readAddresses leaves out what we found ourselves and nobody has confirmed: it
// may be an address of another person's case.
func (f *filing) readAddresses() error {
	items, err := f.tx.ItemsOfCase(f.caseID)
	if err != nil {
		return err
	}
	looks, err := f.looks()
	if err != nil {
		return err
	}
	matches, err := f.matches()
	if err != nil {
		return err
	}
	requests, err := f.tx.RequestsOfCase(f.caseID)
	if err != nil {
		return err
	}
	asked, err := f.asked(requests)
	if err != nil {
		return err
	}
	byItem := map[string][]takedown.Request{}
	for _, r := range requests {
		byItem[r.ItemID] = append(byItem[r.ItemID], r)
	}
	f.d.Addresses = []takedown.DossierAddress{}
	for _, i := range items {
		if !i.Told() {
			continue
		}
		f.d.Addresses = append(f.d.Addresses, takedown.DossierAddress{
			Number: i.Position, Address: i.Address.Reveal(), Label: i.Label.Reveal(), Host: i.Host.Reveal(), Masked: takedown.Mask(i.Host.Reveal(), i.Address.Reveal()),
			Site: f.names[i.RecipientID], FoundBy: i.Origin, Triage: i.Triage, Presence: i.Presence, Step: takedown.StepOf(i, byItem[i.ID]),
			GoneSince: i.GoneSince, Closed: i.Closed, ClosedAt: i.ClosedAt, LookedAt: i.LookedAt, SeenAt: i.SeenAt, NextLook: i.NextLook,
			AddedAt: i.CreatedAt, Looks: looks[i.ID], Matches: matches[i.ID], Requests: asked[i.ID],
		})
	}
	return nil
}

func (f *filing) looks() (map[string][]takedown.DossierLook, error) {
	all, err := f.tx.ObservationsOfCase(f.caseID)
	out := map[string][]takedown.DossierLook{}
	for _, o := range all {
		out[o.ItemID] = append(out[o.ItemID], takedown.DossierLook{
			At: o.At, Saw: o.Saw, Status: o.Status, Failure: o.Failure, Says: o.Says, MediaFound: o.MediaFound, MediaRead: o.MediaRead,
			VideosFound: o.VideosFound, VideosRead: o.VideosRead, VideoTrouble: o.VideoTrouble, Distance: o.Distance,
		})
	}
	return out, err
}

func (f *filing) matches() (map[string][]takedown.DossierMatch, error) {
	all, err := f.tx.MatchesOfCase(f.caseID)
	out := map[string][]takedown.DossierMatch{}
	for _, m := range all {
		out[m.ItemID] = append(out[m.ItemID], takedown.DossierMatch{
			At: m.SeenAt, Image: f.images[m.ReferenceID], Media: m.Media.Reveal(), PDQ: hex.EncodeToString([]byte(m.Found.Reveal())),
			Kind: m.Kind, Distance: m.Distance, Variant: m.Variant, Inverted: m.Inverted, Points: m.Points, Angle: m.Angle, Share: m.Share,
			ReferenceBox: m.ReferenceBox.String(), FoundBox: m.FoundBox.String(), SpanFrom: m.Span.From, SpanTo: m.Span.To,
			Verdict: m.Verdict, State: m.State, DecidedAt: m.DecidedAt,
		})
	}
	return out, err
}

func (f *filing) asked(requests []takedown.Request) (map[string][]takedown.DossierRequest, error) {
	who := map[string]string{}
	for _, r := range requests {
		who[r.ID] = f.names[r.RecipientID]
	}
	out := map[string][]takedown.DossierRequest{}
	for _, r := range requests {
		ground, err := f.citation(r.GroundID)
		if err != nil {
			return nil, err
		}
		out[r.ItemID] = append(out[r.ItemID], takedown.DossierRequest{
			Notice: f.notices[r.NoticeID], Recipient: who[r.ID], Ground: ground, Follows: who[r.ParentID],
			State: r.State, DraftedAt: r.CreatedAt, SentAt: r.SentAt, DueAt: r.DueAt,
		})
	}
	return out, nil
}

func (f *filing) readAudit() error {
	events, err := f.tx.EventsOfCase(f.caseID)
	if err != nil {
		return err
	}
	f.d.Events = []takedown.DossierEvent{}
	for _, e := range events {
		f.d.Events = append(f.d.Events, takedown.DossierEvent{Seq: e.Seq, At: e.At, Role: e.Role, Verb: e.Verb})
	}
	seq, hash, err := f.tx.LastEvent()
	f.d.Audit = takedown.DossierAudit{Seq: seq, Hash: hex.EncodeToString(hash)}
	return err
}
