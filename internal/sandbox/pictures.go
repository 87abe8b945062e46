package sandbox

import (
	"bytes"
	"embed"
	"fmt"
	"image"
	"image/color"
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

// copy gives a copy of a picture in a width. A name may end in "-mirror", "-crop" or "-screenshot".
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
	case "screenshot":
		return screenshot(from)
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

// What a crop takes away, in hundredths of the sides: so much that no platform finds it by PDQ at its usual bound.
const (
	cropLeft   = 15
	cropBottom = 15
)

// cropped takes the left and the lower edge away.
func cropped(from image.Image) image.Image {
	inner := from.Bounds()
	inner.Min.X += inner.Dx() * cropLeft / 100
	inner.Max.Y -= inner.Dy() * cropBottom / 100
	out := image.NewRGBA(image.Rect(0, 0, inner.Dx(), inner.Dy()))
	draw.Draw(out, out.Bounds(), from, inner.Min, draw.Src)
	return out
}

// phoneWidth is the width of a screenshot; its parts are measured by it.
const phoneWidth = 1080

// screenshot shows the picture in a post, as a phone would: bars above, the picture over the whole width, lines of
// words below. The words are strokes: nobody is to read them.
func screenshot(from image.Image) image.Image {
	picture := scaled(from, phoneWidth)
	paper, ink, faint := color.Gray{Y: 250}, color.Gray{Y: 60}, color.Gray{Y: 190}
	top := 330
	height := top + picture.Bounds().Dy() + 560
	out := image.NewRGBA(image.Rect(0, 0, phoneWidth, height))
	fill := func(x, y, w, h int, c color.Color) {
		draw.Draw(out, image.Rect(x, y, x+w, y+h), image.NewUniform(c), image.Point{}, draw.Src)
	}
	fill(0, 0, phoneWidth, height, paper)
	fill(48, 32, 110, 30, ink)     // the time
	fill(930, 34, 100, 26, ink)    // the battery
	fill(40, 170, 110, 110, faint) // who posted
	fill(180, 190, 330, 26, ink)
	fill(180, 240, 210, 20, faint)
	draw.Draw(out, picture.Bounds().Add(image.Pt(0, top)), picture, image.Point{}, draw.Src)
	below := top + picture.Bounds().Dy()
	for i := range 3 { // what one can press
		fill(48+i*110, below+40, 64, 60, ink)
	}
	for i, width := range []int{820, 900, 460} {
		fill(48, below+150+i*62, width, 24, ink)
	}
	fill(0, height-130, phoneWidth, 3, faint)
	return out
}

// scaled gives the picture in a width, with its proportions.
func scaled(from image.Image, width int) image.Image {
	b := from.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, width, b.Dy()*width/b.Dx()))
	draw.CatmullRom.Scale(out, out.Bounds(), from, b, draw.Src, nil)
	return out
}
