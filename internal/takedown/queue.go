package takedown

import (
	"slices"
	"time"
)

// Task is a kind of work in the queue: what needs a person now.
type Task string

// The tasks, the most harm and the shortest clock first.
const (
	TaskMinor      Task = "minor"      // a minor is suspected: for the lead
	TaskReappeared Task = "reappeared" // a removed item is back
	TaskUnknown    Task = "unknown"    // nobody knows whether a notice left
	TaskApprove    Task = "approve"    // a drafted notice waits for a person
	TaskForm       Task = "form"       // an approved notice is to be put into a web form
	TaskReply      Task = "reply"      // an answer waits to be read
	TaskMessage    Task = "message"    // the person has written, or answered a question
	TaskNotPerson  Task = "not_person" // the person says that an item does not show her
	TaskLeaving    Task = "leaving"    // the person asked to withdraw: was it she?
	TaskRecovery   Task = "recovery"   // the person lost her phrase: two have to agree
	TaskFlood      Task = "flood"      // one image matches unusually often
	TaskMatch      Task = "match"      // a suggested match waits to be confirmed
	TaskTriage     Task = "triage"     // an address waits to be looked at
	TaskReview     Task = "review"     // looked at, nothing near found: a person decides
	TaskWall       Task = "wall"       // a login wall or a country block hides an asked item
	TaskNext       Task = "next"       // confirmed, and nobody is being asked
	TaskStuck      Task = "stuck"      // notices or jobs that wait too long
)

// Tasks lists the tasks in the order of the queue.
func Tasks() []Task {
	return []Task{
		TaskMinor, TaskLeaving, TaskRecovery, TaskReappeared, TaskUnknown, TaskMessage, TaskNotPerson, TaskReply, TaskFlood, TaskMatch,
		TaskApprove, TaskForm,
		TaskWall, TaskNext, TaskReview, TaskTriage, TaskStuck,
	}
}

// Label gives the task in words.
func (t Task) Label() Text {
	switch t {
	case TaskMinor:
		return Text{"Protection d’une personne mineure", "Protection of a minor"}
	case TaskReappeared:
		return Text{"De nouveau en ligne", "Back online"}
	case TaskUnknown:
		return Text{"Envoi incertain", "Unclear whether sent"}
	case TaskApprove:
		return Text{"Notification à valider", "Notice to approve"}
	case TaskForm:
		return Text{"Formulaire à remplir", "Web form to fill in"}
	case TaskMessage:
		return Text{"Message ou réponse de la personne à lire", "Message or answer of the person to read"}
	case TaskNotPerson:
		return Text{"La personne dit que ce n’est pas elle : clore ?", "The person says it is not her: close?"}
	case TaskLeaving:
		return Text{"Demande de retrait du dossier : s’assurer que c’est bien elle", "Asked to withdraw: make sure that it was she"}
	case TaskRecovery:
		return Text{"Phrase perdue : deux personnes doivent être d’accord", "Lost phrase: two people have to agree"}
	case TaskReply:
		return Text{"Réponse à lire", "Answer to read"}
	case TaskFlood:
		return Text{"Une image correspond trop souvent : en regarder une", "One image matches unusually often: look at one"}
	case TaskMatch:
		return Text{"Correspondance à confirmer", "Match to confirm"}
	case TaskTriage:
		return Text{"Adresse à trier", "Address to triage"}
	case TaskReview:
		return Text{"Aucune correspondance : à décider", "No match found: to decide"}
	case TaskWall:
		return Text{"Accès bloqué : à vérifier", "Access blocked: to check"}
	case TaskNext:
		return Text{"Prochaine demande à préparer", "Next request to prepare"}
	case TaskStuck:
		return Text{"En attente depuis trop longtemps", "Waiting too long"}
	}
	return Text{}
}

// TaskOf gives what an item needs of a person now, and "" for nothing.
// matches are those of the item, open is whether any request of it is unsent
// or awaits an answer.
func TaskOf(i Item, matches []Match, requests []Request) Task {
	switch {
	case !i.Open():
		return ""
	case i.Presence == Reappeared && !waiting(requests):
		return TaskReappeared
	case i.NothingThere() && !asked(requests):
		return TaskReview
	case i.Triage == TriageWaiting:
		return TaskTriage
	case i.Triage == TriageCleared:
		return undecided(i, matches)
	case !pending(requests) && !i.Gone() && i.Presence != GoneOnce:
		return TaskNext
	case i.NeedsPerson() && i.Presence != Reappeared:
		return TaskWall
	}
	return ""
}

func undecided(i Item, matches []Match) Task {
	switch {
	case slices.ContainsFunc(matches, Match.Suggested):
		return TaskMatch
	case slices.ContainsFunc(matches, Match.Held): // TaskFlood speaks for all of them
		return ""
	case i.LookedAt.IsZero() || i.Gone() || i.Presence == GoneOnce:
		return ""
	case i.NeedsPerson():
		return TaskWall
	}
	return TaskReview
}

func waiting(requests []Request) bool {
	return slices.ContainsFunc(requests, func(r Request) bool { return r.State.Waiting() })
}

func pending(requests []Request) bool {
	for _, r := range requests {
		if r.State.Unsent() || r.State.Waiting() {
			return true
		}
	}
	return false
}

// stuckAfter is how long an approved mail may wait for the mail server.
const stuckAfter = time.Hour

// Task gives what a notice needs of a person now, and "" for nothing.
func (n Notice) Task(now time.Time) Task {
	switch {
	case n.State == NoticeDrafted:
		return TaskApprove
	case n.State == NoticeUnknown:
		return TaskUnknown
	case n.State == NoticeApproved && n.Channel != ByMail:
		return TaskForm
	case n.State == NoticeApproved && !now.Before(n.ApprovedAt.Add(stuckAfter)):
		return TaskStuck
	}
	return ""
}
