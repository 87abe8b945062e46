package main

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"

	"golang.org/x/image/draw"

	"reprise/internal/edits"
)

// cameraQuality is the JPEG quality of what a camera would give.
const cameraQuality = 90

// camera makes a file as a camera gives it, of the given size, from a photograph that is smaller: enlarged, with grain
// in its light, so that there is detail to decode. At 12 megapixels it has 3 to 5 MB.
func camera(p edits.Photograph, size image.Point) ([]byte, error) {
	m := image.NewRGBA(image.Rectangle{Max: size})
	draw.BiLinear.Scale(m, m.Rect, p.Picture, p.Picture.Rect, draw.Src, nil)
	grain := rand.New(rand.NewPCG(1, uint64(len(p.File)))) // the same file in every run
	for i := 0; i < len(m.Pix); i += 4 {
		g := grain.IntN(15) + grain.IntN(15) - 14
		for c := range 3 {
			m.Pix[i+c] = uint8(min(max(int(m.Pix[i+c])+g, 0), 255))
		}
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, m, &jpeg.Options{Quality: cameraQuality}); err != nil {
		return nil, fmt.Errorf("encode an enlarged photograph: %w", err)
	}
	return file.Bytes(), nil
}
