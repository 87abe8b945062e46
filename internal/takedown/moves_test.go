package takedown

import (
	"errors"
	"testing"
	"time"
)

// requestTable is PRODUCT's second axis written out: "-" is a move that the
// state does not have.
const requestTable = `
              approve   send  acknowledge   confirm  refuse   lapse   bounce   ask_more   answer  withdraw   remind  redraft   take_up
drafted       approved  -     -             -        -        -       -        -          -       withdrawn  -       -        -
approved      -         sent  -             -        -        -       bounced  -          -       withdrawn  -       drafted        -
sent          -         -     acknowledged  removed  refused  lapsed  bounced  more_info  -       withdrawn  -       -        -
acknowledged  -         -     -             removed  refused  lapsed  -        more_info  -       withdrawn  -       -        -
removed       -         -     -             -        -        -       -        -          -       -          sent    -        -
refused       -         -     -             -        -        -       -        -          -       -          -       -        -
lapsed        -         -     -             -        -        -       -        -          -       -          -       -        -
bounced       -         -     -             -        -        -       -        -          -       -          -       -        -
more_info     -         -     acknowledged  removed  refused  lapsed  -        -          sent    withdrawn  -       -        -
withdrawn     -         -     -             -        -        -       -        -          -       -          -       -     sent
`

func TestEveryMoveOfARequestLeadsAsWritten(t *testing.T) {
	ground := Ground{DeadlineHours: 48}
	pairs := grid(t, requestTable, func(row, column, want string) {
		r := Request{State: RequestState(row), SentAt: noon.Add(-hour), DueAt: noon.Add(hour)}
		before := r
		err := r.Move(RequestMove(column), ground, noon)
		if want == "-" {
			if !errors.Is(err, ErrStep) || r != before {
				t.Errorf("%s, %s: got %s and %v, want it refused", row, column, r.State, err)
			}
			return
		}
		if err != nil || r.State != RequestState(want) {
			t.Errorf("%s, %s: got %s and %v, want %s", row, column, r.State, err, want)
		}
		starts := column == "send" || column == "remind"
		if starts != r.SentAt.Equal(noon) || starts != r.DueAt.Equal(noon.Add(48*hour)) {
			t.Errorf("%s, %s: sent %v, due %v", row, column, r.SentAt, r.DueAt)
		}
	})
	if want := len(RequestStates()) * len(RequestMoves()); pairs != want {
		t.Errorf("the table has %d pairs, want %d", pairs, want)
	}
	if _, err := RequestSent.After("made_up"); !errors.Is(err, ErrStep) {
		t.Errorf("an unknown move gives %v", err)
	}
}

func TestEveryRequestIsUnsentWaitingFailedOrEnded(t *testing.T) {
	want := map[RequestState]string{
		RequestDrafted: "unsent", RequestApproved: "unsent", RequestSent: "waiting", RequestAcknowledged: "waiting",
		RequestMoreInfo: "waiting", RequestRefused: "failed", RequestLapsed: "failed", RequestBounced: "failed",
		RequestRemoved: "", RequestWithdrawn: "",
	}
	for _, s := range RequestStates() {
		got := ""
		for name, is := range map[string]bool{"unsent": s.Unsent(), "waiting": s.Waiting(), "failed": s.Failed()} {
			if is {
				got += name
			}
		}
		if got != want[s] {
			t.Errorf("%s is %q, want %q", s, got, want[s])
		}
		if carried := (Request{State: s}).Carried(); carried != (s != RequestWithdrawn) {
			t.Errorf("%s is carried: %v", s, carried)
		}
	}
}

func TestARequestIsOverdueFromItsLastMomentWhileAnAnswerIsAwaited(t *testing.T) {
	for _, s := range RequestStates() {
		for offset, over := range map[time.Duration]bool{-time.Microsecond: false, 0: true, hour: true} {
			r := Request{State: s, DueAt: noon}
			if got, want := r.Overdue(noon.Add(offset)), over && s.Waiting(); got != want {
				t.Errorf("%s at %v: overdue %v, want %v", s, offset, got, want)
			}
		}
		if (Request{State: s}).Overdue(noon) {
			t.Errorf("%s without a clock is overdue", s)
		}
	}
}

const noticeTable = `
           approve   begin    retry     arrive  doubt    return   withdraw   redraft
drafted    approved  -        -         -       -        -        withdrawn  -
approved   -         sending  -         sent    -        -        withdrawn  drafted
sending    -         -        approved  sent    unknown  bounced  -          -
sent       -         -        -         -       -        bounced  -          -
unknown    -         -        approved  sent    -        bounced  -          -
bounced    -         -        -         -       -        -        -          -
withdrawn  -         -        -         -       -        -        -          -
`

func TestEveryMoveOfANoticeLeadsAsWritten(t *testing.T) {
	pairs := grid(t, noticeTable, func(row, column, want string) {
		n := Notice{State: NoticeState(row), MessageID: "<1@org.example>"}
		before, err := n, error(nil)
		if column == "approve" {
			err = n.Approve("account-1", nil, noon)
		} else {
			err = n.Move(NoticeMove(column), noon)
		}
		if want == "-" {
			if !errors.Is(err, ErrStep) || n != before {
				t.Errorf("%s, %s: got %s and %v, want it refused", row, column, n.State, err)
			}
			return
		}
		if err != nil || n.State != NoticeState(want) || n.MessageID != before.MessageID {
			t.Errorf("%s, %s: got %s and %v, want %s", row, column, n.State, err, want)
		}
		times := map[string]time.Time{"approve": n.ApprovedAt, "begin": n.BegunAt, "arrive": n.SentAt}
		for move, at := range times {
			if at.IsZero() == (move == column) {
				t.Errorf("%s, %s: the time of %s is %v", row, column, move, at)
			}
		}
	})
	if want := len(NoticeStates()) * len(NoticeMoves()); pairs != want {
		t.Errorf("the table has %d pairs, want %d", pairs, want)
	}
	if _, err := NoticeSending.After("made_up"); !errors.Is(err, ErrStep) {
		t.Errorf("an unknown move gives %v", err)
	}
}

