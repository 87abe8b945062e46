package phash

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"
)

// scene is a made-up hash, far from the hashes of other numbers.
func scene(n int) (h Hash256) {
	x := uint64(n)*0x9e3779b97f4a7c15 + 1
	for i := range h {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		h[i] = x
	}
	return h
}

// clipOf has a frame a second, each of the scene named.
func clipOf(scenes ...int) (c Clip) {
	c.Duration = time.Duration(len(scenes)) * time.Second
	for i, n := range scenes {
		c.Frames = append(c.Frames, Frame{time.Duration(i) * time.Second, 100, scene(n)})
	}
	return c
}

// foundOf shows the scenes, one a second, lying as v.
func foundOf(v Variant, scenes ...int) (c FoundClip) {
	for i, n := range scenes {
		var hashes [Variants]Hash256
		for w := range hashes {
			hashes[w] = scene(1000*(w+1) + n)
		}
		hashes[v] = scene(n)
		c.Frames = append(c.Frames, FoundFrame{time.Duration(i) * time.Second, 100, [][Variants]Hash256{hashes}})
	}
	return c
}

func TestClipIsReadBackAsWritten(t *testing.T) {
	want := clipOf(1, 2, 3)
	want.Frames[2].At, want.Frames[2].Quality = want.Frames[1].At, 0 // a second picture of the same moment
	b, err := want.MarshalBinary()
	if err != nil || len(b) != 7+3*37 || b[0] != 1 || b[4] != 0xb8 || b[6] != 3 || b[7+37+3] != 0xe8 || b[7+4] != 100 {
		t.Fatalf("%x, %v", b, err)
	}
	var got Clip
	if err := got.UnmarshalBinary(b); err != nil || got.Duration != want.Duration || !slices.Equal(got.Frames, want.Frames) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
}

func TestClipOutOfBoundsIsNeitherWrittenNorRead(t *testing.T) {
	good, err := clipOf(1, 2).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	spoil := func(at int, with byte) []byte { b := slices.Clone(good); b[at] = with; return b }
	for name, b := range map[string][]byte{
		"nothing": nil, "head alone": good[:7], "cut": good[:len(good)-1], "longer": append(slices.Clone(good), 0),
		"version": spoil(0, 2), "count": spoil(6, 3), "quality": spoil(7+4, 101), "times back": spoil(7, 1),
		"no frame": {1, 0, 0, 0, 0, 0, 0}, "601 frames": append([]byte{1, 0, 0, 0, 0, 2, 89}, make([]byte, 601*37)...),
	} {
		c := clipOf(7)
		if err := c.UnmarshalBinary(b); !errors.Is(err, ErrClip) || c.Frames[0] != clipOf(7).Frames[0] {
			t.Errorf("%s: %v, %+v", name, err, c)
		}
	}
	long, late, back := clipOf(make([]int, 601)...), clipOf(1), clipOf(1, 2)
	late.Frames[0].At, back.Frames[0].At = 1<<32*time.Millisecond, 2*time.Second
	fine, worse := clipOf(1), clipOf(1)
	fine.Frames[0].At, worse.Frames[0].Quality = time.Microsecond, -1
	for _, c := range []Clip{{}, long, late, back, fine, worse, {Duration: -1, Frames: clipOf(1).Frames}} {
		if b, err := c.MarshalBinary(); !errors.Is(err, ErrClip) {
			t.Errorf("written as %d bytes: %v", len(b), err)
		}
	}
}

func FuzzClip(f *testing.F) {
	for _, c := range []Clip{clipOf(1), clipOf(1, 2, 3), {Duration: time.Hour, Frames: []Frame{{}, {}}}} {
		b, err := c.MarshalBinary()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var c Clip
		if err := c.UnmarshalBinary(b); err != nil {
			if !errors.Is(err, ErrClip) || c.Frames != nil {
				t.Fatalf("%v, %+v", err, c)
			}
			return
		}
		if again, err := c.MarshalBinary(); err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%x became %x, %v", b, again, err)
		}
	})
}

