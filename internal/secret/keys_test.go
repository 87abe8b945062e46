package secret

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// newTestKeys makes a key file of its own and loads it.
func newTestKeys(t testing.TB) *Keys {
	t.Helper()
	return loadTestKeys(t, createTestFile(t))
}

func createTestFile(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	if err := CreateKeys(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func loadTestKeys(t testing.TB, path string) *Keys {
	t.Helper()
	keys, err := LoadKeys(path)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// knownKeys loads the key of the known-answer files.
func knownKeys(t testing.TB) *Keys {
	t.Helper()
	text, err := os.ReadFile("testdata/key.txt")
	if err != nil {
		t.Fatal(err)
	}
	return loadTestKeys(t, writeKeyFile(t, string(text), 0o600))
}

func writeKeyFile(t testing.TB, text string, mode fs.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // whatever the umask is
		t.Fatal(err)
	}
	return path
}

func TestCreatedKeyFileIsForItsOwnerAlone(t *testing.T) {
	info, err := os.Stat(createTestFile(t))
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("mode %o, want 600", got)
	}
}

func TestCreateNeverWritesOverAKeyFile(t *testing.T) {
	path := createTestFile(t)
	before, _ := os.ReadFile(path)
	if err := CreateKeys(path); !errors.Is(err, fs.ErrExist) {
		t.Fatalf("error %v, want fs.ErrExist", err)
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("the key file was changed")
	}
}

func TestTwoKeyFilesDiffer(t *testing.T) {
	field := Field{"item", "url", "1"}
	if _, err := newTestKeys(t).Open(field, newTestKeys(t).Seal(field, []byte("x"))); !errors.Is(err, ErrSealed) {
		t.Errorf("error %v, want ErrSealed", err)
	}
}

func TestLoadRefusesAMissingFile(t *testing.T) {
	if _, err := LoadKeys(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want fs.ErrNotExist", err)
	}
}

func TestLoadRefusesAFileThatOthersCanRead(t *testing.T) {
	text, err := os.ReadFile(createTestFile(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o644, 0o620} {
		if _, err := LoadKeys(writeKeyFile(t, string(text), mode)); !errors.Is(err, ErrKeyFile) {
			t.Errorf("mode %o: error %v, want ErrKeyFile", mode, err)
		}
	}
}

func TestLoadRefusesADamagedFile(t *testing.T) {
	good, err := os.ReadFile("testdata/key.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(good), "\n")
	damaged := map[string]string{
		"empty":             "",
		"another file":      "# settings\nA=b\n",
		"no version":        lines[0],
		"cut off":           string(good[:len(good)-20]),
		"one digit changed": strings.Replace(string(good), "0a0b", "0a0c", 1),
		"versions fall":     lines[0] + lines[2] + lines[1],
		"version twice":     lines[0] + lines[1] + lines[1],
		"version zero":      lines[0] + "0" + lines[1][1:],
		"version too large": lines[0] + "70000" + lines[1][1:],
		"short key":         lines[0] + "1 00 6e340b9c\n",
		"more words":        lines[0] + strings.TrimSpace(lines[1]) + " x\n",
	}
	for name, text := range damaged {
		_, err := LoadKeys(writeKeyFile(t, text, 0o600))
		if !errors.Is(err, ErrKeyFile) {
			t.Errorf("%s: error %v, want ErrKeyFile", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "0102") {
			t.Errorf("%s: the error holds key bytes", name)
		}
	}
}

// SAFETY row 69: after a rotation everything still reads, new values are sealed
// with the new key, and look-ups find old rows.
func TestRotationReadsEverything(t *testing.T) {
	path := createTestFile(t)
	field := Field{"cases", "contact", "1"}
	old := loadTestKeys(t, path)
	oldSealed, oldIndex := old.Seal(field, []byte("before")), old.Index("number", []byte("1"))
	for range 3 {
		if err := Rotate(path); err != nil {
			t.Fatal(err)
		}
	}
	keys := loadTestKeys(t, path)
	if got, err := keys.Open(field, oldSealed); err != nil || string(got) != "before" {
		t.Errorf("old value: %q, %v", got, err)
	}
	fresh := keys.Seal(field, []byte("after"))
	if SealedWith(fresh) != 4 || keys.Newest() != 4 {
		t.Errorf("sealed with version %d, newest %d, want 4", SealedWith(fresh), keys.Newest())
	}
	if string(keys.Index("number", []byte("1"))) != string(oldIndex) {
		t.Error("the look-up value changed: old rows are lost")
	}
	if _, err := old.Open(field, fresh); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("old key file: error %v, want ErrUnknownKey", err)
	}
}

func TestRotateKeepsTheFileToItsOwner(t *testing.T) {
	path := createTestFile(t)
	if err := Rotate(path); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode().Perm(), err)
	}
	if _, err := os.Stat(path + ".new"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the .new file is still there: %v", err)
	}
}

func TestRotateRefusesWhileAnotherRotationRuns(t *testing.T) {
	path := createTestFile(t)
	before, _ := os.ReadFile(path)
	if err := os.WriteFile(path+".new", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Rotate(path); !errors.Is(err, fs.ErrExist) || !strings.Contains(err.Error(), "remove the .new file") {
		t.Errorf("error %v: want fs.ErrExist and what to do", err)
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("the key file was changed")
	}
}

func TestKeysNeverPrint(t *testing.T) {
	keys := knownKeys(t)
	holder := struct{ Keys, hidden *Keys }{keys, keys}
	asJSON, err := json.Marshal(map[string]any{"k": keys})
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "keys", keys, "holder", holder)
	printed := fmt.Sprintf("%v %+v %#v %s %x %d", keys, keys, keys, keys, keys, keys) +
		fmt.Sprintf("%v %+v %#v", holder, holder, holder) + string(asJSON) + log.String()
	for _, leak := range []string{"0001020304", "[0 1 2 3", "0x0, 0x1", "subkeys", "version"} {
		if strings.Contains(printed, leak) {
			t.Errorf("print holds %q: %s", leak, printed)
		}
	}
}
