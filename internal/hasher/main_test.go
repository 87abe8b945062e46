package hasher

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// More children, for the tests alone: all are confined as the hashing child is.
const (
	captive = "captive-child" // tries to get out and prints what it could do
	glutton = "glutton-child" // takes 2 GB
	spinner = "spinner-child" // computes for ever
)

// TestMain makes the test binary its own hashing child, as the program's main does.
func TestMain(m *testing.M) {
	RunChild()
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case captive:
			os.Exit(tryEverything())
		case videoCaptive:
			os.Exit(tryEverythingAsFFmpeg())
		case glutton:
			os.Exit(takeMemory())
		case spinner:
			os.Exit(spin())
		}
	}
	os.Exit(m.Run())
}

func tryEverything() int {
	if err := confine(); err != nil {
		return exitUnconfined
	}
	attempts := []struct {
		deed string
		try  func() error
	}{
		{"open a socket", func() error { _, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0); return err }},
		{"open a local socket", func() error { _, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0); return err }},
		{"make a socket pair", func() error { _, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0); return err }},
		{"read a file", func() error { _, err := os.ReadFile("/etc/passwd"); return err }},
		{"write a file", func() error { return os.WriteFile("/tmp/reprise-captive", nil, 0o600) }},
		{"remove a file", func() error { return unix.Unlink("/tmp/reprise-captive") }},
		{"run a program", func() error { return syscall.Exec("/bin/true", []string{"true"}, nil) }},
		{"raise a limit", func() error { return unix.Setrlimit(unix.RLIMIT_CPU, &unix.Rlimit{Cur: 9, Max: 9}) }},
		{"look into another process", func() error { return unix.PtraceAttach(os.Getppid()) }},
		{"kill another process", func() error { return unix.Kill(os.Getppid(), 0) }},
		{"kill another's thread", func() error { return unix.Tgkill(os.Getppid(), os.Getppid(), 0) }},
		{"unshare", func() error { return unix.Unshare(unix.CLONE_NEWUSER) }},
	}
	fmt.Print("captive")
	for _, a := range attempts {
		if err := a.try(); !errors.Is(err, unix.EPERM) && !os.IsPermission(err) {
			fmt.Printf(", %s (%v)", a.deed, err)
		}
	}
	return exitAnswered
}

func takeMemory() int {
	if err := confine(); err != nil {
		return exitUnconfined
	}
	var taken [][]byte
	for range 20 {
		taken = append(taken, make([]byte, 100_000_000))
	}
	return len(taken) - 20
}

func spin() int {
	if err := confine(); err != nil {
		return exitUnconfined
	}
	for turns := 1; turns > 0; {
		turns ^= 2
	}
	return exitAnswered
}

func newTestHasher(tb testing.TB) *Hasher {
	tb.Helper()
	h, err := NewHasher(context.Background(), 1)
	if err != nil {
		tb.Fatal(err)
	}
	return h
}
