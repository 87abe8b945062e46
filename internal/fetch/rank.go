package fetch

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Areas assumed where a page declares none, in pixels: what is linked or offered
// to other sites is usually the whole picture, what is shown is smaller.
const (
	wholeArea = 1200 * 900
	shownArea = 600 * 400
	thumbArea = 200 * 150
)

// sourceRank orders equals: the likeliest full size first.
func sourceRank(from string) int {
	return slices.Index([]string{"direct", "video", "link", "og", "jsonld", "twitter", "picture", "srcset", "lazy", "poster", "img", "style"}, from)
}

// score is the area to sort by: declared, else assumed; ornaments last.
func score(f Found) int {
	name := lowerASCII(path.Base(f.URL))
	switch {
	case ornament(name):
		return 0
	case f.From == "direct" || f.Kind == FoundVideo:
		return 1 << 40
	case f.Width > 0 && f.Height > 0:
		return max(f.Width*f.Height, linkArea(f))
	case f.Width > 0 || f.Height > 0:
		side := max(f.Width, f.Height)
		return max(side*side*3/4, linkArea(f))
	case f.From == "link" || f.From == "og" || f.From == "jsonld" || f.From == "twitter":
		return wholeArea
	case strings.Contains(name, "thumb") || strings.Contains(f.URL, "/thumb"):
		return thumbArea
	case f.From == "style":
		return shownArea / 2
	}
	return shownArea
}

// linkArea keeps a linked file above its thumbnail, whose size it may have been
// given when both are one address.
func linkArea(f Found) int {
	if f.From == "link" {
		return wholeArea
	}
	return 0
}

var ornaments = []string{"sprite", "logo", "icon", "spacer", "blank.", "pixel.", "placeholder", "loader", "loading", "emoji", "badge", "transparent"}

func ornament(name string) bool {
	for _, o := range ornaments {
		if strings.Contains(name, o) {
			return true
		}
	}
	return false
}

// hopeless is what can show nobody: counting pixels and drawings.
func hopeless(to string, c candidate) bool {
	tiny := c.width > 0 && c.height > 0 && c.width <= 8 && c.height <= 8
	return tiny || slices.Contains([]string{".svg", ".ico", ".js", ".css"}, extension(to))
}

// srcset cuts "a.jpg 300w, b.jpg 2x" into candidates, with the width the
// descriptor promises; a density counts as so many times 600 pixels. Commas
// inside addresses survive when no space follows them.
func srcset(value, from string) []candidate {
	var out []candidate
	for range 50 {
		value = strings.TrimLeft(value, " \t\r\n\f,")
		if value == "" {
			break
		}
		end := strings.IndexAny(value, " \t\r\n\f")
		if end < 0 {
			end = len(value)
		}
		ref := value[:end]
		value = value[end:]
		descriptor := ""
		if bare := strings.TrimRight(ref, ","); bare != ref {
			ref = bare
		} else {
			descriptor, value, _ = strings.Cut(value, ",")
		}
		out = append(out, candidate{url: ref, kind: FoundImage, width: promised(descriptor), from: from})
	}
	return out
}

func promised(descriptor string) int {
	for d := range strings.FieldsSeq(descriptor) {
		n, err := strconv.ParseFloat(d[:len(d)-1], 32)
		switch {
		case err != nil || n <= 0 || n > 100_000:
		case strings.HasSuffix(d, "w"):
			return int(n)
		case strings.HasSuffix(d, "x") && n <= 10:
			return int(n * 600)
		}
	}
	return 0
}

// structured reads JSON-LD: contentUrl, thumbnailUrl and image, wherever they
// stand, within bounds of depth and number.
func (f *finder) structured(text []byte) {
	var v any
	if json.Unmarshal(text, &v) == nil {
		budget := 10_000
		f.walk(v, "", 32, &budget)
	}
}

func (f *finder) walk(v any, key string, depth int, budget *int) {
	*budget--
	if depth == 0 || *budget < 0 {
		return
	}
	switch v := v.(type) {
	case string:
		f.structuredURL(key, v)
	case []any:
		for _, e := range v {
			f.walk(e, key, depth-1, budget)
		}
	case map[string]any:
		f.object(v, key, depth, budget)
	}
}

// object visits keys in the order that matters, so that a page gives the same
// list each time.
func (f *finder) object(v map[string]any, key string, depth int, budget *int) {
	if key == "image" || v["@type"] == "ImageObject" {
		for _, k := range []string{"contentUrl", "url"} {
			s, _ := v[k].(string)
			f.structuredURL("image", s)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(v)) {
		f.walk(v[k], k, depth-1, budget)
	}
}

func (f *finder) structuredURL(key, s string) {
	switch key {
	case "contentUrl":
		kind := mediaName(s)
		if kind == "" {
			kind = FoundVideo
		}
		f.add(candidate{url: s, kind: kind, from: "jsonld"})
	case "image", "thumbnailUrl":
		f.add(candidate{url: s, kind: FoundImage, from: "jsonld"})
	}
}
