package hasher

import (
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The limits of one child.
const (
	childCPU    = 3 * slowdown  // seconds of processor time
	childFiles  = 8             // open files
	childMemory = 1_500_000_000 // bytes
	childHeap   = 1_000_000_000 // bytes of heap that the garbage collector aims to stay below
)

// confine takes from this process, for good, all that hashing does not need: time, memory, files, core dumps, being
// read by others, and every system call but a few. It fails when any of it cannot be taken.
func confine() error {
	if err := limit(childCPU, childFiles); err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("forbid dumps: %w", err)
	}
	return filterSyscalls(syscallFilter(allowedSyscalls(), []syscallRule{signalItself()}))
}

// limit bounds the seconds of processor time and the open files, and memory, dumps and written files as for all children.
func limit(cpu, files uint64) error {
	space, heap, err := memoryLimits()
	if err != nil {
		return err
	}
	limits := []struct {
		resource int
		max      uint64
	}{
		{unix.RLIMIT_CPU, cpu},
		{unix.RLIMIT_AS, space},
		{unix.RLIMIT_DATA, heap},
		{unix.RLIMIT_NOFILE, files},
		{unix.RLIMIT_CORE, 0},
		{unix.RLIMIT_FSIZE, 0},
	}
	for _, l := range limits {
		if err := unix.Setrlimit(l.resource, &unix.Rlimit{Cur: l.max, Max: l.max}); err != nil {
			return fmt.Errorf("set limit %d: %w", l.resource, err)
		}
	}
	return nil
}

// filterSyscalls makes every system call outside the filter fail, on all threads: no socket, no file, no program can be
// opened any more. It is a seccomp filter (seccomp(2)), which needs no privilege once no_new_privs is set.
func filterSyscalls(filter []unix.SockFilter) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("forbid new privileges: %w", err)
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	failed, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER,
		unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		return fmt.Errorf("filter system calls: %w", errno)
	}
	if failed != 0 {
		return fmt.Errorf("filter system calls: thread %d does not take part", failed)
	}
	return nil
}

// syscallFilter is the classic BPF program: right architecture, else die; a number of the list, else EPERM. The rules
// come first, for numbers outside the list.
func syscallFilter(allowed []uint32, rules []syscallRule) []unix.SockFilter {
	const numberAt, archAt = 0, 4 // offsets in struct seccomp_data
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: archAt},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: auditArch, Jt: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_KILL_PROCESS},
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: numberAt},
	}
	for _, r := range rules {
		filter = append(filter, r.program()...)
	}
	for _, number := range allowed {
		filter = append(filter,
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: number, Jf: 1},
			unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW})
	}
	return append(filter,
		unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)})
}

// syscallRule allows a system call only where the bits of mask in one argument are want, and lets it fail with errno
// else. Arguments are compared by their lower 32 bits, which is all that the kernel takes of the ones ruled here.
type syscallRule struct {
	number     uint32
	arg        uint32 // its place, 0 to 5
	mask, want uint32
	errno      unix.Errno
}

func (r syscallRule) program() []unix.SockFilter {
	const argsAt, argBytes = 16, 8 // offsets in struct seccomp_data; both architectures are little endian
	return []unix.SockFilter{
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: r.number, Jf: 5},
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: argsAt + argBytes*r.arg},
		{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: r.mask},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: r.want, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(r.errno)},
	}
}

// signalItself is the rule that a process may signal its own threads and no other process.
func signalItself() syscallRule {
	return syscallRule{unix.SYS_TGKILL, 0, ^uint32(0), uint32(unix.Getpid()), unix.EPERM}
}

// allowedSyscalls are what the Go runtime and the C library need to compute, and to read and write open files.
func allowedSyscalls() []uint32 {
	return append(archSyscalls(),
		unix.SYS_READ, unix.SYS_WRITE, unix.SYS_CLOSE, unix.SYS_FCNTL, unix.SYS_FSTAT,
		unix.SYS_MMAP, unix.SYS_MUNMAP, unix.SYS_MREMAP, unix.SYS_MPROTECT, unix.SYS_MADVISE, unix.SYS_BRK,
		unix.SYS_MINCORE, unix.SYS_PRCTL,
		unix.SYS_FUTEX, unix.SYS_SCHED_YIELD, unix.SYS_SCHED_GETAFFINITY, unix.SYS_MEMBARRIER,
		unix.SYS_CLONE, unix.SYS_CLONE3, unix.SYS_SET_ROBUST_LIST, unix.SYS_RSEQ, unix.SYS_GETTID, unix.SYS_GETPID,
		unix.SYS_RT_SIGACTION, unix.SYS_RT_SIGPROCMASK, unix.SYS_RT_SIGRETURN, unix.SYS_SIGALTSTACK,
		unix.SYS_NANOSLEEP, unix.SYS_CLOCK_NANOSLEEP, unix.SYS_CLOCK_GETTIME, unix.SYS_GETTIMEOFDAY,
		unix.SYS_EPOLL_CREATE1, unix.SYS_EPOLL_CTL, unix.SYS_EPOLL_PWAIT, unix.SYS_EVENTFD2, unix.SYS_PIPE2,
		unix.SYS_GETRANDOM, unix.SYS_RESTART_SYSCALL, unix.SYS_EXIT, unix.SYS_EXIT_GROUP)
}
