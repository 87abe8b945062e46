package portal

import (
	"context"
	"fmt"

	"reprise/internal/takedown"
)

func (d *desk) Dossier(context.Context, takedown.Actor) (takedown.Dossier, error) {
	if err := d.fails(); err != nil {
		return takedown.Dossier{}, err
	}
	return dossierOf(3), nil
}

func (d *desk) Proof(_ context.Context, _ takedown.Actor, l takedown.Lang) ([]byte, error) {
	return []byte("%PDF " + string(l)), d.fails()
}

func (d *desk) Erase(_ context.Context, _ takedown.Actor, phrase takedown.Private) (takedown.Erasure, error) {
	if err := d.fails(); err != nil {
		return takedown.Erasure{}, err
	}
	if phrase.Reveal() != deskPhrase {
		return takedown.Erasure{}, takedown.Refuse(takedown.Invalid, "error.phrase_wrong")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended = true
	return takedown.Erasure{ID: "receipt-0123456789", At: march(5), Rows: map[string]int{"items": 3, "notices": 1}}, nil
}

// dossierOf is a dossier of n addresses with a row of everything.
func dossierOf(n int) takedown.Dossier {
	d := takedown.Dossier{
		Format: takedown.DossierFormat, MadeAt: march(5),
		Case: takedown.DossierCase{
			Number: deskNumber, State: takedown.CaseOpen, Harm: takedown.HarmPublished, Language: takedown.French,
			NotConsented: true, GoodFaith: true, Mandate: true, OpenedAt: march(1),
		},
		Contact: takedown.DossierContact{Email: "she@example.org", Frequency: takedown.MailDaily},
		Images:  []takedown.DossierImage{{Number: 1, Kind: takedown.ReferenceImage, PDQ: "f00d", Quality: 98, SignatureBytes: 1200, AddedAt: march(1)}},
		Notices: []takedown.DossierNotice{{
			Number: 1, Recipient: "Pics", Ground: "Art. 226-2-1", State: takedown.NoticeSent, Subject: "Subject", Text: "The exact text.", DraftedAt: march(2), SentAt: march(2),
			Answers: []takedown.DossierAnswer{{At: march(3), Says: takedown.MoveAcknowledge, State: takedown.ReplyApplied}},
		}},
		Events: []takedown.DossierEvent{{Seq: 1, At: march(1), Role: takedown.RoleReporter, Verb: "case.open"}, {Seq: 2, At: march(2), Role: takedown.RoleCaseworker, Verb: "notice.approve"}},
		Audit:  takedown.DossierAudit{Seq: 2, Hash: "abcdef"},
	}
	for i := range n {
		d.Addresses = append(d.Addresses, takedown.DossierAddress{
			Number: i + 1, Address: fmt.Sprintf("https://pics.example/canary-%d", i), Host: "pics.example", Masked: fmt.Sprintf("pi•••/•••%04d", i),
			Presence: takedown.Online, Step: takedown.StepAsked, AddedAt: march(1), SeenAt: march(2), LookedAt: march(2),
			Looks:    []takedown.DossierLook{{At: march(2), Saw: takedown.SawContent, Status: 200}},
			Matches:  []takedown.DossierMatch{{At: march(2), Image: 1, Distance: 12}},
			Requests: []takedown.DossierRequest{{Notice: 1, Recipient: "Pics", State: takedown.RequestSent, SentAt: march(2)}},
		})
	}
	return d
}
