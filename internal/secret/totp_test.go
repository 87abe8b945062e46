package secret

import (
	"bytes"
	"encoding/base32"
	"errors"
	"image/png"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// rfcSecret is the secret of RFC 6238, appendix B.
var rfcSecret = base32.StdEncoding.EncodeToString([]byte("12345678901234567890"))

func codeAt(t testing.TB, secret string, now time.Time) string {
	t.Helper()
	code, err := TOTPCode(secret, now)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestCodesAreThoseOfRFC6238(t *testing.T) {
	for unix, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if got := codeAt(t, rfcSecret, time.Unix(unix, 0)); got != want {
			t.Errorf("at %d: %s, want %s", unix, got, want)
		}
	}
}

// ASVS 6.5.5, SAFETY row 55: 30 seconds, one step before and after, no more.
func TestASVS_6_5_5_OnlyNeighbouringStepsAreAccepted(t *testing.T) {
	secret, now := NewTOTP(), time.Unix(1_800_000_015, 0)
	for away := -4; away <= 4; away++ {
		code := codeAt(t, secret, now.Add(time.Duration(away)*30*time.Second))
		step, ok := TOTPStep(secret, code, now, 0)
		if want := away >= -1 && away <= 1; ok != want {
			t.Errorf("%+d steps: accepted %v", away, ok)
		} else if ok && step != now.Unix()/30+int64(away) {
			t.Errorf("%+d steps: step %d", away, step)
		}
	}
}

// ASVS 6.5.1, SAFETY row 52 and decision 24.
func TestASVS_6_5_1_NoCodeAndNoOlderCodeWorksAgain(t *testing.T) {
	secret, now := NewTOTP(), time.Unix(1_800_000_015, 0)
	older, present := codeAt(t, secret, now.Add(-30*time.Second)), codeAt(t, secret, now)
	last, ok := TOTPStep(secret, present, now, 0)
	if !ok {
		t.Fatal("the present code is refused")
	}
	if _, ok := TOTPStep(secret, present, now, last); ok {
		t.Error("the same code works twice")
	}
	if _, ok := TOTPStep(secret, older, now, last); ok {
		t.Error("an older code of the window works after a newer one")
	}
	next := now.Add(30 * time.Second)
	if step, ok := TOTPStep(secret, codeAt(t, secret, next), now, last); !ok || step != last+1 {
		t.Errorf("the next code: step %d, %v", step, ok)
	}
}

func TestAcceptedStepsAlwaysRise(t *testing.T) {
	secret := NewTOTP()
	rapid.Check(t, func(t *rapid.T) {
		now, last := time.Unix(1_800_000_000, 0), int64(0)
		for range 20 {
			now = now.Add(time.Duration(rapid.IntRange(-60, 90).Draw(t, "seconds")) * time.Second)
			shown := now.Add(time.Duration(rapid.IntRange(-90, 90).Draw(t, "skew")) * time.Second)
			code, err := TOTPCode(secret, shown)
			if err != nil {
				t.Fatal(err)
			}
			if step, ok := TOTPStep(secret, code, now, last); ok {
				if step <= last {
					t.Fatalf("step %d after %d", step, last)
				}
				last = step
			}
		}
	})
}

func TestWrongCodesAreRefused(t *testing.T) {
	secret, now := NewTOTP(), time.Unix(1_800_000_015, 0)
	code := codeAt(t, secret, now)
	for _, wrong := range []string{"", "0", code[:5], code + "0", "abcdef", "-" + code[1:], strings.Repeat("1", 10_000)} {
		if _, ok := TOTPStep(secret, wrong, now, 0); ok {
			t.Errorf("%.10q accepted", wrong)
		}
	}
	if _, ok := TOTPStep(secret, code[:3]+" "+code[3:], now, 0); !ok {
		t.Error("a code typed in two groups is refused")
	}
	if _, ok := TOTPStep(NewTOTP(), code, now, now.Unix()); ok {
		t.Error("accepted before the last step")
	}
}

func TestUnreadableSecretAcceptsNothingAndStaysUnsaid(t *testing.T) {
	now := time.Unix(1_800_000_015, 0)
	if _, ok := TOTPStep("canary!", "000000", now, 0); ok {
		t.Error("accepted")
	}
	if _, err := TOTPCode("canary!", now); !errors.Is(err, ErrTOTPSecret) || strings.Contains(err.Error(), "canary") {
		t.Errorf("error %v", err)
	}
}

func TestSecretsHave160BitsAndDiffer(t *testing.T) {
	one, two := NewTOTP(), NewTOTP()
	raw, err := base32.StdEncoding.DecodeString(one)
	if err != nil || len(raw) != 20 || one == two {
		t.Errorf("%d bytes, %v", len(raw), err)
	}
}

func TestURLIsWhatAuthenticatorAppsRead(t *testing.T) {
	secret := NewTOTP()
	u, err := url.Parse(TOTPURL(secret, "jeanne+a b@example.org"))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/Reprise:jeanne+a b@example.org" || q.Get("issuer") != "Reprise" || q.Get("secret") != secret {
		t.Errorf("%s", u.Redacted())
	}
}

func TestQRCodeIsASquarePicture(t *testing.T) {
	raw, err := TOTPQR(NewTOTP(), "jeanne@example.org")
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil || img.Bounds().Dx() != 256 || img.Bounds().Dy() != 256 {
		t.Errorf("%v, %v", img.Bounds(), err)
	}
}
