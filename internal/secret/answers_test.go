package secret

import (
	"errors"
	"strings"
	"testing"
)

func TestAnswersAreTheSameHoweverTheyAreTyped(t *testing.T) {
	want, err := Answers("Île aux Moines", "Chat 1998", "كلمة سرية")
	if err != nil {
		t.Fatal(err)
	}
	for _, typed := range [][]string{
		{"ile aux moines", "chat1998", "كلمة سرية"}, {" ÎLE-AUX-MOINES.", "CHAT, 1998", "كلمة  سرية "}, {"I\u0302le aux moines", "chat 1998", "كَلِمة سرية"},
	} {
		if got, err := Answers(typed...); err != nil || got.reveal() != want.reveal() {
			t.Errorf("%q: %q, %v", typed, got.reveal(), err)
		}
	}
	for _, other := range [][]string{
		{"ile aux moines", "chat 1999", "كلمة سرية"}, {"chat 1998", "ile aux moines", "كلمة سرية"}, {"ile aux moineschat", "1998", "كلمة سرية"},
	} {
		if got, err := Answers(other...); err != nil || got.reveal() == want.reveal() {
			t.Errorf("%q is taken for the same, or refused: %v", other, err)
		}
	}
}

func TestNoAnswerIsShortLongOrNoText(t *testing.T) {
	for _, bad := range []string{"", "abc", "a-b-c", "....", strings.Repeat("x", 201), "ab\x00cd", "abcd\xff", "Is-Land"} {
		if _, err := Answers("island", bad, "garden"); !errors.Is(err, ErrPhraseInput) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestAnswersOpenTheirOwnLockAloneAndNoPhraseDoes(t *testing.T) {
	k := newTestKeys(t)
	given, err := Answers("island", "garden", "violet")
	if err != nil {
		t.Fatal(err)
	}
	lock, _, err := k.HashPhrase(t.Context(), given)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := Answers("Island", "Garden ", "violet")
	if _, err := k.VerifyPhrase(t.Context(), lock, again); err != nil {
		t.Error(err)
	}
	wrong, _ := Answers("island", "garden", "violets")
	phrase, _ := ParsePhrase("answers:island/garden/violet")
	for _, p := range []Phrase{wrong, phrase} {
		if _, err := k.VerifyPhrase(t.Context(), lock, p); !errors.Is(err, ErrWrongPhrase) {
			t.Errorf("%q opens it: %v", p.reveal(), err)
		}
	}
}
