package takedown

import (
	"testing"
	"time"
)

func TestCodeHasFiveTriesAndHalfAnHour(t *testing.T) {
	fresh := Code{Purpose: CodeConfirms, Digits: NewPrivate("123456"), MadeAt: noon}
	for name, c := range map[string]struct {
		tries int
		at    time.Duration
		typed string
		ended bool
		want  bool
	}{
		"right":                       {0, 0, "123456", false, true},
		"right at the last try":       {4, 29 * time.Minute, "123456", false, true},
		"right after five wrong ones": {5, 0, "123456", false, false},
		"right after half an hour":    {0, 30 * time.Minute, "123456", false, false},
		"right but used":              {0, 0, "123456", true, false},
		"wrong":                       {0, 0, "123457", false, false},
		"nothing":                     {0, 0, "", false, false},
	} {
		code := fresh
		code.Tries, code.Ended = c.tries, c.ended
		if got := code.Try(NewPrivate(c.typed), noon.Add(c.at)); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestNoMoreThanThreeCodesADay(t *testing.T) {
	made := []Code{{MadeAt: noon}, {MadeAt: noon.Add(time.Hour)}}
	if err := NewCodeAllowed(made, noon.Add(2*time.Hour)); err != nil {
		t.Error("the third code:", err)
	}
	made = append(made, Code{MadeAt: noon.Add(2 * time.Hour)})
	if err := NewCodeAllowed(made, noon.Add(3*time.Hour)); KindOf(err) != TooMany {
		t.Error("the fourth code:", err)
	}
	if err := NewCodeAllowed(made, noon.Add(day)); err != nil {
		t.Error("the fourth code, a day after the first:", err)
	}
}
