package secret

import (
	"errors"
	"strings"
	"testing"
)

func TestPasswordHashesNeverChange(t *testing.T) {
	pw, stored := derived(t, "password ")
	ok, err := knownKeys(t).VerifyPassword(t.Context(), stored, pw)
	if err != nil || !ok {
		t.Errorf("%v, %v", ok, err)
	}
}

func TestPasswordIsKnownAgainAndNoOtherIs(t *testing.T) {
	keys := newTestKeys(t)
	stored, err := keys.HashPassword(t.Context(), "Une fenêtre sur le port")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(stored, "fen") || !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1,pepper=1$") {
		t.Errorf("stored %s", stored)
	}
	for pw, want := range map[string]bool{
		"Une fenêtre sur le port":        true,
		"Une fene\u0302tre sur le port":  true, // the same, typed on another keyboard
		"une fenêtre sur le port":        false,
		"Une fenêtre sur le port ":       false,
		"":                               false,
		"Une fenêtre sur le port\x00abc": false,
	} {
		if got, err := keys.VerifyPassword(t.Context(), stored, pw); err != nil || got != want {
			t.Errorf("%q: %v, %v; want %v", pw, got, err, want)
		}
	}
	if keys.StalePassword(stored) {
		t.Error("a new password is stale")
	}
	if _, err := keys.VerifyPassword(t.Context(), stored, strings.Repeat("a", 100_000)); !errors.Is(err, ErrPasswordLong) {
		t.Errorf("100,000 characters: %v, want ErrPasswordLong", err)
	}
}

func TestSamePasswordTwiceIsStoredDifferently(t *testing.T) {
	keys := newTestKeys(t)
	one, err := keys.HashPassword(t.Context(), "a harbour in the morning")
	if err != nil {
		t.Fatal(err)
	}
	two, err := keys.HashPassword(t.Context(), "a harbour in the morning")
	if err != nil || one == two {
		t.Errorf("same text twice, or %v", err)
	}
}

func TestPasswordAndPhraseHaveUnrelatedPeppers(t *testing.T) {
	sub := newTestKeys(t).state.versions[1]
	if string(sub.passwordPepper) == string(sub.phrasePepper) || string(sub.index) == string(sub.rate) {
		t.Error("two uses share a key")
	}
}

func TestPasswordVerifiesAfterRotationAndIsStale(t *testing.T) {
	path := createTestFile(t)
	stored, err := loadTestKeys(t, path).HashPassword(t.Context(), "a harbour in the morning")
	if err != nil {
		t.Fatal(err)
	}
	if err := Rotate(path); err != nil {
		t.Fatal(err)
	}
	rotated := loadTestKeys(t, path)
	if ok, err := rotated.VerifyPassword(t.Context(), stored, "a harbour in the morning"); err != nil || !ok {
		t.Errorf("%v, %v", ok, err)
	}
	if !rotated.StalePassword(stored) || !rotated.StalePassword("nonsense") {
		t.Error("an old or unreadable hash is not stale")
	}
}

func TestDamagedPasswordHashIsAnErrorAndNotAWrongPassword(t *testing.T) {
	keys := newTestKeys(t)
	good, err := keys.HashPassword(t.Context(), "a harbour in the morning")
	if err != nil {
		t.Fatal(err)
	}
	for stored, want := range map[string]error{
		"":                                       ErrRecipe,
		"plain":                                  ErrRecipe,
		good[1:]:                                 ErrRecipe,
		good[:len(good)-4]:                       ErrRecipe,
		good + "$":                               ErrRecipe,
		good + "A":                               ErrRecipe,
		strings.Replace(good, "v=19", "v=16", 1): ErrRecipe,
		strings.Replace(good, "argon2id", "argon2i", 1):  ErrRecipe,
		strings.Replace(good, "pepper=1", "pepper=3", 1): ErrUnknownKey,
	} {
		if ok, err := keys.VerifyPassword(t.Context(), stored, "a harbour in the morning"); ok || !errors.Is(err, want) {
			t.Errorf("%q: %v, %v; want %v", stored, ok, err, want)
		}
	}
}

// ASVS 6.2, SAFETY row 45: at least 15, at most 128, any characters, no
// composition, common ones and names of the context refused.
func TestASVS_6_2_PasswordRules(t *testing.T) {
	const email = "jeanne.dupont@example.org"
	for _, c := range []struct {
		pw   string
		want error
	}{
		{"le chat dort sur", nil},
		{"aaaaabbbbbcccccz", nil},
		{"ééééééééèèèèèèèàçù", nil},
		{"猫は屋根の上で静かに眠っている", nil},
		{"🦊🐢🦉🐌🦋🐝🐞🦗🐠🐬🐳🦭🦥🦔🐿", nil},
		{"   tab\tand newline\n ", nil},
		{strings.Repeat("correct horse battery ", 5)[:100] + strings.Repeat("z9", 14), nil}, // 128
		{"azertyuiop chats verts", nil},
		{"", ErrPasswordShort},
		{"le chat dort x", ErrPasswordShort},                                     // 14
		{"e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301z", ErrPasswordShort}, // 8 characters in 22 bytes
		{strings.Repeat("correct horse battery ", 5)[:100] + strings.Repeat("z9", 14) + "!", ErrPasswordLong},
		{strings.Repeat("🦊", 129), ErrPasswordLong},
		{strings.Repeat("a", 1<<20), ErrPasswordLong},
		{"broken \xff text here", ErrPasswordText},
		{"aaaaaaaaaaaaaaaaaaaa", ErrPasswordCommon},
		{"abcabcabcabcabcabc", ErrPasswordCommon},
		{"passwordpassword", ErrPasswordCommon},
		{"abc123abc123abc123", ErrPasswordCommon},
		{"PasswordPassword", ErrPasswordCommon},
		{"football1234567890", ErrPasswordCommon},
		{"!!!!!!!!Football!!!!!", ErrPasswordCommon},
		{"123456789012345678", ErrPasswordCommon},
		{"987654321098765", ErrPasswordCommon},
		{"azertyuiopqsdfghjklm", ErrPasswordCommon},
		{"Azerty-Uiop-Qsdf-Ghjk", ErrPasswordCommon},
		{"lkjhgfdsapoiuytrewq", ErrPasswordCommon},
		{"abcdefghijklmnopqrst", ErrPasswordCommon},
		{"1qaz2wsx3edc4rfv", ErrPasswordCommon},
		{"my Re-Prise account 7", ErrPasswordContext},
		{"chez jeanne le matin", ErrPasswordContext},
		{"DUPONT et le bateau", ErrPasswordContext},
		{"jeannedupont et moi", ErrPasswordContext},
		{"les Vôix Libres 1789", ErrPasswordContext},
	} {
		if err := CheckPassword(c.pw, email, "Voix libres"); !errors.Is(err, c.want) {
			t.Errorf("%.40q: %v, want %v", c.pw, err, c.want)
		}
	}
}

func TestShortNamesForbidNothing(t *testing.T) {
	for _, email := range []string{"al@example.org", "@example.org", "", "a.b.c@example.org"} {
		if err := CheckPassword("a palace by the canal", email, "", "ONG"); err != nil {
			t.Errorf("%q: %v", email, err)
		}
	}
}

func FuzzCheckPasswordAcceptsNothingShort(f *testing.F) {
	f.Add("a palace by the canal", "a@b.example")
	f.Fuzz(func(t *testing.T, pw, email string) {
		if err := CheckPassword(pw, email, "assoc"); err == nil && (len(pw) < 15 || len(pw) > 512) {
			t.Errorf("%q accepted", pw)
		}
	})
}
