package hasher

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"reprise/internal/bombs"
	"reprise/internal/keypoints"
	"reprise/internal/phash"
	"reprise/internal/picture"
)

func TestChildHashesAsThisProcessDoes(t *testing.T) {
	h := newTestHasher(t)
	for _, file := range []string{"photos/kodak-1.jpg", "reference/pdq-modes/P.png", "reference/webp/HTC_Desire.webp"} {
		data := referenceFile(t, file)
		got, err := h.Sign(t.Context(), data, false)
		if want := mustSign(t, data); err != nil || !reflect.DeepEqual(got, Given{Signature: want}) {
			t.Errorf("%s: %+v with error %v, want %+v", file, got, err, want)
		}
	}
}

func TestPointsComeFromTheChildOnlyWhenAskedFor(t *testing.T) {
	h, data := newTestHasher(t), photo(t, "kodak-1.jpg")
	p, err := picture.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	given, err := h.Sign(t.Context(), data, true)
	want := keypoints.Find(p.Small(keypoints.MaxSide), keypoints.ForReference)
	if err != nil || len(want.Points) < 100 || !reflect.DeepEqual(given.Points, want) {
		t.Errorf("of a picture given: %d points with error %v, want %d", len(given.Points.Points), err, len(want.Points))
	}
	found, err := h.Ask(t.Context(), data, true)
	if d := given.Signature.Compare(found.Query)[phash.Whole].Distance; err != nil || d != 0 || len(found.Points.Points) <= len(want.Points) {
		t.Errorf("of the same picture found: %d bits, %d points, error %v", d, len(found.Points.Points), err)
	}
	if found, err = h.Ask(t.Context(), data, false); err != nil || len(found.Points.Points) != 0 {
		t.Errorf("not asked for: %d points, error %v", len(found.Points.Points), err)
	}
}

// TestTheChildDecodesWithTheLibrariesInstalled finds out whether a confined library still can do all that it needs.
func TestTheChildDecodesWithTheLibrariesInstalled(t *testing.T) {
	h := newTestHasher(t)
	want := mustSign(t, samplePicture(t, "jpeg/plain.jpg"))
	for _, file := range []string{"jpeg/plain.jpg", "jpeg/progressive.jpg", "heif/plain.heic", "heif/plain.avif"} {
		got, err := h.Sign(t.Context(), samplePicture(t, file), false)
		if err != nil || got.Signature.PDQ.Distance(want.PDQ) > 31 {
			t.Errorf("%s: %d bits from the JPEG, %v", file, got.Signature.PDQ.Distance(want.PDQ), err)
		}
	}
	cut := samplePicture(t, "heif/plain.heic")
	if _, err := h.Sign(t.Context(), cut[:len(cut)/2], false); !isRefusal(err, picture.ReasonDamaged) {
		t.Errorf("a HEIC file cut in half: %v", err)
	}
}

func samplePicture(t *testing.T, file string) []byte {
	t.Helper()
	return referenceFile(t, "../../picture/testdata/"+file)
}

func TestWithoutNamespacesTheFilterConfinesAlone(t *testing.T) {
	h := &Hasher{places: make(chan struct{}, 1)}
	if got, want := h.Confinement(), "seccomp"; got != want {
		t.Errorf("confined by %q, want %q", got, want)
	}
	if _, err := h.Sign(t.Context(), photo(t, "kodak-1.jpg"), false); err != nil {
		t.Errorf("not hashed: %v", err)
	}
}

