package phash

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// MaxFrames is how many frames a clip may hold: ten minutes at one a second, longer videos at fewer.
const MaxFrames = 600

const (
	clipVersion    = 1
	clipHeadBytes  = 1 + 4 + 2
	clipFrameBytes = 4 + 1 + hash256Bytes
)

// ErrClip says that bytes are not a clip, or are one of a version that we do not know.
var ErrClip = errors.New("not a clip of a known version")

// Clip is all that is kept of a video: the PDQ hashes of some of its frames, in the order of their times. A frame with
// bars may be there a second time without them, at the same time.
type Clip struct {
	Duration time.Duration // of the whole video, in milliseconds
	Frames   []Frame       // 1 to MaxFrames
}

// Frame is one hashed frame of a video, upright as people see it.
type Frame struct {
	At      time.Duration // from the beginning, in milliseconds
	Quality int           // PDQ's own, 0 to 100
	PDQ     Hash256
}

// MarshalBinary gives the version, the duration, the number of frames, and 37 bytes for each: numbers are big endian
// and times in milliseconds. Its error wraps ErrClip when a field is out of its bounds.
func (c Clip) MarshalBinary() ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("write a clip: %w", err)
	}
	b := append(make([]byte, 0, clipHeadBytes+len(c.Frames)*clipFrameBytes), clipVersion)
	b = binary.BigEndian.AppendUint32(b, uint32(c.Duration.Milliseconds()))
	b = binary.BigEndian.AppendUint16(b, uint16(len(c.Frames)))
	for _, f := range c.Frames {
		b = binary.BigEndian.AppendUint32(b, uint32(f.At.Milliseconds()))
		b = f.PDQ.appendTo(append(b, byte(f.Quality)))
	}
	return b, nil
}

// UnmarshalBinary reads what MarshalBinary wrote, and trusts none of it. Its error wraps ErrClip; then c is unchanged.
func (c *Clip) UnmarshalBinary(b []byte) error {
	if len(b) < clipHeadBytes || b[0] != clipVersion {
		return fmt.Errorf("read a clip of %d bytes: %w", len(b), ErrClip)
	}
	n := int(binary.BigEndian.Uint16(b[5:]))
	if n > MaxFrames || len(b) != clipHeadBytes+n*clipFrameBytes {
		return fmt.Errorf("read a clip of %d bytes and %d frames: %w", len(b), n, ErrClip)
	}
	read := Clip{Duration: milliseconds(b[1:]), Frames: make([]Frame, n)}
	for i := range read.Frames {
		f := b[clipHeadBytes+i*clipFrameBytes:]
		read.Frames[i] = Frame{milliseconds(f), int(f[4]), hash256From(f[5:])}
	}
	if err := read.check(); err != nil {
		return fmt.Errorf("read a clip: %w", err)
	}
	*c = read
	return nil
}

// check refuses what cannot be written and read back as the same, and frames out of order.
func (c Clip) check() error {
	if len(c.Frames) == 0 || len(c.Frames) > MaxFrames || !writable(c.Duration) {
		return fmt.Errorf("%d frames in %v: %w", len(c.Frames), c.Duration, ErrClip)
	}
	for i, f := range c.Frames {
		if !writable(f.At) || i > 0 && f.At < c.Frames[i-1].At || f.Quality < 0 || f.Quality > 100 {
			return fmt.Errorf("frame %d at %v with quality %d: %w", i, f.At, f.Quality, ErrClip)
		}
	}
	return nil
}

func milliseconds(b []byte) time.Duration {
	return time.Duration(binary.BigEndian.Uint32(b)) * time.Millisecond
}

func writable(d time.Duration) bool {
	return d >= 0 && d <= (1<<32-1)*time.Millisecond && d%time.Millisecond == 0
}
