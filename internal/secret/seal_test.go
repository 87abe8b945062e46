package secret

import (
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// vectors returns the lines of a known-answer file that are no comments.
func vectors(t testing.TB, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	if len(lines) == 0 {
		t.Fatalf("%s holds nothing", path)
	}
	return lines
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.TrimPrefix(s, "-"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSealedValuesOfOldOpenForEver(t *testing.T) {
	keys := knownKeys(t)
	for _, line := range vectors(t, "testdata/sealed.txt") {
		part := strings.Fields(line)
		plain, err := keys.Open(Field{part[0], part[1], part[2]}, unhex(t, part[4]))
		if err != nil || !bytes.Equal(plain, unhex(t, part[3])) {
			t.Errorf("%s: %q, %v", line, plain, err)
		}
	}
}

func TestSealedOpensInItsPlaceAndNowhereElse(t *testing.T) {
	keys := newTestKeys(t)
	name := rapid.StringMatching(`[a-z0-9_]{1,12}`)
	place := rapid.Custom(func(t *rapid.T) Field {
		return Field{name.Draw(t, "table"), name.Draw(t, "column"), name.Draw(t, "row")}
	})
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		here, there := place.Draw(t, "here"), place.Draw(t, "there")
		sealed := keys.Seal(here, plain)
		if got, err := keys.Open(here, sealed); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("in place: %q, %v", got, err)
		}
		if got, err := keys.Open(there, sealed); here != there && (!errors.Is(err, ErrSealed) || got != nil) {
			t.Fatalf("moved from %v to %v: %q, %v", here, there, got, err)
		}
	})
}

// SAFETY row 70.
func TestSwappedBetweenRowsColumnsAndTablesFailsClosed(t *testing.T) {
	keys := newTestKeys(t)
	sealed := keys.Seal(Field{"item", "url", "1"}, []byte("x"))
	for _, f := range []Field{
		{"item", "url", "2"}, {"item", "note", "1"}, {"cases", "url", "1"},
		{"itemu", "rl", "1"}, {"item|url", "1", ""}, {"item", "url|1", ""}, {},
	} {
		got, err := keys.Open(f, sealed)
		if !errors.Is(err, ErrSealed) || got != nil {
			t.Errorf("%v: %q, %v; want ErrSealed", f, got, err)
		}
	}
}

func TestSealPanicsOnAnAmbiguousPlace(t *testing.T) {
	keys := newTestKeys(t)
	for _, f := range []Field{{"a|b", "c", "d"}, {"a", "b|c", "d"}, {"a", "b", "c|d"}, {"", "b", "c"}, {"a", "b", ""}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%v: sealed without complaint", f)
				}
			}()
			keys.Seal(f, []byte("x"))
		}()
	}
}

// SAFETY row 66: each byte of 1,000 ciphertexts.
func TestASVS_11_3_1_FlippedBytesOf1000CiphertextsFailClosed(t *testing.T) {
	keys := newTestKeys(t)
	field := Field{"item", "url", "1"}
	for n := range 1000 {
		sealed := keys.Seal(field, bytes.Repeat([]byte{byte(n)}, n%40))
		for i := range sealed {
			sealed[i] ^= 1 << (n % 8)
			if got, err := keys.Open(field, sealed); err == nil || got != nil {
				t.Fatalf("ciphertext %d, byte %d flipped: opened %q", n, i, got)
			}
			sealed[i] ^= 1 << (n % 8)
		}
	}
}

func TestCutOffOrLengthenedFailsClosed(t *testing.T) {
	keys := newTestKeys(t)
	field := Field{"item", "url", "1"}
	sealed := keys.Seal(field, []byte("forty-two"))
	for n := range sealed {
		if got, err := keys.Open(field, sealed[:n]); err == nil || got != nil {
			t.Errorf("first %d bytes: opened %q", n, got)
		}
	}
	if _, err := keys.Open(field, append(sealed, 0)); !errors.Is(err, ErrSealed) {
		t.Errorf("one byte more: error %v, want ErrSealed", err)
	}
}

func TestOpenErrorNamesThePlaceAndNotTheValue(t *testing.T) {
	keys := newTestKeys(t)
	sealed := keys.Seal(Field{"item", "url", "1"}, []byte("canary"))
	_, err := keys.Open(Field{"item", "url", "r77"}, sealed)
	if text := err.Error(); !strings.Contains(text, "item.url of row r77") || strings.Contains(text, "canary") {
		t.Errorf("error %q", text)
	}
}

// SAFETY row 67: 10^6 encryptions, no repeat.
func TestASVS_11_3_4_1000000NoncesDoNotRepeat(t *testing.T) {
	keys := newTestKeys(t)
	field := Field{"item", "url", "1"}
	seen := make(map[[sealNonce]byte]struct{}, 1_000_000)
	for range 1_000_000 {
		seen[[sealNonce]byte(keys.Seal(field, nil)[sealHead:])] = struct{}{}
	}
	if len(seen) != 1_000_000 {
		t.Errorf("%d nonces repeat", 1_000_000-len(seen))
	}
}

func FuzzOpenNeverPanics(f *testing.F) {
	keys := newTestKeys(f)
	field := Field{"item", "url", "1"}
	f.Add([]byte{})
	f.Add(keys.Seal(Field{"item", "url", "2"}, []byte("x")))
	f.Fuzz(func(t *testing.T, sealed []byte) {
		if got, err := keys.Open(field, sealed); err == nil {
			t.Errorf("opened %q", got)
		}
	})
}
