package secret

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const (
	keyFileHead = "reprise server key 1"
	keyFileMax  = 64 << 10
)

// master is one version of K0.
type master struct {
	version uint16
	key     []byte
}

// CreateKeys writes a new key file with one random version, readable by its
// owner alone. It never writes over a file; then it returns an fs.ErrExist.
func CreateKeys(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("create the server key file: %w", err)
	}
	m, err := newMaster(1)
	if err == nil {
		err = writeMasters(f, []master{m})
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		_ = os.Remove(path) // half a key file would only hide the first error
		return fmt.Errorf("write the server key file: %w", err)
	}
	return syncFolder(path)
}

// LoadKeys reads a key file. It returns ErrKeyFile when the file is damaged or
// open to others than its owner, and an fs.ErrNotExist when there is none.
func LoadKeys(path string) (*Keys, error) {
	masters, err := readMasters(path)
	if err != nil {
		return nil, err
	}
	return newKeys(masters)
}

// Rotate adds a random version to the key file; the old ones stay, because they
// open what they sealed. The file is replaced in one step: a crash leaves the
// old file or the new one. Look-up keys stay those of the oldest version.
func Rotate(path string) error {
	masters, err := readMasters(path)
	if err != nil {
		return err
	}
	last := masters[len(masters)-1].version
	if last == math.MaxUint16 {
		return fmt.Errorf("%w: no version number is left", ErrKeyFile)
	}
	m, err := newMaster(last + 1)
	if err != nil {
		return err
	}
	return replaceMasters(path, append(masters, m))
}

func newMaster(version uint16) (master, error) {
	key := make([]byte, masterSize)
	if _, err := rand.Read(key); err != nil {
		return master{}, fmt.Errorf("draw a server key: %w", err)
	}
	return master{version, key}, nil
}

// replaceMasters writes beside the file and renames. The fixed name of the new
// file is the lock: of two rotations at once, one is refused.
func replaceMasters(path string, masters []master) error {
	next := path + ".new"
	f, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("rotate: another rotation runs, or one was cut off (then remove the .new file): %w", err)
	}
	err = writeMasters(f, masters)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(next, path)
	}
	if err != nil {
		_ = os.Remove(next)
		return fmt.Errorf("replace the server key file: %w", err)
	}
	return syncFolder(path)
}

// writeMasters writes one line per version: number, key, first bytes of the
// key's SHA-256, so that a copying error is found at start and not at midnight.
func writeMasters(f *os.File, masters []master) error {
	var b bytes.Buffer
	fmt.Fprintln(&b, keyFileHead)
	for _, m := range masters {
		fmt.Fprintf(&b, "%d %x %s\n", m.version, m.key, checksum(m.key))
	}
	if _, err := f.Write(b.Bytes()); err != nil {
		return err
	}
	return f.Sync()
}

func checksum(key []byte) string {
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:4])
}

func readMasters(path string) ([]master, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the server key file: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("look at the server key file: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%w: others can read it; set its mode to 0600", ErrKeyFile)
	}
	text, err := io.ReadAll(io.LimitReader(f, keyFileMax))
	if err != nil {
		return nil, fmt.Errorf("read the server key file: %w", err)
	}
	return parseMasters(string(text))
}

func parseMasters(text string) ([]master, error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if lines[0] != keyFileHead || len(lines) < 2 {
		return nil, fmt.Errorf("%w: it does not begin like one", ErrKeyFile)
	}
	var masters []master
	for i, line := range lines[1:] {
		m, err := parseMaster(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+2, err)
		}
		if len(masters) > 0 && m.version <= masters[len(masters)-1].version {
			return nil, fmt.Errorf("line %d: %w: versions must rise", i+2, ErrKeyFile)
		}
		masters = append(masters, m)
	}
	return masters, nil
}

func parseMaster(line string) (master, error) {
	parts := strings.Split(line, " ")
	if len(parts) != 3 {
		return master{}, fmt.Errorf("%w: not a version, a key and a checksum", ErrKeyFile)
	}
	version, err := strconv.ParseUint(parts[0], 10, 16)
	if err != nil || version == 0 {
		return master{}, fmt.Errorf("%w: not a version number", ErrKeyFile)
	}
	key, err := hex.DecodeString(parts[1])
	if err != nil || len(key) != masterSize || checksum(key) != parts[2] {
		return master{}, fmt.Errorf("%w: the key is damaged", ErrKeyFile)
	}
	return master{uint16(version), key}, nil
}

// syncFolder makes the name of a new file survive a power cut.
func syncFolder(path string) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("open the folder of the server key: %w", err)
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil {
		return fmt.Errorf("sync the folder of the server key: %w", err)
	}
	return nil
}
