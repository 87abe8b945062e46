package fetch

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"
)

// FoundKind is what a found address should be.
type FoundKind string

// The kinds of found media.
const (
	FoundImage  FoundKind = "image"
	FoundVideo  FoundKind = "video"
	FoundPoster FoundKind = "poster" // the still picture of a video
)

// Found is one picture or video that a page shows or links.
type Found struct {
	URL           string // absolute; it may always be stored, and is judged again before a look
	Kind          FoundKind
	Width, Height int    // as declared; 0 if not
	From          string // img, srcset, lazy, picture, video, poster, og, twitter, jsonld, link, style, direct

	// CoveredBy is the address of the same picture in a larger size, which comes
	// earlier in the list: look at this one only if that one fails.
	CoveredBy string
}

// Streamed tells whether the address is that of a playlist from which a player
// takes a video piece by piece, so that there is no file to look into.
func (f Found) Streamed() bool {
	end := extension(f.URL)
	return f.Kind == FoundVideo && (end == ".m3u8" || end == ".mpd")
}

// Bounds of finding.
const (
	maxFound      = 200
	maxCandidates = 2000
)

type attributes map[string]string

// candidate is a find before it is resolved and ranked.
type candidate struct {
	url           string
	kind          FoundKind
	width, height int
	from          string
}

// finder collects candidates. A group is the pictures of which one is shown: img
// with its srcset, its picture element, and the link around it.
type finder struct {
	base  string // for resolving
	based bool
	found []ranked
	seen  map[string]int // canonical -> place in found

	link    string // resolved media link that is open
	media   string // "video", "audio" or "picture" when open
	sources []candidate
	cut     bool // more were found than are kept
	social  int  // place of the last Open Graph image in found, or -1
}

type ranked struct {
	Found
	score, rank int
}

func newFinder(base string) *finder {
	return &finder{base: base, seen: map[string]int{}, social: -1}
}

// element takes one start tag.
func (f *finder) element(name string, a attributes) {
	switch name {
	case "base":
		f.setBase(a["href"])
	case "meta":
		f.meta(a)
	case "link":
		f.linkElement(a)
	case "a", "area":
		f.anchor(a)
	case "picture", "audio":
		f.media, f.sources = name, nil
	case "video":
		f.media = name
		f.add(candidate{url: cmp.Or(a["src"], a["data-src"]), kind: FoundVideo, width: pixels(a["width"]), height: pixels(a["height"]), from: "video"})
		f.add(candidate{url: cmp.Or(a["poster"], a["data-poster"]), kind: FoundPoster, width: pixels(a["width"]), height: pixels(a["height"]), from: "poster"})
	case "source":
		f.source(a)
	case "img", "amp-img":
		f.image(a)
	}
	f.backgrounds(a)
}

func (f *finder) end(name string) {
	switch name {
	case "a":
		f.link = ""
	case "video", "audio":
		f.media = ""
	case "picture":
		if f.media == name && len(f.sources) > 0 { // no img came
			f.group(f.sources)
		}
		f.media, f.sources = "", nil
	}
}

// setBase obeys the first base element, as browsers do, and for resolving only.
func (f *finder) setBase(href string) {
	if f.based || href == "" {
		return
	}
	f.based = true
	if to := resolve(f.base, cleanRef(href)); Judge(to).Store {
		f.base = to
	}
}

// meta reads Open Graph, Twitter cards and microdata.
func (f *finder) meta(a attributes) {
	content := a["content"]
	key := lowerASCII(cmp.Or(a["property"], a["name"], a["itemprop"]))
	switch key {
	case "og:image", "og:image:url", "og:image:secure_url":
		f.social = f.add(candidate{url: content, kind: FoundImage, from: "og"})
	case "og:image:width", "og:image:height":
		f.socialSize(key, pixels(content))
	case "og:video", "og:video:url", "og:video:secure_url", "contenturl":
		f.addTyped(content, "og")
	case "twitter:image", "twitter:image:src", "twitter:image0":
		f.add(candidate{url: content, kind: FoundImage, from: "twitter"})
	case "twitter:player:stream":
		f.add(candidate{url: content, kind: FoundVideo, from: "twitter"})
	case "image", "thumbnailurl":
		f.add(candidate{url: content, kind: FoundImage, from: "og"})
	}
}

