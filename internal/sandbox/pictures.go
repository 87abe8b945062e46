package sandbox

import (
	"bytes"
	"embed"
	"fmt"
	"image"
	"image/jpeg"
	"io/fs"
	"strings"
	"sync"

	"golang.org/x/image/draw"
)

// files are the style sheet and the photographs (see pictures/README.md).
//
//go:embed files
var files embed.FS

// Sizes in which pages offer a picture, by width in pixels: full is the largest.
const (
	full   = 600
	medium = 420
	small  = 240
)

// quality of the copies: low enough that no byte of a copy is that of the original.
const quality = 72

// album makes the copies of the photographs that pages show: each once, when first
// asked for.
type album struct {
	mutex sync.Mutex
	made  map[string][]byte
}

func newAlbum() *album { return &album{made: map[string][]byte{}} }

// References are the two pictures that the walk is about, by file name.
func References() []string { return []string{"parrots.jpg", "lighthouse.jpg"} }

// Reference gives the bytes of a reference picture, as the person would have it.
func Reference(name string) ([]byte, error) {
	data, err := fs.ReadFile(files, "files/pictures/"+name)
	if err != nil {
		return nil, fmt.Errorf("read a reference picture: %w", err)
	}
	return data, nil
}

// copy gives a copy of a picture in a width. A name may end in "-mirror" or "-crop".
func (a *album) copy(name string, width int) ([]byte, error) {
	key := fmt.Sprintf("%s-%d", name, width)
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if data, ok := a.made[key]; ok {
		return data, nil
	}
	base, edit, _ := strings.Cut(name, "-")
	original, err := Reference(base + ".jpg")
	if err != nil {
		return nil, err
	}
	picture, err := jpeg.Decode(bytes.NewReader(original))
	if err != nil {
		return nil, fmt.Errorf("decode picture %s: %w", base, err)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, scaled(edited(picture, edit), width), &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode picture %s: %w", key, err)
	}
	a.made[key] = out.Bytes()
	return out.Bytes(), nil
}

func edited(from image.Image, edit string) image.Image {
	switch edit {
	case "mirror":
		return mirrored(from)
	case "crop":
		return cropped(from)
	}
	return from
}

// mirrored swaps left and right.
func mirrored(from image.Image) image.Image {
	b := from.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.Set(b.Dx()-1-x, y, from.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}

// cropPerCent is how much of each edge a crop takes away: enough that no platform
// finds it by PDQ at its usual bound, and that a person has to decide here.
const cropPerCent = 4

// cropped takes the edges away on all sides.
func cropped(from image.Image) image.Image {
	b := from.Bounds()
	inner := b.Inset(0)
	inner.Min.X += b.Dx() * cropPerCent / 100
	inner.Max.X -= b.Dx() * cropPerCent / 100
	inner.Min.Y += b.Dy() * cropPerCent / 100
	inner.Max.Y -= b.Dy() * cropPerCent / 100
	out := image.NewRGBA(image.Rect(0, 0, inner.Dx(), inner.Dy()))
	draw.Draw(out, out.Bounds(), from, inner.Min, draw.Src)
	return out
}

// scaled gives the picture in a width, with its proportions.
func scaled(from image.Image, width int) image.Image {
	b := from.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, width, b.Dy()*width/b.Dx()))
	draw.CatmullRom.Scale(out, out.Bounds(), from, b, draw.Src, nil)
	return out
}
