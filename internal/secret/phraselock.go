package secret

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
)

// PhraseLock is what a case keeps of its phrase. It opens nothing by itself.
type PhraseLock struct {
	Recipe string // cost and pepper version of the derivation
	Salt   []byte // 16 random bytes, one per phrase
	Check  []byte // SHA-256 of the derived verifier, 32 bytes
}

// HashPhrase derives, from a phrase and a new salt, the lock to store and the
// 32-byte key that wraps the person's copy of the case key. The key is never
// stored. Errors: ErrPhraseInput for a phrase without words, ErrBusy, the context's.
func (k *Keys) HashPhrase(ctx context.Context, p Phrase) (PhraseLock, []byte, error) {
	if p.reveal() == "" {
		return PhraseLock{}, nil, fmt.Errorf("%w: no words", ErrPhraseInput)
	}
	salt := make([]byte, saltSize)
	rand.Read(salt) // never returns an error
	r := k.current()
	verifier, key, err := k.derivePhrase(ctx, r, salt, p)
	if err != nil {
		return PhraseLock{}, nil, err
	}
	return PhraseLock{Recipe: r.String(), Salt: salt, Check: check(verifier)}, key, nil
}

// VerifyPhrase returns the key that HashPhrase returned for this lock, if the
// phrase is the right one. Errors: ErrWrongPhrase, ErrBusy, the context's;
// ErrRecipe and ErrUnknownKey for a lock that this key file cannot check.
func (k *Keys) VerifyPhrase(ctx context.Context, lock PhraseLock, p Phrase) ([]byte, error) {
	r, err := parseRecipe(lock.Recipe)
	if err != nil || len(lock.Salt) < saltSize {
		return nil, fmt.Errorf("verify a phrase: %w", ErrRecipe)
	}
	verifier, key, err := k.derivePhrase(ctx, r, lock.Salt, p)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare(check(verifier), lock.Check) != 1 {
		return nil, ErrWrongPhrase
	}
	return key, nil
}

// DummyPhrase does the work of VerifyPhrase for a number that no case has, so
// that time does not tell which numbers exist. It always returns an error:
// ErrWrongPhrase, ErrBusy or the context's.
func (k *Keys) DummyPhrase(ctx context.Context, p Phrase) error {
	_, err := k.VerifyPhrase(ctx, PhraseLock{
		Recipe: k.current().String(),
		Salt:   make([]byte, saltSize),
		Check:  make([]byte, sha256.Size), // no SHA-256 of anything known
	}, p)
	return err
}

// StalePhrase says that a lock was made with another cost or an older pepper
// than today's; after the next right phrase it may be replaced.
func (k *Keys) StalePhrase(lock PhraseLock) bool { return lock.Recipe != k.current().String() }

func (k *Keys) derivePhrase(ctx context.Context, r recipe, salt []byte, p Phrase) (verifier, key []byte, err error) {
	sub, ok := k.state.versions[r.pepper]
	if !ok {
		return nil, nil, fmt.Errorf("derive from a phrase: %w", ErrUnknownKey)
	}
	peppered := pepper(sub.phrasePepper, p.reveal())
	var out []byte
	err = k.gate.do(ctx, func() { out = r.derive(peppered, salt, 64) })
	if err != nil {
		return nil, nil, err
	}
	return out[:32:32], out[32:], nil
}

// pepper mixes a key that is not in the database into a secret, before the
// costly step: a stolen database alone cannot be guessed against.
func pepper(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

func check(verifier []byte) []byte {
	sum := sha256.Sum256(verifier)
	return sum[:]
}
