package hasher

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"reprise/internal/phash"
	"reprise/internal/picture"
)

func newTestVideos(t *testing.T) *Videos {
	t.Helper()
	v, err := NewVideos(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// made is a file that ffmpeg makes of the arguments, which go before the name of the file.
func made(t *testing.T, name string, arguments ...string) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	out, err := exec.Command("ffmpeg", append(append([]string{"-v", "error", "-nostdin"}, arguments...), file)...).CombinedOutput()
	if err != nil {
		t.Fatalf("make %s: %v: %s", name, err, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// walk is a walk along a photograph: twelve seconds, 320 x 240.
func walk(t *testing.T, photo string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "walk.mp4")
	data := made(t, "walk.mp4", "-loop", "1", "-t", "12", "-i", picturesOfEdits+"/photos/"+photo, "-vf",
		"scale=480:360:force_original_aspect_ratio=increase,crop=320:240:x='(iw-320)*t/12':y='(ih-240)*t/12',setsar=1", "-r", "24",
		"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// asReference is what a device keeps of a video: a frame a second.
func asReference(found phash.FoundClip) (c phash.Clip) {
	for _, f := range found.Frames {
		if f.At%time.Second == 0 {
			c.Frames = append(c.Frames, phash.Frame{At: f.At, Quality: f.Quality, PDQ: f.Hashes[0][phash.Same]})
		}
	}
	return c
}

func framesOf(t *testing.T, v *Videos, data []byte) phash.FoundClip {
	t.Helper()
	clip, err := v.Frames(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	return clip
}

// TestFramesAreThoseOfTheReference holds them against the hashes that Meta's vpdq prints for the same video. It does
// not shrink the frame before hashing it, as PDQ does with pictures: that is what is left of difference.
func TestFramesAreThoseOfTheReference(t *testing.T) {
	data, err := os.ReadFile("testdata/chair.mp4")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open("testdata/chair.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var want []phash.Frame
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.Split(lines.Text(), ",") // frame, quality, hash, time
		quality, err := strconv.Atoi(fields[1])
		if err != nil {
			t.Fatal(err)
		}
		h, err := phash.ParseHash256(fields[2])
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, phash.Frame{Quality: quality, PDQ: h})
	}
	got := framesOf(t, newTestVideos(t), data).Frames
	if len(got) < 16 {
		t.Fatalf("%d frames", len(got))
	}
	for _, f := range got[:16] {
		w := want[30*f.At/time.Second] // 30 frames a second
		if d := f.Hashes[0][phash.Same].Distance(w.PDQ); d > 8 || f.Quality != w.Quality {
			t.Errorf("at %v: %d bits, quality %d, want %d", f.At, d, f.Quality, w.Quality)
		}
	}
}

func TestEditedVideosAreFoundAndOthersAreNot(t *testing.T) {
	v, original, other := newTestVideos(t), walk(t, "kodak-1.jpg"), walk(t, "kodak-7.jpg")
	data, err := os.ReadFile(original)
	if err != nil {
		t.Fatal(err)
	}
	reference := asReference(framesOf(t, v, data))
	h264 := []string{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"}
	for _, c := range []struct {
		name, filter     string
		more             []string
		reference, found int // least share in per cent
		variant          phash.Variant
	}{
		{"compressed hard", "null", []string{"-crf", "38"}, 100, 100, phash.Same},
		{"half the size", "scale=iw/2:ih/2", nil, 100, 100, phash.Same},
		{"mirrored", "hflip", nil, 100, 100, phash.FlipY},
		{"on its side", "transpose=1", nil, 100, 100, phash.Rot90},
		{"letterboxed", "pad=iw:ih*1.5:0:oh/6", nil, 80, 80, phash.Same},
		{"cut out between two frames", "null", []string{"-ss", "3.4", "-t", "5"}, 35, 80, phash.Same},
		{"within a longer one", "null", []string{"-i", other, "-filter_complex", "[1][0][1]concat=n=3"}, 90, 25, phash.Same},
	} {
		arguments := append([]string{"-i", original}, c.more...)
		if c.filter != "null" {
			arguments = append(arguments, "-vf", c.filter)
		}
		got := reference.Compare(framesOf(t, v, made(t, "edited.mp4", append(arguments, h264...)...)))
		if got.Reference.Percent() < c.reference || got.Found.Percent() < c.found || got.Variant != c.variant {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	data, err = os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	if got := reference.Compare(framesOf(t, v, data)); got.Reference.Matched > 0 || got.Nearest < 64 {
		t.Errorf("another video: %+v", got)
	}
}

func TestEachContainerOfTheWebIsRead(t *testing.T) {
	v, original := newTestVideos(t), walk(t, "kodak-1.jpg")
	for name, codec := range map[string]string{
		"a.webm": "libvpx", "b.mkv": "libx264", "c.mov": "mpeg4", "d.avi": "mpeg4", "e.flv": "flv", "f.ts": "libx264", "g.ogv": "libtheora",
	} {
		clip, err := v.Frames(t.Context(), made(t, name, "-t", "2", "-i", original, "-c:v", codec))
		if err != nil || len(clip.Frames) < 8 || clip.Frames[0].Quality < phash.FrameQuality {
			t.Errorf("%s: %d frames, %v", name, len(clip.Frames), err)
		}
	}
}

// TestHostileVideosAreRefused: each is no video, names other files or addresses, or is built to exhaust.
func TestHostileVideosAreRefused(t *testing.T) {
	v := newTestVideos(t)
	victim := walk(t, "kodak-1.jpg")
	video, err := os.ReadFile(victim)
	if err != nil {
		t.Fatal(err)
	}
	before := residentMB(t)
	for name, data := range map[string][]byte{
		"nothing":               nil,
		"noise":                 []byte(strings.Repeat("\x9c\x01\xfe\x33zZ", 5000)),
		"a picture":             photo(t, "kodak-1.jpg"),
		"playlist of a file":    []byte("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://" + victim + "\n#EXT-X-ENDLIST\n"),
		"playlist of a page":    []byte("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n"),
		"concatenation":         []byte("ffconcat version 1.0\nfile '" + victim + "'\n"),
		"DASH":                  []byte(`<?xml version="1.0"?><MPD><Period><AdaptationSet><BaseURL>file://` + victim + `</BaseURL></AdaptationSet></Period></MPD>`),
		"session description":   []byte("v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\n"),
		"subtitles":             []byte("1\n00:00:00,000 --> 00:00:09,000\nword\n"),
		"only its head":         video[:200],
		"head of another":       append([]byte("\x1aE\xdf\xa3"), video[4:]...),
		"10,000 x 10,000":       made(t, "huge.avi", "-f", "lavfi", "-i", "color=s=10000x10000:r=1:d=1", "-c:v", "mjpeg", "-q:v", "31"),
		"sound alone":           made(t, "sound.mp4", "-f", "lavfi", "-i", "sine=d=2", "-c:a", "aac"),
		"a codec not on a list": made(t, "a.mkv", "-f", "lavfi", "-i", "testsrc=s=64x64:d=1", "-c:v", "ffv1"),
	} {
		start := time.Now()
		clip, err := v.Frames(t.Context(), data)
		if !isRefusal(err, picture.ReasonDamaged) || len(clip.Frames) > 0 {
			t.Errorf("%s: %d frames, %v", name, len(clip.Frames), err)
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s: refused after %v", name, took)
		}
	}
	if _, err := v.Frames(t.Context(), make([]byte, MaxVideoBytes+1)); !isRefusal(err, picture.ReasonTooLarge) {
		t.Errorf("too large: %v", err)
	}
	if grown := residentMB(t) - before; grown > 300 {
		t.Errorf("this process grew by %d MB", grown)
	}
}

func TestWhatCouldBeReadOfABrokenVideoIsUsed(t *testing.T) {
	v := newTestVideos(t)
	video := made(t, "a.mkv", "-f", "lavfi", "-i", "testsrc=s=320x240:d=10", "-c:v", "libx264", "-preset", "ultrafast")
	clip := framesOf(t, v, video[:len(video)/2])
	if n := len(clip.Frames); n < 8 || n > 30 {
		t.Errorf("%d frames of half a video", n)
	}
	// The size changes in the middle: the frames after it are brought to the size of the first.
	small := made(t, "a.ts", "-f", "lavfi", "-i", "testsrc=s=160x120:d=3", "-c:v", "libx264")
	large := made(t, "b.ts", "-f", "lavfi", "-i", "testsrc=s=640x480:d=3", "-c:v", "libx264", "-output_ts_offset", "3")
	if clip := framesOf(t, v, append(small, large...)); len(clip.Frames) < 12 {
		t.Errorf("%d frames of a video whose size changes", len(clip.Frames))
	}
}

// TestAVideoOfTwoHoursIsCutAndTakesNoLongerThanPromised: it is small and shows one picture for two hours.
func TestAVideoOfTwoHoursIsCutAndTakesNoLongerThanPromised(t *testing.T) {
	v := newTestVideos(t)
	video := made(t, "long.mp4", "-f", "lavfi", "-i", "testsrc=s=64x64:r=1:d=7200", "-r", "1", "-c:v", "libx264", "-preset", "ultrafast")
	start := time.Now()
	clip := framesOf(t, v, video)
	if took := time.Since(start); !clip.Cut || len(clip.Frames) > maxFrames || took > videoWall+5*time.Second {
		t.Errorf("cut is %v, %d frames, after %v", clip.Cut, len(clip.Frames), took)
	}
}

func TestFramesStopWithTheContext(t *testing.T) {
	v, original := newTestVideos(t), made(t, "a.mp4", "-f", "lavfi", "-i", "testsrc2=s=640x360:d=60", "-c:v", "libx264", "-preset", "ultrafast")
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := v.Frames(ctx, original); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want the context's error", err)
	}
	if took := time.Since(start); took > 4*time.Second {
		t.Errorf("returned only after %v", took)
	}
	v.places <- struct{}{} // another video
	if _, err := v.Frames(ctx, original); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for a place: %v", err)
	}
}

func TestWithoutFFmpegItIsSaid(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := NewVideos(t.Context(), 1); !errors.Is(err, ErrNoFFmpeg) {
		t.Errorf("%v", err)
	}
	other := t.TempDir() // something of that name which is no ffmpeg
	if err := os.Symlink("/bin/true", filepath.Join(other, "ffmpeg")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", other)
	if _, err := NewVideos(t.Context(), 1); !errors.Is(err, ErrNoFFmpeg) {
		t.Errorf("with another program: %v", err)
	}
}

func TestFFmpegIsGivenNoneOfOurSecrets(t *testing.T) {
	t.Setenv("REPRISE_SECRET", "words")
	child := newTestVideos(t).command(t.Context(), nil)
	if env := strings.Join(child.Environ(), " "); strings.Contains(env, "words") {
		t.Errorf("environment of the child: %s", env)
	}
}

// TestFFmpegCanReachNothing runs the same confinement and then tries what a taken-over decoder would.
func TestFFmpegCanReachNothing(t *testing.T) {
	child := exec.Command(ownProgram, videoCaptive)
	child.Env = []string{"SECRET=none"}
	out, err := child.Output()
	if err != nil {
		t.Fatalf("the captive did not report: %v", err)
	}
	if got := strings.TrimSpace(string(out)); got != "captive, 30 s, 16 files" {
		t.Errorf("the captive could: %s", got)
	}
}

const videoCaptive = "video-captive" // confined as ffmpeg is, tries to get out and prints what it could do

func tryEverythingAsFFmpeg() int {
	runtime.LockOSThread()
	secret, err := os.CreateTemp("", "captive")
	if err != nil {
		return exitBroken
	}
	defer os.Remove(secret.Name())
	readable := !landlocked() // which cannot be asked later
	if err := confineVideo("/usr/bin/ffmpeg"); err != nil {
		return exitUnconfined
	}
	name, parent := secret.Name(), os.Getppid()
	attempts := []struct {
		deed string
		try  func() error
	}{
		{"open a socket", func() error { _, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0); return err }},
		{"open a local socket", func() error { _, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0); return err }},
		{"write a file", func() error { return os.WriteFile("/tmp/reprise-captive", nil, 0o600) }},
		{"make a device", func() error { return unix.Mknod("/tmp/reprise-captive", unix.S_IFIFO, 0) }},
		{"rename a file", func() error { return unix.Rename(name, name+"2") }},
		{"link a file", func() error { return unix.Link(name, name+"2") }},
		{"remove a file", func() error { return unix.Unlink(name) }},
		{"change a file", func() error { return unix.Chmod(name, 0o777) }},
		{"truncate a file", func() error { return unix.Truncate(name, 1) }},
		{"start a process", func() error { _, err := syscall.ForkExec("/bin/true", []string{"true"}, nil); return err }},
		{"look into another process", func() error { return unix.PtraceAttach(parent) }},
		{"read another's memory", func() error { _, err := unix.ProcessVMReadv(parent, nil, nil, 0); return err }},
		{"kill another process", func() error { return unix.Kill(parent, 0) }},
		{"kill another's thread", func() error { return unix.Tgkill(parent, parent, 0) }},
		{"limit another process", func() error { return unix.Prlimit(parent, unix.RLIMIT_CPU, nil, &unix.Rlimit{}) }},
		{"unshare", func() error { return unix.Unshare(unix.CLONE_NEWUSER) }},
		{"mount", func() error { return unix.Mount("none", "/tmp", "tmpfs", 0, "") }},
		{"hold a key", func() error { _, err := unix.KeyctlGetKeyringID(unix.KEY_SPEC_SESSION_KEYRING, true); return err }},
	}
	if !readable {
		attempts = append(attempts, struct {
			deed string
			try  func() error
		}{"read a file", func() error { _, err := os.ReadFile("/etc/passwd"); return err }})
	}
	fmt.Print("captive")
	for _, a := range attempts {
		// The filter says EPERM. Landlock, which says EACCES, stands behind it and is alone only in reading.
		if err := a.try(); !errors.Is(err, unix.EPERM) && !(a.deed == "read a file" && errors.Is(err, unix.EACCES)) {
			fmt.Printf(", %s (%v)", a.deed, err)
		}
	}
	var cpu, files unix.Rlimit
	if unix.Prlimit(0, unix.RLIMIT_CPU, nil, &cpu) == nil && unix.Prlimit(0, unix.RLIMIT_NOFILE, nil, &files) == nil {
		fmt.Printf(", %d s, %d files", cpu.Max, files.Max)
	}
	return exitAnswered
}
