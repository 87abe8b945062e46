package takedown

import (
	"slices"
	"testing"
	"time"
)

func TestTheTaskOfAnItemIsOfferedOnlyWhenAPersonCanDoIt(t *testing.T) {
	matches := [][]Match{nil, {{State: MatchSuggested}}, {{State: MatchRejected}}, {{State: MatchRejected}, {State: MatchSuggested}}}
	everyItem(func(i Item) {
		if i.Triage == TriageRejected && i.Open() {
			return // rejecting closes the item, and nothing opens it again
		}
		for _, looked := range []time.Time{{}, noon} {
			i.LookedAt = looked
			for _, m := range matches {
				everyRequests(func(requests []Request) { holdTask(t, i, m, requests) })
			}
		}
	})
}

// holdTask holds a task against what must be true of it.
func holdTask(t *testing.T, i Item, matches []Match, requests []Request) {
	t.Helper()
	got := TaskOf(i, matches, requests)
	suggested := slices.ContainsFunc(matches, func(m Match) bool { return m.State == MatchSuggested })
	asked := slices.ContainsFunc(requests, func(r Request) bool { return r.State.Unsent() || r.State.Waiting() })
	why := ""
	switch {
	case got != "" && !slices.Contains(Tasks(), got):
		why = "not a task"
	case got != "" && !i.Open():
		why = "the item is closed"
	case got == "" && i.Open() && i.Triage == TriageWaiting:
		why = "nobody would triage it"
	case got == "" && i.Open() && i.Presence == Reappeared && !asked:
		why = "nobody would hear that it is back"
	case got == "" && i.Open() && i.Triage == TriageConfirmed && !asked && !i.Gone() && i.Presence != GoneOnce:
		why = "nobody is asked, and nobody would hear of it"
	case got == TaskMatch && (!suggested || i.Triage != TriageCleared):
		why = "there is nothing to confirm"
	case got == TaskNext && (asked || i.Triage != TriageConfirmed || i.Gone()):
		why = "somebody is asked, or nobody may be"
	case got == TaskNext && i.Askable() != nil:
		why = "no request may be planned"
	case got == TaskReview && (i.LookedAt.IsZero() || suggested):
		why = "there is nothing to review"
	case got == TaskWall && !i.NeedsPerson():
		why = "there is no wall"
	}
	if why != "" {
		t.Errorf("%s, %s, closed %q, matches %v, %d requests: %q, but %s", i.Triage, i.Presence, i.Closed, matches, len(requests), got, why)
	}
}

func TestTheTasksOfOneItem(t *testing.T) {
	item := func(triage Triage, p Presence) Item {
		return Item{Triage: triage, Standing: Standing{Presence: p}, LookedAt: noon, SeenAt: noon}
	}
	suggested, sent, refused := []Match{{State: MatchSuggested}}, []Request{{State: RequestSent}}, []Request{{State: RequestRefused}}
	for _, c := range []struct {
		name     string
		item     Item
		matches  []Match
		requests []Request
		want     Task
	}{
		{"just given", item(TriageWaiting, Unseen), nil, nil, TaskTriage},
		{"cleared, not looked at", Item{Triage: TriageCleared, Standing: Standing{Presence: Unseen}}, nil, nil, ""},
		{"cleared, a match", item(TriageCleared, Online), suggested, nil, TaskMatch},
		{"cleared, a held match", item(TriageCleared, Online), []Match{{State: MatchRejected}, {State: MatchHeld}}, nil, ""},
		{"cleared, no match", item(TriageCleared, Online), nil, nil, TaskReview},
		{"cleared, behind a login", item(TriageCleared, LoginWall), nil, nil, TaskWall},
		{"cleared, gone once", item(TriageCleared, GoneOnce), nil, nil, ""},
		{"cleared, gone", item(TriageCleared, Removed), nil, nil, ""},
		{"confirmed", item(TriageConfirmed, Online), nil, nil, TaskNext},
		{"confirmed, asked", item(TriageConfirmed, Online), nil, sent, ""},
		{"confirmed, refused", item(TriageConfirmed, Online), nil, refused, TaskNext},
		{"asked, behind a login", item(TriageConfirmed, LoginWall), nil, sent, TaskWall},
		{"asked, blocked by country", item(TriageConfirmed, GeoBlocked), nil, sent, TaskWall},
		{"asked, gone once", item(TriageConfirmed, GoneOnce), nil, sent, ""},
		{"refused, gone once", item(TriageConfirmed, GoneOnce), nil, refused, ""},
		{"gone", item(TriageConfirmed, Removed), nil, refused, ""},
		{"back, reminded", item(TriageConfirmed, Reappeared), nil, sent, ""},
		{"back", item(TriageConfirmed, Reappeared), nil, []Request{{State: RequestRemoved}}, TaskReappeared},
		{"back, cleared only", item(TriageCleared, Reappeared), suggested, nil, TaskReappeared},
	} {
		if got := TaskOf(c.item, c.matches, c.requests); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTheQueueBeginsWithTheMostHarm(t *testing.T) {
	if tasks := Tasks(); tasks[0] != TaskMinor || tasks[1] != TaskLeaving || tasks[2] != TaskRecovery || len(slices.Compact(slices.Sorted(slices.Values(tasks)))) != 17 {
		t.Errorf("the queue is %v", tasks)
	}
}

func TestTheTaskOfANotice(t *testing.T) {
	want := map[NoticeState]Task{NoticeDrafted: TaskApprove, NoticeUnknown: TaskUnknown}
	for _, s := range NoticeStates() {
		for _, channel := range Channels() {
			task := want[s]
			if s == NoticeApproved {
				if task = TaskForm; channel == ByMail {
					task = TaskStuck
				}
			}
			n := Notice{State: s, Channel: channel, ApprovedAt: noon}
			if got := n.Task(noon.Add(time.Hour)); got != task {
				t.Errorf("%s by %s: %q, want %q", s, channel, got, task)
			}
			if task == TaskStuck {
				task = ""
			}
			if got := n.Task(noon.Add(time.Hour - time.Second)); got != task {
				t.Errorf("%s by %s, just approved: %q, want %q", s, channel, got, task)
			}
		}
	}
}
