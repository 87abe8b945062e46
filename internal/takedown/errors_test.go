package takedown

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestARefusalIsKnownAnywhereInTheChain(t *testing.T) {
	for _, kind := range []Kind{Invalid, NotFound, Forbidden, Conflict, TooMany} {
		err := fmt.Errorf("close item 1: %w", errors.Join(io.EOF, Refuse(kind, "error.some")))
		if KindOf(err) != kind || !errors.Is(err, Refuse(kind, "error.some")) {
			t.Errorf("%v is of kind %d, want %d", err, KindOf(err), kind)
		}
		if errors.Is(err, Refuse(kind, "error.other")) || errors.Is(err, Refuse(kind+1, "error.some")) {
			t.Errorf("%v is taken for another", err)
		}
	}
	for _, err := range []error{nil, io.EOF, fmt.Errorf("read: %w", io.EOF)} {
		if KindOf(err) != 0 || errors.Is(err, ErrStep) {
			t.Errorf("%v is taken for a refusal", err)
		}
	}
}

func TestARefusalPrintsItsKeyAlone(t *testing.T) {
	for _, err := range []error{ErrNotFound, ErrForbidden, ErrConflict, ErrStep, ErrReason} {
		if fmt.Sprintf("%v|%+v", err, err) != err.Error()+"|"+err.Error() || KindOf(err) == 0 {
			t.Errorf("%v prints %+v", err.Error(), err)
		}
	}
}
