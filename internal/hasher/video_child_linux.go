package hasher

import (
	"fmt"
	"path/filepath"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// videoCommand is the argument that makes the program a child which turns into ffmpeg. The argument after it is the
// path of ffmpeg. People never type it.
const videoCommand = "video-child"

// The limits of one ffmpeg. It opens its libraries one after the other.
const (
	videoCPU   = 30 // seconds of processor time
	videoFiles = 16 // open files
)

// videoMaxSide is the longest side of the frames that ffmpeg answers with. PDQ itself samples down to 512.
const videoMaxSide = 2048

// videoArguments make ffmpeg read one file, its standard input, and write grey frames to standard output, evenly
// beginning with the very first, each the last that is shown by then. The whitelists leave out every format that names
// other files or addresses (playlists, concatenation, scripts), and all audio; references within QuickTime are off by default.
func videoArguments() []string {
	return []string{
		"ffmpeg", "-v", "quiet", "-nostdin", "-max_alloc", "200000000",
		"-protocol_whitelist", "file", "-format_whitelist", videoFormats, "-codec_whitelist", videoCodecs,
		"-max_pixels", fmt.Sprint(videoMaxPixels), "-threads", "1",
		"-t", fmt.Sprint(videoSeconds), "-i", "file:/proc/self/fd/0",
		"-map", "0:V:0", "-an", "-sn", "-dn", "-filter_threads", "1", "-vf", videoFilter,
		"-frames:v", fmt.Sprint(videoSeconds * framesPerSecond), "-f", "yuv4mpegpipe", "-strict", "-1", "-pix_fmt", "gray", "pipe:1",
	}
}

const (
	// References hold one frame a second. A copy that was cut shows other frames at its full seconds; in a moving scene
	// half a second off is 40 bits and more. With four a second nearly all of a cut copy is found, with one nothing.
	framesPerSecond = 4

	videoSeconds   = 3600       // of a video that are looked at
	videoMaxPixels = 36_000_000 // of one frame: 8192 x 4320 and a little more

	videoFormats = "mov,matroska,webm,avi,flv,mpegts,mpeg,mpegvideo,ogg,asf,live_flv"
	videoCodecs  = "h264,hevc,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,mpeg4,mpeg1video,mpeg2video,msmpeg4v1,msmpeg4v2,msmpeg4,h263,h263p,flv,vp6,vp6f,vp6a,theora,wmv1,wmv2,wmv3,vc1,mjpeg"
)

var videoFilter = fmt.Sprintf("fps=%d:round=up:start_time=0,scale=w='min(iw,%d)':h='min(ih,%d)':flags=area",
	framesPerSecond, videoMaxSide, videoMaxSide)

// videoChildMain is the whole of the child: it gives up its rights for good and becomes ffmpeg. It returns only when it
// cannot, with the exit code for that.
func videoChildMain(ffmpeg string) int {
	runtime.LockOSThread() // what follows is taken from this thread, and ffmpeg inherits it
	if err := confineVideo(ffmpeg); err != nil {
		return exitUnconfined
	}
	_ = unix.Exec(ffmpeg, videoArguments(), []string{"AV_LOG_FORCE_NOCOLOR=1"})
	return exitBroken
}

func confineVideo(ffmpeg string) error {
	if err := limit(videoCPU, videoFiles); err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("forbid new privileges: %w", err)
	}
	if err := readOnlyBelow(filepath.Dir(ffmpeg), "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/alternatives"); err != nil {
		return err
	}
	return filterSyscalls(syscallFilter(videoSyscalls(), videoRules()))
}

// readOnlyBelow takes from this thread every right to files but reading and running those below the paths (landlock(7)).
// A kernel without Landlock leaves it as it is: then the file permissions of the server's account and the whitelists
// stand alone.
func readOnlyBelow(paths ...string) error {
	const read = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR
	rights := unix.LandlockRulesetAttr{Handled_access_fs: landlockFirstRights}
	set, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&rights)), unsafe.Sizeof(rights.Handled_access_fs), 0)
	if errno == unix.ENOSYS || errno == unix.EOPNOTSUPP {
		return nil
	}
	if errno != 0 {
		return fmt.Errorf("make a set of file rights: %w", errno)
	}
	for _, path := range paths {
		if err := allowBelow(set, path, read); err != nil {
			return err
		}
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, set, 0, 0); errno != 0 {
		return fmt.Errorf("give up file rights: %w", errno)
	}
	return unix.Close(int(set))
}

// landlocked tells whether the kernel offers Landlock.
func landlocked() bool {
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	return errno == 0 && version > 0
}

// landlockFirstRights are the thirteen rights that the first version of Landlock knows, from executing to making
// symbolic links; what is in the set and not allowed is denied.
const landlockFirstRights = unix.LANDLOCK_ACCESS_FS_MAKE_SYM<<1 - 1

func allowBelow(set uintptr, path string, rights uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil //nolint:nilerr // not every system has every path, and what is not allowed is denied
	}
	defer unix.Close(fd)
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return fmt.Errorf("look at a path of the system: %w", err)
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFDIR {
		rights &^= unix.LANDLOCK_ACCESS_FS_READ_DIR
	}
	rule := unix.LandlockPathBeneathAttr{Allowed_access: rights, Parent_fd: int32(fd)}
	if _, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, set, unix.LANDLOCK_RULE_PATH_BENEATH,
		uintptr(unsafe.Pointer(&rule)), 0, 0, 0); errno != 0 {
		return fmt.Errorf("allow reading the system's libraries: %w", errno)
	}
	return nil
}

// videoRules let ffmpeg open files for reading only, start threads but no processes, and reach no other process. clone3
// hides its flags from filters; the C library takes clone where it is told that there is no clone3.
func videoRules() []syscallRule {
	const writing = unix.O_ACCMODE | unix.O_CREAT | unix.O_TRUNC | unix.O_APPEND | (unix.O_TMPFILE &^ unix.O_DIRECTORY)
	return append(archVideoRules(writing),
		signalItself(),
		syscallRule{unix.SYS_OPENAT, 2, writing, unix.O_RDONLY, unix.EPERM},
		syscallRule{unix.SYS_CLONE, 0, unix.CLONE_THREAD, unix.CLONE_THREAD, unix.EPERM},
		syscallRule{unix.SYS_CLONE3, 0, 0, 1, unix.ENOSYS},
		syscallRule{unix.SYS_PRLIMIT64, 0, ^uint32(0), 0, unix.EPERM},
		syscallRule{unix.SYS_IOCTL, 1, ^uint32(0), unix.TCGETS, unix.EPERM},
	)
}

// videoSyscalls are the calls of the hashing child and what the dynamic loader and ffmpeg need besides.
func videoSyscalls() []uint32 {
	return append(append(allowedSyscalls(), archVideoSyscalls()...),
		unix.SYS_EXECVE, unix.SYS_FACCESSAT, unix.SYS_FACCESSAT2, unix.SYS_NEWFSTATAT, unix.SYS_STATX, unix.SYS_READLINKAT,
		unix.SYS_PREAD64, unix.SYS_LSEEK, unix.SYS_GETDENTS64, unix.SYS_WRITEV, unix.SYS_FADVISE64,
		unix.SYS_SET_TID_ADDRESS, unix.SYS_GETRUSAGE, unix.SYS_SYSINFO, unix.SYS_UNAME, unix.SYS_PPOLL,
		unix.SYS_GETUID, unix.SYS_GETEUID, unix.SYS_GETGID, unix.SYS_GETEGID)
}