// socialSize gives the size to the Open Graph image before it.
func (f *finder) socialSize(key string, n int) {
	if f.social < 0 {
		return
	}
	last := &f.found[f.social]
	if strings.HasSuffix(key, "width") {
		last.Width = n
	} else {
		last.Height = n
	}
	last.score = score(last.Found)
}

func (f *finder) linkElement(a attributes) {
	rel := " " + lowerASCII(a["rel"]) + " "
	switch {
	case strings.Contains(rel, " image_src "):
		f.add(candidate{url: a["href"], kind: FoundImage, from: "og"})
	case strings.Contains(rel, " preload ") && a["as"] == "image":
		f.group(append(srcset(a["imagesrcset"], "srcset"), candidate{url: a["href"], kind: FoundImage, from: "img"}))
	}
}

// anchor remembers a link to a media file: pictures inside it are its thumbnails.
func (f *finder) anchor(a attributes) {
	f.link = ""
	if kind := mediaName(a["href"]); kind != "" {
		if at := f.add(candidate{url: a["href"], kind: kind, from: "link"}); at >= 0 && kind == FoundImage {
			f.link = f.found[at].URL
		}
	}
}

func (f *finder) source(a attributes) {
	switch {
	case f.media == "picture":
		f.sources = append(f.sources, srcset(cmp.Or(a["srcset"], a["data-srcset"]), "picture")...)
		f.sources = f.sources[:min(len(f.sources), 100)]
	case f.media == "video" || strings.HasPrefix(a["type"], "video/"):
		f.add(candidate{url: cmp.Or(a["src"], a["data-src"]), kind: FoundVideo, from: "video"})
	}
}

// lazyNames are where scripts keep the real address of a picture that is loaded
// late or enlarged.
var lazyNames = []string{"data-src", "data-original", "data-lazy-src", "data-lazy", "data-url", "data-full", "data-full-src",
	"data-image", "data-large_image", "data-zoom-image", "data-hi-res-src", "data-orig-file", "data-large-file"}

func (f *finder) image(a attributes) {
	w, h := pixels(a["width"]), pixels(a["height"])
	all := append([]candidate{}, f.sources...)
	f.sources = nil
	for _, key := range []string{"srcset", "data-srcset", "data-lazy-srcset"} {
		all = append(all, srcset(a[key], "srcset")...)
	}
	for _, key := range lazyNames {
		all = append(all, candidate{url: a[key], kind: FoundImage, width: w, height: h, from: "lazy"})
	}
	all = append(all, candidate{url: a["src"], kind: FoundImage, width: w, height: h, from: "img"})
	f.group(all)
}

// group adds the pictures of which one is shown: the largest, and the plain one
// covered by it; both covered by the full size that the link around them names.
func (f *finder) group(all []candidate) {
	full := f.link
	best, plain := -1, len(all)-1
	for i, c := range all {
		if best >= 0 && c.width <= all[best].width {
			continue
		}
		if to, _ := f.resolved(c.url); to != "" {
			best = i
		}
	}
	if best < 0 {
		return
	}
	if at := f.add(all[best]); at >= 0 {
		f.cover(at, full)
		full = cmp.Or(full, f.found[at].URL)
	}
	if plain != best {
		if at := f.add(all[plain]); at >= 0 {
			f.cover(at, full)
		}
	}
}

func (f *finder) cover(at int, full string) {
	if full != "" && full != f.found[at].URL && f.found[at].From != "link" {
		f.found[at].CoveredBy = full
	}
}

