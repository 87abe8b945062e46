package casework

import (
	"sync"
	"sync/atomic"
	"testing"

	"reprise/internal/takedown"
)

func TestOnlySoManyImagesWaitInMemory(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		image, all := photo(t, 0), sync.WaitGroup{}
		var hashed, refused atomic.Int32
		begin := make(chan struct{})
		for range 100 {
			all.Go(func() {
				<-begin
				_, err := h.HashImage(h.ctx, image, false)
				switch {
				case err == nil:
					hashed.Add(1)
				case takedown.KindOf(err) == takedown.TooMany:
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		close(begin)
		all.Wait()
		if hashed.Load() < 24 || refused.Load() == 0 {
			t.Errorf("%d were hashed, %d refused", hashed.Load(), refused.Load())
		}
		if _, err := h.HashImage(h.ctx, image, false); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}