func TestCompareTellsBothDirections(t *testing.T) {
	s := time.Second
	for _, c := range []struct {
		name      string
		reference Clip
		found     FoundClip
		want      ClipFinding
	}{
		{"the same", clipOf(1, 2, 3), foundOf(Same, 1, 2, 3),
			ClipFinding{Same, 0, Share{3, 3, 0}, Share{3, 3, 0}, Span{0, 2 * s}, Span{0, 2 * s}}},
		{"mirrored", clipOf(1, 2, 3), foundOf(FlipY, 1, 2, 3),
			ClipFinding{FlipY, 0, Share{3, 3, 0}, Share{3, 3, 0}, Span{0, 2 * s}, Span{0, 2 * s}}},
		{"a part of it", clipOf(1, 2, 3, 4, 5), foundOf(Same, 3, 4),
			ClipFinding{Same, 0, Share{2, 5, 0}, Share{2, 2, 0}, Span{2 * s, 3 * s}, Span{0, s}}},
		{"within a longer one", clipOf(1, 2), foundOf(Same, 7, 8, 1, 2, 9),
			ClipFinding{Same, 0, Share{2, 2, 0}, Share{2, 5, 0}, Span{0, s}, Span{2 * s, 3 * s}}},
		{"the longest stretch", clipOf(1, 2, 3), foundOf(Same, 1, 20, 21, 22, 23, 24, 25, 2, 3),
			ClipFinding{Same, 0, Share{3, 3, 0}, Share{3, 9, 0}, Span{0, 2 * s}, Span{7 * s, 8 * s}}},
	} {
		if got := c.reference.Compare(c.found); got != c.want {
			t.Errorf("%s: %+v\nwant %+v", c.name, got, c.want)
		}
	}
	other := clipOf(1, 2).Compare(foundOf(Same, 3, 4))
	if other.Reference.Matched+other.Found.Matched != 0 || other.Nearest <= FrameRadius || other.FoundSpan != (Span{}) {
		t.Errorf("another video: %+v", other)
	}
}

func TestFramesWithinTheRadiusMatchAndNoOthers(t *testing.T) {
	for bits, want := range map[int]int{FrameRadius: 1, FrameRadius + 1: 0} {
		found := foundOf(Same, 1)
		for k := range bits {
			found.Frames[0].Hashes[0][Same][k/64] ^= 1 << (k % 64)
		}
		if got := clipOf(1).Compare(found); got.Reference.Matched != want || got.Nearest != bits {
			t.Errorf("%d bits: %+v", bits, got)
		}
	}
}

func TestPlainFramesAreLeftOutAndCounted(t *testing.T) {
	reference, found := clipOf(1, 2, 3), foundOf(Same, 1, 2)
	reference.Frames[0].Quality, found.Frames[0].Quality = FrameQuality-1, FrameQuality-1
	got := reference.Compare(found)
	if got.Reference != (Share{1, 2, 1}) || got.Found != (Share{1, 1, 1}) || got.Reference.Percent() != 50 {
		t.Errorf("%+v", got)
	}
	found.Frames[1].Quality = 0
	if got := reference.Compare(found); got.Nearest != None || got.Found != (Share{0, 0, 2}) || got.Found.Percent() != 0 {
		t.Errorf("nothing to ask: %+v", got)
	}
}

// TestAMomentIsMatchedByAnyOfItsFrames: a reference frame may be there without its bars as well, and a found video has
// several frames a second.
func TestAMomentIsMatchedByAnyOfItsFrames(t *testing.T) {
	reference, found := clipOf(1, 2), foundOf(Same, 8, 2, 9, 5)
	reference.Frames[1].At = 0
	for i := range found.Frames {
		found.Frames[i].At = time.Duration(i) * time.Second / 2
	}
	if got := reference.Compare(found); got.Reference != (Share{1, 1, 0}) || got.Found != (Share{1, 2, 0}) {
		t.Errorf("%+v", got)
	}
}

func TestStillsAreFoundInVideosAndVideosInStills(t *testing.T) {
	frame, v, d := foundOf(Rot180, 1, 2, 3).NearestStill(scene(2))
	if frame.At != time.Second || v != Rot180 || d != 0 {
		t.Errorf("at %v as %v, %d bits", frame.At, v, d)
	}
	still := foundOf(FlipX, 3).Frames[0].Hashes[0]
	if f, v, d := clipOf(1, 2, 3).NearestFrame(still); f.At != 2*time.Second || v != FlipX || d != 0 {
		t.Errorf("at %v as %v, %d bits", f.At, v, d)
	}
	plain := clipOf(3)
	plain.Frames[0].Quality = FrameQuality - 1
	if _, _, d := plain.NearestFrame(still); d != None {
		t.Errorf("a plain frame is %d bits away", d)
	}
	if _, _, d := (FoundClip{}).NearestStill(scene(1)); d != None {
		t.Errorf("no frame is %d bits away", d)
	}
}
