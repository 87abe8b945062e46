package takedown

import "time"

// ReplyState is what people did with an answer.
type ReplyState string

// The three states of an answer.
const (
	ReplyNew       ReplyState = "new"
	ReplyApplied   ReplyState = "applied"
	ReplyDismissed ReplyState = "dismissed"
)

// ReplyStates lists every state.
func ReplyStates() []ReplyState { return []ReplyState{ReplyNew, ReplyApplied, ReplyDismissed} }

// Reply is an answer of a recipient. It only suggests a state; a person or an
// observation changes it.
type Reply struct {
	ID         string
	NoticeID   string // "" when it could not be matched
	CaseID     string
	From       Private
	Subject    Private
	Text       Private
	Suggestion RequestMove // "" when nothing is suggested
	Reference  string
	State      ReplyState
	ReceivedAt time.Time
}

// Settle records what a person did with the answer.
func (r *Reply) Settle(to ReplyState) error {
	if r.State != ReplyNew || to == ReplyNew {
		return ErrStep
	}
	r.State = to
	return nil
}

// Applicable lists the moves an answer may suggest and a person apply.
func Applicable() []RequestMove {
	return []RequestMove{MoveAcknowledge, MoveRefuse, MoveAskMore, MoveAnswer, MoveBounce}
}
