package hasher

import "golang.org/x/sys/unix"

const auditArch = unix.AUDIT_ARCH_X86_64

func archSyscalls() []uint32 { return []uint32{unix.SYS_ARCH_PRCTL} }

// archVideoSyscalls are the older spellings that a C library on this architecture may use.
func archVideoSyscalls() []uint32 {
	return []uint32{unix.SYS_ACCESS, unix.SYS_STAT, unix.SYS_LSTAT, unix.SYS_READLINK, unix.SYS_POLL}
}

func archVideoRules(writing uint32) []syscallRule {
	return []syscallRule{{unix.SYS_OPEN, 1, writing, unix.O_RDONLY, unix.EPERM}}
}
