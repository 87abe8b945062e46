package phash

import (
	"bytes"
	"image"
	"image/jpeg"
	"os"
	"testing"
	"time"

	"github.com/corona10/goimagehash"
	"golang.org/x/image/draw"
	"golang.org/x/sys/unix"

	"reprise/internal/picture"
)

// BenchmarkSign640 and its siblings go from the bytes of a file to hashes, beside goimagehash's one hash alone. The
// processor time is the figure to read on a machine that does other things too.
func BenchmarkSign640(b *testing.B) { benchSign(b, photo(b, "kodak-1.jpg")) }

func BenchmarkGoimagehash640(b *testing.B) { benchPerception(b, photo(b, "kodak-1.jpg")) }

func BenchmarkSign12MP(b *testing.B) { benchSign(b, enlarged(b, 4000, 3000)) }

func BenchmarkGoimagehash12MP(b *testing.B) { benchPerception(b, enlarged(b, 4000, 3000)) }

func BenchmarkPDQEightVariants(b *testing.B) {
	p, err := picture.Decode(photo(b, "kodak-1.jpg"))
	if err != nil {
		b.Fatal(err)
	}
	perCPU(b, func() { pdqTurned(sampled(p, picture.Turn{})) })
}

func BenchmarkDecode640(b *testing.B) {
	data := photo(b, "kodak-1.jpg")
	perCPU(b, func() { _, _ = picture.Decode(data) })
}

func benchSign(b *testing.B, data []byte) {
	perCPU(b, func() {
		if _, err := sign(data); err != nil {
			b.Fatal(err)
		}
	})
}

func benchPerception(b *testing.B, data []byte) {
	perCPU(b, func() {
		img, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := goimagehash.PerceptionHash(img); err != nil {
			b.Fatal(err)
		}
	})
}

func perCPU(b *testing.B, f func()) {
	start := cpuTime(b)
	for b.Loop() {
		f()
	}
	b.ReportMetric(float64((cpuTime(b)-start).Microseconds())/1000/float64(b.N), "cpu-ms/op")
}

func cpuTime(b *testing.B) (total time.Duration) {
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var u unix.Rusage
		if err := unix.Getrusage(who, &u); err != nil {
			b.Fatal(err)
		}
		total += time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	return total
}

func photo(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile("../edits/testdata/photos/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func enlarged(tb testing.TB, width, height int) []byte {
	tb.Helper()
	small, err := jpeg.Decode(bytes.NewReader(photo(tb, "kodak-1.jpg")))
	if err != nil {
		tb.Fatal(err)
	}
	large := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.BiLinear.Scale(large, large.Rect, small, small.Bounds(), draw.Src, nil)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, large, &jpeg.Options{Quality: 90}); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}
