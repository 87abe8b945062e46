package phash

import (
	"context"
	"os"
	"testing"
)

// TestMain makes the test binary its own hashing child, as the program's main does.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == ChildCommand {
		os.Exit(ChildMain(os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

func newTestHasher(tb testing.TB) *Hasher {
	tb.Helper()
	h, err := NewHasher(context.Background(), 1)
	if err != nil {
		tb.Fatal(err)
	}
	return h
}
