package secret

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"

	"golang.org/x/text/unicode/norm"
)

// HashPassword returns the text to store for a password of the staff, in the
// PHC form of Argon2 with the pepper's key version as a further parameter:
// "$argon2id$v=19$m=19456,t=2,p=1,pepper=1$salt$hash". CheckPassword comes
// before. Errors: ErrBusy, the context's.
func (k *Keys) HashPassword(ctx context.Context, pw string) (string, error) {
	salt := make([]byte, saltSize)
	rand.Read(salt) // never returns an error
	r := k.current()
	hash, err := k.derivePassword(ctx, r, salt, pw)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return "$" + r.String() + "$" + b64.EncodeToString(salt) + "$" + b64.EncodeToString(hash), nil
}

// VerifyPassword says whether pw is the password that stored was made from.
// Errors: ErrBusy, the context's; ErrRecipe and ErrUnknownKey for a stored text
// that this key file cannot check.
func (k *Keys) VerifyPassword(ctx context.Context, stored, pw string) (bool, error) {
	r, salt, want, err := parsePHC(stored)
	if err != nil {
		return false, fmt.Errorf("verify a password: %w", err)
	}
	got, err := k.derivePassword(ctx, r, salt, pw)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// DummyPassword does the work of VerifyPassword for an account that does not
// exist. Errors: ErrBusy, the context's.
func (k *Keys) DummyPassword(ctx context.Context, pw string) error {
	_, err := k.derivePassword(ctx, k.current(), make([]byte, saltSize), pw)
	return err
}

// StalePassword says that a stored text has another cost or an older pepper
// than today's; after the next right password it may be replaced.
func (k *Keys) StalePassword(stored string) bool {
	r, _, _, err := parsePHC(stored)
	return err != nil || r != k.current()
}

func (k *Keys) derivePassword(ctx context.Context, r recipe, salt []byte, pw string) ([]byte, error) {
	sub, ok := k.state.versions[r.pepper]
	if !ok {
		return nil, fmt.Errorf("derive from a password: %w", ErrUnknownKey)
	}
	if len(pw) > passwordMaxBytes {
		return nil, ErrPasswordLong
	}
	peppered := pepper(sub.passwordPepper, norm.NFC.String(pw)) // one é, whichever keyboard typed it
	var out []byte
	err := k.gate.do(ctx, func() { out = r.derive(peppered, salt, 32) })
	return out, err
}

func parsePHC(stored string) (r recipe, salt, hash []byte, err error) {
	recipeText, saltText, hashText, ok := splitPHC(stored)
	if !ok {
		return recipe{}, nil, nil, ErrRecipe
	}
	if r, err = parseRecipe(recipeText); err != nil {
		return recipe{}, nil, nil, err
	}
	b64 := base64.RawStdEncoding.Strict()
	salt, saltErr := b64.DecodeString(saltText)
	hash, hashErr := b64.DecodeString(hashText)
	if saltErr != nil || hashErr != nil || len(salt) < saltSize || len(hash) != 32 {
		return recipe{}, nil, nil, ErrRecipe
	}
	return r, salt, hash, nil
}
