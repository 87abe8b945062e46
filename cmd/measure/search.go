package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"math/bits"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"reprise/internal/hashindex"
	"reprise/internal/phash"
)

// hashFiles hold hashes of real photographs, one in a line, as a field of its own.
var hashFiles = []string{"internal/edits/testdata/expected.csv", "internal/hashindex/testdata/haystack.txt", "internal/hashindex/testdata/needles.txt"}

const (
	searchQueries = 5000 // timed, for each size, set and radius
	searchScans   = 25   // of these are beside a scan of all hashes, and must give the same hits
	searchAdds    = 200_000
)

// searchTable writes how fast hashindex is at each of the sizes, with random hashes and with such as descend from those
// of real photographs. The queries are members with up to radius bits changed. The scan beside them goes
// over a flat array of the same hashes. Times are those of one processor, and in brackets those of the clock: they
// agree on a machine that does nothing else.
func searchTable(w io.Writer, sizes ...int) error {
	photographs, err := realHashes()
	if err != nil {
		return err
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	t := &table{title: "Exact search", head: []string{
		"hashes", "set", "radius", "recall", "p50, ms", "p99, ms", "flat scan p50, ms", "times as fast", "bytes a hash", "build, s", "adds a second",
	}}
	for _, size := range sizes {
		for _, s := range []hashSet{{name: "random"}, {name: "photographs", real: photographs}} {
			progress("searching %d hashes, %s", size, s.name)
			if err := s.measure(t, size); err != nil {
				return err
			}
		}
	}
	t.write(w)
	return nil
}

// hashSet is a set of made-up hashes: random ones, or descendants of real ones.
type hashSet struct {
	name   string
	real   []phash.Hash256
	weak   [][]int // of each real hash: its bits, those first that edits change first
	rng    *rand.Rand
	hashes []phash.Hash256
	parent []int // of each: its place in real
}

// fill makes the hashes. Descendants are made by 40 to 110 changes to the real one, as crops, sisters of one shoot and
// bad copies are; each real hash has bits that change first, so that its descendants agree in the others.
func (s *hashSet) fill(size int) {
	s.rng = rand.New(rand.NewPCG(1, uint64(size))) //nolint:gosec // repeatable on purpose
	s.hashes, s.parent = make([]phash.Hash256, size), make([]int, size)
	for range s.real {
		s.weak = append(s.weak, s.rng.Perm(256))
	}
	for i := range s.hashes {
		if len(s.real) == 0 {
			s.hashes[i] = phash.Hash256{s.rng.Uint64(), s.rng.Uint64(), s.rng.Uint64(), s.rng.Uint64()}
			continue
		}
		s.parent[i] = s.rng.IntN(len(s.real))
		s.hashes[i] = s.changed(s.real[s.parent[i]], s.parent[i], 40+s.rng.IntN(71))
	}
}

// changed makes n changes to h, which descends from a parent. A bit may be drawn twice, and is changed once then.
func (s *hashSet) changed(h phash.Hash256, parent, n int) phash.Hash256 {
	var change phash.Hash256
	for range n {
		bit := s.rng.IntN(256)
		if len(s.real) > 0 {
			u := s.rng.Float64()
			bit = s.weak[parent][int(128*u*(1+u))]
		}
		change[bit/64] |= 1 << (bit % 64)
	}
	for i := range h {
		h[i] ^= change[i]
	}
	return h
}

// measure adds a row for each radius.
func (s *hashSet) measure(t *table, size int) error {
	s.fill(size)
	empty := heap()
	keys, given := make([]uint64, size), slices.Clone(s.hashes)
	for i := range keys {
		keys[i] = uint64(i)
	}
	x := hashindex.New()
	build := start()
	x.Build(keys, given)
	built := build.stop()
	bytes := float64(heap()-empty) / float64(size)
	first := len(t.rows)
	for _, radius := range []int{31, 47} {
		if err := s.search(t, x, radius); err != nil {
			return err
		}
	}
	adds := start()
	for i := range searchAdds {
		x.Add(uint64(size+i), s.changed(s.hashes[i%size], s.parent[i%size], 80))
	}
	each := adds.stop()
	for i := range t.rows[first:] {
		t.rows[first+i] = append(t.rows[first+i], fmt.Sprintf("%.1f", bytes),
			fmt.Sprintf("%.1f (%.1f)", built.processor.Seconds(), built.clock.Seconds()), fmt.Sprintf("%.0f", searchAdds/each.processor.Seconds()))
	}
	return nil
}

func (s *hashSet) search(t *table, x *hashindex.Index, radius int) error {
	var took, scans []span
	found := 0
	for n := range searchQueries {
		i := s.rng.IntN(len(s.hashes))
		q := s.changed(s.hashes[i], s.parent[i], s.rng.IntN(radius+1))
		watch := start()
		hits := x.Search(q, radius)
		took = append(took, watch.stop())
		if slices.Contains(hits, hashindex.Hit{Key: uint64(i), Distance: q.Distance(s.hashes[i])}) {
			found++
		}
		if n%(searchQueries/searchScans) == 0 {
			watch = start()
			want := scan(s.hashes, q, radius)
			scans = append(scans, watch.stop())
			if !slices.Equal(hits, want) {
				return fmt.Errorf("search at radius %d gives %d hits, a scan %d", radius, len(hits), len(want))
			}
		}
	}
	p50, p99, flat := percentile(took, 50), percentile(took, 99), percentile(scans, 50)
	t.add(fmt.Sprint(len(s.hashes)), s.name, fmt.Sprint(radius), fmt.Sprintf("%.1f %%", 100*float64(found)/searchQueries),
		p50.String(), p99.String(), flat.String(), fmt.Sprintf("%.0f", flat.processor.Seconds()/p50.processor.Seconds()))
	return nil
}

// scan compares a hash with each of many, as fast as plain Go does, for what Search must find.
func scan(hashes []phash.Hash256, q phash.Hash256, radius int) (hits []hashindex.Hit) {
	q0, q1, q2, q3 := q[0], q[1], q[2], q[3]
	for i := range hashes {
		h := &hashes[i]
		d := bits.OnesCount64(q0^h[0]) + bits.OnesCount64(q1^h[1]) + bits.OnesCount64(q2^h[2]) + bits.OnesCount64(q3^h[3])
		if d <= radius {
			hits = append(hits, hashindex.Hit{Key: uint64(i), Distance: d})
		}
	}
	slices.SortFunc(hits, func(a, b hashindex.Hit) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Key, b.Key))
	})
	return hits[:min(len(hits), hashindex.MaxHits)]
}

