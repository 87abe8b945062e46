package hasher

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"io"
	"strconv"
	"strings"
	"time"

	"reprise/internal/phash"
)

// frameMark stands before each frame of a YUV4MPEG2 stream; the stream begins with one line that tells the size.
const (
	streamMark = "YUV4MPEG2 "
	frameMark  = "FRAME\n"
	lineMost   = 256 // bytes of the first line
)

var errFrames = errors.New("ffmpeg did not answer with grey frames of one size")

// maxFrames is how many frames of a found video are held: ten minutes at framesPerSecond.
const maxFrames = 2400

// readFrames hashes the frames of a grey YUV4MPEG2 stream until it ends. When there are more than maxFrames, every
// second one is dropped, and from then on only half as many are hashed. The clip holds what was
// hashed before an error, which says that the stream is none; a stream that ends within a frame is only Cut.
func readFrames(stream io.Reader) (clip phash.FoundClip, err error) {
	r := bufio.NewReaderSize(stream, lineMost)
	frame, err := readSize(r)
	if errors.Is(err, io.EOF) {
		return clip, nil
	}
	if err != nil {
		return clip, err
	}
	mark := make([]byte, len(frameMark))
	for n, every := 0, 1; ; n++ {
		switch _, err := io.ReadFull(r, mark); {
		case errors.Is(err, io.EOF):
			return clip, nil
		case err != nil:
			clip.Cut = true
			return clip, nil
		case string(mark) != frameMark || n == videoSeconds*framesPerSecond:
			return clip, errFrames
		}
		if _, err := io.ReadFull(r, frame.Pix); err != nil {
			clip.Cut = true
			return clip, nil
		}
		clip.Cut = n == videoSeconds*framesPerSecond-1
		if n%every != 0 {
			continue
		}
		if len(clip.Frames) == maxFrames {
			clip.Frames, every = everySecond(clip.Frames), 2*every
		}
		if n%every == 0 {
			clip.Frames = append(clip.Frames, phash.AskFrame(time.Duration(n)*time.Second/framesPerSecond, frame))
		}
	}
}

func everySecond(frames []phash.FoundFrame) []phash.FoundFrame {
	for i := range len(frames) / 2 {
		frames[i] = frames[2*i]
	}
	return frames[:len(frames)/2]
}

// readSize reads the first line and gives an empty frame. The error is io.EOF if there is not a byte.
func readSize(r *bufio.Reader) (*image.Gray, error) {
	line, err := r.ReadSlice('\n')
	if errors.Is(err, io.EOF) && len(line) == 0 {
		return nil, io.EOF
	}
	if err != nil || !strings.HasPrefix(string(line), streamMark) {
		return nil, errFrames
	}
	sides := map[byte]int{}
	grey := false
	for _, field := range strings.Fields(string(line[len(streamMark):])) {
		switch field[0] {
		case 'W', 'H':
			sides[field[0]], _ = strconv.Atoi(field[1:]) // 0 is refused below
		case 'C':
			grey = field == "Cmono"
		}
	}
	width, height := sides['W'], sides['H']
	if !grey || width < 1 || height < 1 || width > videoMaxSide || height > videoMaxSide {
		return nil, fmt.Errorf("frames of %d x %d: %w", width, height, errFrames)
	}
	return image.NewGray(image.Rect(0, 0, width, height)), nil
}
