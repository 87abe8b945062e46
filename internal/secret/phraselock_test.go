package secret

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"
)

func mustParse(t testing.TB, s string) Phrase {
	t.Helper()
	p, err := ParsePhrase(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPhraseLocksNeverChange(t *testing.T) {
	name, value := derived(t, "phrase ")
	part := strings.Fields(value)
	lock := PhraseLock{Recipe: part[0], Salt: unhex(t, part[1]), Check: unhex(t, part[2])}
	key, err := knownKeys(t).VerifyPhrase(t.Context(), lock, mustParse(t, strings.ToUpper(name)))
	if err != nil || hex.EncodeToString(key) != part[3] {
		t.Errorf("key %x, %v; want %s", key, err, part[3])
	}
}

func TestRightPhraseGivesTheKeyAgain(t *testing.T) {
	keys, p := newTestKeys(t), NewPhrase("fr")
	lock, key, err := keys.HashPhrase(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	typed := mustParse(t, " "+strings.Join(p.Words(), ", ")+" ")
	again, err := keys.VerifyPhrase(t.Context(), lock, typed)
	if err != nil || !bytes.Equal(again, key) || len(key) != 32 {
		t.Errorf("key of %d bytes, same %v, %v", len(again), bytes.Equal(again, key), err)
	}
	if keys.StalePhrase(lock) {
		t.Error("a new lock is stale")
	}
}

// ASVS 6.5.2, SAFETY row 53: Argon2id and a salt of 16 bytes; what is stored
// neither is the key nor gives it.
func TestASVS_6_5_2_StoredLockHoldsNoKey(t *testing.T) {
	keys, p := newTestKeys(t), NewPhrase("en")
	one, key, err := keys.HashPhrase(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	two, otherKey, err := keys.HashPhrase(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if len(one.Salt) != 16 || len(one.Check) != 32 || !strings.HasPrefix(one.Recipe, "argon2id$") {
		t.Errorf("lock %s, salt of %d bytes, check of %d", one.Recipe, len(one.Salt), len(one.Check))
	}
	if bytes.Equal(one.Salt, two.Salt) || bytes.Equal(one.Check, two.Check) || bytes.Equal(key, otherKey) {
		t.Error("the same phrase twice gives the same lock")
	}
	if bytes.Equal(one.Check, key) || bytes.Equal(one.Check, check(key)) {
		t.Error("the stored check gives the key away")
	}
}

func TestWrongPhraseOpensNothing(t *testing.T) {
	keys := newTestKeys(t)
	lock, _, err := keys.HashPhrase(t.Context(), mustParse(t, "un deux trois quatre cinq six sept"))
	if err != nil {
		t.Fatal(err)
	}
	for _, typed := range []string{"un deux trois quatre cinq six", "un deux trois quatre cinq six sept huit", "deux un trois quatre cinq six sept", "undeux trois quatre cinq six sept"} {
		if key, err := keys.VerifyPhrase(t.Context(), lock, mustParse(t, typed)); !errors.Is(err, ErrWrongPhrase) || key != nil {
			t.Errorf("%q: key of %d bytes, %v", typed, len(key), err)
		}
	}
	if _, err := keys.VerifyPhrase(t.Context(), lock, Phrase{}); !errors.Is(err, ErrWrongPhrase) {
		t.Errorf("no phrase: %v, want ErrWrongPhrase", err)
	}
	if _, err := newTestKeys(t).VerifyPhrase(t.Context(), lock, mustParse(t, "un deux trois quatre cinq six sept")); !errors.Is(err, ErrWrongPhrase) {
		t.Errorf("another server's pepper: %v, want ErrWrongPhrase", err)
	}
}

func TestNoPhraseWithoutWordsIsHashed(t *testing.T) {
	if _, _, err := newTestKeys(t).HashPhrase(t.Context(), Phrase{}); !errors.Is(err, ErrPhraseInput) {
		t.Errorf("error %v, want ErrPhraseInput", err)
	}
}

func TestDamagedLockIsAnErrorAndNotAWrongPhrase(t *testing.T) {
	keys, p := newTestKeys(t), NewPhrase("fr")
	salt, sum := make([]byte, 16), make([]byte, 32)
	for _, c := range []struct {
		lock PhraseLock
		want error
	}{
		{PhraseLock{}, ErrRecipe},
		{PhraseLock{Recipe: "argon2id$v=19$m=19456,t=2,p=1,pepper=1", Salt: salt[:15], Check: sum}, ErrRecipe},
		{PhraseLock{Recipe: "argon2id$v=19$m=19456,t=2,p=1,pepper=9", Salt: salt, Check: sum}, ErrUnknownKey},
	} {
		if _, err := keys.VerifyPhrase(t.Context(), c.lock, p); !errors.Is(err, c.want) {
			t.Errorf("%+v: error %v, want %v", c.lock, err, c.want)
		}
	}
}

func TestPhraseOpensAfterRotationAndIsStale(t *testing.T) {
	path, p := createTestFile(t), NewPhrase("fr")
	lock, key, err := loadTestKeys(t, path).HashPhrase(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if err := Rotate(path); err != nil {
		t.Fatal(err)
	}
	rotated := loadTestKeys(t, path)
	if got, err := rotated.VerifyPhrase(t.Context(), lock, p); err != nil || !bytes.Equal(got, key) {
		t.Errorf("after rotation: %v", err)
	}
	if !rotated.StalePhrase(lock) {
		t.Error("a lock with the old pepper is not stale")
	}
}

// ASVS 6.3.8, SAFETY row 49: the whole answer is judged at the door; here, that
// the unknown number is not spared the costly step.
func TestASVS_6_3_8_UnknownNumberCostsAsMuch(t *testing.T) {
	keys, p := newTestKeys(t), NewPhrase("fr")
	lock, _, err := keys.HashPhrase(t.Context(), NewPhrase("fr"))
	if err != nil {
		t.Fatal(err)
	}
	verify, dummy := time.Hour, time.Hour
	for range 5 {
		verify = min(verify, cost(t, func() error { _, err := keys.VerifyPhrase(t.Context(), lock, p); return err }))
		dummy = min(dummy, cost(t, func() error { return keys.DummyPhrase(t.Context(), p) }))
	}
	if dummy < verify/2 || verify < dummy/2 {
		t.Errorf("a wrong phrase costs %v, an unknown number %v", verify, dummy)
	}
}

func cost(t *testing.T, f func() error) time.Duration {
	t.Helper()
	start := time.Now()
	if err := f(); !errors.Is(err, ErrWrongPhrase) {
		t.Fatalf("error %v, want ErrWrongPhrase", err)
	}
	return time.Since(start)
}

func TestEveryDerivationGoesThroughTheGate(t *testing.T) {
	keys, p := newTestKeys(t), NewPhrase("fr")
	lock, _, err := keys.HashPhrase(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := keys.HashPassword(t.Context(), "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	for range kdfRunning + kdfWaiting {
		keys.gate.admitted <- struct{}{}
	}
	for name, call := range map[string]func(context.Context) error{
		"HashPhrase":     func(ctx context.Context) error { _, _, err := keys.HashPhrase(ctx, p); return err },
		"VerifyPhrase":   func(ctx context.Context) error { _, err := keys.VerifyPhrase(ctx, lock, p); return err },
		"DummyPhrase":    func(ctx context.Context) error { return keys.DummyPhrase(ctx, p) },
		"HashPassword":   func(ctx context.Context) error { _, err := keys.HashPassword(ctx, "x"); return err },
		"VerifyPassword": func(ctx context.Context) error { _, err := keys.VerifyPassword(ctx, stored, "x"); return err },
		"DummyPassword":  func(ctx context.Context) error { return keys.DummyPassword(ctx, "x") },
	} {
		if err := call(t.Context()); !errors.Is(err, ErrBusy) {
			t.Errorf("%s: error %v, want ErrBusy", name, err)
		}
	}
}
