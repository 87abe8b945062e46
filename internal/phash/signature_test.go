package phash

import (
	"bytes"
	"encoding/binary"
	"errors"
	"reflect"
	"testing"
)

func TestSignatureSurvivesBytes(t *testing.T) {
	want := mustSign(t, photo(t, "kodak-5.jpg"))
	b, err := want.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if n := 132 + 38*len(want.Regions); len(b) != n || n > SignatureBytes {
		t.Errorf("a signature has %d bytes, want %d and no more than %d", len(b), n, SignatureBytes)
	}
	var got Signature
	if err := got.UnmarshalBinary(b); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read back %+v with error %v, want %+v", got, err, want)
	}
}

func TestBytesThatAreNoSignatureAreRefused(t *testing.T) {
	b, err := mustSign(t, photo(t, "kodak-5.jpg")).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	changed := func(at int, to byte) []byte {
		c := bytes.Clone(b)
		c[at] = to
		return c
	}
	for name, bad := range map[string][]byte{
		"nothing": nil, "the beginning": b[:100], "one byte more": append(bytes.Clone(b), 0),
		"another version": changed(0, 99), "a quality of 101": changed(1, 101), "no width": changed(4, 0)[:],
		"a region of no kind": changed(132, 7), "an empty box": changed(132+4, 0), "regions that are not there": changed(131, 1),
		"a whole that is a part": changed(132+2, 9), "a second whole": changed(132+38, byte(RegionWhole)),
		"a fourth segment": changed(132+4*38, byte(RegionSegment)),
	} {
		if name == "no width" {
			binary.BigEndian.PutUint32(bad[2:], 0)
		}
		var s Signature
		if err := s.UnmarshalBinary(bad); !errors.Is(err, ErrSignature) {
			t.Errorf("%s: %v, want ErrSignature", name, err)
		}
	}
	if _, err := (Signature{}).MarshalBinary(); !errors.Is(err, ErrSignature) {
		t.Errorf("an empty signature was written: %v", err)
	}
}

// TestSignaturesOfTheFirstVersionStillCompare builds what version 1 wrote: head, PDQ, eight variants, goimagehash.
func TestSignaturesOfTheFirstVersionStillCompare(t *testing.T) {
	now := mustSign(t, photo(t, "kodak-5.jpg"))
	old := append([]byte{1, byte(now.Quality)}, binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, 640), 427)...)
	old = now.Upright.appendTo(now.PDQ.appendTo(old))
	old = append(old, make([]byte, 7*hash256Bytes)...)
	old = binary.BigEndian.AppendUint64(now.PHash256.appendTo(old), now.PHash64)
	old = append(old, make([]byte, 16)...)
	var s Signature
	if err := s.UnmarshalBinary(old); err != nil {
		t.Fatal(err)
	}
	if s.PHash64 != now.PHash64 || s.PHash256 != now.PHash256 || s.Width != 640 {
		t.Errorf("read as %+v", s)
	}
	all := s.Compare(mustAsk(t, photo(t, "kodak-5.jpg")))
	if f := all[Whole]; f.Distance != 0 || f.Variant != Same || all[Cropped].Distance != None {
		t.Errorf("its own picture is found as %+v", all)
	}
}

func FuzzSignature(f *testing.F) {
	s := Signature{Version: versionRegions, Width: 1, Height: 1, Regions: []Region{{Box: fullBox}}}
	b, err := s.MarshalBinary()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		var s Signature
		if s.UnmarshalBinary(b) != nil || s.Version != versionRegions {
			return
		}
		again, err := s.MarshalBinary()
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("%x was read and written as %x (%v)", b, again, err)
		}
	})
}
