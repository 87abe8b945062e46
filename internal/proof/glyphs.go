package proof

import (
	"fmt"
	"strings"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// The fonts of the document know Latin, Greek and Cyrillic letters. The writer of
// PDFs leaves a blank for any other, and gives up at some.
var fonts = []*sfnt.Font{mustParse(goregular.TTF), mustParse(gobold.TTF), mustParse(gomono.TTF)}

func mustParse(ttf []byte) *sfnt.Font {
	f, err := sfnt.Parse(ttf)
	if err != nil {
		panic(err) // the font is part of the program
	}
	return f
}

// written tells whether all fonts have a letter.
func written(r rune) bool {
	var b sfnt.Buffer
	for _, f := range fonts {
		if n, err := f.GlyphIndex(&b, r); err != nil || n == 0 {
			return false
		}
	}
	return true
}

// spelled writes what no font has by the percent signs of addresses: it is the same
// address, and can be typed.
func spelled(address string) string {
	var out strings.Builder
	for _, r := range address {
		if written(r) {
			out.WriteRune(r)
			continue
		}
		for _, b := range []byte(string(r)) {
			fmt.Fprintf(&out, "%%%02X", b)
		}
	}
	return out.String()
}

// legible leaves a question mark for what no font has.
func legible(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || written(r) {
			return r
		}
		return '?'
	}, text)
}