// TestEveryBombIsJudgedAndTheServerGoesOn keeps the promise of row 42: alive, p95 under 6 s, memory under 300 MB.
func TestEveryBombIsJudgedAndTheServerGoesOn(t *testing.T) {
	h := newTestHasher(t)
	all, err := bombs.All(photo(t, "kodak-1.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	before := residentMB(t)
	var took []time.Duration
	for _, b := range all {
		start := time.Now()
		_, err := h.Sign(t.Context(), b.Data, false)
		took = append(took, time.Since(start))
		got, refused := picture.ReasonOf(err)
		if string(got) != b.Want || refused != (b.Want != "") || (err != nil && !refused) {
			t.Errorf("%s (%d bytes): %v, want %q", b.Name, len(b.Data), err, b.Want)
		}
	}
	slices.Sort(took)
	if p95 := took[len(took)*95/100]; p95 > 6*slowdown*time.Second {
		t.Errorf("p95 is %v, promised is under 6 s", p95)
	}
	if grown := residentMB(t) - before; grown > 300 {
		t.Errorf("this process grew by %d MB, promised is under 300", grown)
	}
	if _, err := h.Sign(t.Context(), photo(t, "kodak-1.jpg"), false); err != nil {
		t.Errorf("after the bombs a photograph is not hashed: %v", err)
	}
}

// TestAChildThatComputesForeverIsStopped keeps the promise of 3 s of processor time, within 5 s by the clock.
func TestAChildThatComputesForeverIsStopped(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	child := newTestHasher(t).command(ctx, taskSign, nil, nil)
	child.Args[1] = spinner
	if err := judge(child.Run(), child.ProcessState); !isRefusal(err, picture.ReasonTooSlow) {
		t.Errorf("%v after %v, want a refusal as too slow", err, child.ProcessState)
	}
	used := child.ProcessState.UserTime() + child.ProcessState.SystemTime()
	if used < 2*slowdown*time.Second || used > 4*slowdown*time.Second || ctx.Err() != nil {
		t.Errorf("stopped after %v of processor time, promised are 3 s", used)
	}
}

// TestAChildThatNeverAnswersIsStoppedByTheClock keeps the promise of 5 s by the clock: the child waits for the rest of
// its picture, which never comes.
func TestAChildThatNeverAnswersIsStoppedByTheClock(t *testing.T) {
	silence, noise, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer noise.Close()
	defer silence.Close()
	start := time.Now()
	if _, err := newTestHasher(t).run(t.Context(), taskSign, silence); !isRefusal(err, picture.ReasonTooSlow) {
		t.Errorf("%v, want a refusal as too slow", err)
	}
	if took := time.Since(start); took < childWall || took > childWall+3*time.Second {
		t.Errorf("stopped after %v, promised are %v", took, childWall)
	}
}

func TestTheLargestPicturesAllowedAreDecoded(t *testing.T) {
	h := newTestHasher(t)
	for name, data := range map[string][]byte{
		"16 bits": bombs.PNG(6000, 4000, 16, 6, 0, bombs.Zeros(4000*(1+6000*8))),
		"8 bits":  bombs.PNG(4000, 6000, 8, 2, 0, bombs.Zeros(6000*(1+4000*3))),
	} {
		_, err := h.Sign(t.Context(), data, false)
		// The race detector makes decoding ten times slower; memory must suffice with it too.
		if !isRefusal(err, picture.ReasonBlank) && (memoryIsLimited() || !isRefusal(err, picture.ReasonTooSlow)) {
			t.Errorf("24 megapixels of %s: %v, want a refusal as blank", name, err)
		}
	}
}

func TestCancellingStopsTheChild(t *testing.T) {
	h, data := newTestHasher(t), bombs.Slowest()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := h.Sign(ctx, data, false)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want the context's error", err)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("returned only after %v", took)
	}
}

func TestHashWaitsForAPlaceNoLongerThanItsContext(t *testing.T) {
	h := newTestHasher(t)
	h.places <- struct{}{} // another picture
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Sign(ctx, photo(t, "kodak-1.jpg"), false); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the context's error", err)
	}
	<-h.places
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := h.Sign(t.Context(), photo(t, "kodak-1.jpg"), false); err != nil {
				t.Errorf("one of four at once: %v", err)
			}
		})
	}
	all.Wait()
}

// TestTheChildCanReachNothing runs the same confinement and then tries what a taken-over decoder would.
func TestTheChildCanReachNothing(t *testing.T) {
	child := exec.Command(ownProgram, captive)
	child.Env = []string{"SECRET=none"}
	out, err := child.Output()
	if err != nil {
		t.Fatalf("the captive did not report: %v", err)
	}
	if got := strings.TrimSpace(string(out)); got != "captive" {
		t.Errorf("the captive could: %s", got)
	}
}

func TestTheChildDiesOfTooMuchMemoryAndThisProcessDoesNot(t *testing.T) {
	err := exec.Command(ownProgram, glutton).Run()
	var exit *exec.ExitError
	if memoryIsLimited() != errors.As(err, &exit) {
		t.Errorf("a child that takes 2 GB ended with: %v", err)
	}
}

