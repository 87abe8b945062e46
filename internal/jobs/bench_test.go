package jobs

import (
	"context"
	"testing"
)

// BenchmarkEnqueue asks for work in one transaction, as a form with many
// addresses does.
func BenchmarkEnqueue(b *testing.B) {
	onBothB(b, func(b *testing.B, q *Queue) {
		enqueue(b, q, "look", ids(b.N)...)
	})
}

// BenchmarkWork does jobs that cost nothing themselves, with 8 workers.
func BenchmarkWork(b *testing.B) {
	onBothB(b, func(b *testing.B, q *Queue) {
		enqueue(b, q, "look", ids(b.N)...)
		b.ResetTimer()
		start(b, q)
		if err := q.Drain(b.Context()); err != nil {
			b.Fatal(err)
		}
	})
}

func onBothB(b *testing.B, run func(b *testing.B, q *Queue)) {
	for _, database := range []string{SQLite, Postgres} {
		b.Run(database, func(b *testing.B) {
			q := open(b, newHouse(b, database).options())
			q.Register("look", KindOptions{Workers: 8}, func(context.Context, Job) error { return nil })
			b.ResetTimer()
			run(b, q)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
		})
	}
}
