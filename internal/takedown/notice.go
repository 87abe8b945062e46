package takedown

import (
	"slices"
	"time"
)

// NoticeState is where a notice stands on its way out.
type NoticeState string

// The states of a notice. A notice found in "sending" after a crash is unknown:
// it is resolved by looking for its Message-ID, never sent again blindly.
const (
	NoticeDrafted   NoticeState = "drafted"
	NoticeApproved  NoticeState = "approved"
	NoticeSending   NoticeState = "sending"
	NoticeSent      NoticeState = "sent"
	NoticeUnknown   NoticeState = "unknown"
	NoticeBounced   NoticeState = "bounced"
	NoticeWithdrawn NoticeState = "withdrawn"
)

// NoticeStates lists every state.
func NoticeStates() []NoticeState {
	return []NoticeState{
		NoticeDrafted, NoticeApproved, NoticeSending, NoticeSent,
		NoticeUnknown, NoticeBounced, NoticeWithdrawn,
	}
}

// NoticeMove is something that happens to a notice.
type NoticeMove string

// The moves of a notice.
const (
	NoticeApprove  NoticeMove = "approve"
	NoticeBegin    NoticeMove = "begin"    // the mail server is about to be spoken to
	NoticeRetry    NoticeMove = "retry"    // it was certainly not accepted
	NoticeArrive   NoticeMove = "arrive"   // it was accepted, or marked as sent by a person
	NoticeDoubt    NoticeMove = "doubt"    // nobody knows whether it was accepted
	NoticeReturn   NoticeMove = "return"   // it came back, or was refused for good
	NoticeWithdraw NoticeMove = "withdraw" // nothing more is to leave
	NoticeRedraft  NoticeMove = "redraft"  // an address was taken out: to be approved again
)

// NoticeMoves lists every move.
func NoticeMoves() []NoticeMove {
	return []NoticeMove{
		NoticeApprove, NoticeBegin, NoticeRetry, NoticeArrive, NoticeDoubt, NoticeReturn, NoticeWithdraw, NoticeRedraft,
	}
}

// After gives the state a move leads to, and ErrStep when the table has none.
func (s NoticeState) After(move NoticeMove) (NoticeState, error) {
	switch move {
	case NoticeApprove:
		return s.from(NoticeApproved, NoticeDrafted)
	case NoticeBegin:
		return s.from(NoticeSending, NoticeApproved)
	case NoticeRetry:
		return s.from(NoticeApproved, NoticeSending, NoticeUnknown)
	case NoticeArrive:
		return s.from(NoticeSent, NoticeSending, NoticeUnknown, NoticeApproved)
	case NoticeDoubt:
		return s.from(NoticeUnknown, NoticeSending)
	case NoticeReturn:
		return s.from(NoticeBounced, NoticeSending, NoticeSent, NoticeUnknown)
	case NoticeWithdraw:
		return s.from(NoticeWithdrawn, NoticeDrafted, NoticeApproved)
	case NoticeRedraft:
		return s.from(NoticeDrafted, NoticeApproved)
	}
	return s, ErrStep
}

func (s NoticeState) from(to NoticeState, allowed ...NoticeState) (NoticeState, error) {
	for _, a := range allowed {
		if s == a {
			return to, nil
		}
	}
	return s, ErrStep
}

// NoticeKind tells a first notice from a reminder in its thread.
type NoticeKind string

// The two kinds.
const (
	FirstNotice NoticeKind = "notice"
	Reminder    NoticeKind = "reminder"
)

// Notice is the message that carries one or more requests of one case to one
// recipient on a stated ground.
type Notice struct {
	ID          string
	CaseID      string
	RecipientID string
	GroundID    string
	Kind        NoticeKind
	ParentID    string // the notice a reminder follows, or ""
	Lang        Lang
	Channel     Channel
	State       NoticeState
	Subject     Private
	Body        Private // the exact text, as it will arrive
	MessageID   string  // never changes (RFC 5322 3.6.4)
	ReplyToken  string  // the local part answers come back to
	Reference   string  // what the recipient calls it
	ApprovedBy  string
	ApprovedAt  time.Time
	BegunAt     time.Time
	HandedAt    time.Time // just before the last byte was handed over; zero: it cannot have been accepted
	SentAt      time.Time
	CreatedAt   time.Time
}

