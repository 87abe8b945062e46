package hasher

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// stream is a grey YUV4MPEG2 stream of plain frames.
func stream(width, height, frames int) io.Reader {
	parts := []io.Reader{strings.NewReader(fmt.Sprintf("YUV4MPEG2 W%d H%d F4:1 Ip A0:0 Cmono\n", width, height))}
	for range frames {
		parts = append(parts, strings.NewReader(frameMark), bytes.NewReader(make([]byte, width*height)))
	}
	return io.MultiReader(parts...)
}

func TestFramesOfALongVideoAreThinnedEvenly(t *testing.T) {
	for n, want := range map[int]struct {
		frames int
		last   time.Duration
	}{
		0: {0, 0}, 1: {1, 0}, maxFrames: {maxFrames, (maxFrames - 1) * time.Second / 4},
		maxFrames + 1: {maxFrames/2 + 1, maxFrames * time.Second / 4},
		14_400:        {1800, 14_392 * time.Second / 4},
	} {
		clip, err := readFrames(stream(4, 4, n))
		if err != nil || len(clip.Frames) != want.frames || clip.Cut != (n == 14_400) {
			t.Fatalf("%d frames: %d kept, cut is %v, %v", n, len(clip.Frames), clip.Cut, err)
		}
		if n > 0 && clip.Frames[want.frames-1].At != want.last {
			t.Errorf("%d frames: the last is at %v, want %v", n, clip.Frames[want.frames-1].At, want.last)
		}
		for i := 2; i < len(clip.Frames); i++ {
			if clip.Frames[i].At-clip.Frames[i-1].At != clip.Frames[1].At {
				t.Fatalf("%d frames: uneven at %d", n, i)
			}
		}
	}
	if _, err := readFrames(stream(4, 4, 14_401)); !errors.Is(err, errFrames) {
		t.Errorf("a stream without end: %v", err)
	}
}

func TestWhatIsNoStreamOfGreyFramesIsNotRead(t *testing.T) {
	good := "YUV4MPEG2 W6 H5 F4:1 Cmono\n"
	for _, text := range []string{
		"x", "\n", "YUV4MPEG2 W6 H5 F4:1 Cmono", "YUV4MPEG2 W6 H5\n", "YUV4MPEG2 W6 H5 C420jpeg\n", "YUV4MPEG2 H5 Cmono\n",
		"YUV4MPEG2 W0 H5 Cmono\n", "YUV4MPEG2 W-6 H5 Cmono\n", "YUV4MPEG2 W2049 H5 Cmono\n", "YUV4MPEG2 W6 H99999999999999999999 Cmono\n",
		"YUV4MPEG2 W6 H5 Cmono X" + strings.Repeat("x", 300) + "\n", good + "FRAME" + strings.Repeat("x", 60),
	} {
		if clip, err := readFrames(strings.NewReader(text)); !errors.Is(err, errFrames) || len(clip.Frames) > 0 {
			t.Errorf("%.40q: %d frames, %v", text, len(clip.Frames), err)
		}
	}
	for _, text := range []string{good + "FRA", good + "FRAME\n12345"} {
		if clip, err := readFrames(strings.NewReader(text)); err != nil || !clip.Cut {
			t.Errorf("%.40q: cut is %v, %v", text, clip.Cut, err)
		}
	}
}

func FuzzFrames(f *testing.F) {
	for _, s := range []io.Reader{stream(6, 5, 2), stream(64, 64, 1), strings.NewReader("YUV4MPEG2 W6 H5 Cmono\nFRAME")} {
		b, err := io.ReadAll(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		clip, err := readFrames(bytes.NewReader(b))
		if err != nil && !errors.Is(err, errFrames) || len(clip.Frames) > len(b)/len(frameMark) {
			t.Fatalf("%d frames of %d bytes, %v", len(clip.Frames), len(b), err)
		}
	})
}
