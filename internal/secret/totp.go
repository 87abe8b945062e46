package secret

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"image/png"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

const (
	totpPeriod = 30 // seconds per step
	totpWindow = 1  // steps before and after the present one
	totpIssuer = "Reprise"
	totpBytes  = 20 // RFC 4226 section 4, R6
	qrPixels   = 256
)

// NewTOTP returns a random 160-bit secret in base32, for an authenticator app.
// It is stored sealed.
func NewTOTP() string {
	raw := make([]byte, totpBytes)
	rand.Read(raw) // never returns an error
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
}

// TOTPStep judges a code by RFC 6238 (SHA-1, six digits, 30 seconds) at the
// server's time: the step of now, one before or one after, and greater than
// lastStep, the last one accepted. The caller stores the returned step in the
// same transaction, so that no code and no older code works again.
func TOTPStep(secret, code string, now time.Time, lastStep int64) (step int64, ok bool) {
	code = strings.ReplaceAll(code, " ", "")
	present := now.Unix() / totpPeriod
	for candidate := present - totpWindow; candidate <= present+totpWindow; candidate++ {
		want, err := stepCode(secret, candidate)
		if err != nil {
			return 0, false
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && candidate > lastStep {
			return candidate, true
		}
	}
	return 0, false
}

// TOTPCode returns the code of now: for tests, and for the trial house, which
// shows it. Error: ErrTOTPSecret.
func TOTPCode(secret string, now time.Time) (string, error) {
	return stepCode(secret, now.Unix()/totpPeriod)
}

func stepCode(secret string, step int64) (string, error) {
	code, err := hotp.GenerateCode(secret, uint64(max(step, 0)))
	if err != nil {
		return "", ErrTOTPSecret // the library's error could hold the secret
	}
	return code, nil
}

// TOTPURL returns the otpauth URL that an authenticator app understands. It
// holds the secret: it is shown once and never logged.
func TOTPURL(secret, account string) string {
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + totpIssuer + ":" + account}
	u.RawQuery = "issuer=" + totpIssuer + "&secret=" + url.QueryEscape(secret)
	return u.String()
}

// TOTPQR returns TOTPURL as a PNG image, 256 pixels square. Errors:
// ErrTOTPSecret.
func TOTPQR(secret, account string) ([]byte, error) {
	key, err := otp.NewKeyFromURL(TOTPURL(secret, account))
	if err != nil {
		return nil, ErrTOTPSecret
	}
	img, err := key.Image(qrPixels, qrPixels)
	if err != nil {
		return nil, ErrTOTPSecret
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("draw the QR code: %w", err)
	}
	return b.Bytes(), nil
}
