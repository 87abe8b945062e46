package mail

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

const (
	unnamed     = "unnamed"
	maxFileName = 100 // runes
	nameTail    = 20  // runes kept at the end of a long name: the type must be seen
)

var windowsDevice = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$`)

// FileName makes the name of an attachment fit to be shown: the last part of its path,
// one line, no stream or drive, direction overrides visible as "_", at most 100
// characters. It is never used as a path.
func FileName(name string) string {
	name = strings.ToValidUTF8(name, "_")
	if i := strings.IndexAny(name, "\r\n"); i >= 0 {
		name = name[:i]
	}
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name, _, _ = strings.Cut(name, ":")
	name = strings.Map(func(r rune) rune {
		switch {
		case isBidiControl(r):
			return '_'
		case unicode.IsControl(r), r == 0x2028, r == 0x2029:
			return -1
		}
		return r
	}, name)
	name = strings.TrimLeft(strings.TrimRight(name, ". "), " ")
	if name == "" {
		return unnamed
	}
	if windowsDevice.MatchString(name) {
		name = "_" + name
	}
	return shorten([]rune(name))
}

func shorten(name []rune) string {
	if len(name) <= maxFileName {
		return string(name)
	}
	head := name[:maxFileName-nameTail-1]
	return string(slices.Concat(head, []rune("…"), name[len(name)-nameTail:]))
}
