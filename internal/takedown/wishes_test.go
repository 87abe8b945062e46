package takedown

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestMailsLeaveInTheHoursAndOnTheDaysSheChose(t *testing.T) {
	at := func(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 30, 0, 0, time.UTC) } // the 2nd is a Monday, the 7th a Saturday
	for _, c := range []struct {
		w    Wishes
		at   time.Time
		want bool
	}{
		{Wishes{}, at(7, 3), true},
		{Wishes{Hours: HoursMorning}, at(2, 7), false}, {Wishes{Hours: HoursMorning}, at(2, 8), true}, {Wishes{Hours: HoursMorning}, at(2, 12), false},
		{Wishes{Hours: HoursAfternoon}, at(2, 11), false}, {Wishes{Hours: HoursAfternoon}, at(2, 17), true}, {Wishes{Hours: HoursAfternoon}, at(2, 18), false},
		{Wishes{Hours: HoursEvening}, at(2, 18), true}, {Wishes{Hours: HoursEvening}, at(2, 22), false},
		{Wishes{Days: DaysWorking}, at(6, 3), true}, {Wishes{Days: DaysWorking}, at(7, 3), false}, {Wishes{Days: DaysWorking}, at(8, 3), false},
		{Wishes{Days: DaysWorking, Hours: HoursMorning}, at(7, 9), false},
	} {
		contact := Contact{Email: NewPrivate("a@b.org"), Confirmed: true, Frequency: MailEach, News: true, Wishes: c.w}
		if c.w.Allow(c.at) != c.want || contact.Due(c.at) != c.want {
			t.Errorf("%s %s at %s: want %v", c.w.Hours, c.w.Days, c.at, c.want)
		}
	}
}

func TestWishesAreRefusedOverTheirBoundsAndNeverPrinted(t *testing.T) {
	for _, w := range []Wishes{{Hours: "night"}, {Days: "some"}, {Reads: "all"}, {Other: strings.Repeat("é", 201)}, {CodeWord: strings.Repeat("é", 41)}} {
		if KindOf(w.Check()) != Invalid {
			t.Errorf("%d letters are kept", len(w.Other)+len(w.CodeWord))
		}
	}
	whole := Wishes{Hours: HoursEvening, Days: DaysWorking, Reads: ReadersNobody, Other: strings.Repeat("é", 200), CodeWord: strings.Repeat("é", 40), Leave: true}
	if err := whole.Check(); err != nil {
		t.Error(err)
	}
	file := Case{Contact: Contact{Wishes: Wishes{CodeWord: "canary", Other: "canary"}}}
	if text := fmt.Sprintf("%v %+v %#v", file, file, file); strings.Contains(text, "canary") {
		t.Errorf("they are printed: %s", text)
	}
}
