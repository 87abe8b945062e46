package casework

import (
	"context"
	"slices"
	"time"

	"reprise/internal/store"
	"reprise/internal/takedown"
)

// QueueRow is one line of the queue: what one case needs of a person now.
type QueueRow struct {
	Task   takedown.Task
	CaseID string // "" for an answer that belongs to no case
	Number takedown.Private
	Count  int // items, notices or answers of the task
	Since  time.Time
}

// Queue lists what needs a person now, the most harm and the shortest clock
// first, one line per case and task.
func (o *Office) Queue(ctx context.Context, actor takedown.Actor) ([]QueueRow, error) {
	var rows []QueueRow
	err := o.Read(ctx, actor, takedown.MayReadCases, func(tx *store.Tx) error {
		q := &queue{tx: tx, now: o.now(), at: map[queueKey]*QueueRow{}, resting: map[string]bool{}}
		for _, gather := range []func() error{
			q.items, q.floods, q.protected, q.notices, q.replies, q.said, q.denied, q.leaving, q.recoveries,
		} {
			if err := gather(); err != nil {
				return err
			}
		}
		var err error
		rows, err = q.rows()
		return err
	})
	return rows, err
}

type queueKey struct {
	task   takedown.Task
	caseID string
}

type queue struct {
	tx  *store.Tx
	now time.Time
	at  map[queueKey]*QueueRow

	resting map[string]bool // cases, as far as they were asked for
}

func (q *queue) add(t takedown.Task, caseID string, since time.Time) {
	if t == "" {
		return
	}
	k := queueKey{t, caseID}
	row := q.at[k]
	if row == nil {
		row = &QueueRow{Task: t, CaseID: caseID, Since: since}
		q.at[k] = row
	}
	row.Count++
	if since.Before(row.Since) {
		row.Since = since
	}
}

func (q *queue) items() error {
	items, err := q.tx.OpenItems()
	if err != nil {
		return err
	}
	matches, err := q.tx.OpenMatches()
	if err != nil {
		return err
	}
	requests, err := q.tx.RequestsOfOpenItems()
	if err != nil {
		return err
	}
	matchesOf := grouped(matches, func(m takedown.Match) string { return m.ItemID })
	requestsOf := grouped(requests, func(r takedown.Request) string { return r.ItemID })
	for _, i := range items {
		q.add(takedown.TaskOf(i, matchesOf[i.ID], requestsOf[i.ID]), i.CaseID, i.CreatedAt)
	}
	return nil
}

func (q *queue) floods() error {
	open, err := q.tx.OpenFloods()
	if err != nil {
		return err
	}
	for _, f := range open {
		held, err := q.tx.MatchesOfFlood(f.ID)
		if err != nil {
			return err
		}
		for _, m := range held {
			if m.Held() {
				q.add(takedown.TaskFlood, held[0].CaseID, f.Since)
			}
		}
	}
	return nil
}

func (q *queue) protected() error {
	items, err := q.tx.ProtectedItems()
	for _, i := range items {
		q.add(takedown.TaskMinor, i.CaseID, i.ClosedAt)
	}
	return err
}

func (q *queue) notices() error {
	for _, state := range []takedown.NoticeState{takedown.NoticeDrafted, takedown.NoticeApproved, takedown.NoticeUnknown} {
		notices, err := q.tx.NoticesIn(state)
		if err != nil {
			return err
		}
		for _, n := range notices {
			rests, err := q.rests(n.CaseID)
			if err != nil {
				return err
			}
			if task := n.Task(q.now); !rests || task != takedown.TaskForm && task != takedown.TaskStuck && task != takedown.TaskApprove {
				q.add(task, n.CaseID, n.CreatedAt)
			}
		}
	}
	return nil
}

// rests tells whether a case rests: nothing of it is to be sent by anybody.
func (q *queue) rests(caseID string) (bool, error) {
	if known, ok := q.resting[caseID]; ok {
		return known, nil
	}
	file, err := q.tx.CaseByID(caseID)
	q.resting[caseID] = file.Rests()
	return file.Rests(), err
}

func (q *queue) replies() error {
	replies, err := q.tx.NewReplies()
	for _, r := range replies {
		q.add(takedown.TaskReply, r.CaseID, r.ReceivedAt)
	}
	return err
}

// said gathers what persons wrote and answered.
func (q *queue) said() error {
	messages, err := q.tx.UnreadByTeam()
	if err != nil {
		return err
	}
	for _, m := range messages {
		q.add(takedown.TaskMessage, m.CaseID, m.SentAt)
	}
	answers, err := q.tx.AnsweredQuestions()
	for _, a := range answers {
		q.add(takedown.TaskMessage, a.CaseID, a.AnsweredAt)
	}
	return err
}

// denied gathers the items of which their persons say that they do not show them.
func (q *queue) denied() error {
	asked, err := q.tx.QuestionsOfOpenItems(takedown.AskIsThisYou)
	for _, a := range takedown.Denied(asked) {
		q.add(takedown.TaskNotPerson, a.CaseID, a.AnsweredAt)
	}
	return err
}

func (q *queue) leaving() error {
	cases, err := q.tx.CasesThatLeave()
	for _, file := range cases {
		q.add(takedown.TaskLeaving, file.ID, file.LeavingAt.Add(-takedown.WithdrawAfter))
	}
	return err
}

// rows gives the lines in order, with the number of each case.
func (q *queue) rows() ([]QueueRow, error) {
	rows := make([]QueueRow, 0, len(q.at))
	for _, r := range q.at {
		if r.CaseID != "" {
			file, err := q.tx.CaseByID(r.CaseID)
			if err != nil {
				return nil, err
			}
			r.Number = file.Number
		}
		rows = append(rows, *r)
	}
	order := takedown.Tasks()
	slices.SortFunc(rows, func(a, b QueueRow) int {
		if d := slices.Index(order, a.Task) - slices.Index(order, b.Task); d != 0 {
			return d
		}
		if d := a.Since.Compare(b.Since); d != 0 {
			return d
		}
		return slices.Compare([]string{a.CaseID}, []string{b.CaseID})
	})
	return rows, nil
}
