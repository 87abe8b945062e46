package picture

import (
	"bytes"
	"image"

	"github.com/bep/imagemeta"
)

// Turn is one of the eight ways to lay a picture: first rows and columns are exchanged, then left and right, then top
// and bottom.
type Turn struct{ Transpose, Mirror, Upend bool }

// exifTurns are the turns that set a picture upright, by the EXIF tag Orientation less one (CIPA DC-008, 4.6.4).
var exifTurns = [8]Turn{
	{}, {Mirror: true}, {Mirror: true, Upend: true}, {Upend: true},
	{Transpose: true}, {Transpose: true, Mirror: true},
	{Transpose: true, Mirror: true, Upend: true}, {Transpose: true, Upend: true},
}

// Before is the single turn that does t and then next.
func (t Turn) Before(next Turn) Turn {
	mirror, upend := t.Mirror, t.Upend
	if next.Transpose {
		mirror, upend = upend, mirror
	}
	return Turn{t.Transpose != next.Transpose, mirror != next.Mirror, upend != next.Upend}
}

// Source tells which of the picture's own axes are read backwards to make t, before any transposition.
func (t Turn) Source() (mirror, upend bool) {
	if t.Transpose {
		return t.Upend, t.Mirror
	}
	return t.Mirror, t.Upend
}

// of turns the pixels of g.
func (t Turn) of(g *image.Gray) *image.Gray {
	if t == (Turn{}) {
		return g
	}
	width, height := g.Rect.Dx(), g.Rect.Dy()
	first, right, down := 0, 1, g.Stride // of g: where to begin, and the steps that lead right and down
	mirror, upend := t.Source()
	if mirror {
		first, right = first+width-1, -right
	}
	if upend {
		first, down = first+(height-1)*g.Stride, -down
	}
	if t.Transpose {
		width, height, right, down = height, width, down, right
	}
	out := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		row, from := out.Pix[y*out.Stride:(y+1)*out.Stride], first+y*down
		for x := range row {
			row[x] = g.Pix[from+x*right]
		}
	}
	return out
}

// exifTurn reads the tag Orientation of a JPEG, and nothing else. A file without a readable one lies as it is.
func exifTurn(data []byte) (t Turn) {
	_, _ = imagemeta.Decode(imagemeta.Options{
		R:               bytes.NewReader(data),
		ImageFormat:     imagemeta.JPEG,
		Sources:         imagemeta.EXIF,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool { return tag.Tag == "Orientation" && tag.Namespace == "IFD0" },
		HandleTag: func(tag imagemeta.TagInfo) error {
			if o, ok := tag.Value.(uint16); ok && o >= 1 && int(o) <= len(exifTurns) {
				t = exifTurns[o-1]
			}
			return nil
		},
	})
	return t
}
