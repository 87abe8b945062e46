package reporter

import (
	"os"
	"testing"

	"reprise/internal/hasher"
)

func TestMain(m *testing.M) {
	hasher.RunChild()
	os.Exit(m.Run())
}
