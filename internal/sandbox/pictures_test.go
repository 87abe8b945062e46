package sandbox_test

import (
	"strings"
	"testing"

	"reprise/internal/fetch"
	"reprise/internal/hasher"
	"reprise/internal/phash"
	"reprise/internal/sandbox"
)

// Bounds of MATCHING.md: what platforms take for the same, what the house takes
// for near, and where unlike pictures begin to be expected.
const (
	sameBits, nearBits, farBits = 31, 47, 90
)

func newHasher(t *testing.T) *hasher.Hasher {
	t.Helper()
	h, err := hasher.NewHasher(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func references(t *testing.T, h *hasher.Hasher) []ref {
	t.Helper()
	var refs []ref
	for _, name := range sandbox.References() {
		data, err := sandbox.Reference(name)
		if err != nil {
			t.Fatal(err)
		}
		given, err := h.Sign(t.Context(), data, false)
		if err != nil {
			t.Fatal(err)
		}
		if given.Signature.Quality != 100 {
			t.Errorf("%s has quality %d", name, given.Signature.Quality)
		}
		refs = append(refs, ref{name, given.Signature})
	}
	return refs
}

func TestTwoReferencesAreFarFromEachOther(t *testing.T) {
	refs := references(t, newHasher(t))
	if d := refs[0].sig.PDQ.Distance(refs[1].sig.PDQ); d <= farBits {
		t.Errorf("%d bits apart", d)
	}
}

// TestPicturesOfEachPageAreWhatTheExampleSays looks as the house does: the guarded
// fetch, the media it finds on the page, the hashing child.
func TestPicturesOfEachPageAreWhatTheExampleSays(t *testing.T) {
	s, h := open(t, ""), newHasher(t)
	refs := references(t, h)
	looker := fetch.New(fetch.Options{Exceptions: s.Exceptions(), Total: 2})
	hashed := map[string]best{} // by the bytes: pages share copies
	for _, c := range []struct {
		what        string
		least, most int
		variant     phash.Variant
		kind        phash.Kind
	}{
		{"removes", 0, sameBits, phash.Same, phash.Whole}, {"silent", 0, sameBits, phash.Same, phash.Whole}, {"refuses", 0, sameBits, phash.Same, phash.Whole},
		{"soft", 0, sameBits, phash.Same, phash.Whole}, {"pretends", 0, sameBits, phash.Same, phash.Whole}, {"returns", 0, sameBits, phash.Same, phash.Whole},
		{"mirror", 0, nearBits, phash.FlipY, phash.Whole}, {"crop", 0, nearBits, phash.Same, phash.Cropped},
		{"screenshot", 0, nearBits, phash.Same, phash.Segments}, {"unrelated", farBits + 1, 256, phash.Same, phash.Whole},
	} {
		for _, address := range shown(t, looker, example(t, s, c.what).URL) {
			picture, err := looker.Media(t.Context(), address)
			if err != nil || picture.Kind != fetch.KindImage {
				t.Fatalf("%s: %v", address, err)
			}
			best, ok := hashed[string(picture.Body)]
			if !ok {
				best = nearest(t, h, picture.Body, refs, c.kind)
				hashed[string(picture.Body)] = best
				t.Logf("%s: %d bits as %s", address, best.Distance, best.Variant)
			}
			least, most := c.least, c.most
			if beside(address) {
				least, most = farBits+1, 256
			}
			if best.Distance < least || best.Distance > most || best.Distance <= nearBits && best.Variant != c.variant {
				t.Errorf("%s: %s is %d bits away as %s", c.what, address, best.Distance, best.Variant)
			}
		}
	}
}

// beside tells a picture that only stands around those that matter.
func beside(address string) bool {
	return strings.Contains(address, "/hats-") || strings.Contains(address, "/window-")
}

// shown gives the largest and the smallest size of each picture of a page, as the
// house finds them.
func shown(t *testing.T, looker *fetch.Client, address string) []string {
	t.Helper()
	answer, err := looker.Look(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	found := fetch.FindMedia(answer.Body, answer.Declared, answer.FinalURL)
	if says := fetch.PageSays(found, answer.Status, answer.FinalURL); says != fetch.SaysContent {
		t.Errorf("%s says %s", address, says)
	}
	var out []string
	for _, m := range found.Media {
		if m.CoveredBy != "" {
			continue
		}
		out = append(out, m.URL)
		if !beside(m.URL) {
			out = append(out, strings.Replace(m.URL, "-600.jpg", "-240.jpg", 1))
		}
	}
	if len(out) == 0 {
		t.Fatalf("no media on %s", address)
	}
	return out
}

func nearest(t *testing.T, h *hasher.Hasher, picture []byte, refs []ref, kind phash.Kind) best {
	t.Helper()
	found, err := h.Ask(t.Context(), picture, false)
	if err != nil {
		t.Fatal(err)
	}
	near := best{Distance: 257}
	for _, r := range refs {
		if f := r.sig.Compare(found.Query)[kind]; f.Distance < near.Distance {
			near = best{r.id, f.Distance, f.Variant}
		}
	}
	return near
}

// ref is a reference picture, best the nearest one to a found picture.
type ref struct {
	id  string
	sig phash.Signature
}

type best struct {
	ID       string
	Distance int
	Variant  phash.Variant
}

func TestStatesReadAsWhatTheyAre(t *testing.T) {
	s := open(t, "")
	looker := fetch.New(fetch.Options{Exceptions: s.Exceptions(), Total: 2})
	for _, e := range []sandbox.Example{example(t, s, "removes"), example(t, s, "refuses")} { // one French, one English
		for state, want := range map[sandbox.State]struct {
			status int
			says   fetch.Says
		}{
			sandbox.Online: {200, fetch.SaysContent}, sandbox.Gone: {404, fetch.SaysGone}, sandbox.Soft: {200, fetch.SaysGone},
			sandbox.Login: {200, fetch.SaysLogin}, sandbox.Forbidden: {403, fetch.SaysLogin},
			sandbox.Country: {451, fetch.SaysGeo}, sandbox.Down: {503, fetch.SaysUnclear},
		} {
			if err := s.Set(e.URL, state); err != nil {
				t.Fatal(err)
			}
			answer, err := looker.Look(t.Context(), e.URL)
			if err != nil {
				t.Fatal(err)
			}
			page := fetch.FindMedia(answer.Body, answer.Declared, answer.FinalURL)
			if says := fetch.PageSays(page, answer.Status, answer.FinalURL); answer.Status != want.status || says != want.says {
				t.Errorf("%s of %s: %d, %s", state, e.Host, answer.Status, says)
			}
		}
	}
}

func TestGuardAllowsEveryExampleAndOnlyByItsExceptions(t *testing.T) {
	s := open(t, "")
	for _, e := range s.Addresses() {
		if j := fetch.Judge(e.URL); !j.Fetch || !j.Store {
			t.Errorf("%s: %+v", e.URL, j)
		}
		if _, ok := s.Exceptions()[e.Host]; !ok {
			t.Errorf("%s has no exception", e.Host)
		}
		if !strings.HasSuffix(e.Host, ".essai") {
			t.Errorf("%s could be somebody's", e.Host)
		}
	}
	for _, at := range s.Exceptions() {
		loopback(t, at)
	}
}
