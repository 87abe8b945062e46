package hasher

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"reprise/internal/phash"
	"reprise/internal/picture"
)

// MaxVideoBytes is the size of the largest video that is looked into.
const MaxVideoBytes = 64 << 20

// videoWall is how long one video may take by the clock.
const videoWall = 60 * time.Second

// ErrNoFFmpeg says that this server cannot look into videos.
var ErrNoFFmpeg = errors.New("videos cannot be looked into: install ffmpeg (on Debian: apt install ffmpeg) and start again")

// Videos takes frames out of videos and hashes them. It is safe for concurrent use.
//
// The program starts itself again for each video, as a child that gives up network, files, time and memory and then
// becomes ffmpeg. The child reads the video from memory and writes plain grey frames of one size, which this process
// hashes one by one and forgets.
type Videos struct {
	ffmpeg    string
	places    chan struct{}
	namespace bool
}

// sample is a video of one frame, to see at the start that ffmpeg runs confined.
//
//go:embed sample.webm
var sample []byte

// NewVideos makes a Videos that looks into at most parallel videos at once, each with up to 1.5 GB and a core for half a
// minute. Its error wraps ErrNoFFmpeg if ffmpeg is not in the path or does not run confined here.
func NewVideos(ctx context.Context, parallel int) (*Videos, error) {
	path, err := exec.LookPath("ffmpeg")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoFFmpeg, err)
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoFFmpeg, err)
	}
	for _, namespace := range []bool{true, false} {
		v := &Videos{path, make(chan struct{}, max(parallel, 1)), namespace}
		if _, err = v.Frames(ctx, sample); err == nil {
			return v, nil
		}
	}
	return nil, fmt.Errorf("%w: it is there, but does not run confined: %w", ErrNoFFmpeg, err)
}

// Confinement says what keeps ffmpeg from network and files, for the log and the health page.
func (v *Videos) Confinement() string {
	means := "seccomp"
	if landlocked() {
		means += ", landlock"
	}
	if v.namespace {
		means += " and network namespace"
	}
	return means
}

// Frames hashes four frames a second of the video whose whole file is data, fewer of one longer than ten minutes. It waits
// for a free place. What a limit leaves out is said by Cut. The error is a *picture.Refusal if no frame could be had, the
// context's if that ended, else it wraps ErrNoFFmpeg or tells another fault of ours.
func (v *Videos) Frames(ctx context.Context, data []byte) (phash.FoundClip, error) {
	if len(data) > MaxVideoBytes {
		return phash.FoundClip{}, picture.Refuse(picture.ReasonTooLarge)
	}
	select {
	case v.places <- struct{}{}:
		defer func() { <-v.places }()
	case <-ctx.Done():
		return phash.FoundClip{}, fmt.Errorf("wait to look into a video: %w", ctx.Err())
	}
	file, err := inMemory(data)
	if err != nil {
		return phash.FoundClip{}, err
	}
	defer file.Close()
	return v.run(ctx, file)
}

func (v *Videos) run(ctx context.Context, file *os.File) (phash.FoundClip, error) {
	walled, cancel := context.WithTimeout(ctx, videoWall)
	defer cancel()
	child := v.command(walled, file)
	frames, err := child.StdoutPipe()
	if err != nil {
		return phash.FoundClip{}, fmt.Errorf("look into a video: %w", err)
	}
	if err := child.Start(); err != nil {
		return phash.FoundClip{}, fmt.Errorf("%w: %w", ErrNoFFmpeg, err)
	}
	clip, broken := readFrames(frames)
	if broken != nil {
		cancel() // whatever it writes now is not looked at
	}
	_, _ = io.Copy(io.Discard, frames) // the pipe must be empty before the child is waited for
	err = errors.Join(broken, child.Wait())
	clip.Cut = clip.Cut || err != nil
	switch {
	case ctx.Err() != nil:
		return phash.FoundClip{}, fmt.Errorf("look into a video: %w", ctx.Err())
	case len(clip.Frames) > 0:
		return clip, nil
	case walled.Err() != nil && broken == nil:
		return phash.FoundClip{}, picture.Refuse(picture.ReasonTooSlow)
	}
	return phash.FoundClip{}, judgeVideo(child.ProcessState, err)
}

// command makes the child, which ends with ctx at the latest. Its environment holds nothing of ours.
func (v *Videos) command(ctx context.Context, in *os.File) *exec.Cmd {
	child := exec.CommandContext(ctx, childProgram(), videoCommand, v.ffmpeg) //nolint:gosec // our own program; the path is not from outside
	child.Env = []string{"GOTRACEBACK=none", "GOMAXPROCS=1"}
	child.Dir = "/"
	child.Stdin = in
	child.WaitDelay = time.Second
	child.SysProcAttr = &syscall.SysProcAttr{}
	if v.namespace {
		child.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET
	}
	return child
}

// judgeVideo tells why there is no frame at all.
func judgeVideo(state *os.ProcessState, err error) error {
	switch {
	case state.ExitCode() == exitUnconfined || state.ExitCode() == exitBroken:
		return fmt.Errorf("%w: %w", ErrNoFFmpeg, err)
	case state.ExitCode() < 0 && state.UserTime()+state.SystemTime() > videoCPU*time.Second/2:
		return picture.Refuse(picture.ReasonTooSlow)
	}
	return picture.Refuse(picture.ReasonDamaged)
}

// inMemory gives a file of data that is on no disk and that nobody can change.
func inMemory(data []byte) (*os.File, error) {
	const seals = unix.F_SEAL_WRITE | unix.F_SEAL_GROW | unix.F_SEAL_SHRINK | unix.F_SEAL_SEAL
	fd, err := unix.MemfdCreate("video", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, fmt.Errorf("make a file in memory: %w", err)
	}
	file := os.NewFile(uintptr(fd), "video")
	if _, err := file.Write(data); err != nil {
		return nil, errors.Join(fmt.Errorf("fill a file in memory: %w", err), file.Close())
	}
	if _, err := unix.FcntlInt(file.Fd(), unix.F_ADD_SEALS, seals); err != nil {
		return nil, errors.Join(fmt.Errorf("seal a file in memory: %w", err), file.Close())
	}
	return file, nil
}
