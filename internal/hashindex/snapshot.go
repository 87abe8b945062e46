package hashindex

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"reprise/internal/phash"
)

// ErrSnapshot says that what was read is not a whole snapshot of a version that is known.
var ErrSnapshot = errors.New("not a whole snapshot of a hash index: build the index from the database")

// A snapshot is snapshotName, which holds the version; the digest as three uint64, count first; and the pairs. All
// numbers have the lowest byte first. The digest is the checksum: a changed bit anywhere makes it differ.
const snapshotName = "reprise-hashes 1"

// Save writes a snapshot: the pairs, 40 bytes each, not the lists, which are made faster than they would be read.
// Searches go on meanwhile, changes wait: so write to a file, not to a slow connection. The hashes are in the clear:
// who keeps them must seal them. The error is the writer's.
func (x *Index) Save(to io.Writer) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	s := x.now.Load()
	w := &pairWriter{w: bufio.NewWriterSize(to, 1<<16)}
	w.write([]byte(snapshotName))
	for _, n := range []uint64{s.digest.count, s.digest.sums[0], s.digest.sums[1]} {
		w.write(binary.LittleEndian.AppendUint64(nil, n))
	}
	for _, p := range s.parts {
		for i := range p.keys {
			if p.lives(i) {
				w.pair(p.keys[i], p.hashes[i])
			}
		}
	}
	for i, key := range s.tail.keys {
		w.pair(key, s.tail.hashes[i])
	}
	if err := errors.Join(w.err, w.w.Flush()); err != nil {
		return fmt.Errorf("write a snapshot: %w", err)
	}
	return nil
}

// Load fills the index with a snapshot, to its last byte, in place of what it held. When the error is not nil, the
// index is as it was; the error wraps ErrSnapshot, or the reader's.
func (x *Index) Load(from io.Reader) error {
	r := bufio.NewReaderSize(from, 1<<16)
	var head [len(snapshotName) + 24]byte
	if err := readWhole(r, head[:]); err != nil {
		return err
	}
	if string(head[:len(snapshotName)]) != snapshotName {
		return fmt.Errorf("read a snapshot: it begins otherwise than %q: %w", snapshotName, ErrSnapshot)
	}
	var want, got Digest
	numbers := head[len(snapshotName):]
	want.count = binary.LittleEndian.Uint64(numbers)
	want.sums = [2]uint64{binary.LittleEndian.Uint64(numbers[8:]), binary.LittleEndian.Uint64(numbers[16:])}

	const trusted = 1 << 24 // pairs for which there is room before they are seen
	first := min(want.count, trusted)
	all := pairs{make([]uint64, 0, first), make([]phash.Hash256, 0, first)}
	var pair [pairBytes]byte
	for got.count < want.count {
		if err := readWhole(r, pair[:]); err != nil {
			return err
		}
		key, h := getPair(pair[:])
		got.Add(key, h)
		all.keys, all.hashes = append(all.keys, key), append(all.hashes, h)
	}
	if _, err := r.ReadByte(); err == nil || got != want {
		return fmt.Errorf("read a snapshot: the digest of its %d pairs differs: %w", want.count, ErrSnapshot)
	} else if !errors.Is(err, io.EOF) {
		return fmt.Errorf("read a snapshot: %w", err)
	}
	x.fill(all, got)
	return nil
}

// readWhole reads to the end of b.
func readWhole(r io.Reader, b []byte) error {
	_, err := io.ReadFull(r, b)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("read a snapshot: it is cut short: %w", ErrSnapshot)
	}
	if err != nil {
		return fmt.Errorf("read a snapshot: %w", err)
	}
	return nil
}

// pairWriter remembers the first error and writes no more after it.
type pairWriter struct {
	w   *bufio.Writer
	err error
}

func (w *pairWriter) write(b []byte) {
	if w.err == nil {
		_, w.err = w.w.Write(b)
	}
}

func (w *pairWriter) pair(key uint64, h phash.Hash256) {
	var b [pairBytes]byte
	putPair(b[:], key, h)
	w.write(b[:])
}