// Approve records the person who let it leave. missing is what the gate found.
func (n *Notice) Approve(by string, missing []Element, now time.Time) error {
	if by == "" {
		return ErrForbidden // nothing leaves that no person approved
	}
	if len(missing) > 0 {
		return Refuse(Conflict, "error.notice_incomplete")
	}
	to, err := n.State.After(NoticeApprove)
	if err != nil {
		return err
	}
	n.State, n.ApprovedBy, n.ApprovedAt = to, by, now
	return nil
}

// Move changes the state along the table.
func (n *Notice) Move(move NoticeMove, now time.Time) error {
	if move == NoticeApprove {
		return ErrStep // Approve names the person
	}
	to, err := n.State.After(move)
	if err != nil {
		return err
	}
	n.State = to
	switch move {
	case NoticeBegin:
		n.BegunAt, n.HandedAt = now, time.Time{}
	case NoticeArrive:
		n.SentAt = now
	case NoticeRedraft:
		n.ApprovedBy, n.ApprovedAt = "", time.Time{}
	}
	return nil
}

// Organisation is the association, the only notifier there is.
type Organisation struct {
	Name          string
	Address       string
	Email         string
	Country       string
	FlaggerNumber string // of a trusted flagger (DSA art. 22), or ""
}

// NoticeFacts is everything a notice may say. It has no field for the person:
// her name, address and words cannot go into a notice.
type NoticeFacts struct {
	Notifier   Organisation
	Recipient  string // the name of the recipient
	Delisting  bool   // it is asked to take addresses out of search results
	ByMail     bool   // it goes by mail, and an answer comes back to it
	Reachable  bool   // its contact was verified by a person of the team
	Ground     Ground
	Reason     Ground // the criminal provision cited
	Deepfake   bool
	Statements Statements
	Addresses  []string // the bytes as reported
	Ref        string   // our own reference of the notice, not of the case
	Date       time.Time
}

// Missing names each element the ground asks for that the facts do not have.
func (f NoticeFacts) Missing() []Element {
	var out []Element
	for _, e := range append([]Element{NeedsVerifiedMail, NeedsURL}, f.Ground.Elements...) {
		if !f.has(e) && !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}

func (f NoticeFacts) has(e Element) bool {
	switch e {
	case NeedsReasons:
		return f.Reason.Citation != ""
	case NeedsURL:
		return len(f.Addresses) > 0
	case NeedsName, NeedsSignature:
		return f.Notifier.Name != ""
	case NeedsEmail:
		return f.Notifier.Email != ""
	case NeedsContact:
		return f.Notifier.Email != "" && f.Notifier.Address != ""
	case NeedsGoodFaith:
		return f.Statements.GoodFaith
	case NeedsNonConsent:
		return f.Statements.NotConsented
	case NeedsMandate:
		return f.Statements.Mandate
	case NeedsFlagger:
		return f.Notifier.FlaggerNumber != ""
	case NeedsVerifiedMail:
		return f.Reachable
	}
	return false
}

// MarkableByHand tells whether a person may say that the notice is with its
// recipient: a form or an application is filled in by hand, and of a mail whose
// fate nobody knows a person may have found out.
func (n Notice) MarkableByHand() error {
	if n.Channel == ByMail && n.State != NoticeUnknown {
		return ErrStep
	}
	return nil
}

// Again lets an unknown notice leave once more, on a person's word that it
// never arrived.
func (n *Notice) Again(now time.Time) error {
	if n.State != NoticeUnknown {
		return ErrStep
	}
	return n.Move(NoticeRetry, now)
}

// Unapproved tells whether nobody has let the notice leave yet.
func (s NoticeState) Unapproved() bool { return s == NoticeDrafted }

// Underway tells whether the notice is in the hands of the mail server, or
// nobody knows: it cannot be taken back any more.
func (s NoticeState) Underway() bool { return s == NoticeSending || s == NoticeUnknown }

// Left gives the move of a notice found as being sent by a process that died:
// it goes back to be sent if it cannot have been accepted, else nobody knows.
func (n Notice) Left() NoticeMove {
	if n.HandedAt.IsZero() {
		return NoticeRetry
	}
	return NoticeDoubt
}