// span is how long something took: of this thread's processor, and by the clock.
type span struct{ processor, clock time.Duration }

func (s span) String() string {
	return fmt.Sprintf("%.3f (%.3f)", s.processor.Seconds()*1000, s.clock.Seconds()*1000)
}

// stopwatch is when something began.
type stopwatch struct {
	processor time.Duration
	clock     time.Time
}

func start() stopwatch { return stopwatch{threadTime(), time.Now()} }

func (s stopwatch) stop() span { return span{threadTime() - s.processor, time.Since(s.clock)} }

func threadTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err) // it fails for an unknown clock alone
	}
	return time.Duration(t.Nano())
}

// percentile gives that of either kind of time on its own.
func percentile(spans []span, p int) span {
	of := func(kind func(span) time.Duration) time.Duration {
		var all []time.Duration
		for _, s := range spans {
			all = append(all, kind(s))
		}
		slices.Sort(all)
		return all[len(all)*p/100]
	}
	return span{of(func(s span) time.Duration { return s.processor }), of(func(s span) time.Duration { return s.clock })}
}

// heap is the memory in use once what is not needed was taken back: in a second round what a sync.Pool held on to.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func realHashes() ([]phash.Hash256, error) {
	var all []phash.Hash256
	for _, name := range hashFiles {
		text, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("read hashes of photographs: %w", err)
		}
		defer text.Close()
		for lines := bufio.NewScanner(text); lines.Scan(); {
			for field := range strings.SplitSeq(lines.Text(), ",") {
				if h, err := phash.ParseHash256(field); err == nil {
					all = append(all, h)
				}
			}
		}
	}
	return all, nil
}
