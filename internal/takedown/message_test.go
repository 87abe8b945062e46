package takedown

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEachQuestionTakesItsOwnAnswersAlone(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	hers := []Reference{{ID: "one"}, {ID: "two"}}
	for _, k := range QuestionKinds() {
		for _, a := range []Answer{AnswerYes, AnswerNo, AnswerUnknown, AnswerImage, AnswerNone, "", "made up"} {
			for _, image := range []string{"", "two", "another's"} {
				q := Question{Kind: k}
				want := slices.Contains(k.Answers(), a) && (image == "two") == (a == AnswerImage) && image != "another's"
				if err := q.Give(AnswerGiven{a, image}, hers, now); (err == nil) != want {
					t.Errorf("%s: %q %q: %v", k, a, image, err)
				} else if q.Open() == want {
					t.Errorf("%s: %q %q: open %v", k, a, image, q.Open())
				}
			}
		}
	}
}

func TestAQuestionIsPutWhereItCanBeAnswered(t *testing.T) {
	for _, c := range []struct {
		q          Question
		references int
		want       string
	}{
		{Question{Kind: AskWhichImage, ItemID: "i"}, 1, ""},
		{Question{Kind: AskWhichImage}, 1, "error.ask_item"},
		{Question{Kind: AskWhichImage, ItemID: "i"}, 0, "error.ask_images"},
		{Question{Kind: AskMore}, 0, ""},
		{Question{Kind: "made up", ItemID: "i"}, 1, "error.ask"},
		{Question{Kind: AskMore, Words: NewPrivate(strings.Repeat("é", MaxAskWords))}, 0, ""},
		{Question{Kind: AskMore, Words: NewPrivate(strings.Repeat("é", MaxAskWords+1))}, 0, "error.ask_long"},
	} {
		got := ""
		if err := c.q.Ask(c.references); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%+v with %d: %q, want %q", c.q, c.references, got, c.want)
		}
	}
}
