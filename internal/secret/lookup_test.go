package secret

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"
)

// derived returns what testdata/derived.txt holds for a name.
func derived(t testing.TB, prefix string) (name, value string) {
	t.Helper()
	for _, line := range vectors(t, "testdata/derived.txt") {
		if strings.HasPrefix(line, prefix) {
			at := strings.LastIndex(line, ": ")
			return line[len(prefix):at], line[at+2:]
		}
	}
	t.Fatalf("no known answer for %q", prefix)
	return "", ""
}

func TestIndexAndRateKeyNeverChange(t *testing.T) {
	keys := knownKeys(t)
	name, want := derived(t, "index url ")
	if got := hex.EncodeToString(keys.Index("url", []byte(name))); got != want {
		t.Errorf("index %s, want %s", got, want)
	}
	name, want = derived(t, "rate 2026-03-01 ")
	if got := keys.RateKey(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), name); got != want {
		t.Errorf("rate key %s, want %s", got, want)
	}
}

func TestIndexKeepsPurposesApart(t *testing.T) {
	keys := newTestKeys(t)
	seen := map[string]string{}
	for _, c := range [][2]string{{"url", "ab"}, {"number", "ab"}, {"urla", "b"}, {"url", "abc"}, {"", "urlab"}} {
		index := string(keys.Index(c[0], []byte(c[1])))
		if other, found := seen[index]; found || len(index) != 32 {
			t.Errorf("%v: %d bytes, same as %q", c, len(index), other)
		}
		seen[index] = c[0]
	}
}

func TestRateKeyChangesWithDayAndPrefix(t *testing.T) {
	keys := newTestKeys(t)
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	base := keys.RateKey(day, "192.0.2.0/24")
	if keys.RateKey(day.Add(24*time.Hour-time.Nanosecond), "192.0.2.0/24") != base {
		t.Error("two names within one day")
	}
	paris := time.FixedZone("", 3600)
	if keys.RateKey(time.Date(2026, 3, 1, 0, 30, 0, 0, paris), "192.0.2.0/24") == base {
		t.Error("the day is not that of UTC")
	}
	if keys.RateKey(day.Add(24*time.Hour), "192.0.2.0/24") == base || keys.RateKey(day, "198.51.100.0/24") == base {
		t.Error("another day or prefix has the same name")
	}
	if newTestKeys(t).RateKey(day, "192.0.2.0/24") == base {
		t.Error("another server has the same name")
	}
}
