package hasher

import "golang.org/x/sys/unix"

const auditArch = unix.AUDIT_ARCH_X86_64

func archSyscalls() []uint32 { return []uint32{unix.SYS_ARCH_PRCTL} }
