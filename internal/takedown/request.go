package takedown

import "time"

// RequestState is where one item's request to one recipient stands.
type RequestState string

// The states of a request.
const (
	RequestDrafted      RequestState = "drafted"
	RequestApproved     RequestState = "approved"
	RequestSent         RequestState = "sent"
	RequestAcknowledged RequestState = "acknowledged"
	RequestRemoved      RequestState = "removed"
	RequestRefused      RequestState = "refused"
	RequestLapsed       RequestState = "lapsed"
	RequestBounced      RequestState = "bounced"
	RequestMoreInfo     RequestState = "more_info"
	RequestWithdrawn    RequestState = "withdrawn"
)

// RequestStates lists every state.
func RequestStates() []RequestState {
	return []RequestState{
		RequestDrafted, RequestApproved, RequestSent, RequestAcknowledged, RequestRemoved,
		RequestRefused, RequestLapsed, RequestBounced, RequestMoreInfo, RequestWithdrawn,
	}
}

// RequestMove is something that happens to a request.
type RequestMove string

// The moves of a request. Remind follows a reappearance: the same request, in
// the same thread, never a second fresh notice.
const (
	MoveApprove     RequestMove = "approve"
	MoveSend        RequestMove = "send"
	MoveAcknowledge RequestMove = "acknowledge"
	MoveConfirm     RequestMove = "confirm"
	MoveRefuse      RequestMove = "refuse"
	MoveLapse       RequestMove = "lapse"
	MoveBounce      RequestMove = "bounce"
	MoveAskMore     RequestMove = "ask_more"
	MoveAnswer      RequestMove = "answer"
	MoveWithdraw    RequestMove = "withdraw"
	MoveRemind      RequestMove = "remind"
	MoveRedraft     RequestMove = "redraft" // its notice changed before it left
	MoveTakeUp      RequestMove = "take_up" // its person withdrew, and has taken the case up again
)

// RequestMoves lists every move.
func RequestMoves() []RequestMove {
	return []RequestMove{
		MoveApprove, MoveSend, MoveAcknowledge, MoveConfirm, MoveRefuse, MoveLapse,
		MoveBounce, MoveAskMore, MoveAnswer, MoveWithdraw, MoveRemind, MoveRedraft, MoveTakeUp,
	}
}

// After gives the state a move leads to, and ErrStep when the table has none.
func (s RequestState) After(move RequestMove) (RequestState, error) {
	switch move {
	case MoveApprove:
		return s.from(RequestApproved, RequestDrafted)
	case MoveSend:
		return s.from(RequestSent, RequestApproved)
	case MoveAcknowledge:
		return s.from(RequestAcknowledged, RequestSent, RequestMoreInfo)
	case MoveConfirm:
		return s.from(RequestRemoved, RequestSent, RequestAcknowledged, RequestMoreInfo)
	case MoveRefuse:
		return s.from(RequestRefused, RequestSent, RequestAcknowledged, RequestMoreInfo)
	case MoveLapse:
		return s.from(RequestLapsed, RequestSent, RequestAcknowledged, RequestMoreInfo)
	case MoveBounce:
		return s.from(RequestBounced, RequestApproved, RequestSent)
	case MoveAskMore:
		return s.from(RequestMoreInfo, RequestSent, RequestAcknowledged)
	case MoveAnswer:
		return s.from(RequestSent, RequestMoreInfo)
	case MoveWithdraw:
		return s.from(RequestWithdrawn, RequestDrafted, RequestApproved, RequestSent, RequestAcknowledged, RequestMoreInfo)
	case MoveRemind:
		return s.from(RequestSent, RequestRemoved)
	case MoveRedraft:
		return s.from(RequestDrafted, RequestApproved)
	case MoveTakeUp:
		return s.from(RequestSent, RequestWithdrawn)
	}
	return s, ErrStep
}

func (s RequestState) from(to RequestState, allowed ...RequestState) (RequestState, error) {
	for _, a := range allowed {
		if s == a {
			return to, nil
		}
	}
	return s, ErrStep
}

// Waiting tells whether an answer of the recipient is awaited.
func (s RequestState) Waiting() bool {
	return s == RequestSent || s == RequestAcknowledged || s == RequestMoreInfo
}

// Unsent tells whether nothing has left yet.
func (s RequestState) Unsent() bool { return s == RequestDrafted || s == RequestApproved }

// Failed tells whether the next recipient of the ladder is to be asked.
func (s RequestState) Failed() bool {
	return s == RequestRefused || s == RequestLapsed || s == RequestBounced
}

// Request is one item asked of one recipient.
type Request struct {
	ID          string
	CaseID      string
	ItemID      string
	NoticeID    string
	RecipientID string
	GroundID    string
	ParentID    string // the failed request this one follows, or ""
	State       RequestState
	SentAt      time.Time
	DueAt       time.Time
	CreatedAt   time.Time
}

// Move changes the state along the table. Sending and reminding start the
// clock of the ground.
func (r *Request) Move(move RequestMove, ground Ground, now time.Time) error {
	to, err := r.State.After(move)
	if err != nil {
		return err
	}
	r.State = to
	if move == MoveSend || move == MoveRemind {
		r.SentAt, r.DueAt = now, ground.Due(now)
	}
	return nil
}

// Overdue tells whether the recipient's time is over without an end.
func (r Request) Overdue(now time.Time) bool {
	return r.State.Waiting() && !r.DueAt.IsZero() && !now.Before(r.DueAt)
}

// Carried tells whether its notice still speaks for the request.
func (r Request) Carried() bool { return r.State != RequestWithdrawn }

// PassesOn tells whether others may be asked about an item beside this request.
// One that had led to a removal is reminded first, in its own thread.
func (r Request) PassesOn(i Item) error {
	if r.State == RequestRemoved && i.Presence == Reappeared {
		return Refuse(Conflict, "error.reminder_first")
	}
	return nil
}
