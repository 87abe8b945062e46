package takedown

import "time"

// Our own follow-up clocks, used where a ground sets no hours.
const (
	AckWithin      = 24 * time.Hour
	DecideWithin   = 72 * time.Hour
	RemindAfter    = 48 * time.Hour
	EscalateAfter  = 7 * 24 * time.Hour
	WatchFor       = 90 * 24 * time.Hour // how long a closed case stays watched
	lookWhileNew   = 24 * time.Hour      // between looks before anybody is asked
	lookAfterFail  = time.Hour           // after a look that proved nothing
	NoticeRestsFor = 10 * time.Minute    // how long a notice may stay in "sending"
)

const day = 24 * time.Hour

// lookTimes are the ages of a notice at which its items are looked at again.
// After the first week they come weekly: what reappears is not left for a month.
func lookTimes() []time.Duration {
	ages := []time.Duration{time.Hour, 6 * time.Hour}
	for _, days := range []time.Duration{1, 2, 3, 7, 14, 21, 30, 37, 44, 51, 58, 65, 72, 81, 90} {
		ages = append(ages, days*day)
	}
	return ages
}

// Moment cuts a time to what both databases keep: UTC, microseconds.
func Moment(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// NextLook gives when an item of a standing is looked at next, and zero when
// never. A gone look is confirmed a day later; after a notice the looks follow
// lookTimes; before one they come daily. What went late is watched as long from
// then on.
func NextLook(s Standing, sentAt, now time.Time) time.Time {
	if s.Presence == GoneOnce {
		return later(s.GoneSince.Add(GoneSpan), now.Add(lookAfterFail))
	}
	if next := nextAge(sentAt, now); !next.IsZero() {
		return next
	}
	switch {
	case s.Gone():
		return nextAge(s.GoneSince, now)
	case sentAt.IsZero():
		return now.Add(lookWhileNew)
	}
	return now.Add(7 * day)
}

// nextAge gives the first of the lookTimes after since that is still to come,
// and zero when there is none.
func nextAge(since, now time.Time) time.Time {
	if since.IsZero() {
		return time.Time{}
	}
	for _, age := range lookTimes() {
		if next := since.Add(age); next.After(now) {
			return next
		}
	}
	return time.Time{}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