func TestTheChildIsGivenNoneOfOurSecrets(t *testing.T) {
	t.Setenv("REPRISE_SECRET", "words")
	h := newTestHasher(t)
	child := h.command(t.Context(), taskSign, nil, nil)
	if env := strings.Join(child.Environ(), " "); strings.Contains(env, "words") {
		t.Errorf("environment of the child: %s", env)
	}
	if args := child.Args; len(args) != 3 || args[1] != childCommand {
		t.Errorf("arguments of the child: %v", args)
	}
}

func TestAnAnswerThatIsNoneIsAFaultOfOurs(t *testing.T) {
	for _, b := range [][]byte{nil, {answerDone}, {answerFailed}, {200}} {
		_, err := readAnswer(b)
		if _, refused := picture.ReasonOf(err); err == nil || refused {
			t.Errorf("%d bytes: %v", len(b), err)
		}
	}
	for _, reason := range reasons {
		if _, err := readAnswer(answer(nil, picture.Refuse(reason))); !isRefusal(err, reason) {
			t.Errorf("%s came back as %v", reason, err)
		}
	}
}

func TestFilesAreReportedOneJSONLineEach(t *testing.T) {
	h := newTestHasher(t)
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for file, want := range map[string]bool{picturesOfEdits + "/photos/kodak-1.jpg": true, empty: false, picturesOfPhash: false, "none": false} {
		if hashed, err := h.WriteFileHash(t.Context(), &out, file); err != nil || hashed != want {
			t.Errorf("%s: hashed is %v with error %v", file, hashed, err)
		}
	}
	for line := range strings.Lines(out.String()) {
		var got map[string]any
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"file", "width", "height", "pdq", "pdq_quality", "phash", "dhash", "ahash", "error"} {
			if _, there := got[key]; !there {
				t.Errorf("no %q in %s", key, line)
			}
		}
		if (got["error"] == nil) != (got["pdq"] != nil) {
			t.Errorf("neither hashed nor refused: %s", line)
		}
	}
	p, err := picture.Decode(photo(t, "kodak-1.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	hashes, err := phash.HashImage(p)
	if err != nil {
		t.Fatal(err)
	}
	sig := mustSign(t, photo(t, "kodak-1.jpg"))
	want := fmt.Sprintf(`"pdq":"%v","pdq_quality":%d,"phash":"%016x"`, sig.PDQ, sig.Quality, hashes.Perception)
	if !strings.Contains(out.String(), want) {
		t.Errorf("no %s in %s", want, out.String())
	}
}

// Where the pictures of the tests are.
const (
	picturesOfPhash = "../phash/testdata"
	picturesOfEdits = "../edits/testdata"
)

func photo(tb testing.TB, name string) []byte {
	tb.Helper()
	return referenceFile(tb, "photos/"+name)
}

func mustSign(tb testing.TB, data []byte) phash.Signature {
	tb.Helper()
	p, err := picture.OpenLibraries(data).Decode(data)
	if err != nil {
		tb.Fatal(err)
	}
	s, err := phash.Sign(p)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func isRefusal(err error, want picture.Reason) bool {
	got, refused := picture.ReasonOf(err)
	return refused && got == want
}

func referenceFile(tb testing.TB, file string) []byte {
	tb.Helper()
	folder := picturesOfPhash
	if strings.HasPrefix(file, "photos/") {
		folder = picturesOfEdits
	}
	data, err := os.ReadFile(filepath.Join(folder, file))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func residentMB(t *testing.T) int {
	t.Helper()
	var pages, resident int
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscan(string(text), &pages, &resident); err != nil {
		t.Fatal(err)
	}
	return resident * os.Getpagesize() >> 20
}

func memoryIsLimited() bool {
	_, writable, _ := memoryLimits()
	return writable != unix.RLIM_INFINITY
}

// The program that ships keeps to what SAFETY promises; only the race detector is
// given more time.
func TestLimitsAreThePromisedOnes(t *testing.T) {
	if childCPU/slowdown != 3 || childWall/slowdown != 5*time.Second {
		t.Errorf("%d s of processor time, %v by the clock", childCPU/slowdown, childWall/slowdown)
	}
}
