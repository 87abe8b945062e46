package hashindex

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/iotest"

	"reprise/internal/phash"
)

func TestASnapshotGivesTheSameIndex(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	set := randomHashes(rng, 5000)
	x := New()
	x.Build(numbered(len(set)), slices.Clone(set))
	for i := range 100 {
		x.Remove(uint64(i), set[i])
		x.Add(uint64(9000+i), flip(set[i], 5))
	}
	var file bytes.Buffer
	if err := x.Save(&file); err != nil {
		t.Fatal(err)
	}
	y := New()
	y.Add(77_777, set[0]) // goes: Load puts the snapshot in place of what was held
	if err := y.Load(iotest.OneByteReader(&file)); err != nil {
		t.Fatal(err)
	}
	if y.Len() != len(set) || x.Digest() != y.Digest() {
		t.Errorf("%d pairs with digest %v, want %d with %v", y.Len(), y.Digest(), len(set), x.Digest())
	}
	for _, h := range set[:300] {
		if got, want := y.Search(h, 31), x.Search(h, 31); len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("hits are %v, want %v", got, want)
		}
	}
}

func TestASnapshotThatIsNotWholeIsRefusedAndChangesNothing(t *testing.T) {
	x := New()
	for i := range 5 {
		x.Add(uint64(i), flip(phash.Hash256{}, i))
	}
	var whole bytes.Buffer
	if err := x.Save(&whole); err != nil {
		t.Fatal(err)
	}
	var broken [][]byte
	for i := range whole.Len() {
		broken = append(broken, whole.Bytes()[:i])
		for bit := range 8 {
			b := bytes.Clone(whole.Bytes())
			b[i] ^= 1 << bit
			broken = append(broken, b)
		}
	}
	broken = append(broken, append(bytes.Clone(whole.Bytes()), 0))
	y := New()
	y.Add(1, flip(phash.Hash256{}, 200))
	before := y.Digest()
	for _, b := range broken {
		if err := y.Load(bytes.NewReader(b)); !errors.Is(err, ErrSnapshot) {
			t.Errorf("the error of a broken snapshot of %d bytes is %v", len(b), err)
		}
	}
	if y.Digest() != before {
		t.Errorf("a broken snapshot changed the index")
	}
	if err := y.Load(&whole); err != nil {
		t.Errorf("the whole snapshot: %v", err)
	}
}

func TestTheFormatOfSnapshotsStays(t *testing.T) {
	x := New()
	x.Add(0x0102, phash.Hash256{3, 4, 5, 6})
	var file bytes.Buffer
	if err := x.Save(&file); err != nil {
		t.Fatal(err)
	}
	b := file.Bytes()
	if string(b[:16]) != "reprise-hashes 1" || len(b) != 16+24+40 {
		t.Fatalf("begins with %q and is %d bytes long", b[:16], len(b))
	}
	for i, want := range []uint64{1, x.Digest().sums[0], x.Digest().sums[1], 0x0102, 3, 4, 5, 6} {
		if got := binary.LittleEndian.Uint64(b[16+8*i:]); got != want {
			t.Errorf("number %d is %#x, want %#x", i, got, want)
		}
	}
}

func TestErrorsOfReadersAndWritersAreHandedOn(t *testing.T) {
	x, broken := New(), errors.New("the disk is gone")
	x.Add(1, phash.Hash256{})
	if err := x.Load(iotest.ErrReader(broken)); !errors.Is(err, broken) || errors.Is(err, ErrSnapshot) {
		t.Errorf("the error of reading is %v", err)
	}
	r, w := io.Pipe()
	r.CloseWithError(broken)
	if err := x.Save(w); !errors.Is(err, broken) {
		t.Errorf("the error of writing is %v", err)
	}
}

func TestADigestTellsSetsApartInWhateverOrderTheyCome(t *testing.T) {
	var a, b Digest
	one, two := flip(phash.Hash256{}, 1), flip(phash.Hash256{}, 2)
	a.Add(1, one)
	a.Add(2, two)
	b.Add(2, two)
	b.Add(1, one)
	if a != b || a.Len() != 2 {
		t.Errorf("the order changes the digest: %v, %v", a, b)
	}
	b.Remove(1, one)
	b.Remove(2, two)
	if b != (Digest{}) {
		t.Errorf("what was taken in and out leaves %v", b)
	}
	b.Add(1, two)
	b.Add(2, one)
	if a == b {
		t.Errorf("keys and hashes can be exchanged unnoticed")
	}
}
