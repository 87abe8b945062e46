package takedown

import (
	"errors"
	"testing"
	"time"
)

func TestACaseOpensForAnAdultWithSomethingToActOn(t *testing.T) {
	whole := Opening{Age: AgeAdult, Harm: HarmPublished, Lang: French, Statements: Statements{true, true, true}, Addresses: 1}
	with := func(change func(*Opening)) Opening {
		o := whole
		change(&o)
		return o
	}
	for _, c := range []struct {
		name string
		o    Opening
		want error
	}{
		{"whole", whole, nil},
		{"images alone", with(func(o *Opening) { o.Addresses, o.References = 0, 1 }), nil},
		{"the most", with(func(o *Opening) { o.Addresses, o.References = 5000, 200 }), nil},
		{"on behalf", with(func(o *Opening) { o.OnBehalf = true }), nil},
		{"a minor", with(func(o *Opening) { o.Age = AgeMinor }), Refuse(Forbidden, "error.minor")},
		{"unsure", with(func(o *Opening) { o.Age = AgeUnsure }), Refuse(Forbidden, "error.minor")},
		{"a minor, and all else is wrong", Opening{Age: AgeMinor}, Refuse(Forbidden, "error.minor")},
		{"no age", with(func(o *Opening) { o.Age = "" }), Refuse(Invalid, "error.age")},
		{"another age", with(func(o *Opening) { o.Age = "Adult" }), Refuse(Invalid, "error.age")},
		{"no harm", with(func(o *Opening) { o.Harm = "" }), Refuse(Invalid, "error.harm")},
		{"another harm", with(func(o *Opening) { o.Harm = "made_up" }), Refuse(Invalid, "error.harm")},
		{"nothing given", with(func(o *Opening) { o.Addresses = 0 }), Refuse(Invalid, "error.nothing_given")},
		{"an address too many", with(func(o *Opening) { o.Addresses = 5001 }), Refuse(TooMany, "error.too_many_addresses")},
		{"an image too many", with(func(o *Opening) { o.References = 201 }), Refuse(TooMany, "error.too_many_images")},
		{"no consent statement", with(func(o *Opening) { o.Statements.NotConsented = false }), Refuse(Invalid, "error.statements")},
		{"no good faith", with(func(o *Opening) { o.Statements.GoodFaith = false }), Refuse(Invalid, "error.statements")},
		{"no mandate", with(func(o *Opening) { o.Statements.Mandate = false }), Refuse(Invalid, "error.statements")},
	} {
		if got := c.o.Allowed(); !errors.Is(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	for _, harm := range Harms() {
		if err := with(func(o *Opening) { o.Harm = harm }).Allowed(); err != nil {
			t.Errorf("%s: %v", harm, err)
		}
	}
	for _, age := range Ages() {
		if err := with(func(o *Opening) { o.Age = age }).Allowed(); (err == nil) != (age == AgeAdult) {
			t.Errorf("%s: %v", age, err)
		}
	}
}

func TestAMailThatSaysNothingLeavesAtMostOnceADay(t *testing.T) {
	never := time.Duration(-1)
	for frequency, least := range map[Frequency]time.Duration{
		MailEach: 24 * hour, MailDaily: 24 * hour, MailWeekly: 7 * 24 * hour, MailNever: never, "": never, "made_up": never,
	} {
		c := Contact{Email: NewPrivate("lea@mail.example"), Frequency: frequency, News: true, Confirmed: true}
		if c.Due(noon) != (least != never) {
			t.Errorf("%q, the first mail: %v", frequency, c.Due(noon))
		}
		for _, since := range []time.Duration{-hour, 0, hour, 24*hour - 1, 24 * hour, 7*24*hour - 1, 7 * 24 * hour, 400 * 24 * hour} {
			c.MailedAt = noon.Add(-since)
			if want := least != never && since >= least; c.Due(noon) != want {
				t.Errorf("%q, %v after the last: %v", frequency, since, !want)
			}
			for _, quiet := range []Contact{
				{Email: c.Email, Frequency: frequency, MailedAt: c.MailedAt},
				{Frequency: frequency, News: true, MailedAt: c.MailedAt},
				{Email: NewPrivate(""), Frequency: frequency, News: true, MailedAt: c.MailedAt},
			} {
				if quiet.Due(noon) {
					t.Errorf("%q: a mail without news, or to nobody, is due", frequency)
				}
			}
		}
	}
	if len(Frequencies()) != 4 {
		t.Errorf("there are %d frequencies, and this test knows four", len(Frequencies()))
	}
}

func TestNobodyIsReachedUnlessTheyAsked(t *testing.T) {
	held := Contact{News: true, Email: NewPrivate("she@example.org"), Confirmed: true, Frequency: MailEach}
	if !held.Due(noon) || !held.Safe() || !held.Hold(noon) || held.Due(noon) || held.Safe() || held.Hold(noon) || (&Contact{}).Hold(noon) {
		t.Error("a mail leaves after a STOP, or a code of a lost phrase may, or a STOP holds twice, or without an address")
	}
	if (Contact{News: true}).Due(noon) {
		t.Error("a person who left no contact is written to")
	}
}
