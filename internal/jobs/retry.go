package jobs

import (
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river/rivertype"
)

const defaultMaxAttempts = 12

// backoff spaces the attempts of a failing job: 1, 5, 15, 60 minutes, 4 hours,
// then 12 hours, each 20 % more or less, so that jobs that failed together do
// not come back together.
type backoff struct{ unit time.Duration }

// NextRetry implements river.ClientRetryPolicy.
func (b backoff) NextRetry(row *rivertype.JobRow) time.Time {
	return time.Now().UTC().Add(b.delay(row.Attempt, rand.Float64()))
}

// delay is the pause after the given failed attempt (1 is the first); chance is
// in [0, 1) and places it between 80 % and 120 %.
func (b backoff) delay(attempt int, chance float64) time.Duration {
	steps := [...]time.Duration{1, 5, 15, 60, 240, 720}
	step := steps[min(max(attempt, 1), len(steps))-1] * b.unit
	return time.Duration(float64(step) * (0.8 + 0.4*chance))
}
