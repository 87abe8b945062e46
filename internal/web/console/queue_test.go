package console

import (
	"testing"

	"reprise/internal/casework"
	"reprise/internal/takedown"
)

// TestEveryTaskOfThePersonLeadsToWhereItIsDone holds the way from the queue: a filter
// of the addresses would show none for what no address waits for.
func TestEveryTaskOfThePersonLeadsToWhereItIsDone(t *testing.T) {
	for _, task := range []takedown.Task{takedown.TaskRecovery, takedown.TaskMessage, takedown.TaskNotPerson, takedown.TaskLeaving} {
		same(t, string(task), whereTo(casework.QueueRow{Task: task, CaseID: "c"}), "/cases/c/talk")
	}
}
