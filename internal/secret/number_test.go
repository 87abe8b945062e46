package secret

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNewNumbersAreValidAndDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 2_000 {
		n := NewCaseNumber()
		if got, err := ParseNumber(FormatNumber(n)); err != nil || got != n {
			t.Fatalf("number %s reads as %q, %v", n, got, err)
		}
		seen[n] = true
	}
	if len(seen) < 1_998 { // two repeats in 2,000 of 10^8: once in 5,000 runs
		t.Errorf("only %d different numbers of 2000", len(seen))
	}
}

func TestDammKnownAnswer(t *testing.T) {
	if got := dammDigit("572"); got != '4' { // the example of the published algorithm
		t.Errorf("check digit %c, want 4", got)
	}
}

func TestEverySingleErrorAndNeighbourSwapIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`[0-9]{8}`).Draw(t, "digits")
		number := digits + string(dammDigit(digits))
		for i := range number {
			for d := byte('0'); d <= '9'; d++ {
				wrong := number[:i] + string(d) + number[i+1:]
				if _, err := ParseNumber(wrong); d != number[i] && !errors.Is(err, ErrNumberDigit) {
					t.Fatalf("%s for %s: %v", wrong, number, err)
				}
			}
			if i > 0 && number[i] != number[i-1] {
				swapped := number[:i-1] + string(number[i]) + string(number[i-1]) + number[i+1:]
				if _, err := ParseNumber(swapped); !errors.Is(err, ErrNumberDigit) {
					t.Fatalf("%s for %s: %v", swapped, number, err)
				}
			}
		}
	})
}

func TestNumberIsReadHoweverItIsTyped(t *testing.T) {
	number := "12345678" + string(dammDigit("12345678"))
	a, b, c := number[:3], number[3:6], number[6:]
	for _, typed := range []string{
		number, FormatNumber(number), a + "-" + b + "-" + c, a + "." + b + "." + c, " " + a + "\u00a0" + b + "\u202f" + c + "\n",
		a + "–" + b + "—" + c, "\ufeff" + number, strings.Join(strings.Split(number, ""), " "), "１２３４５６７８" + c[2:],
	} {
		if got, err := ParseNumber(typed); err != nil || got != number {
			t.Errorf("%q reads as %q, %v", typed, got, err)
		}
	}
}

func TestWhatIsNoNumberIsRefused(t *testing.T) {
	for _, typed := range []string{
		"", "00000000", "1234567890", "12345678a", "١٢٣٤٥٦٧٨٩", "+12345678", "12/34/5678", "1,234,567,89",
		"12345678\x00", strings.Repeat("1", 4000), strings.Repeat(" ", 4000) + "123456789", "\xff23456789",
	} {
		if got, err := ParseNumber(typed); !errors.Is(err, ErrNumberShape) {
			t.Errorf("%.20q reads as %q, %v; want ErrNumberShape", typed, got, err)
		}
	}
}

func TestFormatGroupsByThree(t *testing.T) {
	if got := FormatNumber("123456789"); got != "123 456 789" {
		t.Errorf("got %q", got)
	}
	if got := FormatNumber("12"); got != "12" {
		t.Errorf("a number of two digits became %q", got)
	}
}