// TestNoNoticeLeavesWithoutAPersonsApproval walks every row of six moves.
func TestNoNoticeLeavesWithoutAPersonsApproval(t *testing.T) {
	moves, rows := NoticeMoves(), 1
	for range 6 {
		rows *= len(moves)
	}
	for row := range rows {
		n, approved := Notice{State: NoticeDrafted}, false
		for k, m := 0, row; k < 6; k, m = k+1, m/len(moves) {
			move := moves[m%len(moves)]
			if n.Move(move, noon) == nil {
				approved = approved && move != NoticeRedraft
			}
			if move == NoticeApprove && n.Approve("account-1", nil, noon) == nil {
				approved = true
			}
			left := n.State == NoticeSending || n.State == NoticeSent || n.State == NoticeUnknown || n.State == NoticeBounced
			if left && (!approved || n.ApprovedBy == "") {
				t.Fatalf("row %d is %s without an approval", row, n.State)
			}
		}
	}
}

func TestApproveNamesThePersonAndWantsEveryElement(t *testing.T) {
	n := Notice{State: NoticeDrafted}
	if err := n.Approve("", nil, noon); !errors.Is(err, ErrForbidden) || n.State != NoticeDrafted {
		t.Errorf("approved by nobody: %v, %s", err, n.State)
	}
	if err := n.Approve("account-1", []Element{NeedsURL}, noon); KindOf(err) != Conflict || n.State != NoticeDrafted {
		t.Errorf("approved without an address: %v, %s", err, n.State)
	}
	if err := n.Move(NoticeApprove, noon); !errors.Is(err, ErrStep) {
		t.Errorf("approved by a move: %v", err)
	}
	if err := n.Approve("account-1", nil, noon); err != nil || n.ApprovedBy != "account-1" || n.ApprovedAt != noon {
		t.Errorf("got %v, %q, %v", err, n.ApprovedBy, n.ApprovedAt)
	}
	if err := n.Move(NoticeRedraft, noon); err != nil || n.ApprovedBy != "" || !n.ApprovedAt.IsZero() {
		t.Errorf("drafted again it keeps its approval: %v, %q", err, n.ApprovedBy)
	}
}

func TestOnlyAnUnknownNoticeLeavesAgain(t *testing.T) {
	for _, s := range NoticeStates() {
		n := Notice{State: s}
		if err := n.Again(noon); (err == nil) != (s == NoticeUnknown) {
			t.Errorf("%s: %v", s, err)
		}
		if got, want := s.Underway(), s == NoticeSending || s == NoticeUnknown; got != want {
			t.Errorf("%s is under way: %v", s, got)
		}
		for _, channel := range Channels() {
			n := Notice{State: s, Channel: channel}
			if err := n.MarkableByHand(); (err == nil) != (channel != ByMail || s == NoticeUnknown) {
				t.Errorf("%s by %s, marked by hand: %v", s, channel, err)
			}
		}
	}
}

func TestADecisionAboutAMatchMayBeChangedWhileItIsAWord(t *testing.T) {
	pairs := grid(t, `
	           suggested  held  confirmed  rejected
	suggested  -          -     confirmed  rejected
	held       -          -     confirmed  rejected
	confirmed  -          -     -          rejected
	rejected   -          -     confirmed  -
	`, func(row, column, want string) {
		m := Match{State: MatchState(row)}
		err := m.Decide(MatchState(column), "account-1", noon)
		if want == "-" {
			if !errors.Is(err, ErrStep) || m != (Match{State: MatchState(row)}) {
				t.Errorf("%s to %s: %v, %+v", row, column, err, m)
			}
			return
		}
		if err != nil || m.State != MatchState(want) || m.DecidedBy != "account-1" || m.DecidedAt != noon {
			t.Errorf("%s to %s: %v, %+v", row, column, err, m)
		}
	})
	if want := len(MatchStates()) * len(MatchStates()); pairs != want {
		t.Errorf("the table has %d pairs, want %d", pairs, want)
	}
}

func TestAnAnswerIsSettledOnce(t *testing.T) {
	grid(t, `
	           new  applied  dismissed
	new        -    applied  dismissed
	applied    -    -        -
	dismissed  -    -        -
	`, func(row, column, want string) {
		r := Reply{State: ReplyState(row)}
		err := r.Settle(ReplyState(column))
		if want == "-" && (!errors.Is(err, ErrStep) || r.State != ReplyState(row)) || want != "-" && (err != nil || r.State != ReplyState(want)) {
			t.Errorf("%s to %s: %v, %s", row, column, err, r.State)
		}
	})
}

func TestWhatAnAnswerSuggestsIsNeverARemoval(t *testing.T) {
	for _, m := range Applicable() {
		for _, s := range RequestStates() {
			if to, err := s.After(m); err == nil && to == RequestRemoved {
				t.Errorf("%s makes %s removed on the recipient's word", m, s)
			}
		}
	}
}