// backgrounds reads url() in a style attribute, and lazy backgrounds.
func (f *finder) backgrounds(a attributes) {
	for _, key := range []string{"data-bg", "data-background-image", "data-background"} {
		f.add(candidate{url: strings.TrimSuffix(strings.TrimPrefix(a[key], "url("), ")"), kind: FoundImage, from: "lazy"})
	}
	style := a["style"]
	for range 10 {
		_, after, ok := strings.Cut(style, "url(")
		if !ok {
			return
		}
		inside, rest, _ := strings.Cut(after, ")")
		f.add(candidate{url: strings.Trim(strings.TrimSpace(inside), `"'`), kind: FoundImage, from: "style"})
		style = rest
	}
}

// addTyped adds an address whose name tells what it is; without a telling name it
// may be a player's page and is left out.
func (f *finder) addTyped(ref, from string) {
	if kind := mediaName(ref); kind != "" {
		f.add(candidate{url: ref, kind: kind, from: from})
	}
}

// add keeps a candidate unless it can be no picture of a person, and gives its
// place, or that of the same address found before; -1 if it is not kept.
func (f *finder) add(c candidate) int {
	to, key := f.resolved(c.url)
	if to == "" || hopeless(to, c) {
		return -1
	}
	found := Found{URL: to, Kind: c.kind, Width: c.width, Height: c.height, From: c.from}
	if at, again := f.seen[key]; again {
		if f.found[at].Width == 0 {
			f.found[at].Width, f.found[at].Height = c.width, c.height
			f.found[at].score = score(f.found[at].Found)
		}
		return at
	}
	if len(f.found) >= maxCandidates {
		f.cut = true
		return -1
	}
	f.seen[key] = len(f.found)
	f.found = append(f.found, ranked{found, score(found), sourceRank(c.from)})
	return len(f.found) - 1
}

// resolved gives an absolute address that may be stored and its canonical form,
// or nothing.
func (f *finder) resolved(ref string) (to, canonical string) {
	if ref == "" || len(ref) > MaxURL {
		return "", ""
	}
	if ref = cleanRef(ref); ref == "" || strings.HasPrefix(ref, "#") {
		return "", ""
	}
	to = resolve(f.base, ref)
	if j := Judge(to); j.Store {
		return to, j.Canonical
	}
	return "", ""
}

// refCleaner writes what an address may not hold raw.
var refCleaner = strings.NewReplacer("\t", "", "\r", "", "\n", "", " ", "%20", `"`, "%22", "<", "%3C", ">", "%3E", "`", "%60")

// cleanRef does to a reference what every browser does: outer space and inner
// line breaks go, inner spaces and quotes are escaped.
func cleanRef(ref string) string {
	return refCleaner.Replace(strings.TrimSpace(ref))
}

// ranked sorts largest first and cuts. What covers stands before what it covers.
func (f *finder) ranked() []Found {
	scores := map[string]int{}
	for _, r := range f.found {
		scores[r.URL] = r.score
	}
	for i, r := range f.found {
		if r.CoveredBy != "" {
			f.found[i].score = min(r.score, scores[r.CoveredBy]-1)
		}
	}
	slices.SortStableFunc(f.found, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.rank, b.rank))
	})
	f.cut = f.cut || len(f.found) > maxFound
	var out []Found
	for _, r := range f.found[:min(len(f.found), maxFound)] {
		out = append(out, r.Found)
	}
	return out
}

func pixels(s string) int {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(s), "px"))
	if err != nil || n < 0 || n > 100_000 {
		return 0
	}
	return n
}

// mediaName tells a media file by the end of its path.
func mediaName(ref string) FoundKind {
	switch extension(ref) {
	case ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".avif", ".heic", ".heif", ".bmp", ".jxl":
		return FoundImage
	case ".mp4", ".webm", ".mov", ".m4v", ".mkv", ".avi", ".flv", ".wmv", ".mpg", ".mpeg", ".ogv", ".3gp", ".m3u8", ".mpd":
		return FoundVideo
	}
	return ""
}

// extension is the end of the path's last name, in small letters.
func extension(ref string) string {
	ref = strings.TrimSpace(ref)
	if end := strings.IndexAny(ref, "?#"); end >= 0 {
		ref = ref[:end]
	}
	return lowerASCII(path.Ext(ref))
}
