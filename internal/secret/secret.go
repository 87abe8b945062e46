// Package secret keeps what must not be read by others: the server key and the
// values sealed with it, the case number and the phrase of a person, the
// passwords and codes of the staff, and random ids.
//
// It is a tool: it knows no case, opens no database and reads no clock. Every
// random value comes from crypto/rand; every cipher, hash and key derivation
// from the standard library or golang.org/x/crypto.
//
// No error of this package carries a key, a phrase, a password or an opened
// value, because errors reach logs.
package secret

import "errors"

var (
	// ErrKeyFile says that the server key file cannot be used as it stands.
	ErrKeyFile = errors.New("server key file is not usable")
	// ErrUnknownKey says that a value was sealed with a key version that the key file does not hold.
	ErrUnknownKey = errors.New("sealed with a key version that the key file does not hold")
	// ErrSealed says that a sealed value is damaged or stands in a place it was not sealed for.
	ErrSealed = errors.New("sealed value is damaged or in the wrong place")

	// ErrNumberShape says that a text is no case number: it has not nine digits.
	ErrNumberShape = errors.New("a case number has nine digits")
	// ErrNumberDigit says that a case number was mistyped: its check digit is wrong.
	ErrNumberDigit = errors.New("the case number has a wrong digit")

	// ErrPhraseInput says that a text cannot be a phrase: over 200 bytes, empty, or not text.
	ErrPhraseInput = errors.New("not a phrase")
	// ErrWrongPhrase says that the number and the phrase do not belong together.
	ErrWrongPhrase = errors.New("number and phrase do not match")

	// ErrBusy says that 50 callers are waiting for a key derivation already: ask again later.
	ErrBusy = errors.New("too many sign-ins at once")
	// ErrKDFCheap says that deriving a key costs less on this machine than was asked for.
	ErrKDFCheap = errors.New("key derivation is too cheap on this machine")
	// ErrRecipe says that the stored parameters of a derivation cannot be read.
	ErrRecipe = errors.New("stored key derivation parameters are not readable")

	// ErrPasswordShort says that a password has fewer than 15 characters.
	ErrPasswordShort = errors.New("password has fewer than 15 characters")
	// ErrPasswordLong says that a password has more than 128 characters.
	ErrPasswordLong = errors.New("password has more than 128 characters")
	// ErrPasswordText says that a password is not valid text.
	ErrPasswordText = errors.New("password is not valid text")
	// ErrPasswordCommon says that a password is among those tried first by anyone.
	ErrPasswordCommon = errors.New("password is too common")
	// ErrPasswordContext says that a password holds the name of the service, the association or the account.
	ErrPasswordContext = errors.New("password holds a name that is easy to guess")

	// ErrTOTPSecret says that a stored second-factor secret cannot be read.
	ErrTOTPSecret = errors.New("second-factor secret is not readable")
)
