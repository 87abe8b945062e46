package hasher

import "golang.org/x/sys/unix"

const auditArch = unix.AUDIT_ARCH_AARCH64

func archSyscalls() []uint32 { return nil }

func archVideoSyscalls() []uint32 { return nil }

func archVideoRules(uint32) []syscallRule { return nil }
